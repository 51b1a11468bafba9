# Traffic to S3 (package repositories of Amazon Linux, artefacts, backups) stays off the NAT gateway, which bills each
# gigabyte. A gateway endpoint is free. Database subnets are left out: nothing in them calls S3.

resource "aws_vpc_endpoint" "s3" {
  vpc_id            = aws_vpc.this.id
  vpc_endpoint_type = "Gateway"
  service_name      = "com.amazonaws.${data.aws_region.current.region}.s3"

  route_table_ids = concat(
    [aws_route_table.public.id],
    [for zone in local.private_zones : aws_route_table.private[zone].id],
  )

  tags = {
    Name = "${var.name}-s3"
  }
}
