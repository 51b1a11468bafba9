# Made by terralet: a sample, written by hand, that proves the tests of tests/terraform

output "autoscaling_group_name" {
  description = "Name of the group"
  value       = module.customer_compute.autoscaling_group_name
}

output "launch_template_id" {
  description = "What the instances are made from"
  value       = module.customer_compute.launch_template_id
  sensitive   = true
}
