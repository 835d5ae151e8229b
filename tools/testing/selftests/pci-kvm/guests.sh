#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Two guests of KVM, each with a VF of igb by vfio-pci: traffic, an error of the first
# one's VF, which must not cost the second one or the PF a ping, a guest that resets
# itself, a host that takes a VF back or a guest whose process is killed.
#
# usage: guests.sh
set -u
cd "$(dirname "$0")" || exit 1
. ./kvmlib.sh

vfs_are_given_up() {
	allow_unsafe_interrupts
	make_assignable "$VF0" && make_assignable "$VF1"
}

# has_a_vf NAME
has_a_vf() {
	create "$1" "$(vf_of "$1")" && in_guest "$1" vf_up "$(address_of "$1")" || return 1
	note "$1: $(in_guest "$1" vf_summary)"
}

first_guest_has_a_vf() {
	has_a_vf g1
}

second_guest_has_the_other() {
	has_a_vf g2
}

both_are_assigned() {
	for vf in "$VF0" "$VF1"; do
		expect "owner of $vf" "$(containment "$vf" owner)" "assigned vfio-pci" || return 1
	done
}

error_stays_with_its_function() {
	traffic g1 g2 || return 1
	log_mark
	counted=$(counter "$VF0" nonfatal)
	resets=$(contained "$VF0" resets)
	inject "$VF0" $COMPLETER_ABORT || return 1
	wait_for 5 is_state "$VF0" normal || fail "the function is $(containment "$VF0" state)" || return 1
	sleep 3
	# g1 may be stopped: it cannot be asked
	losses g2
	log_since | grep -E 'AER|vfio|igb|recovery' | sed 's/^/# /'
	note "g1 is $(vm_state g1), g2 is $(vm_state g2)"
	expect "errors counted" $(($(counter "$VF0" nonfatal) - counted)) 1 &&
	expect "resets" $(($(contained "$VF0" resets) - resets)) 1 &&
	expect "g2" "$(vm_state g2)" running &&
	nothing_lost pf g2
}

# vfio-pci tells QEMU of an error, which stops the guest for good.
guest_at_fault_goes_on() {
	expect "g1" "$(vm_state g1)" running
}

function_serves_the_next_guest() {
	undisturbed next_guest
}

next_guest() {
	destroy g1 && has_a_vf g1
}

reset_guest() {
	kvm_ups=$(ups g1)
	in_guest g1 "(sleep 1; echo b >/proc/sysrq-trigger) &"
	wait_for 60 up_again g1 "$kvm_ups" || fail "g1 does not start again" || return 1
	in_guest g1 vf_up "$(address_of g1)"
}

guest_resets_itself() {
	ready g1 && undisturbed reset_guest
}

has_no_driver() {
	[ -z "$(driver_of "$1")" ]
}

# The driver waits for the guest to let go, which QEMU asks it for.
take_back() {
	unbind "$VF0" &
	wait_for 60 has_no_driver "$VF0" || fail "vfio-pci still has $VF0" || return 1
	wait $!
	in_guest g1 wait_for 10 vf_is_gone || fail "g1 still sees its VF"
}

host_takes_a_vf_back() {
	ready g1 && undisturbed take_back
}

process_is_killed() {
	destroy g1 && ready g1 && undisturbed vf_comes_back
}

no_vfs() {
	expect "VFs" "$(numvfs)" 0
}

# Whoever disables VFs waits as who unbinds one.  igb starts its PF anew when they are gone.
vfs_are_disabled_under_a_guest() {
	ready g2 || return 1
	traffic || return 1
	echo 0 >"$PFDIR/sriov_numvfs" &
	wait_for 60 no_vfs || fail "there are still VFs" || return 1
	wait $!
	kvm_since=$(now)
	wait_for $LIMIT back pf "$kvm_since" || fail "the PF does not ping any more" || return 1
	losses
	in_guest g2 wait_for 10 vf_is_gone || fail "g2 still sees its VF" || return 1
	expect "g2" "$(vm_state g2)" running
}

consoles_are_clean() {
	! grep -HE "$alarms" $CONSOLES/* || fail "an alarm on a guest's console" || return 1
	for guest in g1 g2; do
		[ "$(ups $guest)" -gt 0 ] || fail "the console of $guest is empty" || return 1
	done
}

kvm_begin
ktap_run "
	pf_has_two_vfs
	vfs_are_given_up
	first_guest_has_a_vf
	second_guest_has_the_other
	ours both_are_assigned
	ours error_stays_with_its_function
	todo guest_at_fault_goes_on vfio-pci as an owner that is told and not stopped
	function_serves_the_next_guest
	guest_resets_itself
	host_takes_a_vf_back
	process_is_killed
	vfs_are_disabled_under_a_guest
	consoles_are_clean
"
