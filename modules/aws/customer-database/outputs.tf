output "endpoint" {
  description = "Host name of the database, without the port."
  value       = aws_db_instance.this.address

  # A client that knows the name should be let in.
  depends_on = [aws_vpc_security_group_ingress_rule.clients]
}

output "port" {
  description = "TCP port of the database."
  value       = aws_db_instance.this.port
}

output "replica_endpoints" {
  description = "Host names of the read replicas, without the port, the first replica first."
  value       = aws_db_instance.replica[*].address

  depends_on = [aws_vpc_security_group_ingress_rule.clients]
}

output "master_user_secret_arn" {
  description = "ARN of the Secrets Manager secret with the master user's name and password. The ARN itself is no secret."
  value       = local.own_secret ? one(aws_secretsmanager_secret.master[*].arn) : one(aws_db_instance.this.master_user_secret[*].secret_arn)

  # Who reads the secret should find the password in it.
  depends_on = [aws_secretsmanager_secret_version.master]
}
