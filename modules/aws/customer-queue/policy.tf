# What nobody may do, whatever IAM policies say. The policies are arguments of the queues, so that they stay until the
# queues are gone: of a protected environment Terraform is refused too, until a person takes the policy away.

locals {
  keep_the_messages = ["sqs:DeleteQueue", "sqs:PurgeQueue"]

  policies = {
    for queue, arn in { messages = local.arn, dead_letters = local.dead_letters_arn } : queue => jsonencode({
      Version = "2012-10-17"
      Statement = concat([{
        Sid       = "OnlyWithTls"
        Effect    = "Deny"
        Principal = "*"
        Action    = "sqs:*"
        Resource  = arn
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
        }], [for action in var.protected ? local.keep_the_messages : [] : {
        Sid       = "No${split(":", action)[1]}"
        Effect    = "Deny"
        Principal = "*"
        Action    = action
        Resource  = arn
      }])
    })
  }
}
