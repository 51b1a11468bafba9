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
  description = "Database engine: postgres, mysql or mariadb."
  type        = string
  nullable    = false

  validation {
    condition     = contains(["postgres", "mysql", "mariadb"], var.engine)
    error_message = "engine must be postgres, mysql or mariadb."
  }
}

variable "engine_version" {
  description = "Version of the engine as text. The major version alone (15, 8.0, 10.11) takes the cloud's minor versions as they come; with a minor version (15.10, 8.0.41) it stays where it is."
  type        = string
  nullable    = false

  validation {
    # The suffix is what the cloud gives versions in extended support, such as 5.7.44-RDS.20250103.
    condition     = can(regex("^[0-9]+(\\.[0-9]+)*(-(rds|RDS)\\.[0-9]+)?$", var.engine_version))
    error_message = "engine_version must be numbers with dots between them, such as 15.10."
  }

  validation {
    condition     = var.engine != "postgres" || length(split(".", split("-", var.engine_version)[0])) <= 2 && try(tonumber(split(".", var.engine_version)[0]) >= 10, true)
    error_message = "For postgres, engine_version must be a major version from 10 on, with or without a minor version, such as 15 or 15.10."
  }

  validation {
    condition     = var.engine == "postgres" || contains([2, 3], length(split(".", split("-", var.engine_version)[0])))
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
  description = "First size of the storage in GiB, 20 to 65536. It grows by itself to twice that, and to 100 at least."
  type        = number
  default     = 20
  nullable    = false

  validation {
    condition     = var.allocated_storage >= 20 && var.allocated_storage <= 65536 && floor(var.allocated_storage) == var.allocated_storage
    error_message = "allocated_storage must be a whole number of GiB from 20 to 65536."
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
}

variable "multi_az" {
  description = "Whether a standby in another zone takes over when the database or its zone fails."
  type        = bool
  default     = false
  nullable    = false
}
