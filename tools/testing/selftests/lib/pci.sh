# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# PCI devices as a selftest sees them: attributes, drivers, interfaces, and
# waiting for what happens to them.  To be sourced, after ktap.sh.

PCI=/sys/bus/pci/devices
DRIVERS=/sys/bus/pci/drivers

# busybox's shell would run its own applets of these names, which know no VFs.
ip() {
	/bin/ip "$@"
}

ping() {
	/bin/ping "$@"
}

# attr DEVICE FILE
attr() {
	cat "$PCI/$1/$2"
}

# put DEVICE FILE TEXT: prints OK or the errno's name
put() {
	iovtool write "$PCI/$1/$2" "$3"
}

# driver_of DEVICE: its driver's name, or nothing
driver_of() {
	[ ! -e "$PCI/$1/driver" ] || basename "$(readlink "$PCI/$1/driver")"
}

# expect WHAT GOT WANTED...: one of the wanted
expect() {
	pci_what=$1 pci_got=$2
	shift 2
	for pci_want; do
		[ "$pci_got" != "$pci_want" ] || return 0
	done
	fail "$pci_what: got '$pci_got', not '$*'"
}

# rid ADDRESS: the routing ID as a number (domain not counted)
rid() {
	pci_rest=${1#*:}
	pci_devfn=${pci_rest#*:}
	echo $((0x${pci_rest%%:*} * 256 + 0x${pci_devfn%.*} * 8 + ${pci_devfn#*.}))
}

# bind DRIVER DEVICE: prints OK or the errno's name
bind() {
	iovtool write "$DRIVERS/$1/bind" "$2"
}

unbind() {
	[ ! -e "$PCI/$1/driver" ] || echo "$1" >"$PCI/$1/driver/unbind"
}

# netdev DEVICE: the name of its network interface
netdev() {
	ls "$PCI/$1/net" 2>/dev/null
}

# wait_for SECONDS COMMAND...: until the command succeeds.  SECONDS are those of an idle
# machine, told in sleeps of a tenth: on a busy one neither the clock alone nor the
# number of tries says that it will not come.  What a stock kernel is known not to do
# (BULKHEAD=0) is not waited for that long.
wait_for() {
	pci_patience=6
	[ "${BULKHEAD:-1}" != 0 ] || pci_patience=1
	read -r pci_up pci_rest </proc/uptime
	pci_end=$((${pci_up%.*} + $1 * pci_patience + 1))
	pci_tries=$(($1 * 10))
	shift
	while ! "$@" >/dev/null 2>&1; do
		read -r pci_up pci_rest </proc/uptime
		pci_tries=$((pci_tries - 1))
		[ $pci_tries -gt 0 ] || [ ${pci_up%.*} -lt $pci_end ] || return 1
		sleep 0.1
	done
}
