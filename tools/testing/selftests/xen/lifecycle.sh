#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A VF through the life of its guest: plugged and unplugged, guests that restart, crash
# and are destroyed, the backend unbound under a guest, VFs bound and released in any
# order.  Nothing leaks, nobody else notices, and the VF works for who is next.
#
# usage: [CYCLES=N] lifecycle.sh      (how often a VF is plugged and unplugged [20])
set -u
cd "$(dirname "$0")" || exit 1
. ./xenlib.sh

CYCLES=${CYCLES:-20}
INTERVAL=100
KB_PER_CYCLE=8		# of the kernel's memory: what is more is a leak
KB_NOISE=1024		# by which it changes while nothing happens

machine_is_ready() {
	pf_has_two_vfs && vfs_are_assignable && ready g1 && ready g2 || return 1
	judge_pciback
}

# new_life NAME OLD-ID: a domain of this name, with another number, whose VF pings
new_life() {
	new_id=$(domid "$1")
	[ -n "$new_id" ] && [ "$new_id" != "$2" ]
}

restart() {
	in_guest g1 "$1"
	if ! wait_for 60 new_life g1 "$old_id" || ! in_guest g1 vf_up "$(address_of g1)"; then
		tail -n 12 /var/log/xen/xl-g1.log | sed 's/^/# xl: /'
		fail "g1 is not started anew"
		return 1
	fi
	grep 'not ready' /var/log/xen/xl-g1.log | sed 's/^/# xl: /'
}

# once NAME: g1, with what becomes of it as $ON_CRASH and $ON_REBOOT say
once() {
	destroy g1
	make_assignable "$VF0" && create g1 "$VF0" && in_guest g1 vf_up "$(address_of g1)" || return 1
	old_id=$(domid g1)
}

guest_reboots() {
	ON_REBOOT=restart
	once && undisturbed restart restart
	reboot_result=$?
	ON_REBOOT=
	return $reboot_result
}

crashed_guest_is_started_anew() {
	ON_CRASH=restart
	once && undisturbed restart crash
	crash_result=$?
	ON_CRASH=
	return $crash_result
}

crash_to_the_end() {
	in_guest g1 crash
	wait_for 30 destroyed g1 || fail "g1 is still there"
}

crashed_guest_is_destroyed() {
	once && undisturbed crash_to_the_end || return 1
	ready g1
}

destroyed_during_traffic() {
	ready g1 && in_guest g1 vf_traffic || return 1
	undisturbed destroy g1 || return 1
	ready g1
}

# nodes: of the backend, in xenstore
nodes() {
	xenstore-ls /local/domain/0/backend/pci | wc -l
}

# memory: what dom0's kernel uses for itself, in kB
memory() {
	awk '/^(SUnreclaim|KernelStack|PageTables|VmallocUsed|Percpu):/ { sum += $2 } END { print sum }' /proc/meminfo
}

# usage: what a cycle must not leave behind
usage() {
	echo "$(nodes) $(wc -l </proc/interrupts) $(find "$PCI/" -mindepth 1 | wc -l)"
}

# one_cycle: without the guest's driver having to do more than to appear
one_cycle() {
	xl pci-detach g1 "$(slot "$VF0")" >>"$TMP/xl" 2>&1
	in_guest g1 wait_for 10 vf_is_gone || fail "g1 still has its VF" || return 1
	xl pci-attach g1 "$(slot "$VF0")" >>"$TMP/xl" 2>&1
	in_guest g1 wait_for 10 vf_is_here || fail "g1 has no VF"
}

cycles() {
	cycle=0
	while [ $cycle -lt "$CYCLES" ]; do
		cycle=$((cycle + 1))
		one_cycle || { note "in cycle $cycle"; return 1; }
		# The first few make what later ones use again.
		[ $cycle != 3 ] || { memory_before=$(memory); usage_before=$(usage); }
	done
}

plugged_and_unplugged() {
	: >"$TMP/xl"
	ready g1 || return 1
	cycle_start=$(now)
	undisturbed cycles
	cycles_result=$?
	note "$cycle cycles, $((($(now) - cycle_start) / (cycle ? cycle : 1))) ms each"
	sort "$TMP/xl" | uniq -c | sed 's/^/# xl: /' | head -n 5
	! grep -q "not ready" "$TMP/xl" || fail "xl: Backend not ready" || return 1
	return $cycles_result
}

nothing_leaks() {
	[ "${cycle:-0}" = "$CYCLES" ] && [ "$CYCLES" -gt 3 ] || fail "there were not enough cycles" || return 1
	used=$(($(memory) - memory_before))
	note "dom0's kernel uses $used kB more after $((CYCLES - 3)) cycles;" \
		"nodes, interrupts, devices: $usage_before, then $(usage)"
	expect "nodes of the backend, lines of /proc/interrupts, devices" "$(usage)" "$usage_before" || return 1
	[ $used -lt $((KB_NOISE + CYCLES * KB_PER_CYCLE)) ] || fail "dom0's memory gets less"
}

works_after_cycles() {
	in_guest g1 vf_up "$(address_of g1)" || return 1
	xl pci-list g1 | grep -q "$VF0" || fail "xl does not list the VF"
}

unbound() {
	[ -z "$(driver_of "$VF0")" ]
}

take_away() {
	echo "$VF0" >"$PCIBACK/unbind" &
	wait_for 30 unbound || fail "$VF0 is still bound to $(driver_of "$VF0")" || return 1
	in_guest g1 true || fail "g1 does not survive" || return 1
}

# The guest loses its VF without a word to it, and dom0 may use it.
backend_is_unbound() {
	ready g1 || return 1
	undisturbed take_away
}

usable_after_unbinding() {
	destroy g1
	release "$VF0"
	back_in_dom0 "$VF0" 0 || return 1
	ready g1
}

# back_in_dom0 VF N: unbind it from pciback, have igbvf ping through it
back_in_dom0() {
	xl pci-assignable-remove "$(slot "$1")" >"$TMP/remove" 2>&1
	! listed "$1" || fail "$1 is still assignable: $(cat "$TMP/remove")" || return 1
	[ "$(driver_of "$1")" = igbvf ] || bind igbvf "$1" >/dev/null
	wait_for 10 netdev "$1" || fail "$1 has no interface, its driver: $(driver_of "$1")" || return 1
	into_netns "vf$2" "$(netdev "$1")" "10.0.2.11$2" || return 1
	wait_for $LIMIT answers "vf$2" || fail "no answer through $1 in dom0"
}

vf_of_a_destroyed_guest_works_in_dom0() {
	ready g1 && in_guest g1 vf_traffic || return 1
	destroy g1
	back_in_dom0 "$VF0" 0
}

# Identical VFs share what is known of them: neither may go with the other.
released_in_any_order() {
	destroy g1
	destroy g2
	for order in "$VF0 $VF1" "$VF1 $VF0"; do
		for vf in $order; do
			make_assignable "$vf" || return 1
		done
		for vf in $VF0 $VF1; do
			xl pci-assignable-remove "$(slot "$vf")" >/dev/null 2>&1
			! listed "$vf" || fail "$vf is still assignable" || return 1
		done
	done
	note "bound $VF0 $VF1, released $VF0 $VF1; then bound in the other order"
	back_in_dom0 "$VF1" 1 && back_in_dom0 "$VF0" 0 || return 1
	ready g2 && ready g1
}

xen_begin
ktap_run "
	machine_is_ready
	plugged_and_unplugged
	nothing_leaks
	works_after_cycles
	guest_reboots
	crashed_guest_is_started_anew
	crashed_guest_is_destroyed
	destroyed_during_traffic
	vf_of_a_destroyed_guest_works_in_dom0
	backend_is_unbound
	usable_after_unbinding
	released_in_any_order
"
