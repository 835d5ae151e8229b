#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The trace event ras:aer_event, by which programs learn of errors: rasdaemon, where
# the initramfs has it, and the event itself in tracefs.
#
# usage: client.sh        (in a machine booted with --errors)
set -u
cd "$(dirname "$0")" || exit 1
. ../lib/ktap.sh
. ../lib/pci.sh
. ../pci-iov/iov.sh
. ./aerlib.sh
. ./virtiolib.sh

virtio_begin
TRACING=/sys/kernel/debug/tracing
DAEMON=
trap 'kill $DAEMON 2>/dev/null; virtio_end' EXIT

trace_event() {
	[ -e $TRACING/events/ras/aer_event ] || fail "no event ras:aer_event" || return 1
	echo >$TRACING/trace
	echo 1 >$TRACING/events/ras/aer_event/enable
	hmp "pcie_aer_inject_error vn1 COMP_ABORT" "pcie_aer_inject_error vn1 BAD_TLP" >"$TMP/hmp" || return 1
	wait_for 5 grep -q 'aer_event: .*Completer Abort' $TRACING/trace
	wait_for 5 grep -q 'aer_event: .*Bad TLP' $TRACING/trace
	echo 0 >$TRACING/events/ras/aer_event/enable
	grep aer_event: $TRACING/trace | sed 's/.*aer_event: /# /'
	grep -q "aer_event: $VN1 .*severity=Uncorrected, non-fatal, .*Completer Abort" $TRACING/trace ||
		fail "no event for the Completer Abort of $VN1" || return 1
	grep -q "aer_event: $VN1 .*severity=Corrected, .*Bad TLP" $TRACING/trace ||
		fail "no event for the Bad TLP of $VN1"
}

another_is_printed() {
	grep -q 'aer_event.*Completer Abort' "$TMP/rasdaemon" && return
	hmp "pcie_aer_inject_error vn1 COMP_ABORT" >"$TMP/hmp"
	sleep 1
	grep -q 'aer_event.*Completer Abort' "$TMP/rasdaemon"
}

# It waits for half a buffer of events before it reads, as shipped in Debian 12.
# Its own instance, made before it starts, can be told not to.  As shipped in Debian 13 it
# waits for minutes, for events that this kernel lacks: see nowait.c.
rasdaemon_prints_it() {
	command -v rasdaemon >/dev/null || skip "no rasdaemon in the initramfs" || return
	mkdir -p $TRACING/instances/rasdaemon
	echo 0 >$TRACING/instances/rasdaemon/buffer_percent
	LD_PRELOAD=/lab/nowait.so rasdaemon -f >"$TMP/rasdaemon" 2>&1 &
	DAEMON=$!
	wait_for 10 grep -q 'Listening to events' "$TMP/rasdaemon" ||
		fail "rasdaemon does not listen: $(tail -n 3 "$TMP/rasdaemon")" || return 1
	# It says so before it can: what comes too soon is not printed.
	wait_for 10 another_is_printed
	kill $DAEMON
	wait $DAEMON
	DAEMON=
	grep 'aer_event.*Completer Abort' "$TMP/rasdaemon" | sed 's/^/# /'
	grep -q "aer_event.*$VN1.*Completer Abort" "$TMP/rasdaemon" && return
	sed 's/^/# /' "$TMP/rasdaemon"
	fail "rasdaemon does not print the error of $VN1"
}

ktap_run "
	trace_event
	rasdaemon_prints_it
"
