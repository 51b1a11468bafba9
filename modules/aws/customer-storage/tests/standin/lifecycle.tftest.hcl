# The whole life of the module against a provider that plans and applies for real. It is meant for the stand-in provider,
# which serves a recorded schema and no cloud: `terraform test -test-directory=tests/standin`. With the real provider and
# credentials it would make, and then destroy, real resources; that is why it is not among the tests that run by default.

provider "aws" {
  region = "eu-west-1"
}

variables {
  name        = "abcdefghijklmno-12345678"
  environment = "staging"
  bucket_name = "shop-staging-uploads"
}

run "create" {
  assert {
    condition     = output.storage_bucket != null && output.storage_bucket_arn != null && output.storage_key_arn != null
    error_message = "Bucket and key exist after an apply."
  }
}

run "protect_and_change" {
  variables {
    protected          = true
    versioning_enabled = false
    lifecycle_rules    = [{ name = "logs", expiration_days = 30 }]
  }

  assert {
    condition     = output.storage_bucket == run.create.storage_bucket && output.storage_key_arn == run.create.storage_key_arn
    error_message = "Nothing that stood before is replaced."
  }
}
