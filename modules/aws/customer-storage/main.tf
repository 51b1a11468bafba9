# A bucket for what applications keep as files. Nothing in it is public, and nothing in it goes with the root: Terraform
# deletes no bucket that has objects. Who may read and write is for IAM policies of the account: customer-compute gives
# its instances the right.

resource "aws_s3_bucket" "this" {
  bucket = var.bucket_name

  # Whoever removes the bucket empties it first.
  force_destroy = false

  tags = {
    Name = var.bucket_name
  }
}

# Access lists are switched off: the owner of the bucket owns every object, whoever wrote it.
resource "aws_s3_bucket_ownership_controls" "this" {
  bucket = aws_s3_bucket.this.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_public_access_block" "this" {
  bucket = aws_s3_bucket.this.id

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_versioning" "this" {
  bucket = aws_s3_bucket.this.id

  # What was versioned once can only be suspended.
  versioning_configuration {
    status = var.versioning_enabled ? "Enabled" : "Suspended"
  }
}

locals {
  # What nobody finishes to upload is kept, and paid for, until somebody deletes it.
  days_of_an_upload = 7
}

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  bucket = aws_s3_bucket.this.id

  rule {
    id     = "unfinished-uploads"
    status = "Enabled"

    filter {}

    abort_incomplete_multipart_upload {
      days_after_initiation = local.days_of_an_upload
    }
  }

  # Of an object that expires, its earlier versions go as many days after it: they would be kept for ever.
  dynamic "rule" {
    for_each = var.lifecycle_rules

    content {
      id     = rule.value.name
      status = rule.value.enabled ? "Enabled" : "Disabled"

      filter {}

      expiration {
        days = rule.value.expiration_days
      }

      noncurrent_version_expiration {
        noncurrent_days = rule.value.expiration_days
      }
    }
  }

  depends_on = [aws_s3_bucket_versioning.this]
}
