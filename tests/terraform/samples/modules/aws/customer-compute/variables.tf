variable "name" {
  description = "Beginning of every name"
  type        = string
}

variable "vpc_id" {
  description = "VPC of the instances"
  type        = string
}

variable "private_subnet_ids" {
  description = "Subnets of the instances"
  type        = list(string)
}

variable "instance_type" {
  description = "Size of the instances"
  type        = string
}

variable "max_instances" {
  description = "Upper bound of the group"
  type        = number
}
