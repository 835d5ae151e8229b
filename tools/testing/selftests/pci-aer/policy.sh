#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The files of containment/ and what each policy does, on a VF of igb with traffic.
#
# usage: policy.sh [PF]
set -u
cd "$(dirname "$0")" || exit 1
. ../lib/ktap.sh
. ../lib/pci.sh
. ../pci-iov/iov.sh
. ./aerlib.sh
. ./igblib.sh

COMPLETER_ABORT=0x8000

# Here the budget is what is tested.
unlimited() {
	:
}

aer_begin
if [ $BULKHEAD = 0 ]; then
	echo "1..0 # SKIP this kernel has no containment in sysfs"
	exit 0
fi
igb_begin "${1:-}"
UEVENTS=
trap 'kill $UEVENTS 2>/dev/null; igb_end' EXIT

# file NAME: of VF 0
file() {
	cat "$PCI/$VF0/containment/$1"
}

# set_file NAME TEXT: prints OK or the errno's name
set_file() {
	put "$VF0" "containment/$1" "$2"
}

set_policy() {
	expect "writing policy $1" "$(set_file policy $1)" OK && expect policy "$(file policy)" $1
}

is_state() {
	[ "$(file state)" = "$1" ]
}

# has_counted KEY N: of VF 0
has_counted() {
	[ "$(contained "$VF0" "$1")" -ge "$2" ]
}

is_left() {
	[ "$(file budget_left)" = "$1" ]
}

bus_master() {
	echo $((0x$(setpci -s "$VF0" COMMAND) >> 2 & 1))
}

# Each test starts from VFs that are new, with counts, and a budget, that are, too.
before_each() {
	igb_new_vfs >"$TMP/up" || igb_up
}

matches() {
	file_value=$(cat "$PCI/$1/containment/$2") || return 1
	echo "$file_value" | grep -Eqx "$3" || fail "$1/containment/$2 reads '$file_value'"
}

files_of_every_function() {
	for dir in "$PCI"/*; do
		dev=$(basename "$dir")
		[ -e "$dir/containment/policy" ] || continue
		matches $dev policy 'report|reset|quarantine' &&
		matches $dev state 'normal|recovering|quarantined|failed' &&
		matches $dev budget '[0-9]+' &&
		matches $dev budget_window '[0-9]+' &&
		matches $dev budget_left '[0-9]+|unlimited' &&
		matches $dev storm_threshold '[0-9]+' &&
		matches $dev storm_masked '(0x)?[0-9a-f]+' &&
		matches $dev owner 'none|host [^ ]+|[^ ]+.*' || return 1
		[ -e "$dir/containment/release" ] || fail "$dev has no release" || return 1
		keys=$(cut -d ' ' -f 1 "$dir/containment/errors" | tr '\n' ' ')
		for key in correctable nonfatal fatal contained resets resets_failed quarantines storms lost; do
			case " $keys" in
			*" $key "*) ;;
			*) fail "$dev/containment/errors has no $key: $keys"; return 1 ;;
			esac
		done
	done
	matches "$VF0" owner 'host igbvf' && matches "$PF" owner 'host igb'
}

bad_values_are_refused() {
	for pair in policy:never policy: policy:Report policy:report,reset budget:-1 budget:abc budget:1x \
		    budget:99999999999 budget_window:-1 budget_window:x storm_threshold:-5 storm_threshold:many \
		    storm_threshold:99999999999 release:0 release:2 release:yes; do
		name=${pair%%:*} text=${pair#*:}
		was=none
		[ $name = release ] || was=$(file $name)
		# An empty write never reaches the attribute: send a line without a word.
		[ -n "$text" ] || text='
'
		expect "$name='$text'" "$(set_file $name "$text")" EINVAL ERANGE || return 1
		[ $name = release ] || expect "$name after '$text'" "$(file $name)" "$was" || return 1
	done
	for name in state budget_left storm_masked owner errors; do
		expect "writing $name" "$(set_file $name 1)" EACCES || return 1
	done
	expect state "$(file state)" normal
}

good_values_are_kept() {
	for pair in policy:report policy:quarantine policy:reset budget:17 budget:0 budget_window:60 \
		    storm_threshold:0 storm_threshold:100; do
		expect "${pair%%:*}=${pair#*:}" "$(set_file ${pair%%:*} ${pair#*:})" OK &&
		expect "${pair%%:*}" "$(file ${pair%%:*})" "${pair#*:}" || return 1
	done
}

report_resets_nothing() {
	set_policy report || return 1
	igb_start=$(now)
	meters_start pf vf0 vf1
	wait_for 5 back vf0 "$igb_start"
	before=$(contained "$VF0" resets)
	for round in 1 2 3; do
		inject "$VF0" $COMPLETER_ABORT || return 1
		wait_for 5 has_counted nonfatal $round
	done
	sleep 1
	meters_stop
	table_of_losses pf vf0 vf1
	expect "errors counted" "$(contained "$VF0" nonfatal)" 3 &&
	expect resets "$(contained "$VF0" resets)" "$before" &&
	expect state "$(file state)" normal &&
	expect "pings lost" "$(lost pf) $(lost vf0) $(lost vf1)" "0 0 0"
}

quarantine_and_release() {
	set_policy quarantine || return 1
	igb_start=$(now)
	meters_start pf vf1
	wait_for 5 back vf1 "$igb_start"
	inject "$VF0" $COMPLETER_ABORT || return 1
	wait_for 5 is_state quarantined || fail "state is $(file state)" || return 1
	expect "bus mastering" "$(bus_master)" 0 || return 1
	! answers vf0 >/dev/null 2>&1 || fail "vf0 still answers" || return 1
	expect quarantines "$(contained "$VF0" quarantines)" 1 || return 1
	set_policy reset && expect release "$(set_file release 1)" OK &&
	{ wait_for 5 is_state normal || fail "state is $(file state)"; } || return 1
	expect "bus mastering" "$(bus_master)" 1 || return 1
	wait_for 10 answers vf0 || fail "vf0 gives no answer after its release" || return 1
	meters_stop
	table_of_losses pf vf1
	expect "pings that the others lost" "$(lost pf) $(lost vf1)" "0 0"
}

says_quarantined() {
	grep -F "/$VF0 " "$TMP/uevents" | grep ACTION=change | grep -qi =quarantined
}

# Five are allowed, the sixth is one too many.
sixth_error_quarantines() {
	budget=$DEFAULT_BUDGET
	note "budget $budget in $(file budget_window) s"
	expect "the default budget" "$budget" 5 || return 1
	expect "setting it" "$(set_file budget $budget)" OK || return 1
	expect "budget left" "$(file budget_left)" $budget || return 1
	aertool uevents 1200 >"$TMP/uevents" &
	UEVENTS=$!
	wait_for 5 grep -q listening "$TMP/uevents"
	round=0
	while [ $round -lt $budget ]; do
		round=$((round + 1))
		inject "$VF0" $COMPLETER_ABORT || return 1
		wait_for 10 has_counted resets $round
		wait_for 10 is_state normal || fail "state is $(file state) after error $round" || return 1
		expect "budget left after error $round" "$(file budget_left)" $((budget - round)) || return 1
	done
	inject "$VF0" $COMPLETER_ABORT || return 1
	wait_for 5 is_state quarantined || fail "state is $(file state) after error $((round + 1))" || return 1
	expect "bus mastering" "$(bus_master)" 0 || return 1
	wait_for 5 says_quarantined
	kill $UEVENTS
	UEVENTS=
	grep -F "$VF0" "$TMP/uevents" | tail -n 3 | sed 's/^/# /'
	says_quarantined ||
		fail "no uevent of $VF0 says quarantined" || return 1
	expect release "$(set_file release 1)" OK || return 1
	wait_for 10 answers vf0 || fail "vf0 gives no answer after its release"
}

# A budget comes back with its window
budget_comes_back() {
	expect "setting it" "$(set_file budget 2)" OK && expect "the window" "$(set_file budget_window 3600)" OK || return 1
	inject "$VF0" $COMPLETER_ABORT || return 1
	wait_for 10 has_counted resets 1
	wait_for 10 is_state normal || return 1
	expect "budget left" "$(file budget_left)" 1 || return 1
	# it counts for a window that may be made shorter than it has lasted already
	expect "the window" "$(set_file budget_window 2)" OK || return 1
	wait_for 10 is_left 2 || fail "budget left after its window: $(file budget_left)"
}

# Of a function that nobody has set it for: igb's have none while they are tested.
DEFAULT_BUDGET=$(cat "$PCI"/0000:00:0?.0/containment/budget 2>/dev/null | head -n 1)
ktap_run "
	files_of_every_function
	bad_values_are_refused
	good_values_are_kept
	report_resets_nothing
	quarantine_and_release
	sixth_error_quarantines
	budget_comes_back
"
