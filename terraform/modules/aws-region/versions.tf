# One AWS region per call; the caller passes the provider of that region.

terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source = "hashicorp/aws"
      # 6.10 brought primary_network_interface.
      version = "~> 6.10"
    }
  }
}
