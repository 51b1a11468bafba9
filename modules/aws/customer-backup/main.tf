# Backups of what a deployment has, by one plan: of databases and of a bucket, given by their ARNs, so that nothing else in
# the account is touched, whatever its tags say.

data "aws_partition" "current" {}

data "aws_region" "current" {}

data "aws_caller_identity" "current" {}

locals {
  days = coalesce(var.retention_days, var.protected ? 35 : 7)

  # A vault in the deployment's region, and one where the copies go.
  regions = merge({ own = data.aws_region.current.region }, var.copy_region == null ? {} : { copy = var.copy_region })
}

# What is in a vault stays: Terraform deletes none that has a backup in it.
resource "aws_backup_vault" "this" {
  for_each = local.regions

  region        = each.value
  name          = "${var.name}-backup"
  kms_key_arn   = aws_kms_key.this[each.key].arn
  force_destroy = false

  tags = {
    Name = "${var.name}-backup"
  }
}

resource "aws_backup_plan" "this" {
  name = "${var.name}-backup"

  rule {
    rule_name         = "${var.name}-backup"
    target_vault_name = aws_backup_vault.this["own"].name
    schedule          = var.schedule

    # Minutes. RDS takes no snapshot in its own windows of backup and maintenance: a job waits for those to end. A large
    # bucket takes days the first time.
    start_window      = 480
    completion_window = 10080

    # Nothing goes to cold storage. Said so, no plan has to ask what the cloud makes of it.
    lifecycle {
      delete_after                              = local.days
      opt_in_to_archive_for_supported_resources = false
    }

    dynamic "copy_action" {
      for_each = var.copy_region == null ? [] : ["copy"]

      content {
        destination_vault_arn = aws_backup_vault.this[copy_action.value].arn

        lifecycle {
          delete_after                              = local.days
          opt_in_to_archive_for_supported_resources = false
        }
      }
    }
  }

  tags = {
    Name = "${var.name}-backup"
  }

  lifecycle {
    precondition {
      condition     = var.copy_region != data.aws_region.current.region
      error_message = "copy_region must be another region than the deployment's."
    }
  }
}

resource "aws_backup_selection" "this" {
  name         = "${var.name}-backup"
  plan_id      = aws_backup_plan.this.id
  iam_role_arn = aws_iam_role.this["backup"].arn
  resources    = concat(var.database_arns, var.bucket_arns)

  # The first job should have its rights.
  depends_on = [aws_iam_role_policy_attachment.this]
}
