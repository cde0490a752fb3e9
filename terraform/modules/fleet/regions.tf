# Reads the region files into one shape, and lists every fault in them so that all are told at once.

locals {
  known_keys = [
    "title", "country", "latitude", "longitude", "weight", "bias",
    "ipv4", "ipv6", "url", "probe", "probes", "nameserver",
  ]

  # A director takes 40 characters; a label of a host name does not end in a hyphen (RFC 952).
  id_pattern   = "^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$"
  ipv4_pattern = "^((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.|$)){4}$"

  texts = {
    for name in fileset(var.regions_dir, "*.yaml") :
    trimsuffix(name, ".yaml") => file("${var.regions_dir}/${name}")
  }
  documents = { for id, text in local.texts : id => try(yamldecode(text), null) }
  mappings  = { for id, document in local.documents : id => document if can(keys(document)) }

  address_lists = flatten([
    for id, it in local.mappings : [
      { id = id, key = "ipv4", family = 4, value = try(it.ipv4, []) },
      { id = id, key = "ipv6", family = 6, value = try(it.ipv6, []) },
      { id = id, key = "nameserver.ipv4", family = 4, value = try(it.nameserver.ipv4, []) },
      { id = id, key = "nameserver.ipv6", family = 6, value = try(it.nameserver.ipv6, []) },
    ]
  ])
  addresses = flatten([
    for list in local.address_lists : [
      for text in try(tolist(list.value), null) == null ? [] : tolist(list.value) :
      { id = list.id, key = list.key, family = list.family, text = format("%v", text) }
    ]
  ])

  # cidrhost writes an address as RFC 5952 does; it turns an IPv4-mapped one into IPv4, which is no AAAA record.
  canonical = {
    for text in distinct(local.addresses[*].text) : text => (
      can(regex(local.ipv4_pattern, text)) ? { family = 4, text = text } :
      strcontains(try(cidrhost("${text}/128", 0), ""), ":") ? { family = 6, text = cidrhost("${text}/128", 0) } :
      { family = 0, text = text }
    )
  }
  valid = {
    for id in keys(local.mappings) : id => {
      for key in ["ipv4", "ipv6", "nameserver.ipv4", "nameserver.ipv6"] : key => [
        for it in local.addresses : local.canonical[it.text].text
        if it.id == id && it.key == key && local.canonical[it.text].family == it.family
      ]
    }
  }

  regions = {
    for id, it in local.mappings : id => {
      title = try(tostring(it.title), "")
      # yamldecode reads a bare NO, which is Norway here, as false.
      country   = try(it.country == false ? "NO" : tostring(it.country), "")
      latitude  = try(tonumber(it.latitude), 0)
      longitude = try(tonumber(it.longitude), 0)
      ipv4      = local.valid[id]["ipv4"]
      ipv6      = local.valid[id]["ipv6"]
      is_public = contains(keys(it), "nameserver")
      nameserver = {
        ipv4 = local.valid[id]["nameserver.ipv4"]
        ipv6 = local.valid[id]["nameserver.ipv6"]
      }
    }
  }

  faults = concat(
    [for name in fileset(var.regions_dir, "*.yml") : "${name}: would be passed over: a region file ends in .yaml"],
    [
      for id, document in local.documents :
      "${id}.yaml: is not a YAML mapping" if !can(keys(document))
    ],
    [
      for id in keys(local.documents) :
      "${id}.yaml: a region id has lower-case letters, digits and inner hyphens, at most 40 characters" if !can(regex(local.id_pattern, id))
    ],
    flatten([
      for id, it in local.mappings : [
        for key in setsubtract(keys(it), local.known_keys) : "${id}.yaml: ${key} is not a known key"
      ]
    ]),
    [
      for id, it in local.mappings :
      "${id}.yaml: title must be text that is not empty" if !try(tostring(it.title) == it.title && trimspace(it.title) != "", false)
    ],
    [
      for id, it in local.mappings :
      "${id}.yaml: country must be two capital letters, such as IE" if !can(regex("^[A-Z]{2}$", local.regions[id].country))
    ],
    [
      for id, it in local.mappings :
      "${id}.yaml: latitude must be a number from -90 to 90" if !try(tonumber(it.latitude) == it.latitude && abs(it.latitude) <= 90, false)
    ],
    [
      for id, it in local.mappings :
      "${id}.yaml: longitude must be a number from -180 to 180" if !try(tonumber(it.longitude) == it.longitude && abs(it.longitude) <= 180, false)
    ],
    [
      for list in local.address_lists :
      "${list.id}.yaml: ${list.key} must be a list of addresses" if try(tolist(list.value), null) == null
    ],
    [
      for id in keys(local.mappings) :
      "${id}.yaml: has no address to hand out: give it ipv4 or ipv6" if length([for it in local.addresses : it if it.id == id && contains(["ipv4", "ipv6"], it.key)]) == 0
    ],
    [
      for it in local.addresses :
      "${it.id}.yaml: ${it.key}: ${it.text} is not an IPv${it.family} address" if local.canonical[it.text].family != it.family
    ],
    [
      for id, it in local.mappings :
      "${id}.yaml: nameserver must be a mapping with ipv4, ipv6 or both" if contains(keys(it), "nameserver") && !can(keys(it.nameserver))
    ],
    flatten([
      for id, it in local.mappings : [
        for key in setsubtract(try(keys(it.nameserver), []), ["ipv4", "ipv6"]) : "${id}.yaml: nameserver.${key} is not a known key"
      ]
    ]),
    [
      for id, it in local.mappings :
      "${id}.yaml: nameserver needs at least one address: its name lies in the zone, so the parent must have glue" if can(keys(it.nameserver)) && length(concat(try(tolist(it.nameserver.ipv4), []), try(tolist(it.nameserver.ipv6), []))) == 0
    ],
  )
}
