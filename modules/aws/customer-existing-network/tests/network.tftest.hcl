# What is made of a network that exists already: one group, and the ids handed on; and what each validation refuses.

mock_provider "aws" {}

variables {
  name                = "shop-staging-1a2b3c4d"
  environment         = "staging"
  vpc_id              = "vpc-0123456789abcdef0"
  public_subnet_ids   = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
  private_subnet_ids  = ["subnet-0123456789abcdef2", "subnet-0123456789abcdef3"]
  database_subnet_ids = ["subnet-0123456789abcdef4", "subnet-01234567"]
}

run "ids_are_handed_on" {
  command = apply

  assert {
    condition     = output.vpc_id == var.vpc_id
    error_message = "vpc_id is another one."
  }

  assert {
    condition     = output.public_subnet_ids == var.public_subnet_ids && output.private_subnet_ids == var.private_subnet_ids && output.database_subnet_ids == var.database_subnet_ids
    error_message = "The subnets are others, or in another order."
  }

  assert {
    condition     = aws_security_group.database_client.vpc_id == var.vpc_id && output.database_client_security_group_id == aws_security_group.database_client.id
    error_message = "The group is not one of this network."
  }
}

run "name_with_upper_case" {
  command = plan

  variables {
    name = "Shop"
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

run "vpc_by_its_name" {
  command = plan

  variables {
    vpc_id = "main"
  }

  expect_failures = [var.vpc_id]
}

run "one_public_subnet" {
  command = plan

  variables {
    public_subnet_ids = ["subnet-0123456789abcdef0"]
  }

  expect_failures = [var.public_subnet_ids]
}

run "public_subnet_twice" {
  command = plan

  variables {
    public_subnet_ids = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef0"]
  }

  expect_failures = [var.public_subnet_ids]
}

run "private_subnets_by_name" {
  command = plan

  variables {
    private_subnet_ids = ["private-a", "private-b"]
  }

  expect_failures = [var.private_subnet_ids]
}

run "private_subnet_twice" {
  command = plan

  variables {
    private_subnet_ids = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef0"]
  }

  expect_failures = [var.private_subnet_ids]
}

run "no_database_subnets" {
  command = plan

  variables {
    database_subnet_ids = []
  }

  expect_failures = [var.database_subnet_ids]
}

run "database_subnet_twice" {
  command = plan

  variables {
    database_subnet_ids = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef0"]
  }

  expect_failures = [var.database_subnet_ids]
}
