# Two roles that AWS Backup assumes: the plan's makes backups, copies them and lets them expire; the other one is there for
# whoever restores. Neither does both.

locals {
  managed = "arn:${data.aws_partition.current.partition}:iam::aws:policy"

  # What buckets need is attached where there is one.
  policies = {
    backup  = concat(["service-role/AWSBackupServiceRolePolicyForBackup"], length(var.bucket_arns) > 0 ? ["AWSBackupServiceRolePolicyForS3Backup"] : [])
    restore = concat(["service-role/AWSBackupServiceRolePolicyForRestores"], length(var.bucket_arns) > 0 ? ["AWSBackupServiceRolePolicyForS3Restore"] : [])
  }

  attachments = merge([for role, policies in local.policies : { for policy in policies : "${role}-${basename(policy)}" => { role = role, policy = policy } }]...)
}

resource "aws_iam_role" "this" {
  for_each = local.policies

  name        = "${var.name}-${each.key}"
  description = "AWS Backup, for the ${each.key} of ${var.name} (${var.environment})"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "backup.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id } }
    }]
  })

  tags = {
    Name = "${var.name}-${each.key}"
  }
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each = local.attachments

  role       = aws_iam_role.this[each.value.role].name
  policy_arn = "${local.managed}/${each.value.policy}"
}
