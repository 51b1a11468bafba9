# A cluster of Aurora against a provider that plans and applies for real, as lifecycle.tftest.hcl says.

provider "aws" {
  region = "us-east-1"
}

variables {
  name                     = "abcdefghijklmno-12345678"
  environment              = "staging"
  vpc_id                   = "vpc-0123456789abcdef0"
  subnet_ids               = ["subnet-2a", "subnet-2b"]
  client_security_group_id = "sg-0123456789abcdef0"
  engine                   = "aurora-postgresql"
  engine_version           = "16"
  instance_class           = "db.r7g.large"
}

run "create" {
  assert {
    condition     = output.port == 5432 && length(output.replica_endpoints) == 1 && startswith(output.master_user_secret_arn, "arn:")
    error_message = "The cluster exists after an apply."
  }
}

# The plan after an apply. A value that an apply would make anew could not be known here.
run "second_plan" {
  command = plan

  assert {
    condition     = length(regexall("-final-[0-9]{14}$", aws_rds_cluster.this[0].final_snapshot_identifier)) == 1 && output.endpoint == run.create.endpoint
    error_message = "The name of the last snapshot stays."
  }
}

run "protect_and_upgrade" {
  variables {
    protected      = true
    instances      = 3
    engine_version = "17.4"
    parameters     = { log_statement = "ddl" }
  }

  assert {
    condition     = output.endpoint == run.create.endpoint && aws_rds_cluster.this[0].engine_version == "17.4" && aws_rds_cluster_parameter_group.this[0].family == "aurora-postgresql17" && length(aws_rds_cluster_instance.this) == 3
    error_message = "Protection, more instances and a major upgrade are updates in place."
  }
}

run "fewer" {
  variables {
    instances      = 1
    engine_version = "17.4"
  }

  assert {
    condition     = output.endpoint == run.create.endpoint && keys(aws_rds_cluster_instance.this) == ["1"]
    error_message = "The last instances go, and the cluster stays."
  }
}

# What the other engine has is made anew, and what both have stays.
run "to_an_instance" {
  variables {
    engine         = "postgres"
    engine_version = "17"
  }

  assert {
    condition     = output.endpoint != run.create.endpoint && length(aws_rds_cluster.this) == 0 && length(aws_rds_cluster_instance.this) == 0 && length(output.replica_endpoints) == 0
    error_message = "A change of the engine replaces the database."
  }
}
