# The instances of one deployment behind a load balancer. What runs on them is the image's and the user data's affair:
# the module only promises that traffic for port 80 of healthy instances arrives.

data "aws_partition" "current" {}

locals {
  # Port and protocol between load balancer and instances. TLS ends at the load balancer.
  target_port = 80

  # Default tags reach neither an auto scaling group nor what it starts, so these are written out wherever it matters.
  # Name comes last: it is the platform's.
  instance_tags = merge(var.tags, { Name = var.name })
}
