variable "name" {
  description = "Name of the deployment, unique in the account: at most 24 characters, lower-case letters, digits and single hyphens. Every name in the cloud starts with it."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.name) <= 24 && can(regex("^[a-z](-?[a-z0-9])*$", var.name))
    error_message = "name must be 1 to 24 lower-case letters, digits and single hyphens, start with a letter and not end with a hyphen."
  }

  validation {
    condition     = !can(regex("^(aws|sg-|internal-)", var.name))
    error_message = "name must not start with aws, sg- or internal-, which the cloud reserves."
  }
}

variable "environment" {
  description = "Environment of the deployment, such as staging or production."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.environment) <= 32 && can(regex("^[a-z0-9](-?[a-z0-9])*$", var.environment))
    error_message = "environment must be 1 to 32 lower-case letters, digits and single hyphens, with a letter or digit at both ends."
  }
}

variable "protected" {
  description = "Whether the environment is protected: the load balancer then refuses to be deleted."
  type        = bool
  default     = false
  nullable    = false
}

variable "vpc_id" {
  description = "Id of the VPC."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.vpc_id) > 0
    error_message = "vpc_id must not be empty."
  }
}

variable "vpc_cidr" {
  description = "IPv4 CIDR of the VPC. It alone is admitted by the load balancer when allowed_cidr_blocks is empty."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9.]+/", var.vpc_cidr)) && try(cidrsubnet(var.vpc_cidr, 0, 0) == var.vpc_cidr, false)
    error_message = "vpc_cidr must be an IPv4 CIDR with no host bits set, such as 10.20.0.0/16."
  }
}

variable "public_subnet_ids" {
  description = "Ids of the public subnets, for the load balancer: in at least two zones, and in every zone of the private ones."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.public_subnet_ids) >= 2
    error_message = "public_subnet_ids must name at least two subnets: a load balancer needs two zones."
  }
}

variable "private_subnet_ids" {
  description = "Ids of the private subnets, for the instances."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.private_subnet_ids) >= 1
    error_message = "private_subnet_ids must name at least one subnet."
  }
}

variable "security_group_ids" {
  description = "Ids of security groups that the instances carry beside their own, at most 4, such as the one that the database admits."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = length(var.security_group_ids) <= 4
    error_message = "security_group_ids must have at most 4 ids: a network interface takes 5 groups, and one is the instances' own."
  }
}

variable "instance_type" {
  description = "EC2 instance type, such as t3.small."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9-]+\\.[a-z0-9-]+$", var.instance_type))
    error_message = "instance_type must be an EC2 instance type, such as t3.small."
  }
}

variable "architecture" {
  description = "Processor architecture of the instance type and the image: x86_64 or arm64."
  type        = string
  nullable    = false

  validation {
    condition     = contains(["x86_64", "arm64"], var.architecture)
    error_message = "architecture must be x86_64 or arm64."
  }
}

variable "min_instances" {
  description = "Smallest number of instances, 0 to 1000."
  type        = number
  nullable    = false

  validation {
    condition     = var.min_instances >= 0 && var.min_instances <= 1000 && floor(var.min_instances) == var.min_instances
    error_message = "min_instances must be a whole number from 0 to 1000."
  }
}

variable "max_instances" {
  description = "Largest number of instances, min_instances to 1000."
  type        = number
  nullable    = false

  validation {
    condition     = var.max_instances >= 0 && var.max_instances <= 1000 && floor(var.max_instances) == var.max_instances
    error_message = "max_instances must be a whole number from 0 to 1000."
  }

  validation {
    condition     = var.max_instances >= var.min_instances
    error_message = "max_instances must not be less than min_instances."
  }
}

variable "ami_id" {
  description = "Id of the image to start. Without one, the Amazon Linux 2023 of the architecture that is current at the first apply, kept from then on."
  type        = string
  default     = null

  validation {
    condition     = var.ami_id == null ? true : can(regex("^ami-([0-9a-f]{8}|[0-9a-f]{17})$", var.ami_id))
    error_message = "ami_id must be ami- and 8 or 17 hexadecimal digits."
  }
}

variable "key_name" {
  description = "Name of an EC2 key pair for SSH, 1 to 255 characters. Session Manager needs none."
  type        = string
  default     = null

  validation {
    condition     = var.key_name == null ? true : length(var.key_name) >= 1 && length(var.key_name) <= 255
    error_message = "key_name must have 1 to 255 characters."
  }
}

variable "user_data_script" {
  description = "Script that an instance runs at its first start, at most 16 KiB (16384 bytes). It is not secret: whoever may describe the launch template can read it."
  type        = string
  default     = null

  validation {
    # Three bytes become four characters of base64, and padding stands for bytes that are not there.
    condition = var.user_data_script == null ? true : (
      length(base64encode(var.user_data_script)) / 4 * 3 - length(regexall("=", base64encode(var.user_data_script))) <= 16384
    )
    error_message = "user_data_script must be at most 16 KiB (16384 bytes)."
  }
}

variable "port" {
  description = "Port on which instances serve HTTP to the load balancer, 1 to 65535."
  type        = number
  default     = 80
  nullable    = false

  validation {
    condition     = var.port >= 1 && var.port <= 65535 && floor(var.port) == var.port
    error_message = "port must be a whole number from 1 to 65535."
  }
}

variable "health_check_path" {
  description = "Path, perhaps with a query, that the load balancer asks instances for: at most 1024 characters. An answer from 200 to 399 is healthy."
  type        = string
  default     = "/"
  nullable    = false

  validation {
    condition     = length(var.health_check_path) <= 1024 && can(regex("^/[-@:%_+.~?&/=a-zA-Z0-9]*$", var.health_check_path))
    error_message = "health_check_path must start with / and be at most 1024 letters, digits and - @ : % _ + . ~ ? & / =."
  }
}

variable "load_balancer" {
  description = "Where the load balancer stands: public, internal (in the private subnets, which must then be two), or none."
  type        = string
  default     = "public"
  nullable    = false

  validation {
    condition     = contains(["public", "internal", "none"], var.load_balancer)
    error_message = "load_balancer must be public, internal or none."
  }

  validation {
    condition     = var.load_balancer != "internal" || length(var.private_subnet_ids) >= 2
    error_message = "An internal load_balancer needs at least two private_subnet_ids: it stands in two zones."
  }
}

variable "root_volume_size" {
  description = "Size of the root volume in GiB, 8 to 16384 and not less than the image's. Null: the image's."
  type        = number
  default     = null

  validation {
    condition     = var.root_volume_size == null ? true : var.root_volume_size >= 8 && var.root_volume_size <= 16384 && floor(var.root_volume_size) == var.root_volume_size
    error_message = "root_volume_size must be a whole number of GiB from 8 to 16384."
  }
}

variable "volumes" {
  description = "More volumes of each instance, at most 11: a name, the size in GiB, the type (gp3, io2, st1, sc1), IOPS (gp3: 3000 to 16000, io2: 100 to 64000 and required), and a directory where the first start mounts it. They are empty at the first start, and deleted with their instance."
  type = list(object({
    name  = string
    size  = number
    type  = optional(string, "gp3")
    iops  = optional(number)
    mount = optional(string)
  }))
  default  = []
  nullable = false

  validation {
    condition     = length(var.volumes) <= 11
    error_message = "volumes must be at most 11: the device names are /dev/sdf to /dev/sdp."
  }

  validation {
    condition     = length(distinct(var.volumes[*].name)) == length(var.volumes) && alltrue([for volume in var.volumes : length(volume.name) >= 2 && length(volume.name) <= 32 && can(regex("^[a-z0-9](-?[a-z0-9])*$", volume.name))])
    error_message = "Names of volumes must differ, and be 2 to 32 lower-case letters, digits and single hyphens, with a letter or digit at both ends."
  }

  validation {
    condition = alltrue([for volume in var.volumes : (
      contains(["gp3", "io2", "st1", "sc1"], volume.type)
      && floor(volume.size) == volume.size && volume.size <= 16384
      && volume.size >= lookup({ gp3 = 1, io2 = 4, st1 = 125, sc1 = 125 }, volume.type, 1)
    )])
    error_message = "Volumes must be of type gp3 (1 to 16384 GiB), io2 (4 to 16384 GiB), st1 or sc1 (125 to 16384 GiB)."
  }

  validation {
    condition = alltrue([for volume in var.volumes : (
      volume.iops == null ? volume.type != "io2" :
      volume.type == "gp3" ? volume.iops >= 3000 && volume.iops <= max(3000, min(16000, volume.size * 500)) :
      volume.type == "io2" ? volume.iops >= 100 && volume.iops <= max(100, min(64000, volume.size * 1000)) : false
    )])
    error_message = "Volumes take iops of 3000 to 16000 for gp3 (at most 500 a GiB), of 100 to 64000 for io2 (at most 1000 a GiB, and required), and none for st1 and sc1."
  }

  validation {
    condition = alltrue([for mount in compact(var.volumes[*].mount) : (
      length(mount) <= 255 && can(regex("^(/[A-Za-z0-9_.-]+)+$", mount)) && !can(regex("/\\.{1,2}(/|$)", mount))
    )]) && length(distinct(compact(var.volumes[*].mount))) == length([for volume in var.volumes : volume if volume.mount != null])
    error_message = "Mounts must differ, and be directories such as /data: at most 255 letters, digits and / _ . -, with no part that is . or .. and no / at the end."
  }

  validation {
    condition = !anytrue([for mount in compact(var.volumes[*].mount) : (
      can(regex("^/(bin|boot|dev|etc|lib|lib32|lib64|proc|run|sbin|sys)(/|$)", mount))
      || can(regex("^/usr(/|$)", mount)) && !startswith(mount, "/usr/local/")
      || contains(["/home", "/opt", "/root", "/tmp", "/usr/local", "/var", "/var/lib", "/var/log", "/var/run", "/var/tmp"], mount)
    )])
    error_message = "Nothing can be mounted at a directory of the system, such as /etc, /usr or /var."
  }
}

variable "cpu_threshold" {
  description = "Average CPU of the group, in percent, that scaling aims at: 1 to 100."
  type        = number
  default     = 70
  nullable    = false

  validation {
    condition     = var.cpu_threshold >= 1 && var.cpu_threshold <= 100
    error_message = "cpu_threshold must be from 1 to 100 percent."
  }
}

variable "memory_threshold" {
  description = "Average used memory of the group, in percent, that scaling aims at: 1 to 100. Null: memory is not looked at. The image must run the CloudWatch agent."
  type        = number
  default     = null

  validation {
    condition     = var.memory_threshold == null ? true : var.memory_threshold >= 1 && var.memory_threshold <= 100
    error_message = "memory_threshold must be from 1 to 100 percent."
  }
}

variable "scale_up_cooldown" {
  description = "Seconds, 0 to 86400, until a new instance counts towards the load; until then it holds back further scaling out."
  type        = number
  default     = 300
  nullable    = false

  validation {
    condition     = var.scale_up_cooldown >= 0 && var.scale_up_cooldown <= 86400 && floor(var.scale_up_cooldown) == var.scale_up_cooldown
    error_message = "scale_up_cooldown must be a whole number of seconds from 0 to 86400."
  }
}

variable "scale_down_cooldown" {
  description = "Seconds, 0 to 86400, between the removal of one instance and the next."
  type        = number
  default     = 300
  nullable    = false

  validation {
    condition     = var.scale_down_cooldown >= 0 && var.scale_down_cooldown <= 86400 && floor(var.scale_down_cooldown) == var.scale_down_cooldown
    error_message = "scale_down_cooldown must be a whole number of seconds from 0 to 86400."
  }
}

variable "allowed_cidr_blocks" {
  description = "IPv4 CIDRs that the load balancer admits. Empty: vpc_cidr alone. The account's quota of rules a security group (60 unless raised) holds, twice over with a certificate."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for cidr in var.allowed_cidr_blocks : can(regex("^[0-9.]+/", cidr)) && can(cidrsubnet(cidr, 0, 0))])
    error_message = "Each entry of allowed_cidr_blocks must be an IPv4 CIDR, such as 203.0.113.0/24."
  }
}

variable "ssl_certificate_arn" {
  description = "ARN of an ACM certificate in the deployment's region. With one, the load balancer serves HTTPS on 443 and redirects 80."
  type        = string
  default     = null

  validation {
    condition     = var.ssl_certificate_arn == null ? true : can(regex("^arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate/.+$", var.ssl_certificate_arn))
    error_message = "ssl_certificate_arn must be the ARN of an ACM certificate."
  }
}

variable "enable_cloudwatch" {
  description = "Whether instances report every minute, may run the CloudWatch agent, and the deployment gets alarms."
  type        = bool
  default     = false
  nullable    = false
}

variable "master_user_secret_arn" {
  description = "ARN of the secret with the database's master user, which the instances may read. Null: no database."
  type        = string
  default     = null

  validation {
    condition     = var.master_user_secret_arn == null ? true : can(regex("^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:.+$", var.master_user_secret_arn))
    error_message = "master_user_secret_arn must be the ARN of a Secrets Manager secret."
  }
}

variable "database_secret_arns" {
  description = "ARNs of the secrets with the master users of further databases, which the instances may read. Empty: none."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.database_secret_arns : can(regex("^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:.+$", arn))])
    error_message = "database_secret_arns must be ARNs of Secrets Manager secrets."
  }
}

variable "bucket_arns" {
  description = "ARNs of the S3 buckets that the instances may read and write. Empty: none."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.bucket_arns : can(regex("^arn:aws[a-z-]*:s3:::[a-z0-9.-]+$", arn))])
    error_message = "bucket_arns must be ARNs of S3 buckets."
  }
}

variable "bucket_key_arns" {
  description = "ARNs of the keys that objects of these buckets are encrypted with. Empty: none."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.bucket_key_arns : can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/.+$", arn))])
    error_message = "bucket_key_arns must be ARNs of KMS keys."
  }
}

variable "queue_arns" {
  description = "ARNs of the SQS queues that the instances may send to and receive from. Empty: none."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.queue_arns : can(regex("^arn:aws[a-z-]*:sqs:[a-z0-9-]+:[0-9]{12}:.+$", arn))])
    error_message = "queue_arns must be ARNs of SQS queues."
  }
}

variable "alarm_topic_arns" {
  description = "ARNs of the SNS topics that alarms notify when they begin and when they end, at most 5. Empty: none."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.alarm_topic_arns : can(regex("^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:.+$", arn))])
    error_message = "alarm_topic_arns must be ARNs of SNS topics."
  }

  validation {
    condition     = length(var.alarm_topic_arns) <= 5
    error_message = "alarm_topic_arns must have at most 5 ARNs: an alarm does no more at a time."
  }
}

variable "tags" {
  description = "Tags for the instances, their volumes and the auto scaling group, which the provider's default tags do not reach. At most 49; Name is added."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = length(setsubtract(keys(var.tags), ["Name"])) <= 49
    error_message = "tags must have at most 49 entries beside Name: a resource takes 50."
  }

  validation {
    condition     = alltrue([for key, value in var.tags : length(key) >= 1 && length(key) <= 128 && length(value) <= 256 && !startswith(lower(key), "aws:")])
    error_message = "Tag keys must have 1 to 128 characters and not start with aws:, values at most 256."
  }
}
