# A network that exists already, and is nobody's here: nothing of it is made, changed or destroyed. The one thing that this module makes is
# the group by which databases know the instances of this deployment; customer-vpc makes the same for a network of its own.

resource "aws_security_group" "database_client" {
  name_prefix = "${var.name}-database-client-"
  description = "Carried by what may reach the databases of ${var.environment}"
  vpc_id      = var.vpc_id

  tags = {
    Name = "${var.name}-database-client"
  }

  # Databases and instances refer to the group, so a successor must exist before it can go. That is also why the
  # name is a prefix: two groups of one VPC cannot share a name.
  lifecycle {
    create_before_destroy = true
  }
}
