# The whole life of the module against a provider that plans and applies for real. It is meant for the stand-in provider,
# which serves a recorded schema and no cloud: `terraform test -test-directory=tests/standin`. With the real provider and
# credentials it would make, and then destroy, real resources; that is why it is not among the tests that run by default.

provider "aws" {
  region = "us-east-1"
}

variables {
  name                     = "abcdefghijklmno-12345678"
  environment              = "staging"
  vpc_id                   = "vpc-0123456789abcdef0"
  subnet_ids               = ["subnet-2a", "subnet-2b"]
  client_security_group_id = "sg-0123456789abcdef0"
  engine                   = "postgres"
  engine_version           = "15"
  instance_class           = "db.t4g.small"
}

run "create" {
  assert {
    condition     = output.port == 5432 && aws_db_instance.this[0].engine_version == "15"
    error_message = "The database exists after an apply."
  }
}

# The plan after an apply. A value that an apply would make anew could not be known here.
run "second_plan" {
  command = plan

  assert {
    condition     = length(regexall("-final-[0-9]{14}$", aws_db_instance.this[0].final_snapshot_identifier)) == 1
    error_message = "The name of the last snapshot stays."
  }
}

run "protect_and_upgrade" {
  variables {
    protected      = true
    multi_az       = true
    engine_version = "16.3"
  }

  assert {
    condition     = output.endpoint == run.create.endpoint && aws_db_instance.this[0].engine_version == "16.3" && aws_db_parameter_group.this[0].family == "postgres16"
    error_message = "Protection and a major upgrade are updates in place."
  }

  assert {
    condition     = aws_db_instance.this[0].deletion_protection && !aws_db_instance.this[0].skip_final_snapshot
    error_message = "The database is protected from then on."
  }
}
