# Parameters of the engine's family. What differs from the cloud's defaults is that TLS is not optional, and what the
# customer sets.

locals {
  family = "${var.engine}${local.major_version}"

  tls_parameter = local.is_postgres ? "rds.force_ssl" : "require_secure_transport"

  # Instances take 1; clusters of Aurora MySQL take ON (github.com/prowler-cloud/prowler/pull/4116).
  tls_value = var.engine == "aurora-mysql" ? "ON" : "1"

  # Parameters that people set most and that engines take while they run ("Context" other than postmaster in pg_settings
  # of PostgreSQL; "Dynamic" in the lists of system variables of MySQL and MariaDB). RDS refuses to apply any other at
  # once; it takes all of them at the next restart.
  taken_at_once = local.is_postgres ? [
    "autovacuum",
    "autovacuum_analyze_scale_factor",
    "autovacuum_naptime",
    "autovacuum_vacuum_cost_limit",
    "autovacuum_vacuum_scale_factor",
    "checkpoint_timeout",
    "deadlock_timeout",
    "default_statistics_target",
    "effective_cache_size",
    "idle_in_transaction_session_timeout",
    "lock_timeout",
    "log_autovacuum_min_duration",
    "log_connections",
    "log_disconnections",
    "log_lock_waits",
    "log_min_duration_statement",
    "log_statement",
    "log_temp_files",
    "maintenance_work_mem",
    "max_wal_size",
    "min_wal_size",
    "random_page_cost",
    "statement_timeout",
    "work_mem",
    ] : [
    "event_scheduler",
    "general_log",
    "group_concat_max_len",
    "innodb_lock_wait_timeout",
    "innodb_print_all_deadlocks",
    "interactive_timeout",
    "log_bin_trust_function_creators",
    "log_output",
    "long_query_time",
    "max_allowed_packet",
    "max_connections",
    "slow_query_log",
    "sort_buffer_size",
    "sql_mode",
    "time_zone",
    "tmp_table_size",
    "wait_timeout",
  ]
}

# The family cannot be changed in place. A major upgrade makes the new version's group first, moves the database to it
# together with the version, and deletes the old group last, so both exist for a while and need names of their own.
resource "aws_db_parameter_group" "this" {
  count = local.is_aurora ? 0 : 1

  name_prefix = "${var.name}-${replace(local.family, ".", "-")}-"
  description = "${local.family} with TLS required, for ${var.name}"
  family      = local.family

  parameter {
    name         = local.tls_parameter
    value        = "1"
    apply_method = "immediate"
  }

  dynamic "parameter" {
    for_each = var.parameters

    content {
      name         = parameter.key
      value        = parameter.value
      apply_method = contains(local.taken_at_once, parameter.key) ? "immediate" : "pending-reboot"
    }
  }

  tags = {
    Name = "${var.name}-${local.family}"
  }

  lifecycle {
    create_before_destroy = true
  }
}

# The same of a cluster. What is set here counts in each of its instances, for parameters of instances too, as long as no
# parameter group of an instance sets another value; the instances have the cloud's own groups ("Working with DB cluster
# parameter groups" in the Aurora user guide).
resource "aws_rds_cluster_parameter_group" "this" {
  count = local.is_aurora ? 1 : 0

  name_prefix = "${var.name}-${replace(local.family, ".", "-")}-"
  description = "${local.family} with TLS required, for ${var.name}"
  family      = local.family

  parameter {
    name         = local.tls_parameter
    value        = local.tls_value
    apply_method = "immediate"
  }

  dynamic "parameter" {
    for_each = var.parameters

    content {
      name         = parameter.key
      value        = parameter.value
      apply_method = contains(local.taken_at_once, parameter.key) ? "immediate" : "pending-reboot"
    }
  }

  tags = {
    Name = "${var.name}-${local.family}"
  }

  lifecycle {
    create_before_destroy = true
  }
}
