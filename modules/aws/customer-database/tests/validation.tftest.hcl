# Each validation refuses what it is there to refuse.

mock_provider "aws" {}

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

run "name_too_long" {
  command = plan

  variables {
    name = "abcdefghijklmnop-12345678"
  }

  expect_failures = [var.name]
}

run "name_starts_with_digit" {
  command = plan

  variables {
    name = "1shop"
  }

  expect_failures = [var.name]
}

run "name_of_the_cloud" {
  command = plan

  variables {
    name = "aws-shop"
  }

  expect_failures = [var.name]
}

run "environment_empty" {
  command = plan

  variables {
    environment = ""
  }

  expect_failures = [var.environment]
}

run "vpc_id_empty" {
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

run "client_group_empty" {
  command = plan

  variables {
    client_security_group_id = ""
  }

  expect_failures = [var.client_security_group_id]
}

run "engine_of_another_name" {
  command = plan

  variables {
    engine = "postgresql"
  }

  expect_failures = [var.engine]
}

run "engine_version_is_a_word" {
  command = plan

  variables {
    engine_version = "latest"
  }

  expect_failures = [var.engine_version]
}

run "engine_version_ends_with_dot" {
  command = plan

  variables {
    engine_version = "15."
  }

  expect_failures = [var.engine_version]
}

run "postgres_with_three_numbers" {
  command = plan

  variables {
    engine_version = "15.10.1"
  }

  expect_failures = [var.engine_version]
}

run "postgres_before_10" {
  command = plan

  variables {
    engine_version = "9.6"
  }

  expect_failures = [var.engine_version]
}

run "mysql_with_one_number" {
  command = plan

  variables {
    engine         = "mysql"
    engine_version = "8"
  }

  expect_failures = [var.engine_version]
}

run "mysql_with_four_numbers" {
  command = plan

  variables {
    engine         = "mysql"
    engine_version = "8.0.41.1"
  }

  expect_failures = [var.engine_version]
}

run "mariadb_with_one_number" {
  command = plan

  variables {
    engine         = "mariadb"
    engine_version = "10"
  }

  expect_failures = [var.engine_version]
}

run "instance_class_of_ec2" {
  command = plan

  variables {
    instance_class = "t4g.small"
  }

  expect_failures = [var.instance_class]
}

run "storage_too_small" {
  command = plan

  variables {
    allocated_storage = 19
  }

  expect_failures = [var.allocated_storage]
}

run "storage_too_large" {
  command = plan

  variables {
    allocated_storage = 65537
  }

  expect_failures = [var.allocated_storage]
}

run "storage_fraction" {
  command = plan

  variables {
    allocated_storage = 20.5
  }

  expect_failures = [var.allocated_storage]
}

run "backups_negative" {
  command = plan

  variables {
    backup_retention_period = -1
  }

  expect_failures = [var.backup_retention_period]
}

run "backups_too_long" {
  command = plan

  variables {
    backup_retention_period = 36
  }

  expect_failures = [var.backup_retention_period]
}

run "backups_fraction" {
  command = plan

  variables {
    backup_retention_period = 0.5
  }

  expect_failures = [var.backup_retention_period]
}

run "database_name_with_hyphen" {
  command = plan

  variables {
    database_name = "order-data"
  }

  expect_failures = [var.database_name]
}

run "database_name_too_long" {
  command = plan

  variables {
    database_name = "a234567890123456789012345678901234567890123456789012345678901234"
  }

  expect_failures = [var.database_name]
}

run "storage_type_of_before" {
  command = plan

  variables {
    storage_type = "gp2"
  }

  expect_failures = [var.storage_type]
}

run "io2_too_small" {
  command = plan

  variables {
    storage_type      = "io2"
    iops              = 1000
    allocated_storage = 99
  }

  expect_failures = [var.storage_type]
}

run "io2_without_iops" {
  command = plan

  variables {
    storage_type      = "io2"
    allocated_storage = 100
  }

  expect_failures = [var.iops]
}

run "iops_of_small_gp3" {
  command = plan

  variables {
    iops              = 12000
    allocated_storage = 399
  }

  expect_failures = [var.iops]
}

run "too_few_iops_of_gp3" {
  command = plan

  variables {
    iops              = 11999
    allocated_storage = 400
  }

  expect_failures = [var.iops]
}

run "too_many_iops_of_gp3" {
  command = plan

  variables {
    iops              = 64001
    allocated_storage = 400
  }

  expect_failures = [var.iops]
}

run "too_few_iops_of_io2" {
  command = plan

  variables {
    storage_type      = "io2"
    iops              = 1999
    allocated_storage = 4000
  }

  expect_failures = [var.iops]
}

run "too_many_iops_of_io2" {
  command = plan

  variables {
    storage_type      = "io2"
    iops              = 100001
    allocated_storage = 100
  }

  expect_failures = [var.iops]
}

run "iops_fraction" {
  command = plan

  variables {
    iops              = 12000.5
    allocated_storage = 400
  }

  expect_failures = [var.iops]
}

run "limit_too_near" {
  command = plan

  variables {
    allocated_storage     = 100
    max_allocated_storage = 109
  }

  expect_failures = [var.max_allocated_storage]
}

run "limit_too_large" {
  command = plan

  variables {
    max_allocated_storage = 65537
  }

  expect_failures = [var.max_allocated_storage]
}

run "limit_fraction" {
  command = plan

  variables {
    max_allocated_storage = 100.5
  }

  expect_failures = [var.max_allocated_storage]
}

run "backup_window_of_a_day" {
  command = plan

  variables {
    backup_window = "sun:03:00-sun:04:00"
  }

  expect_failures = [var.backup_window]
}

run "backup_window_after_midnight" {
  command = plan

  variables {
    backup_window = "24:00-24:30"
  }

  expect_failures = [var.backup_window]
}

run "maintenance_window_without_days" {
  command = plan

  variables {
    maintenance_window = "04:00-05:00"
  }

  expect_failures = [var.maintenance_window]
}

run "parameter_with_capitals" {
  command = plan

  variables {
    parameters = { Log_Statement = "all" }
  }

  expect_failures = [var.parameters]
}

run "parameter_without_value" {
  command = plan

  variables {
    parameters = { log_statement = "" }
  }

  expect_failures = [var.parameters]
}

run "parameter_without_tls" {
  command = plan

  variables {
    parameters = { "rds.force_ssl" = "0" }
  }

  expect_failures = [var.parameters]
}

run "parameter_of_old_tls" {
  command = plan

  variables {
    parameters = { tls_version = "TLSv1" }
  }

  expect_failures = [var.parameters]
}

run "parameter_of_passwords" {
  command = plan

  variables {
    parameters = { password_encryption = "md5" }
  }

  expect_failures = [var.parameters]
}

run "parameter_that_runs_statements" {
  command = plan

  variables {
    parameters = { init_connect = "SET NAMES utf8" }
  }

  expect_failures = [var.parameters]
}

run "too_many_replicas" {
  command = plan

  variables {
    replicas = 6
  }

  expect_failures = [var.replicas]
}

run "replicas_negative" {
  command = plan

  variables {
    replicas = -1
  }

  expect_failures = [var.replicas]
}

run "replicas_without_backups" {
  command = plan

  variables {
    replicas                = 1
    backup_retention_period = 0
  }

  expect_failures = [var.replicas]
}

run "snapshot_of_a_cluster" {
  command = plan

  variables {
    snapshot_identifier = "arn:aws:rds:eu-west-1:123456789012:cluster-snapshot:orders"
  }

  expect_failures = [var.snapshot_identifier]
}

run "snapshot_with_blank" {
  command = plan

  variables {
    snapshot_identifier = "before upgrade"
  }

  expect_failures = [var.snapshot_identifier]
}
