# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# What of this machine is on a PCI function and would be lost with it: mounted file
# systems, swap space, the default route.  To be sourced; PF is the function's address,
# work a directory for scratch files.  Tests have a sysfs and a procfs of their own.
# shellcheck disable=SC2154 # PF and work are set by those who source it

sys=${sys:-/sys}
proc=${proc:-/proc}

# disks: block devices of the PF, their partitions, and what is made of these.  With
# multipath the disk of an nvme controller belongs to its subsystem.
disks()
{
	for disks_dev in "$sys"/class/block/*; do
		case $(readlink -f "$disks_dev") in
		*/"$PF"/*)	echo "${disks_dev##*/}" ;;
		esac
	done
	for disks_sub in "$sys"/class/nvme-subsystem/*; do
		for disks_path in "$disks_sub"/nvme*; do
			case $(readlink -f "$disks_path") in
			*/"$PF"/*)	find "$disks_sub/" -maxdepth 1 -name 'nvme*n*' ;;
			esac
		done
	done | sed 's,.*/,,'
}

# disks_and_users: the same, with all partitions and devices on top of them
disks_and_users()
{
	users_list=$(disks)
	users_seen=' '
	while [ -n "$users_list" ]; do
		users_next=''
		for users_dev in $users_list; do
			case $users_seen in
			*" $users_dev "*)	continue ;;
			esac
			users_seen="$users_seen$users_dev "
			echo "$users_dev"
			for users_more in "$sys/class/block/$users_dev"/*/partition \
					  "$sys/class/block/$users_dev"/holders/*; do
				[ -e "$users_more" ] || continue
				users_more=${users_more%/partition}
				users_next="$users_next ${users_more##*/}"
			done
		done
		users_list=$users_next
	done
}

# numbers_of FILE...: major:minor of device nodes, as in /proc/self/mountinfo
numbers_of()
{
	stat -L -c '0x%t 0x%T' "$@" 2>/dev/null | while read -r numbers_major numbers_minor; do
		echo $((numbers_major)):$((numbers_minor))
	done
}

# mounted_disk: a disk of the PF that is in use, and how; or nothing
mounted_disk()
{
	mounted_disks=$(disks_and_users)
	[ -n "$mounted_disks" ] || return 0
	# By number, and by the name of the source where the number is none of a disk
	{
		awk '{ print $3 }' "$proc/self/mountinfo"
		# shellcheck disable=SC2046 # a list of nodes
		numbers_of $(awk '$1 ~ "^/dev/" { print $1 }' "$proc/mounts" "$proc/swaps" 2>/dev/null)
	} >"$work/mounted"
	for mounted_dev in $mounted_disks; do
		if grep -qx "$(cat "$sys/class/block/$mounted_dev/dev" 2>/dev/null)" "$work/mounted"; then
			echo "$mounted_dev, which is mounted or swapped to"
			return 0
		fi
	done
	# The disks of a pool cannot be told from what is mounted.
	if awk '$3 == "zfs" { found = 1 } END { exit !found }' "$proc/mounts"; then
		echo "disks, which a pool of ZFS may use"
	fi
}

# default_route: an interface of the PF, or on top of one, that has it, or the half of it
# that begins with 0.0.0.0; or nothing
default_route()
{
	route_list=$(ls "$sys/bus/pci/devices/$PF/net" 2>/dev/null)
	: >"$work/route"
	: >"$work/ipv6_route"
	cat "$proc/net/route" >"$work/route" 2>/dev/null
	cat "$proc/net/ipv6_route" >"$work/ipv6_route" 2>/dev/null
	route_seen=' '
	while [ -n "$route_list" ]; do
		route_next=''
		for route_dev in $route_list; do
			case $route_seen in
			*" $route_dev "*)	continue ;;
			esac
			route_seen="$route_seen$route_dev "
			if awk -v dev="$route_dev" '
				FILENAME ~ /ipv6/ { if ($1 ~ /^0+$/ && $2 == "00" && $NF == dev) found = 1; next }
				$1 == dev && $2 == "00000000" { found = 1 }
				END { exit !found }' "$work/route" "$work/ipv6_route"; then
				echo "$route_dev"
				return 0
			fi
			for route_upper in "$sys/class/net/$route_dev"/upper_*; do
				[ ! -e "$route_upper" ] || route_next="$route_next ${route_upper##*/upper_}"
			done
		done
		route_list=$route_next
	done
}
