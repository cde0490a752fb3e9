# Which directors stand where, and the settings that each of them starts with.

locals {
  counts = {
    for id, region in local.regions : id => lookup(
      var.director_counts, id,
      region.is_public ? max(length(region.nameserver.ipv4), length(region.nameserver.ipv6), 1) : 0,
    )
  }
  director_regions = [for id, count in local.counts : id if count > 0]
  observers        = var.observers == null ? local.director_regions : var.observers

  shared_text  = var.shared_settings_file == null ? "" : file(var.shared_settings_file)
  shared_keys  = try(keys(yamldecode(local.shared_text)), [])
  shared_zones = try({ for zone in yamldecode(local.shared_text).zones : trimsuffix(zone.name, ".") => zone }, null)
  own_keys     = setunion(["director", "listen", "state", "gossip", "health"], keys(var.settings))

  directors = merge([
    for id, count in local.counts : {
      for n in range(count) : "${id}-${n + 1}" => {
        region       = id
        cloud_region = lookup(var.cloud_regions, id, null)
        ipv4         = try(local.regions[id].nameserver.ipv4[n], null)
        ipv6         = try(local.regions[id].nameserver.ipv6[n], null)
        config = join("\n", compact([
          "# Written by Terraform. Secrets are not in this file: MERIDIAN_SECRETS holds those that sign gossip.",
          trimspace(yamlencode(merge(var.settings, {
            director = { id = "${id}-${n + 1}", region = id }
            listen   = var.listen
            state    = var.state
            gossip   = merge(try(var.settings.gossip, {}), { boards = values(var.boards) })
            health   = merge(try(var.settings.health, {}), { observers = local.observers })
          }))),
          local.shared_text,
        ]))
      }
    }
  ]...)
}

check "observing_regions" {
  assert {
    condition     = length(local.observers) >= 3
    error_message = "Only ${length(local.observers)} observing region(s): with two, the one that is left decides alone what is down. A third may be a witness, a director in a place that serves nothing."
  }
}

check "addresses_are_served" {
  assert {
    condition = alltrue([
      for id, region in local.regions :
      local.counts[id] >= max(length(region.nameserver.ipv4), length(region.nameserver.ipv6))
    ])
    error_message = "A region has more name server addresses than directors: resolvers would be sent to an address where nobody answers, unless something in front shares it."
  }
}
