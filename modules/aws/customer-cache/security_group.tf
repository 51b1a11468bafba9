# Who may open a connection: members of the client group. There is no way out; the cache answers and calls nobody.

resource "aws_security_group" "this" {
  name_prefix = "${var.name}-cache-"
  description = "Cache of ${var.name}"
  vpc_id      = var.vpc_id

  tags = {
    Name = "${var.name}-cache"
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "clients" {
  security_group_id            = aws_security_group.this.id
  description                  = "Members of the client group"
  ip_protocol                  = "tcp"
  from_port                    = local.port
  to_port                      = local.port
  referenced_security_group_id = var.client_security_group_id

  tags = {
    Name = "${var.name}-clients"
  }
}
