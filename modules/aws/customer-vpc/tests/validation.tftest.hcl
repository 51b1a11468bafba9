# Each validation refuses what it is there to refuse.

mock_provider "aws" {}

variables {
  name        = "shop-staging-1a2b3c4d"
  environment = "staging"
  vpc_cidr    = "10.20.0.0/16"
  public_subnets = {
    eu-west-1a = "10.20.0.0/21"
    eu-west-1b = "10.20.8.0/21"
  }
  private_subnets = {
    eu-west-1a = "10.20.64.0/21"
    eu-west-1b = "10.20.72.0/21"
  }
  database_subnets = {
    eu-west-1a = "10.20.128.0/21"
    eu-west-1b = "10.20.136.0/21"
  }
}

run "name_too_long" {
  command = plan

  variables {
    name = "abcdefghijklmnop-12345678"
  }

  expect_failures = [var.name]
}

run "name_with_upper_case" {
  command = plan

  variables {
    name = "Shop"
  }

  expect_failures = [var.name]
}

run "name_ends_with_hyphen" {
  command = plan

  variables {
    name = "shop-"
  }

  expect_failures = [var.name]
}

run "name_with_two_hyphens" {
  command = plan

  variables {
    name = "shop--staging"
  }

  expect_failures = [var.name]
}

run "name_empty" {
  command = plan

  variables {
    name = ""
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

run "name_of_the_cloud" {
  command = plan

  variables {
    name = "aws-shop"
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

run "environment_with_space" {
  command = plan

  variables {
    environment = "pre production"
  }

  expect_failures = [var.environment]
}

run "environment_too_long" {
  command = plan

  variables {
    environment = "abcdefghijklmnopqrstuvwxyz-123456"
  }

  expect_failures = [var.environment]
}

run "vpc_cidr_too_large" {
  command = plan

  variables {
    vpc_cidr = "10.0.0.0/15"
  }

  expect_failures = [var.vpc_cidr]
}

run "vpc_cidr_with_host_bits" {
  command = plan

  variables {
    vpc_cidr = "10.20.0.1/16"
  }

  expect_failures = [var.vpc_cidr]
}

run "vpc_cidr_is_no_range" {
  command = plan

  variables {
    vpc_cidr = "10.20.0.0"
  }

  expect_failures = [var.vpc_cidr]
}

run "vpc_cidr_is_ipv6" {
  command = plan

  variables {
    vpc_cidr = "fd00::/16"
  }

  expect_failures = [var.vpc_cidr]
}

run "one_public_zone" {
  command = plan

  variables {
    public_subnets = { eu-west-1a = "10.20.0.0/21" }
  }

  expect_failures = [var.public_subnets]
}

run "seven_public_zones" {
  command = plan

  variables {
    public_subnets = { for i, letter in ["a", "b", "c", "d", "e", "f", "g"] : "eu-west-1${letter}" => cidrsubnet("10.20.0.0/16", 5, i) }
  }

  expect_failures = [var.public_subnets]
}

run "public_zone_is_a_letter" {
  command = plan

  variables {
    public_subnets = { a = "10.20.0.0/21", eu-west-1a = "10.20.8.0/21", eu-west-1b = "10.20.16.0/21" }
  }

  expect_failures = [var.public_subnets]
}

run "public_subnet_with_host_bits" {
  command = plan

  variables {
    public_subnets = { eu-west-1a = "10.20.0.1/21", eu-west-1b = "10.20.8.0/21" }
  }

  expect_failures = [var.public_subnets]
}

run "public_subnet_too_small" {
  command = plan

  variables {
    public_subnets = { eu-west-1a = "10.20.0.0/29", eu-west-1b = "10.20.8.0/21" }
  }

  expect_failures = [var.public_subnets]
}

run "public_subnet_outside" {
  command = plan

  variables {
    public_subnets = { eu-west-1a = "10.21.0.0/21", eu-west-1b = "10.20.8.0/21" }
  }

  expect_failures = [var.public_subnets]
}

run "public_subnet_larger_than_the_network" {
  command = plan

  variables {
    public_subnets = { eu-west-1a = "10.0.0.0/8", eu-west-1b = "10.20.8.0/21" }
  }

  expect_failures = [var.public_subnets]
}

run "public_lacks_a_private_zone" {
  command = plan

  variables {
    public_subnets = { eu-west-1a = "10.20.0.0/21", eu-west-1c = "10.20.16.0/21" }
  }

  expect_failures = [var.public_subnets]
}

run "public_overlaps_public" {
  command = plan

  variables {
    public_subnets = { eu-west-1a = "10.20.8.0/22", eu-west-1b = "10.20.8.0/21" }
  }

  expect_failures = [var.public_subnets]
}

run "public_overlaps_private" {
  command = plan

  variables {
    public_subnets = { eu-west-1a = "10.20.0.0/21", eu-west-1b = "10.20.64.0/22" }
  }

  expect_failures = [var.public_subnets]
}

run "public_overlaps_database" {
  command = plan

  variables {
    public_subnets = { eu-west-1a = "10.20.0.0/21", eu-west-1b = "10.20.128.0/20" }
  }

  expect_failures = [var.public_subnets]
}

run "no_private_zone" {
  command = plan

  variables {
    private_subnets = {}
  }

  expect_failures = [var.private_subnets]
}

run "seven_private_zones" {
  command = plan

  variables {
    public_subnets  = { for i, letter in ["a", "b", "c", "d", "e", "f"] : "eu-west-1${letter}" => cidrsubnet("10.20.0.0/16", 5, i) }
    private_subnets = { for i, letter in ["a", "b", "c", "d", "e", "f", "g"] : "eu-west-1${letter}" => cidrsubnet("10.20.0.0/16", 5, 8 + i) }
  }

  expect_failures = [var.private_subnets]
}

run "private_zone_is_a_region" {
  command = plan

  variables {
    private_subnets = { eu-west-1 = "10.20.64.0/21" }
  }

  expect_failures = [var.private_subnets]
}

run "private_subnet_with_host_bits" {
  command = plan

  variables {
    private_subnets = { eu-west-1a = "10.20.64.9/21" }
  }

  expect_failures = [var.private_subnets]
}

run "private_subnet_outside" {
  command = plan

  variables {
    private_subnets = { eu-west-1a = "192.168.0.0/21" }
  }

  expect_failures = [var.private_subnets]
}

run "one_database_zone" {
  command = plan

  variables {
    database_subnets = { eu-west-1a = "10.20.128.0/21" }
  }

  expect_failures = [var.database_subnets]
}

run "seven_database_zones" {
  command = plan

  variables {
    database_subnets = { for i, letter in ["a", "b", "c", "d", "e", "f", "g"] : "eu-west-1${letter}" => cidrsubnet("10.20.0.0/16", 5, 16 + i) }
  }

  expect_failures = [var.database_subnets]
}

run "database_zone_is_a_number" {
  command = plan

  variables {
    database_subnets = { "1" = "10.20.128.0/21", eu-west-1b = "10.20.136.0/21" }
  }

  expect_failures = [var.database_subnets]
}

run "database_subnet_with_host_bits" {
  command = plan

  variables {
    database_subnets = { eu-west-1a = "10.20.128.1/21", eu-west-1b = "10.20.136.0/21" }
  }

  expect_failures = [var.database_subnets]
}

run "database_subnet_outside" {
  command = plan

  variables {
    database_subnets = { eu-west-1a = "10.21.128.0/21", eu-west-1b = "10.20.136.0/21" }
  }

  expect_failures = [var.database_subnets]
}

run "nat_gateways_of_another_word" {
  command = plan

  variables {
    nat_gateways = "two"
  }

  expect_failures = [var.nat_gateways]
}
