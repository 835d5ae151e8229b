#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Would the lab notice?  What kernels have said when something was wrong has to be on
# the list of alarms, what they say on a good day must not be, and a console that is
# not whole, or a log that cannot be read, has to be found out.  Says what is wrong,
# nothing else.
set -eu

cd "$(dirname "$0")/.."
# shellcheck source=../selftests/lib/alarms.sh
. selftests/lib/alarms.sh
# shellcheck source=../lab/console.sh
. lab/console.sh

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0

wrong() {
	echo "$*"
	status=1
}

while read -r line; do
	grep -qE "$alarms" <<<"$line" || wrong "not taken for an alarm: $line"
	awk -v alarms="$alarms" '$0 ~ alarms { found = 1 } END { exit !found }' <<<"$line" ||
		wrong "not taken for an alarm by awk: $line"
done <<'END'
[    1.2] WARNING: CPU: 1 PID: 12 at drivers/pci/iov/vf.c:93 f+0x12/0x20
[    1.2] WARNING: possible circular locking dependency detected
[    1.2] WARNING: suspicious RCU usage
[    1.2] BUG: KASAN: slab-use-after-free in f+0x10/0x20
[    1.2] BUG: KFENCE: out-of-bounds read in f+0x10/0x20
[    1.2] BUG kmalloc-64 (Not tainted): Poison overwritten
BUG task_struct (Not tainted): Object already free
[    1.2] BUG: sleeping function called from invalid context at mm/slab.c:1
[    1.2] Oops: general protection fault, probably for non-canonical address 0x6b6b
[    1.2] Kernel panic - not syncing: Fatal exception
[    1.2] Call Trace:
[    1.2] watchdog: BUG: soft lockup - CPU#0 stuck for 26s! [swapper/0:1]
[    1.2] rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:
[    1.2] INFO: task kworker/0:1:9 blocked for more than 122 seconds.
[    1.2] UBSAN: shift-out-of-bounds in drivers/pci/iov/caps.c:7:9
[    1.2] ODEBUG: free active (active state 0) object: 00000000a1 object type: work_struct
[    1.2] refcount_t: underflow; use-after-free.
[    1.2] kmemleak: 3 new suspected memory leaks (see /sys/kernel/debug/kmemleak)
[    1.2] list_del corruption. prev->next should be 00000000a1
[    1.2] irq 24: nobody cared (try booting with the "irqpoll" option)
[    1.2] vfctl[104]: segfault at 0 ip 00000000a1 sp 00000000b2 error 4 in vfctl[400000+1000]
END

while read -r line; do
	! grep -qE "$alarms" <<<"$line" || wrong "taken for an alarm: $line"
done <<'END'
[    1.2] pcieport 0000:00:01.0: AER: Uncorrectable (Non-Fatal) error message received
[    1.2] pcieport 0000:00:01.0: PCIe Bus Error: severity=Uncorrectable (Fatal), type=Transaction Layer
[    1.2] pci 0000:01:10.0: quarantined: 6 errors in an hour
[    1.2] DEBUG pagealloc is off
[    1.2] warning: `lspci' uses 32-bit capabilities
[    1.2] rcu: Hierarchical RCU implementation.
[    1.2] kmemleak: Kernel memory leak detector initialized (mem pool available: 39000)
END

# lost WHAT CONSOLE-LINE...: of a machine that ran two scripts; what the lab says of it
printf '  # Subtest: ports.sh\r\n  ok 1 x\r\n  # Subtest: igb.sh on igb 0000:01:00.0\r\n' >"$work/ktap"
lost() {
	shift
	printf '%s\n' "$@" >"$work/console"
	console_lost "$work/console" "$work/ktap"
}
version='[    0.0] Linux version 6.12.1 (bulkhead@bulkhead)'
ports='[    2.1] lab: ports.sh'
igb='[    9.1] lab: igb.sh on igb 0000:01:00.0'
[ -z "$(lost whole "$version" "$ports" x "$igb")" ] || wrong "a whole console is refused"
[ -n "$(lost empty)" ] || wrong "an empty console passes"
[ -n "$(lost beginning "$ports" "$igb")" ] || wrong "a console without its beginning passes"
[ -n "$(lost end "$version" "$ports")" ] || wrong "a console without its end passes"
[ -n "$(lost middle "$version" "$igb")" ] || wrong "a console that lost a mark passes"
rm "$work/console"
[ -n "$(console_lost "$work/console" "$work/ktap")" ] || wrong "a console that is not there passes"

# crashed LINE: what is said of a guest's console with that line after a wanted crash
crashed() {
	printf '%s\n' "$version" 'sysrq: Trigger a crash' 'Kernel panic - not syncing' \
		"$@" >"$work/console"
	console_alarms "$alarms" "$work/console"
}
[ -z "$(crashed x)" ] || wrong "a crash that a test wants is taken for an alarm"
[ -n "$(crashed "$version" 'BUG: KASAN: x')" ] || wrong "an alarm after the next boot passes"
[ -n "$(crashed '[    9.1] cut offBUG: the console of guest g1 is not whole')" ] ||
	wrong "the console of a guest that crashed passes without its end"

# unread LOG: a test that only looks that nothing is in LOG must fail
cc -o "$work/logtool" selftests/lib/logtool.c
cat >"$work/quiet.sh" <<'END'
cd "$1/selftests/pci-aer" || exit 1
. ../lib/ktap.sh
. ./aerlib.sh
KTAP_LOST=$2/lost
BULKHEAD=1
nothing_since() {
	log_mark
	! log_since | grep -q .
}
few_lines() {
	lines=$(log_lines)
	[ "${lines:-0}" -le 100 ]
}
marked_before() {
	! log_since >/dev/null || return 0
}
before_each() {
	log_mark
}
ktap_run "
	nothing_since
	few_lines
	marked_before
"
END
unread() {
	local shell

	for shell in dash "busybox ash"; do
		command -v "${shell%% *}" >/dev/null || continue
		# shellcheck disable=SC2086
		PATH=$work:$PATH KMSG=$1 $shell "$work/quiet.sh" "$PWD" "$work" \
			>"$work/quiet" 2>/dev/null || :
		[ "$(grep -c "^not ok" "$work/quiet")" = 3 ] ||
			wrong "$shell: a log that cannot be read passes: KMSG=$1: $(grep -c '^ok' "$work/quiet")"
	done
}
unread /nonexistent
unread "$work"
rm "$work/logtool"
unread /dev/null

exit $status
