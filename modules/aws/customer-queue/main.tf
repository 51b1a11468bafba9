# A queue with a second one for messages that nobody can handle. Messages are encrypted by keys that SQS manages, which
# cost nothing; the policies refuse every call without TLS. Who may send and receive is for IAM policies of the account:
# customer-compute gives its instances the right.

data "aws_partition" "current" {}

data "aws_region" "current" {}

data "aws_caller_identity" "current" {}

locals {
  # The cloud wants this ending on queues that keep order, and on no other.
  suffix = var.fifo ? ".fifo" : ""

  # The queues name each other, and their policies name them: their ARNs are written out.
  prefix           = "arn:${data.aws_partition.current.partition}:sqs:${data.aws_region.current.region}:${data.aws_caller_identity.current.account_id}"
  arn              = "${local.prefix}:${var.name}${local.suffix}"
  dead_letters_arn = "${local.prefix}:${var.name}-dead-letters${local.suffix}"

  seconds_of_a_day = 24 * 60 * 60
}

resource "aws_sqs_queue" "this" {
  name                        = "${var.name}${local.suffix}"
  fifo_queue                  = var.fifo
  content_based_deduplication = var.fifo

  visibility_timeout_seconds = var.visibility_timeout
  message_retention_seconds  = var.retention_days * local.seconds_of_a_day
  sqs_managed_sse_enabled    = true
  policy                     = local.policies.messages

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead_letters.arn
    maxReceiveCount     = var.max_receives
  })

  tags = {
    Name = "${var.name}${local.suffix}"
  }
}

# Messages stay as long as SQS keeps any: whoever looks for the fault needs days.
resource "aws_sqs_queue" "dead_letters" {
  name                        = "${var.name}-dead-letters${local.suffix}"
  fifo_queue                  = var.fifo
  content_based_deduplication = var.fifo

  message_retention_seconds = 14 * local.seconds_of_a_day
  sqs_managed_sse_enabled   = true
  policy                    = local.policies.dead_letters

  # Of the queues of the account that one alone may send its messages here.
  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [local.arn]
  })

  tags = {
    Name = "${var.name}-dead-letters${local.suffix}"
  }
}
