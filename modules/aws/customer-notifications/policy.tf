# Who may publish: alarms, and whoever IAM policies of the account allow it. And what nobody may do, whatever they say.
# Terraform takes the policy away before the topic, so that a root which goes is not refused.

resource "aws_sns_topic_policy" "this" {
  arn = aws_sns_topic.this.arn

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat([
      {
        Sid       = "AlarmsOfTheAccount"
        Effect    = "Allow"
        Principal = { Service = "cloudwatch.amazonaws.com" }
        Action    = "sns:Publish"
        Resource  = aws_sns_topic.this.arn
        Condition = local.alarms
      },
      {
        Sid       = "OnlyWithTls"
        Effect    = "Deny"
        Principal = "*"
        Action    = "sns:Publish"
        Resource  = aws_sns_topic.this.arn
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
      ], [for action in var.protected ? ["sns:DeleteTopic"] : [] : {
        Sid       = "NoDeleteTopic"
        Effect    = "Deny"
        Principal = "*"
        Action    = action
        Resource  = aws_sns_topic.this.arn
    }])
  })
}
