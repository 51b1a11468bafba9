resource "aws_vpc" "this" {
  cidr_block           = var.vpc_cidr
  enable_dns_support   = true
  enable_dns_hostnames = true

  tags = {
    Name = var.name
  }
}

resource "aws_subnet" "private" {
  for_each = var.private_subnets

  availability_zone = each.key
  cidr_block        = each.value
  vpc_id            = aws_vpc.this.id

  tags = {
    Name = "${var.name}-private-${each.key}"
    Vpc  = aws_vpc.this.id
  }
}

resource "aws_security_group" "database_client" {
  name        = "${var.name}-database-client"
  description = "Carried by what may reach the ${var.environment} databases"
  vpc_id      = aws_vpc.this.id
}
