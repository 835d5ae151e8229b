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
	igb_down
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
	# A VF asks its PF for an address when it is probed, which takes a PF that is up.
	into_netns pf "$(netdev "$PF")" 10.0.2.100 || return 1
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

# igb_well: all three get answers; a test that failed may have left one dead
igb_well() {
	for igb_ns in pf vf0 vf1; do
		answers $igb_ns >/dev/null 2>&1 || return 1
	done
}

# igb_traffic: all three are well, and their meters run
igb_traffic() {
	igb_well || igb_up || return 1
	igb_start=$(now)
	meters_start pf vf0 vf1
	for igb_ns in pf vf0 vf1; do
		wait_for 5 back $igb_ns "$igb_start" || fail "$igb_ns does not ping" || return 1
	done
}
