resource "aws_launch_template" "this" {
  name_prefix = "${var.name}-"
  description = "Instances of ${var.name} (${var.environment})"

  image_id               = local.image_id
  instance_type          = var.instance_type
  key_name               = var.key_name
  user_data              = local.user_data == null ? null : base64encode(local.user_data)
  vpc_security_group_ids = concat([aws_security_group.instance.id], var.security_group_ids)
  update_default_version = true

  iam_instance_profile {
    arn = aws_iam_instance_profile.instance.arn
  }

  # Only sessions with a token (IMDSv2), so that a forged request cannot fetch the role's credentials. Two hops, as
  # Amazon Linux 2023 itself asks for: with one, containers on the instance could not use the role. Tags stay out of
  # the metadata: there, keys with spaces or slashes are refused, and the instance would not start.
  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 2
    instance_metadata_tags      = "disabled"
  }

  # One-minute metrics instead of five-minute ones.
  monitoring {
    enabled = var.enable_cloudwatch
  }

  # Sizes stay the image's, but for one of the root volume that is given. The key is the account's default key for EBS.
  dynamic "block_device_mappings" {
    for_each = local.volume_devices

    content {
      device_name = block_device_mappings.value

      ebs {
        encrypted             = true
        volume_type           = "gp3"
        volume_size           = block_device_mappings.value == local.root_device ? var.root_volume_size : null
        delete_on_termination = true
      }
    }
  }

  # Deleted with their instance: instances are replaced whenever the template changes, and what they keep goes.
  dynamic "block_device_mappings" {
    for_each = local.volumes

    content {
      device_name = block_device_mappings.value.device

      ebs {
        encrypted             = true
        volume_type           = block_device_mappings.value.type
        volume_size           = block_device_mappings.value.size
        iops                  = block_device_mappings.value.iops
        delete_on_termination = true
      }
    }
  }

  dynamic "tag_specifications" {
    for_each = ["instance", "volume"]

    content {
      resource_type = tag_specifications.value
      tags          = local.instance_tags
    }
  }

  tags = {
    Name = var.name
  }

  lifecycle {
    create_before_destroy = true

    precondition {
      condition     = var.root_volume_size == null ? true : var.root_volume_size >= local.least_root_size
      error_message = "root_volume_size must not be less than the root volume of the image, which has ${local.least_root_size} GiB."
    }

    precondition {
      condition     = length(var.volumes) <= length(local.free_devices)
      error_message = "There are more volumes than device names that the image leaves free: ${length(local.free_devices)}."
    }

    precondition {
      condition     = local.user_data_bytes <= 16384
      error_message = "user_data_script has no room next to what mounts the volumes: an instance takes 16 KiB (16384 bytes) of user data, and this is ${local.user_data_bytes} bytes."
    }
  }
}
