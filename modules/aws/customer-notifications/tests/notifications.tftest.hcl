# What the topic consists of: defaults, addresses, a protected environment. Everything is mocked, so that no run reaches a
# cloud.

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

  mock_resource "aws_kms_key" {
    defaults = {
      arn = "arn:aws:kms:eu-west-1:123456789012:key/12345678-1234-1234-1234-123456789012"
    }
  }

  mock_resource "aws_sns_topic" {
    defaults = {
      arn = "arn:aws:sns:eu-west-1:123456789012:shop-staging-1a2b3c4d-notifications"
    }
  }
}

variables {
  name        = "shop-staging-1a2b3c4d"
  environment = "staging"
}

run "defaults" {
  assert {
    condition     = aws_sns_topic.this.name == "shop-staging-1a2b3c4d-notifications" && aws_sns_topic.this.display_name == "Alarms of shop-staging-1a2b3c4d" && length(aws_sns_topic_subscription.email) == 0
    error_message = "The topic has the deployment's name, and nobody hears of it."
  }

  assert {
    condition     = aws_sns_topic.this.kms_master_key_id == aws_kms_key.this.arn && aws_kms_key.this.enable_key_rotation && aws_kms_key.this.deletion_window_in_days == 30 && aws_kms_alias.this.name == "alias/shop-staging-1a2b3c4d-notifications"
    error_message = "The topic is encrypted with its own key, which rotates."
  }

  assert {
    condition     = jsondecode(aws_kms_key.this.policy).Statement[*].Sid == ["AccountDecides", "AlarmsOfTheAccount"] && jsondecode(aws_kms_key.this.policy).Statement[1].Action == ["kms:Decrypt", "kms:GenerateDataKey*"]
    error_message = "Alarms may use the key as they need it, and do nothing else with it."
  }

  assert {
    condition     = jsondecode(aws_sns_topic_policy.this.policy).Statement[*].Sid == ["AlarmsOfTheAccount", "OnlyWithTls"] && jsondecode(aws_sns_topic_policy.this.policy).Statement[*].Effect == ["Allow", "Deny"] && aws_sns_topic_policy.this.arn == aws_sns_topic.this.arn
    error_message = "Alarms may publish, and nobody without TLS."
  }

  assert {
    condition     = alltrue([for statement in [jsondecode(aws_kms_key.this.policy).Statement[1], jsondecode(aws_sns_topic_policy.this.policy).Statement[0]] : statement.Principal == { Service = "cloudwatch.amazonaws.com" } && statement.Condition == { StringEquals = { "aws:SourceAccount" = "123456789012" }, ArnLike = { "aws:SourceArn" = "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:*" } }])
    error_message = "Key and topic admit alarms of this account and region alone."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.undelivered.dimensions == tomap({ TopicName = "shop-staging-1a2b3c4d-notifications" }) && aws_cloudwatch_metric_alarm.undelivered.threshold == 0 && aws_cloudwatch_metric_alarm.undelivered.alarm_actions == toset([aws_sns_topic.this.arn])
    error_message = "The others hear of what is not delivered."
  }

  assert {
    condition     = output.notifications_topic_arn == aws_sns_topic.this.arn
    error_message = "The topic is handed on."
  }
}

run "addresses" {
  variables {
    email_list = ["ops@example.com", "on-call+shop@mail.example.com", "ops@example.com"]
  }

  assert {
    condition     = { for address, subscription in aws_sns_topic_subscription.email : address => [subscription.protocol, subscription.endpoint] } == { "ops@example.com" = ["email", "ops@example.com"], "on-call+shop@mail.example.com" = ["email", "on-call+shop@mail.example.com"] }
    error_message = "Each address is subscribed, once."
  }

  assert {
    condition     = alltrue([for subscription in aws_sns_topic_subscription.email : subscription.topic_arn == aws_sns_topic.this.arn])
    error_message = "They are subscribed to this topic."
  }
}

run "protected" {
  variables {
    protected = true
    name      = "abcdefghijklmno-12345678"
  }

  assert {
    condition     = jsondecode(aws_sns_topic_policy.this.policy).Statement[*].Sid == ["AlarmsOfTheAccount", "OnlyWithTls", "NoDeleteTopic"] && jsondecode(aws_sns_topic_policy.this.policy).Statement[2].Effect == "Deny" && jsondecode(aws_sns_topic_policy.this.policy).Statement[2].Action == "sns:DeleteTopic"
    error_message = "In a protected environment nobody deletes the topic."
  }
}
