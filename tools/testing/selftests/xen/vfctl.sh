#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# vfctl in dom0, with igb and two guests of Xen: VFs enabled, set, given away, moved
# between running guests and back while the other guest and the PF ping; what goes wrong
# on the way; errors as they happen; and what a file describes.
#
# usage: vfctl.sh
set -u
cd "$(dirname "$0")" || exit 1
. ./xenlib.sh
. ../lib/vfctl.sh

MAC=52:54:00:aa:bb:01
HUNG=300	# seconds after which something does not come any more; no measure of anything
GUEST_HUNG=60	# the same in a guest, whose answer is waited for ANSWER seconds

enable_two() {
	iov_begin "$(pf_of_driver igb)"
	pf_up || return 1
	vfctl_says 0 "2 VFs" enable "$PF" 2 || return 1
	vfs_up || return 1
	expect "VFs" "$(cat "$PFDIR/sriov_numvfs")" 2
	vfctl status "$PF" | sed 's/^/# /'
}

status_tells() {
	vfctl status --json >"$TMP/json" || return 1
	grep -q "\"address\": \"$VF1\"" "$TMP/json" || fail "no $VF1 in status --json" || return 1
	[ "$BULKHEAD" = 1 ] || return 0
	grep -q '"xen_known": true' "$TMP/json" || fail "Xen knows none"
}

# The address is the PF's to give; igbvf asks for it when it is reset.
mac_and_vlan_are_set() {
	vfctl_says 0 "" set "$PF/0" mac $MAC || return 1
	ip link show dev "$(netdev "$PF")" >"$TMP/ip" || return 1
	grep -q "vf 0 .*$MAC" "$TMP/ip" || fail "ip does not show $MAC" || return 1
	vfctl_says 0 "" set "$PF/1" vlan 7 qos 2 || return 1
	ip link show dev "$(netdev "$PF")" | grep -q "vf 1 .*vlan 7, qos 2" ||
		fail "ip shows no VLAN" || return 1
	vfctl_says 0 "" set "$PF/1" vlan 0
}

guests_get_them() {
	vfctl_says 0 "" assign "$PF/0" || return 1
	expect "driver" "$(driver_of "$VF0")" pciback || return 1
	create g1 && create g2 || return 1
	in_guest g1 true && in_guest g2 true || return 1
	vfctl_says 0 "" assign "$PF/0" --to g1 || return 1
	in_guest g1 vf_up "$(address_of g1)" || return 1
	vfctl status | sed 's/^/# /'
	vfctl_says 0 "(g1)" status "$VF0"
}

mac_is_the_same() {
	mac_is_the_same_in g1
}

enable_two_is_in_use() {
	vfctl_says 5 "in use by domain" disable "$PF" &&
	expect "VFs" "$(cat "$PFDIR/sriov_numvfs")" 2
}

# Who has a VF is not known then, on a kernel that does not say it: that is not nobody.
disable_without_xl() {
	mkdir -p "$TMP/bin" && printf '#!/bin/sh\nexit 1\n' >"$TMP/bin/xl" && chmod +x "$TMP/bin/xl" ||
		return 1
	(PATH=$TMP/bin:$PATH; vfctl_says 5 "in use" disable "$PF") &&
	expect "VFs" "$(cat "$PFDIR/sriov_numvfs")" 2
}

# xl takes such a name, and prints it as it is: its second word is another guest's number.
name_with_a_blank() {
	belongs_to g1 || return 1
	blank_name="web $(domid g1)"
	xl rename g2 "$blank_name" || return 1
	vfctl_says 0 "($blank_name)" assign "$PF/1" --to "$blank_name" &&
	vfctl_says 3 "no guest of that name" move "$VF0" --to web &&
	vfctl_says 0 "($blank_name)" status "$PF/1"
	blank_result=$?
	sed 's/^/# /' "$TMP/vfctl"
	xl rename "$blank_name" g2 || return 1
	[ $blank_result = 0 ] || return 1
	xl pci-list g2 | grep -q "$VF1" || fail "g2 does not have it" || return 1
	vfctl_says 0 "" release "$PF/1"
}

# move_to GUEST FROM: how long the VF is without traffic is counted from its first step
# to the first answer in its new guest
move_to() {
	move_start=$(now)
	vfctl_says 0 "" --json move "$VF0" --to "$1" || return 1
	move_done=$(now)
	cp "$TMP/vfctl" "$TMP/moved"
	in_guest "$1" vf_up "$(address_of g1)" || return 1
	move_end=$(now)
	note "$(tr -d ' \n' <"$TMP/moved")"
	move_steps=$(sed -n 's/.*"total_ms": *\([0-9]*\).*/\1/p' "$TMP/moved")
	note "to $1: vfctl $((move_done - move_start)) ms, of these $move_steps in steps;" \
		"without traffic for $((move_end - move_done + move_steps)) ms"
	vfctl_says 0 "($1)" status "$VF0" || return 1
	in_guest "$2" wait_for $GUEST_HUNG vf_is_gone || fail "$2 still has it"
}

moves_there_and_back() {
	belongs_to g1 && traffic || return 1
	move_to g2 g1 && mac_is_the_same_in g2 &&
	move_to g1 g2 && mac_is_the_same_in g1
	moves_result=$?
	# shellcheck disable=SC2119 # the PF alone
	losses
	nothing_lost pf && return $moves_result
}

# mac_is_the_same_in GUEST: a namespace has a sysfs of its own
mac_is_the_same_in() {
	expect "MAC in $1" "$(in_guest "$1" "in_netns vf sh -c 'cat /sys/class/net/e*/address'")" $MAC
}

# belongs_to GUEST: VF 0, whatever the last test left
belongs_to() {
	! vfctl status "$VF0" | grep -q "($1)" || return 0
	note "VF 0 is moved to $1"
	vfctl move "$VF0" --to "$1" >"$TMP/vfctl" 2>&1 || vfctl assign "$VF0" --to "$1" >"$TMP/vfctl" 2>&1 ||
		fail "$(cat "$TMP/vfctl")"
}

moves_that_are_refused() {
	belongs_to g1 || return 1
	vfctl_says 3 "nobody" move "$VF0" --to nobody &&
	vfctl_says 3 "" move "$PF/9" --to g2 &&
	vfctl_says 2 "" move "$VF0" &&
	vfctl_says 1 "" move "$VF1" --to g2 &&
	vfctl_says 0 "(g1)" status "$VF0" &&
	in_guest g1 answers vf >/dev/null
}

# A guest that is paused finds its VF when it goes on.
moved_to_a_guest_that_sleeps() {
	belongs_to g1 && xl pause g2 || return 1
	vfctl_says 0 "" move "$VF0" --to g2
	sleeps_result=$?
	xl unpause g2
	[ $sleeps_result = 0 ] && in_guest g2 vf_up "$(address_of g1)"
}

# One that is paused does not let go of its VF, and loses it.
moved_from_a_guest_that_sleeps() {
	belongs_to g2 && xl pause g2 || return 1
	vfctl_says 0 "" move "$VF0" --to g1
	sleeps_result=$?
	xl unpause g2
	[ $sleeps_result = 0 ] && in_guest g1 vf_up "$(address_of g1)" && in_guest g2 vf_is_gone
}

# Xen gives no function to a guest that it has not set the IOMMU up for.
refused_by_the_new_guest() {
	belongs_to g1 && PASSTHROUGH=disabled create g3 && in_guest g3 true || return 1
	vfctl_says 8 'passthrough = "enabled"?' move "$VF0" --to g3
	refused_result=$?
	sed 's/^/# /' "$TMP/vfctl"
	destroy g3
	[ $refused_result = 0 ] || return 1
	vfctl_says 0 "(g1)" status "$VF0" && no_journal || return 1
	in_guest g1 vf_up "$(address_of g1)" && mac_is_the_same_in g1
}

# It may be killed before its guest was asked for the VF, which then never went away.
killed_half_way() {
	belongs_to g1 || return 1
	vfctl move "$VF0" --to g2 >"$TMP/vfctl" 2>&1 &
	killed=$!
	wait_for $HUNG is_journal || fail "no journal is begun" || return 1
	sleep 0.3
	kill -9 $killed 2>/dev/null || note "it was done already"
	wait $killed
	wait_for $HUNG no_journal || { vfctl recover; fail "a journal is left" || return 1; }
	vfctl status | sed 's/^/# /'
	vfctl_says 0 "(g1)" status "$VF0" || vfctl_says 0 "(g2)" status "$VF0" || return 1
	killed_owner=g1
	vfctl status "$VF0" | grep -q '(g1)' || killed_owner=g2
	in_guest $killed_owner wait_for 3 answers vf >/dev/null ||
		in_guest $killed_owner vf_up "$(address_of g1)" || return 1
	[ $killed_owner = g1 ] || vfctl_says 0 "" move "$VF0" --to g1
}

is_journal() {
	ls /run/vfctl/*.json >/dev/null 2>&1
}

no_journal() {
	! is_journal
}

# Tracing has a folder of its own, or is in that of debugging, as it is in the lab.
trace_instances() {
	for instance in /sys/kernel/tracing/instances/vfctl-* \
			/sys/kernel/debug/tracing/instances/vfctl-*; do
		[ ! -e "$instance" ] || echo "$instance"
	done
}

# is_listening: by the trace, which it opens last, or without it, which it says
is_listening() {
	[ -s "$TMP/events.err" ] ||
		trace_instances | while read -r instance; do
			cat "$instance/events/ras/aer_event/enable"
		done | grep -q 1
}

events_are_followed() {
	vfctl events --json --timeout $HUNG >"$TMP/events" 2>"$TMP/events.err" &
	events_pid=$!
	wait_for $HUNG is_listening || fail "it does not begin" || return 1
	inject "$VF0" $COMPLETER_ABORT || return 1
	wait_for $HUNG grep -q "$VF0" "$TMP/events" || fail "no event of $VF0"
	events_result=$?
	kill $events_pid
	wait $events_pid
	expect "exit code after a signal" $? 0 || events_result=1
	sed 's/^/# /' "$TMP/events" "$TMP/events.err"
	[ -z "$(trace_instances)" ] || fail "left behind: $(trace_instances)" || return 1
	return $events_result
}

# An error more than the budget allows; released by the operator.
quarantine_and_release() {
	belongs_to g1 || return 1
	vfctl_says 0 "" policy "$VF0" containment quarantine || return 1
	inject "$VF0" $COMPLETER_ABORT || return 1
	wait_for $HUNG vfctl_lists "$VF0" || fail "not in quarantine list" || return 1
	vfctl_says 1 "" move "$VF0" --to g2 || return 1
	vfctl_says 0 "" quarantine release "$VF0" || return 1
	expect "state" "$(containment "$VF0" state)" normal || return 1
	in_guest g1 wait_for $GUEST_HUNG answers vf >/dev/null || fail "g1 gets no answer" || return 1
	vfctl_says 0 "" policy "$VF0" containment reset
}

vfctl_lists() {
	vfctl quarantine list | grep -q "$1"
}

rules_of_the_config_space() {
	vfctl_says 0 "" policy "$VF0" rule "hide ext=0003" || return 1
	grep -q 'hide ext=0003' "$PCI/$VF0/pciback/policy" || fail "no rule in the kernel" || return 1
	vfctl_says 0 "hide ext=0003" policy "$VF0" || return 1
	vfctl_says 0 "" policy "$VF0" clear || return 1
	expect "rules" "$(cat "$PCI/$VF0/pciback/policy")" ""
}

released() {
	belongs_to g1 || return 1
	vfctl_says 0 "" release "$VF0" || return 1
	in_guest g1 wait_for $GUEST_HUNG vf_is_gone || fail "g1 still has it" || return 1
	wait_for $HUNG driver_is igbvf "$VF0" || fail "driver: '$(driver_of "$VF0")'"
}

driver_is() {
	[ "$(driver_of "$2")" = "$1" ]
}

file_is_applied() {
	cat >"$TMP/plan.json" <<-END
	{
	  "version": 1,
	  "pfs": [ {
	    "pf": "$PF",
	    "vfs": 2,
	    "vf": [
	      { "index": 0, "mac": "$MAC", "driver": "pciback", "domain": "g2" },
	      { "index": 1, "mac": "52:54:00:aa:bb:02", "vlan": 9, "policy": "quarantine" }
	    ]
	  } ]
	}
	END
	vfctl_says 10 "" plan --check "$TMP/plan.json" || return 1
	sed 's/^/# /' "$TMP/vfctl"
	vfctl_says 0 "" apply "$TMP/plan.json" || return 1
	vfctl_says 0 "" plan --check "$TMP/plan.json" || return 1
	vfctl_says 0 "(g2)" status "$VF0" || return 1
	expect "policy" "$(containment "$VF1" policy)" quarantine || return 1
	in_guest g2 vf_up "$(address_of g1)" || return 1
	sed -i 's/"vfs": 2/"vfs": 1/; /"index": 1/d; s/g2" },/g2" }/' "$TMP/plan.json"
	vfctl_says 5 "in use by domain" plan "$TMP/plan.json"
	sed -i 's/"vfs": 1/"vfs": 99999/' "$TMP/plan.json"
	vfctl_says 7 "plan.json:5:" apply "$TMP/plan.json" &&
	in_guest g2 answers vf
}

disable_by_force() {
	vfctl_says 0 "" release "$VF0" &&
	vfctl_says 0 "0 VFs" disable "$PF" &&
	expect "VFs" "$(cat "$PFDIR/sriov_numvfs")" 0
}

xen_begin
ktap_run "
	enable_two
	status_tells
	mac_and_vlan_are_set
	guests_get_them
	mac_is_the_same
	enable_two_is_in_use
	disable_without_xl
	name_with_a_blank
	moves_that_are_refused
	moves_there_and_back
	moved_to_a_guest_that_sleeps
	moved_from_a_guest_that_sleeps
	refused_by_the_new_guest
	killed_half_way
	ours events_are_followed
	ours quarantine_and_release
	ours rules_of_the_config_space
	released
	file_is_applied
	disable_by_force
"
