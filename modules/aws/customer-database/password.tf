# The master user's password. RDS makes it, rotates it and keeps it in Secrets Manager, but for a database with read
# replicas: RDS makes none of a database whose password it manages ("Limitations for Secrets Manager integration" in the
# RDS user guide). Then it is made here and kept in a secret of the module's own.
#
# Neither a plan nor the state holds it: it is made anew in each run, and written through arguments that are never stored
# and that count only where their version changes. Mocks have no ephemeral values, so it is not one.

locals {
  own_secret = var.replicas > 0

  # From the random numbers of the system that Terraform runs on: 148 bits. MySQL takes 41 characters.
  password = substr(replace("${uuid()}${uuid()}", "-", ""), 0, 40)

  # The version of both places that hold the password.
  password_version = one([for id in terraform_data.password[*].id : parseint(substr(sha256(id), 0, 7), 16)])
}

# Replacing it writes a new password to both places.
resource "terraform_data" "password" {
  count = local.own_secret ? 1 : 0
}

resource "aws_secretsmanager_secret" "master" {
  count = local.own_secret ? 1 : 0

  # A secret that was deleted keeps its name for a while, so that a fixed one could not be used again. By the first part
  # of it, customer-compute keeps instances without a database from all such secrets.
  name_prefix = "database-master/${var.name}-"
  description = "Master user of the database ${var.name}"
  kms_key_id  = aws_kms_key.this.arn

  tags = {
    Name = "${var.name}-database"
  }
}

resource "aws_secretsmanager_secret_version" "master" {
  count = local.own_secret ? 1 : 0

  secret_id = aws_secretsmanager_secret.master[0].id

  secret_string_wo         = jsonencode({ username = aws_db_instance.this[0].username, password = local.password })
  secret_string_wo_version = local.password_version
}
