# The whole life of the module against a provider that plans and applies for real. It is meant for the stand-in provider,
# which serves a recorded schema and no cloud: `terraform test -test-directory=tests/standin`. With the real provider and
# credentials it would make, and then destroy, real resources; that is why it is not among the tests that run by default.

provider "aws" {
  region = "eu-west-1"
}

variables {
  name          = "abcdefghijklmno-12345678"
  environment   = "staging"
  database_arns = ["arn:aws:rds:eu-west-1:123456789012:db:abcdefghijklmno-12345678"]
}

run "create" {
  assert {
    condition     = output.backup_vault == "abcdefghijklmno-12345678-backup" && aws_backup_vault.this["own"].region == "eu-west-1"
    error_message = "The vault exists after an apply, in the provider's region."
  }
}

run "protect_and_copy" {
  variables {
    protected   = true
    bucket_arns = ["arn:aws:s3:::shop-documents"]
    copy_region = "eu-central-1"
  }

  assert {
    condition     = output.backup_restore_role_arn == run.create.backup_restore_role_arn && aws_backup_vault.this["copy"].region == "eu-central-1"
    error_message = "What stood before is not replaced, and there is a vault elsewhere."
  }
}
