output "load_balancer_dns_name" {
  description = "DNS name of the load balancer, for a CNAME or alias record; null where there is none."
  value       = one(aws_lb.this[*].dns_name)
}

output "autoscaling_group_name" {
  description = "Name of the auto scaling group."
  value       = aws_autoscaling_group.this.name
}

output "security_group_id" {
  description = "Id of the instances' own security group."
  value       = aws_security_group.instance.id
}

output "instance_role_arn" {
  description = "ARN of the instances' IAM role, for policies of resources outside this module."
  value       = aws_iam_role.instance.arn
}
