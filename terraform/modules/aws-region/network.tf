# How the directors are reached: security group, network interfaces and Elastic IPs, which outlive instances.

locals {
  full_name = "${var.name}-${var.region_id}"
  everyone  = ["0.0.0.0/0", "::/0"]

  openings = merge(
    {
      for pair in setproduct(["udp", "tcp"], local.everyone) :
      "dns-${pair[0]}-${pair[1]}" => { protocol = pair[0], port = 53, cidr = pair[1] }
    },
    { for cidr in var.api_cidrs : "http-${cidr}" => { protocol = "tcp", port = var.http_port, cidr = cidr } },
  )
}

resource "aws_security_group" "director" {
  name        = local.full_name
  description = "Meridian directors: DNS for everyone, HTTP for named networks"
  vpc_id      = var.vpc_id
  tags        = merge(var.tags, { Name = local.full_name })
}

resource "aws_vpc_security_group_ingress_rule" "director" {
  for_each = local.openings

  security_group_id = aws_security_group.director.id
  description       = each.key
  ip_protocol       = each.value.protocol
  from_port         = each.value.port
  to_port           = each.value.port
  cidr_ipv4         = strcontains(each.value.cidr, ".") ? each.value.cidr : null
  cidr_ipv6         = strcontains(each.value.cidr, ":") ? each.value.cidr : null
}

# Probes go anywhere. Open both ways, UDP is also spared the connection table that a flood of queries would fill.
resource "aws_vpc_security_group_egress_rule" "director" {
  for_each = toset(local.everyone)

  security_group_id = aws_security_group.director.id
  description       = "Probes, boards and updates"
  ip_protocol       = "-1"
  cidr_ipv4         = strcontains(each.value, ".") ? each.value : null
  cidr_ipv6         = strcontains(each.value, ":") ? each.value : null
}

# The interface has the addresses, so a new instance stands at the same place and has them from its first second.
resource "aws_network_interface" "director" {
  for_each = var.directors

  description     = each.key
  subnet_id       = element(var.subnet_ids, index(keys(var.directors), each.key))
  security_groups = [aws_security_group.director.id]
  ipv6_addresses  = each.value.ipv6 == null ? null : [each.value.ipv6]
  tags            = merge(var.tags, { Name = each.key })
}

resource "aws_eip" "director" {
  for_each = { for id, it in var.directors : id => it if !contains(keys(var.allocation_ids), id) }

  domain = "vpc"
  tags   = merge(var.tags, { Name = each.key })
}

data "aws_eip" "given" {
  for_each = { for id, allocation in var.allocation_ids : id => allocation if contains(keys(var.directors), id) }

  id = each.value
}

resource "aws_eip_association" "director" {
  for_each = var.directors

  allocation_id        = lookup(var.allocation_ids, each.key, null) == null ? aws_eip.director[each.key].allocation_id : var.allocation_ids[each.key]
  network_interface_id = aws_network_interface.director[each.key].id
}

locals {
  addresses = merge(
    { for id, it in aws_eip.director : id => it.public_ip },
    { for id, it in data.aws_eip.given : id => it.public_ip },
  )
}

check "addresses_are_those_of_the_region_file" {
  assert {
    condition     = alltrue([for id, address in local.addresses : var.directors[id].ipv4 == null || var.directors[id].ipv4 == address])
    error_message = "Glue would lead astray. Write the addresses that the directors really have into nameserver.ipv4 of regions/${var.region_id}.yaml and apply again: ${join(", ", [for id, address in local.addresses : "${id} has ${address}"])}."
  }
}
