# What is read from well-formed region files, the repository's own among them.

variables {
  regions_dir = "./tests/fixtures/good"
  zones       = ["gtm.example.com", "gtm.example.org"]
  observers   = ["oslo", "lima", "perth"]
}

run "a_region_is_told_as_its_file_says" {
  command = plan

  assert {
    condition     = output.regions["lima"].title == "Lima" && output.regions["lima"].latitude == -12.0464 && output.regions["lima"].longitude == -77.0428
    error_message = "title and coordinates are those of the file"
  }
  assert {
    condition     = output.regions["lima"].ipv4 == ["192.0.2.3"] && length(output.regions["lima"].ipv6) == 0
    error_message = "addresses are those of the file, and none where it lists none"
  }
  assert {
    condition     = output.regions["oslo"].country == "NO"
    error_message = "the country code NO is Norway, not a boolean"
  }
  assert {
    condition     = output.regions["oslo"].ipv6 == ["2001:db8:1::10"]
    error_message = "IPv6 addresses are written as RFC 5952 does"
  }
  assert {
    condition     = output.region_files["perth.yaml"] == file("./tests/fixtures/good/perth.yaml") && length(output.region_files) == 3
    error_message = "the files themselves are handed on unchanged"
  }
}

run "only_a_nameserver_block_makes_a_name_server" {
  command = plan

  assert {
    condition     = output.regions["oslo"].is_public && !output.regions["perth"].is_public
    error_message = "a region is public when its file has a nameserver block"
  }
  assert {
    condition     = output.regions["oslo"].name_servers["gtm.example.org"] == "ns-oslo.gtm.example.org" && length(output.regions["perth"].name_servers) == 0
    error_message = "a name server is called ns-<region id> in each zone"
  }
}

run "each_zone_gets_its_name_servers_and_glue" {
  command = plan

  assert {
    condition     = output.delegations["gtm.example.com"].name_servers == ["ns-lima.gtm.example.com", "ns-oslo.gtm.example.com"]
    error_message = "every public region is a name server of every zone"
  }
  assert {
    condition = jsonencode(output.delegations["gtm.example.com"].glue) == jsonencode([
      { addresses = ["203.0.113.1"], name = "ns-lima.gtm.example.com", type = "A" },
      { addresses = ["198.51.100.1", "198.51.100.2"], name = "ns-oslo.gtm.example.com", type = "A" },
      { addresses = ["2001:db8:1::53"], name = "ns-oslo.gtm.example.com", type = "AAAA" },
    ])
    error_message = "glue is an A and an AAAA record set for each name server that has such addresses"
  }
  assert {
    condition     = output.zone_files["gtm.example.org"] == <<-EOT
      ; For the zone above gtm.example.org.
      gtm.example.org. 3600 IN NS ns-lima.gtm.example.org.
      gtm.example.org. 3600 IN NS ns-oslo.gtm.example.org.
      ns-lima.gtm.example.org. 3600 IN A 203.0.113.1
      ns-oslo.gtm.example.org. 3600 IN A 198.51.100.1
      ns-oslo.gtm.example.org. 3600 IN A 198.51.100.2
      ns-oslo.gtm.example.org. 3600 IN AAAA 2001:db8:1::53
    EOT
    error_message = "the text has a line for each record, with absolute names"
  }
}

run "the_delegation_has_the_ttl_that_is_asked_for" {
  command = plan

  variables {
    delegation_ttl = 86400
  }

  assert {
    condition     = output.delegations["gtm.example.com"].ttl == 86400 && strcontains(output.zone_files["gtm.example.com"], " 86400 IN NS ")
    error_message = "delegation_ttl is the TTL of data and text alike"
  }
}

run "name_servers_elsewhere_are_delegated_to_and_count" {
  command = plan

  variables {
    regions_dir          = "./tests/fixtures/single"
    zones                = ["gtm.example.com"]
    shared_settings_file = "./tests/fixtures/settings/elsewhere.yaml"
  }

  assert {
    condition     = output.delegations["gtm.example.com"].name_servers == ["ns-bogota.gtm.example.com", "ns1.example.net"]
    error_message = "a zone's own list of further name servers belongs to the delegation"
  }
  assert {
    condition     = output.delegations["gtm.example.com"].glue[*].name == ["ns-bogota.gtm.example.com"]
    error_message = "a name outside the zone needs no glue"
  }
}

run "two_name_servers_are_needed_unless_told_otherwise" {
  command = plan

  variables {
    regions_dir = "./tests/fixtures/single"
  }

  expect_failures = [output.delegations]
}

run "the_fleet_of_this_repository_is_well_formed" {
  command = plan

  variables {
    regions_dir = "../../../regions"
    zones       = ["example.test"]
    observers   = null
  }

  assert {
    condition     = toset(keys(output.directors)) == toset(["ap-northeast-1", "eu-west-1", "us-east-1"])
    error_message = "a director stands in each region with a name server"
  }
  assert {
    condition     = length(output.regions) == length(fileset("../../../regions", "*.yaml"))
    error_message = "every region file is read"
  }
}
