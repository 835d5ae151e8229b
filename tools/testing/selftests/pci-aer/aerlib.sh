# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# What every AER selftest needs: injecting errors, counting what the kernel made
# of them, its log, and a meter of what each function's traffic lost.  To be
# sourced after ../lib/ktap.sh, ../lib/pci.sh and ../pci-iov/iov.sh.
#
# Below one root port there must be errors by /dev/aer_inject or by QEMU's monitor,
# not both: the injector answers reads of ROOT_STATUS for good once it was used.
# igb is for the former, virtio for the latter.

GATEWAY=10.0.2.2
INTERVAL=50	# milliseconds between two pings of a function

# VFs stay from one test to the next.
before_each() {
	:
}

# aer_begin: which kernel is this?
aer_begin() {
	BULKHEAD=0
	! ls "$PCI"/*/containment/policy >/dev/null 2>&1 || BULKHEAD=1
}

now() {
	aertool now
}

# inject DEVICE UNCOR [COR]: by /dev/aer_inject
inject() {
	aer_result=$(aertool inject "$1" "$2" "${3:-0}")
	[ "$aer_result" = OK ] || fail "injecting $2 ${3:-0} into $1: $aer_result"
}

# hmp COMMAND...: have QEMU's monitor execute commands, print its answers, fail if
# one of them is an error.  All go there in one write, so that the guest may be
# stopped in between.
hmp() {
	aer_port=$(grep -lx hmp /sys/class/virtio-ports/*/name | sed 's,/name,,; s,.*/,/dev/,')
	[ -n "$aer_port" ] || fail "no port to QEMU's monitor: boot with --errors" || return 1
	aer_last=0
	{
		echo '{"execute":"qmp_capabilities"}'
		for aer_command; do
			aer_last=$((aer_last + 1))
			printf '{"execute":"human-monitor-command","arguments":{"command-line":"%s"},"id":%d}\n' \
				"$aer_command" $aer_last
		done
		echo '{"execute":"query-name","id":"end"}'
	} >/tmp/hmp.commands
	: >/tmp/hmp.answers
	{
		cat /tmp/hmp.commands >&8
		while read -r -t 60 aer_line <&8; do
			case $aer_line in
			*'"id": "end"'*) break ;;
			*'"id": '*) printf '%s\n' "$aer_line" >>/tmp/hmp.answers ;;
			esac
		done
	} 8<>"$aer_port"
	sed 's/^{"return": "\(.*\)", "id": .*/\1/; s/\\r\\n$//' /tmp/hmp.answers | grep . | sed 's/^/# /'
	if grep -qE 'Error|"error"|unknown command' /tmp/hmp.answers ||
	   [ "$(wc -l </tmp/hmp.answers)" -ne $aer_last ]; then
		fail "QEMU's monitor: $*"
	fi
}

# counter DEVICE SEVERITY [NAME]: of aer_dev_correctable, _nonfatal or _fatal; all
# of them, or one, such as CmpltAbrt
counter() {
	aer_total=$(echo "TOTAL_ERR_$2" | sed 's/correctable/COR/; s/nonfatal/NONFATAL/; s/fatal/FATAL/')
	sed -n "s/^${3:-$aer_total} //p" "$PCI/$1/aer_dev_$2"
}

# counters DEVICE: all three sums on a line
counters() {
	echo "cor=$(counter "$1" correctable) nonfatal=$(counter "$1" nonfatal) fatal=$(counter "$1" fatal)"
}

# contained DEVICE KEY: a number of containment/errors, or nothing
contained() {
	sed -n "s/^$2 //p" "$PCI/$1/containment/errors" 2>/dev/null
}

# unlimited DEVICE...: a test that repeats itself must not run into the budget
unlimited() {
	for aer_dev; do
		[ -e "$PCI/$aer_dev/containment/budget" ] || continue
		echo 0 >"$PCI/$aer_dev/containment/budget"
	done
}

# log_mark, and log_since: the kernel's log after the mark.  The mark is the number of a
# record, which does not get lost when the log is full; that records did is an alarm in
# what log_since prints.  Then, and when the log or the mark could not be read, the test
# fails whatever else it finds: see ktap.sh.
log_mark() {
	aer_mark=$(logtool mark) || : >"$KTAP_LOST"
}

log_since() {
	aer_log=0
	logtool since "$aer_mark" || aer_log=$?
	# 141: who reads had seen enough, and closed the pipe
	case $aer_log in
	0 | 141) ;;
	*) : >"$KTAP_LOST" ;;
	esac
	return $aer_log
}

# log_lines: how many were written since the mark, those that are lost included
log_lines() {
	logtool count "$aer_mark" && return
	aer_log=$?
	: >"$KTAP_LOST"
	return $aer_log
}

# fatal_errors DEVICE BITS, nonfatal_errors DEVICE BITS: their severity
fatal_errors() {
	setpci -s "$1" ECAP_AER+c.l="$2:$2" 2>/dev/null
}

nonfatal_errors() {
	setpci -s "$1" ECAP_AER+c.l="0:$2" 2>/dev/null
}

# into_netns NAME INTERFACE ADDRESS: into a network namespace of its own
into_netns() {
	aer_if=$2
	[ -n "$aer_if" ] || fail "no interface for $1" || return 1
	ip netns add "$1" 2>/dev/null
	if ! ip link set "$aer_if" netns "$1" ||
	   ! in_netns "$1" ip link set lo up ||
	   ! in_netns "$1" ip addr add "$3/24" dev "$aer_if" ||
	   ! in_netns "$1" ip link set "$aer_if" up; then
		fail "$aer_if in namespace $1"
	fi
}

in_netns() {
	aer_ns=$1
	shift
	/bin/ip netns exec "$aer_ns" "$@"
}

answers() {
	in_netns "$1" /bin/ping -q -c 1 -W 1 $GATEWAY
}

# meters_start NAME...: ping from each namespace; what they saw is in $TMP/NAME
meters_start() {
	METERS=
	for aer_ns; do
		aertool meter "$aer_ns" $GATEWAY $INTERVAL >"$TMP/$aer_ns" 2>&1 &
		METERS="$METERS $!"
	done
}

# meters_stop: returns when every ping is answered or lost
meters_stop() {
	[ -n "${METERS:-}" ] || return 0
	kill $METERS 2>/dev/null
	wait $METERS
	METERS=
}

# meter NAME [FROM [TO]]: "SENT RECEIVED LOST LONGEST-GAP-MS" of pings sent then
meter() {
	awk -v from="${2:-0}" -v to="${3:-999999999999}" '
		function gap(t) { if (last && t - last > longest) longest = t - last }
		$1 == "E"		{ if ($2 >= from && $2 <= to) gap($2) }
		$3 < from || $3 > to	{ next }
		$1 == "R"		{ sent++; received++; gap($4); last = $4 }
		$1 == "L"		{ sent++; if (!last) last = $3 }
		END { print sent + 0, received + 0, sent - received, longest + 0 }
	' "$TMP/$1"
}

lost() {
	meter "$@" | cut -d ' ' -f 3
}

longest_gap() {
	meter "$@" | cut -d ' ' -f 4
}

# table_of_losses NAME...: what each lost since the meters were started
table_of_losses() {
	printf '# %-8s %8s %8s %8s %12s\n' function sent received lost "gap in ms"
	for aer_ns; do
		printf '# %-8s %8d %8d %8d %12d\n' "$aer_ns" $(meter "$aer_ns")
	done
}

# back NAME SINCE: are the last ten pings all answered, and were sent after SINCE?
back() {
	tail -n 10 "$TMP/$1" | awk -v since="$2" '
		$1 != "R" || $3 < since { exit }
		NR > 1 && $2 != seq + 1 { exit }
		{ seq = $2; n++ }
		END { exit n != 10 }'
}
