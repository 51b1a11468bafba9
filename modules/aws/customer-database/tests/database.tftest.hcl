# What the database consists of: defaults, each engine and option, production, names at their limits. Everything is
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
      arn = "arn:aws:kms:eu-west-1:123456789012:key/12345678-1234-1234-1234-123456789012"
    }
  }

  mock_resource "aws_db_instance" {
    defaults = {
      master_user_secret = [{
        kms_key_id    = "arn:aws:kms:eu-west-1:123456789012:key/12345678-1234-1234-1234-123456789012"
        secret_arn    = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:rds!db-0a1b2c3d-AbCdEf"
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
  engine                   = "postgres"
  engine_version           = "15"
  instance_class           = "db.t4g.small"
}

run "defaults" {
  assert {
    condition     = aws_db_instance.this[0].identifier == "shop-staging-1a2b3c4d" && aws_db_instance.this[0].engine == "postgres" && aws_db_instance.this[0].engine_version == "15" && aws_db_instance.this[0].instance_class == "db.t4g.small"
    error_message = "Engine, version text and class are the given ones."
  }

  assert {
    condition     = aws_db_instance.this[0].auto_minor_version_upgrade && aws_db_instance.this[0].allow_major_version_upgrade
    error_message = "A major version alone takes minor versions as they come."
  }

  assert {
    condition     = aws_db_instance.this[0].allocated_storage == 20 && aws_db_instance.this[0].max_allocated_storage == 100 && aws_db_instance.this[0].storage_type == "gp3"
    error_message = "Storage starts with 20 GiB and grows to 100."
  }

  assert {
    condition     = aws_db_instance.this[0].storage_encrypted && aws_db_instance.this[0].kms_key_id == aws_kms_key.this.arn && aws_kms_key.this.enable_key_rotation && aws_kms_key.this.deletion_window_in_days == 30
    error_message = "Storage is encrypted with a key of its own, which rotates."
  }

  assert {
    condition     = aws_kms_alias.this.target_key_id == aws_kms_key.this.key_id
    error_message = "The key has an alias."
  }

  assert {
    condition     = aws_db_instance.this[0].manage_master_user_password && aws_db_instance.this[0].password == null && aws_db_instance.this[0].master_user_secret_kms_key_id == aws_kms_key.this.key_id
    error_message = "The cloud keeps the password, encrypted with the database's key."
  }

  assert {
    condition     = aws_db_instance.this[0].db_subnet_group_name == aws_db_subnet_group.this.name && aws_db_subnet_group.this.subnet_ids == toset(["subnet-2a", "subnet-2b"])
    error_message = "The database stands in the database subnets."
  }

  assert {
    condition     = !aws_db_instance.this[0].publicly_accessible && aws_db_instance.this[0].vpc_security_group_ids == toset([aws_security_group.this.id])
    error_message = "The database has no public address and its own security group."
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.clients.security_group_id == aws_security_group.this.id && aws_vpc_security_group_ingress_rule.clients.referenced_security_group_id == "sg-0123456789abcdef0" && aws_vpc_security_group_ingress_rule.clients.from_port == 5432 && aws_vpc_security_group_ingress_rule.clients.to_port == 5432 && aws_db_instance.this[0].port == 5432
    error_message = "The client group alone is admitted, on the engine's port."
  }

  assert {
    condition     = aws_db_parameter_group.this[0].family == "postgres15" && one(aws_db_parameter_group.this[0].parameter).name == "rds.force_ssl" && one(aws_db_parameter_group.this[0].parameter).value == "1"
    error_message = "TLS is required."
  }

  assert {
    condition     = aws_db_instance.this[0].parameter_group_name == aws_db_parameter_group.this[0].name
    error_message = "The database uses the parameter group."
  }

  assert {
    condition     = aws_db_instance.this[0].backup_retention_period == 7 && !aws_db_instance.this[0].multi_az && aws_db_instance.this[0].copy_tags_to_snapshot && aws_db_instance.this[0].delete_automated_backups
    error_message = "Backups are kept for 7 days; there is no standby."
  }

  assert {
    condition     = !aws_db_instance.this[0].deletion_protection && aws_db_instance.this[0].skip_final_snapshot && can(regex("^shop-staging-1a2b3c4d-final-[0-9]{14}$", aws_db_instance.this[0].final_snapshot_identifier))
    error_message = "The database may be deleted without a snapshot; the name of one is there for later."
  }

  assert {
    condition     = jsondecode(aws_kms_key.this.policy).Statement[*].Effect == ["Allow"] && jsondecode(aws_kms_key.this.policy).Statement[0].Principal.AWS == "arn:aws:iam::123456789012:root"
    error_message = "The account's IAM policies decide who may use the key."
  }

  assert {
    condition     = aws_db_instance.this[0].enabled_cloudwatch_logs_exports == toset(["postgresql", "upgrade"]) && aws_cloudwatch_log_group.this["postgresql"].name == "/aws/rds/instance/shop-staging-1a2b3c4d/postgresql" && aws_cloudwatch_log_group.this["postgresql"].retention_in_days == 30
    error_message = "Logs go to groups with retention."
  }

  assert {
    condition     = output.endpoint == aws_db_instance.this[0].address && output.port == 5432 && output.master_user_secret_arn == "arn:aws:secretsmanager:eu-west-1:123456789012:secret:rds!db-0a1b2c3d-AbCdEf"
    error_message = "The outputs name host, port and secret."
  }
}

# The same state as before. Were the name of the last snapshot made anew, the plan could not know it.
run "again" {
  command = plan

  assert {
    condition     = length(regexall("^shop-staging-1a2b3c4d-final-[0-9]{14}$", aws_db_instance.this[0].final_snapshot_identifier)) == 1
    error_message = "The name of the last snapshot stays what it was, though it has the time in it."
  }
}

run "pinned_minor_version" {
  variables {
    engine_version = "15.10"
  }

  assert {
    condition     = aws_db_instance.this[0].engine_version == "15.10" && !aws_db_instance.this[0].auto_minor_version_upgrade && aws_db_parameter_group.this[0].family == "postgres15"
    error_message = "A minor version is kept to the letter and not upgraded."
  }
}

run "major_upgrade" {
  variables {
    engine_version = "16"
  }

  assert {
    condition     = aws_db_parameter_group.this[0].family == "postgres16" && startswith(aws_db_parameter_group.this[0].name_prefix, "shop-staging-1a2b3c4d-postgres16-")
    error_message = "Another major version gets a group of its own family and another name."
  }
}

run "mysql" {
  variables {
    engine         = "mysql"
    engine_version = "8.0"
  }

  assert {
    condition     = aws_db_instance.this[0].port == 3306 && aws_vpc_security_group_ingress_rule.clients.from_port == 3306 && aws_db_instance.this[0].auto_minor_version_upgrade
    error_message = "MySQL listens on 3306; 8.0 is a major version."
  }

  assert {
    condition     = aws_db_parameter_group.this[0].family == "mysql8.0" && one(aws_db_parameter_group.this[0].parameter).name == "require_secure_transport" && one(aws_db_parameter_group.this[0].parameter).value == "1"
    error_message = "TLS is required of MySQL's clients."
  }

  assert {
    condition     = can(regex("^[a-z][a-z0-9-]*$", aws_db_parameter_group.this[0].name_prefix)) && aws_db_instance.this[0].enabled_cloudwatch_logs_exports == toset(["error"])
    error_message = "The group's name has no dot; the error log is kept."
  }
}

run "mysql_pinned" {
  variables {
    engine         = "mysql"
    engine_version = "8.0.41"
  }

  assert {
    condition     = aws_db_parameter_group.this[0].family == "mysql8.0" && !aws_db_instance.this[0].auto_minor_version_upgrade
    error_message = "8.0.41 is a minor version of 8.0."
  }
}

run "mysql_in_extended_support" {
  variables {
    engine         = "mysql"
    engine_version = "5.7.44-RDS.20250103"
  }

  assert {
    condition     = aws_db_parameter_group.this[0].family == "mysql5.7" && !aws_db_instance.this[0].auto_minor_version_upgrade
    error_message = "Versions in extended support belong to their major version."
  }
}

run "postgres_in_extended_support" {
  variables {
    engine_version = "11.22-rds.20250220"
  }

  assert {
    condition     = aws_db_parameter_group.this[0].family == "postgres11" && !aws_db_instance.this[0].auto_minor_version_upgrade
    error_message = "Versions in extended support belong to their major version."
  }
}

run "mariadb" {
  variables {
    engine         = "mariadb"
    engine_version = "10.11"
  }

  assert {
    condition     = aws_db_parameter_group.this[0].family == "mariadb10.11" && one(aws_db_parameter_group.this[0].parameter).name == "require_secure_transport" && aws_db_instance.this[0].auto_minor_version_upgrade && aws_db_instance.this[0].port == 3306
    error_message = "10.11 is a major version of MariaDB."
  }
}

run "storage" {
  variables {
    allocated_storage = 500
  }

  assert {
    condition     = aws_db_instance.this[0].allocated_storage == 500 && aws_db_instance.this[0].max_allocated_storage == 1000
    error_message = "Storage grows to twice its first size."
  }
}

run "large_storage" {
  command = plan

  variables {
    allocated_storage = 59578
  }

  assert {
    condition     = aws_db_instance.this[0].max_allocated_storage == 65536
    error_message = "Storage grows to the largest volume and no further."
  }
}

run "largest_storage" {
  command = plan

  variables {
    allocated_storage = 65536
  }

  assert {
    condition     = aws_db_instance.this[0].max_allocated_storage == 0
    error_message = "The largest volume cannot grow."
  }
}

run "storage_limit" {
  command = plan

  variables {
    allocated_storage     = 100
    max_allocated_storage = 110
  }

  assert {
    condition     = aws_db_instance.this[0].allocated_storage == 100 && aws_db_instance.this[0].max_allocated_storage == 110
    error_message = "Storage grows to the given limit."
  }
}

run "fast_gp3" {
  command = plan

  variables {
    allocated_storage = 400
    iops              = 12000
  }

  assert {
    condition     = aws_db_instance.this[0].storage_type == "gp3" && aws_db_instance.this[0].iops == 12000
    error_message = "gp3 takes IOPS from 400 GiB on."
  }
}

run "io2" {
  command = plan

  variables {
    storage_type      = "io2"
    allocated_storage = 100
    iops              = 100000
  }

  assert {
    condition     = aws_db_instance.this[0].storage_type == "io2" && aws_db_instance.this[0].iops == 100000 && aws_db_instance.this[0].storage_encrypted
    error_message = "io2 has the IOPS that are given."
  }
}

run "named" {
  command = plan

  variables {
    database_name = "orders"
  }

  assert {
    condition     = aws_db_instance.this[0].db_name == "orders" && aws_db_instance.this[0].username == "dbadmin"
    error_message = "A database of the name is made."
  }
}

run "windows" {
  command = plan

  variables {
    backup_window      = "23:45-00:15"
    maintenance_window = "sun:04:00-sun:05:00"
  }

  assert {
    condition     = aws_db_instance.this[0].backup_window == "23:45-00:15" && aws_db_instance.this[0].maintenance_window == "sun:04:00-sun:05:00"
    error_message = "Backups and maintenance are at the given times."
  }
}

run "parameters" {
  command = plan

  variables {
    parameters = {
      "log_min_duration_statement" = "500"
      "rds.logical_replication"    = "1"
    }
  }

  assert {
    condition = toset([for one in aws_db_parameter_group.this[0].parameter : "${one.name} ${one.value} ${one.apply_method}"]) == toset([
      "rds.force_ssl 1 immediate",
      "log_min_duration_statement 500 immediate",
      "rds.logical_replication 1 pending-reboot",
    ])
    error_message = "Parameters stand next to the one that requires TLS; one that a running engine does not take waits for a restart."
  }
}

run "parameters_of_mysql" {
  command = plan

  variables {
    engine         = "mysql"
    engine_version = "8.4"
    parameters     = { max_connections = "500", innodb_buffer_pool_instances = "8" }
  }

  assert {
    condition = toset([for one in aws_db_parameter_group.this[0].parameter : "${one.name} ${one.apply_method}"]) == toset([
      "require_secure_transport immediate",
      "max_connections immediate",
      "innodb_buffer_pool_instances pending-reboot",
    ])
    error_message = "What a running engine takes differs between engines."
  }
}

run "restored" {
  command = plan

  variables {
    snapshot_identifier = "orders-before-upgrade"
    database_name       = "orders"
  }

  assert {
    condition     = aws_db_instance.this[0].snapshot_identifier == "orders-before-upgrade" && aws_db_instance.this[0].storage_encrypted && aws_db_instance.this[0].manage_master_user_password
    error_message = "The database is restored, encrypted, and its password is made anew."
  }
}

run "unprotected_in_production" {
  command = plan

  variables {
    protected           = true
    deletion_protection = false
  }

  assert {
    condition     = !aws_db_instance.this[0].deletion_protection && !aws_db_instance.this[0].skip_final_snapshot
    error_message = "Without deletion protection a protected environment still leaves a snapshot."
  }
}

run "protected_in_staging" {
  command = plan

  variables {
    deletion_protection = true
  }

  assert {
    condition     = aws_db_instance.this[0].deletion_protection && aws_db_instance.this[0].skip_final_snapshot
    error_message = "Deletion protection alone changes nothing else."
  }
}

run "without_replicas" {
  command = plan

  assert {
    condition     = length(aws_db_instance.replica) == 0 && length(aws_secretsmanager_secret.master) == 0 && aws_db_instance.this[0].manage_master_user_password && aws_db_instance.this[0].password_wo_version == null
    error_message = "Without replicas the cloud makes and rotates the password."
  }

  assert {
    condition     = length(output.replica_endpoints) == 0
    error_message = "There are no replicas."
  }
}

run "without_backups" {
  command = plan

  variables {
    backup_retention_period = 0
  }

  assert {
    condition     = aws_db_instance.this[0].backup_retention_period == 0
    error_message = "Backups can be switched off."
  }
}

run "production" {
  variables {
    environment             = "production"
    protected               = true
    multi_az                = true
    backup_retention_period = 35
  }

  assert {
    condition     = aws_db_instance.this[0].deletion_protection && !aws_db_instance.this[0].skip_final_snapshot && aws_db_instance.this[0].final_snapshot_identifier != null && !aws_db_instance.this[0].delete_automated_backups
    error_message = "The database refuses to be deleted, and leaves a snapshot and its backups when it goes."
  }

  assert {
    condition     = aws_db_instance.this[0].multi_az && aws_db_instance.this[0].backup_retention_period == 35
    error_message = "A standby and the longest backups are there when asked for."
  }

  assert {
    condition     = jsondecode(aws_kms_key.this.policy).Statement[1].Effect == "Deny" && contains(jsondecode(aws_kms_key.this.policy).Statement[1].Action, "kms:ScheduleKeyDeletion")
    error_message = "The key of the snapshots cannot be deleted."
  }

  assert {
    condition     = aws_cloudwatch_log_group.this["postgresql"].retention_in_days == 365
    error_message = "Logs of a protected environment are kept for a year."
  }
}

run "longest_name" {
  variables {
    name           = "abcdefghijklmno-12345678"
    engine         = "mariadb"
    engine_version = "10.11"
  }

  assert {
    condition     = length(aws_db_instance.this[0].identifier) <= 63 && length(aws_db_subnet_group.this.name) <= 255 && length(aws_kms_alias.this.name) <= 256
    error_message = "Names of database, subnet group and alias fit the cloud's limits."
  }

  assert {
    # The provider adds 26 characters to a prefix.
    condition     = length(aws_db_parameter_group.this[0].name_prefix) <= 229 && length(aws_security_group.this.name_prefix) <= 229
    error_message = "Prefixes leave room for what the provider adds."
  }

  assert {
    condition     = length(aws_db_instance.this[0].final_snapshot_identifier) <= 255 && can(regex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", aws_db_instance.this[0].final_snapshot_identifier))
    error_message = "The snapshot's name is one that the cloud takes."
  }
}
