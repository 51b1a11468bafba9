# One managed database, reached by the client security group alone: an instance of RDS here, or a cluster of Aurora in
# aurora.tf. What stands around it is the same.

locals {
  is_aurora   = startswith(var.engine, "aurora-")
  is_postgres = contains(["postgres", "aurora-postgresql"], var.engine)

  # The TCP port is the engine's own, and written out because the security group needs it before there is a database.
  port = local.is_postgres ? 5432 : 3306

  # PostgreSQL's major version is its first number; MySQL's and MariaDB's are the first two (8.0, 10.11), and those of
  # Aurora are the same (8.0 of 8.0.mysql_aurora.3.08.0).
  version_numbers = split(".", var.engine_version)
  major_parts     = local.is_postgres ? 1 : 2
  major_version   = join(".", slice(local.version_numbers, 0, min(local.major_parts, length(local.version_numbers))))

  # A version text that names a minor version is kept to the letter. Were the cloud to upgrade such a database by
  # itself, the next plan would want to go back, which it cannot.
  minor_version_pinned = length(local.version_numbers) > local.major_parts

  # GiB. Storage may grow to what is given, else to twice its first size, and to 100 at least. The cloud wants a limit at
  # least a tenth above the size; a database too near to the largest volume of 65536 cannot grow by itself, which 0 says.
  # Where there is a limit, the provider does not show in a plan that the storage has grown, and never sets it back.
  usual_limit   = min(65536, max(100, 2 * var.allocated_storage))
  storage_limit = coalesce(var.max_allocated_storage, local.usual_limit >= 1.1 * var.allocated_storage ? local.usual_limit : 0)

  username = "dbadmin"

  # Of Aurora PostgreSQL, upgrades are in the engine's own log.
  log_exports = local.is_postgres ? local.is_aurora ? ["postgresql"] : ["postgresql", "upgrade"] : ["error"]
}

resource "aws_db_subnet_group" "this" {
  name        = var.name
  description = "Database subnets of ${var.name}"
  subnet_ids  = var.subnet_ids

  tags = {
    Name = var.name
  }
}

resource "aws_db_instance" "this" {
  count = local.is_aurora ? 0 : 1

  identifier = var.name

  engine         = var.engine
  engine_version = var.engine_version
  instance_class = var.instance_class
  port           = local.port

  # A customer who writes another major version wants the upgrade; the plan shows it before it happens.
  allow_major_version_upgrade = true
  auto_minor_version_upgrade  = !local.minor_version_pinned

  # Changes happen when a person applies them. Put off to the maintenance window, they would stay in every plan until
  # then, and the parameter group of the version before could not be deleted.
  apply_immediately = true

  parameter_group_name = aws_db_parameter_group.this[0].name

  storage_type          = var.storage_type
  iops                  = var.iops
  allocated_storage     = var.allocated_storage
  max_allocated_storage = local.storage_limit
  storage_encrypted     = true

  # What is restored keeps the key, the master user and the databases of the snapshot: RDS takes no others with it.
  snapshot_identifier = var.snapshot_identifier
  kms_key_id          = var.snapshot_identifier == null ? aws_kms_key.this.arn : null
  username            = var.snapshot_identifier == null ? local.username : null
  db_name             = var.snapshot_identifier == null ? var.database_name : null

  db_subnet_group_name   = aws_db_subnet_group.this.name
  vpc_security_group_ids = [aws_security_group.this.id]
  publicly_accessible    = false
  multi_az               = var.multi_az

  # The cloud makes the password, rotates it, and keeps it in Secrets Manager, or the secret in password.tf has it. No
  # file and no state holds it.
  manage_master_user_password   = local.own_secret ? null : true
  master_user_secret_kms_key_id = local.own_secret ? null : aws_kms_key.this.key_id
  password_wo                   = local.own_secret ? local.password : null
  password_wo_version           = local.password_version

  backup_window            = var.backup_window
  maintenance_window       = var.maintenance_window
  backup_retention_period  = var.backup_retention_period
  copy_tags_to_snapshot    = true
  delete_automated_backups = !var.protected

  deletion_protection = coalesce(var.deletion_protection, var.protected)
  skip_final_snapshot = !var.protected

  # Each database that is made gets a name of its own for its last snapshot, so that the snapshot of one that stood
  # here before is not in the way. The time is taken when the database is made and ignored from then on. It is set in
  # unprotected environments too: one that becomes protected later could not get it any more.
  final_snapshot_identifier = "${var.name}-final-${formatdate("YYYYMMDDhhmmss", timestamp())}"

  enabled_cloudwatch_logs_exports = local.log_exports

  tags = {
    Name = var.name
  }

  timeouts {
    create = "60m"
    update = "120m"
    delete = "90m" # With the final snapshot.
  }

  lifecycle {
    # The key and the user are those that the database was made or restored with, whatever becomes of the snapshot.
    ignore_changes = [final_snapshot_identifier, kms_key_id, username]

    postcondition {
      condition     = self.storage_encrypted
      error_message = "The snapshot is not encrypted, and neither would the database be: copy it with a key, and restore the copy."
    }
  }

  # The cloud would make the log groups itself, without retention.
  depends_on = [aws_cloudwatch_log_group.this]
}

resource "aws_cloudwatch_log_group" "this" {
  for_each = toset(local.log_exports)

  name              = "/aws/rds/${local.is_aurora ? "cluster" : "instance"}/${var.name}/${each.key}"
  retention_in_days = var.protected ? 365 : 30

  tags = {
    Name = "${var.name}-${each.key}"
  }
}
