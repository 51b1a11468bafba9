# What the cache consists of: defaults, each option, a protected environment, engines, names at their limits. Everything is
# mocked, so that no run reaches a cloud.

mock_provider "aws" {
  mock_data "aws_partition" {
    defaults = {
      partition = "aws"
    }
  }

  mock_data "aws_caller_identity" {
    defaults = {
      account_id = "123456789012"
    }
  }

  mock_resource "aws_kms_key" {
    defaults = {
      arn    = "arn:aws:kms:eu-west-1:123456789012:key/made"
      key_id = "made"
    }
  }

  mock_resource "aws_security_group" {
    defaults = {
      id = "sg-0aaaaaaaaaaaaaaaa"
    }
  }

  mock_resource "aws_elasticache_replication_group" {
    defaults = {
      primary_endpoint_address = "master.shop.abcdef.euw1.cache.amazonaws.com"
      reader_endpoint_address  = "replica.shop.abcdef.euw1.cache.amazonaws.com"
      member_clusters          = ["shop-staging-1a2b3c4d-001", "shop-staging-1a2b3c4d-002", "shop-staging-1a2b3c4d-003"]
    }
  }
}

variables {
  name                     = "shop-staging-1a2b3c4d"
  environment              = "staging"
  vpc_id                   = "vpc-0123456789abcdef0"
  subnet_ids               = ["subnet-2a", "subnet-2b"]
  client_security_group_id = "sg-0123456789abcdef0"
  engine_version           = "8.2"
}

run "defaults" {
  assert {
    condition     = aws_elasticache_replication_group.this.replication_group_id == "shop-staging-1a2b3c4d" && aws_elasticache_replication_group.this.engine == "valkey" && aws_elasticache_replication_group.this.engine_version == "8.2" && aws_elasticache_replication_group.this.node_type == "cache.t4g.small"
    error_message = "The cache is one of Valkey on a small node."
  }

  assert {
    condition     = aws_elasticache_replication_group.this.num_cache_clusters == 1 && !aws_elasticache_replication_group.this.automatic_failover_enabled && !aws_elasticache_replication_group.this.multi_az_enabled
    error_message = "There is one node, and none takes over."
  }

  assert {
    condition     = aws_elasticache_replication_group.this.snapshot_retention_limit == 0 && aws_elasticache_replication_group.this.final_snapshot_identifier == null
    error_message = "Nothing is kept of a cache that is not protected."
  }

  assert {
    condition     = aws_elasticache_replication_group.this.at_rest_encryption_enabled == "true" && aws_elasticache_replication_group.this.transit_encryption_enabled && aws_elasticache_replication_group.this.kms_key_id == aws_kms_key.this.arn && aws_kms_key.this.enable_key_rotation
    error_message = "The cache is encrypted at rest with its own key, which rotates, and in transit."
  }

  assert {
    condition     = aws_elasticache_replication_group.this.auth_token == null && aws_elasticache_replication_group.this.user_group_ids == null
    error_message = "There is no password that a state could hold."
  }

  assert {
    condition     = aws_elasticache_replication_group.this.auto_minor_version_upgrade == "false" && aws_elasticache_replication_group.this.apply_immediately
    error_message = "Versions change when they are written."
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.clients.from_port == 6379 && aws_vpc_security_group_ingress_rule.clients.to_port == 6379 && aws_vpc_security_group_ingress_rule.clients.ip_protocol == "tcp" && aws_vpc_security_group_ingress_rule.clients.referenced_security_group_id == "sg-0123456789abcdef0" && aws_vpc_security_group_ingress_rule.clients.cidr_ipv4 == null
    error_message = "The client group alone is let in, on one port."
  }

  assert {
    condition     = aws_elasticache_replication_group.this.security_group_ids == toset([aws_security_group.this.id]) && aws_elasticache_subnet_group.this.subnet_ids == toset(["subnet-2a", "subnet-2b"])
    error_message = "The cache stands in the subnets that it is given, in its own group."
  }

  assert {
    condition     = aws_elasticache_parameter_group.this.family == "valkey8" && aws_elasticache_parameter_group.this.name == "shop-staging-1a2b3c4d-valkey8" && [for parameter in aws_elasticache_parameter_group.this.parameter : "${parameter.name}=${parameter.value}"] == ["maxmemory-policy=volatile-lru"]
    error_message = "Parameters are of the engine's family, and keys that expire go first."
  }

  assert {
    condition     = { for name, alarm in aws_cloudwatch_metric_alarm.this : name => [alarm.metric_name, tostring(alarm.threshold), alarm.dimensions.CacheClusterId] } == { cpu-1 = ["EngineCPUUtilization", "90", "shop-staging-1a2b3c4d-001"], memory-1 = ["DatabaseMemoryUsagePercentage", "90", "shop-staging-1a2b3c4d-001"], evictions-1 = ["Evictions", "1000", "shop-staging-1a2b3c4d-001"] }
    error_message = "The node has an alarm on CPU, memory and evictions."
  }

  assert {
    condition     = jsondecode(aws_kms_key.this.policy).Statement[*].Sid == ["AccountDecides"]
    error_message = "The key can be deleted with the root."
  }

  assert {
    condition     = output.cache_endpoint == aws_elasticache_replication_group.this.primary_endpoint_address && output.cache_reader_endpoint == aws_elasticache_replication_group.this.reader_endpoint_address && output.cache_port == 6379
    error_message = "Addresses are handed on."
  }
}

run "every_option" {
  variables {
    engine                  = "redis"
    engine_version          = "6.2"
    node_type               = "cache.r7g.16xlarge"
    nodes                   = 3
    snapshot_retention_days = 35
    snapshot_window         = "23:30-00:30"
    maintenance_window      = "sun:23:30-mon:00:30"
    eviction_policy         = "noeviction"
    alarm_memory            = 1
    alarm_evictions         = 0
  }

  assert {
    condition     = aws_elasticache_replication_group.this.engine == "redis" && aws_elasticache_replication_group.this.engine_version == "6.2" && aws_elasticache_replication_group.this.node_type == "cache.r7g.16xlarge"
    error_message = "Engine, version and type of nodes arrive."
  }

  assert {
    condition     = aws_elasticache_parameter_group.this.family == "redis6.x" && aws_elasticache_parameter_group.this.name == "shop-staging-1a2b3c4d-redis6-x" && one(aws_elasticache_parameter_group.this.parameter).value == "noeviction"
    error_message = "The family is the one of version 6, and the policy arrives."
  }

  assert {
    condition     = aws_elasticache_replication_group.this.num_cache_clusters == 3 && aws_elasticache_replication_group.this.automatic_failover_enabled && aws_elasticache_replication_group.this.multi_az_enabled
    error_message = "Of several nodes another one takes over, in another zone."
  }

  assert {
    condition     = aws_elasticache_replication_group.this.snapshot_retention_limit == 35 && aws_elasticache_replication_group.this.snapshot_window == "23:30-00:30" && aws_elasticache_replication_group.this.maintenance_window == "sun:23:30-mon:00:30"
    error_message = "Snapshots and times arrive."
  }

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.this) == 9 && aws_cloudwatch_metric_alarm.this["memory-3"].threshold == 1 && aws_cloudwatch_metric_alarm.this["evictions-2"].threshold == 0 && aws_cloudwatch_metric_alarm.this["cpu-3"].dimensions.CacheClusterId == "shop-staging-1a2b3c4d-003"
    error_message = "Each node has its alarms."
  }
}

run "redis_seven" {
  variables {
    engine         = "redis"
    engine_version = "7.1"
  }

  assert {
    condition     = aws_elasticache_parameter_group.this.family == "redis7"
    error_message = "The family of Redis 7 has no minor version."
  }
}

run "valkey_of_the_first_version" {
  variables {
    engine_version = "7.2"
  }

  assert {
    condition     = aws_elasticache_parameter_group.this.family == "valkey7"
    error_message = "The family is the major version's."
  }
}

run "protected" {
  variables {
    protected = true
    name      = "abcdefghijklmno-12345678"
  }

  assert {
    condition     = aws_elasticache_replication_group.this.num_cache_clusters == 2 && aws_elasticache_replication_group.this.automatic_failover_enabled && aws_elasticache_replication_group.this.multi_az_enabled
    error_message = "In a protected environment another node takes over."
  }

  assert {
    condition     = aws_elasticache_replication_group.this.snapshot_retention_limit == 7 && length(regexall("^abcdefghijklmno-12345678-final-[0-9]{14}$", aws_elasticache_replication_group.this.final_snapshot_identifier)) == 1
    error_message = "In a protected environment snapshots are kept, and one is made when the cache goes."
  }

  assert {
    condition     = [for statement in jsondecode(aws_kms_key.this.policy).Statement : statement.Effect] == ["Allow", "Deny"] && jsondecode(aws_kms_key.this.policy).Statement[1].Action == ["kms:ScheduleKeyDeletion", "kms:DisableKey"]
    error_message = "The key of the snapshots stays."
  }
}

run "protected_and_said_otherwise" {
  variables {
    protected               = true
    nodes                   = 1
    snapshot_retention_days = 0
  }

  assert {
    condition     = aws_elasticache_replication_group.this.num_cache_clusters == 1 && !aws_elasticache_replication_group.this.multi_az_enabled && aws_elasticache_replication_group.this.snapshot_retention_limit == 0
    error_message = "What is written counts in a protected environment too."
  }
}

run "alarms_notify" {
  variables {
    alarm_topic_arns = ["arn:aws:sns:eu-west-1:123456789012:own", "arn:aws:sns:eu-west-1:123456789012:shared"]
  }

  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.this : alarm.alarm_actions == toset(var.alarm_topic_arns) && alarm.ok_actions == toset(var.alarm_topic_arns)])
    error_message = "Each alarm notifies every topic when it begins and when it ends."
  }
}
