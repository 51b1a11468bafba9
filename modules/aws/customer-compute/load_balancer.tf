# Internet-facing or internal, or not there at all. TLS ends here: to the instances it speaks HTTP.

resource "aws_lb" "this" {
  count = local.has_load_balancer ? 1 : 0

  name               = var.name
  load_balancer_type = "application"

  # Internal only where that is asked for, whether or not anything outside is admitted: the scheme cannot be changed in
  # place, and a change would replace the load balancer and its DNS name the day the customer opens the service.
  internal        = var.load_balancer == "internal"
  subnets         = var.load_balancer == "internal" ? var.private_subnet_ids : var.public_subnet_ids
  security_groups = aws_security_group.load_balancer[*].id

  drop_invalid_header_fields = true
  enable_deletion_protection = var.protected

  tags = {
    Name = var.name
  }
}

resource "aws_lb_target_group" "this" {
  count = local.has_load_balancer ? 1 : 0

  # The suffix says what a change of would need a new group, whose name must then differ. 32 characters at the most,
  # which leaves 8 behind the longest name: no room for a longer port next to `http`.
  name                 = var.port == 80 ? "${var.name}-http-80" : "${var.name}-${var.port}"
  vpc_id               = var.vpc_id
  target_type          = "instance"
  protocol             = "HTTP"
  port                 = var.port
  deregistration_delay = 120 # Seconds for requests under way when an instance goes.

  health_check {
    protocol            = "HTTP"
    path                = var.health_check_path
    matcher             = "200-399"
    interval            = 15 # Seconds.
    timeout             = 5  # Seconds.
    healthy_threshold   = 2
    unhealthy_threshold = 3
  }

  tags = {
    Name = var.name
  }

  lifecycle {
    create_before_destroy = true
  }
}

# Port 80 serves as long as there is no certificate, and only sends clients to port 443 once there is one.
resource "aws_lb_listener" "http" {
  count = local.has_load_balancer ? 1 : 0

  load_balancer_arn = aws_lb.this[0].arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type             = var.ssl_certificate_arn == null ? "forward" : "redirect"
    target_group_arn = var.ssl_certificate_arn == null ? aws_lb_target_group.this[0].arn : null

    dynamic "redirect" {
      for_each = var.ssl_certificate_arn == null ? [] : ["https"]

      content {
        protocol    = "HTTPS"
        port        = "443"
        status_code = "HTTP_301"
      }
    }
  }

  tags = {
    Name = "${var.name}-http"
  }

  # Clients are sent to port 443 only once it answers.
  depends_on = [aws_lb_listener.https, aws_vpc_security_group_ingress_rule.load_balancer]
}

resource "aws_lb_listener" "https" {
  count = local.has_load_balancer && var.ssl_certificate_arn != null ? 1 : 0

  load_balancer_arn = aws_lb.this[0].arn
  port              = 443
  protocol          = "HTTPS"
  certificate_arn   = var.ssl_certificate_arn
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06" # TLS 1.3 and 1.2.

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.this[0].arn
  }

  tags = {
    Name = "${var.name}-https"
  }
}
