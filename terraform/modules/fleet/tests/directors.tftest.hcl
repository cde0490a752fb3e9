# Which directors there are, and what their meridian.yaml says.

variables {
  regions_dir = "./tests/fixtures/good"
  zones       = ["gtm.example.com"]
  observers   = ["oslo", "lima", "perth"]
}

run "there_is_a_director_for_each_name_server_address" {
  command = plan

  assert {
    condition     = keys(output.directors) == ["lima-1", "oslo-1", "oslo-2"]
    error_message = "directors are called <region id>-<n>, one for each address"
  }
  assert {
    condition     = output.directors["oslo-1"].ipv4 == "198.51.100.1" && output.directors["oslo-2"].ipv4 == "198.51.100.2"
    error_message = "the n-th director has the n-th address"
  }
  assert {
    condition     = output.directors["oslo-1"].ipv6 == "2001:db8:1::53" && output.directors["oslo-2"].ipv6 == null && output.directors["lima-1"].ipv6 == null
    error_message = "a director without an address of a family has null"
  }
  assert {
    condition     = output.regions["oslo"].directors == ["oslo-1", "oslo-2"] && length(output.regions["perth"].directors) == 0
    error_message = "a region lists its directors"
  }
}

run "a_witness_may_stand_in_a_region_without_a_name_server" {
  command = plan

  variables {
    director_counts = { perth = 1 }
    observers       = null
  }

  assert {
    condition     = output.directors["perth-1"].ipv4 == null && output.directors["perth-1"].region == "perth"
    error_message = "director_counts adds a director that has no public address"
  }
  assert {
    condition     = yamldecode(output.directors["perth-1"].config).health.observers == ["lima", "oslo", "perth"]
    error_message = "each region with a director observes, unless told otherwise"
  }
}

run "a_director_is_told_who_and_where_it_is" {
  command = plan

  variables {
    boards = {
      oslo = "rediss://redis.oslo.example.net:6379"
      lima = "redis://redis.lima.example.net"
    }
  }

  assert {
    condition = jsonencode(yamldecode(output.directors["oslo-2"].config)) == jsonencode({
      director = { id = "oslo-2", region = "oslo" }
      gossip   = { boards = ["redis://redis.lima.example.net", "rediss://redis.oslo.example.net:6379"] }
      health   = { observers = ["oslo", "lima", "perth"] }
      listen   = { dns = ["0.0.0.0:53", "[::]:53"], http = "0.0.0.0:8053" }
      state    = "/var/lib/meridian"
    })
    error_message = "id, region, boards, observers, listening addresses and state folder"
  }
  assert {
    condition     = strcontains(output.directors["oslo-2"].config, "MERIDIAN_SECRETS") && !strcontains(output.directors["oslo-2"].config, "secrets\":")
    error_message = "secrets are named, never written"
  }
}

run "further_settings_join_but_never_replace" {
  command = plan

  variables {
    settings = {
      gossip = { readEvery = "2s", boards = ["redis://elsewhere.example.net"] }
      log    = { level = "warn" }
    }
    listen = { dns = ["192.0.2.1:53"] }
    state  = "/srv/meridian"
  }

  assert {
    condition = jsonencode(yamldecode(output.directors["lima-1"].config)) == jsonencode({
      director = { id = "lima-1", region = "lima" }
      gossip   = { boards = [], readEvery = "2s" }
      health   = { observers = ["oslo", "lima", "perth"] }
      listen   = { dns = ["192.0.2.1:53"], http = "0.0.0.0:8053" }
      log      = { level = "warn" }
      state    = "/srv/meridian"
    })
    error_message = "settings add keys beside those that the module writes"
  }
}

run "shared_settings_follow_unchanged" {
  command = plan

  variables {
    shared_settings_file = "./tests/fixtures/settings/zones.yaml"
  }

  assert {
    condition     = endswith(output.directors["lima-1"].config, file("./tests/fixtures/settings/zones.yaml"))
    error_message = "the shared text is not read and written again, so nothing in it can change its meaning"
  }
  assert {
    condition     = yamldecode(output.directors["lima-1"].config).zones[0].name == "gtm.example.com" && yamldecode(output.directors["lima-1"].config).director.id == "lima-1"
    error_message = "both parts together are one YAML document"
  }
}

run "regions_map_to_the_cloud" {
  command = plan

  variables {
    cloud_regions = { oslo = "eu-north-1", lima = "sa-east-1" }
  }

  assert {
    condition     = output.directors["oslo-1"].cloud_region == "eu-north-1" && output.regions["lima"].cloud_region == "sa-east-1" && output.regions["perth"].cloud_region == null
    error_message = "regions without a director need no AWS region"
  }
}

run "a_director_without_an_aws_region_is_refused" {
  command = plan

  variables {
    cloud_regions = { oslo = "eu-north-1" }
  }

  expect_failures = [output.directors]
}

run "an_aws_region_for_an_unknown_region_is_refused" {
  command = plan

  variables {
    cloud_regions = { oslo = "eu-north-1", lima = "sa-east-1", atlantis = "us-east-1" }
  }

  expect_failures = [output.directors]
}

run "a_mistyped_aws_region_is_refused" {
  command = plan

  variables {
    cloud_regions = { oslo = "eu-north1", lima = "sa-east-1" }
  }

  expect_failures = [var.cloud_regions]
}

run "directors_in_an_unknown_region_are_refused" {
  command = plan

  variables {
    director_counts = { atlantis = 1 }
  }

  expect_failures = [output.directors]
}

run "half_a_director_is_refused" {
  command = plan

  variables {
    director_counts = { oslo = 2, lima = 0.5 }
  }

  expect_failures = [var.director_counts]
}

run "an_address_without_a_director_is_warned_of" {
  command = plan

  variables {
    director_counts = { oslo = 1 }
  }

  expect_failures = [check.addresses_are_served]
}

run "too_few_observing_regions_are_warned_of" {
  command = plan

  variables {
    observers = null
  }

  expect_failures = [check.observing_regions]
}

run "an_observing_region_named_twice_is_refused" {
  command = plan

  variables {
    observers = ["oslo", "lima", "perth", "oslo"]
  }

  expect_failures = [var.observers]
}

run "a_board_in_an_unknown_region_is_refused" {
  command = plan

  variables {
    boards = { atlantis = "redis://redis.example.net" }
  }

  expect_failures = [output.directors]
}

run "a_password_in_a_board_url_is_refused" {
  command = plan

  variables {
    boards = { oslo = "rediss://:hunter2@redis.example.net:6379" }
  }

  expect_failures = [var.boards]
}

run "secrets_in_settings_are_refused" {
  command = plan

  variables {
    settings = { gossip = { secrets = ["hunter2"] } }
  }

  expect_failures = [var.settings]
}

run "shared_settings_that_clash_are_refused" {
  command = plan

  variables {
    shared_settings_file = "./tests/fixtures/settings/clash.yaml"
  }

  expect_failures = [output.directors]
}

run "a_zone_that_the_directors_would_not_know_is_refused" {
  command = plan

  variables {
    zones                = ["gtm.example.com", "gtm.example.org"]
    shared_settings_file = "./tests/fixtures/settings/zones.yaml"
  }

  expect_failures = [output.delegations]
}
