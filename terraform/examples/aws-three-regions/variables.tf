# What only you know; docs/terraform.md says in which order to find it out.

variable "zones" {
  description = "Zones that the directors answer for; shared.yaml must have each of them."
  type        = list(string)
  default     = ["gtm.example.com"]
}

variable "regions_dir" {
  description = "Folder of your region files; by default those of this repository, whose addresses are for documentation only."
  type        = string
  default     = null
}

variable "shared_settings_file" {
  description = "Settings that all directors share; by default shared.yaml beside this file."
  type        = string
  default     = null
}

variable "networks" {
  description = "Region id => the VPC there, subnets with and without a route to the internet, and networks of the other directors that may reach the board."
  type = map(object({
    vpc_id             = string
    public_subnet_ids  = list(string)
    private_subnet_ids = list(string)
    board_cidrs        = optional(list(string), [])
  }))
}

variable "allocation_ids" {
  description = "Director id => allocation id of the Elastic IP whose address its region file has."
  type        = map(string)
  default     = {}
}

variable "package" {
  description = "Meridian's source: https URL of a .tar.gz, and its SHA-256."
  type = object({
    url    = string
    sha256 = string
  })
}

variable "api_cidrs" {
  description = "Networks that may reach the directors' HTTP API."
  type        = list(string)
  default     = []
}

variable "secrets" {
  description = "MERIDIAN_SECRETS: give it in the environment as TF_VAR_secrets."
  type        = string
  sensitive   = true
  ephemeral   = true
}

variable "secrets_version" {
  description = "Raise by one whenever secrets changes."
  type        = number
  default     = 1
}

variable "board_auth_token" {
  description = "Password of the boards: give it in the environment as TF_VAR_board_auth_token."
  type        = string
  sensitive   = true
}

variable "delegate" {
  description = "Whether to write the delegation into the parent zone: turn it on once every director answers."
  type        = bool
  default     = false
}

variable "parent_zone_id" {
  description = "Id of the Route 53 hosted zone above your zones; needed once delegate is on."
  type        = string
  default     = null

  validation {
    condition     = !var.delegate || var.parent_zone_id != null
    error_message = "parent_zone_id is needed to delegate."
  }
}
