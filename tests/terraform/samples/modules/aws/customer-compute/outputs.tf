output "autoscaling_group_name" {
  description = "Name of the group"
  value       = aws_autoscaling_group.this.name
}

output "user_data" {
  description = "What instances are started with"
  value       = aws_launch_template.this.user_data
  sensitive   = true
}
