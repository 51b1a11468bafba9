# The whole life of the module against a provider that plans and applies for real. It is meant for the stand-in provider,
# which serves a recorded schema and no cloud: `terraform test -test-directory=tests/standin`. With the real provider and
# credentials it would make, and then destroy, real resources; that is why it is not among the tests that run by default.

provider "aws" {
  region = "us-east-1"
}

variables {
  name               = "abcdefghijklmno-12345678"
  environment        = "staging"
  vpc_id             = "vpc-0123456789abcdef0"
  vpc_cidr           = "10.20.0.0/16"
  public_subnet_ids  = ["subnet-0a", "subnet-0b"]
  private_subnet_ids = ["subnet-1a"]
  instance_type      = "t3.small"
  architecture       = "x86_64"
  min_instances      = 0
  max_instances      = 4
}

run "create" {
  assert {
    condition     = output.autoscaling_group_name == "abcdefghijklmno-12345678"
    error_message = "The group exists after an apply."
  }

  assert {
    condition     = aws_launch_template.this.image_id == data.aws_ssm_parameter.amazon_linux[0].insecure_value
    error_message = "The image is the one that the parameter names."
  }
}

run "everything" {
  variables {
    protected              = true
    ami_id                 = "ami-0123456789abcdef0"
    key_name               = "operations"
    user_data_script       = "#!/bin/bash\ntrue\n"
    memory_threshold       = 80
    allowed_cidr_blocks    = ["203.0.113.0/24"]
    ssl_certificate_arn    = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"
    enable_cloudwatch      = true
    master_user_secret_arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:rds!db-0a1b2c3d-AbCdEf"
    tags                   = { team = "payments" }
    health_check_path      = "/health"
    root_volume_size       = 50
    volumes                = [{ name = "data", size = 200, mount = "/data" }]
  }

  assert {
    condition     = output.load_balancer_dns_name == run.create.load_balancer_dns_name && output.security_group_id == run.create.security_group_id
    error_message = "Every option is an update in place; clients keep their name for the load balancer."
  }

  assert {
    condition     = aws_launch_template.this.image_id == "ami-0123456789abcdef0"
    error_message = "A given image takes the chosen one's place."
  }
}

run "back" {
  assert {
    condition     = length(aws_lb_listener.https) == 0 && aws_lb_listener.http[0].default_action[0].type == "forward" && output.load_balancer_dns_name == run.create.load_balancer_dns_name
    error_message = "Options can be taken back in place."
  }
}

run "another_port" {
  variables {
    port = 8080
  }

  assert {
    condition     = aws_lb_target_group.this[0].port == 8080 && output.load_balancer_dns_name == run.create.load_balancer_dns_name
    error_message = "A new group of targets takes the place of the old one; the load balancer stays."
  }
}

run "without_load_balancer" {
  variables {
    load_balancer = "none"
  }

  assert {
    condition     = output.load_balancer_dns_name == null && output.security_group_id == run.create.security_group_id
    error_message = "The load balancer can go, and the instances stay."
  }
}

run "internal" {
  variables {
    load_balancer      = "internal"
    private_subnet_ids = ["subnet-1a", "subnet-1b"]
  }

  assert {
    condition     = aws_lb.this[0].internal
    error_message = "It can come back as an internal one."
  }
}
