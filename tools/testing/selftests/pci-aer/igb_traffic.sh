#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# What an error of one function costs the others.  QEMU's igb: the PF and two VFs
# ping at once, each from a network namespace of its own; then VF 0 reports an
# uncorrectable error of its own.  The PF and VF 1 must not lose a single ping, nor be
# away for as long as a driver takes to start three times, and VF 0 must answer again
# before it could have started five times.  How long that is, is measured just before.
#
# usage: igb_traffic.sh [PF]
#        igb_traffic.sh [PF] rounds N [BIT]   the same error N times in a row,
#                                             then one table  [0x8000]
# environment: ROUNDS  rounds of the test "rounds"  [20]
set -u
cd "$(dirname "$0")" || exit 1
. ../lib/ktap.sh
. ../lib/pci.sh
. ../pci-iov/iov.sh
. ./aerlib.sh
. ./igblib.sh

PF=
case ${1:-} in
*:*) PF=$1; shift ;;
esac
igb_begin "$PF"

# losses: after the meters were stopped
losses() {
	losses_result=0
	table_of_losses pf vf0 vf1
	for losses_ns in pf vf1; do
		[ "$(lost $losses_ns)" = 0 ] ||
			fail "$losses_ns lost $(lost $losses_ns) pings by an error of vf0" ||
			losses_result=1
		# A service that stands still for so long was noticed.
		[ "$(longest_gap $losses_ns)" -lt $((3 * UNIT)) ] ||
			fail "$losses_ns was away for $(longest_gap $losses_ns) ms" ||
			losses_result=1
	done
	losses_gap=$(longest_gap vf0)
	[ "$losses_gap" -lt $((5 * UNIT)) ] || fail "vf0 was away for $losses_gap ms" || losses_result=1
	return $losses_result
}

# one_error BIT
one_error() {
	igb_unit || return 1
	igb_traffic || return 1
	igb_error "$1"
	one_result=$?
	meters_stop
	losses && return $one_result
}

nonfatal() {
	igb_well || igb_revive || return 1
	for vf in "$PF" "$VF0" "$VF1"; do nonfatal_errors "$vf" "$1"; done
	one_error "$1"
}

fatal() {
	igb_well || igb_revive || return 1
	for vf in "$PF" "$VF0" "$VF1"; do fatal_errors "$vf" "$1"; done
	expect "severity of $1 in VF 0" $((0x0$(setpci -s "$VF0" ECAP_AER+c.l) & $1)) $(($1)) || return 1
	one_error "$1"
	fatal_result=$?
	for vf in "$PF" "$VF0" "$VF1"; do nonfatal_errors "$vf" "$1"; done
	return $fatal_result
}

completer_abort() { nonfatal 0x8000; }
poisoned() { nonfatal 0x1000; }
completion_timeout() { nonfatal 0x4000; }
unexpected_completion() { nonfatal 0x10000; }
unsupported_request() { nonfatal 0x100000; }
acs_violation() { nonfatal 0x200000; }
completer_abort_fatal() { fatal 0x8000; }
poisoned_fatal() { fatal 0x1000; }
completion_timeout_fatal() { fatal 0x4000; }
unexpected_completion_fatal() { fatal 0x10000; }
unsupported_request_fatal() { fatal 0x100000; }
acs_violation_fatal() { fatal 0x200000; }

# rounds N BIT: stops at the first that fails, or takes too long for one that is good,
# as that takes on this machine
rounds() {
	igb_unit || return 1
	igb_traffic || return 1
	rounds_result=0
	round=0
	while [ $round -lt "$1" ] && [ $rounds_result = 0 ]; do
		round=$((round + 1))
		rounds_start=$(now)
		igb_error "$2" || rounds_result=1
		# ten pings of each have to follow it, half a second
		[ $(($(now) - rounds_start)) -lt $((6 * UNIT + 1500)) ] ||
			fail "round $round took $(($(now) - rounds_start)) ms" || rounds_result=1
		[ "$(grep -c ^R "$TMP/vf0")" -lt 60000 ] || break
	done
	meters_stop
	note "$round of $1 rounds, error $2 on vf0"
	losses && return $rounds_result
}

rounds_in_a_row() {
	rounds "${ROUNDS:-20}" 0x8000
}

if [ "${1:-}" = rounds ]; then
	rounds "$2" "${3:-0x8000}"
	exit
fi

ktap_run "
	ours completer_abort
	ours poisoned
	ours completion_timeout
	ours unexpected_completion
	ours unsupported_request
	ours acs_violation
	ours rounds_in_a_row
	ours completer_abort_fatal
	ours poisoned_fatal
	ours completion_timeout_fatal
	ours unexpected_completion_fatal
	ours unsupported_request_fatal
	ours acs_violation_fatal
"
