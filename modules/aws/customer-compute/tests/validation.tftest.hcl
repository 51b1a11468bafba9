# Each validation refuses what it is there to refuse.

mock_provider "aws" {}

variables {
  name               = "shop-staging-1a2b3c4d"
  environment        = "staging"
  vpc_id             = "vpc-0123456789abcdef0"
  vpc_cidr           = "10.20.0.0/16"
  public_subnet_ids  = ["subnet-0a", "subnet-0b"]
  private_subnet_ids = ["subnet-1a"]
  instance_type      = "t3.small"
  architecture       = "x86_64"
  min_instances      = 1
  max_instances      = 3
}

run "name_too_long" {
  command = plan

  variables {
    name = "abcdefghijklmnop-12345678"
  }

  expect_failures = [var.name]
}

run "name_with_underscore" {
  command = plan

  variables {
    name = "shop_staging"
  }

  expect_failures = [var.name]
}

run "name_of_a_security_group" {
  command = plan

  variables {
    name = "sg-shop"
  }

  expect_failures = [var.name]
}

run "name_internal" {
  command = plan

  variables {
    name = "internal-shop"
  }

  expect_failures = [var.name]
}

run "environment_with_upper_case" {
  command = plan

  variables {
    environment = "Staging"
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

run "vpc_cidr_with_host_bits" {
  command = plan

  variables {
    vpc_cidr = "10.20.0.1/16"
  }

  expect_failures = [var.vpc_cidr]
}

run "vpc_cidr_is_ipv6" {
  command = plan

  variables {
    vpc_cidr = "fd00::/56"
  }

  expect_failures = [var.vpc_cidr]
}

run "one_public_subnet" {
  command = plan

  variables {
    public_subnet_ids = ["subnet-0a"]
  }

  expect_failures = [var.public_subnet_ids]
}

run "no_private_subnet" {
  command = plan

  variables {
    private_subnet_ids = []
  }

  expect_failures = [var.private_subnet_ids]
}

run "five_more_security_groups" {
  command = plan

  variables {
    security_group_ids = ["sg-1", "sg-2", "sg-3", "sg-4", "sg-5"]
  }

  expect_failures = [var.security_group_ids]
}

run "instance_type_without_size" {
  command = plan

  variables {
    instance_type = "t3"
  }

  expect_failures = [var.instance_type]
}

run "architecture_of_another_name" {
  command = plan

  variables {
    architecture = "amd64"
  }

  expect_failures = [var.architecture]
}

run "min_instances_negative" {
  command = plan

  variables {
    min_instances = -1
  }

  expect_failures = [var.min_instances]
}

run "min_instances_fraction" {
  command = plan

  variables {
    min_instances = 0.5
  }

  expect_failures = [var.min_instances]
}

run "min_instances_too_many" {
  command = plan

  variables {
    min_instances = 1001
    max_instances = 1001
  }

  expect_failures = [var.min_instances]
}

run "max_instances_negative" {
  command = plan

  variables {
    min_instances = 0
    max_instances = -1
  }

  expect_failures = [var.max_instances]
}

run "max_instances_fraction" {
  command = plan

  variables {
    max_instances = 1.5
  }

  expect_failures = [var.max_instances]
}

run "max_instances_too_many" {
  command = plan

  variables {
    max_instances = 1001
  }

  expect_failures = [var.max_instances]
}

run "max_instances_below_min" {
  command = plan

  variables {
    max_instances = 0
  }

  expect_failures = [var.max_instances]
}

run "ami_id_too_short" {
  command = plan

  variables {
    ami_id = "ami-1234567"
  }

  expect_failures = [var.ami_id]
}

run "ami_id_with_upper_case" {
  command = plan

  variables {
    ami_id = "ami-0123456789ABCDEF0"
  }

  expect_failures = [var.ami_id]
}

run "key_name_empty" {
  command = plan

  variables {
    key_name = ""
  }

  expect_failures = [var.key_name]
}

run "key_name_too_long" {
  command = plan

  variables {
    key_name = join("", [for i in range(256) : "k"])
  }

  expect_failures = [var.key_name]
}

run "user_data_one_byte_too_long" {
  command = plan

  variables {
    user_data_script = "${join("", [for i in range(128) : join("", [for j in range(64) : "é"])])}x"
  }

  expect_failures = [var.user_data_script]
}

run "cpu_threshold_zero" {
  command = plan

  variables {
    cpu_threshold = 0
  }

  expect_failures = [var.cpu_threshold]
}

run "cpu_threshold_over_100" {
  command = plan

  variables {
    cpu_threshold = 101
  }

  expect_failures = [var.cpu_threshold]
}

run "memory_threshold_zero" {
  command = plan

  variables {
    memory_threshold = 0
  }

  expect_failures = [var.memory_threshold]
}

run "memory_threshold_over_100" {
  command = plan

  variables {
    memory_threshold = 101
  }

  expect_failures = [var.memory_threshold]
}

run "scale_up_cooldown_negative" {
  command = plan

  variables {
    scale_up_cooldown = -1
  }

  expect_failures = [var.scale_up_cooldown]
}

run "scale_up_cooldown_over_a_day" {
  command = plan

  variables {
    scale_up_cooldown = 86401
  }

  expect_failures = [var.scale_up_cooldown]
}

run "scale_up_cooldown_fraction" {
  command = plan

  variables {
    scale_up_cooldown = 0.5
  }

  expect_failures = [var.scale_up_cooldown]
}

run "scale_down_cooldown_negative" {
  command = plan

  variables {
    scale_down_cooldown = -1
  }

  expect_failures = [var.scale_down_cooldown]
}

run "scale_down_cooldown_over_a_day" {
  command = plan

  variables {
    scale_down_cooldown = 86401
  }

  expect_failures = [var.scale_down_cooldown]
}

run "scale_down_cooldown_fraction" {
  command = plan

  variables {
    scale_down_cooldown = 0.5
  }

  expect_failures = [var.scale_down_cooldown]
}

run "allowed_address_without_prefix" {
  command = plan

  variables {
    allowed_cidr_blocks = ["203.0.113.7"]
  }

  expect_failures = [var.allowed_cidr_blocks]
}

run "allowed_range_is_ipv6" {
  command = plan

  variables {
    allowed_cidr_blocks = ["2001:db8::/32"]
  }

  expect_failures = [var.allowed_cidr_blocks]
}

run "certificate_of_iam" {
  command = plan

  variables {
    ssl_certificate_arn = "arn:aws:iam::123456789012:server-certificate/shop"
  }

  expect_failures = [var.ssl_certificate_arn]
}

run "secret_is_no_arn" {
  command = plan

  variables {
    master_user_secret_arn = "rds!db-0a1b2c3d-AbCdEf"
  }

  expect_failures = [var.master_user_secret_arn]
}

run "database_secret_arns_are_no_names" {
  command = plan

  variables {
    database_secret_arns = ["arn:aws:secretsmanager:eu-west-1:123456789012:secret:rds!db-0a1b2c3d-AbCdEf", "rds!db-0a1b2c3d-AbCdEf"]
  }

  expect_failures = [var.database_secret_arns]
}

run "bucket_arns_are_no_names" {
  command = plan

  variables {
    bucket_arns = ["shop-staging-uploads"]
  }

  expect_failures = [var.bucket_arns]
}

run "bucket_key_arns_are_no_ids" {
  command = plan

  variables {
    bucket_key_arns = ["12345678-1234-1234-1234-123456789012"]
  }

  expect_failures = [var.bucket_key_arns]
}

run "queue_arns_are_no_names" {
  command = plan

  variables {
    queue_arns = ["shop-staging-1a2b3c4d"]
  }

  expect_failures = [var.queue_arns]
}

run "alarm_topic_arns_are_no_names" {
  command = plan

  variables {
    alarm_topic_arns = ["shop-staging-1a2b3c4d-notifications"]
  }

  expect_failures = [var.alarm_topic_arns]
}

run "more_topics_than_an_alarm_notifies" {
  command = plan

  variables {
    alarm_topic_arns = [for i in range(6) : "arn:aws:sns:eu-west-1:123456789012:topic-${i}"]
  }

  expect_failures = [var.alarm_topic_arns]
}

run "too_many_tags" {
  command = plan

  variables {
    tags = { for i in range(50) : "key${i}" => "value" }
  }

  expect_failures = [var.tags]
}

run "tag_of_the_cloud" {
  command = plan

  variables {
    tags = { "AWS:owner" = "shop" }
  }

  expect_failures = [var.tags]
}

run "tag_key_empty" {
  command = plan

  variables {
    tags = { "" = "shop" }
  }

  expect_failures = [var.tags]
}

run "tag_value_too_long" {
  command = plan

  variables {
    tags = { note = join("", [for i in range(257) : "v"]) }
  }

  expect_failures = [var.tags]
}

run "port_0" {
  command = plan

  variables {
    port = 0
  }

  expect_failures = [var.port]
}

run "port_too_large" {
  command = plan

  variables {
    port = 65536
  }

  expect_failures = [var.port]
}

run "port_with_a_fraction" {
  command = plan

  variables {
    port = 80.5
  }

  expect_failures = [var.port]
}

run "health_check_without_slash" {
  command = plan

  variables {
    health_check_path = "health"
  }

  expect_failures = [var.health_check_path]
}

run "health_check_with_a_space" {
  command = plan

  variables {
    health_check_path = "/a b"
  }

  expect_failures = [var.health_check_path]
}

run "health_check_too_long" {
  command = plan

  variables {
    health_check_path = "/${join("", [for i in range(1024) : "a"])}"
  }

  expect_failures = [var.health_check_path]
}

run "load_balancer_of_another_word" {
  command = plan

  variables {
    load_balancer = "private"
  }

  expect_failures = [var.load_balancer]
}

run "internal_in_one_zone" {
  command = plan

  variables {
    load_balancer = "internal"
  }

  expect_failures = [var.load_balancer]
}

run "root_volume_too_small" {
  command = plan

  variables {
    root_volume_size = 7
  }

  expect_failures = [var.root_volume_size]
}

run "root_volume_too_large" {
  command = plan

  variables {
    root_volume_size = 16385
  }

  expect_failures = [var.root_volume_size]
}

run "too_many_volumes" {
  command = plan

  variables {
    volumes = [for i in range(12) : { name = "data-${i}", size = 10 }]
  }

  expect_failures = [var.volumes]
}

run "volume_name_twice" {
  command = plan

  variables {
    volumes = [{ name = "data", size = 10 }, { name = "data", size = 20 }]
  }

  expect_failures = [var.volumes]
}

run "volume_name_with_underscore" {
  command = plan

  variables {
    volumes = [{ name = "my_data", size = 10 }]
  }

  expect_failures = [var.volumes]
}

run "volume_of_another_type" {
  command = plan

  variables {
    volumes = [{ name = "data", size = 10, type = "gp2" }]
  }

  expect_failures = [var.volumes]
}

run "volume_of_no_size" {
  command = plan

  variables {
    volumes = [{ name = "data", size = 0 }]
  }

  expect_failures = [var.volumes]
}

run "volume_too_large" {
  command = plan

  variables {
    volumes = [{ name = "data", size = 16385 }]
  }

  expect_failures = [var.volumes]
}

run "st1_too_small" {
  command = plan

  variables {
    volumes = [{ name = "data", size = 124, type = "st1" }]
  }

  expect_failures = [var.volumes]
}

run "io2_without_iops" {
  command = plan

  variables {
    volumes = [{ name = "data", size = 10, type = "io2" }]
  }

  expect_failures = [var.volumes]
}

run "io2_with_too_many_iops" {
  command = plan

  variables {
    volumes = [{ name = "data", size = 16384, type = "io2", iops = 64001 }]
  }

  expect_failures = [var.volumes]
}

run "iops_above_the_size" {
  command = plan

  variables {
    volumes = [{ name = "data", size = 10, iops = 5001 }]
  }

  expect_failures = [var.volumes]
}

run "gp3_with_too_few_iops" {
  command = plan

  variables {
    volumes = [{ name = "data", size = 10, iops = 2999 }]
  }

  expect_failures = [var.volumes]
}

run "sc1_with_iops" {
  command = plan

  variables {
    volumes = [{ name = "data", size = 200, type = "sc1", iops = 200 }]
  }

  expect_failures = [var.volumes]
}

run "mount_twice" {
  command = plan

  variables {
    volumes = [{ name = "data", size = 10, mount = "/data" }, { name = "more", size = 10, mount = "/data" }]
  }

  expect_failures = [var.volumes]
}

run "mount_root" {
  command = plan

  variables {
    volumes = [{ name = "data", size = 10, mount = "/" }]
  }

  expect_failures = [var.volumes]
}

run "mount_of_the_system" {
  command = plan

  variables {
    volumes = [{ name = "data", size = 10, mount = "/etc/app" }]
  }

  expect_failures = [var.volumes]
}

run "mount_of_var" {
  command = plan

  variables {
    volumes = [{ name = "data", size = 10, mount = "/var" }]
  }

  expect_failures = [var.volumes]
}

run "mount_of_usr" {
  command = plan

  variables {
    volumes = [{ name = "data", size = 10, mount = "/usr/share/app" }]
  }

  expect_failures = [var.volumes]
}

run "mount_that_is_relative" {
  command = plan

  variables {
    volumes = [{ name = "data", size = 10, mount = "data" }]
  }

  expect_failures = [var.volumes]
}

run "mount_with_a_slash_at_its_end" {
  command = plan

  variables {
    volumes = [{ name = "data", size = 10, mount = "/data/" }]
  }

  expect_failures = [var.volumes]
}

run "mount_above_itself" {
  command = plan

  variables {
    volumes = [{ name = "data", size = 10, mount = "/data/../etc" }]
  }

  expect_failures = [var.volumes]
}

run "mount_with_a_quote" {
  command = plan

  variables {
    volumes = [{ name = "data", size = 10, mount = "/data'" }]
  }

  expect_failures = [var.volumes]
}

run "mount_with_a_line_break" {
  command = plan

  variables {
    volumes = [{ name = "data", size = 10, mount = "/data\n/etc" }]
  }

  expect_failures = [var.volumes]
}

run "mount_of_nothing" {
  command = plan

  variables {
    volumes = [{ name = "data", size = 10, mount = "" }]
  }

  expect_failures = [var.volumes]
}
