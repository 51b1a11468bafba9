# The cache's own key, for what is on disk and for snapshots.

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  # The account's IAM policies decide who may use the key.
  account_decides = {
    Sid       = "AccountDecides"
    Effect    = "Allow"
    Principal = { AWS = "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:root" }
    Action    = "kms:*"
    Resource  = "*"
  }

  # The final snapshot is worth no more than its key: destroying the root module would make the one and then set the
  # other's deletion.
  keep_the_key = {
    Sid       = "KeepTheKeyOfTheSnapshots"
    Effect    = "Deny"
    Principal = { AWS = "*" }
    Action    = ["kms:ScheduleKeyDeletion", "kms:DisableKey"]
    Resource  = "*"
  }
}

resource "aws_kms_key" "this" {
  description             = "Cache ${var.name} (${var.environment})"
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
    Name = "${var.name}-cache"
  }
}

resource "aws_kms_alias" "this" {
  name          = "alias/${var.name}-cache"
  target_key_id = aws_kms_key.this.key_id
}
