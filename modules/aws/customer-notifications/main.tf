# A topic that alarms publish to, and the addresses that hear of them. SNS writes to each address first: it hears of
# nothing until somebody follows the link in that mail. Alarms stand in other modules, which take the topic's ARN.

data "aws_partition" "current" {}

data "aws_region" "current" {}

data "aws_caller_identity" "current" {}

locals {
  # The topic's key and its policy admit alarms of this account and region, and no others.
  alarms = {
    StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id }
    ArnLike = {
      "aws:SourceArn" = "arn:${data.aws_partition.current.partition}:cloudwatch:${data.aws_region.current.region}:${data.aws_caller_identity.current.account_id}:alarm:*"
    }
  }
}

resource "aws_sns_topic" "this" {
  name              = "${var.name}-notifications"
  display_name      = "Alarms of ${var.name}" # The sender's name in mails.
  kms_master_key_id = aws_kms_key.this.arn

  tags = {
    Name = "${var.name}-notifications"
  }
}

# One an address, so that one more or less leaves the others as they are.
resource "aws_sns_topic_subscription" "email" {
  for_each = toset(var.email_list)

  topic_arn = aws_sns_topic.this.arn
  protocol  = "email"
  endpoint  = each.value
}
