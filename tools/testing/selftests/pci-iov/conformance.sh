#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# What any PF has to do, real or mock: the sysfs ABI of SR-IOV, its links,
# resources and uevents.  VF drivers stay away except where a test binds one.
#
# usage: conformance.sh PF
set -u
cd "$(dirname "$0")" || exit 1
. ../lib/ktap.sh
. ../lib/pci.sh
. ./iov.sh

iov_begin "$1"
TMP=$(mktemp -d)
FEW=$((TOTAL < 2 ? TOTAL : 2))
UEVENTS=
SAVED_AUTOPROBE=$(attr "$PF" sriov_drivers_autoprobe)

cleanup() {
	[ -z "$UEVENTS" ] || kill "$UEVENTS" 2>/dev/null
	echo 0 >"$PFDIR/sriov_numvfs" 2>/dev/null
	autoprobe "$SAVED_AUTOPROBE"
	rm -rf "$TMP"
}
trap cleanup EXIT
autoprobe 0

matches() {
	attr "$PF" "$1" | grep -Eqx "$2" || fail "$1 reads '$(attr "$PF" "$1" 2>&1)'"
}

attributes_readable() {
	matches sriov_totalvfs '[1-9][0-9]*' &&
	matches sriov_numvfs '[0-9]+' &&
	matches sriov_offset '[0-9]+' &&
	matches sriov_stride '[0-9]+' &&
	matches sriov_vf_device '[0-9a-f]{1,4}' &&
	matches sriov_drivers_autoprobe '[01]' &&
	matches sriov_vf_total_msix '[0-9]+'
}

last_error_readable() {
	[ -e "$PFDIR/sriov_last_error" ] || fail "no sriov_last_error" || return 1
	set_numvfs $FEW && matches sriov_last_error none && set_numvfs 0 || return 1
	expect "numvfs above total" "$(put "$PF" sriov_numvfs $((TOTAL + 1)))" ERANGE || return 1
	matches sriov_last_error '[a-z][a-z0-9_-]*: .+' || return 1
	note "$(last_error)"
	set_numvfs $FEW && matches sriov_last_error none && set_numvfs 0
}

read_only_attributes() {
	for file in sriov_totalvfs sriov_offset sriov_stride sriov_vf_device sriov_vf_total_msix; do
		expect "writing $file" "$(put "$PF" $file 1)" EACCES || return 1
	done
	[ ! -e "$PFDIR/sriov_last_error" ] ||
		expect "writing sriov_last_error" "$(put "$PF" sriov_last_error 1)" EACCES
}

numvfs_set_and_clear() {
	set_numvfs $FEW && set_numvfs 0
}

numvfs_same_value() {
	set_numvfs $FEW || return 1
	# The VFs have to be the very same objects: a new one has a new inode.
	before=$(stat -L -c %i "$PFDIR"/virtfn*)
	set_numvfs $FEW || return 1
	expect "VFs' inodes" "$(stat -L -c %i "$PFDIR"/virtfn*)" "$before"
	result=$?
	set_numvfs 0 && set_numvfs 0 && return $result
}

numvfs_change_refused() {
	[ "$TOTAL" -ge 3 ] || skip "TotalVFs is $TOTAL" || return
	set_numvfs 2 || return 1
	for n in 1 3 "$TOTAL"; do
		expect "2 to $n" "$(put "$PF" sriov_numvfs "$n")" EBUSY || return 1
		expect numvfs "$(numvfs)" 2 && expect links "$(vf_links)" 2 || return 1
	done
	set_numvfs 0
}

# bad_numvfs STATE: every bad input is refused and leaves STATE as it is
bad_numvfs() {
	# Numbers that do not fit into 16 bits are no numbers of VFs at all.
	for text in ' ' '
' abc -1 -0x1 1x '1 2' 0x 1.5 + 65536 4294967296 99999999999999999999; do
		expect "numvfs='$text'" "$(put "$PF" sriov_numvfs "$text")" EINVAL || return 1
		expect "numvfs after '$text'" "$(numvfs)" "$1" || return 1
	done
	for text in $((TOTAL + 1)) 65535; do
		# TotalVFs may be all that 16 bits hold.
		[ "$text" -le 65535 ] || continue
		[ "$text" -gt "$TOTAL" ] || continue
		expect "numvfs=$text" "$(put "$PF" sriov_numvfs "$text")" ERANGE || return 1
		expect "numvfs after $text" "$(numvfs)" "$1" || return 1
	done
	expect links "$(vf_links)" "$1"
}

numvfs_bad_input() {
	bad_numvfs 0
}

numvfs_bad_input_with_vfs() {
	set_numvfs $FEW && bad_numvfs $FEW && set_numvfs 0
}

autoprobe_bad_input() {
	for text in '' 2 abc -1 '
'; do
		# An empty write never reaches the attribute.
		wanted=EINVAL
		[ -n "$text" ] || wanted=OK
		expect "autoprobe='$text'" "$(put "$PF" sriov_drivers_autoprobe "$text")" $wanted || return 1
		expect autoprobe "$(attr "$PF" sriov_drivers_autoprobe)" 0 || return 1
	done
	for pair in y1 n0 11 00; do
		expect "autoprobe=$pair" "$(put "$PF" sriov_drivers_autoprobe "${pair%?}")" OK &&
		expect autoprobe "$(attr "$PF" sriov_drivers_autoprobe)" "${pair#?}" || return 1
	done
}

msix_count_bad_input() {
	set_numvfs 1 || return 1
	vf=$(vf 0)
	for text in ' ' abc -1 1x; do
		expect "msix_count='$text'" "$(put "$vf" sriov_vf_msix_count "$text")" EINVAL || return 1
	done
	# A driver that cannot change a VF's vectors has none to give away.
	wanted=OK
	[ "$(attr "$PF" sriov_vf_total_msix)" -gt 0 ] || wanted=EOPNOTSUPP
	expect msix_count "$(put "$vf" sriov_vf_msix_count 2)" $wanted &&
	set_numvfs 0
}

# check_vfs N: links both ways, routing IDs, identity
check_vfs() {
	expect links "$(vf_links)" "$1" || return 1
	read -r vendor <"$PFDIR/vendor"
	read -r device <"$PFDIR/sriov_vf_device"
	parent=$(dirname "$(readlink -f "$PFDIR")")
	i=0
	while [ $i -lt "$1" ]; do
		vf_address $i
		dir=$PCI/$ADDRESS
		[ "$PFDIR/virtfn$i" -ef "$dir" ] || fail "virtfn$i is not $ADDRESS" || return 1
		[ "$dir/physfn" -ef "$PFDIR" ] || fail "$ADDRESS/physfn is not the PF" || return 1
		[ "$dir/.." -ef "$parent" ] || fail "$ADDRESS is not beside the PF" || return 1
		read -r value <"$dir/vendor"
		expect "$ADDRESS vendor" "$value" "$vendor" || return 1
		read -r value <"$dir/device"
		expect "$ADDRESS device" $((value)) $((0x$device)) || return 1
		i=$((i + 1))
	done
}

links_and_routing_ids() {
	set_numvfs "$TOTAL" && check_vfs "$TOTAL" && set_numvfs 0
}

attributes_of_a_vf() {
	set_numvfs 1 || return 1
	vf=$(vf 0)
	[ -e "$PFDIR/remove" ] || fail "the PF has no remove" || return 1
	[ ! -e "$PCI/$vf/remove" ] || fail "a VF has remove" || return 1
	[ ! -e "$PCI/$vf/sriov_numvfs" ] || fail "a VF has sriov_numvfs" || return 1
	[ -e "$PCI/$vf/sriov_vf_msix_count" ] || fail "no sriov_vf_msix_count" || return 1
	[ ! -e "$PFDIR/sriov_vf_msix_count" ] || fail "the PF has sriov_vf_msix_count" || return 1
	expect "interrupt line" "$(attr "$vf" irq)" 0 && set_numvfs 0
}

# VF BARs: resource lines 0-5 of a VF lie in lines 7-12 of the PF, one after the
# other, each an equal share.  The windows are as large as the hardware's TotalVFs
# ask for, of which a driver may use fewer.
bars_inside_windows() {
	set_numvfs "$TOTAL" || return 1
	shares=$((0x$(setpci -s "$PF" ECAP10+e.w)))
	windows=0
	bar=0
	while [ $bar -lt 6 ]; do
		# shellcheck disable=SC2046 # three numbers
		set -- $(sed -n "$((bar + 8))p" "$PFDIR/resource")
		first=$(($1)) size=$((($2 - $1 + 1) / shares)) flags=$3
		if [ $(($2)) -ne 0 ]; then
			windows=$((windows + 1))
			[ $((size * shares)) -eq $(($2 - $1 + 1)) ] || fail "window $bar: $1-$2" || return 1
		else
			first=0 size=0
		fi
		i=0
		while [ $i -lt "$TOTAL" ]; do
			line=0
			while read -r start end vf_flags; do
				[ $line -ne $bar ] || break
				line=$((line + 1))
			done <"$PFDIR/virtfn$i/resource"
			if [ $size -eq 0 ]; then
				expect "VF $i BAR $bar" $((start + end)) 0 || return 1
			else
				expect "VF $i BAR $bar start" $((start)) $((first + i * size)) &&
				expect "VF $i BAR $bar end" $((end)) $((first + (i + 1) * size - 1)) &&
				expect "VF $i BAR $bar flags" $((vf_flags & 0xf00)) $((flags & 0xf00)) ||
					return 1
			fi
			i=$((i + 1))
		done
		bar=$((bar + 1))
	done
	note "$windows windows"
	[ $windows -gt 0 ] || fail "no VF BAR at all" || return 1
	set_numvfs 0
}

bars_in_iomem() {
	grep -q " : $PF\$" /proc/iomem ||
		skip "nor are the PF's: a mock's memory is not the machine's" || return
	# The mock's memory is not part of this machine's.
	grep -q " : $PF\$" /proc/iomem || skip "$PF has no memory in /proc/iomem" || return
	set_numvfs 1 || return 1
	vf=$(vf 0)
	grep -q " : $vf\$" /proc/iomem || fail "$vf is not in /proc/iomem" || return 1
	set_numvfs 0 || return 1
	! grep -q " : $vf\$" /proc/iomem || fail "$vf is still in /proc/iomem"
}

listen() {
	iovtool uevents >"$TMP/uevents" &
	UEVENTS=$!
	wait_for 60 grep -q listening "$TMP/uevents"
}

stop_listening() {
	kill $UEVENTS
	wait $UEVENTS 2>/dev/null
	UEVENTS=
	! grep lost "$TMP/uevents" || fail "uevents were lost"
}

# line PATTERN: the number of the first uevent that matches
line() {
	grep -n -m 1 "$1" "$TMP/uevents" | cut -d : -f 1
}

uevents_of_vfs() {
	listen && set_numvfs $FEW && stop_listening || return 1
	i=0 last=0
	while [ $i -lt $FEW ]; do
		vf=$(vf $i)
		add=$(line "^add $vf ")
		change=$(line "^change $vf .*physfn=1")
		[ -n "$add" ] && [ -n "$change" ] ||
			fail "$vf: add '$add', change with a link '$change'" || return 1
		[ "$add" -lt "$change" ] || fail "$vf: change before add" || return 1
		[ "$add" -gt "$last" ] || fail "$vf came out of order" || return 1
		last=$add
		i=$((i + 1))
	done
	vf=$(vf 0)
	listen && set_numvfs 0 && stop_listening || return 1
	[ -n "$(line "^remove $vf ")" ] || fail "no remove for $vf"
}

uevent_of_pf_at_enable() {
	listen && set_numvfs $FEW && stop_listening || return 1
	grep "^change $PF " "$TMP/uevents" | sed 's/^/# /'
	[ -n "$(line "^change $PF numvfs=$FEW ")" ] || fail "no change with numvfs=$FEW" || return 1
	set_numvfs 0
}

uevent_of_pf_at_disable() {
	set_numvfs $FEW || return 1
	listen && set_numvfs 0 && stop_listening || return 1
	[ -n "$(line "^change $PF numvfs=0 ")" ] || fail "no change with numvfs=0"
}

# Those where something may be different: KUnit tries every number of 64.
several_numbers() {
	snapshot "$TMP/before"
	for n in 0 1 2 3 4 6 7 8 9 15 16; do
		[ $n -le "$TOTAL" ] || break
		set_numvfs $n && check_vfs $n && set_numvfs 0 && no_leftovers "$TMP/before" || return 1
	done
}

all_vfs_leave_nothing() {
	snapshot "$TMP/before"
	set_numvfs "$TOTAL" && expect links "$(vf_links)" "$TOTAL" && set_numvfs 0 &&
	no_leftovers "$TMP/before"
}

autoprobe_off_binds_nothing() {
	autoprobe 0
	set_numvfs $FEW || return 1
	i=0
	while [ $i -lt $FEW ]; do
		expect "driver of VF $i" "$(driver_of "$(vf $i)")" '' || return 1
		i=$((i + 1))
	done
	set_numvfs 0
}

# The ID has to be known to pci-stub before the VFs are there: a new ID is tried
# on all devices at once.
stub_id() {
	[ -e $DRIVERS/pci-stub ] || skip "no pci-stub in this kernel" || return
	read -r vendor <"$PFDIR/vendor"
	read -r device <"$PFDIR/sriov_vf_device"
	echo "${vendor#0x} $device" >$DRIVERS/pci-stub/"$1" 2>/dev/null || :
}

autoprobe_off_explicit_bind() {
	stub_id new_id || return
	autoprobe 0
	set_numvfs 1 || return 1
	vf=$(vf 0)
	expect "driver of $vf" "$(driver_of "$vf")" '' &&
	expect "bind of $vf" "$(bind pci-stub "$vf")" OK &&
	expect "driver of $vf" "$(driver_of "$vf")" pci-stub
	result=$?
	set_numvfs 0
	stub_id remove_id
	return $result
}

autoprobe_off_driver_override() {
	[ -e $DRIVERS/pci-stub ] || skip "no pci-stub in this kernel" || return
	autoprobe 0
	set_numvfs 1 || return 1
	vf=$(vf 0)
	echo pci-stub >"$PCI/$vf/driver_override"
	echo "$vf" >/sys/bus/pci/drivers_probe
	expect "driver of $vf" "$(driver_of "$vf")" pci-stub || return 1
	unbind "$vf"
	expect "driver of $vf" "$(driver_of "$vf")" '' && set_numvfs 0
}

disable_with_bound_vf() {
	[ -e $DRIVERS/pci-stub ] || skip "no pci-stub in this kernel" || return
	snapshot "$TMP/before"
	set_numvfs $FEW || return 1
	vf=$(vf 0)
	echo pci-stub >"$PCI/$vf/driver_override"
	echo "$vf" >/sys/bus/pci/drivers_probe
	expect "driver of $vf" "$(driver_of "$vf")" pci-stub &&
	set_numvfs 0 && no_leftovers "$TMP/before"
}

# hundredths: of a second, since the machine was started
hundredths() {
	read -r up _ </proc/uptime
	echo "${up%.*}${up#*.}"
}

# Stock sleeps for the second that the hardware may need before anyone may look
# at the capability again. Here whoever looks next waits for what is left of it, so
# that such a look waits if disabling did not. If the machine was too busy to look
# within the second, nothing was seen: try again.
disable_does_not_sleep() {
	[ "$DRIVER" != igb ] || skip "igb itself sleeps for a second when its VFs go" || return
	for try in 1 2 3 4 5 6 7 8 9 10; do
		set_numvfs $FEW && set_numvfs 0 || return 1
		before=$(hundredths)
		setpci -s "$PF" ECAP10+8.w >/dev/null || fail "setpci" || return 1
		waited=$(($(hundredths) - before))
		note "try $try: whoever looked next waited for ${waited}0 ms"
		[ $waited -lt 30 ] || return 0
	done
	fail "nothing was left of the second after a disable"
}

# reading numvfs must not wait for whoever changes it
read_during_enable() {
	for try in 1 2 3 4 5 6 7 8 9 10; do
		set_numvfs 0 || return 1
		report=$(iovtool overlap "$PFDIR/sriov_numvfs" "$TOTAL" "$PFDIR/sriov_numvfs")
		note "try $try: $report"
		case $report in
		result=OK*inside=0\ *)	;;
		result=OK*)		set_numvfs 0; return ;;
		*)			fail "enable of $TOTAL"; return 1 ;;
		esac
	done
	fail "no read came back during an enable"
}

ktap_run "
	attributes_readable
	ours last_error_readable
	read_only_attributes
	numvfs_set_and_clear
	numvfs_same_value
	numvfs_change_refused
	numvfs_bad_input
	numvfs_bad_input_with_vfs
	autoprobe_bad_input
	msix_count_bad_input
	links_and_routing_ids
	attributes_of_a_vf
	bars_inside_windows
	bars_in_iomem
	uevents_of_vfs
	uevent_of_pf_at_enable
	ours uevent_of_pf_at_disable
	several_numbers
	all_vfs_leave_nothing
	autoprobe_off_binds_nothing
	ours autoprobe_off_explicit_bind
	autoprobe_off_driver_override
	disable_with_bound_vf
	ours disable_does_not_sleep
	ours read_during_enable
"
