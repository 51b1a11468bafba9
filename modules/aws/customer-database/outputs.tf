# There is an instance or a cluster, and never both.

output "endpoint" {
  description = "Host name of the database, without the port; of Aurora, the one that leads to the writer."
  value       = one(concat(aws_db_instance.this[*].address, aws_rds_cluster.this[*].endpoint))

  # A client that knows the name should be let in.
  depends_on = [aws_vpc_security_group_ingress_rule.clients]
}

output "port" {
  description = "TCP port of the database."
  value       = one(concat(aws_db_instance.this[*].port, aws_rds_cluster.this[*].port))
}

output "replica_endpoints" {
  description = "Host names that answer reads, without the port: those of the read replicas, the first replica first, or of Aurora the one that its readers share."
  value       = concat(aws_db_instance.replica[*].address, aws_rds_cluster.this[*].reader_endpoint)

  depends_on = [aws_vpc_security_group_ingress_rule.clients]
}

output "master_user_secret_arn" {
  description = "ARN of the Secrets Manager secret with the master user's name and password. The ARN itself is no secret."
  value       = local.own_secret ? one(aws_secretsmanager_secret.master[*].arn) : one(one(concat(aws_db_instance.this[*].master_user_secret, aws_rds_cluster.this[*].master_user_secret))[*].secret_arn)

  # Who reads the secret should find the password in it.
  depends_on = [aws_secretsmanager_secret_version.master]
}

output "database_arn" {
  description = "ARN of the instance or the cluster, which customer-backup takes. Replicas have their own, and hold the same."
  value       = one(concat(aws_db_instance.this[*].arn, aws_rds_cluster.this[*].arn))
}
