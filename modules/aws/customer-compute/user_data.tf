# What an instance runs at its first start: the caller's script as it is, and in front of it what mounts volumes.
#
# No text becomes part of a script. Devices and directories are data: each is base64, whose letters no shell reads as
# anything else, and so is the caller's script next to it.

locals {
  free_devices = [
    for letter in split("", "fghijklmnop") : "/dev/sd${letter}"
    if length(setintersection(local.volume_devices, ["/dev/sd${letter}", "/dev/xvd${letter}"])) == 0
  ]

  volumes = [for index, volume in var.volumes : merge(volume, { device = try(local.free_devices[index], "") })]

  # By directory, so that one inside of another is mounted after it.
  mounts = { for volume in local.volumes : volume.mount => volume.device if volume.mount != null }

  # Parts of cloud-init, which runs them in their order. The type of the second is found by its first line, as it is
  # where there is no other part.
  parts = concat(
    [
      "Content-Type: multipart/mixed; boundary=\"customer-compute\"",
      "MIME-Version: 1.0",
      "",
      "--customer-compute",
      "Content-Type: text/x-shellscript; charset=\"us-ascii\"",
      "Content-Transfer-Encoding: 7bit",
      "",
      chomp(local.mount_script),
    ],
    var.user_data_script == null ? [] : [
      "--customer-compute",
      "Content-Type: text/plain; charset=\"utf-8\"",
      "Content-Transfer-Encoding: base64",
      "",
      base64encode(var.user_data_script),
    ],
    ["--customer-compute--", ""],
  )

  user_data = length(local.mounts) == 0 ? var.user_data_script : join("\n", local.parts)

  # Three bytes become four characters of base64, and padding stands for bytes that are not there.
  user_data_base64 = local.user_data == null ? "" : base64encode(local.user_data)
  user_data_bytes  = length(local.user_data_base64) / 4 * 3 - length(regexall("=", local.user_data_base64))
}
