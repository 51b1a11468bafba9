# The virtual network of one deployment, and the two security groups that belong to the network itself.

data "aws_region" "current" {}

resource "aws_vpc" "this" {
  cidr_block = var.vpc_cidr

  # Interface endpoints and the database's endpoint resolve to private addresses only with both switched on.
  enable_dns_support   = true
  enable_dns_hostnames = true

  tags = {
    Name = var.name
  }
}

resource "aws_internet_gateway" "this" {
  vpc_id = aws_vpc.this.id

  tags = {
    Name = var.name
  }
}

# Every VPC has a default group that admits its own members and lets them out. Adopting it without rules takes both
# away, so that whatever is started without a group of its own can reach nothing and be reached by nothing.
resource "aws_default_security_group" "this" {
  vpc_id = aws_vpc.this.id

  tags = {
    Name = "${var.name}-default-closed"
  }
}

# The network owns this group because both sides need it: compute carries it, the database admits it, and with
# services each of them stands in a root module of its own. It has no rules; it is only a name to admit.
resource "aws_security_group" "database_client" {
  name_prefix = "${var.name}-database-client-"
  description = "Carried by what may reach the databases of ${var.environment}"
  vpc_id      = aws_vpc.this.id

  tags = {
    Name = "${var.name}-database-client"
  }

  # Databases and instances refer to the group, so a successor must exist before it can go. That is also why the
  # name is a prefix: two groups of one VPC cannot share a name.
  lifecycle {
    create_before_destroy = true
  }
}
