# What backups consist of: defaults, a bucket, copies, a protected environment. Everything is mocked, so that no run
# reaches a cloud.

mock_provider "aws" {
  mock_data "aws_partition" {
    defaults = {
      partition = "aws"
    }
  }

  mock_data "aws_region" {
    defaults = {
      region = "eu-west-1"
    }
  }

  mock_data "aws_caller_identity" {
    defaults = {
      account_id = "123456789012"
    }
  }

  mock_resource "aws_kms_key" {
    defaults = {
      arn = "arn:aws:kms:eu-west-1:123456789012:key/12345678-1234-1234-1234-123456789012"
    }
  }

  mock_resource "aws_backup_vault" {
    defaults = {
      arn = "arn:aws:backup:eu-west-1:123456789012:backup-vault:shop-staging-1a2b3c4d-backup"
    }
  }

  mock_resource "aws_iam_role" {
    defaults = {
      arn = "arn:aws:iam::123456789012:role/shop-staging-1a2b3c4d-backup"
    }
  }
}

variables {
  name          = "shop-staging-1a2b3c4d"
  environment   = "staging"
  database_arns = ["arn:aws:rds:eu-west-1:123456789012:db:shop-staging-1a2b3c4d"]
}

run "defaults" {
  assert {
    condition     = keys(aws_backup_vault.this) == ["own"] && aws_backup_vault.this["own"].name == "shop-staging-1a2b3c4d-backup" && aws_backup_vault.this["own"].region == "eu-west-1" && aws_backup_vault.this["own"].force_destroy == false
    error_message = "There is one vault, which is never emptied by Terraform."
  }

  assert {
    condition     = aws_backup_vault.this["own"].kms_key_arn == aws_kms_key.this["own"].arn && aws_kms_key.this["own"].enable_key_rotation && aws_kms_key.this["own"].deletion_window_in_days == 30 && aws_kms_alias.this["own"].name == "alias/shop-staging-1a2b3c4d-backup"
    error_message = "It is encrypted with its own key, which rotates."
  }

  assert {
    condition     = jsondecode(aws_kms_key.this["own"].policy).Statement[*].Sid == ["AccountDecides"] && length(aws_backup_vault_policy.this) == 0
    error_message = "The account decides what becomes of backups."
  }

  assert {
    condition     = one(aws_backup_plan.this.rule).schedule == "cron(0 5 * * ? *)" && one(one(aws_backup_plan.this.rule).lifecycle).delete_after == 7 && length(one(aws_backup_plan.this.rule).copy_action) == 0
    error_message = "A backup a day is kept for a week, and is not copied."
  }

  assert {
    condition     = one(aws_backup_plan.this.rule).target_vault_name == aws_backup_vault.this["own"].name && one(aws_backup_plan.this.rule).start_window == 480 && one(aws_backup_plan.this.rule).completion_window == 10080
    error_message = "It goes to the vault, with time to begin and to be done."
  }

  assert {
    condition     = aws_backup_selection.this.resources == toset(["arn:aws:rds:eu-west-1:123456789012:db:shop-staging-1a2b3c4d"]) && length(aws_backup_selection.this.selection_tag) == 0 && length(aws_backup_selection.this.condition) == 0 && aws_backup_selection.this.plan_id == aws_backup_plan.this.id
    error_message = "What is given is backed up, and nothing by its tags."
  }

  assert {
    condition     = { for name, attachment in aws_iam_role_policy_attachment.this : name => [attachment.role, attachment.policy_arn] } == { backup-AWSBackupServiceRolePolicyForBackup = ["shop-staging-1a2b3c4d-backup", "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup"], restore-AWSBackupServiceRolePolicyForRestores = ["shop-staging-1a2b3c4d-restore", "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores"] }
    error_message = "One role makes backups, the other one restores them, and neither reads buckets."
  }

  assert {
    condition     = alltrue([for role in aws_iam_role.this : jsondecode(role.assume_role_policy).Statement == [{ Effect = "Allow", Principal = { Service = "backup.amazonaws.com" }, Action = "sts:AssumeRole", Condition = { StringEquals = { "aws:SourceAccount" = "123456789012" } } }]])
    error_message = "AWS Backup alone assumes them, for this account."
  }

  assert {
    condition     = { for name, alarm in aws_cloudwatch_metric_alarm.this : name => [alarm.metric_name, alarm.namespace, alarm.dimensions["BackupVaultName"]] } == { failed = ["NumberOfBackupJobsFailed", "AWS/Backup", "shop-staging-1a2b3c4d-backup"], aborted = ["NumberOfBackupJobsAborted", "AWS/Backup", "shop-staging-1a2b3c4d-backup"], expired = ["NumberOfBackupJobsExpired", "AWS/Backup", "shop-staging-1a2b3c4d-backup"] }
    error_message = "Alarms look at the vault's jobs."
  }

  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.this : alarm.threshold == 0 && alarm.comparison_operator == "GreaterThanThreshold" && alarm.treat_missing_data == "notBreaching" && length(coalesce(alarm.alarm_actions, [])) == 0])
    error_message = "One failure is enough, and nobody hears of it yet."
  }

  assert {
    condition     = output.backup_vault == "shop-staging-1a2b3c4d-backup" && output.backup_restore_role_arn == aws_iam_role.this["restore"].arn
    error_message = "Vault and role are handed on."
  }
}

run "a_bucket" {
  variables {
    database_arns  = []
    bucket_arns    = ["arn:aws:s3:::shop-documents"]
    schedule       = "cron(30 1/6 * * ? *)"
    retention_days = 90
  }

  assert {
    condition     = aws_backup_selection.this.resources == toset(["arn:aws:s3:::shop-documents"])
    error_message = "The bucket is backed up."
  }

  assert {
    condition     = keys(aws_iam_role_policy_attachment.this) == ["backup-AWSBackupServiceRolePolicyForBackup", "backup-AWSBackupServiceRolePolicyForS3Backup", "restore-AWSBackupServiceRolePolicyForRestores", "restore-AWSBackupServiceRolePolicyForS3Restore"] && aws_iam_role_policy_attachment.this["backup-AWSBackupServiceRolePolicyForS3Backup"].policy_arn == "arn:aws:iam::aws:policy/AWSBackupServiceRolePolicyForS3Backup"
    error_message = "The roles have what buckets need."
  }

  assert {
    condition     = one(aws_backup_plan.this.rule).schedule == "cron(30 1/6 * * ? *)" && one(one(aws_backup_plan.this.rule).lifecycle).delete_after == 90
    error_message = "It is as it is written."
  }
}

run "alarms_that_notify" {
  variables {
    alarm_topic_arns = ["arn:aws:sns:eu-west-1:123456789012:ops"]
  }

  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.this : alarm.alarm_actions == toset(["arn:aws:sns:eu-west-1:123456789012:ops"])])
    error_message = "The topic hears of every failure."
  }
}

run "copies" {
  variables {
    copy_region = "eu-central-1"
  }

  assert {
    condition     = { for place, vault in aws_backup_vault.this : place => [vault.region, vault.name] } == { own = ["eu-west-1", "shop-staging-1a2b3c4d-backup"], copy = ["eu-central-1", "shop-staging-1a2b3c4d-backup"] }
    error_message = "There is a vault in the other region."
  }

  assert {
    condition     = aws_kms_key.this["copy"].region == "eu-central-1" && aws_kms_alias.this["copy"].region == "eu-central-1" && aws_kms_key.this["copy"].enable_key_rotation
    error_message = "It has a key of its own there."
  }

  assert {
    condition     = one(one(aws_backup_plan.this.rule).copy_action).destination_vault_arn == aws_backup_vault.this["copy"].arn && one(one(one(aws_backup_plan.this.rule).copy_action).lifecycle).delete_after == 7
    error_message = "Each backup is copied, and the copy kept as long."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["copy-failed"].metric_name == "NumberOfCopyJobsFailed" && length(aws_cloudwatch_metric_alarm.this) == 4
    error_message = "A copy that fails is an alarm."
  }
}

run "protected" {
  variables {
    protected   = true
    name        = "abcdefghijklmno-12345678"
    copy_region = "eu-central-1"
  }

  assert {
    condition     = one(one(aws_backup_plan.this.rule).lifecycle).delete_after == 35 && one(one(one(aws_backup_plan.this.rule).copy_action).lifecycle).delete_after == 35
    error_message = "Backups and copies are kept for five weeks."
  }

  assert {
    condition     = alltrue([for place in ["own", "copy"] : jsondecode(aws_backup_vault_policy.this[place].policy).Statement == [{ Sid = "KeepTheBackups", Effect = "Deny", Principal = "*", Action = ["backup:DeleteBackupVault", "backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle"], Resource = "*" }]]) && aws_backup_vault_policy.this["copy"].region == "eu-central-1"
    error_message = "Nobody deletes a backup before its time, here and there."
  }

  assert {
    condition     = alltrue([for key in aws_kms_key.this : jsondecode(key.policy).Statement[*].Sid == ["AccountDecides", "KeepTheKeyOfTheBackups"]])
    error_message = "The keys refuse to be deleted."
  }
}

run "copies_next_to_the_backups" {
  command = plan

  variables {
    copy_region = "eu-west-1"
  }

  expect_failures = [aws_backup_plan.this]
}
