# A cluster of Aurora: its storage, which has no size and grows by itself, and the instances that answer. One of them
# writes, all others read, and one of those takes over when the writer fails.

locals {
  instances = coalesce(var.instances, 1)
}

resource "aws_rds_cluster" "this" {
  count = local.is_aurora ? 1 : 0

  cluster_identifier = var.name

  engine         = var.engine
  engine_version = var.engine_version
  port           = local.port

  # As of an instance: see main.tf.
  allow_major_version_upgrade = true
  apply_immediately           = true

  db_cluster_parameter_group_name = aws_rds_cluster_parameter_group.this[0].name

  storage_encrypted = true

  # What is restored keeps the key, the master user and the databases of the snapshot.
  snapshot_identifier = var.snapshot_identifier
  kms_key_id          = var.snapshot_identifier == null ? aws_kms_key.this.arn : null
  master_username     = var.snapshot_identifier == null ? local.username : null
  database_name       = var.snapshot_identifier == null ? var.database_name : null

  db_subnet_group_name   = aws_db_subnet_group.this.name
  vpc_security_group_ids = [aws_security_group.this.id]

  # The cloud makes the password, rotates it, and keeps it in Secrets Manager, with readers too.
  manage_master_user_password   = true
  master_user_secret_kms_key_id = aws_kms_key.this.key_id

  preferred_backup_window      = var.backup_window
  preferred_maintenance_window = var.maintenance_window
  backup_retention_period      = var.backup_retention_period
  copy_tags_to_snapshot        = true
  delete_automated_backups     = !var.protected

  # Only the cluster can be protected, and not its instances: all data is in the cluster.
  deletion_protection = coalesce(var.deletion_protection, var.protected)
  skip_final_snapshot = !var.protected

  # As of an instance: see main.tf.
  final_snapshot_identifier = "${var.name}-final-${formatdate("YYYYMMDDhhmmss", timestamp())}"

  enabled_cloudwatch_logs_exports = local.log_exports

  tags = {
    Name = var.name
  }

  timeouts {
    create = "120m"
    update = "120m"
    delete = "120m" # With the final snapshot.
  }

  lifecycle {
    # The key and the user are those that the cluster was made or restored with, whatever becomes of the snapshot.
    ignore_changes = [final_snapshot_identifier, kms_key_id, master_username]

    postcondition {
      condition     = self.storage_encrypted
      error_message = "The snapshot is not encrypted, and neither would the database be: copy it with a key, and restore the copy."
    }
  }

  # The cloud would make the log groups itself, without retention.
  depends_on = [aws_cloudwatch_log_group.this]
}

# The numbers are the keys, so that of fewer instances the last ones go. Which of them writes is Aurora's decision, and so
# are their zones: it takes one that suits where none is given (AvailabilityZone of CreateDBInstance in the RDS API).
resource "aws_rds_cluster_instance" "this" {
  for_each = toset([for number in range(local.is_aurora ? local.instances : 0) : tostring(number + 1)])

  identifier         = "${var.name}-${each.key}"
  cluster_identifier = aws_rds_cluster.this[0].id

  # Its version is the cluster's.
  engine         = var.engine
  instance_class = var.instance_class

  auto_minor_version_upgrade = !local.minor_version_pinned
  apply_immediately          = true

  db_subnet_group_name = aws_db_subnet_group.this.name
  publicly_accessible  = false

  preferred_maintenance_window = var.maintenance_window

  tags = {
    Name = "${var.name}-${each.key}"
  }

  timeouts {
    create = "90m"
    update = "120m"
    delete = "90m"
  }
}
