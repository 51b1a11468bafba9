# The script that mounts volumes at the first start. It is the same for every deployment but for one line of data.

locals {
  # A line for each volume: its device and its directory, both in base64.
  mount_table = join("\n", [for mount, device in local.mounts : "${base64encode(device)} ${base64encode(mount)}"])

  mount_script = <<-EOT
    #!/bin/sh
    # Mounts volumes at the first start: an ext4 file system where there is none, and a line in /etc/fstab for later starts.
    set -u
    export LC_ALL=C

    # A line for each volume: its device and its directory, both in base64.
    mounts='${local.mount_table}'

    failed=0

    fail() {
      echo "mount-volumes: $1" >&2
      failed=1
    }

    # Prints the name that the launch template gives to an NVMe volume: the volume says it itself.
    name_of() {
      python=python3
      command -v python3 >/dev/null || python=/usr/libexec/platform-python
      "$python" - "$1" <<'END'
    import ctypes, fcntl, struct, sys
    answer = ctypes.create_string_buffer(4096)
    identify = struct.pack("<BBHIIIQQII6III", 6, 0, 0, 0, 0, 0, 0, ctypes.addressof(answer), 0, 4096, 1, 0, 0, 0, 0, 0, 0, 0)
    with open(sys.argv[1], "rb") as device:
        fcntl.ioctl(device, 0xC0484E41, bytearray(identify))
    print(answer.raw[3072:3104].decode("ascii", "ignore").strip(" \0").replace("/dev/", ""))
    END
    }

    # Prints the path of a device that has a name of the launch template.
    path_of() {
      for path in "/dev/$1" "/dev/xvd$${1#sd}"; do
        if [ -b "$path" ]; then
          readlink -f "$path"
          return
        fi
      done
      for path in /dev/nvme[0-9]*n1; do
        if [ -b "$path" ] && [ "$(name_of "$path")" = "$1" ]; then
          echo "$path"
          return
        fi
      done
      return 1
    }

    mount_volume() {
      tries=30
      until device=$(path_of "$1"); do
        tries=$((tries - 1))
        if [ "$tries" -eq 0 ]; then
          fail "there is no device $1 for $2"
          return
        fi
        sleep 2
      done
      if ! blkid "$device" >/dev/null; then
        mkfs.ext4 -q "$device" || { fail "$device takes no file system"; return; }
      fi
      mkdir -p "$2"
      echo "UUID=$(blkid -s UUID -o value "$device") $2 $(blkid -s TYPE -o value "$device") defaults,nofail 0 2" >>/etc/fstab
      mount "$2" || fail "$device cannot be mounted at $2"
    }

    while read -r device directory; do
      device=$(printf %s "$device" | base64 -d)
      directory=$(printf %s "$directory" | base64 -d)
      case "$directory" in
        *[!A-Za-z0-9/_.-]* | [!/]* | "") fail "a directory of this name is not taken" ;;
        *) mount_volume "$${device#/dev/}" "$directory" ;;
      esac
    done <<END
    $mounts
    END

    exit "$failed"
  EOT
}
