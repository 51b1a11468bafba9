# The whole life of the module against a provider that plans and applies for real. It is meant for the stand-in provider,
# which serves a recorded schema and no cloud: `terraform test -test-directory=tests/standin`. With the real provider and
# credentials it would make, and then destroy, real resources; that is why it is not among the tests that run by default.

provider "aws" {
  region = "eu-west-1"
}

variables {
  name        = "abcdefghijklmno-12345678"
  environment = "staging"
}

run "create" {
  assert {
    condition     = output.queue_arn != null && output.queue_url != null && output.queue_dead_letters_url != null
    error_message = "Both queues exist after an apply."
  }
}

run "protect_and_change" {
  variables {
    protected          = true
    visibility_timeout = 60
    retention_days     = 7
    max_receives       = 3
  }

  assert {
    condition     = output.queue_arn == run.create.queue_arn && output.queue_dead_letters_url == run.create.queue_dead_letters_url
    error_message = "The queue that stood before is not replaced."
  }
}
