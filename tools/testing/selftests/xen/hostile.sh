#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A guest that attacks the backend of its VF: see tools/testing/xen-hostile.  During
# each attack dom0 has to answer, its PF and the VF of a second guest must not lose a
# ping and their configuration must not change, the log must not be flooded; after
# all of them the VF works in an ordinary guest.  Where dom0 is a PVH domain there is no
# second guest, and the VF goes back to dom0's driver.
#
# usage: [OPS=N] [COUNT=N] [SEED=N] hostile.sh
#   OPS     operations with random arguments                                  [2000]
#   COUNT   operations of each attack, instead of as many as take a few seconds
set -u
cd "$(dirname "$0")" || exit 1
. ./xenlib.sh

SEED=${SEED:-1}
OPS=${OPS:-2000}
INTERVAL=100
BAD_TLP=0x40
LOG_LINES=100		# that an attack may add to dom0's log,
LOG_LINES_A_MINUTE=20	# and if it goes on for minutes
SLOWER=20		# times as long as when nothing happens dom0's shell may take to
			# start a program
IDLE=''			# how long that is in this machine today, in microseconds

# The guests that must not notice.  That of a PVH dom0 could not use its VF at all.
OTHERS=g2
! dom0_is_pvh || OTHERS=''

others_are_ready() {
	[ -z "$OTHERS" ] || ready "$OTHERS"
}

# address DEVICE REGISTER: its offset, in decimal
address() {
	echo $((0x$(setpci -v -s "$1" "$2" 2>/dev/null | sed 's/.*@\([0-9a-f]*\) = .*/\1/')))
}

# config DEVICE: its configuration space, a byte a line, without what changes by
# itself: registers of status, where an error or an event of anybody may leave a
# mark, and the AER log of the last error.
config() {
	config_exp=$(address "$1" CAP_EXP.w)
	config_aer=$(address "$1" ECAP_AER.l)
	od -An -v -tx1 -w1 "$PCI/$1/config" | awk -v exp_at="$config_exp" -v aer="$config_aer" '
		function within(from, to) { return at >= from && at <= to }
		{ at = NR - 1 }
		within(6, 7) { next }
		exp_at && (within(exp_at + 10, exp_at + 11) || within(exp_at + 18, exp_at + 19)) { next }
		aer && (within(aer + 4, aer + 7) || within(aer + 16, aer + 19) ||
			within(aer + 24, aer + 43)) { next }
		{ printf "%03x %s\n", at, $1 }'
}

# remember: what no attack may change
remember() {
	config "$PF" >"$TMP/config.pf"
	config "$VF1" >"$TMP/config.g2"
	enables >"$TMP/enables"
}

# enables: error reporting, of both functions.  QEMU's igb has these bits fixed at 0,
# so that only hardware can fail this.
enables() {
	for enables_dev in "$PF" "$VF0"; do
		echo "$enables_dev $(setpci -s "$enables_dev" CAP_EXP+8.b | sed 's/^.//')"
	done
}

same() {
	diff "$1" "$2" >"$TMP/diff" && return 0
	sed 's/^/# /' "$TMP/diff" | head -n 20
	fail "$3 changed"
}

# unharmed: compare with what was remembered
unharmed() {
	config "$PF" >"$TMP/now.pf"
	config "$VF1" >"$TMP/now.g2"
	enables >"$TMP/now.enables"
	same "$TMP/config.pf" "$TMP/now.pf" "the configuration of the PF" &&
	same "$TMP/config.g2" "$TMP/now.g2" "the configuration of g2's VF" &&
	same "$TMP/enables" "$TMP/now.enables" "error reporting"
}

# the_log: nothing alarming, and not too much
the_log() {
	lines=$(log_lines) && log_since >"$TMP/log" ||
		fail "dom0's log is lost, or cannot be read" || return 1
	# those of the tests themselves
	lines=$((lines - $(grep -c 'lab: [^0-9]' "$TMP/log")))
	note "dom0's log: $lines lines"
	sed 's/^\[[^]]*\] //' "$TMP/log" | grep -v 'lab: ' | sed 's/[0-9a-fx]*[0-9][0-9a-fx]*/N/g' |
		sort | uniq -c | sort -rn | head -n 4 | sed 's/^/# /'
	if grep -E "$alarms" "$TMP/log" >"$TMP/alarm"; then
		head -n 3 "$TMP/alarm" | sed 's/^/# /'
		fail "alarm in dom0's log"
		return 1
	fi
	lines_allowed=$((LOG_LINES + $(reported ms) * LOG_LINES_A_MINUTE / 60000))
	[ "$lines" -le $lines_allowed ] ||
		fail "an attack adds $lines lines to dom0's log, more than $lines_allowed"
}

# start_of_a_program: its median, in microseconds
start_of_a_program() {
	latency=$(aertool latency 2)
	note "dom0 starts a program: times, median and longest in us: $latency" >&2
	latency=${latency#*median_us=}
	echo "${latency%% *}"
}

dom0_answers() {
	busy=$(start_of_a_program)
	[ "${busy:-0}" -gt 0 ] || fail "dom0 started no program" || return 1
	[ "$busy" -le $((IDLE * SLOWER)) ] ||
		fail "dom0 hardly answers: $busy us, $IDLE us when nothing happens"
}

# attack_ends SECONDS
attack_ends() {
	attack_left=$1
	while [ "$attack_left" -gt 0 ]; do
		! in_guest g1 wait_for 10 attack_ended >/dev/null || return 0
		attack_left=$((attack_left - 10))
	done
	fail "the attack does not end"
}

# attack NAME COUNT: make it and judge what it did to others
attack() {
	hostile_guest && others_are_ready && traffic $OTHERS || return 1
	attack_count=${COUNT:-$2}
	[ -n "$IDLE" ] || IDLE=$(start_of_a_program)
	log_mark
	in_guest g1 attack "$1" "$attack_count" "$SEED" || return 1
	dom0_answers
	attack_result=$?
	attack_ends $((60 + attack_count / 50)) || attack_result=1
	in_guest g1 attack_report >"$TMP/report" || attack_result=1
	cp "$TMP/report" "$TMP/report.$1"
	note "$(cat "$TMP/report")"
	losses $OTHERS
	nothing_lost pf $OTHERS || attack_result=1
	the_log || attack_result=1
	unharmed || attack_result=1
	[ "$(reported "done")" -gt 0 ] || fail "nothing was attacked" || attack_result=1
	return $attack_result
}

# reported NAME: a number of the last attack's report
reported() {
	tr ' ' '\n' <"$TMP/report" | sed -n "s/^$1=//p"
}

machine_is_ready() {
	pf_has_two_vfs && vfs_are_assignable && others_are_ready && hostile_guest || return 1
	judge_pciback
	remember
	note "PF DEVCTL $(setpci -s "$PF" CAP_EXP+8.w), VF $(setpci -s "$VF0" CAP_EXP+8.w)," \
		"root port $(setpci -s "$(basename "$(readlink -f "$PCI/$PF/..")")" CAP_EXP+8.w)"
	note "PF COMMAND $(setpci -s "$PF" COMMAND), VF $(setpci -s "$VF0" COMMAND)," \
		"error reporting: $(tr '\n' ' ' <"$TMP/enables")"
}

# What the guest sees of its VF is what is there: the attacks reach the backend.
single_operations() {
	hostile_guest || return 1
	expect "identity" "$(in_guest g1 by_hand read 0 4)" \
		"0 0x$(attr "$VF0" device | sed s/0x//)$(attr "$VF0" vendor | sed s/0x//)" || return 1
	expect "read of 3 bytes" "$(in_guest g1 by_hand read 0 3)" "-2 0" "-2 0x0" || return 1
	note "MSI-X with 3 vectors: $(in_guest g1 by_hand msix 3); off: $(in_guest g1 by_hand msix-off)"
}

random_operations() {
	attack ops "$OPS"
}

sweep() {
	attack sweep 1000
}

# As fast as they are answered, some of them before everything else in dom0
flood_of_reads() {
	attack reads 8000 || return 1
	[ "$BULKHEAD" = 1 ] || return 0
	at_once=$(sed -n 's/^at_once //p' \
		"/sys/bus/xen-backend/devices/pci-$(domid g1)-0/pciback/events")
	note "operations done in the handler of their event: $at_once"
	[ "$at_once" -gt 0 ] || fail "no read was answered at once"
}

resets() {
	attack flr 100
}

# enables: each of them once was a line in dom0's log
enables_on_and_on() {
	attack enable 2000
}

# without_reset COMMAND...: with a VF that has no way to be reset, which dom0 could say
# each time that the guest wants it
without_reset() {
	echo >"$PCI/$VF0/reset_method" || return 1
	"$@"
	without_result=$?
	echo default >"$PCI/$VF0/reset_method"
	return $without_result
}

resets_that_fail() {
	without_reset attack flr 2000
}

states_without_reset() {
	without_reset attack states 100
}

page_that_changes() {
	attack mutate 500
}

flood_of_events() {
	attack flood 100000
}

flags_that_change() {
	attack flags 3000
}

# Its error codes are what the protocol has, nothing of the kernel's own.
codes_of_the_protocol() {
	[ -s "$TMP/report.ops" ] || fail "no random operations were made" || return 1
	cp "$TMP/report.ops" "$TMP/report"
	tr ' ' '\n' <"$TMP/report" | sed -n 's/^err\(-*[0-9]*\)=.*/\1/p' >"$TMP/codes"
	[ -s "$TMP/codes" ] || fail "no operation was answered" || return 1
	while read -r code; do
		[ "$code" -ge -5 ] && [ "$code" -le 0 ] || fail "error code $code" || return 1
	done <"$TMP/codes"
	expect "operations without an answer" "$(reported unanswered)" 0
}

states() {
	attack states 100
}

# A guest that is started anew without its devices being told gets them back.
connected_again() {
	in_guest g1 hostile_is_up || fail "g1 is not connected again: $(in_guest g1 cat $HOSTILE/state | tr '\n' ' ')"
}

vanishing() {
	attack vanish 40
}

counted() {
	[ "$(counter "$PF" correctable)" -gt "$1" ]
}

# in_service: g1's VF out of quarantine.  Its guest has had its say in that, and would
# be asked again: it goes first.
in_service() {
	is_state "$VF0" quarantined || return 0
	note "$VF0 is in quarantine"
	destroy g1
	release "$VF0"
	! is_state "$VF0" quarantined || fail "$VF0 stays in quarantine"
}

# answered_by HOW: an error of the hostile guest's VF; the AER service must not wait
# for that guest when the PF has an error
answered_by() {
	in_service && hostile_guest && others_are_ready && traffic $OTHERS || return 1
	unlimited "$VF0"
	log_mark
	in_guest g1 attack "aer-$1" 4 "$SEED" || return 1
	inject "$VF0" $COMPLETER_ABORT || return 1
	correctable=$(counter "$PF" correctable)
	sleep 1
	answer_before=$(containment "$VF0" state)
	inject "$PF" 0 $BAD_TLP || return 1
	answer_start=$(now)
	wait_for 60 counted "$correctable"
	answer_result=$?
	answer_after=$(containment "$VF0" state)
	note "$1: an error of the PF is counted after $(($(now) - answer_start)) ms;" \
		"$VF0 before and after that: $answer_before, $answer_after"
	[ $answer_result = 0 ] || fail "g1 holds the AER service up"
	# By the kernel's own order: this shell may be slower than the five seconds are
	case $1,$answer_before in
	never,recovering|late,recovering)
		not_held_up || answer_result=1
		;;
	esac
	wait_for 15 recovery_said
	in_guest g1 attack_report >"$TMP/report"
	note "$(cat "$TMP/report"); then state $(containment "$VF0" state)"
	[ "$(reported aer-asked)" -gt 0 ] || fail "g1 was not asked" || answer_result=1
	losses $OTHERS
	nothing_lost pf $OTHERS || answer_result=1
	the_log || answer_result=1
	unharmed || answer_result=1
	return $answer_result
}

# not_held_up: from the PF's error until it was heard no wait for a guest has ended
not_held_up() {
	log_since | awk -v pf="$PF" '
		/aer_inject: Injecting/ && index($0, "into device " pf)	{ injected = 1 }
		injected && /does not answer/				{ exit }
		injected && /message received from/ && index($0, pf)	{ heard = 1; exit }
		END							{ exit !heard }' ||
		fail "the PF's error was heard only when g1 was not waited for any more"
}

recovery_said() {
	log_since | grep -qE "$VF0.*(recovery (successful|failed)|in quarantine)"
}

never_answered() {
	answered_by never
}

late_answers() {
	answered_by late
}

answers_twice() {
	answered_by twice
}

nonsensical_answers() {
	answered_by nonsense
}

# A guest whose VF is in quarantine asks for bus mastering again and again.
quarantine_holds() {
	in_service && hostile_guest && others_are_ready && traffic $OTHERS || return 1
	log_mark
	quarantine "$VF0" || return 1
	note "g1 asked for bus mastering: $(in_guest g1 masters 100)"
	master_is_off "$VF0"
	holds_result=$?
	log_since | grep "is refused" | sed 's/^/# /'
	expect "lines about it" "$(log_since | grep -c "is refused")" 1 || holds_result=1
	losses $OTHERS
	nothing_lost pf $OTHERS || holds_result=1
	in_service || holds_result=1
	return $holds_result
}

# What no attack got at: the PF's pins, and what its VFs stand on
pf_stands() {
	pf_command=0x$(setpci -s "$PF" COMMAND)
	note "PF COMMAND $pf_command"
	[ $((pf_command & 2)) != 0 ] || fail "the PF does not decode" || return 1
	[ $((pf_command & 4)) != 0 ] || fail "the PF is no bus master" || return 1
	unharmed || return 1
	[ -z "$OTHERS" ] || well "$OTHERS" || fail "$OTHERS gets no answer"
}

system_errors_are_on() {
	[ $((0x$(setpci -s "$PF" COMMAND) & 0x100)) != 0 ] || fail "SERR# of the PF is off"
}

vf_works_again() {
	destroy g1
	in_service
	if dom0_is_pvh; then
		returns "$VF0" igbvf
		return
	fi
	ready g2 && ready g1 || return 1
	note "g1: $(in_guest g1 vf_summary)"
	other_pings
}

other_pings() {
	traffic g1 g2 || return 1
	sleep 1
	losses g1 g2
	nothing_lost pf g1 g2
}

# dom0's kernel is the guests', too.
if ! grep -qw hostile_attack /proc/kallsyms; then
	echo "1..0 # SKIP this kernel cannot attack: CONFIG_XEN_HOSTILE_FRONTEND is off"
	exit $SKIP
fi
xen_begin
ktap_run "
	machine_is_ready
	single_operations
	mostly random_operations
	sweep
	flood_of_reads
	resets
	mostly enables_on_and_on
	mostly resets_that_fail
	mostly page_that_changes
	flood_of_events
	flags_that_change
	ours codes_of_the_protocol
	mostly answers_twice
	mostly nonsensical_answers
	mostly late_answers
	mostly never_answered
	mostly states
	mostly connected_again
	mostly states_without_reset
	mostly vanishing
	ours quarantine_holds
	pf_stands
	system_errors_are_on
	vf_works_again
"
