# Read replicas, from none to some and back, with the password that they need. Everything is mocked.

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

  mock_resource "aws_secretsmanager_secret" {
    defaults = {
      arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:database-master/shop-AbCdEf"
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
  name                     = "abcdefghijklmno-12345678"
  environment              = "production"
  protected                = true
  vpc_id                   = "vpc-0123456789abcdef0"
  subnet_ids               = ["subnet-2a", "subnet-2b"]
  client_security_group_id = "sg-0123456789abcdef0"
  engine                   = "postgres"
  engine_version           = "16"
  instance_class           = "db.m7g.large"
  parameters               = { log_statement = "ddl" }
  max_allocated_storage    = 500
  maintenance_window       = "sun:04:00-sun:05:00"
}

run "without" {
  assert {
    condition     = length(output.replica_endpoints) == 0 && strcontains(output.master_user_secret_arn, ":secret:rds!")
    error_message = "Without replicas the cloud keeps the password."
  }
}

run "two" {
  variables {
    replicas = 2
  }

  assert {
    condition     = aws_db_instance.replica[*].identifier == ["abcdefghijklmno-12345678-replica-1", "abcdefghijklmno-12345678-replica-2"] && length(output.replica_endpoints) == 2
    error_message = "Two replicas are there, each with its address."
  }

  assert {
    condition     = alltrue([for one in aws_db_instance.replica : one.replicate_source_db == aws_db_instance.this[0].identifier && one.parameter_group_name == aws_db_parameter_group.this[0].name && one.vpc_security_group_ids == toset([aws_security_group.this.id])])
    error_message = "Replicas follow the database, with its parameters and its security group."
  }

  assert {
    condition     = alltrue([for one in aws_db_instance.replica : one.storage_encrypted && !one.publicly_accessible && one.instance_class == "db.m7g.large" && one.max_allocated_storage == 500 && one.maintenance_window == "sun:04:00-sun:05:00"])
    error_message = "Replicas are encrypted, private, and as large as the database."
  }

  assert {
    condition     = alltrue([for one in aws_db_instance.replica : one.backup_retention_period == 0 && !one.deletion_protection && one.skip_final_snapshot])
    error_message = "Replicas keep nothing that is not in the database."
  }

  assert {
    condition     = aws_db_instance.this[0].manage_master_user_password == null && aws_db_instance.this[0].password_wo_version == aws_secretsmanager_secret_version.master[0].secret_string_wo_version && aws_db_instance.this[0].password_wo == null && output.master_user_secret_arn == aws_secretsmanager_secret.master[0].arn
    error_message = "The password is in the module's own secret, and in no state."
  }

  assert {
    condition     = aws_secretsmanager_secret_version.master[0].secret_string_wo == null && aws_secretsmanager_secret_version.master[0].secret_string == null && aws_secretsmanager_secret.master[0].kms_key_id == aws_kms_key.this.arn && startswith(aws_secretsmanager_secret.master[0].name_prefix, "database-master/")
    error_message = "The secret is encrypted with the database's key, and what it holds is not in the state."
  }

  assert {
    condition     = keys(aws_cloudwatch_log_group.replica) == ["1/postgresql", "1/upgrade", "2/postgresql", "2/upgrade"] && aws_cloudwatch_log_group.replica["2/upgrade"].name == "/aws/rds/instance/abcdefghijklmno-12345678-replica-2/upgrade" && aws_cloudwatch_log_group.replica["2/upgrade"].retention_in_days == 365
    error_message = "Logs of replicas go to groups with retention."
  }
}

run "second_plan" {
  command = plan

  variables {
    replicas = 2
  }

  assert {
    condition     = output.replica_endpoints == run.two.replica_endpoints && output.master_user_secret_arn == run.two.master_user_secret_arn
    error_message = "A plan after an apply makes nothing new."
  }
}

run "one" {
  variables {
    replicas = 1
  }

  assert {
    condition     = output.replica_endpoints == [run.two.replica_endpoints[0]]
    error_message = "The last replica goes first; the other keeps its address."
  }
}

run "none_again" {
  assert {
    condition     = length(aws_db_instance.replica) == 0 && length(aws_secretsmanager_secret.master) == 0 && aws_db_instance.this[0].manage_master_user_password
    error_message = "Without replicas the cloud keeps the password again."
  }
}

run "restored" {
  variables {
    replicas            = 1
    snapshot_identifier = "orders-before-upgrade"
  }

  assert {
    condition     = aws_db_instance.this[0].snapshot_identifier == "orders-before-upgrade" && length(aws_db_instance.replica) == 1
    error_message = "A database that is restored has replicas too."
  }
}
