# A key for each vault, in its region. Backups of a bucket are encrypted with it, and so is every copy; a snapshot of a
# database stays under the database's key.

locals {
  # The account's IAM policies decide who may use the key.
  account_decides = {
    Sid       = "AccountDecides"
    Effect    = "Allow"
    Principal = { AWS = "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:root" }
    Action    = "kms:*"
    Resource  = "*"
  }

  # A backup is worth no more than its key.
  keep_the_key = {
    Sid       = "KeepTheKeyOfTheBackups"
    Effect    = "Deny"
    Principal = { AWS = "*" }
    Action    = ["kms:ScheduleKeyDeletion", "kms:DisableKey"]
    Resource  = "*"
  }
}

resource "aws_kms_key" "this" {
  for_each = local.regions

  region                  = each.value
  description             = "Backups of ${var.name} (${var.environment})"
  enable_key_rotation     = true
  deletion_window_in_days = 30 # The longest there is.

  policy = var.protected ? jsonencode({
    Version   = "2012-10-17"
    Statement = [local.account_decides, local.keep_the_key]
    }) : jsonencode({
    Version   = "2012-10-17"
    Statement = [local.account_decides]
  })

  tags = {
    Name = "${var.name}-backup"
  }
}

resource "aws_kms_alias" "this" {
  for_each = local.regions

  region        = each.value
  name          = "alias/${var.name}-backup"
  target_key_id = aws_kms_key.this[each.key].key_id
}
