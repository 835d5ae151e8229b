#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# vfctl without Xen, on a PF of igb, nvme or the mock: VFs enabled and disabled, the
# kernel's reasons, settings by rtnetlink as igbvf sees them, VFs for vfio-pci, and a
# file applied.
#
# usage: vfctl.sh [PF]
set -u
cd "$(dirname "$0")" || exit 1
. ../lib/ktap.sh
. ../lib/pci.sh
. ./iov.sh
. ../lib/vfctl.sh

iov_begin "${1:-$(pf_of_driver igb)}"
TMP=$(mktemp -d)
FEW=$((TOTAL < 4 ? TOTAL : 4))
MAC=52:54:00:aa:bb:01
HUNG=300	# seconds after which something does not come any more; no measure of anything

cleanup() {
	vfctl disable --force "$PF" >/dev/null 2>&1
	autoprobe 1
	rm -rf "$TMP"
}
trap cleanup EXIT

# VFs of nvme and the mock have no use for their drivers here.
start() {
	vfctl_says 0 "" disable "$PF" || return 1
	[ "$(driver_of "$PF")" = igb ] || autoprobe 0
}

enables_and_disables() {
	start || return 1
	vfctl_says 0 "2 VFs" enable "$PF" 2 && expect "VFs" "$(numvfs)" 2 || return 1
	vfctl_says 0 "as before" enable "$PF" 2 &&
	vfctl_says 1 "vfctl disable" enable "$PF" 1 && expect "VFs" "$(numvfs)" 2 || return 1
	vfctl_says 0 "0 VFs" disable "$PF" && expect "VFs" "$(numvfs)" 0
}

refuses_what_makes_no_sense() {
	start || return 1
	vfctl_says 1 "it can have $TOTAL" enable "$PF" $((TOTAL + 1)) &&
	vfctl_says 2 "not a number" enable "$PF" 99999999999 &&
	vfctl_says 2 "not an address" enable 0000:01:00.8 1 &&
	vfctl_says 3 "no such PCI function" enable ffff:ff:1f.7 1 &&
	vfctl_says 3 "no PF or VF" status nothing0 &&
	vfctl_says 3 "" status "$PF/0" &&
	vfctl_says 6 "neither a PF" status 0000:00:00.0 &&
	expect "VFs" "$(numvfs)" 0
}

# A PF without its driver is refused, and the kernel's reason is named.
names_the_reason() {
	start || return 1
	names_driver=$(driver_of "$PF")
	unbind "$PF"
	vfctl_says 1 "driver" enable "$PF" 1
	names_result=$?
	sed 's/^/# /' "$TMP/vfctl"
	bind "$names_driver" "$PF" >/dev/null
	return $names_result
}

tells_of_each_vf() {
	start && vfctl_says 0 "" enable "$PF" "$FEW" || return 1
	vfctl status "$PF" | sed 's/^/# /'
	vfctl status --json "$PF" >"$TMP/json" || return 1
	i=0
	while [ $i -lt "$FEW" ]; do
		vf=$(vf $i)
		grep -q "\"address\": \"$vf\"" "$TMP/json" || fail "no $vf in the JSON" || return 1
		vfctl_says 0 "VF $i of $PF: $vf" status "$PF/$i" || return 1
		vfctl_says 0 "$(printf 'routing ID   0x%04x' "$(rid "$vf")")" status "$vf" || return 1
		i=$((i + 1))
	done
}

sets_what_igbvf_sees() {
	start || return 1
	if [ "$(driver_of "$PF")" != igb ]; then
		vfctl_says 0 "" enable "$PF" 1 &&
		vfctl_says 6 "no network interface" set "$PF/0" mac $MAC
		return
	fi
	wait_for $HUNG netdev "$PF" && ip link set "$(netdev "$PF")" up || return 1
	autoprobe 0
	vfctl_says 0 "" enable "$PF" 2 &&
	vfctl_says 0 "" set "$PF/0" mac $MAC vlan 7 qos 2 spoofchk off trust on || return 1
	ip link show dev "$(netdev "$PF")" | grep 'vf 0 ' >"$TMP/ip"
	sed 's/^/# /' "$TMP/ip"
	for word in $MAC "vlan 7, qos 2" "spoof checking off" "trust on"; do
		grep -q "$word" "$TMP/ip" || fail "ip does not show '$word'" || return 1
	done
	vfctl_says 0 "" set "$PF/0" vlan none spoofchk on trust off || return 1
	vfctl_says 2 "" set "$PF/0" mac 01:00:5e:00:00:01 && vfctl_says 2 "" set "$PF/0" vlan 4096 &&
	vfctl_says 2 "" set "$PF/0" mac 52:54:00:aa:bb:02 vlan x || return 1
	autoprobe 1
	bind igbvf "$(vf 0)" >/dev/null
	wait_for $HUNG netdev "$(vf 0)" || fail "igbvf does not come up" || return 1
	expect "the VF's MAC" "$(cat "$PCI/$(vf 0)"/net/*/address)" $MAC
}

# process_has_it: one that has the VF's group open, as QEMU has
process_has_it() {
	process_group=/dev/vfio/$(basename "$(readlink "$PCI/$(vf 0)/iommu_group")")
	sleep 100000 9<>"$process_group" &
	process_pid=$!
	process_result=0
	wait_for $HUNG vfctl_shows "process $process_pid (sleep)" "$PF/0" ||
		{ vfctl status "$PF/0"; fail "no process is shown"; } &&
	vfctl_says 5 "process $process_pid (sleep)" release "$PF/0" &&
	vfctl_says 5 "process $process_pid (sleep)" disable "$PF" || process_result=1
	kill $process_pid
	wait $process_pid
	return $process_result
}

vfctl_shows() {
	vfctl status "$2" | grep -qF "$1"
}

# A test of the emulated IOMMU, too: without one vfio-pci takes nothing.
gives_to_vfio_and_back() {
	start && vfctl_says 0 "" enable "$PF" 1 || return 1
	[ -e "$PCI/$(vf 0)/iommu_group" ] || skip "this machine has no IOMMU" || return
	vfio_driver=$(driver_of "$(vf 0)")
	vfctl_says 0 "" assign "$PF/0" && expect "driver" "$(driver_of "$(vf 0)")" vfio-pci || return 1
	vfctl_says 6 "" assign "$PF/0" --to guest && process_has_it || return 1
	vfctl_says 0 "" release "$PF/0" || return 1
	expect "driver" "$(driver_of "$(vf 0)")" "$vfio_driver"
}

applies_a_file() {
	start || return 1
	cat >"$TMP/file" <<-END
	{ "version": 1,
	  "pfs": [ { "pf": "$PF", "vfs": 2, "autoprobe": false,
	             "defaults": { "policy": "quarantine" },
	             "vf": [ { "index": 1, "budget": 2 } ] } ] }
	END
	if ! [ -e "$PFDIR/containment" ]; then
		sed -i '/defaults/d; s/"budget": 2/"driver": "none"/' "$TMP/file"
	fi
	vfctl_says 10 "" plan --check "$TMP/file" && expect "VFs" "$(numvfs)" 0 || return 1
	vfctl_says 0 "" apply "$TMP/file" && expect "VFs" "$(numvfs)" 2 || return 1
	vfctl_says 0 "" plan --check "$TMP/file" || return 1
	[ "$(cat "$PFDIR/sriov_drivers_autoprobe")" = 0 ] || fail "autoprobe is not 0" || return 1
	[ ! -e "$PFDIR/containment" ] ||
		expect "policy" "$(attr "$(vf 1)" containment/policy) $(attr "$(vf 1)" containment/budget)" "quarantine 2" ||
		return 1
	sed -i 's/"vfs": 2/"vfs": "two"/' "$TMP/file"
	vfctl_says 7 "$TMP/file:2:" apply "$TMP/file" && expect "VFs" "$(numvfs)" 2
}

ktap_run "
	enables_and_disables
	refuses_what_makes_no_sense
	names_the_reason
	tells_of_each_vf
	sets_what_igbvf_sees
	gives_to_vfio_and_back
	applies_a_file
"
