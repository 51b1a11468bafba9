# Made by terralet: a sample, written by hand, that proves the tests of tests/terraform

output "vpc_id" {
  description = "Identifier of the VPC"
  value       = module.customer_vpc.vpc_id
}

output "private_subnet_ids" {
  description = "Identifiers of the private subnets"
  value       = module.customer_vpc.private_subnet_ids
}
