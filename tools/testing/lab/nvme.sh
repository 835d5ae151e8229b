# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# QEMU's nvme with VFs.  To be sourced.

# add_nvme VFS DISK: append to "args" an nvme PF that can have 0 to 127 VFs, and make
# its disk, a file.  An SR-IOV device has to sit under a root port.
# shellcheck disable=SC2054 # the commas are QEMU's
add_nvme() {
	local vfs=$1 disk=$2

	truncate -s 64M "$disk"
	args+=(-device "pcie-root-port,id=rpn,chassis=16,slot=16"
	       -drive "file=$disk,format=raw,if=none,id=disk"
	       -device nvme-subsys,id=subsys)
	# Two flexible queues and one vector are the least that bring a VF online.
	if [ "$vfs" -gt 0 ]; then
		args+=(-device "nvme,id=nvme0,serial=QX4711,bus=rpn,subsys=subsys,sriov_max_vfs=$vfs,sriov_vq_flexible=$((2 * vfs)),sriov_vi_flexible=$vfs,max_ioqpairs=$((2 * vfs + 8)),msix_qsize=$((vfs + 8))")
	else
		args+=(-device "nvme,id=nvme0,serial=QX4711,bus=rpn,subsys=subsys")
	fi
	args+=(-device nvme-ns,drive=disk,bus=nvme0,nsid=1,shared=on)
}
