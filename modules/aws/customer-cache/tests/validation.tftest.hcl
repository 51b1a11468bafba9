# What each validation refuses, one value at a time.

mock_provider "aws" {}

variables {
  name                     = "shop-staging-1a2b3c4d"
  environment              = "staging"
  vpc_id                   = "vpc-0123456789abcdef0"
  subnet_ids               = ["subnet-2a", "subnet-2b"]
  client_security_group_id = "sg-0123456789abcdef0"
  engine_version           = "8.2"
}

run "name_with_upper_case" {
  command = plan

  variables {
    name = "Shop"
  }

  expect_failures = [var.name]
}

run "name_that_is_too_long" {
  command = plan

  variables {
    name = "abcdefghijklmnop-12345678"
  }

  expect_failures = [var.name]
}

run "name_that_the_cloud_reserves" {
  command = plan

  variables {
    name = "sg-shop"
  }

  expect_failures = [var.name]
}

run "environment_with_a_space" {
  command = plan

  variables {
    environment = "my staging"
  }

  expect_failures = [var.environment]
}

run "no_vpc" {
  command = plan

  variables {
    vpc_id = ""
  }

  expect_failures = [var.vpc_id]
}

run "one_subnet" {
  command = plan

  variables {
    subnet_ids = ["subnet-2a"]
  }

  expect_failures = [var.subnet_ids]
}

run "no_client_group" {
  command = plan

  variables {
    client_security_group_id = ""
  }

  expect_failures = [var.client_security_group_id]
}

run "engine_that_has_no_replication" {
  command = plan

  variables {
    engine = "memcached"
  }

  expect_failures = [var.engine]
}

run "version_in_words" {
  command = plan

  variables {
    engine_version = "latest"
  }

  expect_failures = [var.engine_version]
}

run "version_with_three_numbers" {
  command = plan

  variables {
    engine_version = "7.2.6"
  }

  expect_failures = [var.engine_version]
}

run "version_before_valkey" {
  command = plan

  variables {
    engine_version = "7.1"
  }

  expect_failures = [var.engine_version]
}

run "type_of_an_instance" {
  command = plan

  variables {
    node_type = "t4g.small"
  }

  expect_failures = [var.node_type]
}

run "type_that_is_not_made_any_more" {
  command = plan

  variables {
    node_type = "cache.t2.micro"
  }

  expect_failures = [var.node_type]
}

run "type_that_moves_values_to_disks" {
  command = plan

  variables {
    node_type = "cache.r6gd.xlarge"
  }

  expect_failures = [var.node_type]
}

run "no_node" {
  command = plan

  variables {
    nodes = 0
  }

  expect_failures = [var.nodes]
}

run "too_many_nodes" {
  command = plan

  variables {
    nodes = 7
  }

  expect_failures = [var.nodes]
}

run "half_a_node" {
  command = plan

  variables {
    nodes = 1.5
  }

  expect_failures = [var.nodes]
}

run "snapshots_below_zero" {
  command = plan

  variables {
    snapshot_retention_days = -1
  }

  expect_failures = [var.snapshot_retention_days]
}

run "snapshots_for_too_long" {
  command = plan

  variables {
    snapshot_retention_days = 36
  }

  expect_failures = [var.snapshot_retention_days]
}

run "snapshots_for_half_a_day" {
  command = plan

  variables {
    snapshot_retention_days = 0.5
  }

  expect_failures = [var.snapshot_retention_days]
}

run "snapshots_at_no_time" {
  command = plan

  variables {
    snapshot_window = "24:00-25:00"
  }

  expect_failures = [var.snapshot_window]
}

run "maintenance_without_a_day" {
  command = plan

  variables {
    maintenance_window = "03:00-04:00"
  }

  expect_failures = [var.maintenance_window]
}

run "policy_that_there_is_not" {
  command = plan

  variables {
    eviction_policy = "lru"
  }

  expect_failures = [var.eviction_policy]
}

run "alarm_at_no_memory" {
  command = plan

  variables {
    alarm_memory = 0
  }

  expect_failures = [var.alarm_memory]
}

run "alarm_above_all_memory" {
  command = plan

  variables {
    alarm_memory = 101
  }

  expect_failures = [var.alarm_memory]
}

run "alarm_at_half_a_percent" {
  command = plan

  variables {
    alarm_memory = 1.5
  }

  expect_failures = [var.alarm_memory]
}

run "alarm_below_no_eviction" {
  command = plan

  variables {
    alarm_evictions = -1
  }

  expect_failures = [var.alarm_evictions]
}

run "alarm_at_too_many_evictions" {
  command = plan

  variables {
    alarm_evictions = 1000000001
  }

  expect_failures = [var.alarm_evictions]
}

run "alarm_at_half_an_eviction" {
  command = plan

  variables {
    alarm_evictions = 0.5
  }

  expect_failures = [var.alarm_evictions]
}

run "version_after_redis" {
  command = plan

  variables {
    engine         = "redis"
    engine_version = "7.2"
  }

  expect_failures = [var.engine_version]
}

run "alarm_topic_arns_are_no_names" {
  command = plan

  variables {
    alarm_topic_arns = ["shop-staging-1a2b3c4d-notifications"]
  }

  expect_failures = [var.alarm_topic_arns]
}

run "more_topics_than_an_alarm_notifies" {
  command = plan

  variables {
    alarm_topic_arns = [for i in range(6) : "arn:aws:sns:eu-west-1:123456789012:topic-${i}"]
  }

  expect_failures = [var.alarm_topic_arns]
}

run "engine_version_with_a_leading_zero" {
  command = plan

  variables {
    engine_version = "08.2"
  }

  expect_failures = [var.engine_version]
}
