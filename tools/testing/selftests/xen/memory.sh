#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A VF under traffic changes hands again and again, dom0, guest, dom0: what its last
# user told it to write must not land in anybody's memory.  Memory of dom0 and of a
# second guest is filled with a known pattern; it is compared word by word, in
# general registers, and dom0's is hashed as well.
#
# A check of vector registers comes first: Xen in QEMU may lose them (see
# tools/testing/lab/xen/boot), and then no hash tells anything about memory.
#
# usage: [HANDOVERS=N] [MB=N] memory.sh     (how often [10], how much in dom0 [64])
set -u
cd "$(dirname "$0")" || exit 1
. ./xenlib.sh

HANDOVERS=${HANDOVERS:-10}
MB=${MB:-64}
GUEST_MB=32
SEED=7
HOLD=8			# seconds
INTERVAL=50		# much traffic: what a VF writes late is what is looked for

machine_is_ready() {
	pf_has_two_vfs && vfs_are_assignable && ready g1 && ready g2 || return 1
	judge_pciback
}

# Two processes in dom0 and two in a guest, which need no VF: more of them than CPUs
vector_registers_stay() {
	create g1 || return 1
	for hold in 1001 1002; do
		in_guest g1 "regtool hold $HOLD $hold >/tmp/hold.$hold 2>&1 &" || return 1
	done
	regtool hold $HOLD 1 >"$TMP/hold.1" &
	hold_pid=$!
	regtool hold $HOLD 2 >"$TMP/hold.2"
	wait $hold_pid
	for hold in 1001 1002; do
		in_guest g1 "wait_for 20 grep -q rounds /tmp/hold.$hold; cat /tmp/hold.$hold" >"$TMP/hold.$hold"
	done
	hold_result=0
	for hold in 1 2 1001 1002; do
		note "seed $hold: $(cat "$TMP/hold.$hold")"
		grep -q ' lost=0 .*memory=0' "$TMP/hold.$hold" || hold_result=1
	done
	destroy g1
	[ $hold_result = 0 ] || fail "vector registers do not keep what is in them"
}

patterns() {
	regtool fill "$TMP/pattern" "$MB" $SEED || return 1
	HASH=$(sha256sum "$TMP/pattern")
	in_guest g2 pattern_put $GUEST_MB $((SEED + 1)) || return 1
	note "$MB MB of dom0, $GUEST_MB MB of g2: ${HASH%% *}"
	same_words before && same_hash before
}

# same_words WHEN: in general registers
same_words() {
	same_dom0=$(regtool check "$TMP/pattern" $SEED)
	same_g2=$(in_guest g2 pattern_stays $((SEED + 1)))
	[ "$same_dom0" = 0 ] || fail "$1: wrong words in dom0: $same_dom0" || return 1
	[ "$same_g2" = 0 ] || fail "$1: wrong words in g2: $same_g2"
}

# same_hash WHEN: in whatever registers the hash uses
same_hash() {
	same_sum=$(sha256sum "$TMP/pattern")
	[ "$same_sum" = "$HASH" ] ||
		fail "$1: another hash in dom0, of memory that is the same word by word: $same_sum"
}

# to_dom0 and to_guest: with pings that nobody stops before it goes
to_dom0() {
	in_guest g1 meters_start vf
	sleep 0.3
	xl pci-detach g1 "$(slot "$VF0")" >"$TMP/xl" 2>&1 || { fail "$(cat "$TMP/xl")"; return 1; }
	xl pci-assignable-remove "$(slot "$VF0")" >/dev/null 2>&1
	[ "$(driver_of "$VF0")" = igbvf ] || bind igbvf "$VF0" >/dev/null
	wait_for 10 netdev "$VF0" || fail "$VF0 has no interface in dom0" || return 1
	into_netns vf0 "$(netdev "$VF0")" 10.0.2.110 || return 1
	wait_for $LIMIT answers vf0 || fail "no answer through $VF0 in dom0"
}

to_guest() {
	in_guest g1 meters_stop
	# Not by in_netns: what would be killed then is a shell, and ping would stay.
	/bin/ip netns exec vf0 /bin/ping -q -i 0.02 $GATEWAY >/dev/null 2>&1 &
	to_guest_ping=$!
	sleep 0.3
	make_assignable "$VF0" && xl pci-attach g1 "$(slot "$VF0")" >"$TMP/xl" 2>&1
	to_guest_result=$?
	kill $to_guest_ping 2>/dev/null
	wait $to_guest_ping 2>/dev/null
	[ $to_guest_result = 0 ] || fail "g1 gets no VF: $(cat "$TMP/xl")" || return 1
	in_guest g1 wait_for 10 vf_is_here || fail "g1 has no VF" || return 1
	in_guest g1 vf_up "$(address_of g1)"
}

hands() {
	handover=0
	while [ $handover -lt "$HANDOVERS" ]; do
		handover=$((handover + 1))
		to_dom0 || return 1
		# Not only what was there all along: pages that were just freed and used again
		regtool fill "$TMP/fresh" 16 $handover
		to_guest || return 1
		regtool check "$TMP/fresh" $handover >"$TMP/fresh.result" ||
			fail "wrong words in fresh memory of dom0: $(cat "$TMP/fresh.result")" || return 1
		same_words "handover $handover" || return 1
	done
}

memory_stays_while_a_vf_changes_hands() {
	hands_start=$(now)
	traffic g2 || return 1
	hands
	hands_result=$?
	# Shown, not judged: what is lost while all CPUs compare memory is no news.
	losses g2
	note "$handover handovers there and back, $((($(now) - hands_start) / (handover ? handover : 1))) ms each"
	[ $hands_result = 0 ] && same_hash "after $handover handovers"
}

xen_begin
ktap_run "
	vector_registers_stay
	machine_is_ready
	patterns
	memory_stays_while_a_vf_changes_hands
"
