locals {
  # A bare Amazon Linux has nothing on any port. Judged by the load balancer, such a group would replace its instances
  # for ever, so without an image or a script of the customer's only the instance's own health counts.
  serves_requests = var.ami_id != null || var.user_data_script != null
}

resource "aws_autoscaling_group" "this" {
  name                = var.name
  vpc_zone_identifier = var.private_subnet_ids
  target_group_arns   = aws_lb_target_group.this[*].arn

  # The desired capacity is left to the scaling policies; an apply never undoes what they did.
  min_size = var.min_instances
  max_size = var.max_instances

  health_check_type         = local.has_load_balancer && local.serves_requests ? "ELB" : "EC2"
  health_check_grace_period = 300 # Seconds from the start of an instance to its first health check.

  # Group metrics cost nothing, and the alarm for scaling in needs the number of instances.
  metrics_granularity = "1Minute"
  enabled_metrics = [
    "GroupDesiredCapacity",
    "GroupInServiceInstances",
    "GroupMaxSize",
    "GroupMinSize",
    "GroupPendingInstances",
    "GroupTerminatingInstances",
    "GroupTotalInstances",
  ]

  launch_template {
    id = aws_launch_template.this.id
    # A number, not $Latest: only so does a new version show in the plan, start the refresh, and allow a rollback.
    version = aws_launch_template.this.latest_version
  }

  # A new version replaces the instances a few at a time, each new one healthy before an old one goes: even a group of
  # one stays in service. A refresh that fails goes back to the version before.
  instance_refresh {
    strategy = "Rolling"

    preferences {
      min_healthy_percentage = 100
      max_healthy_percentage = 110
      skip_matching          = true
      auto_rollback          = true
    }
  }

  # The launch template tags what the group starts; these are the group's own.
  dynamic "tag" {
    for_each = local.instance_tags

    content {
      key                 = tag.key
      value               = tag.value
      propagate_at_launch = false
    }
  }

  # Whatever an instance needs while it starts must stand before it, and be taken down after it.
  depends_on = [
    aws_iam_role_policy.database_secret,
    aws_iam_role_policy_attachment.session_manager,
    aws_iam_role_policy_attachment.cloudwatch_agent,
    aws_lb_listener.http,
    aws_lb_listener.https,
    aws_vpc_security_group_egress_rule.instance_anywhere,
    aws_vpc_security_group_ingress_rule.instance_from_load_balancer,
    aws_vpc_security_group_egress_rule.load_balancer_to_instance,
  ]
}
