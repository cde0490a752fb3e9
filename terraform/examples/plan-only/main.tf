# Prints what the parent of a zone must say, from the region files alone: no provider, no account.

terraform {
  required_version = ">= 1.11"
}

variable "regions_dir" {
  description = "Folder of region files; by default those of this repository."
  type        = string
  default     = null
}

variable "zones" {
  description = "Zones to delegate."
  type        = list(string)
  default     = ["example.test"]
}

module "fleet" {
  source = "../../modules/fleet"

  regions_dir = coalesce(var.regions_dir, "${path.module}/../../../regions")
  zones       = var.zones
}

output "delegation" {
  description = "Text for the parent's zone file."
  value       = join("\n", values(module.fleet.zone_files))
}
