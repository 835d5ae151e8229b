#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The script that people run on machines of theirs, on a PF of igb or nvme: it passes,
# leaves the PF as it was, says no name or number of the machine, and refuses a PF that
# somebody uses.
#
# usage: hwtest.sh [PF]
set -u
cd "$(dirname "$0")" || exit 1
. ../lib/ktap.sh
. ../lib/pci.sh
. ./iov.sh

iov_begin "${1:-$(pf_of_driver igb)}"
TMP=$(mktemp -d)
FEW=$((TOTAL < 4 ? TOTAL : 4))
RUN=
run=/hw/hwtest

cleanup() {
	[ -z "$RUN" ] || kill "$RUN" 2>/dev/null
	echo 0 >"$PFDIR/sriov_numvfs" 2>/dev/null
	autoprobe 1
	rm -rf "$TMP"
}
trap cleanup EXIT

# hwtest CODE WORDS ARGUMENT...: the exit status, and words that are in what it prints
hwtest() {
	hwtest_code=$1 hwtest_words=$2 hwtest_got=0
	shift 2
	rm -f "$TMP/report"
	$run -o "$TMP/report" "$@" >"$TMP/said" 2>&1 || hwtest_got=$?
	grep -qF -- "$hwtest_words" "$TMP/said" && [ $hwtest_got = "$hwtest_code" ] && return 0
	sed 's/^/# /' "$TMP/said" "$TMP/report"
	fail "hwtest $*: status $hwtest_got, wanted $hwtest_code and '$hwtest_words'"
}

# refuses WORDS ARGUMENT...: in one line, and nothing was done
refuses() {
	hwtest 2 "$@" || return 1
	expect "lines of a refusal" "$(wc -l <"$TMP/said")" 1 &&
	expect "a report of nothing" "$(cat "$TMP/report" 2>/dev/null)" ''
}

reported() {
	grep -q -- "$1" "$TMP/report" && return 0
	sed 's/^/# /' "$TMP/report"
	fail "the report has no line '$1'"
}

it_passes_and_leaves_the_pf_as_it_was() {
	snapshot "$TMP/before"
	for probe in 1 0; do
		autoprobe $probe
		hwtest 0 "fail=0" -n $FEW "$PF" || return 1
		expect "autoprobe" "$(attr "$PF" sriov_drivers_autoprobe)" $probe || return 1
	done
	autoprobe 1
	expect "driver" "$(driver_of "$PF")" "$DRIVER" &&
	expect "VFs" "$(numvfs)" 0 && no_leftovers "$TMP/before" || return 1
	for line in "^PF       .*class" "^driver   $DRIVER" "^ok .* one_vf_comes_and_goes" \
		    "^ok .* several_vfs_answer" "^# $FEW VFs after"; do
		reported "$line" || return 1
	done
	# The register's; the driver may want no more than some of them, as that of igb does.
	reported_total=$(sed -n 's/.*total-vfs  *\([0-9a-f]*\).*/\1/p' "$TMP/report")
	[ $((0x${reported_total:-0})) -ge "$TOTAL" ] ||
		fail "the report says '$reported_total' of TotalVFs, the PF can have $TOTAL"
}

reading_changes_nothing() {
	autoprobe 0
	hwtest 0 "skip=0" -r "$PF" && reported "^PF .*class" || return 1
	autoprobe 1
	! grep -q one_vf "$TMP/report" || fail "VFs were enabled"
}

# hwtest_reads COMMANDS CODE WORDS ARGUMENT...: hwtest, in a copy whose dmesg runs these
# commands, and with a list of alarms in which a duck is one: those who look for alarms
# on the console of these tests know no ducks
hwtest_reads() {
	rm -rf "$TMP/copy"
	mkdir -p "$TMP/copy/selftests/lib"
	cp -r /hw "$TMP/copy/"
	echo "alarms='a duck'; dmesg() { $1; }" >"$TMP/copy/selftests/lib/alarms.sh"
	shift
	run=$TMP/copy/hw/hwtest
	hwtest "$@" && copy_status=0 || copy_status=1
	run=/hw/hwtest
	return $copy_status
}

# Every number that the machine has is looked for, and what the log says of the PF.
the_report_names_nobody() {
	old=$(uname -n)
	hostname cellar-7.example.org
	hwtest_reads "echo '$DRIVER $PF: 52:54:00:12:34:56 of cellar-7 has serial number: QX77' >/dev/kmsg; command dmesg" \
		0 "fail=0" -n 1 "$PF" && status=0 || status=1
	{
		echo 52:54:00
		echo cellar
		echo QX77
		cat "$PFDIR"/net/*/address "$PFDIR"/nvme/*/serial /sys/class/dmi/id/product_uuid
	} 2>/dev/null | sed 's/ *$//' | grep . >"$TMP/secrets"
	hostname "$old"
	[ $status = 0 ] && reported "MAC of HOST has serial number: [.]" || return 1
	! grep -iFf "$TMP/secrets" "$TMP/report" || fail "the report has a name or a number" || return 1
	! grep -E '([0-9a-f]{2}:){5}' "$TMP/report" || fail "the report has a MAC address"
}

an_alarm_in_the_log_fails_it() {
	hwtest_reads "echo 'there was a duck' >/dev/kmsg; command dmesg" \
		1 "not ok 6 nothing_alarming_was_logged" -n 1 "$PF" && reported "was a duck"
}

# Without the mark of its beginning nobody knows what is missing.
a_log_that_is_not_whole_fails_it() {
	hwtest_reads "command dmesg | grep -v hwtest" \
		1 "not ok 6 nothing_alarming_was_logged" -n 1 "$PF" && reported "does not go back"
}

errors_only_when_asked_for() {
	[ "$BULKHEAD" = 1 ] || skip "a stock kernel contains nothing" || return
	hwtest 0 "fail=0" -n 2 "$PF" || return 1
	! grep -q an_error "$TMP/report" || fail "it injected an error unasked" || return 1
	hwtest 0 "an_error_stays_with_its_vf" -e -n 2 "$PF" || return 1
	note "$(grep an_error "$TMP/said")"
	[ "$DRIVER" != igb ] || reported "^# .* nonfatal 1 contained 1 resets 1"
}

bad_input_is_refused() {
	refuses "not an address" cellar &&
	refuses "no device ffff:ff:1f.7" ffff:ff:1f.7 &&
	refuses "no SR-IOV" 00:00.0 &&
	refuses "PF=ADDRESS" &&
	refuses "not a number" -n 0 "$PF" &&
	refuses "not a number" -n many "$PF" &&
	refuses "usage" -x "$PF" &&
	refuses "one address, not 2" "$PF" "$PF" &&
	refuses "cannot be written" -o /nowhere/report "$PF"
}

a_pf_in_use_is_refused() {
	autoprobe 0
	set_numvfs 1 || return 1
	refuses "has 1 VFs" "$PF" || return 1
	expect "VFs" "$(numvfs)" 1 && refuses "is a VF of $PF" "$(vf 0)" && set_numvfs 0 || return 1
	autoprobe 1
	[ -e $DRIVERS/pci-stub ] || return 0
	unbind "$PF"
	refuses "has no driver" "$PF" || status=1
	echo pci-stub >"$PFDIR/driver_override"
	bind pci-stub "$PF" >"$TMP/bind"
	refuses "belongs to a guest" "$PF" && status=0 || status=1
	unbind "$PF"
	echo >"$PFDIR/driver_override"
	expect "bind of $PF" "$(bind "$DRIVER" "$PF")" OK && return $status
}

# Of disks and of more interfaces: tools/testing/scripts/hwtest.sh
the_default_route_is_refused() {
	dev=$(netdev "$PF")
	[ -n "$dev" ] || skip "no interface on $PF" || return
	ip link set "$dev" up && ip addr add 10.0.2.99/24 dev "$dev" &&
	ip route add default via 10.0.2.2 || fail "no default route" || return 1
	refuses "default route, by $dev" "$PF" && status=0 || status=1
	hwtest 0 "fail=0" -f -n 1 "$PF" || status=1
	ip route del default
	ip addr flush dev "$dev"
	return $status
}

vfs_are_there() {
	[ "$(numvfs)" != 0 ]
}

an_interrupted_run_leaves_nothing() {
	snapshot "$TMP/before"
	sh /hw/hwtest -o "$TMP/report" -n $FEW "$PF" >"$TMP/said" 2>&1 &
	RUN=$!
	wait_for 60 vfs_are_there || fail "no VFs came" || return 1
	kill -TERM $RUN
	wait $RUN
	expect "exit status" $? 143 || return 1
	RUN=
	expect "autoprobe" "$(attr "$PF" sriov_drivers_autoprobe)" 1 &&
	expect "VFs" "$(numvfs)" 0 && no_leftovers "$TMP/before"
}

autoprobe 1
ktap_run "
	it_passes_and_leaves_the_pf_as_it_was
	reading_changes_nothing
	the_report_names_nobody
	an_alarm_in_the_log_fails_it
	a_log_that_is_not_whole_fails_it
	errors_only_when_asked_for
	bad_input_is_refused
	a_pf_in_use_is_refused
	the_default_route_is_refused
	an_interrupted_run_leaves_nothing
"
