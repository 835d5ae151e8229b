#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Hot removal of a PF with VFs, alone and against a writer of sriov_numvfs.  Each
# step has a time limit: a stock kernel deadlocks here and then no PCI device can
# come or go, so this is to run last, or in a machine of its own.
#
# usage: removal.sh PF
set -u
cd "$(dirname "$0")" || exit 1
. ../lib/ktap.sh
. ../lib/pci.sh
. ./iov.sh

iov_begin "$1"
TMP=$(mktemp -d)
trap 'rm -rf "$TMP"' EXIT
FEW=$((TOTAL < 7 ? TOTAL : 7))
# How long what hangs is waited for; it is no measure of what does not
LIMIT=120

# by_the_clock COMMAND...: fails if it hangs.  A task that hangs in the kernel cannot
# be killed; it is left behind.
by_the_clock() {
	rm -f "$TMP/done"
	{ "$@"; : >"$TMP/done"; } &
	wait_for $LIMIT test -e "$TMP/done" || fail "hangs: $*"
}

remove() {
	echo 1 >"$PCI/$1/remove"
}

rescan() {
	echo 1 >/sys/bus/pci/rescan
}

pf_is_back() {
	by_the_clock rescan || return 1
	wait_for $LIMIT test -e "$PFDIR/driver" || fail "$PF did not come back" || return 1
	[ "$DRIVER" != igb ] || wait_for $LIMIT test -e "$PFDIR/net" || return 1
	autoprobe 0
}

# no_vfs LIST: of the VFs that there were none is left
no_vfs() {
	for vf in $1; do
		[ ! -e "$PCI/$vf" ] || fail "$vf outlived its PF" || return 1
	done
}

pf_removed_with_vfs() {
	autoprobe 0
	set_numvfs $FEW || return 1
	vfs=$(i=0; while [ $i -lt $FEW ]; do vf $i; i=$((i + 1)); done)
	by_the_clock remove "$PF" || return 1
	[ ! -e "$PFDIR" ] || fail "$PF is still there" || return 1
	no_vfs "$vfs" && pf_is_back && set_numvfs $FEW && set_numvfs 0
}

port_removed_with_vfs() {
	port=$(basename "$(dirname "$(readlink -f "$PFDIR")")")
	[ -e "$PCI/$port" ] || skip "$PF is not below a port" || return
	set_numvfs $FEW || return 1
	vfs=$(i=0; while [ $i -lt $FEW ]; do vf $i; i=$((i + 1)); done)
	by_the_clock remove "$port" || return 1
	[ ! -e "$PFDIR" ] || fail "$PF is still there" || return 1
	no_vfs "$vfs" && pf_is_back && set_numvfs $FEW && set_numvfs 0
}

# write_loop: change numvfs as fast as possible until told to stop
write_loop() {
	while [ ! -e "$TMP/stop" ]; do
		iovtool write "$PFDIR/sriov_numvfs" $FEW >/dev/null
		iovtool write "$PFDIR/sriov_numvfs" 0 >/dev/null
	done
	: >"$TMP/stopped"
}

removal_against_a_writer() {
	rm -f "$TMP/stop" "$TMP/stopped"
	write_loop &
	for round in 1 2 3 4 5 6; do
		sleep 0.$round
		if ! by_the_clock remove "$PF" || ! pf_is_back; then
			: >"$TMP/stop"
			fail "round $round"
			return 1
		fi
	done
	: >"$TMP/stop"
	wait_for $LIMIT test -e "$TMP/stopped" || fail "the writer hangs" || return 1
	set_numvfs 0 && set_numvfs $FEW && set_numvfs 0
}

ktap_run "
	mostly pf_removed_with_vfs
	port_removed_with_vfs
	mostly removal_against_a_writer
"
