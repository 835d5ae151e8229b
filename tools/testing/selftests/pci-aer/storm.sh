#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A storm of correctable errors, as fast as /dev/aer_inject takes them, on a VF of
# igb.  The machine must stay usable, the log readable, and another device's error
# must not be overlooked.
#
# usage: storm.sh [PF]        (in a machine booted with --errors)
# environment: SECONDS_OF_STORM  [5]
set -u
cd "$(dirname "$0")" || exit 1
. ../lib/ktap.sh
. ../lib/pci.sh
. ../pci-iov/iov.sh
. ./aerlib.sh
. ./igblib.sh
. ./virtiolib.sh

SECONDS_OF_STORM=${SECONDS_OF_STORM:-5}
RECEIVER_ERROR=1

iov_begin "${1:-$(pf_of_driver igb)}"
virtio_begin
QUIET=/sys/module/printk/parameters/ignore_loglevel

# The lab's console prints all there is; a machine in use prints warnings.
storm_end() {
	dmesg -n 7
	echo Y >$QUIET
	kill ${STORM:-} 2>/dev/null
	echo 0 >"$PFDIR/sriov_numvfs"
	virtio_end
}
trap storm_end EXIT

field() {
	sed -n "s/.*$2=\([0-9]*\).*/\1/p" "$1"
}

autoprobe 0
set_numvfs 1 || exit 1
VF0=$(vf 0)
unlimited "$VF0"
echo N >$QUIET
dmesg -n 5

# The injector writes a line for each record, which is not the service's; nor is the
# one whose number is taken at the end.
before_counters=$(counters "$VF0")
aertool latency $SECONDS_OF_STORM >"$TMP/idle"
virtio_before=$(counter $VN1 nonfatal)
first=$(aertool sequence)
aertool storm "$VF0" $RECEIVER_ERROR $SECONDS_OF_STORM >"$TMP/storm" &
STORM=$!
sleep 1
aertool latency $((SECONDS_OF_STORM - 2)) >"$TMP/busy"
log_mark
hmp "pcie_aer_inject_error vn1 COMP_ABORT" >"$TMP/hmp" || cat "$TMP/hmp"
wait $STORM
STORM=
sleep 1
last=$(aertool sequence)
# The host of this machine may have become busy meanwhile: what counts is the slower
# of before and after.
aertool latency $((SECONDS_OF_STORM - 2)) >"$TMP/idle_after"
echo Y >$QUIET
lines=$((last - first - 1 - $(field "$TMP/storm" sent) - $(field "$TMP/storm" held)))

note "storm:            $(cat "$TMP/storm") in $SECONDS_OF_STORM s"
note "sh -c true, idle:  $(cat "$TMP/idle")"
note "sh -c true, storm: $(cat "$TMP/busy")"
note "sh -c true, after: $(cat "$TMP/idle_after")"
note "new lines in the log: $lines, the injector's own not counted"
note "counters of the VF: before $before_counters, after $(counters "$VF0")"
[ ! -e "$PCI/$VF0/containment/policy" ] ||
	note "storms $(contained "$VF0" storms), masked $(cat "$PCI/$VF0/containment/storm_masked")"

enough_of_a_storm() {
	[ "$(field "$TMP/storm" sent)" -ge 100 ] || fail "only $(field "$TMP/storm" sent) errors injected"
}

latency_at_most_doubled() {
	idle=$(field "$TMP/idle" median_us)
	after=$(field "$TMP/idle_after" median_us)
	[ "$after" -le "$idle" ] || idle=$after
	busy=$(field "$TMP/busy" median_us)
	# Something else may have begun on the host meanwhile: it does not begin each time.
	for latency_try in 1 2 3; do
		[ "$busy" -gt $((2 * idle)) ] || return 0
		note "median $busy us, idle $idle us: measuring again"
		latency_again
	done
	[ "$busy" -le $((2 * idle)) ] || fail "median $busy us, idle $idle us"
}

latency_again() {
	aertool latency 2 >"$TMP/idle"
	aertool storm "$VF0" $RECEIVER_ERROR 4 >"$TMP/again" &
	STORM=$!
	sleep 1
	aertool latency 2 >"$TMP/busy"
	wait $STORM
	STORM=
	idle=$(field "$TMP/idle" median_us)
	busy=$(field "$TMP/busy" median_us)
}

log_at_most_100_lines() {
	[ $lines -le 100 ] || fail "$lines lines"
}

other_device_is_found() {
	wait_for 5 virtio_counted || fail "the error of $VN1 was not counted"
}

virtio_counted() {
	[ "$(counter $VN1 nonfatal)" = $((virtio_before + 1)) ]
}

# Masked in the storm, armed again after it
rearmed_after_the_storm() {
	[ -e "$PCI/$VF0/containment/policy" ] || skip "no containment in this kernel" || return
	[ "$(contained "$VF0" storms)" -ge 1 ] || fail "no storm was noticed" || return 1
	wait_for 30 not_masked || fail "still masked: $(cat "$PCI/$VF0/containment/storm_masked")" || return 1
	before=$(counter "$VF0" correctable)
	inject "$VF0" 0 $RECEIVER_ERROR || return 1
	wait_for 5 counted_more_than "$before" || fail "an error after the storm is not counted"
}

counted_more_than() {
	[ "$(counter "$VF0" correctable)" -gt "$1" ]
}

not_masked() {
	[ $(($(sed 's/^\(0x\)*/0x/' "$PCI/$VF0/containment/storm_masked"))) = 0 ]
}

ktap_run "
	enough_of_a_storm
	mostly latency_at_most_doubled
	mostly log_at_most_100_lines
	mostly other_device_is_found
	rearmed_after_the_storm
"
