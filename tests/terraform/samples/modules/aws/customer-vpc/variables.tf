variable "name" {
  description = "Beginning of every name"
  type        = string
}

variable "environment" {
  description = "Environment of the deployment"
  type        = string
}

variable "vpc_cidr" {
  description = "Address range of the VPC"
  type        = string

  validation {
    condition     = can(cidrhost(var.vpc_cidr, 0))
    error_message = "The VPC's address range must be in CIDR notation."
  }
}

variable "private_subnets" {
  description = "Address ranges of the private subnets by zone"
  type        = map(string)
}
