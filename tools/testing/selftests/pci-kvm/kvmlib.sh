# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# A host with KVM and its guests: make one with a VF by vfio-pci, have it execute commands,
# end it. What the selftests of Xen say of guests, their traffic and their losses is said
# here by the same functions; what is another hypervisor's is defined anew. To be sourced,
# in its folder.

. ../xen/xenlib.sh

CONSOLES=/tmp/consoles

kvm_begin() {
	aer_begin
	TMP=$(mktemp -d)
	mkdir -p $CONSOLES
	wait_for 20 has_pf || { echo "Bail out! no igb in this machine"; exit 1; }
	[ -e /dev/kvm ] || { echo "Bail out! no KVM in this machine"; exit 1; }
	trap kvm_end EXIT
}

kvm_end() {
	meters_stop
	for kvm_name in $(guests); do
		destroy "$kvm_name"
	done
	for kvm_vf in "${VF0:-}" "${VF1:-}"; do
		[ ! -e "$PCI/${kvm_vf:-none}" ] || echo >"$PCI/$kvm_vf/driver_override"
	done
	[ -z "${PFDIR:-}" ] || echo 0 >"$PFDIR/sriov_numvfs"
}

# Without remapping of interrupts, which the lab's IOMMU cannot do under TCG
allow_unsafe_interrupts() {
	echo 1 >/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts
}

# domid NAME: the process that is the guest, if it runs
domid() {
	kvm_pid=$(cat "$TMP/$1.pid" 2>/dev/null) || return 1
	# one that has ended and waits for its parent has no program any more
	readlink "/proc/$kvm_pid/exe" >/dev/null 2>&1 && echo "$kvm_pid"
}

guests() {
	for kvm_file in "$TMP"/*.pid; do
		[ ! -e "$kvm_file" ] || basename "$kvm_file" .pid
	done
}

# in_guest NAME COMMAND...: as for Xen
in_guest() {
	kvm_name=$1
	shift
	domid "$kvm_name" >/dev/null || fail "there is no guest $kvm_name" || return 1
	kvm_number=$(now)
	# for reading, too: should QEMU end now, nobody is waited for
	printf '%s %s\n' "$kvm_number" "$*" 1<>"$TMP/$kvm_name.line.in"
	if ! wait_for $ANSWER answered; then
		fail "$kvm_name does not answer '$*'"
		return 1
	fi
	sed -n "/^answer $kvm_number /,/^end $kvm_number$/p" "$TMP/$kvm_name.line" >"$TMP/answer"
	sed '1d; $d' "$TMP/answer"
	return "$(sed -n '1s/.* //p' "$TMP/answer")"
}

answered() {
	domid "$kvm_name" >/dev/null && grep -q "^end $kvm_number$" "$TMP/$kvm_name.line"
}

# vm_state NAME: what QEMU says of it: "running", or why it is not
vm_state() {
	kvm_asked=$(grep -c 'VM status:' "$TMP/$1.monitor")
	echo "info status" 1<>"$TMP/$1.monitor.in"
	wait_for 10 vm_has_said "$1" "$kvm_asked" || fail "the monitor of $1 is silent" || return 1
	sed -n 's/.*VM status: \(.*\)/\1/p' "$TMP/$1.monitor" | tail -n 1 | tr -d '\r'
}

vm_has_said() {
	[ "$(grep -c 'VM status:' "$TMP/$1.monitor")" -gt "$2" ]
}

# ups NAME: how often it was started
ups() {
	grep -c 'lab: the guest is up' "$CONSOLES/$1"
}

up_again() {
	[ "$(ups "$1")" -gt "$2" ]
}

# create NAME [VF]: the guest is there when it has answered.  Its kernel has PCIe's own hot
# plug, and none by ACPI.
create() {
	rm -f "$TMP/$1".*
	for kvm_pipe in line monitor; do
		mkfifo "$TMP/$1.$kvm_pipe.in" "$TMP/$1.$kvm_pipe.out"
		# ends when QEMU does
		cat "$TMP/$1.$kvm_pipe.out" >"$TMP/$1.$kvm_pipe" &
	done
	: >"$CONSOLES/$1"
	qemu-system-x86_64 -M q35 -global ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off \
		-accel kvm -cpu host -m 192 -nodefaults -display none \
		-kernel /kvm/vmlinuz -initrd /kvm/guest.cpio.gz \
		-append "console=ttyS0 ignore_loglevel panic=-1 rdinit=/kvm/guest/init" \
		-chardev "file,id=console,path=$CONSOLES/$1,append=on" -serial chardev:console \
		-chardev "pipe,id=line,path=$TMP/$1.line" -serial chardev:line \
		-chardev "pipe,id=monitor,path=$TMP/$1.monitor" -mon chardev=monitor \
		-device pcie-root-port,id=rp0,chassis=1,slot=1 \
		${2:+-device vfio-pci,id=vf,host=$2,bus=rp0} \
		-daemonize -pidfile "$TMP/$1.pid" >"$TMP/$1.qemu" 2>&1 </dev/null ||
		fail "QEMU: $(tail -n 1 "$TMP/$1.qemu")" || return 1
	wait_for $ANSWER up_again "$1" 0 || fail "$1 does not start: $(tail -n 1 "$CONSOLES/$1")"
}

destroy() {
	kvm_pid=$(domid "$1") || { rm -f "$TMP/$1".*; return 0; }
	kill -9 "$kvm_pid"
	wait_for 10 destroyed "$1" || fail "$1 is still there" || return 1
	rm -f "$TMP/$1".*
}

# listed VF: can a guest have it?
listed() {
	[ "$(driver_of "$1")" = vfio-pci ]
}

# gets_driver VF DRIVER: "" for whatever matches
gets_driver() {
	unbind "$1"
	echo "$2" >"$PCI/$1/driver_override"
	echo "$1" >/sys/bus/pci/drivers_probe
}

make_assignable() {
	listed "$1" && return 0
	gets_driver "$1" vfio-pci
	listed "$1" || fail "$1 has driver '$(driver_of "$1")' in place of vfio-pci"
}

returns() {
	[ "$(driver_of "$1")" = "$2" ] || gets_driver "$1" ""
	wait_for 10 netdev "$1" || fail "$1 has no interface, its driver: $(driver_of "$1")"
}
