# The whole life of the module against a provider that plans and applies for real. It is meant for the stand-in provider,
# which serves a recorded schema and no cloud: `terraform test -test-directory=tests/standin`. With the real provider and
# credentials it would make, and then destroy, real resources; that is why it is not among the tests that run by default.

provider "aws" {
  region = "us-east-1"
}

variables {
  name             = "abcdefghijklmno-12345678"
  environment      = "staging"
  vpc_cidr         = "10.20.0.0/22"
  public_subnets   = { us-east-1a = "10.20.0.0/27", us-east-1b = "10.20.0.32/27" }
  private_subnets  = { us-east-1a = "10.20.1.0/27" }
  database_subnets = { us-east-1a = "10.20.2.0/27", us-east-1b = "10.20.2.32/27" }
}

run "create" {
  assert {
    condition     = length(output.public_subnet_ids) == 2 && length(output.private_subnet_ids) == 1 && length(output.database_subnet_ids) == 2
    error_message = "Every subnet exists after an apply."
  }

  assert {
    condition     = aws_vpc_endpoint.s3.service_name == "com.amazonaws.us-east-1.s3"
    error_message = "The endpoint is the region's."
  }
}

run "protect_and_grow" {
  variables {
    protected       = true
    enable_vpn      = true
    private_subnets = { us-east-1a = "10.20.1.0/27", us-east-1b = "10.20.1.32/27" }
  }

  assert {
    condition     = output.vpc_id == run.create.vpc_id && output.private_subnet_ids[0] == run.create.private_subnet_ids[0] && output.public_subnet_ids == run.create.public_subnet_ids
    error_message = "Nothing that stood before is replaced."
  }

  assert {
    condition     = length(aws_nat_gateway.this) == 2 && length(aws_vpn_gateway_route_propagation.private) == 2
    error_message = "Both zones have a way out, and learn the VPN's routes."
  }
}

run "without_nat" {
  variables {
    enable_nat_gateway = false
  }

  assert {
    condition     = length(aws_nat_gateway.this) == 0 && output.vpc_id == run.create.vpc_id
    error_message = "Gateways go without the network."
  }
}
