# A cache of Valkey or Redis: one node that writes, and others that answer reads and take over. Who may connect is decided
# by the network alone: there is no password, so that no file and no state holds one.

locals {
  port = 6379

  # Of a protected environment another node takes over.
  nodes            = coalesce(var.nodes, var.protected ? 2 : 1)
  has_several      = local.nodes > 1
  days_of_snapshot = coalesce(var.snapshot_retention_days, var.protected ? 7 : 0)

  # Parameters are those of a family: redis6.x, redis7, valkey7, valkey8.
  major  = split(".", var.engine_version)[0]
  family = local.major == "6" ? "redis6.x" : "${var.engine}${local.major}"
}

resource "aws_elasticache_subnet_group" "this" {
  name        = var.name
  description = "Cache subnets of ${var.name}"
  subnet_ids  = var.subnet_ids

  tags = {
    Name = "${var.name}-cache"
  }
}

# A group belongs to a family for life. With the family in its name the next one can be made before this one goes.
resource "aws_elasticache_parameter_group" "this" {
  name        = "${var.name}-${replace(local.family, ".", "-")}"
  family      = local.family
  description = "Parameters of the cache ${var.name}"

  parameter {
    name  = "maxmemory-policy"
    value = var.eviction_policy
  }

  tags = {
    Name = "${var.name}-cache"
  }

  lifecycle {
    create_before_destroy = true
  }
}

# When the cache was made: its last snapshot is named by it, so that the snapshot of one that stood here before is not in
# the way. It is made anew with everything whose change may replace the cache.
resource "terraform_data" "made" {
  input            = timestamp()
  triggers_replace = [var.name, var.engine, var.engine_version]

  lifecycle {
    ignore_changes = [input]
  }
}

resource "aws_elasticache_replication_group" "this" {
  replication_group_id = var.name
  description          = "Cache of ${var.name} (${var.environment})"

  engine         = var.engine
  engine_version = var.engine_version
  node_type      = var.node_type
  port           = local.port

  parameter_group_name = aws_elasticache_parameter_group.this.name

  # Were the cloud to upgrade automatically, the next plan would want to go back to the version that is written, and the
  # provider replaces a cache for that.
  auto_minor_version_upgrade = false

  # Changes happen when a person applies them. Put off to the maintenance window, they would stay in every plan until
  # then.
  apply_immediately = true

  # Nodes are in different zones, as far as there are subnets.
  num_cache_clusters         = local.nodes
  automatic_failover_enabled = local.has_several
  multi_az_enabled           = local.has_several

  subnet_group_name  = aws_elasticache_subnet_group.this.name
  security_group_ids = [aws_security_group.this.id]

  at_rest_encryption_enabled = true
  kms_key_id                 = aws_kms_key.this.arn
  transit_encryption_enabled = true

  maintenance_window       = var.maintenance_window
  snapshot_window          = var.snapshot_window
  snapshot_retention_limit = local.days_of_snapshot

  final_snapshot_identifier = var.protected ? "${var.name}-final-${formatdate("YYYYMMDDhhmmss", terraform_data.made.output)}" : null

  tags = {
    Name = "${var.name}-cache"
  }

  timeouts {
    create = "60m"
    update = "120m" # Several nodes, one after the other.
    delete = "60m"  # With the final snapshot.
  }
}
