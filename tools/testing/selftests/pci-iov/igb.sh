#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# QEMU's igb under the real igb and igbvf drivers: traffic, resets, unbinding and
# handing VFs to other drivers, with VFs enabled.  The network behind the device
# answers ping at 10.0.2.2.
#
# usage: igb.sh [PF]
set -u
cd "$(dirname "$0")" || exit 1
. ../lib/ktap.sh
. ../lib/pci.sh
. ./iov.sh

iov_begin "${1:-$(pf_of_driver igb)}"
TMP=$(mktemp -d)
FEW=$((TOTAL < 2 ? TOTAL : 2))
PING=

cleanup() {
	[ -z "$PING" ] || kill "$PING" 2>/dev/null
	[ -e "$PFDIR/driver" ] || bind igb "$PF" >/dev/null
	echo 0 >"$PFDIR/sriov_numvfs" 2>/dev/null
	rm -rf "$TMP"
}
trap cleanup EXIT

# igbvf asks its PF for a MAC address over a mailbox that works only while the
# PF's interface is up.
pf_up() {
	wait_for 60 netdev "$PF" || fail "the PF has no interface" || return 1
	ip link set "$(netdev "$PF")" up
}

# set_igb N: N VFs, each with its interface
set_igb() {
	set_numvfs "$1" || return 1
	i=0
	while [ $i -lt "$1" ]; do
		vf=$(vf $i)
		wait_for 60 test -e "$PCI/$vf/net" || fail "$vf has no interface" || return 1
		expect "driver of $vf" "$(driver_of "$vf")" igbvf || return 1
		i=$((i + 1))
	done
}

# ping_vf I: through the VF and no other interface
ping_vf() {
	vf_up "$1" && ping -q -c 3 -i 0.3 -W 5 -I "$dev" 10.0.2.2 >"$TMP/ping" ||
		fail "no answer through VF $1 ($dev): $(tail -n 2 "$TMP/ping")" || return 1
	note "VF $1 $dev: $(grep received "$TMP/ping")"
	ip link set "$dev" down
	ip addr flush dev "$dev"
}

# vf_up I: give it an address; sets dev
vf_up() {
	dev=$(netdev "$(vf "$1")")
	ip link set "$dev" up &&
	ip addr add 10.0.2.$((100 + $1))/24 dev "$dev" &&
	wait_for 60 carrier "$dev"
}

carrier() {
	[ "$(cat /sys/class/net/"$1"/carrier)" = 1 ]
}

mac() {
	cat /sys/class/net/"$1"/address
}

# sriov_control: the PF's SR-IOV control and NumVFs registers
sriov_control() {
	setpci -s "$PF" ECAP10+8.w ECAP10+10.w | tr '\n' ' '
}

interfaces_of_vfs() {
	set_igb "$TOTAL" && expect links "$(vf_links)" "$TOTAL" &&
	expect "VFs that ip shows" "$(ip link show "$(netdev "$PF")" | grep -c ' vf [0-9]')" "$TOTAL"
}

ping_through_every_vf() {
	set_igb "$TOTAL" || return 1
	i=0
	while [ $i -lt "$TOTAL" ]; do
		ping_vf $i || return 1
		i=$((i + 1))
	done
	set_numvfs 0
}

mac_set_by_pf() {
	set_igb 1 || return 1
	ip link set "$(netdev "$PF")" vf 0 mac 02:00:00:00:00:77 || fail "ip link set vf" || return 1
	ip link show "$(netdev "$PF")" | grep -q 'vf 0 .*02:00:00:00:00:77' ||
		fail "ip link shows another MAC" || return 1
	# The VF's driver takes the address when it is bound.
	vf=$(vf 0)
	unbind "$vf"
	expect "bind of $vf" "$(bind igbvf "$vf")" OK || return 1
	wait_for 60 netdev "$vf"
	expect "MAC of VF 0" "$(mac "$(netdev "$vf")")" 02:00:00:00:00:77 &&
	ping_vf 0 && set_numvfs 0
}

flr_of_a_vf() {
	set_igb $FEW || return 1
	vf=$(vf 0)
	[ -e "$PCI/$vf/reset" ] || fail "$vf cannot be reset" || return 1
	unbind "$vf"
	expect "reset of $vf" "$(put "$vf" reset 1)" OK || return 1
	expect numvfs "$(numvfs)" $FEW && expect links "$(vf_links)" $FEW || return 1
	expect "bind of $vf" "$(bind igbvf "$vf")" OK || return 1
	wait_for 60 netdev "$vf"
	ping_vf 0 && set_numvfs 0
}

disable_under_traffic() {
	set_igb $FEW && vf_up 0 || return 1
	# The program itself, for $! to be its process and not a shell's.
	/bin/ping -f -q -w 8 -I "$dev" 10.0.2.2 >"$TMP/flood" 2>&1 &
	PING=$!
	sleep 1
	kill -0 $PING || fail "ping is not running" || return 1
	set_numvfs 0 || return 1
	kill -INT $PING
	wait $PING 2>/dev/null
	PING=
	note "$(grep transmitted "$TMP/flood")"
	! grep -q ' 0 received' "$TMP/flood" || fail "no traffic before" || return 1
	set_igb 1 && ping_vf 0 && set_numvfs 0
}

pf_unbind_with_vfs() {
	set_igb $FEW || return 1
	unbind "$PF"
	expect "driver of the PF" "$(driver_of "$PF")" '' &&
	expect "numvfs without a driver" "$(numvfs)" 0 &&
	expect links "$(vf_links)" 0 &&
	expect "enable without a driver" "$(put "$PF" sriov_numvfs 1)" ENOENT &&
	expect "bind of the PF" "$(bind igb "$PF")" OK && pf_up &&
	set_igb $FEW && ping_vf 0 && set_numvfs 0
}

# A reset clears the PF's SR-IOV control; the core has to put it back, for the
# VFs' devices are still there.
pf_reset_with_vfs() {
	set_igb $FEW || return 1
	before=$(sriov_control)
	expect "VF Enable and MSE" $((0x${before%% *} & 9)) 9 || return 1
	ip link set "$(netdev "$PF")" down
	expect "reset of the PF" "$(put "$PF" reset 1)" OK || return 1
	expect "control and NumVFs" "$(sriov_control)" "$before" &&
	expect numvfs "$(numvfs)" $FEW && expect links "$(vf_links)" $FEW || return 1
	set_numvfs 0 && pf_up && set_igb $FEW && ping_vf 0 && set_numvfs 0
}

vf_to_pci_stub_and_back() {
	[ -e $DRIVERS/pci-stub ] || skip "no pci-stub in this kernel" || return
	set_igb 1 || return 1
	vf=$(vf 0)
	unbind "$vf"
	echo pci-stub >"$PCI/$vf/driver_override"
	expect "bind to pci-stub" "$(bind pci-stub "$vf")" OK || return 1
	unbind "$vf"
	echo >"$PCI/$vf/driver_override"
	expect "bind to igbvf" "$(bind igbvf "$vf")" OK || return 1
	wait_for 60 netdev "$vf"
	ping_vf 0 && set_numvfs 0
}

vf_to_vfio() {
	[ -e $DRIVERS/vfio-pci ] || skip "no vfio-pci in this kernel" || return
	set_igb $FEW || return 1
	vf=$(vf 0)
	[ -e "$PCI/$vf/iommu_group" ] || { set_numvfs 0; skip "no IOMMU in this machine"; return; }
	group=$(basename "$(readlink "$PCI/$vf/iommu_group")")
	expect "devices in group $group" "$(ls "$PCI/$vf/iommu_group/devices")" "$vf" || return 1
	unbind "$vf"
	echo vfio-pci >"$PCI/$vf/driver_override"
	expect "bind to vfio-pci" "$(bind vfio-pci "$vf")" OK || return 1
	[ -c "/dev/vfio/$group" ] || fail "no /dev/vfio/$group" || return 1
	note "$vf is in group $group"
	set_numvfs 0 || return 1
	[ ! -e "/dev/vfio/$group" ] || fail "/dev/vfio/$group is still there"
}

# What "xl pci-assignable-add" does: no driver may touch the VF before it is bound
explicit_bind_without_autoprobe() {
	autoprobe 0
	set_numvfs 1 || return 1
	vf=$(vf 0)
	expect "driver of $vf" "$(driver_of "$vf")" '' &&
	expect "bind of $vf" "$(bind igbvf "$vf")" OK &&
	wait_for 60 netdev "$vf" && ping_vf 0
	result=$?
	autoprobe 1
	set_numvfs 0 && return $result
}

autoprobe 1
pf_up || exit 1
ktap_run "
	interfaces_of_vfs
	ping_through_every_vf
	mac_set_by_pf
	flr_of_a_vf
	disable_under_traffic
	pf_unbind_with_vfs
	pf_reset_with_vfs
	vf_to_pci_stub_and_back
	vf_to_vfio
	ours explicit_bind_without_autoprobe
"
