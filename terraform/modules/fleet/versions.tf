# No provider: everything here is worked out from files and variables.

terraform {
  required_version = ">= 1.11"
}
