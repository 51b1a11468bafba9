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
  description = "Whether the environment is protected: there are two nodes then, unless nodes says otherwise, snapshots of 7 days, a last snapshot that outlives the cache, and its key refuses to be deleted."
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
  description = "Ids of the subnets for nodes, in at least two zones."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.subnet_ids) >= 2
    error_message = "subnet_ids must name at least two subnets: nodes that take over stand in another zone."
  }
}

variable "client_security_group_id" {
  description = "Id of the security group whose members may connect to the cache."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.client_security_group_id) > 0
    error_message = "client_security_group_id must not be empty."
  }
}

variable "engine" {
  description = "Engine of the cache: valkey or redis. From redis to valkey it changes in place."
  type        = string
  default     = "valkey"
  nullable    = false

  validation {
    condition     = contains(["valkey", "redis"], var.engine)
    error_message = "engine must be valkey or redis."
  }
}

variable "engine_version" {
  description = "Version of the engine, its major and minor number: valkey 7.2 and later, such as 8.2, or redis 6.0, 6.2, 7.0 and 7.1. An older one than there is replaces the cache."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[1-9][0-9]?\\.(0|[1-9][0-9]?)$", var.engine_version))
    error_message = "engine_version must be a major and a minor number, such as 8.2."
  }

  validation {
    condition     = var.engine != "valkey" || try(tonumber(split(".", var.engine_version)[0]) >= 8 || var.engine_version == "7.2", false)
    error_message = "engine_version of valkey must be 7.2 or later."
  }

  validation {
    condition     = var.engine != "redis" || contains(["6.0", "6.2", "7.0", "7.1"], var.engine_version)
    error_message = "engine_version of redis must be 6.0, 6.2, 7.0 or 7.1: what came later is valkey."
  }
}

variable "node_type" {
  description = "Type of each node, such as cache.t4g.small: one that can be encrypted, and that keeps everything in memory."
  type        = string
  default     = "cache.t4g.small"
  nullable    = false

  validation {
    condition     = can(regex("^cache\\.[a-z][a-z0-9]*\\.[a-z0-9]+$", var.node_type))
    error_message = "node_type must be cache, a family and a size with dots between, such as cache.t4g.small."
  }

  validation {
    condition     = !can(regex("^cache\\.(t1|t2|m1|m2|m3|c1|r3)\\.", var.node_type))
    error_message = "node_type must not be of a family that the cloud makes no new caches of."
  }

  validation {
    condition     = !can(regex("^cache\\.r6gd\\.", var.node_type))
    error_message = "node_type must keep everything in memory: cache.r6gd moves values to disks."
  }
}

variable "nodes" {
  description = "How many nodes there are, 1 to 6: one writes, the others answer reads, and one of those takes over when the first fails. Without it, two in a protected environment and one elsewhere."
  type        = number
  default     = null

  validation {
    condition     = var.nodes == null || try(var.nodes >= 1 && var.nodes <= 6 && floor(var.nodes) == var.nodes, false)
    error_message = "nodes must be a whole number from 1 to 6."
  }
}

variable "snapshot_retention_days" {
  description = "Days for which the snapshot of each day is kept, 0 to 35; 0 means none. Without it, 7 in a protected environment and none elsewhere."
  type        = number
  default     = null

  validation {
    condition     = var.snapshot_retention_days == null || try(var.snapshot_retention_days >= 0 && var.snapshot_retention_days <= 35 && floor(var.snapshot_retention_days) == var.snapshot_retention_days, false)
    error_message = "snapshot_retention_days must be a whole number of days from 0 to 35."
  }
}

variable "snapshot_window" {
  description = "When snapshots are made every day, in UTC, such as 03:00-04:00: 60 minutes or more. Without it the cloud chooses."
  type        = string
  default     = null

  validation {
    condition     = var.snapshot_window == null || can(regex("^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$", var.snapshot_window))
    error_message = "snapshot_window must be two times of the day, such as 03:00-04:00."
  }
}

variable "maintenance_window" {
  description = "When the cloud maintains the cache every week, in UTC, such as sun:04:00-sun:05:00: 60 minutes or more, apart from snapshot_window. Without it the cloud chooses."
  type        = string
  default     = null

  validation {
    condition     = var.maintenance_window == null || can(regex("^(mon|tue|wed|thu|fri|sat|sun):([01][0-9]|2[0-3]):[0-5][0-9]-(mon|tue|wed|thu|fri|sat|sun):([01][0-9]|2[0-3]):[0-5][0-9]$", var.maintenance_window))
    error_message = "maintenance_window must be two times of the week, such as sun:04:00-sun:05:00."
  }
}

variable "eviction_policy" {
  description = "What goes when the memory is full: of all keys (allkeys-) or of those that expire (volatile-) the ones used least recently (lru), least often (lfu), at random, or those that expire next (ttl); with noeviction nothing, and writes fail."
  type        = string
  default     = "volatile-lru"
  nullable    = false

  validation {
    condition     = contains(["volatile-lru", "allkeys-lru", "volatile-lfu", "allkeys-lfu", "volatile-random", "allkeys-random", "volatile-ttl", "noeviction"], var.eviction_policy)
    error_message = "eviction_policy must be volatile-lru, allkeys-lru, volatile-lfu, allkeys-lfu, volatile-random, allkeys-random, volatile-ttl or noeviction."
  }
}

variable "alarm_memory" {
  description = "Percent of its memory that a node may use before an alarm; at 100 there is never one."
  type        = number
  default     = 90
  nullable    = false

  validation {
    condition     = var.alarm_memory >= 1 && var.alarm_memory <= 100 && floor(var.alarm_memory) == var.alarm_memory
    error_message = "alarm_memory must be a whole number of percent from 1 to 100."
  }
}

variable "alarm_evictions" {
  description = "Keys that a node may evict within five minutes, three times in a row, before an alarm."
  type        = number
  default     = 1000
  nullable    = false

  validation {
    condition     = var.alarm_evictions >= 0 && var.alarm_evictions <= 1000000000 && floor(var.alarm_evictions) == var.alarm_evictions
    error_message = "alarm_evictions must be a whole number from 0 to 1000000000."
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
