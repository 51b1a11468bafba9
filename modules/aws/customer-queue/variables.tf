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
  description = "Whether the environment is protected: nobody deletes the queues then, nor all of their messages at once."
  type        = bool
  default     = false
  nullable    = false
}

variable "fifo" {
  description = "Whether messages keep their order and are delivered once; such a queue has a limit on its throughput."
  type        = bool
  default     = false
  nullable    = false
}

variable "visibility_timeout" {
  description = "Seconds for which a message that was received is hidden from others, at most 12 hours."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.visibility_timeout >= 0 && var.visibility_timeout <= 43200 && floor(var.visibility_timeout) == var.visibility_timeout
    error_message = "visibility_timeout must be a whole number of seconds from 0 to 43200."
  }
}

variable "retention_days" {
  description = "Days for which a message is kept that nobody deletes: fewer than the 14 that dead letters have, which count from when it was sent."
  type        = number
  default     = 4
  nullable    = false

  validation {
    condition     = var.retention_days >= 1 && var.retention_days <= 13 && floor(var.retention_days) == var.retention_days
    error_message = "retention_days must be a whole number of days from 1 to 13."
  }
}

variable "max_receives" {
  description = "How often a message is delivered before it goes to the dead letters."
  type        = number
  default     = 5
  nullable    = false

  validation {
    condition     = var.max_receives >= 1 && var.max_receives <= 1000 && floor(var.max_receives) == var.max_receives
    error_message = "max_receives must be a whole number from 1 to 1000."
  }
}

variable "alarm_age" {
  description = "Seconds for which the oldest message may have waited before an alarm."
  type        = number
  default     = 900
  nullable    = false

  validation {
    condition     = var.alarm_age >= 60 && var.alarm_age <= 1209600 && floor(var.alarm_age) == var.alarm_age
    error_message = "alarm_age must be a whole number of seconds from 60 to 1209600."
  }
}

variable "alarm_topic_arns" {
  description = "ARNs of the SNS topics that alarms notify when they begin and when they end, at most 5. Empty: none."
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
