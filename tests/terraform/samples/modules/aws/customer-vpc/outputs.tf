output "vpc_id" {
  description = "Identifier of the VPC"
  value       = aws_vpc.this.id
}

output "private_subnet_ids" {
  description = "Identifiers of the private subnets"
  value       = [for subnet in aws_subnet.private : subnet.id]
}

output "database_client_security_group_id" {
  description = "Group that databases admit"
  value       = aws_security_group.database_client.id
}
