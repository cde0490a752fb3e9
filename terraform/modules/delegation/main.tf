# The delegation of one zone, written into its parent's hosted zone in Route 53.

terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.10"
    }
  }
}

variable "parent_zone_id" {
  description = "Id of the public hosted zone above the delegated one."
  type        = string
}

variable "delegation" {
  description = "One entry of fleet's output delegations."
  type = object({
    zone         = string
    ttl          = number
    name_servers = list(string)
    glue         = list(object({ name = string, type = string, addresses = list(string) }))
  })
}

data "aws_route53_zone" "parent" {
  zone_id = var.parent_zone_id

  lifecycle {
    postcondition {
      condition     = endswith(var.delegation.zone, ".${trimsuffix(self.name, ".")}") && !self.private_zone
      error_message = "${var.delegation.zone} does not lie below ${self.name}, or that hosted zone is a private one."
    }
  }
}

resource "aws_route53_record" "glue" {
  for_each = { for it in var.delegation.glue : "${it.name} ${it.type}" => it }

  zone_id = data.aws_route53_zone.parent.zone_id
  name    = each.value.name
  type    = each.value.type
  ttl     = var.delegation.ttl
  records = each.value.addresses
}

resource "aws_route53_record" "name_servers" {
  zone_id = data.aws_route53_zone.parent.zone_id
  name    = var.delegation.zone
  type    = "NS"
  ttl     = var.delegation.ttl
  records = [for name in var.delegation.name_servers : "${name}."]

  # Nobody is sent to a name server before its address is there.
  depends_on = [aws_route53_record.glue]
}
