# What the network consists of: defaults, each option, a protected environment, one to six zones. Everything is mocked,
# so that no run reaches a cloud.

mock_provider "aws" {
  mock_data "aws_region" {
    defaults = {
      region = "eu-west-1"
    }
  }
}

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

run "defaults" {
  assert {
    condition     = aws_vpc.this.cidr_block == "10.20.0.0/16" && aws_vpc.this.enable_dns_hostnames && aws_vpc.this.enable_dns_support
    error_message = "The VPC has the given range and resolves private names."
  }

  assert {
    condition     = tomap({ for zone, subnet in aws_subnet.public : subnet.availability_zone => subnet.cidr_block }) == var.public_subnets
    error_message = "Each public subnet stands in its zone with its range."
  }

  assert {
    condition     = tomap({ for zone, subnet in aws_subnet.private : subnet.availability_zone => subnet.cidr_block }) == var.private_subnets
    error_message = "Each private subnet stands in its zone with its range."
  }

  assert {
    condition     = tomap({ for zone, subnet in aws_subnet.database : subnet.availability_zone => subnet.cidr_block }) == var.database_subnets
    error_message = "Each database subnet stands in its zone with its range."
  }

  assert {
    condition = !anytrue(concat(
      values(aws_subnet.public)[*].map_public_ip_on_launch,
      values(aws_subnet.private)[*].map_public_ip_on_launch,
      values(aws_subnet.database)[*].map_public_ip_on_launch,
    ))
    error_message = "No subnet hands out public addresses."
  }

  assert {
    condition     = keys(aws_nat_gateway.this) == ["eu-west-1a"] && aws_nat_gateway.this["eu-west-1a"].subnet_id == aws_subnet.public["eu-west-1a"].id
    error_message = "One NAT gateway stands in the first zone's public subnet."
  }

  assert {
    condition     = alltrue([for route in aws_route.private_nat : route.nat_gateway_id == aws_nat_gateway.this["eu-west-1a"].id && route.destination_cidr_block == "0.0.0.0/0"]) && length(aws_route.private_nat) == 2
    error_message = "Both private subnets go out through the one gateway."
  }

  assert {
    condition     = aws_route.public_internet.gateway_id == aws_internet_gateway.this.id && aws_route.public_internet.route_table_id == aws_route_table.public.id
    error_message = "Public subnets go out through the internet gateway."
  }

  assert {
    condition     = alltrue([for association in aws_route_table_association.database : association.route_table_id == aws_route_table.database.id]) && length(aws_route_table_association.database) == 2
    error_message = "Database subnets use the database table."
  }

  assert {
    condition     = !contains(concat([aws_route.public_internet.route_table_id], values(aws_route.private_nat)[*].route_table_id), aws_route_table.database.id)
    error_message = "No route is put into the database table."
  }

  assert {
    condition     = aws_vpc_endpoint.s3.service_name == "com.amazonaws.eu-west-1.s3" && aws_vpc_endpoint.s3.vpc_endpoint_type == "Gateway"
    error_message = "S3 has a gateway endpoint of the region."
  }

  assert {
    condition     = toset(aws_vpc_endpoint.s3.route_table_ids) == toset(concat([aws_route_table.public.id], values(aws_route_table.private)[*].id))
    error_message = "The S3 endpoint serves the public and private tables, not the database's."
  }

  assert {
    condition     = aws_default_security_group.this.vpc_id == aws_vpc.this.id && length(aws_default_security_group.this.ingress) == 0 && length(aws_default_security_group.this.egress) == 0
    error_message = "The default security group has no rules."
  }

  assert {
    condition     = aws_flow_log.this.traffic_type == "ALL" && aws_flow_log.this.vpc_id == aws_vpc.this.id && aws_cloudwatch_log_group.flow_logs.retention_in_days == 30
    error_message = "All traffic is logged, and kept for 30 days."
  }

  assert {
    condition     = !strcontains(aws_iam_role_policy.flow_logs.policy, "logs:CreateLogGroup")
    error_message = "Flow logs cannot bring back a log group that was destroyed."
  }

  assert {
    condition     = length(aws_vpn_gateway.this) == 0 && length(aws_vpn_gateway_route_propagation.private) == 0
    error_message = "There is no VPN gateway unless asked for."
  }

  assert {
    condition     = output.vpc_id == aws_vpc.this.id && output.database_client_security_group_id == aws_security_group.database_client.id
    error_message = "The outputs name the VPC and the client group."
  }

  assert {
    condition     = output.public_subnet_ids == [aws_subnet.public["eu-west-1a"].id, aws_subnet.public["eu-west-1b"].id] && output.private_subnet_ids == [aws_subnet.private["eu-west-1a"].id, aws_subnet.private["eu-west-1b"].id] && output.database_subnet_ids == [aws_subnet.database["eu-west-1a"].id, aws_subnet.database["eu-west-1b"].id]
    error_message = "Subnet ids come in the order of the zones."
  }
}

run "without_nat" {
  variables {
    enable_nat_gateway = false
  }

  assert {
    condition     = length(aws_nat_gateway.this) == 0 && length(aws_eip.nat) == 0 && length(aws_route.private_nat) == 0
    error_message = "Without NAT there is neither gateway, nor address, nor default route."
  }

  assert {
    condition     = length(aws_route_table.private) == 2
    error_message = "Private subnets keep their tables."
  }
}

run "protected_without_nat" {
  variables {
    protected          = true
    enable_nat_gateway = false
  }

  assert {
    condition     = length(aws_nat_gateway.this) == 0 && length(aws_eip.nat) == 0
    error_message = "A protected environment gets no NAT gateway that was switched off."
  }
}

run "nat_gateway_in_each_zone" {
  variables {
    nat_gateways = "per_zone"
  }

  assert {
    condition     = keys(aws_nat_gateway.this) == ["eu-west-1a", "eu-west-1b"] && alltrue([for zone, route in aws_route.private_nat : route.nat_gateway_id == aws_nat_gateway.this[zone].id])
    error_message = "Without protection too, each zone gets a gateway of its own where that is asked for."
  }
}

run "protected_with_a_single_nat_gateway" {
  variables {
    protected    = true
    nat_gateways = "single"
  }

  assert {
    condition     = keys(aws_nat_gateway.this) == ["eu-west-1a"] && length(aws_route.private_nat) == 2
    error_message = "A protected environment shares a gateway where that is asked for, and every zone has its way out."
  }
}

run "no_nat_gateways" {
  variables {
    nat_gateways = "none"
  }

  assert {
    condition     = length(aws_nat_gateway.this) == 0 && length(aws_eip.nat) == 0 && length(aws_route.private_nat) == 0
    error_message = "With none there is neither gateway, nor address, nor default route, whatever enable_nat_gateway says."
  }
}

run "vpn" {
  variables {
    enable_vpn = true
  }

  assert {
    condition     = aws_vpn_gateway.this[0].vpc_id == aws_vpc.this.id
    error_message = "The VPN gateway is attached to the VPC."
  }

  assert {
    condition     = toset(values(aws_vpn_gateway_route_propagation.private)[*].route_table_id) == toset(values(aws_route_table.private)[*].id)
    error_message = "The VPN's routes reach the private tables and no others."
  }
}

run "production" {
  variables {
    environment = "production"
    protected   = true
  }

  assert {
    condition     = keys(aws_nat_gateway.this) == ["eu-west-1a", "eu-west-1b"]
    error_message = "A protected environment gets a NAT gateway in each private zone."
  }

  assert {
    condition     = alltrue([for zone, route in aws_route.private_nat : route.nat_gateway_id == aws_nat_gateway.this[zone].id && route.route_table_id == aws_route_table.private[zone].id])
    error_message = "Each private subnet goes out through its own zone."
  }

  assert {
    condition     = alltrue([for zone, gateway in aws_nat_gateway.this : gateway.subnet_id == aws_subnet.public[zone].id && gateway.allocation_id == aws_eip.nat[zone].allocation_id])
    error_message = "Each gateway stands in its zone's public subnet with an address of its own."
  }

  assert {
    condition     = aws_cloudwatch_log_group.flow_logs.retention_in_days == 365
    error_message = "Flow logs of a protected environment are kept for a year."
  }
}

# Load balancers and databases need two zones even where the instances use one.
run "one_private_zone" {
  variables {
    protected       = true
    private_subnets = { eu-west-1a = "10.20.64.0/21" }
  }

  assert {
    condition     = length(aws_subnet.private) == 1 && length(aws_subnet.public) == 2 && keys(aws_nat_gateway.this) == ["eu-west-1a"]
    error_message = "NAT gateways stand in the private zones only."
  }
}

run "one_private_zone_that_is_not_the_first" {
  variables {
    private_subnets = { eu-west-1b = "10.20.72.0/21" }
  }

  assert {
    condition     = keys(aws_nat_gateway.this) == ["eu-west-1b"]
    error_message = "The gateway stands in the zone that uses it."
  }
}

run "three_zones" {
  variables {
    public_subnets   = { for i, letter in ["a", "b", "c"] : "eu-west-1${letter}" => cidrsubnet("10.20.0.0/16", 5, i) }
    private_subnets  = { for i, letter in ["a", "b", "c"] : "eu-west-1${letter}" => cidrsubnet("10.20.0.0/16", 5, 8 + i) }
    database_subnets = { for i, letter in ["a", "b", "c"] : "eu-west-1${letter}" => cidrsubnet("10.20.0.0/16", 5, 16 + i) }
  }

  # The state is the one of the run before, so ids that stay the same are resources that were not touched.
  assert {
    condition     = aws_subnet.private["eu-west-1b"].id == run.one_private_zone_that_is_not_the_first.private_subnet_ids[0]
    error_message = "More zones leave the subnets of the others alone."
  }

  assert {
    condition     = length(output.private_subnet_ids) == 3 && length(output.public_subnet_ids) == 3 && length(output.database_subnet_ids) == 3
    error_message = "Three zones have three subnets of each kind."
  }
}

run "four_zones" {
  variables {
    public_subnets   = { for i, letter in ["a", "b", "c", "d"] : "eu-west-1${letter}" => cidrsubnet("10.20.0.0/16", 5, i) }
    private_subnets  = { for i, letter in ["a", "b", "c", "d"] : "eu-west-1${letter}" => cidrsubnet("10.20.0.0/16", 5, 8 + i) }
    database_subnets = { for i, letter in ["a", "b", "c", "d"] : "eu-west-1${letter}" => cidrsubnet("10.20.0.0/16", 5, 16 + i) }
  }

  assert {
    condition     = slice(output.private_subnet_ids, 0, 3) == run.three_zones.private_subnet_ids && length(output.private_subnet_ids) == 4
    error_message = "A fourth zone is added behind the three."
  }
}

run "five_zones" {
  variables {
    public_subnets   = { for i, letter in ["a", "b", "c", "d", "f"] : "us-east-1${letter}" => cidrsubnet("10.20.0.0/16", 5, i) }
    private_subnets  = { for i, letter in ["a", "b", "c", "d", "f"] : "us-east-1${letter}" => cidrsubnet("10.20.0.0/16", 5, 8 + i) }
    database_subnets = { for i, letter in ["a", "b", "c", "d", "f"] : "us-east-1${letter}" => cidrsubnet("10.20.0.0/16", 5, 16 + i) }
  }

  assert {
    condition     = length(output.private_subnet_ids) == 5 && length(aws_nat_gateway.this) == 1
    error_message = "Five zones share one gateway."
  }
}

run "six_zones_in_the_smallest_network" {
  variables {
    protected        = true
    vpc_cidr         = "10.20.0.0/22"
    public_subnets   = { for i, letter in ["a", "b", "c", "d", "e", "f"] : "us-east-1${letter}" => cidrsubnet("10.20.0.0/22", 5, i) }
    private_subnets  = { for i, letter in ["a", "b", "c", "d", "e", "f"] : "us-east-1${letter}" => cidrsubnet("10.20.0.0/22", 5, 8 + i) }
    database_subnets = { for i, letter in ["a", "b", "c", "d", "e", "f"] : "us-east-1${letter}" => cidrsubnet("10.20.0.0/22", 5, 16 + i) }
  }

  assert {
    condition     = length(output.private_subnet_ids) == 6 && length(aws_nat_gateway.this) == 6 && aws_subnet.database["us-east-1f"].cidr_block == "10.20.2.160/27"
    error_message = "Six zones have six gateways in a protected environment."
  }
}

run "longest_name" {
  variables {
    name        = "abcdefghijklmno-12345678"
    environment = "abcdefghijklmnopqrstuvwxyz-12345"
  }

  assert {
    condition     = length(aws_iam_role.flow_logs.name) <= 64 && length(aws_cloudwatch_log_group.flow_logs.name) <= 512
    error_message = "Names made of the longest name fit the cloud's limits."
  }

  assert {
    # The cloud takes 255 characters, and the provider adds 26 to a prefix.
    condition     = length(aws_security_group.database_client.name_prefix) <= 229 && length(aws_security_group.database_client.description) <= 255
    error_message = "The security group's name and description fit the cloud's limits."
  }

  assert {
    condition     = length(aws_iam_role.flow_logs.description) <= 1000
    error_message = "The role's description fits the cloud's limit."
  }
}
