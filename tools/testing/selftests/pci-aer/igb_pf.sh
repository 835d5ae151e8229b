#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Errors of igb's PF, which its VFs cannot always be kept out of: with unmodified
# drivers all three have to be in service again.  A non-fatal error is between the PF
# and its driver; a fatal one resets the PF and takes its VFs with it; one of the link
# resets all below the port.
#
# usage: igb_pf.sh [PF]
set -u
cd "$(dirname "$0")" || exit 1
. ../lib/ktap.sh
. ../lib/pci.sh
. ../pci-iov/iov.sh
. ./aerlib.sh
. ./igblib.sh

igb_begin "${1:-}"

# pf_error BITS: all three have to answer again; shows what each has lost
pf_error() {
	igb_traffic || return 1
	pf_start=$(now)
	inject "$PF" "$1" || return 1
	pf_result=0
	for pf_ns in pf vf0 vf1; do
		wait_for $LIMIT back $pf_ns "$pf_start" ||
			fail "$pf_ns does not answer after $LIMIT s" || pf_result=1
	done
	meters_stop
	table_of_losses pf vf0 vf1
	return $pf_result
}

nonfatal_costs_the_vfs_nothing() {
	nonfatal_errors "$PF" 0x8000
	pf_error 0x8000 || return 1
	for pf_ns in vf0 vf1; do
		expect "pings that $pf_ns lost" "$(lost $pf_ns)" 0 || return 1
	done
}

fatal_brings_all_back() {
	fatal_errors "$PF" 0x8000
	pf_error 0x8000
	pf_all=$?
	nonfatal_errors "$PF" 0x8000
	[ $pf_all = 0 ] && expect "VFs" "$(cat "$PFDIR/sriov_numvfs")" 2
}

reset_of_the_link_brings_all_back() {
	pf_error 0x40000 && expect "VFs" "$(cat "$PFDIR/sriov_numvfs")" 2
}

ktap_run "
	mostly nonfatal_costs_the_vfs_nothing
	ours fatal_brings_all_back
	ours reset_of_the_link_brings_all_back
"
