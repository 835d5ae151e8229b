# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# A PF of igb in dom0, and guests g1 and g2 with VF 0 and VF 1 of it, as sources of
# traffic: the PF pings from a namespace of its own, pf, a VF from one of its guest.
# To be sourced, after xenlib.sh; vfs_up sets VF0 and VF1.

LIMIT=20	# seconds after which a function that is silent counts as dead

# pf_up: VFs ask their PF for an address when they are probed: it has to be up
pf_up() {
	answers pf >/dev/null 2>&1 && return 0
	wait_for 10 netdev "$PF" || [ -e /run/netns/pf ] || fail "$PF has no interface" || return 1
	if [ -n "$(netdev "$PF")" ]; then
		into_netns pf "$(netdev "$PF")" 10.0.2.100 || return 1
	fi
	wait_for $LIMIT answers pf || fail "no answer through the PF"
}

# A driver probes in the background: give it time.
has_pf() {
	[ -n "$(pf_of_driver igb)" ]
}

vf_of() {
	case $1 in
	g1)	echo "$VF0" ;;
	*)	echo "$VF1" ;;
	esac
}

address_of() {
	echo "10.0.2.10${1#g}"
}

# well NAME: does the guest ping through its VF?
well() {
	domid "$1" >/dev/null && in_guest "$1" answers vf >/dev/null
}

# traffic NAME...: the guests' pings and the PF's
traffic() {
	traffic_start=$(now)
	meters_start pf
	wait_for 5 back pf "$traffic_start" || fail "the PF does not ping" || return 1
	for guest; do
		in_guest "$guest" vf_traffic || return 1
	done
}

# traffic_stop NAME...: "FUNCTION SENT RECEIVED LOST LONGEST-GAP-MS" of the PF and of
# each guest
traffic_stop() {
	meters_stop
	echo "pf $(meter pf)"
	for guest; do
		echo "$guest $(in_guest "$guest" vf_losses)"
	done
}

# lost_of NAME: its pings, by the table in $TMP/losses
lost_of() {
	sed -n "s/^$1 [0-9]* [0-9]* \([0-9]*\) .*/\1/p" "$TMP/losses"
}

# vfs_up: until the host's driver has both, which then know their addresses
vfs_up() {
	VF0=$(vf 0) VF1=$(vf 1)
	for vf in "$VF0" "$VF1"; do
		wait_for 10 netdev "$vf" || fail "$vf has no interface" || return 1
	done
}
