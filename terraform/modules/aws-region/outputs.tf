# What the caller needs of a region.

output "addresses" {
  description = "Director id => public IPv4 address: what nameserver.ipv4 of the region file must say."
  value       = local.addresses
}

output "board_url" {
  description = "URL of this region's board, with its password; null when it has none."
  value       = one([for it in aws_elasticache_replication_group.board : "rediss://:${urlencode(var.board_auth_token)}@${it.primary_endpoint_address}:6379"])
  sensitive   = true
}

output "security_group_id" {
  description = "Security group of the directors, for rules elsewhere."
  value       = aws_security_group.director.id
}
