output "backup_vault" {
  description = "Name of the vault that holds the backups, in the deployment's region; the copies are in one of the same name."
  value       = aws_backup_vault.this["own"].name
}

output "backup_restore_role_arn" {
  description = "ARN of the role to restore with."
  value       = aws_iam_role.this["restore"].arn

  depends_on = [aws_iam_role_policy_attachment.this]
}
