# Every fault in region files, zones and delegation is refused. Messages are checked by test/terraform.

variables {
  zones                = ["gtm.example.com"]
  observers            = ["oslo", "lima", "perth"]
  minimum_name_servers = 1
}

run "a_file_name_that_is_no_region_id" {
  command = plan

  variables {
    regions_dir = "./tests/fixtures/faulty/id"
  }

  expect_failures = [output.regions]
}

run "a_latitude_beyond_the_pole" {
  command = plan

  variables {
    regions_dir = "./tests/fixtures/faulty/latitude"
  }

  expect_failures = [output.regions]
}

run "a_latitude_in_quotes" {
  command = plan

  variables {
    regions_dir = "./tests/fixtures/faulty/latitude-text"
  }

  expect_failures = [output.regions]
}

run "a_longitude_beyond_the_date_line" {
  command = plan

  variables {
    regions_dir = "./tests/fixtures/faulty/longitude"
  }

  expect_failures = [output.regions]
}

run "a_missing_title" {
  command = plan

  variables {
    regions_dir = "./tests/fixtures/faulty/title"
  }

  expect_failures = [output.regions]
}

run "a_country_in_words" {
  command = plan

  variables {
    regions_dir = "./tests/fixtures/faulty/country"
  }

  expect_failures = [output.regions]
}

run "an_unknown_key" {
  command = plan

  variables {
    regions_dir = "./tests/fixtures/faulty/key"
  }

  expect_failures = [output.regions]
}

run "an_octet_above_255" {
  command = plan

  variables {
    regions_dir = "./tests/fixtures/faulty/ipv4"
  }

  expect_failures = [output.regions]
}

run "an_ipv4_address_among_ipv6" {
  command = plan

  variables {
    regions_dir = "./tests/fixtures/faulty/ipv6"
  }

  expect_failures = [output.regions]
}

run "an_address_outside_a_list" {
  command = plan

  variables {
    regions_dir = "./tests/fixtures/faulty/address-list"
  }

  expect_failures = [output.regions]
}

run "a_region_without_address" {
  command = plan

  variables {
    regions_dir = "./tests/fixtures/faulty/address"
  }

  expect_failures = [output.regions]
}

run "a_file_that_would_be_passed_over" {
  command = plan

  variables {
    regions_dir = "./tests/fixtures/faulty/yml"
  }

  expect_failures = [output.regions]
}

run "a_name_server_without_address" {
  command = plan

  variables {
    regions_dir = "./tests/fixtures/faulty/glue"
  }

  expect_failures = [output.regions]
}

run "an_unknown_key_of_a_name_server" {
  command = plan

  variables {
    regions_dir = "./tests/fixtures/faulty/nameserver-key"
  }

  expect_failures = [output.regions]
}

run "a_file_that_is_no_mapping" {
  command = plan

  variables {
    regions_dir = "./tests/fixtures/faulty/mapping"
  }

  expect_failures = [output.regions, output.delegations]
}

run "an_empty_folder" {
  command = plan

  variables {
    regions_dir = "./tests"
  }

  expect_failures = [var.regions_dir]
}

run "no_name_server_at_all" {
  command = plan

  variables {
    regions_dir = "./tests/fixtures/mute"
  }

  expect_failures = [output.delegations]
}

run "one_name_server_where_two_are_needed" {
  command = plan

  variables {
    regions_dir          = "./tests/fixtures/single"
    minimum_name_servers = 2
  }

  expect_failures = [output.delegations]
}

run "one_name_server_is_enough_when_that_is_said" {
  command = plan

  variables {
    regions_dir = "./tests/fixtures/single"
  }

  assert {
    condition     = output.delegations["gtm.example.com"].name_servers == ["ns-bogota.gtm.example.com"]
    error_message = "minimum_name_servers = 1 lets a trial pass"
  }
}

run "a_name_server_elsewhere_that_would_need_glue" {
  command = plan

  variables {
    regions_dir          = "./tests/fixtures/good"
    shared_settings_file = "./tests/fixtures/settings/inside.yaml"
  }

  expect_failures = [output.delegations]
}

run "two_names_for_one_machine" {
  command = plan

  variables {
    regions_dir          = "./tests/fixtures/twins"
    minimum_name_servers = 2
  }

  expect_failures = [output.delegations]
}

run "a_zone_with_a_final_dot" {
  command = plan

  variables {
    regions_dir = "./tests/fixtures/good"
    zones       = ["gtm.example.com."]
  }

  expect_failures = [var.zones]
}

run "a_zone_in_capitals" {
  command = plan

  variables {
    regions_dir = "./tests/fixtures/good"
    zones       = ["GTM.example.com"]
  }

  expect_failures = [var.zones]
}

run "an_empty_label" {
  command = plan

  variables {
    regions_dir = "./tests/fixtures/good"
    zones       = ["gtm..example.com"]
  }

  expect_failures = [var.zones]
}

run "a_zone_named_twice" {
  command = plan

  variables {
    regions_dir = "./tests/fixtures/good"
    zones       = ["gtm.example.com", "gtm.example.com"]
  }

  expect_failures = [var.zones]
}

run "no_zone" {
  command = plan

  variables {
    regions_dir = "./tests/fixtures/good"
    zones       = []
  }

  expect_failures = [var.zones]
}
