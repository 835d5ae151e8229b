#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Real error messages: QEMU's monitor injects errors into virtio endpoints and into
# ports, and they take the whole way to the root port's interrupt.  Counted exactly,
# named in the log, several at once; errors of a link reset what is below it.
#
# usage: ports.sh        (in a machine booted with --errors)
set -u
cd "$(dirname "$0")" || exit 1
. ../lib/ktap.sh
. ../lib/pci.sh
. ../pci-iov/iov.sh
. ./aerlib.sh
. ./virtiolib.sh

virtio_begin

# device_of ID: the address of what QEMU calls so
device_of() {
	case $1 in
	vn0) echo $VN0 ;;
	vn1) echo $VN1 ;;
	vn2) echo $VN2 ;;
	dn0) echo $DN0 ;;
	dn1) echo $DN1 ;;
	rpe) echo $RPE ;;
	rpv) echo $RPV ;;
	esac
}

ALL="vn0 vn1 vn2 dn0 dn1 rpe rpv"

# count_all FILE: everybody's counters
count_all() {
	for count_id in $ALL; do
		echo "$count_id $(counters "$(device_of $count_id)")"
	done >"$1"
}

# counted KIND NAME ID:N...: wait until that is what the counters rose by, and
# nobody else's did
counted() {
	kind=$1 name=$2
	shift 2
	wait_for 5 rose_by "$@" && return
	sed 's/^/# before: /' "$TMP/before"
	sed 's/^/# after:  /' "$TMP/after"
	sed 's/^/# wanted: /' "$TMP/wanted"
	fail "the counters of $kind errors $name did not rise by $*"
}

# The sum and the one error's own counter are looked at; $kind says which column.
rose_by() {
	count_all "$TMP/after"
	cp "$TMP/before" "$TMP/wanted"
	for rise; do
		awk -v id="${rise%:*}" -v n="${rise#*:}" -v kind="$kind" '
			$1 == id {
				for (i = 2; i <= NF; i++)
					if (split($i, p, "=") && p[1] == kind) $i = kind "=" p[2] + n
			}
			{ print }' "$TMP/wanted" >"$TMP/wanted.new"
		mv "$TMP/wanted.new" "$TMP/wanted"
	done
	cmp -s "$TMP/after" "$TMP/wanted"
}

# named DEVICE SEVERITY: the log has a line for it since the mark
named() {
	log_since | grep -F "$1: " | grep -q "PCIe Bus Error: severity=.*$2" && return
	log_since | sed 's/^/# /'
	fail "no line in the log names $1 with severity $2"
}

# one ID KIND SEVERITY ERROR KERNELS-NAME: injected once
one() {
	device=$(device_of $1)
	count_all "$TMP/before"
	before=$(counter $device $KIND $5)
	log_mark
	hmp "pcie_aer_inject_error $1 $4" >"$TMP/hmp" || { cat "$TMP/hmp"; return 1; }
	counted $2 $4 $1:1 && named $device "$3" || return 1
	expect "counter $5 of $1" "$(counter $device $KIND $5)" $((before + 1))
}

correctable() {
	KIND=correctable
	for id in $ALL; do
		for error in RCVR:RxErr BAD_TLP:BadTLP; do
			one $id cor Correct ${error%:*} ${error#*:} || return 1
		done
	done
	for error in BAD_DLLP:BadDLLP REP_ROLL:Rollover REP_TIMER:Timeout; do
		one vn0 cor Correct ${error%:*} ${error#*:} || return 1
	done
	virtio_well
}

# Only the reporting: virtio's driver has no error handlers
nonfatal() {
	KIND=nonfatal
	for id in vn0 vn1; do
		for error in COMP_ABORT:CmpltAbrt COMP_TIME:CmpltTO POISON_TLP:TLP UNX_COMP:UnxCmplt; do
			one $id nonfatal Non-Fatal ${error%:*} ${error#*:} || return 1
		done
	done
}

endpoint_is_well_after_nonfatal() {
	KIND=nonfatal
	one vn1 nonfatal Non-Fatal COMP_ABORT CmpltAbrt &&
	sleep 2 &&
	virtio_well
}

# Three endpoints, two root ports, twice the same root port
several_at_once() {
	for round in 1 2 3 4 5; do
		count_all "$TMP/before"
		log_mark
		hmp stop "pcie_aer_inject_error vn0 COMP_ABORT" "pcie_aer_inject_error vn2 COMP_TIME" \
			"pcie_aer_inject_error vn1 COMP_ABORT" cont >"$TMP/hmp" || return 1
		counted nonfatal COMP_ABORT vn0:1 vn1:1 vn2:1 || return 1
		for id in vn0 vn1 vn2; do
			named "$(device_of $id)" Non-Fatal || return 1
		done
		sleep 1
	done
}

# All that is below one root port, and each with an error of its own
many_at_once() {
	count_all "$TMP/before"
	log_mark
	hmp stop "pcie_aer_inject_error rpe RCVR" "pcie_aer_inject_error dn0 BAD_TLP" \
		"pcie_aer_inject_error dn1 BAD_DLLP" "pcie_aer_inject_error vn0 RCVR" \
		"pcie_aer_inject_error vn2 REP_ROLL" cont >"$TMP/hmp" || return 1
	counted cor several rpe:1 dn0:1 dn1:1 vn0:1 vn2:1
}

# Two correctable errors of one device and an uncorrectable one of it.  The sum of
# correctable errors counts messages on a stock kernel, so each error's own counter
# is looked at.
several_of_one_device() {
	one_before=$(vn1_counters)
	hmp stop "pcie_aer_inject_error vn1 RCVR" "pcie_aer_inject_error vn1 BAD_TLP" \
		"pcie_aer_inject_error vn1 COMP_ABORT" cont >"$TMP/hmp" || return 1
	one_wanted=$(echo "$one_before" | awk '{ print $1 + 1, $2 + 1, $3 + 1 }')
	wait_for 5 vn1_counts "$one_wanted"
	expect "RxErr, BadTLP and CmpltAbrt of vn1" "$(vn1_counters)" "$one_wanted"
}

vn1_counters() {
	echo "$(counter $VN1 correctable RxErr) $(counter $VN1 correctable BadTLP) $(counter $VN1 nonfatal CmpltAbrt)"
}

vn1_counts() {
	[ "$(vn1_counters)" = "$1" ]
}

# link ID ERROR KERNELS-NAME VNETS: of a port's link.  What is below is reset; a
# driver that has no error handlers cannot know, so the log has to say that the
# device did not recover, and binding the driver anew has to bring it back.
link() {
	KIND=fatal
	virtio_up || return 1
	log_mark
	one $1 fatal Fatal $2 $3 || return 1
	wait_for 20 settled || fail "no end of the recovery in the log" || return 1
	note "$(log_since | grep -oE '(device recovery|recovery) (successful|failed).*|no error_detected callback.*' | sort | uniq -c | tr -s ' \n' ' ')"
	for net in $4; do
		if answers $net >/dev/null 2>&1; then
			note "$net answers without help"
			continue
		fi
		log_since | grep -F "$(device_of $net): " | grep -qiE "no error_detected|no error handlers|recover|failed" ||
			fail "$net is dead and no line in the log says so of $(device_of $net)" || return 1
	done
	virtio_up || fail "$4 not back by binding the driver anew" || return 1
	note "$4: back after the driver was bound anew"
}

settled() {
	log_since | grep -qE 'recovery (successful|failed)|recovered|failed'
}

downstream_port_link() {
	link dn0 DLP DLP vn0
}

root_port_link() {
	link rpe DLP DLP "vn0 vn2"
}

# The same from the other end: the endpoint reports its link.  A stock kernel takes
# a device with a fatal error for one that cannot be read, and counts nothing.
endpoint_link() {
	link vn1 DLP DLP vn1
}

# An error of the link below one switch port is nothing to the other's
neighbour_of_a_link() {
	virtio_up || return 1
	neighbour_start=$(now)
	meters_start vn1 vn2
	wait_for 5 back vn2 "$neighbour_start" || fail "vn2 does not ping" || return 1
	hmp "pcie_aer_inject_error dn0 DLP" >"$TMP/hmp"
	sleep 4
	meters_stop
	table_of_losses vn1 vn2
	virtio_up || return 1
	expect "pings that vn1 and vn2 lost" "$(lost vn1) $(lost vn2)" "0 0"
}

ktap_run "
	correctable
	nonfatal
	endpoint_is_well_after_nonfatal
	several_at_once
	many_at_once
	several_of_one_device
	neighbour_of_a_link
	downstream_port_link
	root_port_link
	ours endpoint_link
"
