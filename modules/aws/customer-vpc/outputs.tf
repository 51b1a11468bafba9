# Lists are in the order of the zones' names. What makes a subnet usable (its routes) is a dependency of the output, so
# that nothing is started in a subnet before it can reach what it needs.

output "vpc_id" {
  description = "Id of the VPC."
  value       = aws_vpc.this.id
}

output "public_subnet_ids" {
  description = "Ids of the public subnets, in the order of their zones' names."
  value       = [for zone in sort(keys(var.public_subnets)) : aws_subnet.public[zone].id]

  depends_on = [aws_route.public_internet, aws_route_table_association.public]
}

output "private_subnet_ids" {
  description = "Ids of the private subnets, in the order of their zones' names."
  value       = [for zone in local.private_zones : aws_subnet.private[zone].id]

  depends_on = [aws_route.private_nat, aws_route_table_association.private, aws_vpc_endpoint.s3]
}

output "database_subnet_ids" {
  description = "Ids of the database subnets, in the order of their zones' names."
  value       = [for zone in sort(keys(var.database_subnets)) : aws_subnet.database[zone].id]

  depends_on = [aws_route_table_association.database]
}

output "database_client_security_group_id" {
  description = "Id of the security group that databases admit and instances carry."
  value       = aws_security_group.database_client.id
}
