# What the zone above each of ours must say: its name servers, and glue because their names lie inside it.

locals {
  name_servers = { for id, region in local.regions : id => region.nameserver if region.is_public }

  # Two names for one machine are one name server.
  distinct_name_servers = distinct([for it in values(local.name_servers) : join(" ", sort(concat(it.ipv4, it.ipv6)))])

  # Elsewhere: those that the shared settings list for a zone beside ours.
  other_name_servers = {
    for zone in var.zones : zone => [
      for name in try(local.shared_zones[zone].nameservers, []) : lower(trimsuffix(name, "."))
    ]
  }

  delegations = {
    for zone in var.zones : zone => {
      zone         = zone
      ttl          = var.delegation_ttl
      name_servers = concat([for id in keys(local.name_servers) : "ns-${id}.${zone}"], local.other_name_servers[zone])
      glue = flatten([
        for id, it in local.name_servers : [
          for type, addresses in { A = it.ipv4, AAAA = it.ipv6 } :
          { name = "ns-${id}.${zone}", type = type, addresses = addresses } if length(addresses) > 0
        ]
      ])
    }
  }

  zone_files = {
    for zone, it in local.delegations : zone => join("", concat(
      ["; For the zone above ${zone}.\n"],
      [for name in it.name_servers : format("%s. %d IN NS %s.\n", zone, it.ttl, name)],
      flatten([
        for glue in it.glue : [
          for address in glue.addresses : format("%s. %d IN %s %s\n", glue.name, it.ttl, glue.type, address)
        ]
      ]),
    ))
  }
}
