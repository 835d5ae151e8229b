#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Two PV guests of Xen, each with a VF of igb, made by xl and driven by pcifront and
# igbvf.  All of them and dom0's PF ping; then the VF of guest 1 reports an error, is
# detached and attached, and comes back when its guest is destroyed, while guest 2
# and the PF must not lose a ping.
#
# usage: guests.sh
set -u
cd "$(dirname "$0")" || exit 1
. ./xenlib.sh

dom0_is_up() {
	grep -q control_d /proc/xen/capabilities || fail "this is not dom0" || return 1
	xl info >"$TMP/info" || return 1
	grep -E '^(release|xen_version|virt_caps|free_memory)' "$TMP/info" | sed 's/^/# /'
	expect "domains" "$(xl list | awk 'NR > 1 { print $1 }')" Domain-0
}

guests_have_a_vf_each() {
	for guest in g1 g2; do
		create "$guest" "$(vf_of "$guest")" || return 1
	done
	for guest in g1 g2; do
		in_guest "$guest" vf_up "$(address_of "$guest")" || return 1
		note "$guest: $(in_guest "$guest" vf_summary)"
	done
}

guests_ping() {
	for guest in g1 g2; do
		note "$guest: $(in_guest "$guest" in_netns vf /bin/ping -c 3 -i 0.2 -W 5 $GATEWAY | grep received)"
		well "$guest" || fail "$guest gets no answer" || return 1
	done
}

pci_list() {
	for guest in g1 g2; do
		xl pci-list "$guest" >"$TMP/list" || return 1
		note "$guest: $(tail -n 1 "$TMP/list")"
		grep -q "$(vf_of "$guest")" "$TMP/list" || fail "$guest has no $(vf_of "$guest")" || return 1
	done
}

# containment_table: of both VFs
containment_table() {
	printf '# %-8s %-13s %-12s %-18s %s\n' function address state owner "errors that are not 0"
	for guest in g1 g2; do
		vf=$(vf_of "$guest")
		printf '# %-8s %-13s %-12s %-18s %s\n' "$guest" "$vf" "$(containment "$vf" state)" \
			"$(containment "$vf" owner)" \
			"$(containment "$vf" errors | grep -v ' 0$' | tr '\n' ' ')"
	done
}

error_concerns_one_guest() {
	ready g1 && ready g2 || return 1
	traffic g1 g2 || return 1
	log_mark
	counted=$(counter "$VF0" nonfatal)
	inject "$VF0" $COMPLETER_ABORT || return 1
	sleep 1
	in_guest g1 wait_for $LIMIT answers vf >/dev/null || note "g1 gets no answer after $LIMIT s"
	# Where everything is reset the others may be on their way down by now.
	sleep 3
	losses g1 g2
	containment_table
	log_since | grep -E 'AER|pciback|igb|recovery' | sed 's/^/# /'
	expect "errors counted of g1's VF" $(($(counter "$VF0" nonfatal) - counted)) 1 &&
	expect "errors counted of g2's VF" "$(counter "$VF1" nonfatal)" 0 || return 1
	nothing_lost pf g2
}

failed_guest_works_again() {
	well g1 && return 0
	note "what dom0 knows: state $(containment "$VF0" state), COMMAND $(setpci -s "$VF0" COMMAND)"
	xenstore-ls "/local/domain/0/backend/pci/$(domid g1)" | sed 's/^/# /'
	note "what the guest knows:"
	in_guest g1 vf_state | sed 's/^/# /'
	fail "g1's VF does not work after its error"
}

other_guest_works() {
	well g2 || fail "g2 gets no answer" || return 1
	pf_up
}

there_and_back() {
	detach && attach_and_use
}

# A guest's VF changes hands while its neighbour's works.
detach_and_attach() {
	ready g1 && undisturbed there_and_back
}

# unchanged WHO TIMES DIFFERENT
unchanged() {
	note "$1: $2 hashes of the same memory, different results: $3"
	expect "different hashes in $1" "$3" 1
}

# What its last user told a VF to write must not land in anybody's memory.
memory_stays_the_same() {
	ready g1 && ready g2 || return 1
	in_guest g1 vf_traffic && in_guest g2 hashes_start || return 1
	hashes_start
	there_and_back
	memory_result=$?
	unchanged dom0 $(hashes_stop) && unchanged g2 $(in_guest g2 hashes_stop) &&
	return $memory_result
}

vf_of_a_destroyed_guest_comes_back() {
	ready g1 && undisturbed vf_comes_back
}

xen_begin
ktap_run "
	dom0_is_up
	pf_has_two_vfs
	vfs_are_assignable
	guests_have_a_vf_each
	guests_ping
	pci_list
	ours error_concerns_one_guest
	failed_guest_works_again
	other_guest_works
	detach_and_attach
	memory_stays_the_same
	vf_of_a_destroyed_guest_comes_back
"
