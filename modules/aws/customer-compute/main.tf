# The instances of one deployment behind a load balancer. What runs on them is the image's and the user data's affair:
# the module only promises that traffic for the port of healthy instances arrives.

data "aws_partition" "current" {}

locals {
  has_load_balancer = var.load_balancer != "none"

  # Default tags reach neither an auto scaling group nor what it starts, so these are written out wherever it matters.
  # Name comes last: it is the platform's.
  instance_tags = merge(var.tags, { Name = var.name })
}
