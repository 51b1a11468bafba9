# The whole life of the module against a provider that plans and applies for real. It is meant for the stand-in provider,
# which serves a recorded schema and no cloud: `terraform test -test-directory=tests/standin`. With the real provider and
# credentials it would make, and then destroy, real resources; that is why it is not among the tests that run by default.

provider "aws" {
  region = "eu-west-1"
}

variables {
  name        = "abcdefghijklmno-12345678"
  environment = "staging"
  email_list  = ["ops@example.com"]
}

run "create" {
  assert {
    condition     = output.notifications_topic_arn != null && aws_sns_topic_subscription.email["ops@example.com"].topic_arn == output.notifications_topic_arn
    error_message = "Topic and subscription exist after an apply."
  }
}

run "protect_and_add" {
  variables {
    protected  = true
    email_list = ["duty@example.com", "ops@example.com"]
  }

  assert {
    condition     = output.notifications_topic_arn == run.create.notifications_topic_arn && length(aws_sns_topic_subscription.email) == 2
    error_message = "Nothing that stood before is replaced."
  }
}
