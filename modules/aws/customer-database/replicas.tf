# Read replicas: copies that follow the database and answer reads. They stand in its subnet group and are encrypted with
# its key, as RDS does by itself within a region, and have its security group and parameter group. Aurora has none: its
# readers are instances of the cluster.

resource "aws_db_instance" "replica" {
  count = var.replicas

  identifier          = "${var.name}-replica-${count.index + 1}"
  replicate_source_db = aws_db_instance.this[0].identifier

  # The engine and its version are those of the database. RDS upgrades replicas of PostgreSQL together with it.
  instance_class             = var.instance_class
  auto_minor_version_upgrade = !local.minor_version_pinned
  apply_immediately          = true
  parameter_group_name       = aws_db_parameter_group.this[0].name

  # The first size is that of the database; from then on each replica grows by itself, to the same limit.
  storage_type          = var.storage_type
  iops                  = var.iops
  max_allocated_storage = local.storage_limit
  storage_encrypted     = true

  vpc_security_group_ids = [aws_security_group.this.id]
  publicly_accessible    = false
  multi_az               = false

  maintenance_window = var.maintenance_window

  # Everything in a replica is in the database. It is not backed up, and may go when fewer are asked for.
  backup_retention_period = 0
  copy_tags_to_snapshot   = true
  deletion_protection     = false
  skip_final_snapshot     = true

  enabled_cloudwatch_logs_exports = local.log_exports

  tags = {
    Name = "${var.name}-replica-${count.index + 1}"
  }

  timeouts {
    create = "120m"
    update = "120m"
    delete = "60m"
  }

  depends_on = [aws_cloudwatch_log_group.replica]
}

resource "aws_cloudwatch_log_group" "replica" {
  for_each = toset([for pair in setproduct(range(1, var.replicas + 1), local.log_exports) : "${pair[0]}/${pair[1]}"])

  name              = "/aws/rds/instance/${var.name}-replica-${each.key}"
  retention_in_days = var.protected ? 365 : 30

  tags = {
    Name = "${var.name}-replica-${replace(each.key, "/", "-")}"
  }
}
