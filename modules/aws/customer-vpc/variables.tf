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
  description = "Whether the environment is protected: one NAT gateway a zone instead of one in all, and flow logs kept for 365 days instead of 30."
  type        = bool
  default     = false
  nullable    = false
}

variable "vpc_cidr" {
  description = "IPv4 CIDR of the VPC, /16 to /28, with no host bits set."
  type        = string
  nullable    = false

  validation {
    # `cidrsubnet` with no new bits clears the host bits, so equality means that none was set.
    condition     = can(regex("^[0-9.]+/(1[6-9]|2[0-8])$", var.vpc_cidr)) && try(cidrsubnet(var.vpc_cidr, 0, 0) == var.vpc_cidr, false)
    error_message = "vpc_cidr must be an IPv4 CIDR from /16 to /28 with no host bits set, such as 10.20.0.0/16."
  }
}

variable "public_subnets" {
  description = "Public subnets: IPv4 CIDR by availability zone name, 2 to 6 zones, because a load balancer needs two. They must cover every zone of private_subnets."
  type        = map(string)
  nullable    = false

  validation {
    condition     = length(var.public_subnets) >= 2 && length(var.public_subnets) <= 6
    error_message = "public_subnets must have 2 to 6 zones: a load balancer needs at least two."
  }

  validation {
    condition     = alltrue([for zone in keys(var.public_subnets) : can(regex("^[a-z]{2}(-[a-z0-9]+)+[a-z]$", zone))])
    error_message = "The keys of public_subnets must be names of availability zones, such as eu-west-1a."
  }

  validation {
    condition     = alltrue([for cidr in values(var.public_subnets) : try(cidrsubnet(cidr, 0, 0) == cidr && tonumber(split("/", cidr)[1]) <= 28, false)])
    error_message = "Each CIDR of public_subnets must be IPv4, at most /28 and without host bits."
  }

  validation {
    # A subnet lies in the VPC when its address, cut to the length of the VPC's prefix, is the VPC's own.
    condition = alltrue([for cidr in values(var.public_subnets) : try(
      tonumber(split("/", cidr)[1]) >= tonumber(split("/", var.vpc_cidr)[1]) &&
      cidrsubnet("${split("/", cidr)[0]}/${split("/", var.vpc_cidr)[1]}", 0, 0) == var.vpc_cidr, false
    )])
    error_message = "Each CIDR of public_subnets must lie inside vpc_cidr."
  }

  validation {
    # A load balancer sends nothing to targets in a zone that it has no subnet in, and each zone's NAT gateway stands in
    # that zone's public subnet.
    condition     = length(setsubtract(keys(var.private_subnets), keys(var.public_subnets))) == 0
    error_message = "public_subnets must cover every zone of private_subnets."
  }

  validation {
    # Two CIDRs overlap when they are equal after both are cut to the shorter of their prefixes. All three bands are
    # looked at together; the pairs of a list with itself are left out by their position.
    condition = try(alltrue(flatten([
      for i, a in concat(values(var.public_subnets), values(var.private_subnets), values(var.database_subnets)) : [
        for j, b in concat(values(var.public_subnets), values(var.private_subnets), values(var.database_subnets)) :
        i >= j || (
          cidrsubnet("${split("/", a)[0]}/${min(tonumber(split("/", a)[1]), tonumber(split("/", b)[1]))}", 0, 0) !=
          cidrsubnet("${split("/", b)[0]}/${min(tonumber(split("/", a)[1]), tonumber(split("/", b)[1]))}", 0, 0)
        )
      ]
    ])), false)
    error_message = "The CIDRs of public_subnets, private_subnets and database_subnets must not overlap."
  }
}

variable "private_subnets" {
  description = "Private subnets, where the instances run: IPv4 CIDR by availability zone name, 1 to 6 zones."
  type        = map(string)
  nullable    = false

  validation {
    condition     = length(var.private_subnets) >= 1 && length(var.private_subnets) <= 6
    error_message = "private_subnets must have 1 to 6 zones."
  }

  validation {
    condition     = alltrue([for zone in keys(var.private_subnets) : can(regex("^[a-z]{2}(-[a-z0-9]+)+[a-z]$", zone))])
    error_message = "The keys of private_subnets must be names of availability zones, such as eu-west-1a."
  }

  validation {
    condition     = alltrue([for cidr in values(var.private_subnets) : try(cidrsubnet(cidr, 0, 0) == cidr && tonumber(split("/", cidr)[1]) <= 28, false)])
    error_message = "Each CIDR of private_subnets must be IPv4, at most /28 and without host bits."
  }

  validation {
    condition = alltrue([for cidr in values(var.private_subnets) : try(
      tonumber(split("/", cidr)[1]) >= tonumber(split("/", var.vpc_cidr)[1]) &&
      cidrsubnet("${split("/", cidr)[0]}/${split("/", var.vpc_cidr)[1]}", 0, 0) == var.vpc_cidr, false
    )])
    error_message = "Each CIDR of private_subnets must lie inside vpc_cidr."
  }
}

variable "database_subnets" {
  description = "Database subnets, without any route to the internet: IPv4 CIDR by availability zone name, 2 to 6 zones, because a database subnet group needs two."
  type        = map(string)
  nullable    = false

  validation {
    condition     = length(var.database_subnets) >= 2 && length(var.database_subnets) <= 6
    error_message = "database_subnets must have 2 to 6 zones: a database subnet group needs at least two."
  }

  validation {
    condition     = alltrue([for zone in keys(var.database_subnets) : can(regex("^[a-z]{2}(-[a-z0-9]+)+[a-z]$", zone))])
    error_message = "The keys of database_subnets must be names of availability zones, such as eu-west-1a."
  }

  validation {
    condition     = alltrue([for cidr in values(var.database_subnets) : try(cidrsubnet(cidr, 0, 0) == cidr && tonumber(split("/", cidr)[1]) <= 28, false)])
    error_message = "Each CIDR of database_subnets must be IPv4, at most /28 and without host bits."
  }

  validation {
    condition = alltrue([for cidr in values(var.database_subnets) : try(
      tonumber(split("/", cidr)[1]) >= tonumber(split("/", var.vpc_cidr)[1]) &&
      cidrsubnet("${split("/", cidr)[0]}/${split("/", var.vpc_cidr)[1]}", 0, 0) == var.vpc_cidr, false
    )])
    error_message = "Each CIDR of database_subnets must lie inside vpc_cidr."
  }
}

variable "enable_nat_gateway" {
  description = "Whether private subnets reach the internet through NAT gateways."
  type        = bool
  default     = true
  nullable    = false
}

variable "enable_vpn" {
  description = "Whether the VPC gets a VPN gateway whose routes reach the private subnets."
  type        = bool
  default     = false
  nullable    = false
}

variable "nat_gateways" {
  description = "NAT gateways for the private subnets: none, single (one for all zones) or per_zone. Null takes it from enable_nat_gateway and protected."
  type        = string
  default     = null

  validation {
    condition     = var.nat_gateways == null || contains(["none", "single", "per_zone"], coalesce(var.nat_gateways, "none"))
    error_message = "nat_gateways must be none, single or per_zone."
  }
}
