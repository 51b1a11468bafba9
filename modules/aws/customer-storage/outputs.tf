output "storage_bucket" {
  description = "Name of the bucket."
  value       = aws_s3_bucket.this.id
}

output "storage_bucket_arn" {
  description = "ARN of the bucket."
  value       = aws_s3_bucket.this.arn
}

output "storage_key_arn" {
  description = "ARN of the key that objects are encrypted with."
  value       = aws_kms_key.this.arn
}
