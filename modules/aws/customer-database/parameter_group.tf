# Parameters of the engine's family. What differs from the cloud's defaults is that TLS is not optional.

locals {
  family = "${var.engine}${local.major_version}"

  tls_parameter = var.engine == "postgres" ? "rds.force_ssl" : "require_secure_transport"
}

# The family cannot be changed in place. A major upgrade makes the new version's group first, moves the database to it
# together with the version, and deletes the old group last, so both exist for a while and need names of their own.
resource "aws_db_parameter_group" "this" {
  name_prefix = "${var.name}-${replace(local.family, ".", "-")}-"
  description = "${local.family} with TLS required, for ${var.name}"
  family      = local.family

  parameter {
    name         = local.tls_parameter
    value        = "1"
    apply_method = "immediate"
  }

  tags = {
    Name = "${var.name}-${local.family}"
  }

  lifecycle {
    create_before_destroy = true
  }
}
