# What the queue consists of: defaults, each option, a protected environment, names at their limits. Everything is mocked,
# so that no run reaches a cloud.

mock_provider "aws" {
  mock_data "aws_partition" {
    defaults = {
      partition = "aws"
    }
  }

  mock_data "aws_region" {
    defaults = {
      region = "eu-west-1"
    }
  }

  mock_data "aws_caller_identity" {
    defaults = {
      account_id = "123456789012"
    }
  }

  mock_resource "aws_sqs_queue" {
    defaults = {
      arn = "arn:aws:sqs:eu-west-1:123456789012:shop-staging-1a2b3c4d"
      id  = "https://sqs.eu-west-1.amazonaws.com/123456789012/shop-staging-1a2b3c4d"
      url = "https://sqs.eu-west-1.amazonaws.com/123456789012/shop-staging-1a2b3c4d"
    }
  }
}

variables {
  name        = "shop-staging-1a2b3c4d"
  environment = "staging"
}

run "defaults" {
  assert {
    condition     = aws_sqs_queue.this.name == "shop-staging-1a2b3c4d" && aws_sqs_queue.dead_letters.name == "shop-staging-1a2b3c4d-dead-letters" && !aws_sqs_queue.this.fifo_queue
    error_message = "Names start with the deployment's, and no order is kept."
  }

  assert {
    condition     = aws_sqs_queue.this.visibility_timeout_seconds == 30 && aws_sqs_queue.this.message_retention_seconds == 345600 && aws_sqs_queue.dead_letters.message_retention_seconds == 1209600
    error_message = "Messages are hidden for 30 seconds and kept for 4 days, dead letters for 14."
  }

  assert {
    condition     = jsondecode(aws_sqs_queue.this.redrive_policy).maxReceiveCount == 5 && jsondecode(aws_sqs_queue.this.redrive_policy).deadLetterTargetArn == aws_sqs_queue.dead_letters.arn
    error_message = "After 5 deliveries a message goes to the dead letters."
  }

  assert {
    condition     = jsondecode(aws_sqs_queue.dead_letters.redrive_allow_policy) == { redrivePermission = "byQueue", sourceQueueArns = [aws_sqs_queue.this.arn] }
    error_message = "The dead letters take messages of this queue alone."
  }

  assert {
    condition     = aws_sqs_queue.this.sqs_managed_sse_enabled && aws_sqs_queue.dead_letters.sqs_managed_sse_enabled
    error_message = "Both queues are encrypted."
  }

  assert {
    condition     = alltrue([for queue in [aws_sqs_queue.this, aws_sqs_queue.dead_letters] : jsondecode(queue.policy).Statement[*].Sid == ["OnlyWithTls"]])
    error_message = "Both queues refuse calls without TLS, and nothing else."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.age.threshold == 900 && aws_cloudwatch_metric_alarm.age.dimensions == tomap({ QueueName = "shop-staging-1a2b3c4d" }) && aws_cloudwatch_metric_alarm.dead_letters.threshold == 0
    error_message = "Alarms look at the oldest message and at the dead letters."
  }

  assert {
    condition     = output.queue_url == aws_sqs_queue.this.url && output.queue_arn == aws_sqs_queue.this.arn && output.queue_dead_letters_url == aws_sqs_queue.dead_letters.url
    error_message = "Addresses are handed on."
  }
}

run "every_option" {
  variables {
    visibility_timeout = 43200
    retention_days     = 13
    max_receives       = 1
    alarm_age          = 60
  }

  assert {
    condition     = aws_sqs_queue.this.visibility_timeout_seconds == 43200 && aws_sqs_queue.this.message_retention_seconds == 1123200 && jsondecode(aws_sqs_queue.this.redrive_policy).maxReceiveCount == 1 && aws_cloudwatch_metric_alarm.age.threshold == 60
    error_message = "Each option arrives."
  }
}

run "alarms_notify" {
  variables {
    alarm_topic_arns = ["arn:aws:sns:eu-west-1:123456789012:own", "arn:aws:sns:eu-west-1:123456789012:shared"]
  }

  assert {
    condition     = alltrue([for alarm in [aws_cloudwatch_metric_alarm.age, aws_cloudwatch_metric_alarm.dead_letters] : alarm.alarm_actions == toset(var.alarm_topic_arns) && alarm.ok_actions == toset(var.alarm_topic_arns)])
    error_message = "Each alarm notifies every topic when it begins and when it ends."
  }
}

run "order_is_kept" {
  variables {
    fifo = true
    name = "abcdefghijklmno-12345678"
  }

  assert {
    condition     = aws_sqs_queue.this.fifo_queue && aws_sqs_queue.dead_letters.fifo_queue && aws_sqs_queue.this.content_based_deduplication
    error_message = "Both queues keep the order: dead letters of such a queue need one too."
  }

  assert {
    condition     = aws_sqs_queue.this.name == "abcdefghijklmno-12345678.fifo" && aws_sqs_queue.dead_letters.name == "abcdefghijklmno-12345678-dead-letters.fifo"
    error_message = "Names end as the cloud wants it of such queues."
  }
}

run "protected" {
  variables {
    protected = true
  }

  assert {
    condition     = alltrue([for queue in [aws_sqs_queue.this, aws_sqs_queue.dead_letters] : jsondecode(queue.policy).Statement[*].Sid == ["OnlyWithTls", "NoDeleteQueue", "NoPurgeQueue"]])
    error_message = "In a protected environment both queues refuse to be deleted or purged."
  }

  assert {
    condition     = alltrue([for queue in [aws_sqs_queue.this, aws_sqs_queue.dead_letters] : alltrue([for statement in jsondecode(queue.policy).Statement : statement.Effect == "Deny" && statement.Principal == "*"])])
    error_message = "The policies refuse, and allow nothing."
  }
}
