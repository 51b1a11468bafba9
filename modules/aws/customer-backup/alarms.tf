# A backup or a copy that failed. Both vaults have one name, and the alarms look at it: AWS Backup counts jobs by the
# name of the vault, in the region where they start. Whom alarms notify is what alarm_topic_arns says; without one they
# show in the console and in EventBridge. No alarm says when one is over: the next backup shows it.

locals {
  alarms = merge(
    {
      failed  = { metric = "NumberOfBackupJobsFailed", says = "A backup of ${var.name} (${var.environment}) failed" }
      aborted = { metric = "NumberOfBackupJobsAborted", says = "A backup of ${var.name} (${var.environment}) was cancelled, or did not begin in time" }
      expired = { metric = "NumberOfBackupJobsExpired", says = "A backup of ${var.name} (${var.environment}) was not done in time, or could not be deleted when it was due" }
    },
    var.copy_region == null ? {} : {
      copy-failed = { metric = "NumberOfCopyJobsFailed", says = "A copy of a backup of ${var.name} (${var.environment}) to ${var.copy_region} failed" }
    },
  )
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name          = "${var.name}-backup-${each.key}"
  alarm_description   = each.value.says
  namespace           = "AWS/Backup"
  metric_name         = each.value.metric
  dimensions          = { BackupVaultName = aws_backup_vault.this["own"].name }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_topic_arns

  tags = {
    Name = "${var.name}-backup-${each.key}"
  }
}
