output "cache_endpoint" {
  description = "Host name of the node that writes, without the port, whichever it is. Clients connect with TLS."
  value       = aws_elasticache_replication_group.this.primary_endpoint_address

  # A client that knows the name should be let in.
  depends_on = [aws_vpc_security_group_ingress_rule.clients]
}

output "cache_port" {
  description = "TCP port of the cache."
  value       = local.port
}

output "cache_reader_endpoint" {
  description = "Host name that the nodes which answer reads share, without the port; with one node, that one."
  value       = aws_elasticache_replication_group.this.reader_endpoint_address

  depends_on = [aws_vpc_security_group_ingress_rule.clients]
}
