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
