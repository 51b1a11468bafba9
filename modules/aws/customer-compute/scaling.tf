# Scaling out follows the load by target tracking. Scaling in is a policy of its own, because target tracking knows no
# cooldown for it: one instance at a time, with a pause after each.

resource "aws_autoscaling_policy" "cpu" {
  name                      = "${var.name}-cpu"
  autoscaling_group_name    = aws_autoscaling_group.this.name
  policy_type               = "TargetTrackingScaling"
  estimated_instance_warmup = var.scale_up_cooldown

  target_tracking_configuration {
    target_value     = var.cpu_threshold
    disable_scale_in = true

    predefined_metric_specification {
      predefined_metric_type = "ASGAverageCPUUtilization"
    }
  }
}

# The agent on the instances must publish the metric under the group's name (README, "Memory").
resource "aws_autoscaling_policy" "memory" {
  count = var.memory_threshold == null ? 0 : 1

  name                      = "${var.name}-memory"
  autoscaling_group_name    = aws_autoscaling_group.this.name
  policy_type               = "TargetTrackingScaling"
  estimated_instance_warmup = var.scale_up_cooldown

  target_tracking_configuration {
    target_value     = var.memory_threshold
    disable_scale_in = true

    customized_metric_specification {
      namespace   = "CWAgent"
      metric_name = "mem_used_percent"
      statistic   = "Average"

      metric_dimension {
        name  = "AutoScalingGroupName"
        value = aws_autoscaling_group.this.name
      }
    }
  }
}

resource "aws_autoscaling_policy" "scale_in" {
  name                   = "${var.name}-scale-in"
  autoscaling_group_name = aws_autoscaling_group.this.name
  policy_type            = "SimpleScaling"
  adjustment_type        = "ChangeInCapacity"
  scaling_adjustment     = -1
  cooldown               = var.scale_down_cooldown
}

locals {
  # The load in percent of its target: of CPU and memory the one that is nearer to its threshold, or else the calmer
  # one would take away instances that the busier one brings back. Minutes without memory data count as idle memory,
  # so an image without the agent scales in on CPU alone.
  load_expression = var.memory_threshold == null ? "100 * cpu / ${var.cpu_threshold}" : "MAX([100 * cpu / ${var.cpu_threshold}, 100 * FILL(memory, 0) / ${var.memory_threshold}])"

  # What the load would be with one instance fewer. A fixed lower threshold would either flap in small groups (two
  # instances at 60 percent are one at 120) or never shrink large ones. The last instance always stays, whatever
  # min_instances says: a group of none has no load to measure and would never come back by itself.
  scale_in_expression = "IF(instances > 1, ${local.load_expression} * instances / (instances - 1), 100)"
}

resource "aws_cloudwatch_metric_alarm" "scale_in" {
  alarm_name        = "${var.name}-scale-in"
  alarm_description = "One instance fewer of ${var.name} (${var.environment}) would still stay below 90 percent of the scaling threshold"
  alarm_actions     = [aws_autoscaling_policy.scale_in.arn]

  # Three periods of five minutes: metrics without detailed monitoring come every five minutes, and target tracking,
  # too, waits 15 minutes before it would scale in.
  comparison_operator = "LessThanThreshold"
  threshold           = 90
  evaluation_periods  = 3
  treat_missing_data  = "notBreaching"

  metric_query {
    id          = "load"
    label       = "Load with one instance fewer, in percent of the threshold"
    expression  = local.scale_in_expression
    return_data = true
  }

  metric_query {
    id = "cpu"

    metric {
      namespace   = "AWS/EC2"
      metric_name = "CPUUtilization"
      stat        = "Average"
      period      = 300
      dimensions  = { AutoScalingGroupName = aws_autoscaling_group.this.name }
    }
  }

  metric_query {
    id = "instances"

    metric {
      namespace   = "AWS/AutoScaling"
      metric_name = "GroupInServiceInstances"
      stat        = "Average"
      period      = 300
      dimensions  = { AutoScalingGroupName = aws_autoscaling_group.this.name }
    }
  }

  dynamic "metric_query" {
    for_each = var.memory_threshold == null ? [] : ["memory"]

    content {
      id = metric_query.value

      metric {
        namespace   = "CWAgent"
        metric_name = "mem_used_percent"
        stat        = "Average"
        period      = 300
        dimensions  = { AutoScalingGroupName = aws_autoscaling_group.this.name }
      }
    }
  }

  tags = {
    Name = "${var.name}-scale-in"
  }
}
