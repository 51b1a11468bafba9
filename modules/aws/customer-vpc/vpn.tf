# The customer's own network over a site-to-site VPN. The gateway is made here; the customer gateway and the tunnels
# are agreed with the customer's network team and attached to it outside this module.

resource "aws_vpn_gateway" "this" {
  count = var.enable_vpn ? 1 : 0

  vpc_id = aws_vpc.this.id

  tags = {
    Name = var.name
  }
}

# Private subnets only. The database table stays closed, and public subnets hold nothing that should answer by VPN.
resource "aws_vpn_gateway_route_propagation" "private" {
  for_each = var.enable_vpn ? var.private_subnets : {}

  vpn_gateway_id = aws_vpn_gateway.this[0].id
  route_table_id = aws_route_table.private[each.key].id
}
