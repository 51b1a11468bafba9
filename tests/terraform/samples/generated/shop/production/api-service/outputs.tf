# Made by terralet: a sample, written by hand, that proves the tests of tests/terraform

output "autoscaling_group_name" {
  description = "Name of the group"
  value       = module.customer_compute.autoscaling_group_name
}

output "user_data" {
  description = "What instances are started with"
  value       = module.customer_compute.user_data
  sensitive   = true
}
