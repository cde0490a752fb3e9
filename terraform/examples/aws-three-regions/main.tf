# A fleet in three AWS regions: directors, a board in each region, and the delegation in Route 53.

locals {
  cloud_regions = {
    eu-west      = "eu-west-1"
    us-east      = "us-east-1"
    ap-northeast = "ap-northeast-1"
  }

  directors = {
    for region in keys(local.cloud_regions) :
    region => { for id, it in module.fleet.directors : id => it if it.region == region }
  }

  # Every director posts to every board.
  board_urls = [module.eu_west.board_url, module.us_east.board_url, module.ap_northeast.board_url]
}

module "fleet" {
  source = "../../modules/fleet"

  regions_dir          = coalesce(var.regions_dir, "${path.module}/../../../regions")
  zones                = var.zones
  cloud_regions        = local.cloud_regions
  shared_settings_file = coalesce(var.shared_settings_file, "${path.module}/shared.yaml")
}

module "eu_west" {
  source    = "../../modules/aws-region"
  providers = { aws = aws.eu_west }

  region_id        = "eu-west"
  directors        = local.directors["eu-west"]
  region_files     = module.fleet.region_files
  package          = var.package
  vpc_id           = var.networks["eu-west"].vpc_id
  subnet_ids       = var.networks["eu-west"].public_subnet_ids
  allocation_ids   = var.allocation_ids
  api_cidrs        = var.api_cidrs
  secrets          = var.secrets
  secrets_version  = var.secrets_version
  board            = { subnet_ids = var.networks["eu-west"].private_subnet_ids, cidrs = var.networks["eu-west"].board_cidrs }
  board_auth_token = var.board_auth_token
  board_urls       = local.board_urls
}

module "us_east" {
  source    = "../../modules/aws-region"
  providers = { aws = aws.us_east }

  region_id        = "us-east"
  directors        = local.directors["us-east"]
  region_files     = module.fleet.region_files
  package          = var.package
  vpc_id           = var.networks["us-east"].vpc_id
  subnet_ids       = var.networks["us-east"].public_subnet_ids
  allocation_ids   = var.allocation_ids
  api_cidrs        = var.api_cidrs
  secrets          = var.secrets
  secrets_version  = var.secrets_version
  board            = { subnet_ids = var.networks["us-east"].private_subnet_ids, cidrs = var.networks["us-east"].board_cidrs }
  board_auth_token = var.board_auth_token
  board_urls       = local.board_urls
}

module "ap_northeast" {
  source    = "../../modules/aws-region"
  providers = { aws = aws.ap_northeast }

  region_id        = "ap-northeast"
  directors        = local.directors["ap-northeast"]
  region_files     = module.fleet.region_files
  package          = var.package
  vpc_id           = var.networks["ap-northeast"].vpc_id
  subnet_ids       = var.networks["ap-northeast"].public_subnet_ids
  allocation_ids   = var.allocation_ids
  api_cidrs        = var.api_cidrs
  secrets          = var.secrets
  secrets_version  = var.secrets_version
  board            = { subnet_ids = var.networks["ap-northeast"].private_subnet_ids, cidrs = var.networks["ap-northeast"].board_cidrs }
  board_auth_token = var.board_auth_token
  board_urls       = local.board_urls
}

module "delegation" {
  source    = "../../modules/delegation"
  providers = { aws = aws.eu_west }
  for_each  = { for zone, it in module.fleet.delegations : zone => it if var.delegate }

  parent_zone_id = var.parent_zone_id
  delegation     = each.value
}

output "addresses" {
  description = "Director id => public IPv4 address: what the region files must say."
  value       = merge(module.eu_west.addresses, module.us_east.addresses, module.ap_northeast.addresses)
}

output "delegation" {
  description = "The same delegation as text, for a parent zone that is not in Route 53."
  value       = join("\n", values(module.fleet.zone_files))
}
