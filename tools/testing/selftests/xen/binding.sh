#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# How functions come to pciback and go from it, each in the order in which a tool does
# it: libvirt, driverctl and xl; and that a lost mark in the kernel's log is noticed.
# No guest is made.
#
# usage: binding.sh
set -u
cd "$(dirname "$0")" || exit 1
. ./xenlib.sh

VFS=2
DEVKMSG=/proc/sys/kernel/printk_devkmsg

# igb does not disable VFs while pciback has one of them. An unbind says nothing of what
# is to become of it when it comes anew.
vfs_are_gone() {
	for binding_vf in "$PFDIR"/virtfn*; do
		[ -e "$binding_vf" ] || continue
		binding_dev=$(basename "$(readlink -f "$binding_vf")")
		[ "$(driver_of "$binding_dev")" != pciback ] || unbind "$binding_dev"
	done
	set_numvfs 0
}

# not_listed: nothing that a test has put on pciback's list stays there for the next
not_listed() {
	for binding_dev in "${VF0:-}" "${VF1:-}" "${binding_port:-}"; do
		[ -z "$binding_dev" ] || echo "$binding_dev" >"$PCIBACK/remove_slot" 2>/dev/null || :
	done
}

before_each() {
	not_listed
	vfs_are_gone || :
	log_mark
}

vfs_are_made() {
	set_numvfs $VFS && vfs_up
}

# override DEVICE DRIVER: as libvirt and driverctl do; no DRIVER clears it
override() {
	echo "${2:-}" >"$PCI/$1/driver_override" && unbind "$1" &&
	echo "$1" >/sys/bus/pci/drivers_probe
}

# has DEVICE DRIVER
has() {
	expect "driver of $1" "$(driver_of "$1")" "$2"
}

# in_slots DEVICE
in_slots() {
	grep -q "$1" "$PCIBACK/slots"
}

libvirt_takes_and_gives_back() {
	vfs_are_made || return 1
	for binding_round in 1 2; do
		override "$VF0" pciback && has "$VF0" pciback || return 1
		in_slots "$VF0" || fail "$VF0 is not in slots" || return 1
		xl pci-assignable-list | grep -q "$(slot "$VF0")" || fail "not assignable" || return 1
		override "$VF0" && has "$VF0" igbvf || return 1
		! in_slots "$VF0" || fail "$VF0 is still in slots" || return 1
		note "round $binding_round: $VF0 to pciback and back to igbvf"
	done
	has "$VF1" igbvf
}

driverctl_takes_it_again_after_a_rescan() {
	vfs_are_made && override "$VF0" pciback && has "$VF0" pciback || return 1
	vfs_are_gone && vfs_are_made && has "$VF0" igbvf || return 1
	override "$VF0" pciback && has "$VF0" pciback
}

another_drivers_override_is_respected() {
	vfs_are_made || return 1
	echo "$VF0" >"$PCIBACK/new_slot"
	override "$VF0" pci-stub && has "$VF0" pci-stub || return 1
	expect "bind to pciback" "$(unbind "$VF0"; bind pciback "$VF0")" ENODEV || return 1
	override "$VF0" pciback && has "$VF0" pciback &&
	override "$VF0" pci-stub && has "$VF0" pci-stub || return 1
	echo "$VF0" >"$PCIBACK/remove_slot"
	override "$VF0" && has "$VF0" igbvf
}

# xl pci-assignable-add: it is claimed again when it comes again, until it is removed
xl_takes_and_gives_back() {
	vfs_are_made && make_assignable "$VF0" && has "$VF0" pciback || return 1
	vfs_are_gone && set_numvfs $VFS && wait_for 60 netdev "$VF1" || return 1
	has "$VF0" pciback || return 1
	# Xen's own quarantine is not for what came anew, and xl does not remove without it
	xl pci-assignable-add "$(slot "$VF0")" 2>&1 | sed 's/^/# xl: /'
	returns "$VF0" igbvf && has "$VF0" igbvf || return 1
	! in_slots "$VF0" || fail "$VF0 is still in slots"
}

# What is below a bridge that is claimed, and comes anew, is claimed; the bridge goes on.
a_bridge_stands_for_what_is_below() {
	binding_port=$(basename "$(dirname "$(readlink -f "$PFDIR")")")
	vfs_are_made || return 1
	echo "$binding_port" >"$PCIBACK/new_slot"
	vfs_are_gone
	autoprobe 1
	set_numvfs $VFS
	binding_result=0
	has "$VF0" pciback || binding_result=1
	echo "$binding_port" >"$PCIBACK/remove_slot"
	vfs_are_gone && vfs_are_made && has "$VF0" igbvf || binding_result=1
	return $binding_result
}

# More records than the log has room for: that the mark is gone is not an empty log.
a_lost_mark_is_noticed() {
	log_mark
	binding_devkmsg=$(cat $DEVKMSG)
	echo on >$DEVKMSG
	binding_line="lab: filler $(head -c 700 /dev/zero | tr '\0' x)"
	binding_n=0
	while [ $binding_n -lt 20000 ] && log_lines >"$TMP/count"; do
		binding_n=$((binding_n + 200))
		yes "$binding_line" | head -n 200 | while read -r binding_text; do
			echo "$binding_text" >/dev/kmsg
		done
	done
	echo "$binding_devkmsg" >$DEVKMSG
	note "$(cat "$TMP/count") records; the log is full"
	log_since >"$TMP/lost"
	binding_result=$?
	rm -f "$KTAP_LOST"
	expect "status" $binding_result 3 || return 1
	grep -q 'BUG: lab: .* lost' "$TMP/lost" || fail "it is not said" || return 1
	[ "$(cat "$TMP/count")" -ge $binding_n ] || fail "$(cat "$TMP/count") records are counted"
}

leave() {
	not_listed
	for binding_dev in "$VF0" "$VF1"; do
		[ -z "$binding_dev" ] || ! [ -e "$PCI/$binding_dev" ] || override "$binding_dev"
	done
	[ -z "$binding_devkmsg" ] || echo "$binding_devkmsg" >$DEVKMSG
	xen_end
}

xen_begin
iov_begin "$(pf_of_driver igb)"
pf_up || { echo "Bail out! the PF does not work"; exit 1; }
autoprobe 1
VF0='' VF1='' binding_port='' binding_devkmsg=''
trap leave EXIT
ktap_run "
	ours libvirt_takes_and_gives_back
	ours driverctl_takes_it_again_after_a_rescan
	another_drivers_override_is_respected
	xl_takes_and_gives_back
	a_bridge_stands_for_what_is_below
	a_lost_mark_is_noticed
"
