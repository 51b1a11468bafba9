# Which image the instances start from, and which of its volumes there are to encrypt.

# Amazon publishes the current Amazon Linux 2023 image as a public parameter, one for each architecture.
data "aws_ssm_parameter" "amazon_linux" {
  count = var.ami_id == null ? 1 : 0

  name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${var.architecture}"
}

# The parameter changes about every two weeks. Used directly, every plan after a release would replace all instances.
# The image is therefore chosen once and kept in the state; it is chosen anew when the architecture changes, or when a
# person says so (README, "Image").
resource "terraform_data" "default_image" {
  count = var.ami_id == null ? 1 : 0

  input            = data.aws_ssm_parameter.amazon_linux[0].insecure_value
  triggers_replace = [var.architecture]

  lifecycle {
    ignore_changes = [input]
  }
}

# A given image is looked up for the device names of its volumes: encrypting /dev/xvda on an image whose root is
# /dev/sda1 would add an empty volume and leave the root as it was.
data "aws_ami" "given" {
  count = var.ami_id == null ? 0 : 1

  # Images in use are often past their deprecation date, and would not be found without this.
  include_deprecated = true

  filter {
    name   = "image-id"
    values = [var.ami_id]
  }
}

locals {
  image_id = var.ami_id == null ? terraform_data.default_image[0].output : var.ami_id

  root_device = var.ami_id == null ? "/dev/xvda" : data.aws_ami.given[0].root_device_name

  # GiB. Amazon Linux has 8, and so does an image that does not say.
  least_root_size = coalesce(var.ami_id == null ? null : try(tonumber(one([
    for mapping in data.aws_ami.given[0].block_device_mappings : mapping.ebs.volume_size if mapping.device_name == local.root_device
  ])), null), 8)

  # Instance store volumes have no `ebs` part; the hardware encrypts those that can be encrypted.
  volume_devices = sort(distinct(concat(
    [local.root_device],
    var.ami_id == null ? [] : [
      for mapping in data.aws_ami.given[0].block_device_mappings : mapping.device_name if try(length(mapping.ebs), 0) > 0
    ],
  )))
}
