# Flow logs: who spoke to whom, kept for incident response and for audits.

locals {
  flow_log_group_name = "/vpc/${var.name}/flow-logs"

  # Days. A year is what audits of production systems usually ask for; elsewhere a month is enough to look into a fault.
  flow_log_retention_days = var.protected ? 365 : 30
}

resource "aws_cloudwatch_log_group" "flow_logs" {
  name              = local.flow_log_group_name
  retention_in_days = local.flow_log_retention_days

  tags = {
    Name = "${var.name}-flow-logs"
  }
}

data "aws_caller_identity" "current" {}

resource "aws_iam_role" "flow_logs" {
  name        = "${var.name}-flow-logs"
  description = "Lets the flow logs of ${var.name} (${var.environment}) write to their log group"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "vpc-flow-logs.amazonaws.com" }
      # The service may use the role for this account's flow logs only (the confused deputy).
      Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id } }
    }]
  })

  tags = {
    Name = "${var.name}-flow-logs"
  }
}

# There is no leave to create log groups on purpose: with it, records that arrive late would make the group anew after
# a destroy, without retention and outside Terraform.
resource "aws_iam_role_policy" "flow_logs" {
  name = "write-flow-logs"
  role = aws_iam_role.flow_logs.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"]
        Resource = [aws_cloudwatch_log_group.flow_logs.arn, "${aws_cloudwatch_log_group.flow_logs.arn}:*"]
      },
      {
        # The service lists the groups before it writes; the listing cannot be narrowed to one group.
        Effect   = "Allow"
        Action   = ["logs:DescribeLogGroups"]
        Resource = ["*"]
      },
    ]
  })
}

resource "aws_flow_log" "this" {
  vpc_id       = aws_vpc.this.id
  traffic_type = "ALL"

  log_destination_type     = "cloud-watch-logs"
  log_destination          = aws_cloudwatch_log_group.flow_logs.arn
  iam_role_arn             = aws_iam_role.flow_logs.arn
  max_aggregation_interval = 600 # Seconds. One-minute records cost up to ten times as much.

  tags = {
    Name = var.name
  }

  depends_on = [aws_iam_role_policy.flow_logs]
}
