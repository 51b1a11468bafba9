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
  description = "Whether the environment is protected: nobody deletes the bucket then."
  type        = bool
  default     = false
  nullable    = false
}

variable "bucket_name" {
  description = "Name of the bucket, unique in all accounts of the cloud: 3 to 63 lower-case letters, digits, hyphens and dots."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.bucket_name)) && !strcontains(var.bucket_name, "..")
    error_message = "bucket_name must be 3 to 63 lower-case letters, digits, hyphens and single dots, with a letter or digit at both ends."
  }
}

variable "versioning_enabled" {
  description = "Whether earlier versions of an object are kept when it is written again or deleted."
  type        = bool
  default     = true
  nullable    = false
}

variable "lifecycle_rules" {
  description = "When objects expire: each rule with a name, whether it is on, and after how many days."
  type        = list(object({ name = string, enabled = optional(bool, true), expiration_days = number }))
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for rule in var.lifecycle_rules : rule.expiration_days >= 1 && floor(rule.expiration_days) == rule.expiration_days])
    error_message = "expiration_days of each of lifecycle_rules must be a whole number of days from 1."
  }

  validation {
    condition     = length(distinct(var.lifecycle_rules[*].name)) == length(var.lifecycle_rules) && !contains(var.lifecycle_rules[*].name, "unfinished-uploads")
    error_message = "lifecycle_rules must have different names, none of which is unfinished-uploads."
  }

  validation {
    condition     = alltrue([for rule in var.lifecycle_rules : length(rule.name) >= 1 && length(rule.name) <= 255])
    error_message = "The name of each of lifecycle_rules must have 1 to 255 characters."
  }
}
