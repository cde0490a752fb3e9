# Three AWS regions, one provider each.

terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.10"
    }
  }
}

provider "aws" {
  alias  = "eu_west"
  region = local.cloud_regions["eu-west"]
}

provider "aws" {
  alias  = "us_east"
  region = local.cloud_regions["us-east"]
}

provider "aws" {
  alias  = "ap_northeast"
  region = local.cloud_regions["ap-northeast"]
}
