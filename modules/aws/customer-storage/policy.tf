# What nobody may do, whatever IAM policies say.

resource "aws_s3_bucket_policy" "this" {
  bucket = aws_s3_bucket.this.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat([{
      Sid       = "OnlyWithTls"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = [aws_s3_bucket.this.arn, "${aws_s3_bucket.this.arn}/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
      # Terraform takes the policy away before the bucket, so that a root which goes is not refused.
      }], [for action in var.protected ? ["s3:DeleteBucket"] : [] : {
      Sid       = "NoDeleteBucket"
      Effect    = "Deny"
      Principal = "*"
      Action    = action
      Resource  = [aws_s3_bucket.this.arn]
    }])
  })

  # S3 refuses two changes of a bucket's access at a time.
  depends_on = [aws_s3_bucket_public_access_block.this]
}
