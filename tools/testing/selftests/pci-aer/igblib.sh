# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# A PF of igb and its VFs 0 and 1 as sources of traffic: each function's interface
# in a namespace of its own, pf, vf0 and vf1.  To be sourced, after aerlib.sh.
# Sets PF, PFDIR, VF0, VF1 and TMP.

LIMIT=20	# seconds after which a function that is silent counts as dead

# igb_begin [PF]
igb_begin() {
	iov_begin "${1:-$(pf_of_driver igb)}"
	aer_begin
	TMP=$(mktemp -d)
	trap igb_end EXIT
	igb_up || exit 1
}

# An interface goes back to the initial namespace when its own goes.
igb_down() {
	meters_stop
	echo 0 >"$PFDIR/sriov_numvfs"
	for igb_ns in pf vf0 vf1; do
		ip netns del $igb_ns 2>/dev/null
	done
}

igb_end() {
	[ -n "$IGB_DEAD" ] || igb_down
	rm -rf "$TMP"
}

# igb_up: from whatever state, by binding the PF's driver anew; a PF that was reset
# and never restored has lost its BARs and has to be found anew
igb_up() {
	igb_down
	unbind "$PF"
	if [ "$(setpci -s "$PF" BASE_ADDRESS_0 2>/dev/null)" = 00000000 ]; then
		echo 1 >"$PFDIR/remove"
		echo 1 >/sys/bus/pci/rescan
		wait_for 5 test -e "$PFDIR" || fail "$PF is gone" || return 1
	fi
	[ -e "$PFDIR/driver" ] || expect "bind of $PF" "$(bind igb "$PF")" OK || return 1
	wait_for 10 netdev "$PF" || fail "$PF has no interface" || return 1
	into_netns pf "$(netdev "$PF")" 10.0.2.100 && igb_new_vfs
}

# igb_new_vfs: nothing is left of what the old ones had counted
igb_new_vfs() {
	echo 0 >"$PFDIR/sriov_numvfs"
	ip netns del vf0 2>/dev/null
	ip netns del vf1 2>/dev/null
	# A VF asks its PF for an address when it is probed, which takes a PF that is up.
	autoprobe 1
	set_numvfs 2 || return 1
	VF0=$(vf 0) VF1=$(vf 1)
	for igb_i in 0 1; do
		igb_vf=$(vf $igb_i)
		wait_for 10 netdev "$igb_vf" || fail "$igb_vf has no interface" || return 1
		into_netns vf$igb_i "$(netdev "$igb_vf")" 10.0.2.$((101 + igb_i)) || return 1
	done
	unlimited "$PF" "$VF0" "$VF1"
	for igb_ns in pf vf0 vf1; do
		wait_for 20 answers $igb_ns || fail "$igb_ns gets no answer" || return 1
	done
}

# igb_revive: igb_up, by the clock.  A stock kernel hangs when the VFs of a PF go that
# was reset and never restored; nothing can be done about that device any more.
IGB_DEAD=
igb_revive() {
	[ -z "$IGB_DEAD" ] || fail "the device is dead since $IGB_DEAD" || return 1
	rm -f "$TMP/up.done"
	# Should it hang, it must not keep open what this script prints to.
	{ igb_up; echo $? >"$TMP/up.done"; } >"$TMP/up" 2>&1 &
	if ! wait_for 60 test -s "$TMP/up.done"; then
		IGB_DEAD=$(now)
		fail "hangs: bringing the device up again" || return 1
	fi
	[ "$(cat "$TMP/up.done")" = 0 ] || { cat "$TMP/up"; return 1; }
}

# igb_well: all three get answers; a test that failed may have left one dead
igb_well() {
	for igb_ns in pf vf0 vf1; do
		answers $igb_ns >/dev/null 2>&1 || return 1
	done
}

# igb_unit: UNIT is how long VF 0 takes, in milliseconds, to answer after its driver was
# bound anew.  That is what this machine needs for it as busy as it is; what a test
# allows is told in it.
igb_unit() {
	igb_well || igb_revive || return 1
	igb_start=$(now)
	unbind "$VF0"
	ip netns del vf0 2>/dev/null
	expect "bind of $VF0" "$(bind igbvf "$VF0")" OK || return 1
	wait_for 10 netdev "$VF0" || fail "$VF0 has no interface" || return 1
	into_netns vf0 "$(netdev "$VF0")" 10.0.2.101 || return 1
	wait_for 20 answers vf0 || fail "vf0 gets no answer" || return 1
	UNIT=$(($(now) - igb_start))
	note "vf0 answers $UNIT ms after its driver is bound anew"
}

# igb_traffic: all three are well, and their meters run
igb_traffic() {
	igb_well || igb_revive || return 1
	igb_start=$(now)
	meters_start pf vf0 vf1
	for igb_ns in pf vf0 vf1; do
		wait_for 5 back $igb_ns "$igb_start" || fail "$igb_ns does not ping" || return 1
	done
}

# igb_error BITS: an uncorrectable error of VF 0, counted once; returns when all three
# answer again, or somebody does not
igb_error() {
	igb_start=$(now)
	igb_before=$(($(counter "$VF0" nonfatal) + $(counter "$VF0" fatal)))
	inject "$VF0" "$1" || return 1
	wait_for $LIMIT back vf0 "$igb_start" || fail "vf0 does not answer after $LIMIT s" || return 1
	igb_back=$(now)
	expect "errors counted of vf0" \
		$(($(counter "$VF0" nonfatal) + $(counter "$VF0" fatal) - igb_before)) 1 || return 1
	# Where everything is reset the others may be on their way down when VF 0 is up.
	for igb_ns in pf vf1; do
		wait_for $LIMIT back $igb_ns "$igb_back" ||
			fail "$igb_ns does not answer after $LIMIT s" || return 1
	done
}
