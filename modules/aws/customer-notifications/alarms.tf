# A mail that SNS gave up on: the other addresses hear of it. A publication that fails altogether shows in the history of
# the alarm that made it.
resource "aws_cloudwatch_metric_alarm" "undelivered" {
  alarm_name          = "${var.name}-undelivered"
  alarm_description   = "A notification of ${var.name} (${var.environment}) could not be delivered to one of its addresses"
  namespace           = "AWS/SNS"
  metric_name         = "NumberOfNotificationsFailed"
  dimensions          = { TopicName = aws_sns_topic.this.name }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.this.arn]

  tags = {
    Name = "${var.name}-undelivered"
  }
}
