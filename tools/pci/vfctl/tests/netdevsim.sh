#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Run netdevsim_test on the kernel's simulated network card, with few VFs and with many:
# with 255 the list of them overflows its length if statistics are asked for.
#
# usage: netdevsim.sh NETDEVSIM_TEST
#
# Needs root and a kernel with CONFIG_NETDEVSIM; ends with 77, which is to be taken as
# "skipped", without them.
set -eu

bus=/sys/bus/netdevsim

die() {
	echo "netdevsim.sh: $*" >&2
	exit 1
}

skip() {
	echo "netdevsim.sh: skipped: $*" >&2
	exit 77
}

if [ $# -ne 1 ] || [ ! -x "$1" ]; then
	die "usage: netdevsim.sh NETDEVSIM_TEST"
fi
[ "$(id -u)" -eq 0 ] || skip "this needs root"
if [ ! -e $bus/new_device ]; then
	modprobe netdevsim 2>/dev/null || skip "this kernel does not have netdevsim"
fi
[ -e $bus/new_device ] || skip "this kernel does not have netdevsim"

id=4711
while [ -e $bus/devices/netdevsim$id ]; do
	id=$((id + 1))
done
device=$bus/devices/netdevsim$id
echo "$id 1" >$bus/new_device
trap 'echo $id >$bus/del_device' EXIT
trap 'exit 130' INT TERM

# udev may give the interface another name meanwhile.
! command -v udevadm >/dev/null || udevadm settle || :
netdev=$(ls $device/net)
[ -n "$netdev" ] || die "the simulated card has no interface"

# How many it can have is said in debugfs, which may have to be mounted.
debugfs=/sys/kernel/debug
[ -d $debugfs/netdevsim ] || mount -t debugfs none $debugfs 2>/dev/null || :
limit=$debugfs/netdevsim/netdevsim$id/max_vfs
numbers=4
if [ -w $limit ] && echo 255 >$limit; then
	numbers="4 127 128 255"
fi

status=0
for nr in $numbers; do
	echo 0 >$device/sriov_numvfs
	echo "$nr" >$device/sriov_numvfs
	echo "# $nr VFs"
	VFCTL_NETDEVSIM=$netdev VFCTL_NETDEVSIM_VFS=$nr "$1" || status=1
done
exit $status
