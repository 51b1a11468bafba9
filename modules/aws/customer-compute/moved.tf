# What the load balancer consists of had no index before there could be deployments without one. State that is older
# than that follows.

moved {
  from = aws_lb.this
  to   = aws_lb.this[0]
}

moved {
  from = aws_lb_target_group.this
  to   = aws_lb_target_group.this[0]
}

moved {
  from = aws_lb_listener.http
  to   = aws_lb_listener.http[0]
}

moved {
  from = aws_security_group.load_balancer
  to   = aws_security_group.load_balancer[0]
}

moved {
  from = aws_vpc_security_group_egress_rule.load_balancer_to_instance
  to   = aws_vpc_security_group_egress_rule.load_balancer_to_instance[0]
}

moved {
  from = aws_vpc_security_group_ingress_rule.instance_from_load_balancer
  to   = aws_vpc_security_group_ingress_rule.instance_from_load_balancer[0]
}
