output "notifications_topic_arn" {
  description = "ARN of the topic, which alarms take as what they do."
  value       = aws_sns_topic.this.arn
}
