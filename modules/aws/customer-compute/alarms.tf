# Alarms of `enable_cloudwatch`. Whom they notify is what alarm_topic_arns says; without one they show in the console and in
# EventBridge.

locals {
  load_balancer_dimensions = { LoadBalancer = one(aws_lb.this[*].arn_suffix) }

  target_dimensions = {
    LoadBalancer = one(aws_lb.this[*].arn_suffix)
    TargetGroup  = one(aws_lb_target_group.this[*].arn_suffix)
  }
}

resource "aws_cloudwatch_metric_alarm" "unhealthy_targets" {
  count = var.enable_cloudwatch && local.has_load_balancer ? 1 : 0

  alarm_name          = "${var.name}-unhealthy-targets"
  alarm_description   = "An instance of ${var.name} (${var.environment}) has failed its health check for 5 minutes"
  namespace           = "AWS/ApplicationELB"
  metric_name         = "UnHealthyHostCount"
  dimensions          = local.target_dimensions
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 5
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_topic_arns
  ok_actions          = var.alarm_topic_arns

  tags = {
    Name = "${var.name}-unhealthy-targets"
  }
}

resource "aws_cloudwatch_metric_alarm" "target_errors" {
  count = var.enable_cloudwatch && local.has_load_balancer ? 1 : 0

  alarm_name          = "${var.name}-target-errors"
  alarm_description   = "More than 5 percent of the answers of ${var.name} (${var.environment}) are server errors"
  evaluation_periods  = 3
  datapoints_to_alarm = 2
  comparison_operator = "GreaterThanThreshold"
  threshold           = 5
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_topic_arns
  ok_actions          = var.alarm_topic_arns

  metric_query {
    id          = "error_share"
    label       = "Server errors, in percent of the requests"
    expression  = "100 * FILL(errors, 0) / requests"
    return_data = true
  }

  metric_query {
    id = "errors"

    metric {
      namespace   = "AWS/ApplicationELB"
      metric_name = "HTTPCode_Target_5XX_Count"
      stat        = "Sum"
      period      = 300
      dimensions  = local.target_dimensions
    }
  }

  metric_query {
    id = "requests"

    metric {
      namespace   = "AWS/ApplicationELB"
      metric_name = "RequestCount"
      stat        = "Sum"
      period      = 300
      dimensions  = local.target_dimensions
    }
  }

  tags = {
    Name = "${var.name}-target-errors"
  }
}

# What the load balancer itself answers when no instance can: nothing healthy, or connections that break.
resource "aws_cloudwatch_metric_alarm" "load_balancer_errors" {
  count = var.enable_cloudwatch && local.has_load_balancer ? 1 : 0

  alarm_name          = "${var.name}-balancer-errors"
  alarm_description   = "The load balancer of ${var.name} (${var.environment}) answered 10 or more requests in 5 minutes with an error of its own"
  namespace           = "AWS/ApplicationELB"
  metric_name         = "HTTPCode_ELB_5XX_Count"
  dimensions          = local.load_balancer_dimensions
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = 10
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_topic_arns
  ok_actions          = var.alarm_topic_arns

  tags = {
    Name = "${var.name}-balancer-errors"
  }
}

# Only for groups that can grow: a group of fixed size is at its maximum from the start.
resource "aws_cloudwatch_metric_alarm" "at_maximum" {
  count = var.enable_cloudwatch && var.max_instances > var.min_instances ? 1 : 0

  alarm_name          = "${var.name}-at-maximum"
  alarm_description   = "${var.name} (${var.environment}) has run its ${var.max_instances} instances for 15 minutes and cannot grow"
  namespace           = "AWS/AutoScaling"
  metric_name         = "GroupInServiceInstances"
  dimensions          = { AutoScalingGroupName = aws_autoscaling_group.this.name }
  statistic           = "Minimum"
  period              = 300
  evaluation_periods  = 3
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = var.max_instances
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_topic_arns
  ok_actions          = var.alarm_topic_arns

  tags = {
    Name = "${var.name}-at-maximum"
  }
}
