# What Aurora does not take, and what it alone takes.

mock_provider "aws" {}

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

run "instances_none" {
  command = plan

  variables {
    instances = 0
  }

  expect_failures = [var.instances]
}

run "instances_too_many" {
  command = plan

  variables {
    instances = 16
  }

  expect_failures = [var.instances]
}

run "instances_half" {
  command = plan

  variables {
    instances = 1.5
  }

  expect_failures = [var.instances]
}

run "instances_of_another_engine" {
  command = plan

  variables {
    engine    = "postgres"
    instances = 2
  }

  expect_failures = [var.instances]
}

run "storage" {
  command = plan

  variables {
    allocated_storage = 100
  }

  expect_failures = [var.allocated_storage]
}

run "storage_type" {
  command = plan

  variables {
    storage_type = "io2"
  }

  expect_failures = [var.storage_type]
}

run "iops" {
  command = plan

  variables {
    iops = 12000
  }

  expect_failures = [var.iops]
}

run "storage_limit" {
  command = plan

  variables {
    max_allocated_storage = 100
  }

  expect_failures = [var.max_allocated_storage]
}

run "standby" {
  command = plan

  variables {
    multi_az = true
  }

  expect_failures = [var.multi_az]
}

run "replicas" {
  command = plan

  variables {
    replicas = 1
  }

  expect_failures = [var.replicas]
}

run "without_backups" {
  command = plan

  variables {
    backup_retention_period = 0
  }

  expect_failures = [var.backup_retention_period]
}

run "version_of_the_community" {
  command = plan

  variables {
    engine         = "aurora-mysql"
    engine_version = "8.0.36"
  }

  expect_failures = [var.engine_version]
}

run "version_of_aurora_alone" {
  command = plan

  variables {
    engine         = "aurora-mysql"
    engine_version = "3.08.0"
  }

  expect_failures = [var.engine_version]
}

run "version_of_mysql_for_postgresql" {
  command = plan

  variables {
    engine_version = "8.0.mysql_aurora.3.08.0"
  }

  expect_failures = [var.engine_version]
}

run "version_before_10" {
  command = plan

  variables {
    engine_version = "9.6"
  }

  expect_failures = [var.engine_version]
}

run "parameter_that_weakens" {
  command = plan

  variables {
    parameters = { "rds.force_ssl" = "0" }
  }

  expect_failures = [var.parameters]
}

run "no_snapshot" {
  command = plan

  variables {
    snapshot_identifier = "arn:aws:rds:eu-west-1:123456789012:cluster:orders"
  }

  expect_failures = [var.snapshot_identifier]
}

run "version_of_aurora_for_mysql" {
  command = plan

  variables {
    engine         = "mysql"
    engine_version = "8.0.mysql_aurora.3.08.0"
  }

  expect_failures = [var.engine_version]
}
