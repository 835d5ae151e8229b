# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# dom0 of Xen and its guests: make one with a VF, have it execute commands, take its
# VF away, destroy it.  To be sourced, in its folder; brings what it stands on.

. ../lib/ktap.sh
. ../lib/alarms.sh
. ../lib/pci.sh
. ../pci-iov/iov.sh
. ../pci-aer/aerlib.sh

CREATE_TRIES=3
COMPLETER_ABORT=0x8000
ANSWER=90	# seconds for a guest to carry out a command, on a host that is busy
LIMIT=20	# seconds after which a function that is silent counts as dead
PCIBACK=$DRIVERS/pciback
MODEL_LOG=/var/log/xen/qemu-dm

# Any test may be the first that needs what it names; see ready()
before_each() {
	echo "lab: test $(cut -d ' ' -f 1 /proc/uptime)" >/dev/kmsg
}

# dom0's end of what pci-iov and pci-aer call BULKHEAD; and whatever a script made
# goes away with it, so that the next finds the machine as it was
xen_begin() {
	aer_begin
	TMP=$(mktemp -d)
	KERNEL_HASH=$(kernel_hash)
	wait_for 20 has_pf || { echo "Bail out! no igb in this machine"; exit 1; }
	trap xen_end EXIT
}

xen_end() {
	meters_stop
	for xen_name in $(guests); do
		destroy "$xen_name"
	done
	for xen_vf in $(xl pci-assignable-list); do
		xl pci-assignable-remove "$xen_vf" >/dev/null 2>&1
	done
	for xen_vf in vf0 vf1; do
		! [ -e /run/netns/$xen_vf ] || ip netns del $xen_vf
	done
	[ -z "${PFDIR:-}" ] || echo 0 >"$PFDIR/sriov_numvfs"
}

# judge_pciback: "ours" is said of the backend, which comes by itself
judge_pciback() {
	BULKHEAD=1
	! grep -qw xen_pcibk_do_op /proc/kallsyms || BULKHEAD=0
}

domid() {
	xl domid "$1" 2>/dev/null
}

# slot ADDRESS: as xl writes it, without the domain
slot() {
	echo "${1#*:}"
}

# in_guest NAME COMMAND...: in the guest's shell; prints what it prints, returns what
# it returns; fails without an answer after $ANSWER seconds
in_guest() {
	xen_name=$1
	shift
	xen_id=$(domid "$xen_name") || fail "there is no guest $xen_name" || return 1
	xen_path=/local/domain/$xen_id/data
	xen_number=$(now)
	xenstore-write -R "$xen_path/command" "$xen_number $*"
	if ! wait_for $ANSWER answered; then
		fail "$xen_name does not answer '$*'"
		return 1
	fi
	xenstore-read -R "$xen_path/answer" >"$TMP/answer"
	# awk ends the last line, too
	awk 'NR > 1' "$TMP/answer"
	return "$(sed -n '1s/.* //p' "$TMP/answer")"
}

answered() {
	xenstore-read -R "$xen_path/answer" 2>/dev/null | head -n 1 | grep -q "^$xen_number "
}

# create NAME [VF]: with $GUEST_ARGS for its kernel, $ON_CRASH, $ON_REBOOT,
# $PASSTHROUGH, $GUEST_TYPE
#
# libxc once said "unable to XZ decompress kernel" of a file that it had just made
# another guest of, before the FPU was switched eagerly (tools/testing/lab/xen/boot).
# Should it come again, it is said with what could tell why, and tried again.
create() {
	cat >"$TMP/$1.cfg" <<-END
	name = "$1"
	kernel = "/xen/vmlinuz"
	ramdisk = "/xen/guest.cpio.gz"
	extra = "console=hvc0 ignore_loglevel rdinit=/xen/guest/init ${GUEST_ARGS:-}"
	memory = 256
	vcpus = 1
	on_crash = "${ON_CRASH:-destroy}"
	on_reboot = "${ON_REBOOT:-destroy}"
	END
	[ "${GUEST_TYPE:-pv}" != hvm ] || printf 'type = "hvm"\nvga = "none"\nvnc = 0\n' >>"$TMP/$1.cfg"
	# Without a function now it may get one later: Xen has to set its IOMMU up, and
	# the guest's kernel its DMA, which it does when it finds room for PCI in its memory.
	# Where the host has that, Xen tells a PV dom0 only.
	if dom0_is_pvh; then
		echo 'passthrough = "enabled"'
	elif [ -n "${2:-}" ]; then
		echo "pci = [ '$(slot "$2")' ]"
	else
		printf 'passthrough = "%s"\ne820_host = 1\n' "${PASSTHROUGH:-enabled}"
	fi >>"$TMP/$1.cfg"
	xen_try=1
	while ! xl create "$TMP/$1.cfg" >"$TMP/create" 2>&1; do
		sed 's/^/# xl: /' "$TMP/create"
		[ ! -e "$MODEL_LOG-$1.log" ] || sed 's/^/# device model: /' "$MODEL_LOG-$1.log"
		grep -q 'decompress' "$TMP/create" && [ $xen_try -lt $CREATE_TRIES ] ||
			fail "xl create $1" || return 1
		note "known oddity, try $xen_try: the kernel's hash is $(kernel_hash)," \
			"was $KERNEL_HASH; guests: $(guests)"
		xl destroy "$1" 2>/dev/null
		xen_try=$((xen_try + 1))
	done
	[ -z "${2:-}" ] || ! dom0_is_pvh || pci_attach "$1" "$2"
}

# dom0_is_pvh: then a guest can have a function, but no interrupt of it: Xen 4.17 takes
# no orders on those from a PVH domain
dom0_is_pvh() {
	grep -qx PVH /sys/hypervisor/guest_type
}

# pci_attach NAME VF: the guest may have other plans than to use it
pci_attach() {
	xl pci-attach "$1" "$(slot "$2")" 2>&1 | sed 's/^/# xl: /'
	xl pci-list "$1" | grep -q "$2" || fail "xl pci-attach $1 $(slot "$2")"
}

# hostile_guest: g1, with a kernel that attacks
hostile_guest() {
	domid g1 >/dev/null && in_guest g1 hostile_is_up >/dev/null && return 0
	destroy g1
	make_assignable "$VF0" || return 1
	GUEST_ARGS="xen_hostile=1"
	create g1 "$VF0"
	hostile_result=$?
	GUEST_ARGS=
	[ $hostile_result = 0 ] || return 1
	in_guest g1 wait_for 15 hostile_is_up || fail "the hostile guest is not connected" || return 1
	note "g1 attacks: $(in_guest g1 cat $HOSTILE/state | tr '\n' ' ')"
}

HOSTILE=/sys/kernel/debug/xen-hostile

kernel_hash() {
	sha256sum /xen/vmlinuz | cut -c 1-16
}

# hashes_start and hashes_stop: hash the same memory again and again meanwhile; print
# how often, and how many different results there were
hashes_start() {
	: >"$TMP/hashes"
	touch "$TMP/hashing"
	while [ -e "$TMP/hashing" ]; do kernel_hash; done >>"$TMP/hashes" &
	HASHES=$!
}

hashes_stop() {
	rm -f "$TMP/hashing"
	wait $HASHES
	echo "$(wc -l <"$TMP/hashes") $(sort -u "$TMP/hashes" | wc -l)"
}

guests() {
	xl list | awk 'NR > 2 { printf "%s%s", sep, $1; sep = " " }'
}

# destroyed NAME
destroyed() {
	! domid "$1" >/dev/null
}

destroy() {
	domid "$1" >/dev/null || return 0
	xl destroy "$1" >"$TMP/destroy" 2>&1 || sed 's/^/# xl: /' "$TMP/destroy"
	wait_for 10 destroyed "$1" || fail "$1 is still there"
}

# listed VF: is it assignable?
listed() {
	xl pci-assignable-list | grep -q "$(slot "$1")"
}

# make_assignable VF
make_assignable() {
	! listed "$1" || return 0
	xl pci-assignable-add "$(slot "$1")" >"$TMP/assign" 2>&1
	sed 's/^/# xl: /' "$TMP/assign"
	listed "$1" || fail "$1 is not in xl pci-assignable-list"
}

# containment VF FILE: a file, or "-" where the kernel has none
containment() {
	cat "$PCI/$1/containment/$2" 2>/dev/null || echo -
}

# pf_up: VFs ask their PF for an address when they are probed: it has to be up.  It
# stays where dom0 is, as on any host, and where vfctl looks for it; "pf" is a name
# for that namespace.
pf_up() {
	if ! [ -e /run/netns/pf ]; then
		wait_for 10 netdev "$PF" || fail "$PF has no interface" || return 1
		mkdir -p /run/netns
		: >/run/netns/pf
		mount --bind /proc/self/ns/net /run/netns/pf || return 1
		ip addr add 10.0.2.100/24 dev "$(netdev "$PF")" || return 1
		ip link set "$(netdev "$PF")" up || return 1
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

# ready NAME: make the guest anew if need be; a test that failed may have left none
ready() {
	! well "$1" || return 0
	note "$1 is made anew"
	destroy "$1"
	make_assignable "$(vf_of "$1")" && create "$1" "$(vf_of "$1")" &&
	in_guest "$1" vf_up "$(address_of "$1")"
}

# traffic NAME...: the guests' pings and the PF's
traffic() {
	traffic_start=$(now)
	meters_start pf
	wait_for 5 back pf "$traffic_start" || fail "the PF does not ping" || return 1
	for guest; do
		in_guest "$guest" INTERVAL=$INTERVAL vf_traffic || return 1
	done
}

# losses NAME...: the table, in $TMP/losses
losses() {
	traffic_stop "$@" >"$TMP/losses"
	printf '# %-8s %6s %8s %6s %10s\n' function sent received lost "gap in ms"
	while read -r name sent received lost gap; do
		printf '# %-8s %6s %8s %6s %10s\n' "$name" "$sent" "$received" "$lost" "$gap"
	done <"$TMP/losses"
}

# nothing_lost NAME...
nothing_lost() {
	for guest; do
		expect "pings that $guest lost" "$(lost_of $guest)" 0 || return 1
	done
}

pf_has_two_vfs() {
	iov_begin "$(pf_of_driver igb)"
	pf_up || return 1
	set_numvfs 2 || return 1
	vfs_up || return 1
	expect "drivers" "$(driver_of "$VF0") $(driver_of "$VF1")" "igbvf igbvf"
}

vfs_are_assignable() {
	for vf in "$VF0" "$VF1"; do
		make_assignable "$vf" && expect "driver" "$(driver_of "$vf")" pciback || return 1
	done
}

detach() {
	xl pci-detach g1 "$(slot "$VF0")" 2>&1 | sed 's/^/# xl: /'
	in_guest g1 wait_for 10 vf_is_gone || fail "g1 still has its VF" || return 1
	! xl pci-list g1 | grep -q "$VF0" || fail "xl still lists it"
}

attach() {
	pci_attach g1 "$VF0" || return 1
	in_guest g1 wait_for 10 vf_is_here || fail "g1 has no VF"
}

attach_and_use() {
	attach && in_guest g1 vf_up "$(address_of g1)"
}

# returns ADDRESS DRIVER: what nobody has any more, to its driver in dom0
returns() {
	xl pci-assignable-remove -r "$(slot "$1")" 2>&1 | sed 's/^/# xl: /'
	[ "$(driver_of "$1")" = "$2" ] || note "bind to $2: $(bind "$2" "$1")"
	wait_for 10 netdev "$1" || fail "$1 has no interface, its driver: $(driver_of "$1")"
}

# vf_works_in_dom0: g1's
vf_works_in_dom0() {
	returns "$VF0" igbvf || return 1
	into_netns vf0 "$(netdev "$VF0")" 10.0.2.111 || return 1
	wait_for $LIMIT answers vf0 || fail "no answer through $VF0 in dom0"
}

# With a neighbour that goes on: $1 is done to g1 while g2 and the PF ping
undisturbed() {
	ready g2 && traffic g2 || return 1
	log_mark
	"$@"
	undisturbed_result=$?
	losses g2
	no_alarm && nothing_lost pf g2 && return $undisturbed_result
}

no_alarm() {
	log_since >"$TMP/log" || fail "dom0's log is lost, or cannot be read" || return 1
	grep -E "$alarms" "$TMP/log" >"$TMP/alarm" || return 0
	sed 's/^/# /' "$TMP/alarm" | head -n 3
	fail "alarm in dom0's log"
}

# vf_comes_back: g1's, to dom0
vf_comes_back() {
	destroy g1 && vf_works_in_dom0
}

# quarantine VF: by an error that is one too many
quarantine() {
	echo quarantine >"$PCI/$1/containment/policy" && inject "$1" $COMPLETER_ABORT || return 1
	wait_for 5 is_state "$1" quarantined || fail "$1 is $(containment "$1" state)"
	quarantine_result=$?
	echo reset >"$PCI/$1/containment/policy"
	return $quarantine_result
}

# is_state VF STATE
is_state() {
	[ "$(containment "$1" state)" = "$2" ]
}

# master_is_off VF: in hardware
master_is_off() {
	expect "bus mastering of $1" $((0x$(setpci -s "$1" COMMAND) & 4)) 0
}

# release VF: out of quarantine, where an operator has to say so
release() {
	! is_state "$1" quarantined || echo 1 >"$PCI/$1/containment/release"
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
