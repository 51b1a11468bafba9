variable "name" {
  description = "Name of the deployment, unique in the account: at most 24 characters, lower-case letters, digits and single hyphens. Every name in the cloud starts with it."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.name) <= 24 && can(regex("^[a-z](-?[a-z0-9])*$", var.name))
    error_message = "name must be 1 to 24 lower-case letters, digits and single hyphens, start with a letter and not end with a hyphen."
  }

  validation {
    condition     = !can(regex("^(aws|sg-|internal-)", var.name))
    error_message = "name must not start with aws, sg- or internal-, which the cloud reserves."
  }
}

variable "environment" {
  description = "Environment of the deployment, such as staging or production."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.environment) <= 32 && can(regex("^[a-z0-9](-?[a-z0-9])*$", var.environment))
    error_message = "environment must be 1 to 32 lower-case letters, digits and single hyphens, with a letter or digit at both ends."
  }
}

variable "protected" {
  description = "Whether the environment is protected: the database and its key then refuse to be deleted, a final snapshot and the automated backups outlive the database, and logs are kept for 365 days instead of 30."
  type        = bool
  default     = false
  nullable    = false
}

variable "vpc_id" {
  description = "Id of the VPC."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.vpc_id) > 0
    error_message = "vpc_id must not be empty."
  }
}

variable "subnet_ids" {
  description = "Ids of the database subnets, in at least two zones."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.subnet_ids) >= 2
    error_message = "subnet_ids must name at least two subnets: a database subnet group needs two zones."
  }
}

variable "client_security_group_id" {
  description = "Id of the security group whose members may connect to the database."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.client_security_group_id) > 0
    error_message = "client_security_group_id must not be empty."
  }
}

variable "engine" {
  description = "Database engine: postgres, mysql or mariadb, or aurora-postgresql or aurora-mysql, which make a cluster."
  type        = string
  nullable    = false

  validation {
    condition     = contains(["postgres", "mysql", "mariadb", "aurora-postgresql", "aurora-mysql"], var.engine)
    error_message = "engine must be postgres, mysql, mariadb, aurora-postgresql or aurora-mysql."
  }
}

variable "engine_version" {
  description = "Version of the engine as text. The major version alone (15, 8.0, 10.11) takes the cloud's minor versions as they come; with a minor version (15.10, 8.0.41; of Aurora MySQL 8.0.mysql_aurora.3.08.0) it stays where it is."
  type        = string
  nullable    = false

  validation {
    # The suffixes are what the cloud gives versions in extended support, such as 5.7.44-RDS.20250103, and Aurora's own version.
    condition     = can(regex("^[0-9]+(\\.[0-9]+)*(-(rds|RDS)\\.[0-9]+|\\.mysql_aurora(\\.[0-9]+){3})?$", var.engine_version))
    error_message = "engine_version must be numbers with dots between them, such as 15.10."
  }

  validation {
    condition     = var.engine != "aurora-mysql" || can(regex("^[0-9]+\\.[0-9]+(\\.mysql_aurora(\\.[0-9]+){3})?$", var.engine_version))
    error_message = "For aurora-mysql, engine_version must be the major version of MySQL, alone or with Aurora's own version, such as 8.0 or 8.0.mysql_aurora.3.08.0."
  }

  validation {
    condition     = var.engine == "aurora-mysql" || !strcontains(var.engine_version, "mysql_aurora")
    error_message = "engine_version has a version of Aurora MySQL, which aurora-mysql alone takes."
  }

  validation {
    condition     = !contains(["postgres", "aurora-postgresql"], var.engine) || length(split(".", split("-", var.engine_version)[0])) <= 2 && try(tonumber(split(".", var.engine_version)[0]) >= 10, true)
    error_message = "For postgres and aurora-postgresql, engine_version must be a major version from 10 on, with or without a minor version, such as 15 or 15.10."
  }

  validation {
    condition     = !contains(["mysql", "mariadb"], var.engine) || contains([2, 3], length(split(".", split("-", var.engine_version)[0])))
    error_message = "For mysql and mariadb, the major version has two numbers, and engine_version two or three, such as 8.0, 8.0.41 or 10.11."
  }
}

variable "instance_class" {
  description = "RDS instance class, such as db.t4g.small."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^db\\.[a-z0-9-]+\\.[a-z0-9.-]+$", var.instance_class))
    error_message = "instance_class must be an RDS instance class, such as db.t4g.small."
  }
}

variable "allocated_storage" {
  description = "First size of the storage in GiB, 20 to 65536. It grows by itself to twice that, and to 100 at least. Aurora's has no size."
  type        = number
  default     = 20
  nullable    = false

  validation {
    condition     = var.allocated_storage >= 20 && var.allocated_storage <= 65536 && floor(var.allocated_storage) == var.allocated_storage
    error_message = "allocated_storage must be a whole number of GiB from 20 to 65536."
  }

  validation {
    condition     = !startswith(var.engine, "aurora-") || var.allocated_storage == 20
    error_message = "Aurora takes no allocated_storage: its storage has no size and grows by itself."
  }
}

variable "backup_retention_period" {
  description = "Days that automated backups are kept, 0 to 35. 0 switches them off, and point-in-time recovery with them."
  type        = number
  default     = 7
  nullable    = false

  validation {
    condition     = var.backup_retention_period >= 0 && var.backup_retention_period <= 35 && floor(var.backup_retention_period) == var.backup_retention_period
    error_message = "backup_retention_period must be a whole number of days from 0 to 35."
  }

  validation {
    condition     = !startswith(var.engine, "aurora-") || var.backup_retention_period >= 1
    error_message = "Aurora always keeps backups: backup_retention_period must be 1 or more."
  }
}

variable "multi_az" {
  description = "Whether a standby in another zone takes over when the database or its zone fails. Of Aurora, instances says it."
  type        = bool
  default     = false
  nullable    = false

  validation {
    condition     = !startswith(var.engine, "aurora-") || !var.multi_az
    error_message = "Aurora takes no multi_az: its other instances take over, and there are as many as instances says."
  }
}

variable "database_name" {
  description = "Name of the database that is made in the instance; without one, PostgreSQL has postgres and the others none. Not used with a snapshot, which brings its own."
  type        = string
  default     = null

  validation {
    condition     = var.database_name == null || can(regex("^[A-Za-z][A-Za-z0-9_]{0,62}$", var.database_name))
    error_message = "database_name must be 1 to 63 letters, digits and underscores, and start with a letter."
  }
}

variable "storage_type" {
  description = "Type of the storage: gp3, or io2 with iops of its own. Aurora has one of its own."
  type        = string
  default     = "gp3"
  nullable    = false

  validation {
    condition     = !startswith(var.engine, "aurora-") || var.storage_type == "gp3"
    error_message = "Aurora takes no storage_type: its storage is of a type of its own."
  }

  validation {
    condition     = contains(["gp3", "io2"], var.storage_type)
    error_message = "storage_type must be gp3 or io2."
  }

  validation {
    condition     = var.storage_type != "io2" || var.allocated_storage >= 100
    error_message = "storage_type io2 needs an allocated_storage of 100 GiB or more."
  }
}

variable "iops" {
  description = "I/O operations a second. For gp3 from 400 GiB on, 12000 to 64000; smaller storage has 3000. For io2, 1000 to 256000, from one for two GiB to 1000 for each."
  type        = number
  default     = null

  validation {
    condition     = var.iops != null || var.storage_type != "io2"
    error_message = "storage_type io2 needs iops."
  }

  validation {
    condition     = var.iops == null || var.storage_type != "gp3" || var.allocated_storage >= 400
    error_message = "iops of gp3 need an allocated_storage of 400 GiB or more."
  }

  validation {
    condition     = var.iops == null || var.storage_type != "gp3" || try(var.iops >= 12000 && var.iops <= 64000, false)
    error_message = "iops of gp3 must be 12000 to 64000."
  }

  validation {
    condition     = var.iops == null || var.storage_type != "io2" || try(var.iops >= max(1000, var.allocated_storage / 2) && var.iops <= min(256000, 1000 * var.allocated_storage), false)
    error_message = "iops of io2 must be 1000 to 256000, at least one for two GiB and at most 1000 for each."
  }

  validation {
    condition     = var.iops == null || try(floor(var.iops) == var.iops, false)
    error_message = "iops must be a whole number."
  }

  validation {
    condition     = !startswith(var.engine, "aurora-") || var.iops == null
    error_message = "Aurora takes no iops: its storage gives what is asked of it."
  }
}

variable "max_allocated_storage" {
  description = "GiB that the storage may grow to by itself, at least a tenth above allocated_storage and at most 65536. Without it, twice allocated_storage, and 100 at least."
  type        = number
  default     = null

  validation {
    condition     = var.max_allocated_storage == null || try(var.max_allocated_storage >= 1.1 * var.allocated_storage && var.max_allocated_storage <= 65536 && floor(var.max_allocated_storage) == var.max_allocated_storage, false)
    error_message = "max_allocated_storage must be a whole number of GiB, at least a tenth above allocated_storage, and at most 65536."
  }

  validation {
    condition     = !startswith(var.engine, "aurora-") || var.max_allocated_storage == null
    error_message = "Aurora takes no max_allocated_storage: its storage grows without a limit of its own."
  }
}

variable "backup_window" {
  description = "When backups are made every day, in UTC, such as 03:00-04:00: 30 minutes or more. Without it the cloud chooses."
  type        = string
  default     = null

  validation {
    condition     = var.backup_window == null || can(regex("^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$", var.backup_window))
    error_message = "backup_window must be two times of the day, such as 03:00-04:00."
  }
}

variable "maintenance_window" {
  description = "When the cloud maintains the database every week, in UTC, such as sun:04:00-sun:05:00: 30 minutes or more, apart from backup_window. Without it the cloud chooses."
  type        = string
  default     = null

  validation {
    condition     = var.maintenance_window == null || can(regex("^(mon|tue|wed|thu|fri|sat|sun):([01][0-9]|2[0-3]):[0-5][0-9]-(mon|tue|wed|thu|fri|sat|sun):([01][0-9]|2[0-3]):[0-5][0-9]$", var.maintenance_window))
    error_message = "maintenance_window must be two times of the week, such as sun:04:00-sun:05:00."
  }
}

variable "parameters" {
  description = "Parameters of the engine by name, with their values as text. Those that decide about encryption and logins are refused."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for name, value in var.parameters : can(regex("^[a-z0-9_.]{1,255}$", name)) && try(length(value) > 0, false)])
    error_message = "parameters must have names of small letters, digits, underscores and dots, and values that are not empty."
  }

  validation {
    condition = alltrue([for name, value in var.parameters : !can(regex(
      "^(rds\\.force_ssl|require_secure_transport|(admin_)?(ssl|tls_).*|have_ssl|password_encryption|rds\\.accepted_password_auth_method|rds\\.restrict_password_commands|default_authentication_plugin|authentication_policy|old_passwords|secure_auth|skip_.*|init_.*|local_infile|secure_file_priv)$",
      name,
    ))])
    error_message = "parameters must not be among those that decide how connections are encrypted and who may log in."
  }
}

variable "replicas" {
  description = "How many read replicas follow the database, 0 to 5. With one or more, the master user's password is in a secret of the module's own."
  type        = number
  default     = 0
  nullable    = false

  validation {
    condition     = var.replicas >= 0 && var.replicas <= 5 && floor(var.replicas) == var.replicas
    error_message = "replicas must be a whole number from 0 to 5."
  }

  validation {
    condition     = var.replicas == 0 || var.backup_retention_period > 0
    error_message = "replicas need backups: backup_retention_period must be 1 or more."
  }

  validation {
    condition     = !startswith(var.engine, "aurora-") || var.replicas == 0
    error_message = "Aurora takes no replicas: all instances but one answer reads, and there are as many as instances says."
  }
}

variable "instances" {
  description = "How many instances a cluster of Aurora has, 1 to 15: one writes, the others answer reads, and one of those takes over when the writer fails. Without it, one. Other engines have none."
  type        = number
  default     = null

  validation {
    condition     = var.instances == null || try(var.instances >= 1 && var.instances <= 15 && floor(var.instances) == var.instances, false)
    error_message = "instances must be a whole number from 1 to 15."
  }

  validation {
    condition     = var.instances == null || startswith(var.engine, "aurora-")
    error_message = "instances are those of a cluster, which aurora-postgresql and aurora-mysql have. For the others, replicas answer reads."
  }
}

variable "snapshot_identifier" {
  description = "Name or ARN of the snapshot that the database is restored from when it is made. Another one replaces the database. Aurora takes those of clusters, and by their ARN those of instances."
  type        = string
  default     = null

  validation {
    condition     = var.snapshot_identifier == null || can(regex("^(arn:aws[a-z-]*:rds:[a-z0-9-]+:[0-9]{12}:(cluster-)?snapshot:)?(rds:)?[A-Za-z][A-Za-z0-9-]{0,254}$", var.snapshot_identifier))
    error_message = "snapshot_identifier must be the name or the ARN of a snapshot of a database."
  }

  validation {
    condition     = startswith(var.engine, "aurora-") || !strcontains(coalesce(var.snapshot_identifier, "none"), ":cluster-snapshot:")
    error_message = "Only Aurora can be restored from a snapshot of a cluster."
  }
}

variable "deletion_protection" {
  description = "Whether the database refuses to be deleted. Without it, that of a protected environment does."
  type        = bool
  default     = null
}
