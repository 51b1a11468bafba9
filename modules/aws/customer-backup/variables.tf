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
  description = "Whether the environment is protected: backups are kept for 35 days then, unless retention_days says otherwise, nobody deletes one before its time, and the keys refuse to be deleted."
  type        = bool
  default     = false
  nullable    = false
}

variable "database_arns" {
  description = "ARNs of the databases that are backed up: instances of RDS, and clusters of Aurora."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.database_arns : can(regex("^arn:[^:*]+:rds:[^:*]+:[^:*]+:(db|cluster):[^*]+$", arn))])
    error_message = "database_arns must be ARNs of instances and clusters, and no patterns."
  }

  validation {
    condition     = length(var.database_arns) + length(var.bucket_arns) >= 1
    error_message = "database_arns or bucket_arns must name something to back up."
  }
}

variable "bucket_arns" {
  description = "ARNs of the buckets that are backed up, which keep versions."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.bucket_arns : can(regex("^arn:[^:*]+:s3:::[^/*]+$", arn))])
    error_message = "bucket_arns must be ARNs of buckets, and no patterns."
  }
}

variable "schedule" {
  description = "When backups are made: a cron expression of AWS in UTC, once an hour at most."
  type        = string
  default     = "cron(0 5 * * ? *)"
  nullable    = false

  validation {
    condition     = can(regex("^cron\\([0-9]{1,2}( [^ ()]+){5}\\)$", var.schedule))
    error_message = "schedule must be cron(...) with six fields, the first of which is one minute: AWS Backup takes no rate(...), and makes a backup once an hour at most."
  }
}

variable "retention_days" {
  description = "Days for which a backup and its copy are kept, 1 to 36500. Without it, 35 in a protected environment and 7 elsewhere."
  type        = number
  default     = null

  validation {
    condition     = var.retention_days == null || try(var.retention_days >= 1 && var.retention_days <= 36500 && floor(var.retention_days) == var.retention_days, false)
    error_message = "retention_days must be a whole number of days from 1 to 36500."
  }
}

variable "copy_region" {
  description = "Region that each backup is copied to, as soon as it is made. Without it there are no copies."
  type        = string
  default     = null

  validation {
    condition     = var.copy_region == null || can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.copy_region))
    error_message = "copy_region must be the name of a region, such as eu-central-1."
  }
}

variable "alarm_topic_arns" {
  description = "ARNs of the SNS topics that alarms notify when a backup failed, at most 5. Empty: none."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.alarm_topic_arns : can(regex("^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:.+$", arn))])
    error_message = "alarm_topic_arns must be ARNs of SNS topics."
  }

  validation {
    condition     = length(var.alarm_topic_arns) <= 5
    error_message = "alarm_topic_arns must have at most 5 ARNs: an alarm does no more at a time."
  }
}
