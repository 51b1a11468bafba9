output "queue_url" {
  description = "URL of the queue, by which applications send and receive."
  value       = aws_sqs_queue.this.url
}

output "queue_arn" {
  description = "ARN of the queue."
  value       = aws_sqs_queue.this.arn
}

output "queue_dead_letters_url" {
  description = "URL of the queue with the messages that nobody could handle."
  value       = aws_sqs_queue.dead_letters.url
}
