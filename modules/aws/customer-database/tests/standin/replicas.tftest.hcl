# Read replicas against a provider that plans and applies for real, as lifecycle.tftest.hcl says.

provider "aws" {
  region = "us-east-1"
}

variables {
  name                     = "abcdefghijklmno-12345678"
  environment              = "staging"
  vpc_id                   = "vpc-0123456789abcdef0"
  subnet_ids               = ["subnet-2a", "subnet-2b"]
  client_security_group_id = "sg-0123456789abcdef0"
  engine                   = "mysql"
  engine_version           = "8.4"
  instance_class           = "db.t4g.small"
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
    condition     = output.endpoint == run.without.endpoint && length(output.replica_endpoints) == 2 && output.master_user_secret_arn == aws_secretsmanager_secret.master[0].arn
    error_message = "Replicas come to a database that stands, and its password moves to another secret."
  }
}

# The plan after an apply. The password is made anew in it, and nothing of that may show.
run "second_plan" {
  command = plan

  variables {
    replicas = 2
  }

  assert {
    condition     = output.replica_endpoints == run.two.replica_endpoints && output.master_user_secret_arn == run.two.master_user_secret_arn && aws_db_instance.this[0].password_wo_version == aws_secretsmanager_secret_version.master[0].secret_string_wo_version
    error_message = "A plan after an apply makes nothing new."
  }
}

run "none_again" {
  assert {
    condition     = output.endpoint == run.without.endpoint && length(output.replica_endpoints) == 0 && strcontains(output.master_user_secret_arn, ":secret:rds!")
    error_message = "Without replicas the cloud keeps the password again."
  }
}
