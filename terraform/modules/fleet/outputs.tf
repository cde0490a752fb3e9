# What the fleet needs, by region, by director and by zone; nothing is told while a region file has a fault.

output "regions" {
  description = "Region id => title, country, latitude and longitude in degrees, addresses handed to clients, whether a public director stands there, its name server by zone, ids of its directors, AWS region."
  value = {
    for id, region in local.regions : id => {
      title        = region.title
      country      = region.country
      latitude     = region.latitude
      longitude    = region.longitude
      ipv4         = region.ipv4
      ipv6         = region.ipv6
      is_public    = region.is_public
      name_servers = region.is_public ? { for zone in var.zones : zone => "ns-${id}.${zone}" } : {}
      directors    = [for director_id, it in local.directors : director_id if it.region == id]
      cloud_region = lookup(var.cloud_regions, id, null)
    }
  }

  precondition {
    condition     = length(local.faults) == 0
    error_message = "Faults in ${var.regions_dir}:\n${join("\n", local.faults)}"
  }
}

output "directors" {
  description = "Director id => region, AWS region, public IPv4 and IPv6 address that its region file promises (null for none), text of its meridian.yaml."
  value       = local.directors

  precondition {
    condition     = length(setsubtract(keys(var.director_counts), keys(local.texts))) == 0
    error_message = "director_counts names a region without a file: ${join(", ", setsubtract(keys(var.director_counts), keys(local.texts)))}."
  }

  precondition {
    condition     = length(var.cloud_regions) == 0 || length(setsubtract(local.director_regions, keys(var.cloud_regions))) == 0
    error_message = "A director stands in these regions, but cloud_regions has no AWS region for them: ${join(", ", setsubtract(local.director_regions, keys(var.cloud_regions)))}."
  }

  precondition {
    condition     = length(setsubtract(keys(var.cloud_regions), keys(local.texts))) == 0
    error_message = "cloud_regions names a region without a file: ${join(", ", setsubtract(keys(var.cloud_regions), keys(local.texts)))}."
  }

  precondition {
    condition     = length(setsubtract(keys(var.boards), keys(local.texts))) == 0
    error_message = "boards names a region without a file: ${join(", ", setsubtract(keys(var.boards), keys(local.texts)))}."
  }

  precondition {
    condition     = length(setintersection(local.shared_keys, local.own_keys)) == 0
    error_message = "shared_settings_file must not have ${join(", ", setintersection(local.shared_keys, local.own_keys))}: this module or var.settings writes it."
  }
}

output "region_files" {
  description = "File name => text of each region file, to be put beside meridian.yaml in a folder regions/."
  value       = { for id, text in local.texts : "${id}.yaml" => text }
}

output "delegations" {
  description = "Zone => what its parent must say: TTL in seconds, name servers, glue records (names without a final dot)."
  value       = local.delegations

  precondition {
    condition = alltrue([
      for zone in var.zones :
      length(local.distinct_name_servers) + length(local.other_name_servers[zone]) >= var.minimum_name_servers
    ])
    error_message = "${length(local.distinct_name_servers)} name server(s) of our own, ${var.minimum_name_servers} needed: give more regions a nameserver block (RFC 1034 section 4.1 asks for two or more), or set minimum_name_servers for a trial."
  }

  precondition {
    condition     = local.shared_zones == null ? true : length(setsubtract(var.zones, keys(local.shared_zones))) == 0
    error_message = "shared_settings_file does not have these zones, so the directors would refuse every query for them: ${join(", ", setsubtract(var.zones, try(keys(local.shared_zones), [])))}."
  }

  precondition {
    condition = alltrue([
      for zone, names in local.other_name_servers : alltrue([for name in names : !endswith(name, ".${zone}")])
    ])
    error_message = "A zone's nameservers in shared_settings_file lie inside the zone itself: the parent would need glue for them that nothing here knows."
  }
}

output "zone_files" {
  description = "Zone => the same as text, ready to paste into the parent's zone file."
  value       = local.zone_files
}
