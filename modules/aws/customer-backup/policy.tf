# What nobody may do in a protected environment, whatever IAM policies say: delete a backup before its time, or let it
# expire sooner. That backups expire when they are due is not held up: the policy speaks of calls that somebody makes
# ("Vault access policies" in the AWS Backup Developer Guide, which also says that actions have no wildcards here).
# Terraform takes the policy away before the vault, so that a root which goes is not refused by it.

resource "aws_backup_vault_policy" "this" {
  for_each = var.protected ? local.regions : {}

  region            = each.value
  backup_vault_name = aws_backup_vault.this[each.key].name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "KeepTheBackups"
      Effect    = "Deny"
      Principal = "*"
      Action = [
        "backup:DeleteBackupVault",
        "backup:DeleteRecoveryPoint",
        "backup:UpdateRecoveryPointLifecycle",
      ]
      Resource = "*"
    }]
  })
}
