# A cluster of Aurora: what it consists of, each option, and how its instances come and go. Everything is mocked.

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
      arn = "arn:aws:kms:eu-west-1:123456789012:key/12345678-1234-1234-1234-123456789012"
    }
  }

  mock_resource "aws_rds_cluster" {
    defaults = {
      master_user_secret = [{
        kms_key_id    = "arn:aws:kms:eu-west-1:123456789012:key/12345678-1234-1234-1234-123456789012"
        secret_arn    = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:rds!cluster-0a1b2c3d-AbCdEf"
        secret_status = "active"
      }]
    }
  }
}

variables {
  name                     = "shop-staging-1a2b3c4d"
  environment              = "staging"
  vpc_id                   = "vpc-0123456789abcdef0"
  subnet_ids               = ["subnet-2a", "subnet-2b"]
  client_security_group_id = "sg-0123456789abcdef0"
  engine                   = "aurora-postgresql"
  engine_version           = "16"
  instance_class           = "db.r7g.large"
}

run "defaults" {
  assert {
    condition     = aws_rds_cluster.this[0].cluster_identifier == "shop-staging-1a2b3c4d" && aws_rds_cluster.this[0].engine == "aurora-postgresql" && aws_rds_cluster.this[0].engine_version == "16" && aws_rds_cluster.this[0].port == 5432
    error_message = "Engine and version text are the given ones."
  }

  assert {
    condition     = length(aws_db_instance.this) == 0 && length(aws_db_instance.replica) == 0 && length(aws_db_parameter_group.this) == 0 && length(aws_secretsmanager_secret.master) == 0
    error_message = "There is no instance of RDS, nor what belongs to one."
  }

  assert {
    condition     = keys(aws_rds_cluster_instance.this) == ["1"] && aws_rds_cluster_instance.this["1"].identifier == "shop-staging-1a2b3c4d-1" && aws_rds_cluster_instance.this["1"].cluster_identifier == aws_rds_cluster.this[0].id && aws_rds_cluster_instance.this["1"].instance_class == "db.r7g.large" && aws_rds_cluster_instance.this["1"].engine == "aurora-postgresql"
    error_message = "One instance answers."
  }

  assert {
    condition     = aws_rds_cluster_instance.this["1"].auto_minor_version_upgrade && aws_rds_cluster.this[0].allow_major_version_upgrade
    error_message = "A major version alone takes minor versions as they come."
  }

  assert {
    condition     = aws_rds_cluster.this[0].storage_encrypted && aws_rds_cluster.this[0].kms_key_id == aws_kms_key.this.arn && aws_rds_cluster.this[0].master_username == "dbadmin"
    error_message = "Storage is encrypted with a key of its own."
  }

  assert {
    condition     = aws_rds_cluster.this[0].manage_master_user_password && aws_rds_cluster.this[0].master_password == null && aws_rds_cluster.this[0].master_user_secret_kms_key_id == aws_kms_key.this.key_id
    error_message = "The cloud keeps the password, encrypted with the database's key."
  }

  assert {
    condition     = aws_rds_cluster.this[0].db_subnet_group_name == aws_db_subnet_group.this.name && aws_rds_cluster_instance.this["1"].db_subnet_group_name == aws_db_subnet_group.this.name && aws_rds_cluster.this[0].vpc_security_group_ids == toset([aws_security_group.this.id]) && !aws_rds_cluster_instance.this["1"].publicly_accessible
    error_message = "The cluster stands in the database subnets, with its own security group and no public address."
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.clients.from_port == 5432 && aws_vpc_security_group_ingress_rule.clients.to_port == 5432
    error_message = "The client group is admitted on the engine's port."
  }

  assert {
    condition     = aws_rds_cluster_parameter_group.this[0].family == "aurora-postgresql16" && aws_rds_cluster.this[0].db_cluster_parameter_group_name == aws_rds_cluster_parameter_group.this[0].name && one(aws_rds_cluster_parameter_group.this[0].parameter).name == "rds.force_ssl" && one(aws_rds_cluster_parameter_group.this[0].parameter).value == "1"
    error_message = "TLS is required."
  }

  assert {
    condition     = aws_rds_cluster.this[0].backup_retention_period == 7 && aws_rds_cluster.this[0].copy_tags_to_snapshot && aws_rds_cluster.this[0].delete_automated_backups
    error_message = "Backups are kept for 7 days."
  }

  assert {
    condition     = !aws_rds_cluster.this[0].deletion_protection && aws_rds_cluster.this[0].skip_final_snapshot && can(regex("^shop-staging-1a2b3c4d-final-[0-9]{14}$", aws_rds_cluster.this[0].final_snapshot_identifier))
    error_message = "The cluster may be deleted without a snapshot; the name of one is there for later."
  }

  assert {
    condition     = aws_rds_cluster.this[0].enabled_cloudwatch_logs_exports == toset(["postgresql"]) && aws_cloudwatch_log_group.this["postgresql"].name == "/aws/rds/cluster/shop-staging-1a2b3c4d/postgresql" && aws_cloudwatch_log_group.this["postgresql"].retention_in_days == 30
    error_message = "Logs go to groups with retention."
  }

  assert {
    condition     = output.endpoint == aws_rds_cluster.this[0].endpoint && output.port == 5432 && output.replica_endpoints == [aws_rds_cluster.this[0].reader_endpoint] && output.master_user_secret_arn == "arn:aws:secretsmanager:eu-west-1:123456789012:secret:rds!cluster-0a1b2c3d-AbCdEf"
    error_message = "The outputs name hosts, port and secret."
  }
}

# The same state as before. Were the name of the last snapshot made anew, the plan could not know it.
run "again" {
  command = plan

  assert {
    condition     = length(regexall("^shop-staging-1a2b3c4d-final-[0-9]{14}$", aws_rds_cluster.this[0].final_snapshot_identifier)) == 1
    error_message = "The name of the last snapshot stays what it was, though it has the time in it."
  }
}

run "three" {
  variables {
    instances          = 3
    maintenance_window = "sun:04:00-sun:05:00"
    backup_window      = "03:00-04:00"
  }

  assert {
    condition     = [for one in aws_rds_cluster_instance.this : one.identifier] == ["shop-staging-1a2b3c4d-1", "shop-staging-1a2b3c4d-2", "shop-staging-1a2b3c4d-3"] && output.endpoint == run.defaults.endpoint
    error_message = "Instances come to a cluster that stands."
  }

  assert {
    condition     = aws_rds_cluster.this[0].preferred_backup_window == "03:00-04:00" && aws_rds_cluster.this[0].preferred_maintenance_window == "sun:04:00-sun:05:00" && alltrue([for one in aws_rds_cluster_instance.this : one.preferred_maintenance_window == "sun:04:00-sun:05:00"])
    error_message = "Backups and maintenance are at the given times."
  }
}

run "two" {
  variables {
    instances = 2
  }

  assert {
    condition     = keys(aws_rds_cluster_instance.this) == ["1", "2"]
    error_message = "The last instance goes first."
  }
}

run "fifteen" {
  command = plan

  variables {
    instances = 15
  }

  assert {
    condition     = length(aws_rds_cluster_instance.this) == 15
    error_message = "There may be fifteen instances."
  }
}

run "pinned_minor_version" {
  command = plan

  variables {
    engine_version = "16.4"
  }

  assert {
    condition     = aws_rds_cluster.this[0].engine_version == "16.4" && !aws_rds_cluster_instance.this["1"].auto_minor_version_upgrade && aws_rds_cluster_parameter_group.this[0].family == "aurora-postgresql16"
    error_message = "A minor version is kept to the letter and not upgraded."
  }
}

run "mysql" {
  command = plan

  variables {
    engine         = "aurora-mysql"
    engine_version = "8.0"
    parameters     = { max_connections = "500", innodb_buffer_pool_instances = "8" }
  }

  assert {
    condition     = aws_rds_cluster_parameter_group.this[0].family == "aurora-mysql8.0" && aws_rds_cluster.this[0].port == 3306 && aws_vpc_security_group_ingress_rule.clients.from_port == 3306 && aws_rds_cluster_instance.this["1"].auto_minor_version_upgrade && aws_rds_cluster.this[0].enabled_cloudwatch_logs_exports == toset(["error"])
    error_message = "Aurora MySQL has the port and the log of MySQL."
  }

  assert {
    condition = toset([for one in aws_rds_cluster_parameter_group.this[0].parameter : "${one.name} ${one.value} ${one.apply_method}"]) == toset([
      "require_secure_transport ON immediate",
      "max_connections 500 immediate",
      "innodb_buffer_pool_instances 8 pending-reboot",
    ])
    error_message = "Parameters stand next to the one that requires TLS; one that a running engine does not take waits for a restart."
  }
}

run "pinned_version_of_mysql" {
  command = plan

  variables {
    engine         = "aurora-mysql"
    engine_version = "8.0.mysql_aurora.3.08.0"
  }

  assert {
    condition     = aws_rds_cluster_parameter_group.this[0].family == "aurora-mysql8.0" && aws_rds_cluster.this[0].engine_version == "8.0.mysql_aurora.3.08.0" && !aws_rds_cluster_instance.this["1"].auto_minor_version_upgrade
    error_message = "Aurora's own version belongs to the major version of MySQL."
  }
}

run "named" {
  command = plan

  variables {
    engine         = "aurora-mysql"
    engine_version = "8.0"
    database_name  = "orders"
  }

  assert {
    condition     = aws_rds_cluster.this[0].database_name == "orders"
    error_message = "A database of the name is made."
  }
}

run "restored" {
  command = plan

  variables {
    snapshot_identifier = "arn:aws:rds:eu-west-1:123456789012:cluster-snapshot:orders-before-upgrade"
    database_name       = "orders"
  }

  assert {
    condition     = aws_rds_cluster.this[0].snapshot_identifier == "arn:aws:rds:eu-west-1:123456789012:cluster-snapshot:orders-before-upgrade" && aws_rds_cluster.this[0].storage_encrypted && aws_rds_cluster.this[0].manage_master_user_password
    error_message = "The cluster is restored, encrypted, and its password is made anew."
  }
}

run "restored_from_an_instance" {
  command = plan

  variables {
    snapshot_identifier = "arn:aws:rds:eu-west-1:123456789012:snapshot:orders-before-aurora"
  }

  assert {
    condition     = aws_rds_cluster.this[0].snapshot_identifier == "arn:aws:rds:eu-west-1:123456789012:snapshot:orders-before-aurora"
    error_message = "A snapshot of an instance is a way to Aurora."
  }
}

run "production" {
  command = plan

  variables {
    environment             = "production"
    protected               = true
    instances               = 2
    backup_retention_period = 35
  }

  assert {
    condition     = aws_rds_cluster.this[0].deletion_protection && !aws_rds_cluster.this[0].skip_final_snapshot && !aws_rds_cluster.this[0].delete_automated_backups && aws_rds_cluster.this[0].backup_retention_period == 35
    error_message = "A protected cluster refuses to be deleted, and leaves a snapshot and its backups."
  }

  assert {
    condition     = jsondecode(aws_kms_key.this.policy).Statement[*].Effect == ["Allow", "Deny"] && aws_cloudwatch_log_group.this["postgresql"].retention_in_days == 365
    error_message = "The key outlives the cluster, and logs are kept for a year."
  }
}

run "unprotected_in_production" {
  command = plan

  variables {
    protected           = true
    deletion_protection = false
  }

  assert {
    condition     = !aws_rds_cluster.this[0].deletion_protection && !aws_rds_cluster.this[0].skip_final_snapshot
    error_message = "Without deletion protection a protected environment still leaves a snapshot."
  }
}

run "longest_name" {
  command = plan

  variables {
    name      = "abcdefghijklmno-12345678"
    instances = 15
  }

  assert {
    condition     = alltrue([for one in aws_rds_cluster_instance.this : length(one.identifier) <= 63]) && length(aws_rds_cluster_parameter_group.this[0].name_prefix) <= 255 - 26
    error_message = "Names fit at their longest."
  }
}
