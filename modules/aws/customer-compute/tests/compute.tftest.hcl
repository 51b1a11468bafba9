# What the deployment's compute consists of: defaults, each option but scaling and alarms, production, names at their
# limits. Everything is mocked, so that no run reaches a cloud.

mock_provider "aws" {
  mock_data "aws_partition" {
    defaults = {
      partition  = "aws"
      dns_suffix = "amazonaws.com"
    }
  }

  mock_data "aws_ssm_parameter" {
    defaults = {
      insecure_value = "ami-0aaaaaaaaaaaaaaaa"
    }
  }

  mock_data "aws_ami" {
    defaults = {
      root_device_name = "/dev/sda1"
      block_device_mappings = [
        {
          device_name  = "/dev/sda1"
          no_device    = ""
          virtual_name = ""
          ebs          = { volume_size = "8" }
        },
        {
          device_name  = "/dev/sdf"
          no_device    = ""
          virtual_name = ""
          ebs          = { volume_size = "50" }
        },
        {
          device_name  = "/dev/sdb"
          no_device    = ""
          virtual_name = "ephemeral0"
          ebs          = {}
        },
      ]
    }
  }
}

variables {
  name               = "shop-staging-1a2b3c4d"
  environment        = "staging"
  vpc_id             = "vpc-0123456789abcdef0"
  vpc_cidr           = "10.20.0.0/16"
  public_subnet_ids  = ["subnet-0a", "subnet-0b"]
  private_subnet_ids = ["subnet-1a", "subnet-1b"]
  security_group_ids = ["sg-0123456789abcdef0"]
  instance_type      = "t3.small"
  architecture       = "x86_64"
  min_instances      = 1
  max_instances      = 3
}

run "defaults" {
  assert {
    condition     = data.aws_ssm_parameter.amazon_linux[0].name == "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64" && aws_launch_template.this.image_id == "ami-0aaaaaaaaaaaaaaaa"
    error_message = "The image is Amazon's current one for the architecture."
  }

  assert {
    condition     = aws_launch_template.this.metadata_options[0].http_tokens == "required" && aws_launch_template.this.metadata_options[0].http_endpoint == "enabled"
    error_message = "Instance metadata needs a token."
  }

  assert {
    condition     = aws_launch_template.this.block_device_mappings[*].device_name == tolist(["/dev/xvda"]) && alltrue([for mapping in aws_launch_template.this.block_device_mappings : tobool(mapping.ebs[0].encrypted)])
    error_message = "The root volume is encrypted."
  }

  assert {
    condition     = aws_launch_template.this.instance_type == "t3.small" && aws_launch_template.this.key_name == null && aws_launch_template.this.user_data == null
    error_message = "The instance type is the given one; there is neither key pair nor user data."
  }

  assert {
    condition     = toset(aws_launch_template.this.vpc_security_group_ids) == toset([aws_security_group.instance.id, "sg-0123456789abcdef0"])
    error_message = "Instances carry their own group and the given one."
  }

  assert {
    condition     = !aws_launch_template.this.monitoring[0].enabled && length(aws_cloudwatch_metric_alarm.unhealthy_targets) == 0 && length(aws_iam_role_policy_attachment.cloudwatch_agent) == 0
    error_message = "Detailed monitoring, the agent's policy and alarms come only when asked for."
  }

  assert {
    condition     = aws_autoscaling_group.this.min_size == 1 && aws_autoscaling_group.this.max_size == 3 && toset(aws_autoscaling_group.this.vpc_zone_identifier) == toset(["subnet-1a", "subnet-1b"])
    error_message = "The group has its sizes and runs in the private subnets."
  }

  assert {
    condition     = aws_autoscaling_group.this.launch_template[0].version == tostring(aws_launch_template.this.latest_version)
    error_message = "The group names the template's version by its number."
  }

  assert {
    condition     = aws_autoscaling_group.this.instance_refresh[0].strategy == "Rolling" && aws_autoscaling_group.this.instance_refresh[0].preferences[0].min_healthy_percentage == 100
    error_message = "Instances are replaced one after the other, and none goes before its successor is healthy."
  }

  assert {
    condition     = aws_autoscaling_group.this.health_check_type == "EC2"
    error_message = "The bare image serves nothing, so the load balancer does not judge it."
  }

  assert {
    condition     = aws_autoscaling_policy.cpu.target_tracking_configuration[0].target_value == 70 && aws_autoscaling_policy.cpu.target_tracking_configuration[0].disable_scale_in && aws_autoscaling_policy.cpu.estimated_instance_warmup == 300
    error_message = "Scaling out aims at 70 percent CPU, never scales in, and waits 300 seconds for a new instance."
  }

  assert {
    condition     = aws_autoscaling_policy.scale_in.policy_type == "SimpleScaling" && aws_autoscaling_policy.scale_in.scaling_adjustment == -1 && aws_autoscaling_policy.scale_in.cooldown == 300
    error_message = "Scaling in takes one instance and then waits 300 seconds."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.scale_in.comparison_operator == "LessThanThreshold" && aws_cloudwatch_metric_alarm.scale_in.threshold == 90 && aws_cloudwatch_metric_alarm.scale_in.alarm_actions == toset([aws_autoscaling_policy.scale_in.arn])
    error_message = "A low load starts the policy that scales in."
  }

  assert {
    condition     = one([for query in aws_cloudwatch_metric_alarm.scale_in.metric_query : query.expression if query.return_data == true]) == "IF(instances > 1, 100 * cpu / 70 * instances / (instances - 1), 100)"
    error_message = "The alarm looks at the load that one instance fewer would carry, and leaves the last one alone."
  }

  assert {
    condition     = length(aws_autoscaling_policy.memory) == 0 && length(aws_cloudwatch_metric_alarm.scale_in.metric_query) == 3
    error_message = "Memory is not looked at unless a threshold is set."
  }

  assert {
    condition     = !aws_lb.this[0].internal && toset(aws_lb.this[0].subnets) == toset(["subnet-0a", "subnet-0b"]) && !aws_lb.this[0].enable_deletion_protection
    error_message = "The load balancer stands in the public subnets and may be deleted."
  }

  assert {
    condition     = aws_lb_listener.http[0].port == 80 && aws_lb_listener.http[0].default_action[0].type == "forward" && aws_lb_listener.http[0].default_action[0].target_group_arn == aws_lb_target_group.this[0].arn && length(aws_lb_listener.https) == 0
    error_message = "Without a certificate, port 80 serves."
  }

  assert {
    condition     = aws_lb_target_group.this[0].port == 80 && aws_lb_target_group.this[0].target_type == "instance"
    error_message = "Instances are reached on port 80."
  }

  assert {
    condition     = keys(aws_vpc_security_group_ingress_rule.load_balancer) == ["80 10.20.0.0/16"] && aws_vpc_security_group_ingress_rule.load_balancer["80 10.20.0.0/16"].cidr_ipv4 == "10.20.0.0/16"
    error_message = "Only the VPC is admitted when no range is given."
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.instance_from_load_balancer[0].referenced_security_group_id == aws_security_group.load_balancer[0].id && aws_vpc_security_group_ingress_rule.instance_from_load_balancer[0].from_port == 80 && aws_vpc_security_group_ingress_rule.instance_from_load_balancer[0].to_port == 80
    error_message = "Instances admit the load balancer alone, on port 80."
  }

  assert {
    condition     = endswith(aws_iam_role_policy_attachment.session_manager.policy_arn, ":iam::aws:policy/AmazonSSMManagedInstanceCore")
    error_message = "Session Manager reaches the instances."
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.database_secret.policy).Statement[*].Effect == ["Deny"]
    error_message = "Without a database, no database's secret may be read."
  }

  assert {
    condition     = output.autoscaling_group_name == "shop-staging-1a2b3c4d" && output.security_group_id == aws_security_group.instance.id && output.instance_role_arn == aws_iam_role.instance.arn && output.load_balancer_dns_name == aws_lb.this[0].dns_name
    error_message = "The outputs name the group, its security group, its role and the load balancer."
  }
}

# Same state as before, and a newer image has come out.
run "image_stays" {
  override_data {
    target = data.aws_ssm_parameter.amazon_linux
    values = {
      insecure_value = "ami-0bbbbbbbbbbbbbbbb"
    }
  }

  assert {
    condition     = data.aws_ssm_parameter.amazon_linux[0].insecure_value == "ami-0bbbbbbbbbbbbbbbb" && aws_launch_template.this.image_id == "ami-0aaaaaaaaaaaaaaaa"
    error_message = "A newer image does not replace the instances by itself."
  }
}

run "image_follows_the_architecture" {
  variables {
    instance_type = "t4g.small"
    architecture  = "arm64"
  }

  override_data {
    target = data.aws_ssm_parameter.amazon_linux
    values = {
      insecure_value = "ami-0cccccccccccccccc"
    }
  }

  assert {
    condition     = endswith(data.aws_ssm_parameter.amazon_linux[0].name, "-arm64") && aws_launch_template.this.image_id == "ami-0cccccccccccccccc"
    error_message = "Another architecture chooses another image."
  }
}

run "given_image" {
  variables {
    ami_id = "ami-0123456789abcdef0"
  }

  assert {
    condition     = aws_launch_template.this.image_id == "ami-0123456789abcdef0" && length(data.aws_ssm_parameter.amazon_linux) == 0 && length(terraform_data.default_image) == 0
    error_message = "A given image is used, and none is chosen."
  }

  assert {
    condition     = toset(aws_launch_template.this.block_device_mappings[*].device_name) == toset(["/dev/sda1", "/dev/sdf"]) && alltrue([for mapping in aws_launch_template.this.block_device_mappings : tobool(mapping.ebs[0].encrypted)])
    error_message = "Every EBS volume of the image is encrypted under the name that the image gives it; instance store is left alone."
  }

  assert {
    condition     = aws_autoscaling_group.this.health_check_type == "ELB"
    error_message = "An image of the customer's is judged by the load balancer."
  }
}

run "key_pair" {
  variables {
    key_name = "operations"
  }

  assert {
    condition     = aws_launch_template.this.key_name == "operations"
    error_message = "The key pair is the given one."
  }
}

run "user_data" {
  variables {
    user_data_script = "#!/bin/bash\necho '$${HOME} %%{if} {{ x }}'\n"
  }

  assert {
    condition     = base64decode(aws_launch_template.this.user_data) == "#!/bin/bash\necho '$${HOME} %%{if} {{ x }}'\n"
    error_message = "The script arrives as it was written."
  }

  assert {
    condition     = aws_autoscaling_group.this.health_check_type == "ELB"
    error_message = "What a script sets up is judged by the load balancer."
  }
}

run "largest_user_data" {
  command = plan

  variables {
    user_data_script = join("", [for i in range(128) : join("", [for j in range(64) : "é"])])
  }

  assert {
    condition     = length(var.user_data_script) == 8192
    error_message = "8192 characters of two bytes each are 16 KiB."
  }
}

run "port_and_health_check" {
  variables {
    port              = 65535
    health_check_path = "/healthz?full=1"
  }

  assert {
    condition     = aws_lb_target_group.this[0].port == 65535 && aws_lb_target_group.this[0].health_check[0].path == "/healthz?full=1" && length(aws_lb_target_group.this[0].name) <= 32
    error_message = "Instances are reached and checked on the given port and path."
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.instance_from_load_balancer[0].from_port == 65535 && aws_vpc_security_group_ingress_rule.instance_from_load_balancer[0].to_port == 65535 && aws_vpc_security_group_egress_rule.load_balancer_to_instance[0].from_port == 65535 && aws_vpc_security_group_egress_rule.load_balancer_to_instance[0].to_port == 65535
    error_message = "Both sides of the way to the instances are open for that port."
  }

  assert {
    condition     = aws_lb_listener.http[0].port == 80
    error_message = "Clients come to port 80 all the same."
  }
}

run "internal" {
  variables {
    load_balancer = "internal"
  }

  assert {
    condition     = aws_lb.this[0].internal && toset(aws_lb.this[0].subnets) == toset(["subnet-1a", "subnet-1b"])
    error_message = "An internal load balancer stands in the private subnets."
  }

  assert {
    condition     = keys(aws_vpc_security_group_ingress_rule.load_balancer) == ["80 10.20.0.0/16"]
    error_message = "It admits the VPC."
  }
}

run "no_load_balancer" {
  variables {
    load_balancer       = "none"
    ami_id              = "ami-0123456789abcdef0"
    enable_cloudwatch   = true
    ssl_certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"
    allowed_cidr_blocks = ["0.0.0.0/0"]
  }

  assert {
    condition     = length(aws_lb.this) == 0 && length(aws_lb_target_group.this) == 0 && length(aws_lb_listener.http) == 0 && length(aws_lb_listener.https) == 0 && length(aws_security_group.load_balancer) == 0
    error_message = "There is no load balancer, and nothing of one."
  }

  assert {
    condition     = length(aws_vpc_security_group_ingress_rule.load_balancer) == 0 && length(aws_vpc_security_group_ingress_rule.instance_from_load_balancer) == 0 && length(aws_vpc_security_group_egress_rule.load_balancer_to_instance) == 0
    error_message = "Nothing is open."
  }

  assert {
    condition     = length(coalesce(aws_autoscaling_group.this.target_group_arns, [])) == 0 && aws_autoscaling_group.this.health_check_type == "EC2"
    error_message = "Instances are judged by their own health."
  }

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.unhealthy_targets) + length(aws_cloudwatch_metric_alarm.target_errors) + length(aws_cloudwatch_metric_alarm.load_balancer_errors) == 0 && length(aws_cloudwatch_metric_alarm.at_maximum) == 1
    error_message = "Alarms are those of the group alone."
  }

  assert {
    condition     = output.load_balancer_dns_name == null
    error_message = "There is no address."
  }
}

run "root_volume" {
  variables {
    root_volume_size = 100
  }

  assert {
    condition     = one([for mapping in aws_launch_template.this.block_device_mappings : mapping.ebs[0].volume_size if mapping.device_name == "/dev/xvda"]) == 100
    error_message = "The root volume has its size."
  }
}

run "root_volume_of_a_given_image" {
  variables {
    ami_id           = "ami-0123456789abcdef0"
    root_volume_size = 100
  }

  assert {
    condition     = [for mapping in aws_launch_template.this.block_device_mappings : mapping.device_name if mapping.ebs[0].volume_size == 100] == ["/dev/sda1"]
    error_message = "Other volumes of the image keep their size."
  }
}

run "root_volume_smaller_than_the_image" {
  command = plan

  variables {
    ami_id           = "ami-0123456789abcdef0"
    root_volume_size = 8
  }

  override_data {
    target = data.aws_ami.given
    values = {
      root_device_name      = "/dev/sda1"
      block_device_mappings = [{ device_name = "/dev/sda1", no_device = "", virtual_name = "", ebs = { volume_size = "30" } }]
    }
  }

  expect_failures = [aws_launch_template.this]
}

run "volumes" {
  variables {
    ami_id = "ami-0123456789abcdef0"
    volumes = [
      { name = "data", size = 200, iops = 6000 },
      { name = "log", size = 4, type = "io2", iops = 4000 },
      { name = "cold", size = 125, type = "sc1" },
    ]
  }

  assert {
    condition = [for mapping in aws_launch_template.this.block_device_mappings : "${mapping.device_name} ${mapping.ebs[0].volume_type} ${mapping.ebs[0].volume_size} ${coalesce(mapping.ebs[0].iops, 0)}" if !contains(["/dev/sda1", "/dev/sdf"], mapping.device_name)] == [
      "/dev/sdg gp3 200 6000",
      "/dev/sdh io2 4 4000",
      "/dev/sdi sc1 125 0",
    ]
    error_message = "Each volume has its type, size and IOPS, under a name that the image does not have."
  }

  assert {
    condition     = alltrue([for mapping in aws_launch_template.this.block_device_mappings : tobool(mapping.ebs[0].encrypted) && tobool(mapping.ebs[0].delete_on_termination)])
    error_message = "Every volume is encrypted, and goes with its instance."
  }

  assert {
    condition     = aws_launch_template.this.user_data == null
    error_message = "Without a mount there is nothing to run."
  }
}

run "mounts" {
  variables {
    user_data_script = "#!/bin/bash\necho '$${HOME} %%{if} {{ x }}'\n"
    volumes = [
      { name = "logs", size = 20, mount = "/data/logs" },
      { name = "data", size = 200, mount = "/data" },
      { name = "raw", size = 20 },
    ]
  }

  assert {
    condition     = strcontains(base64decode(aws_launch_template.this.user_data), "mounts='${base64encode("/dev/sdg")} ${base64encode("/data")}\n${base64encode("/dev/sdf")} ${base64encode("/data/logs")}'")
    error_message = "Devices and directories are in the script as base64, the outer directory first."
  }

  assert {
    condition     = endswith(base64decode(aws_launch_template.this.user_data), "\n${base64encode(var.user_data_script)}\n--customer-compute--\n")
    error_message = "The given script is a part of its own, as it was written."
  }

  assert {
    condition     = aws_autoscaling_group.this.health_check_type == "ELB"
    error_message = "What a script sets up is judged by the load balancer."
  }
}

run "mounts_alone" {
  variables {
    volumes = [{ name = "data", size = 200, mount = "/data" }]
  }

  assert {
    condition     = length(split("--customer-compute\n", base64decode(aws_launch_template.this.user_data))) == 2
    error_message = "Without a script there is one part."
  }

  assert {
    condition     = aws_autoscaling_group.this.health_check_type == "EC2"
    error_message = "A volume alone serves nothing."
  }
}

run "largest_script_with_mounts" {
  command = plan

  variables {
    user_data_script = join("", [for i in range(144) : join("", [for j in range(64) : "a"])])
    volumes          = [for i in range(11) : { name = "data-${i}", size = 200, mount = "/${join("", [for j in range(31) : "a"])}/data-${i}" }]
  }

  assert {
    condition     = length(var.user_data_script) == 9216
    error_message = "9 KiB have room next to what mounts eleven volumes."
  }
}

run "script_too_large_with_mounts" {
  command = plan

  variables {
    user_data_script = join("", [for i in range(256) : join("", [for j in range(64) : "a"])])
    volumes          = [{ name = "data", size = 200, mount = "/data" }]
  }

  expect_failures = [aws_launch_template.this]
}

run "more_volumes_than_free_names" {
  command = plan

  variables {
    ami_id  = "ami-0123456789abcdef0"
    volumes = [for i in range(11) : { name = "data-${i}", size = 200 }]
  }

  expect_failures = [aws_launch_template.this]
}

run "allowed_ranges" {
  variables {
    allowed_cidr_blocks = ["203.0.113.0/24", "203.0.113.7/24", "198.51.100.9/32"]
  }

  assert {
    condition     = keys(aws_vpc_security_group_ingress_rule.load_balancer) == ["80 198.51.100.9/32", "80 203.0.113.0/24"]
    error_message = "Given ranges take the VPC's place; two spellings of one range are one rule."
  }
}

run "certificate" {
  variables {
    ssl_certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"
    allowed_cidr_blocks = ["0.0.0.0/0"]
  }

  assert {
    condition     = aws_lb_listener.https[0].port == 443 && aws_lb_listener.https[0].certificate_arn == var.ssl_certificate_arn && aws_lb_listener.https[0].default_action[0].target_group_arn == aws_lb_target_group.this[0].arn
    error_message = "With a certificate, port 443 serves."
  }

  assert {
    condition     = aws_lb_listener.http[0].default_action[0].type == "redirect" && aws_lb_listener.http[0].default_action[0].redirect[0].protocol == "HTTPS" && aws_lb_listener.http[0].default_action[0].redirect[0].port == "443" && aws_lb_listener.http[0].default_action[0].target_group_arn == null
    error_message = "Port 80 then redirects to it."
  }

  assert {
    condition     = keys(aws_vpc_security_group_ingress_rule.load_balancer) == ["443 0.0.0.0/0", "80 0.0.0.0/0"] && aws_vpc_security_group_ingress_rule.load_balancer["443 0.0.0.0/0"].from_port == 443
    error_message = "Both ports are open to the given range."
  }
}

run "database_secret" {
  variables {
    master_user_secret_arn = "arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:rds!db-0a1b2c3d-AbCdEf"
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.database_secret.policy).Statement[*].Effect == ["Allow", "Allow"]
    error_message = "With a database, two things are allowed."
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.database_secret.policy).Statement[0].Resource == [var.master_user_secret_arn] && jsondecode(aws_iam_role_policy.database_secret.policy).Statement[0].Action == ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"]
    error_message = "Exactly the given secret may be read."
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.database_secret.policy).Statement[1].Action == ["kms:Decrypt"] && jsondecode(aws_iam_role_policy.database_secret.policy).Statement[1].Resource == ["arn:aws-cn:kms:cn-north-1:123456789012:key/*"]
    error_message = "A key of the secret's account and region may decrypt."
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.database_secret.policy).Statement[1].Condition.StringEquals["kms:EncryptionContext:SecretARN"] == var.master_user_secret_arn && jsondecode(aws_iam_role_policy.database_secret.policy).Statement[1].Condition.StringEquals["kms:ViaService"] == "secretsmanager.cn-north-1.amazonaws.com"
    error_message = "It may decrypt that secret alone, and only for Secrets Manager."
  }
}

run "secrets_of_further_databases" {
  variables {
    master_user_secret_arn = "arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:rds!db-0a1b2c3d-AbCdEf"
    database_secret_arns = [
      "arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:rds!db-1a1b2c3d-AbCdEf",
      "arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:database-master/tracker-orders-AbCdEf",
    ]
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.database_secret.policy).Statement[*].Sid == ["ReadDatabaseSecret", "DecryptDatabaseSecret", "ReadDatabaseSecrets", "DecryptDatabaseSecrets"]
    error_message = "What is allowed of the one secret stands beside what is allowed of the others."
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.database_secret.policy).Statement[0].Resource == [var.master_user_secret_arn] && jsondecode(aws_iam_role_policy.database_secret.policy).Statement[1].Condition.StringEquals["kms:EncryptionContext:SecretARN"] == var.master_user_secret_arn
    error_message = "The one secret's statements stay what they are."
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.database_secret.policy).Statement[2].Resource == [for arn in var.database_secret_arns : arn] && jsondecode(aws_iam_role_policy.database_secret.policy).Statement[3].Condition.StringEquals["kms:EncryptionContext:SecretARN"] == [for arn in var.database_secret_arns : arn]
    error_message = "Exactly the given secrets may be read and decrypted."
  }
}

run "secrets_of_further_databases_alone" {
  variables {
    database_secret_arns = ["arn:aws:secretsmanager:eu-west-1:123456789012:secret:rds!db-1a1b2c3d-AbCdEf"]
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.database_secret.policy).Statement[*].Sid == ["ReadDatabaseSecrets", "DecryptDatabaseSecrets"] && jsondecode(aws_iam_role_policy.database_secret.policy).Statement[1].Resource == ["arn:aws:kms:eu-west-1:123456789012:key/*"]
    error_message = "Without the section `database` the others' secrets alone may be read."
  }
}

run "buckets" {
  variables {
    bucket_arns     = ["arn:aws:s3:::shop-staging-uploads"]
    bucket_key_arns = ["arn:aws:kms:eu-west-1:123456789012:key/12345678-1234-1234-1234-123456789012"]
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.buckets[0].policy).Statement[*].Resource == [["arn:aws:s3:::shop-staging-uploads"], ["arn:aws:s3:::shop-staging-uploads/*"], [for arn in var.bucket_key_arns : arn]]
    error_message = "Exactly the given buckets and keys may be used."
  }

  assert {
    condition     = alltrue([for action in flatten(jsondecode(aws_iam_role_policy.buckets[0].policy).Statement[*].Action) : !strcontains(action, "*") && !strcontains(action, "Policy") && !contains(["s3:DeleteBucket", "s3:DeleteObjectVersion"], action)])
    error_message = "Instances read and write, and neither delete versions nor change a bucket."
  }
}

run "queues" {
  variables {
    queue_arns = ["arn:aws:sqs:eu-west-1:123456789012:shop-staging-1a2b3c4d", "arn:aws:sqs:eu-west-1:123456789012:shop-staging-5e6f7a8b.fifo"]
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.queues[0].policy).Statement[0].Resource == [for arn in var.queue_arns : arn]
    error_message = "Exactly the given queues may be used."
  }

  assert {
    condition     = alltrue([for action in jsondecode(aws_iam_role_policy.queues[0].policy).Statement[0].Action : !contains(["sqs:*", "sqs:DeleteQueue", "sqs:PurgeQueue", "sqs:SetQueueAttributes"], action)])
    error_message = "Instances send and receive, and change no queue."
  }
}

run "alarms_notify" {
  variables {
    enable_cloudwatch = true
    min_instances     = 1
    max_instances     = 4
    alarm_topic_arns  = ["arn:aws:sns:eu-west-1:123456789012:own", "arn:aws:sns:eu-west-1:123456789012:shared"]
  }

  assert {
    condition = alltrue([for alarm in [
      aws_cloudwatch_metric_alarm.unhealthy_targets[0],
      aws_cloudwatch_metric_alarm.target_errors[0],
      aws_cloudwatch_metric_alarm.load_balancer_errors[0],
      aws_cloudwatch_metric_alarm.at_maximum[0],
    ] : alarm.alarm_actions == toset(var.alarm_topic_arns) && alarm.ok_actions == toset(var.alarm_topic_arns)])
    error_message = "Each alarm notifies every topic when it begins and when it ends."
  }

  assert {
    condition     = !contains(aws_cloudwatch_metric_alarm.scale_in.alarm_actions, var.alarm_topic_arns[0])
    error_message = "Taking an instance away is no reason to notify anybody."
  }
}

run "neither_buckets_nor_queues" {
  assert {
    condition     = length(aws_iam_role_policy.buckets) == 0 && length(aws_iam_role_policy.queues) == 0
    error_message = "Without a bucket or a queue nothing is said of any."
  }
}

run "tags" {
  variables {
    tags = {
      team = "payments"
      Name = "not this"
    }
  }

  assert {
    condition     = { for specification in aws_launch_template.this.tag_specifications : specification.resource_type => specification.tags } == { instance = tomap({ team = "payments", Name = "shop-staging-1a2b3c4d" }), volume = tomap({ team = "payments", Name = "shop-staging-1a2b3c4d" }) }
    error_message = "Instances and volumes carry the tags, and the platform's Name."
  }

  assert {
    condition     = { for tag in aws_autoscaling_group.this.tag : tag.key => tag.value } == { team = "payments", Name = "shop-staging-1a2b3c4d" }
    error_message = "The group carries the tags as well."
  }
}

run "production" {
  variables {
    environment   = "production"
    protected     = true
    min_instances = 2
    max_instances = 10
  }

  assert {
    condition     = aws_lb.this[0].enable_deletion_protection
    error_message = "The load balancer of a protected environment refuses to be deleted."
  }
}

run "longest_name" {
  variables {
    name              = "abcdefghijklmno-12345678"
    enable_cloudwatch = true
    memory_threshold  = 80
  }

  assert {
    condition     = length(aws_lb.this[0].name) <= 32 && length(aws_lb_target_group.this[0].name) <= 32
    error_message = "Names of load balancer and target group fit into 32 characters."
  }

  assert {
    condition     = length(aws_iam_role.instance.name) <= 64 && length(aws_iam_instance_profile.instance.name) <= 128 && length(aws_iam_role.instance.description) <= 1000
    error_message = "Names of role and profile fit the cloud's limits."
  }

  assert {
    # The provider adds 26 characters to a prefix.
    condition     = length(aws_security_group.instance.name_prefix) <= 229 && length(aws_security_group.load_balancer[0].name_prefix) <= 229 && length(aws_launch_template.this.name_prefix) <= 102
    error_message = "Prefixes leave room for what the provider adds."
  }

  assert {
    condition     = length(aws_autoscaling_group.this.name) <= 255 && length(aws_autoscaling_policy.memory[0].name) <= 255 && length(aws_cloudwatch_metric_alarm.scale_in.alarm_name) <= 255
    error_message = "Names of group, policies and alarms fit into 255 characters."
  }

  assert {
    condition = length(distinct([
      aws_cloudwatch_metric_alarm.scale_in.alarm_name,
      aws_cloudwatch_metric_alarm.unhealthy_targets[0].alarm_name,
      aws_cloudwatch_metric_alarm.target_errors[0].alarm_name,
      aws_cloudwatch_metric_alarm.load_balancer_errors[0].alarm_name,
      aws_cloudwatch_metric_alarm.at_maximum[0].alarm_name,
    ])) == 5
    error_message = "No two alarms share a name."
  }
}
