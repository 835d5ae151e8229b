#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# What Xen knows of an igb and its VFs while they come and go, by xen_known, by xl and
# by Xen's own log.  No guest is made.
#
# usage: [PORT=1] tell.sh
#
# With PORT=1 the port above the PF is removed as well.  It comes back with windows
# above 4 GiB, where registers of VFs read zero in this machine (igbvf: "PF still in
# reset state"), whoever drives them: nothing that needs VFs can follow.
set -u
cd "$(dirname "$0")" || exit 1
. ./xenlib.sh

VFS=4
# What Xen says of a function that it was told of in a wrong order, or could not remove
TROUBLE='broken|still present|SR-IOV|[Ff]ail.*[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]|[0-9a-f]{2}:[0-9a-f]{2}\.[0-7].* (failed|cannot)'

# Each test starts without VFs, and with Xen's log up to now left out.
before_each() {
	echo 0 >"$PFDIR/sriov_numvfs" 2>/dev/null || :
	xl dmesg | wc -l >"$TMP/lines"
	log_mark
}

# vfs_on N: no driver, they are not used
vfs_on() {
	autoprobe 0
	set_numvfs "$1"
}

# known DEVICE
known() {
	cat "$PCI/$1/xen_known" 2>/dev/null || echo "no file"
}

# all_known DEVICE...
all_known() {
	for tell_dev; do
		expect "xen_known of $tell_dev" "$(known "$tell_dev")" 1 || return 1
	done
}

vfs() {
	for tell_link in "$PFDIR"/virtfn*; do
		[ ! -e "$tell_link" ] || basename "$(readlink "$tell_link")"
	done
}

# xen_is_content: neither Xen nor dom0 has anything to say about it
xen_is_content() {
	xl dmesg | tail -n +$(($(cat "$TMP/lines") + 1)) >"$TMP/xen.log"
	log_since | grep -E 'xen: .*(refused|Xen|gone)' >"$TMP/dom0.log"
	if grep -nE "$TROUBLE" "$TMP/xen.log" || [ -s "$TMP/dom0.log" ]; then
		sed 's/^/# Xen: /' "$TMP/xen.log"
		sed 's/^/# dom0: /' "$TMP/dom0.log"
		fail "Xen or dom0 complains"
	fi
}

# none_assignable: of the functions of the PF's device
none_assignable() {
	xl pci-assignable-list >"$TMP/assignable" || return 1
	[ ! -s "$TMP/assignable" ] || fail "assignable: $(tr '\n' ' ' <"$TMP/assignable")"
}

has_pf() {
	[ -n "$(pf_of_driver igb)" ]
}

# back_again: the PF was removed; find it, and have VFs of it
back_again() {
	none_assignable || return 1
	[ ! -e "$PFDIR" ] || fail "$PF was not removed" || return 1
	echo 1 >/sys/bus/pci/rescan
	wait_for 20 has_pf || fail "$PF does not come back" || return 1
	all_known "$PF" && vfs_on $VFS && all_known $(vfs) && xen_is_content
}

every_function_is_known() {
	tell_n=0
	for tell_dir in "$PCI"/*; do
		all_known "$(basename "$tell_dir")" || return 1
		tell_n=$((tell_n + 1))
	done
	note "$tell_n functions"
}

vfs_are_known() {
	vfs_on $VFS || return 1
	expect "number of VFs" "$(vfs | wc -l)" $VFS && all_known "$PF" $(vfs) && xen_is_content
}

vfs_come_and_go() {
	for tell_n in "$TOTAL" 1; do
		vfs_on "$tell_n" && all_known $(vfs) && set_numvfs 0 || return 1
		expect "VFs left" "$(vfs | wc -l)" 0 || return 1
	done
	all_known "$PF" && xen_is_content
}

pf_is_removed_with_its_vfs() {
	vfs_on $VFS && claim "$(vf 1)" || return 1
	echo 1 >"$PFDIR/remove"
	back_again
}

port_is_removed_with_all_below() {
	[ "${PORT:-0}" = 1 ] || skip "only with PORT=1: no VF works after it" || return $?
	vfs_on $VFS && claim "$(vf 0)" || return 1
	tell_port=$(dirname "$(readlink -f "$PFDIR")")
	[ -e "$tell_port/xen_known" ] || fail "$tell_port is no port that Xen knows" || return 1
	echo 1 >"$tell_port/remove"
	back_again
}

# leave: the PF as it was found, for the next script; pciback would take the VFs that
# were made assignable when they come again
leave() {
	before_each
	autoprobe 1
	for tell_dev in $CLAIMED; do
		echo "$tell_dev" >"$DRIVERS/pciback/remove_slot"
	done
}

# claim VF: make it assignable
claim() {
	CLAIMED="$CLAIMED $1"
	make_assignable "$1"
}

xen_begin
CLAIMED=''
wait_for 20 has_pf || { echo "Bail out! no igb in this machine"; exit 1; }
iov_begin "$(pf_of_driver igb)"
trap leave EXIT
ktap_run "
	ours every_function_is_known
	ours vfs_are_known
	ours vfs_come_and_go
	ours pf_is_removed_with_its_vfs
	ours port_is_removed_with_all_below
"
