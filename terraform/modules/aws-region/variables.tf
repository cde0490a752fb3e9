# What one AWS region's directors are made of.

variable "name" {
  description = "Prefix of the name of everything that is made."
  type        = string
  default     = "meridian"

  validation {
    condition     = can(regex("^[a-z](-?[a-z0-9])*$", var.name))
    error_message = "name must be lower-case letters, digits and single inner hyphens, and begin with a letter."
  }
}

variable "region_id" {
  description = "Region id in Meridian, such as eu-west."
  type        = string

  validation {
    condition     = length("${var.name}-${var.region_id}") <= 40
    error_message = "name and region_id together must not pass 39 characters: ElastiCache allows 40 with the hyphen between them."
  }
}

variable "directors" {
  description = "Director id => settings and public addresses that its region file promises, as fleet's output directors has them."
  type = map(object({
    config = string
    ipv4   = optional(string)
    ipv6   = optional(string)
  }))

  validation {
    condition     = length(var.directors) > 0
    error_message = "No director is given for this region: does its file have a nameserver block?"
  }
}

variable "region_files" {
  description = "File name => text of every region file, as fleet's output region_files has them."
  type        = map(string)
}

variable "package" {
  description = "Meridian's source as a .tar.gz with one folder at its top: an https URL and the SHA-256 of the file in hexadecimal."
  type = object({
    url    = string
    sha256 = string
  })

  validation {
    condition     = can(regex("^https://[^\\s'\"\\\\$`]+$", var.package.url)) && can(regex("^[0-9a-f]{64}$", var.package.sha256))
    error_message = "package.url must begin with https:// and package.sha256 must be 64 lower-case hexadecimal digits."
  }
}

variable "vpc_id" {
  description = "VPC of the directors."
  type        = string
}

variable "subnet_ids" {
  description = "Subnets with a route to an internet gateway; directors are spread over them in turn."
  type        = list(string)

  validation {
    condition     = length(var.subnet_ids) > 0
    error_message = "Give at least one subnet."
  }
}

variable "allocation_ids" {
  description = "Director id => allocation id of an Elastic IP that you hold. A director that is not named gets a new one, whose address must then go into its region file."
  type        = map(string)
  default     = {}
}

variable "ami" {
  description = "Image of Amazon Linux 2023 for the processor of instance_type. Read when an instance is made; a newer image never replaces a running director."
  type        = string
  default     = "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"
}

variable "instance_type" {
  description = "EC2 instance type; its processor must be that of ami."
  type        = string
  default     = "t4g.small"
}

variable "http_port" {
  description = "Port of the HTTP API, as in fleet's listen.http."
  type        = number
  default     = 8053
}

variable "api_cidrs" {
  description = "Networks, IPv4 or IPv6, that may reach the HTTP API. None by default."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for cidr in var.api_cidrs : can(cidrhost(cidr, 0))])
    error_message = "Each of api_cidrs must be a network such as 192.0.2.0/24."
  }
}

variable "secrets" {
  description = "The value of MERIDIAN_SECRETS. Never kept in Terraform's state or plan: after a change, raise secrets_version."
  type        = string
  sensitive   = true
  ephemeral   = true

  validation {
    condition     = length(var.secrets) <= 4000 && can(regex("^[A-Za-z0-9+/=_.:-]{16,}(,[A-Za-z0-9+/=_.:-]{16,})?$", var.secrets))
    error_message = "secrets must be one secret, or two with a comma between them, of 16 or more letters, digits and + / = _ . : -"
  }
}

variable "secrets_version" {
  description = "Raise by one whenever secrets changes: Terraform cannot see that by itself."
  type        = number
  default     = 1
}

variable "board" {
  description = "Redis for this region's board: node type, private subnets, and networks of the other regions' directors that may reach it. Null makes none."
  type = object({
    node_type  = optional(string, "cache.t4g.micro")
    subnet_ids = list(string)
    cidrs      = optional(list(string), [])
  })
  default = null

  validation {
    condition     = var.board == null ? true : length(var.board.subnet_ids) > 0 && alltrue([for cidr in var.board.cidrs : can(cidrhost(cidr, 0))])
    error_message = "A board needs at least one subnet, and cidrs must be networks such as 10.1.0.0/16."
  }
}

variable "board_auth_token" {
  description = "Password of this region's board. The AWS provider keeps it in Terraform's state: encrypt that, and let few read it."
  type        = string
  default     = null
  sensitive   = true

  validation {
    condition     = var.board == null ? true : var.board_auth_token != null && can(regex("^[A-Za-z0-9!&#$^<>-]{16,128}$", var.board_auth_token))
    error_message = "A board needs board_auth_token: 16 to 128 letters, digits or ! & # $ ^ < > - (the characters that ElastiCache allows)."
  }
}

variable "board_urls" {
  description = "URLs of every region's board, with passwords: output board_url of each call of this module. Nulls are left out."
  type        = list(string)
  default     = []
  sensitive   = true
}

variable "kms_key_arn" {
  description = "KMS key for volumes, parameters and the board; null takes the keys that AWS manages."
  type        = string
  default     = null
}

variable "role_policy_arns" {
  description = "Further IAM policies for the directors, such as AmazonSSMManagedInstanceCore for a shell through Session Manager."
  type        = list(string)
  default     = []
}

variable "tags" {
  description = "Tags of everything that is made."
  type        = map(string)
  default     = {}
}
