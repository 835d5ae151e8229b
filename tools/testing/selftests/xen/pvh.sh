#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Functions that a PVH dom0 gives to guests: they bind with an INTx pin and without, a
# guest gets one, gives it back or loses it.  There is no traffic through VFs: Xen 4.17
# brings their interrupts neither to a PVH dom0 nor, on its word, to a guest.
#
# usage: pvh.sh
set -u
cd "$(dirname "$0")" || exit 1
. ./xenlib.sh

pin_of() {
	setpci -s "$1" INTERRUPT_PIN
}

# binds ADDRESS: to the backend; what that had to say is in $TMP/said
binds() {
	log_mark
	make_assignable "$1" && expect "driver" "$(driver_of "$1")" pciback || return 1
	log_since | grep "pciback $1" >"$TMP/said"
	sed 's/^\[[^]]*\]/#/' "$TMP/said"
}

dom0_is_a_pvh_domain() {
	judge_pciback
	expect "type" "$(cat /sys/hypervisor/guest_type)" PVH &&
	expect "virtualized" "$(xl info | grep -c 'virt_caps.*hvm')" 1
}

functions_without_intx_bind() {
	pf_has_two_vfs || return 1
	for vf in "$VF0" "$VF1"; do
		expect "INTx pin of $vf" "$(pin_of "$vf")" 00 && binds "$vf" || return 1
		! grep -E 'INTx|failed|cannot|error' "$TMP/said" || fail "$vf is not content" || return 1
	done
}

# seen_by_guest: what it reads of the VF's configuration is what dom0 knows
seen_by_guest() {
	in_guest g1 lspci -n >"$TMP/seen"
	sed 's/^/# g1: /' "$TMP/seen"
	grep -q "$(attr "$VF0" vendor | cut -c 3-):$(attr "$VF0" device | cut -c 3-)" "$TMP/seen" ||
		fail "g1 reads something else of its VF"
}

guest_gets_a_function() {
	make_assignable "$VF0" || return 1
	GUEST_ARGS=initcall_blacklist=igbvf_init_module
	create g1
	pvh_result=$?
	GUEST_ARGS=
	[ $pvh_result = 0 ] && attach && seen_by_guest || return 1
	answers pf >/dev/null || fail "the PF gets no answer"
}

guest_gives_it_back() {
	detach || return 1
	attach && seen_by_guest
}

destroyed_guest_loses_it() {
	destroy g1 || return 1
	returns "$VF0" igbvf
}

# MSI is what a PVH dom0 cannot pass on: a guest that asks for it gets a no.
msi_is_refused() {
	hostile_guest || return 1
	for op in "msi" "msix 3" "msi-off" "msix-off"; do
		answer=$(in_guest g1 by_hand "$op") || return 1
		note "$op: $answer"
		case $op in
		*off)	expect "answer to $op" "$answer" "0 0x0" ;;
		*)	expect "answer to $op" "$answer" "-5 0x0" ;;
		esac || return 1
	done
	answers pf >/dev/null || fail "the PF gets no answer"
}

# A PF has a pin, whose GSI is asked for; it binds whether Xen sets it up or not.
function_with_intx_binds() {
	destroy g1 || return 1
	for vf in "$VF0" "$VF1"; do
		xl pci-assignable-remove "$(slot "$vf")" >/dev/null 2>&1
	done
	set_numvfs 0 || return 1
	expect "INTx pin of the PF" "$(pin_of "$PF")" 01 || return 1
	binds "$PF"
	pvh_result=$?
	returns "$PF" igb || return 1
	return $pvh_result
}

if ! dom0_is_pvh; then
	echo "Bail out! this dom0 is no PVH domain"
	exit 1
fi
xen_begin
ktap_run "
	dom0_is_a_pvh_domain
	ours functions_without_intx_bind
	ours guest_gets_a_function
	ours guest_gives_it_back
	destroyed_guest_loses_it
	ours msi_is_refused
	ours function_with_intx_binds
"
