# Each node has its own alarms, since each may be the one that writes. Whom they notify is what alarm_topic_arns says; without
# one they show in the console and in EventBridge.

locals {
  # The cloud names the nodes, and may give a new one another number than the one that it replaces.
  members = sort(tolist(aws_elasticache_replication_group.this.member_clusters))

  alarms = {
    # The engine does nearly everything in one thread, which the CPU of the whole node says little about.
    cpu = {
      metric    = "EngineCPUUtilization"
      statistic = "Average"
      threshold = 90
      says      = "is busy for more than 90% of the time"
    }
    memory = {
      metric    = "DatabaseMemoryUsagePercentage"
      statistic = "Maximum"
      threshold = var.alarm_memory
      says      = "has more than ${var.alarm_memory}% of its memory in use"
    }
    evictions = {
      metric    = "Evictions"
      statistic = "Sum"
      threshold = var.alarm_evictions
      says      = "has evicted more than ${var.alarm_evictions} keys within five minutes"
    }
  }

  alarms_of_nodes = merge([for node in range(local.nodes) : {
    for name, alarm in local.alarms : "${name}-${node + 1}" => merge(alarm, { node = node })
  }]...)
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms_of_nodes

  alarm_name          = "${var.name}-cache-${each.key}"
  alarm_description   = "The cache of ${var.name} (${var.environment}) ${each.value.says}, node ${each.value.node + 1}"
  namespace           = "AWS/ElastiCache"
  metric_name         = each.value.metric
  dimensions          = { CacheClusterId = element(local.members, each.value.node) }
  statistic           = each.value.statistic
  period              = 300
  evaluation_periods  = 3
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.threshold
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_topic_arns
  ok_actions          = var.alarm_topic_arns

  tags = {
    Name = "${var.name}-cache-${each.key}"
  }
}
