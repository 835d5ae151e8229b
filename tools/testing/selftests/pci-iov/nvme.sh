#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# QEMU's nvme under the real nvme driver: many VFs, VFs with a namespace, and two
# PFs at work at once.
#
# usage: nvme.sh [PF]
set -u
cd "$(dirname "$0")" || exit 1
. ../lib/ktap.sh
. ../lib/pci.sh
. ./iov.sh

iov_begin "${1:-$(pf_of_driver nvme)}"
TMP=$(mktemp -d)

cleanup() {
	echo 0 >"$PFDIR/sriov_numvfs" 2>/dev/null
	autoprobe 1
	rm -rf "$TMP"
}
trap cleanup EXIT
autoprobe 0

# A VF's vendor ID register reads all ones; its command register never does.
all_vfs() {
	set_numvfs "$TOTAL" && expect links "$(vf_links)" "$TOTAL" || return 1
	note "$TOTAL VFs, $(vf 0) to $(vf $((TOTAL - 1)))"
	i=0
	while [ $i -lt "$TOTAL" ]; do
		vf_address $i
		expect "command of $ADDRESS" "$(setpci -s "$ADDRESS" COMMAND)" 0000 || return 1
		setpci -s "$ADDRESS" CAP_EXP+8.w >/dev/null || fail "$ADDRESS has no PCIe capability" || return 1
		i=$((i + 1))
	done
	set_numvfs 0 && expect links "$(vf_links)" 0
}

again_and_again() {
	for n in "$TOTAL" 1 "$TOTAL"; do
		set_numvfs "$n" && expect links "$(vf_links)" "$n" && set_numvfs 0 || return 1
	done
}

# A VF's controller is offline until the PF gives it queues and interrupts, which
# takes an enabled VF that no driver has yet.
vf_with_a_namespace() {
	set_numvfs 1 || return 1
	iovtool nvme-online "$(controller "$PF")" 1 2>"$TMP/online" ||
		fail "secondary controller 1: $(cat "$TMP/online")" || return 1
	vf=$(vf 0)
	echo nvme >"$PCI/$vf/driver_override"
	echo "$vf" >/sys/bus/pci/drivers_probe
	expect "driver of $vf" "$(driver_of "$vf")" nvme || return 1
	wait_for 60 namespace "$vf" || fail "$vf shows no namespace" || return 1
	disk=$(namespace "$vf")
	note "$vf is $disk"
	dd if=/dev/zero of="/dev/$disk" bs=4k count=64 2>/dev/null &&
	dd if="/dev/$disk" of=/dev/null bs=4k count=64 2>/dev/null ||
		fail "I/O through $vf" || return 1
	set_numvfs 0
}

# enable_loop PF N TIMES
enable_loop() {
	loop=0
	while [ $loop -lt "$3" ]; do
		put "$1" sriov_numvfs "$2" | grep -qx OK && put "$1" sriov_numvfs 0 | grep -qx OK ||
			return 1
		loop=$((loop + 1))
	done
}

two_pfs_at_once() {
	other=$(pf_of_driver igb)
	[ -n "$other" ] || skip "no other PF" || return
	echo 0 >"$PCI/$other/sriov_drivers_autoprobe"
	snapshot "$TMP/before"
	enable_loop "$other" 7 3 &
	loop_pid=$!
	enable_loop "$PF" 64 3
	result=$?
	wait $loop_pid || fail "$other failed beside $PF" || result=1
	echo 1 >"$PCI/$other/sriov_drivers_autoprobe"
	[ $result = 0 ] || fail "$PF failed beside $other" || return 1
	no_leftovers "$TMP/before"
}

# pci-pf-stub has nothing of its own to set up: the core does it all
pf_under_pci_pf_stub() {
	[ -e $DRIVERS/pci-pf-stub ] || skip "no pci-pf-stub in this kernel" || return
	unbind "$PF"
	echo pci-pf-stub >"$PFDIR/driver_override"
	result=$(bind pci-pf-stub "$PF")
	if expect "bind of $PF" "$result" OK; then
		autoprobe 0
		set_numvfs 3 && [ "$(vf_links)" = 3 ] && set_numvfs 0 && status=0 || status=1
	else
		status=1
	fi
	unbind "$PF"
	echo >"$PFDIR/driver_override"
	expect "bind of $PF" "$(bind nvme "$PF")" OK || return 1
	return $status
}

# waits PID: a shell that only writes to sysfs sleeps, which is for somebody else
waits() {
	case $(cut -d ' ' -f 3 "/proc/$1/stat") in
	[DS])	;;
	*)	return 1 ;;
	esac
}

# before_the_user WHAT COMMAND...: has to be done while the PF is still in use
before_the_user() {
	rm -f "$TMP/done"
	what=$1
	shift
	{ "$@" >"$TMP/result" && : >"$TMP/done"; } &
	wait_for 60 test -e "$TMP/done" || fail "$what waits for the user of $PF" || return 1
	expect "$what" "$(cat "$TMP/result")" OK || return 1
	[ ! -e "$TMP/unbound" ] || fail "$PF was unbound with a user"
}

# A write that would change nothing is enough to wait for the unbind.
nobody_waits_for_the_user() {
	{ unbind "$PF"; : >"$TMP/unbound"; } &
	unbinder=$!
	wait_for 60 waits $unbinder || fail "the unbind does not wait for the user" || return 1
	{ echo 0 >"$PFDIR/sriov_numvfs"; : >"$TMP/written"; } 2>/dev/null &
	writer=$!
	wait_for 60 waits $writer || fail "the write does not wait for the unbind" || return 1
	before_the_user "enabling VFs of $other" put "$other" sriov_numvfs 2 &&
	before_the_user "disabling VFs of $other" put "$other" sriov_numvfs 0 &&
	before_the_user "a rescan" iovtool write /sys/bus/pci/rescan 1 || return 1
	[ ! -e "$TMP/written" ] || fail "the write came back before the unbind"
}

# A driver's ->remove() may wait for its users, and has its PF's lock meanwhile.
held_pf_holds_nobody() {
	other=$(pf_of_driver igb)
	[ -n "$other" ] || skip "no other PF" || return
	[ -e $DRIVERS/vfio-pci ] || skip "no vfio-pci in this kernel" || return
	[ -e "$PFDIR/iommu_group" ] || skip "no IOMMU in this machine" || return
	group=/dev/vfio/$(basename "$(readlink "$PFDIR/iommu_group")")
	rm -f "$TMP/unbound" "$TMP/written"
	echo 0 >"$PCI/$other/sriov_drivers_autoprobe"
	# QEMU's IOMMU, as the lab has it, remaps no interrupts
	echo 1 >/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts
	unbind "$PF"
	echo vfio-pci >"$PFDIR/driver_override"
	status=1
	if expect "bind of $PF" "$(bind vfio-pci "$PF")" OK; then
		iovtool vfio-hold "$group" "$PF" >"$TMP/held" 2>&1 &
		holder=$!
		if wait_for 60 grep -q holding "$TMP/held"; then
			nobody_waits_for_the_user && status=0
			kill $holder
			wait_for 60 test -e "$TMP/written" || fail "the write hangs" || status=1
		else
			kill $holder 2>/dev/null
			fail "$group: $(cat "$TMP/held")"
		fi
	fi
	unbind "$PF"
	echo >"$PFDIR/driver_override"
	echo 0 >/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts
	echo 1 >"$PCI/$other/sriov_drivers_autoprobe"
	expect "bind of $PF" "$(bind nvme "$PF")" OK || return 1
	return $status
}

ktap_run "
	all_vfs
	again_and_again
	vf_with_a_namespace
	two_pfs_at_once
	pf_under_pci_pf_stub
	held_pf_holds_nobody
"
