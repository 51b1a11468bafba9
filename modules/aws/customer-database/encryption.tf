# The database's own key: for its storage, its snapshots and backups, and the secret with its master user.

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  account_principal = "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:root"

  # The account's IAM policies decide who may use the key. That is how instances, which know the secret but not the
  # key, get to decrypt the one by the other.
  account_decides = {
    Sid       = "AccountDecides"
    Effect    = "Allow"
    Principal = { AWS = local.account_principal }
    Action    = "kms:*"
    Resource  = "*"
  }

  # A snapshot is worth no more than its key. Without this, destroying the root module would take the final snapshot
  # and then set the key's deletion, which makes the snapshot unreadable 30 days later.
  keep_the_key = {
    Sid       = "KeepTheKeyOfTheSnapshots"
    Effect    = "Deny"
    Principal = { AWS = "*" }
    Action    = ["kms:ScheduleKeyDeletion", "kms:DisableKey"]
    Resource  = "*"
  }
}

resource "aws_kms_key" "this" {
  description             = "Database ${var.name} (${var.environment})"
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
    Name = "${var.name}-database"
  }
}

resource "aws_kms_alias" "this" {
  name          = "alias/${var.name}-database"
  target_key_id = aws_kms_key.this.key_id
}
