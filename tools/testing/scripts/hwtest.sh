#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Tests of what tools/testing/hw/hwtest refuses and what it leaves out of its report: on
# a sysfs and a procfs made of files, with disks and interfaces that the lab has not.
# Prints what is wrong, and nothing when all is right.

set -u
cd "$(dirname "$0")/../../.." || exit 1
top=$(mktemp -d)
trap 'rm -rf "$top"' EXIT
work=$top/work sys=$top/sys proc=$top/proc
PF=0000:01:00.0
host=$sys/devices/pci0000:00/0000:00:01.0

# shellcheck source=../hw/in_use.sh
. tools/testing/hw/in_use.sh
# shellcheck source=../hw/clean.sh
. tools/testing/hw/clean.sh

# machine: one with nothing on the PF, and a mounted disk on another function
machine()
{
	rm -rf "${top:?}"/*
	mkdir -p "$work" "$sys"/class/{block,net,nvme-subsystem} "$sys/bus/pci/devices" \
		"$proc/self" "$proc/net" "$host/$PF" "$host/0000:01:00.1"
	ln -s "$host/$PF" "$sys/bus/pci/devices/$PF"
	disk "$host/0000:01:00.1/nvme/nvme9/nvme9n1" 259:9
	: >"$proc/mounts"
	echo "36 1 259:9 / / rw - ext4 /dev/nvme9n1 rw" >"$proc/self/mountinfo"
	printf 'Filename\tType\tSize\tUsed\tPriority\n' >"$proc/swaps"
	printf 'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\n' >"$proc/net/route"
	printf 'eth9\t00000000\t0202000A\t0003\t0\t0\t0\t00000000\n' >>"$proc/net/route"
	: >"$proc/net/ipv6_route"
}

# disk PATH MAJOR:MINOR
disk()
{
	mkdir -p "$1/holders"
	echo "$2" >"$1/dev"
	ln -s "$1" "$sys/class/block/${1##*/}"
}

# partition PATH MAJOR:MINOR
partition()
{
	disk "$@"
	echo 1 >"$1/partition"
}

# mounted MAJOR:MINOR SOURCE TYPE
mounted()
{
	echo "37 1 $1 / /mnt rw - $3 $2 rw" >>"$proc/self/mountinfo"
	echo "$2 /mnt $3 rw 0 0" >>"$proc/mounts"
}

# in_use WORDS: what is found on the PF
in_use()
{
	local found

	found=$(mounted_disk)$(default_route)
	[[ -n $1 && $found == *$1* || $found == "$1" ]] ||
		echo "${FUNCNAME[1]}: found '$found' on the PF, not '$1'"
}

# interface NAME [BELOW]: of the PF, or on top of another
interface()
{
	if [ $# = 1 ]; then
		mkdir -p "$host/$PF/net/$1"
		ln -s "$host/$PF/net/$1" "$sys/class/net/$1"
	else
		mkdir -p "$sys/class/net/$1"
		ln -s "$sys/class/net/$1" "$sys/class/net/$2/upper_$1"
	fi
}

nothing_is_in_use()
{
	machine
	in_use ''
	disk "$host/$PF/nvme/nvme0/nvme0n1" 259:0
	interface eth0
	in_use ''
}

disks_of_the_pf()
{
	machine
	disk "$host/$PF/nvme/nvme0/nvme0n1" 259:0
	partition "$host/$PF/nvme/nvme0/nvme0n1/nvme0n1p2" 259:2
	mounted 259:2 /dev/nvme0n1p2 ext4
	in_use 'nvme0n1p2, which'

	# by the source, as of btrfs; the device node has to be one that there is
	machine
	disk "$host/$PF/nvme/nvme0/nvme0n1" 1:3
	mounted 0:25 /dev/null btrfs
	in_use 'nvme0n1, which'

	machine
	disk "$host/$PF/nvme/nvme0/nvme0n1" 1:3
	echo "/dev/null partition 1024 0 -2" >>"$proc/swaps"
	in_use 'nvme0n1, which'

	machine
	disk "$host/$PF/nvme/nvme0/nvme0n1" 259:0
	mounted 0:26 tank zfs
	in_use 'ZFS'
}

disks_on_top_of_others()
{
	local sub

	machine
	disk "$host/$PF/host0/target0/block/sda" 8:0
	partition "$host/$PF/host0/target0/block/sda/sda1" 8:1
	disk "$sys/devices/virtual/block/md0" 9:0
	disk "$sys/devices/virtual/block/dm-3" 254:3
	ln -s "$sys/devices/virtual/block/md0" "$sys/class/block/sda1/holders/md0"
	ln -s "$sys/devices/virtual/block/dm-3" "$sys/class/block/md0/holders/dm-3"
	in_use ''
	mounted 254:3 /dev/mapper/vg-home ext4
	in_use 'dm-3, which'

	# multipath: the disk hangs below a subsystem, the controller below the PF
	machine
	sub=$sys/class/nvme-subsystem/nvme-subsys0
	mkdir -p "$sub" "$host/$PF/nvme/nvme0"
	ln -s "$host/$PF/nvme/nvme0" "$sub/nvme0"
	disk "$sub/nvme0n1" 259:0
	partition "$sub/nvme0n1/nvme0n1p1" 259:1
	in_use ''
	mounted 259:1 /dev/nvme0n1p1 xfs
	in_use 'nvme0n1p1, which'
}

routes()
{
	machine
	interface eth0
	printf 'eth0\t00000000\t0202000A\t0003\t0\t0\t0\t00000000\n' >>"$proc/net/route"
	in_use eth0

	machine
	interface eth0
	# a route to somewhere, not the default
	printf 'eth0\t0002000A\t00000000\t0001\t0\t0\t0\t00FFFFFF\n' >>"$proc/net/route"
	in_use ''
	interface bond0 eth0
	interface bond0.5 bond0
	printf '%032d 00 %032d 00 fe80 00000400 00000001 00000000 00000003 bond0.5\n' 0 0 >>"$proc/net/ipv6_route"
	in_use bond0.5
}

# cleaned TEXT WANTED
cleaned()
{
	local got

	got=$(printf '%s\n' "$1" | clean)
	[ "$got" = "$2" ] || echo "${FUNCNAME[1]}: '$1' came out as '$got', not '$2'"
}

names_and_numbers_are_left_out()
{
	local name

	machine
	name=$(uname -n)
	cleaned "on $name: up" "on HOST: up"
	cleaned "igb 0000:01:10.0 eth0: 52:54:00:aa:bb:01" "igb 0000:01:10.0 eth0: MAC"
	cleaned "Device Serial Number 00-11-22-ff-fe-33-44-55" "Device Serial Number MAC"
	cleaned "id 12345678-9abc-def0-1234-56789abcdef0" "id UUID"
	cleaned "Serial Number: XC9" "Serial Number: ..."
	cleaned "SN=XC9 here" "SN: ... here"
	cleaned "nqn.2014-08.org:x y eui.0011 z" "nqn... y eui... z"
	cleaned "from 192.168.7.1 to 2001:db8:1:2::5" "from IP to IP"
	cleaned "fe80::1 up" "IP up"
}

what_matters_stays()
{
	local line

	machine
	for line in "kernel Linux 6.12.117-1 x86_64" "PF 0x8086:0x10c9 subsystem 0x8086:0x0000" \
		    "[   12.345678] pci 0000:01:10.0: [8086:10ca] type 00 class 0x020000" \
		    "PCIe Bus Error: severity=Uncorrectable (Non-Fatal), type=Transaction Layer" \
		    "  supported-page-sizes     00000553" "at 12:34:56 serial8250: ttyS0"; do
		cleaned "$line" "$line"
	done
}

found=$(nothing_is_in_use
	disks_of_the_pf
	disks_on_top_of_others
	routes
	names_and_numbers_are_left_out
	what_matters_stays)
[ -z "$found" ] || { echo "$found"; exit 1; }
