# What nobody may do, whatever IAM policies say.

locals {
  queues = {
    messages     = aws_sqs_queue.this
    dead_letters = aws_sqs_queue.dead_letters
  }

  # Terraform takes the policy away before the queue, so that a root which goes is not refused.
  keep_the_messages = ["sqs:DeleteQueue", "sqs:PurgeQueue"]
}

resource "aws_sqs_queue_policy" "this" {
  for_each = local.queues

  queue_url = each.value.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat([{
      Sid       = "OnlyWithTls"
      Effect    = "Deny"
      Principal = "*"
      Action    = "sqs:*"
      Resource  = each.value.arn
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
      }], [for action in var.protected ? local.keep_the_messages : [] : {
      Sid       = "No${split(":", action)[1]}"
      Effect    = "Deny"
      Principal = "*"
      Action    = action
      Resource  = each.value.arn
    }])
  })
}
