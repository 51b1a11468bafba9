output "vpc_id" {
  description = "Id of the VPC."
  value       = var.vpc_id
}

output "public_subnet_ids" {
  description = "Ids of the public subnets."
  value       = var.public_subnet_ids
}

output "private_subnet_ids" {
  description = "Ids of the private subnets."
  value       = var.private_subnet_ids
}

output "database_subnet_ids" {
  description = "Ids of the database subnets."
  value       = var.database_subnet_ids
}

output "database_client_security_group_id" {
  description = "Id of the security group that databases admit and instances carry."
  value       = aws_security_group.database_client.id
}
