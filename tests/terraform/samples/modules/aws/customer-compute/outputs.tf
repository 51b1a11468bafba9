output "autoscaling_group_name" {
  description = "Name of the group"
  value       = aws_autoscaling_group.this.name
}

output "launch_template_id" {
  description = "What the instances are made from"
  value       = aws_launch_template.this.id
  sensitive   = true
}
