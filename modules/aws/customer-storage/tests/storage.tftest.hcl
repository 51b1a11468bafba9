# What the bucket consists of: defaults, each option, a protected environment. Everything is mocked, so that no run reaches
# a cloud.

mock_provider "aws" {
  mock_data "aws_partition" {
    defaults = {
      partition = "aws"
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

  mock_resource "aws_s3_bucket" {
    defaults = {
      arn = "arn:aws:s3:::shop-staging-uploads"
      id  = "shop-staging-uploads"
    }
  }
}

variables {
  name        = "shop-staging-1a2b3c4d"
  environment = "staging"
  bucket_name = "shop-staging-uploads"
}

run "defaults" {
  assert {
    condition     = aws_s3_bucket.this.bucket == "shop-staging-uploads" && !aws_s3_bucket.this.force_destroy
    error_message = "The bucket has its name, and stays while it has objects."
  }

  assert {
    condition     = aws_s3_bucket_public_access_block.this.block_public_acls && aws_s3_bucket_public_access_block.this.block_public_policy && aws_s3_bucket_public_access_block.this.ignore_public_acls && aws_s3_bucket_public_access_block.this.restrict_public_buckets
    error_message = "Nothing in it is public."
  }

  assert {
    condition     = one(aws_s3_bucket_ownership_controls.this.rule).object_ownership == "BucketOwnerEnforced"
    error_message = "There are no access lists."
  }

  assert {
    condition     = one(aws_s3_bucket_versioning.this.versioning_configuration).status == "Enabled"
    error_message = "Earlier versions are kept."
  }

  assert {
    condition     = one(one(aws_s3_bucket_server_side_encryption_configuration.this.rule).apply_server_side_encryption_by_default).kms_master_key_id == aws_kms_key.this.arn && one(one(aws_s3_bucket_server_side_encryption_configuration.this.rule).apply_server_side_encryption_by_default).sse_algorithm == "aws:kms"
    error_message = "Objects are encrypted with the bucket's own key."
  }

  assert {
    condition     = aws_kms_key.this.enable_key_rotation && aws_kms_key.this.deletion_window_in_days == 30 && aws_kms_alias.this.name == "alias/shop-staging-1a2b3c4d-storage"
    error_message = "The key rotates."
  }

  assert {
    condition     = length(aws_s3_bucket_lifecycle_configuration.this.rule) == 1 && one(aws_s3_bucket_lifecycle_configuration.this.rule[0].abort_incomplete_multipart_upload).days_after_initiation == 7
    error_message = "Uploads that nobody finishes go after 7 days."
  }

  assert {
    condition     = jsondecode(aws_s3_bucket_policy.this.policy).Statement[*].Sid == ["OnlyWithTls"] && jsondecode(aws_s3_bucket_policy.this.policy).Statement[0].Effect == "Deny"
    error_message = "Calls without TLS are refused, and nothing else."
  }

  assert {
    condition     = output.storage_bucket == "shop-staging-uploads" && output.storage_bucket_arn == aws_s3_bucket.this.arn && output.storage_key_arn == aws_kms_key.this.arn
    error_message = "Names are handed on."
  }
}

run "every_option" {
  variables {
    versioning_enabled = false
    lifecycle_rules = [
      { name = "logs", expiration_days = 30 },
      { name = "drafts", enabled = false, expiration_days = 365 },
    ]
  }

  assert {
    condition     = one(aws_s3_bucket_versioning.this.versioning_configuration).status == "Suspended"
    error_message = "Versioning is switched off."
  }

  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.this.rule[*].id == tolist(["unfinished-uploads", "logs", "drafts"]) && aws_s3_bucket_lifecycle_configuration.this.rule[*].status == tolist(["Enabled", "Enabled", "Disabled"])
    error_message = "The rules are those that were given."
  }

  assert {
    condition     = one(aws_s3_bucket_lifecycle_configuration.this.rule[1].expiration).days == 30 && one(aws_s3_bucket_lifecycle_configuration.this.rule[1].noncurrent_version_expiration).noncurrent_days == 30
    error_message = "What expires goes with its earlier versions."
  }
}

run "protected" {
  variables {
    protected = true
  }

  assert {
    condition     = jsondecode(aws_s3_bucket_policy.this.policy).Statement[*].Sid == ["OnlyWithTls", "NoDeleteBucket"]
    error_message = "Nobody deletes the bucket."
  }
}
