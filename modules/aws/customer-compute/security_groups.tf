# Outside -> load balancer -> instances, each hop on one port. Names are prefixes, and successors are made first,
# because a group in use cannot be deleted.

locals {
  # With a certificate, port 80 stays open for the redirect.
  listener_ports = var.ssl_certificate_arn == null ? [80] : [80, 443]

  # Host bits are cleared, as the cloud itself stores ranges; otherwise two spellings of one range would be two rules.
  allowed_ranges = length(var.allowed_cidr_blocks) == 0 ? [var.vpc_cidr] : distinct([
    for cidr in var.allowed_cidr_blocks : cidrsubnet(cidr, 0, 0)
  ])

  admitted = { for pair in setproduct(local.has_load_balancer ? local.listener_ports : [], local.allowed_ranges) : "${pair[0]} ${pair[1]}" => {
    port = pair[0]
    cidr = pair[1]
  } }
}

resource "aws_security_group" "load_balancer" {
  count = local.has_load_balancer ? 1 : 0

  name_prefix = "${var.name}-load-balancer-"
  description = "Load balancer of ${var.name}"
  vpc_id      = var.vpc_id

  tags = {
    Name = "${var.name}-load-balancer"
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "load_balancer" {
  for_each = local.admitted

  security_group_id = aws_security_group.load_balancer[0].id
  description       = "Clients"
  ip_protocol       = "tcp"
  from_port         = each.value.port
  to_port           = each.value.port
  cidr_ipv4         = each.value.cidr

  tags = {
    Name = "${var.name}-${each.value.port}"
  }
}

resource "aws_vpc_security_group_egress_rule" "load_balancer_to_instance" {
  count = local.has_load_balancer ? 1 : 0

  security_group_id            = aws_security_group.load_balancer[0].id
  description                  = "Requests and health checks to the instances"
  ip_protocol                  = "tcp"
  from_port                    = var.port
  to_port                      = var.port
  referenced_security_group_id = aws_security_group.instance.id

  tags = {
    Name = "${var.name}-instances"
  }
}

resource "aws_security_group" "instance" {
  name_prefix = "${var.name}-instance-"
  description = "Instances of ${var.name}"
  vpc_id      = var.vpc_id

  tags = {
    Name = "${var.name}-instance"
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "instance_from_load_balancer" {
  count = local.has_load_balancer ? 1 : 0

  security_group_id            = aws_security_group.instance.id
  description                  = "Requests and health checks from the load balancer"
  ip_protocol                  = "tcp"
  from_port                    = var.port
  to_port                      = var.port
  referenced_security_group_id = aws_security_group.load_balancer[0].id

  tags = {
    Name = "${var.name}-load-balancer"
  }
}

# Package repositories, the cloud's own services and the customer's partners are not known here, so the way out is
# open; the network decides what it leads to.
resource "aws_vpc_security_group_egress_rule" "instance_anywhere" {
  security_group_id = aws_security_group.instance.id
  description       = "Anywhere"
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"

  tags = {
    Name = "${var.name}-anywhere"
  }
}
