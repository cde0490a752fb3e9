# What the fleet module needs to know beside the region files.

variable "regions_dir" {
  description = "Folder of the region files, one <region id>.yaml each: the folder that the directors read."
  type        = string

  validation {
    condition     = length(fileset(var.regions_dir, "*.yaml")) > 0
    error_message = "There is no region file (*.yaml) in ${var.regions_dir}."
  }
}

variable "zones" {
  description = "Names of the zones that the directors answer for, without a final dot."
  type        = list(string)

  validation {
    condition     = length(var.zones) > 0 && length(distinct(var.zones)) == length(var.zones)
    error_message = "Name at least one zone, and each only once."
  }

  # RFC 1035 section 2.3.4 allows 253 characters; "ns-", the longest region id and a dot take 44.
  validation {
    condition = alltrue([
      for zone in var.zones :
      length(zone) <= 209 && can(regex("^([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", zone))
    ])
    error_message = "A zone is a lower-case domain name without a final dot and no longer than 209 characters, such as gtm.example.com."
  }
}

variable "minimum_name_servers" {
  description = "How many name servers a delegation must have. RFC 1034 section 4.1 and RFC 2182 section 5 ask for two or more, in different places; 1 is for trials."
  type        = number
  default     = 2

  validation {
    condition     = var.minimum_name_servers >= 1 && floor(var.minimum_name_servers) == var.minimum_name_servers
    error_message = "minimum_name_servers must be a whole number, 1 or more."
  }
}

variable "delegation_ttl" {
  description = "TTL, in seconds, of the NS and glue records in the parent zone: how long a change of name servers takes to be seen."
  type        = number
  default     = 3600

  validation {
    condition     = var.delegation_ttl >= 0 && var.delegation_ttl <= 2147483647 && floor(var.delegation_ttl) == var.delegation_ttl
    error_message = "delegation_ttl must be whole seconds from 0 to 2147483647 (RFC 2181 section 8)."
  }
}

variable "director_counts" {
  description = "Region id => number of directors there. By default one for each address of the region's name server, and none where there is no name server."
  type        = map(number)
  default     = {}

  validation {
    condition     = alltrue([for count in values(var.director_counts) : count >= 0 && count <= 9 && floor(count) == count])
    error_message = "A region has a whole number of directors, from 0 to 9."
  }
}

variable "observers" {
  description = "Regions that the quorum is counted over; by default each region in which a director stands."
  type        = list(string)
  default     = null

  validation {
    condition     = var.observers == null ? true : length(var.observers) > 0 && length(distinct(var.observers)) == length(var.observers)
    error_message = "Name at least one observing region, and each only once."
  }
}

variable "boards" {
  description = "Region id => URL of the Redis there. A URL with a password does not belong here: give it to the directors in MERIDIAN_REDIS."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for url in values(var.boards) : can(regex("^rediss?://[^/@\\s]+(/[0-9]+)?$", url))])
    error_message = "A board is a URL such as rediss://redis.example.net:6379, without user and password: these are secrets, give them to the directors in MERIDIAN_REDIS."
  }
}

variable "cloud_regions" {
  description = "Region id => AWS region. When it is not empty, every region in which a director stands must have one."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for name in values(var.cloud_regions) : can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]+$", name))])
    error_message = "An AWS region is written like eu-west-1."
  }
}

variable "listen" {
  description = "Where every director listens. Several DNS addresses may be given; HTTP has one."
  type = object({
    dns  = optional(list(string), ["0.0.0.0:53", "[::]:53"])
    http = optional(string, "0.0.0.0:8053")
  })
  default = {}
}

variable "state" {
  description = "Folder in which a director keeps its last good state; the account it runs under must be able to write there."
  type        = string
  default     = "/var/lib/meridian"
}

variable "settings" {
  description = "Further settings of meridian.yaml in the same shape, such as { gossip = { readEvery = \"2s\" } }. They never replace what this module works out."
  type        = any
  default     = {}

  validation {
    condition     = can(keys(var.settings)) && !can(var.settings.gossip.secrets)
    error_message = "settings must be a mapping without gossip.secrets: give these to the directors in MERIDIAN_SECRETS."
  }
}

variable "shared_settings_file" {
  description = "YAML file with the top-level settings that are the same on every director (zones, geo, log and so on); its text follows this module's own, unchanged. Null leaves it out."
  type        = string
  default     = null
}
