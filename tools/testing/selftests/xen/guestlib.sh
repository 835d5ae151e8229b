# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# What a guest does when dom0 asks it to: see tools/testing/lab/xen/guest/init.  To
# be sourced, after pci-aer/aerlib.sh.  The VF's interface is in a namespace of its
# own, vf, so that nothing but it can answer.

TMP=/tmp

# vf_device: what igbvf is bound to
vf_device() {
	for guest_link in "$DRIVERS"/igbvf/*:*; do
		[ ! -e "$guest_link" ] || basename "$guest_link"
	done
}

# vf_is_here, vf_is_gone: PCI devices, whatever driver they have
vf_is_here() {
	[ -n "$(ls "$PCI")" ]
}

vf_is_gone() {
	! vf_is_here
}

has_netdev() {
	[ -n "$(netdev "$(vf_device)")" ]
}

# vf_up ADDRESS: until the gateway answers
vf_up() {
	wait_for 30 has_netdev || fail "igbvf has no interface: $(lspci -n)" || return 1
	into_netns vf "$(netdev "$(vf_device)")" "$1" || return 1
	wait_for 20 answers vf || fail "no answer through the VF"
}

# driver_starts_again: as an operator of the guest would do it
driver_starts_again() {
	guest_dev=$(vf_device)
	[ ! -e /run/netns/vf ] || ip netns del vf
	echo "$guest_dev" >"$DRIVERS/igbvf/unbind" && echo "$guest_dev" >"$DRIVERS/igbvf/bind"
}

vf_summary() {
	guest_dev=$(vf_device)
	echo "Linux $(uname -r), VF $guest_dev $(attr "$guest_dev" vendor):$(attr "$guest_dev" device)," \
		"driver $(driver_of "$guest_dev"), interface $(in_netns vf ls /sys/class/net | grep -v '^lo$')"
}

vf_traffic() {
	guest_start=$(now)
	meters_start vf
	wait_for 5 back vf "$guest_start" || fail "the VF does not ping"
}

# vf_losses: stop the pings, print "SENT RECEIVED LOST LONGEST-GAP-MS"
vf_losses() {
	meters_stop
	meter vf
}

# hashes_start and hashes_stop: as in dom0, of other memory
hashes_start() {
	: >$TMP/hashes
	touch $TMP/hashing
	while [ -e $TMP/hashing ]; do cat /bin/busybox /lib/*/* | sha256sum; done >>$TMP/hashes &
	HASHES=$!
}

hashes_stop() {
	rm -f $TMP/hashing
	wait $HASHES
	echo "$(wc -l <$TMP/hashes) $(sort -u $TMP/hashes | wc -l)"
}

# pattern_put MB SEED and pattern_stays SEED: fill memory, and compare it
pattern_put() {
	regtool fill $TMP/pattern "$1" "$2"
}

pattern_stays() {
	regtool check $TMP/pattern "$1"
}

# vf_state: in a few words, for who wants to know why it does not work
vf_state() {
	guest_dev=$(vf_device)
	echo "driver igbvf, device ${guest_dev:-none}, link $(in_netns vf cat /sys/class/net/*/carrier 2>&1 | tr '\n' ' ')"
	[ -z "$guest_dev" ] || echo "COMMAND $(setpci -s "$guest_dev" COMMAND)"
	grep -E 'igbvf|eth|vf-|enp' /proc/interrupts
	dmesg | tail -n 8
}

# A guest whose kernel was started with xen_hostile=1: tools/testing/xen-hostile
HOSTILE=/sys/kernel/debug/xen-hostile

hostile_is_up() {
	[ "$(grep -c 'end 4$' $HOSTILE/state)" = 2 ]
}

# attack NAME COUNT SEED: in the background; attack_ended tells when it is over
attack() {
	rm -f $TMP/attack
	{
		attack_result=0
		echo "$*" >$HOSTILE/run || attack_result=1
		echo $attack_result >$TMP/attack
	} >/dev/null 2>$TMP/attack.said &
}

attack_ended() {
	[ -e $TMP/attack ]
}

# attack_report: what came of it, in words of "NAME=VALUE"
attack_report() {
	cat $TMP/attack.said
	awk '{ value = $NF; $NF = ""; sub(/ $/, ""); gsub(/ /, ""); printf "%s=%s ", $0, value }' $HOSTILE/report
	return $(cat $TMP/attack)
}

# by_hand COMMAND...: one operation; prints "ERR VALUE"
by_hand() {
	echo "$*" >$HOSTILE/op && cat $HOSTILE/op
}

# masters TIMES: turn bus mastering off and on; prints how often that was answered
masters() {
	guest_times=0
	while [ $guest_times -lt "$1" ] && by_hand write 4 2 2 && by_hand write 4 2 6; do
		guest_times=$((guest_times + 1))
	done >/dev/null
	echo "$guest_times times"
}

crash() {
	echo 1 >/proc/sys/kernel/sysrq
	{ sleep 0.5; echo c >/proc/sysrq-trigger; } >/dev/null 2>&1 &
}

# restart: reboot(2), as an operator's "reboot" in the guest ends
restart() {
	{ sleep 0.5; reboot -f; } >/dev/null 2>&1 &
}
