# The topic's own key: alarms cannot use the one that the cloud keeps for SNS, since nobody can change its policy.

resource "aws_kms_key" "this" {
  description             = "Notifications of ${var.name} (${var.environment})"
  enable_key_rotation     = true
  deletion_window_in_days = 30 # The longest there is.

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        # The account's IAM policies decide who may use the key.
        Sid       = "AccountDecides"
        Effect    = "Allow"
        Principal = { AWS = "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:root" }
        Action    = "kms:*"
        Resource  = "*"
      },
      {
        # What an alarm needs to publish to an encrypted topic (SNS Developer Guide, "Enable compatibility between event
        # sources from AWS services and encrypted topics").
        Sid       = "AlarmsOfTheAccount"
        Effect    = "Allow"
        Principal = { Service = "cloudwatch.amazonaws.com" }
        Action    = ["kms:Decrypt", "kms:GenerateDataKey*"]
        Resource  = "*"
        Condition = local.alarms
      },
    ]
  })

  tags = {
    Name = "${var.name}-notifications"
  }
}

resource "aws_kms_alias" "this" {
  name          = "alias/${var.name}-notifications"
  target_key_id = aws_kms_key.this.key_id
}
