# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# What every SR-IOV selftest needs to know of a PF and its VFs.  To be sourced,
# after lib/ktap.sh and lib/pci.sh; sets PF (address), PFDIR, PFRID, TOTAL, DRIVER
# and BULKHEAD (1 on the kernel under test, 0 on a stock one).

# iov_pfs: all PFs that can have VFs, one a line
iov_pfs() {
	for iov_dir in "$PCI"/*; do
		[ -e "$iov_dir/sriov_totalvfs" ] || continue
		[ "$(cat "$iov_dir/sriov_totalvfs")" -gt 0 ] || continue
		basename "$iov_dir"
	done
}

# pf_of_driver DRIVER: the first such PF
pf_of_driver() {
	for iov_pf in $(iov_pfs); do
		if [ "$(driver_of "$iov_pf")" = "$1" ]; then
			echo "$iov_pf"
			return
		fi
	done
}

# before_each: what each test starts from, whatever the one before left
before_each() {
	echo 0 >"$PFDIR/sriov_numvfs" 2>/dev/null || :
}

# iov_begin PF: check that it is one, and start from no VFs.
iov_begin() {
	PF=$1
	PFDIR=$PCI/$PF
	if [ ! -e "$PFDIR/sriov_totalvfs" ]; then
		echo "1..0 # SKIP $PF has no SR-IOV"
		exit $SKIP
	fi
	TOTAL=$(attr "$PF" sriov_totalvfs)
	DRIVER=$(driver_of "$PF")
	PFRID=$(rid "$PF")
	BULKHEAD=0
	[ ! -e "$PFDIR/sriov_last_error" ] || BULKHEAD=1
	before_each
}

numvfs() {
	attr "$PF" sriov_numvfs
}

# set_numvfs N: fails the test with the reason
set_numvfs() {
	iov_result=$(put "$PF" sriov_numvfs "$1")
	[ "$iov_result" = OK ] || fail "numvfs=$1: $iov_result $(last_error)" || return 1
	[ "$(numvfs)" = "$1" ] || fail "numvfs reads $(numvfs), not $1"
}

last_error() {
	cat "$PFDIR/sriov_last_error" 2>/dev/null || :
}

autoprobe() {
	echo "$1" >"$PFDIR/sriov_drivers_autoprobe"
}

# vf_address I: what the PF's offset and stride say; sets ADDRESS, forks nothing
vf_address() {
	read -r iov_offset <"$PFDIR/sriov_offset"
	read -r iov_stride <"$PFDIR/sriov_stride"
	iov_rid=$((PFRID + iov_offset + $1 * iov_stride))
	ADDRESS=$(printf '%s:%02x:%02x.%d' "${PF%%:*}" $((iov_rid >> 8)) \
		$((iov_rid >> 3 & 31)) $((iov_rid & 7)))
}

# vf I: what the link says
vf() {
	basename "$(readlink "$PFDIR/virtfn$1")"
}

vf_links() {
	find "$PFDIR/" -maxdepth 1 -name 'virtfn*' | wc -l
}

# controller DEVICE: the device node of its nvme controller
controller() {
	echo /dev/"$(ls "$PCI/$1/nvme")"
}

# namespace DEVICE: the disk that its nvme controller shows; with multipath the
# disk belongs to the subsystem and the path, nvme0c1n1, is hidden
namespace() {
	find "$PCI/$1/nvme/" -maxdepth 2 -name 'nvme*n*' 2>/dev/null |
		sed 's,.*/,,; s/c[0-9]*n/n/' | grep -m 1 n
}

# snapshot FILE: what must be the same before VFs come and after they go
snapshot() {
	ls "$PCI" /sys/class/pci_bus "$PFDIR/" >"$1"
	cat /proc/iomem >>"$1"
}

# no_leftovers FILE: compare with an earlier snapshot
no_leftovers() {
	snapshot "$1.now"
	diff "$1" "$1.now" >"$1.diff" && return 0
	sed 's/^/# /' "$1.diff"
	fail "left over after disabling (+) or missing (-)"
}
