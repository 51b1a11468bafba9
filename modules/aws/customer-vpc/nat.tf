# The way out of the private subnets.

locals {
  private_zones = sort(keys(var.private_subnets))

  # Protected deployments get one gateway a zone, so that losing a zone takes no other zone's way out with it. Others
  # share the one of the first zone, which stays the same gateway when a zone is added or the deployment is protected.
  nat_gateways = coalesce(var.nat_gateways, !var.enable_nat_gateway ? "none" : var.protected ? "per_zone" : "single")

  nat_zones = {
    none     = []
    single   = slice(local.private_zones, 0, 1)
    per_zone = local.private_zones
  }[local.nat_gateways]

  nat_zone_of = local.nat_gateways == "none" ? {} : {
    for zone in local.private_zones : zone => local.nat_gateways == "per_zone" ? zone : local.nat_zones[0]
  }
}

resource "aws_eip" "nat" {
  for_each = toset(local.nat_zones)

  domain = "vpc"

  tags = {
    Name = "${var.name}-nat-${each.key}"
  }

  # An address can be mapped into a VPC only while the VPC has an internet gateway.
  depends_on = [aws_internet_gateway.this]
}

resource "aws_nat_gateway" "this" {
  for_each = toset(local.nat_zones)

  subnet_id     = aws_subnet.public[each.key].id
  allocation_id = aws_eip.nat[each.key].allocation_id

  tags = {
    Name = "${var.name}-${each.key}"
  }

  depends_on = [aws_route.public_internet, aws_route_table_association.public]
}

resource "aws_route" "private_nat" {
  for_each = local.nat_zone_of

  route_table_id         = aws_route_table.private[each.key].id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.this[each.value].id
}
