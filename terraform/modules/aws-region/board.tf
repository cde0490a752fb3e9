# This region's board: one small Redis without replica or snapshot, because losing a board loses nothing.

locals {
  boards = var.board == null ? {} : { board = var.board }

  board_openings = merge([
    for it in values(local.boards) : merge(
      { directors = { group = aws_security_group.director.id, cidr = "" } },
      { for cidr in it.cidrs : cidr => { group = null, cidr = cidr } },
    )
  ]...)
}

resource "aws_security_group" "board" {
  for_each = local.boards

  name        = "${local.full_name}-board"
  description = "Meridian board: directors only"
  vpc_id      = var.vpc_id
  tags        = merge(var.tags, { Name = "${local.full_name}-board" })
}

resource "aws_vpc_security_group_ingress_rule" "board" {
  for_each = local.board_openings

  security_group_id            = aws_security_group.board["board"].id
  description                  = each.key
  ip_protocol                  = "tcp"
  from_port                    = 6379
  to_port                      = 6379
  referenced_security_group_id = each.value.group
  cidr_ipv4                    = strcontains(each.value.cidr, ".") ? each.value.cidr : null
  cidr_ipv6                    = strcontains(each.value.cidr, ":") ? each.value.cidr : null
}

resource "aws_elasticache_subnet_group" "board" {
  for_each = local.boards

  name       = "${local.full_name}-board"
  subnet_ids = each.value.subnet_ids
  tags       = var.tags
}

resource "aws_elasticache_replication_group" "board" {
  for_each = local.boards

  replication_group_id       = local.full_name
  description                = "Meridian board in ${var.region_id}"
  engine                     = "redis"
  engine_version             = "7.1"
  node_type                  = each.value.node_type
  num_cache_clusters         = 1
  port                       = 6379
  subnet_group_name          = aws_elasticache_subnet_group.board[each.key].name
  security_group_ids         = [aws_security_group.board[each.key].id]
  at_rest_encryption_enabled = true
  kms_key_id                 = var.kms_key_arn
  transit_encryption_enabled = true
  auth_token                 = var.board_auth_token
  auth_token_update_strategy = "ROTATE"
  snapshot_retention_limit   = 0
  tags                       = var.tags
}
