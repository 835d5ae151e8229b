#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# An HVM guest of Xen with a VF of igb, beside a PV guest with another: its device model
# in dom0 passes the function on, so there is no frontend that could be told of an error.
# The VF of the HVM guest reports one: its function is reset, and neither the PV guest nor
# the PF loses a ping. Then it is in quarantine, which the guest must not end.
#
# usage: hvm.sh
set -u
cd "$(dirname "$0")" || exit 1
. ./xenlib.sh

ANSWER=150	# there is a BIOS to go through

hvm_guest_has_a_vf() {
	GUEST_TYPE=hvm
	create g1 "$VF0"
	hvm_result=$?
	GUEST_TYPE=pv
	[ $hvm_result = 0 ] || return 1
	in_guest g1 vf_up "$(address_of g1)" || return 1
	expect "type of g1" "$(in_guest g1 cat /sys/hypervisor/guest_type)" HVM &&
	note "g1: $(in_guest g1 vf_summary)"
}

pv_guest_has_the_other() {
	create g2 "$VF1" && in_guest g2 vf_up "$(address_of g2)" || return 1
	note "g2: $(in_guest g2 vf_summary)"
}

# owned_by DOMAIN VF
owned_by() {
	expect "owner of $2" "$(containment "$2" owner)" "domain $(domid "$1")"
}

both_are_owners() {
	owned_by g1 "$VF0" && owned_by g2 "$VF1"
}

error_resets_the_function() {
	traffic g1 g2 || return 1
	log_mark
	counted=$(counter "$VF0" nonfatal)
	resets=$(contained "$VF0" resets)
	error_start=$(now)
	inject "$VF0" $COMPLETER_ABORT || return 1
	wait_for 5 is_state "$VF0" normal || fail "the function is $(containment "$VF0" state)" || return 1
	note "normal again after $(($(now) - error_start)) ms"
	sleep 3
	losses g1 g2
	log_since | grep -E 'AER|pciback|igb|recovery' | sed 's/^/# /'
	expect "errors counted" $(($(counter "$VF0" nonfatal) - counted)) 1 &&
	expect "resets" $(($(contained "$VF0" resets) - resets)) 1 &&
	expect "g1" "$(xl list g1 | awk 'NR == 2 { print $1 }')" g1 &&
	nothing_lost pf g2
}

# Nobody can tell its driver: it starts anew, by hand.
guest_starts_its_driver_again() {
	in_guest g1 driver_starts_again && in_guest g1 vf_up "$(address_of g1)"
}

# What the guest writes to its VF the device model writes to the function, as it comes.
guest_does_not_end_a_quarantine() {
	log_mark
	quarantine "$VF0" && master_is_off "$VF0" || return 1
	in_guest g1 setpci -s "\$(vf_device)" COMMAND=6 && in_guest g1 driver_starts_again
	master_is_off "$VF0" || return 1
	log_since | grep "$VF0.*quarantine" | sed 's/^/# /'
	! well g1 || fail "g1 gets an answer in quarantine" || return 1
	release "$VF0" && is_state "$VF0" normal || fail "no release" || return 1
	in_guest g1 driver_starts_again && in_guest g1 vf_up "$(address_of g1)"
}

destroyed_guest_loses_it() {
	undisturbed vf_comes_back
}

xen_begin
ktap_run "
	pf_has_two_vfs
	vfs_are_assignable
	hvm_guest_has_a_vf
	pv_guest_has_the_other
	ours both_are_owners
	ours error_resets_the_function
	ours guest_starts_its_driver_again
	ours guest_does_not_end_a_quarantine
	destroyed_guest_loses_it
"
