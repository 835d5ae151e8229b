# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# The sources of errors that boot --errors adds: VN0, VN1 and VN2 are virtio-net
# devices, DN0 and DN1 the ports of a switch above VN0 and VN2, RPE and RPV the
# root ports.  Each vnN's interface is in a namespace of that name.  To be sourced,
# after aerlib.sh.  Sets TMP.

# by_mac MAC: the virtio device
by_mac() {
	for virtio_net in "$PCI"/*/virtio*/net/*; do
		if [ "$(cat "$virtio_net/address" 2>/dev/null)" = "$1" ]; then
			basename "${virtio_net%/virtio*}"
			return
		fi
	done
}

# above DEVICE: the port
above() {
	basename "$(dirname "$(readlink -f "$PCI/$1")")"
}

# The interfaces take a while to come back from namespaces that are gone.
virtio_found() {
	VN0=$(by_mac 52:54:00:12:35:00)
	VN1=$(by_mac 52:54:00:12:35:01)
	VN2=$(by_mac 52:54:00:12:35:02)
	[ -n "$VN0" ] && [ -n "$VN1" ] && [ -n "$VN2" ]
}

virtio_begin() {
	aer_begin
	TMP=$(mktemp -d)
	trap virtio_end EXIT
	if ! wait_for 10 virtio_found; then
		echo "1..0 # SKIP this machine has no sources of errors"
		exit 0
	fi
	DN0=$(above $VN0) DN1=$(above $VN2) RPV=$(above $VN1)
	RPE=$(above "$(above $DN0)")
	unlimited $VN0 $VN1 $VN2 $DN0 $DN1 $RPE $RPV
	virtio_up || exit 1
}

virtio_end() {
	meters_stop
	for virtio_ns in vn0 vn1 vn2; do
		ip netns del $virtio_ns 2>/dev/null
	done
	rm -rf "$TMP"
}

# virtio_well NAME...: [all]
virtio_well() {
	[ $# -gt 0 ] || set -- vn0 vn1 vn2
	for virtio_ns; do
		answers $virtio_ns >/dev/null 2>&1 || fail "$virtio_ns does not answer" || return 1
	done
}

# virtio_up: who does not answer is bound anew.  What a stock kernel has reset and
# not restored has lost its numbers and its windows and has to be found anew.
virtio_up() {
	for virtio_i in 0 1 2; do
		case $virtio_i in
		0) virtio_dev=$VN0 ;;
		1) virtio_dev=$VN1 ;;
		2) virtio_dev=$VN2 ;;
		esac
		! answers vn$virtio_i >/dev/null 2>&1 || continue
		unbind $virtio_dev
		ip netns del vn$virtio_i 2>/dev/null
		if ! setpci -s $virtio_dev BASE_ADDRESS_1 2>/dev/null | grep -q '[1-9a-e]'; then
			virtio_port=$(above $virtio_dev)
			[ $virtio_i = 1 ] || virtio_port=$(above "$(above $virtio_port)")
			note "found anew: what is below $virtio_port"
			for virtio_below in "$PCI/$virtio_port/"0000:*; do
				[ ! -e "$virtio_below/remove" ] || echo 1 >"$virtio_below/remove"
			done
			echo 1 >/sys/bus/pci/rescan
		fi
		[ -e "$PCI/$virtio_dev/driver" ] ||
			expect "bind of $virtio_dev" "$(bind virtio-pci $virtio_dev)" OK || return 1
		wait_for 5 virtio_netdev $virtio_dev || fail "vn$virtio_i has no interface" || return 1
		into_netns vn$virtio_i "$(virtio_netdev $virtio_dev)" 10.0.2.$((110 + virtio_i)) || return 1
		wait_for 10 answers vn$virtio_i || fail "vn$virtio_i gets no answer" || return 1
	done
}

virtio_netdev() {
	for virtio_net in "$PCI/$1"/virtio*/net/*; do
		[ ! -e "$virtio_net" ] || { basename "$virtio_net"; return; }
	done
	return 1
}
