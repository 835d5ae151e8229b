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

# The runners as a whole, with a machine that says what it is told to.  FAKE_SAYS is what
# comes by the tests' own channel, FAKE_CONSOLE what is on the kernel's console.
mkdir -p "$work/bin" "$work/tree/tools"
cat >"$work/machine" <<'END'
#!/bin/bash
while [ $# -gt 0 ]; do
	case $1 in
	-l)			log=$2 ;;
	file:*console.log)	log=${1#file:} ;;
	esac
	shift
done
[ ! -e "$FAKE_CONSOLE" ] || cat "$FAKE_CONSOLE" >"$log"
[ ! -e "$FAKE_SAYS" ] || cat "$FAKE_SAYS"
exit "${FAKE_STATUS:-0}"
END
chmod +x "$work/machine"
cp "$work/machine" "$work/bin/qemu-system-x86_64"
cp -r ../../scripts "$work/tree/scripts"
# by which scripts/base.sh knows which bases there are
for file in ../../base/*/replaced; do
	dir=${file#../../}
	mkdir -p "$work/tree/${dir%/*}"
	cp "$file" "$work/tree/$dir"
done
mkdir -p "$work/tree/tools/testing"
cp -r lab selftests "$work/tree/tools/testing/"
cp "$work/machine" "$work/tree/tools/testing/lab/boot"
cp "$work/machine" "$work/tree/tools/testing/lab/xen/boot"
mkdir -p "$work/fake/arch/x86/boot" "$work/debug/arch/x86/boot"
touch "$work/fake/arch/x86/boot/bzImage" "$work/debug/arch/x86/boot/bzImage"
export FAKE_CONSOLE=$work/fake.console FAKE_SAYS=$work/fake.says

# run_on RUNNER: kunit, kunit-debug, qemu or xen, on what the machine says
run_on() {
	local run=$work/tree/tools/testing/lab tree=$work/fake

	case $1 in
	kunit*)	[ "$1" = kunit ] || tree=$work/debug
		PATH=$work/bin:$PATH kunit/run -k "$tree/arch/x86/boot/bzImage" pci_iov_reason ;;
	qemu)	"$run/test" -c -k "$tree/arch/x86/boot/bzImage" conformance ;;
	xen)	"$run/xen/test" -k "$tree/arch/x86/boot/bzImage" guests ;;
	esac >"$work/judged" 2>&1
}

# good RUNNER: the machine has a good day
good() {
	FAKE_STATUS=0
	case $1 in
	kunit*)
		rm -f "$FAKE_SAYS"
		cat >"$FAKE_CONSOLE" <<-END
		$version
		[    1.0] KTAP version 1
		[    1.0] 1..1
		[    1.0]     KTAP version 1
		[    1.0]     # Subtest: pci_iov_reason
		[    1.0]     1..1
		[    1.0]     ok 1 a_case
		[    1.0] ok 1 pci_iov_reason
		# kmemleak: begin
		# kmemleak: end
		END
		;;
	*)
		printf '%s\n' 'KTAP version 1' 1..1 '  # Subtest: guests.sh' '  1..1' '  ok 1 x' \
			'ok 1 guests.sh' >"$FAKE_SAYS"
		printf '%s\n' "$version" '[    2.1] lab: guests.sh' x >"$FAKE_CONSOLE"
		;;
	esac
	export FAKE_STATUS
}

# content RUNNER: all is well with it
content() {
	good "$1"
	run_on "$1" || wrong "$1: a good run fails: $(grep -m1 '^not ok' "$work/judged")"
}

# notices RUNNER WHAT COMMAND...: what the command does to what the machine says is noticed
notices() {
	local runner=$1 what=$2
	shift 2

	good "$runner"
	"$@"
	! run_on "$runner" || wrong "$runner: $what passes"
	grep -q '^# totals: .*fail=[1-9]' "$work/judged" || wrong "$runner: $what is in no count"
}

# an_alarm LINE: in the middle of the console
# shellcheck disable=SC2317 # notices calls it
an_alarm() {
	sed -i "1a $1" "$FAKE_CONSOLE"
}

for runner in kunit kunit-debug qemu xen; do
	content "$runner"
	notices "$runner" "an alarm" an_alarm '[    1.5] WARNING: CPU: 1 PID: 12 at x.c:1 f'
	notices "$runner" "a stalled CPU" an_alarm '[    1.5] rcu: INFO: rcu_preempt self-detected'
	notices "$runner" "an empty console" truncate -s 0 "$FAKE_CONSOLE"
	notices "$runner" "a console without its beginning" sed -i 1d "$FAKE_CONSOLE"
done
for runner in kunit kunit-debug; do
	notices "$runner" "a console that ended early" sed -i '/# kmemleak: end/d' "$FAKE_CONSOLE"
	notices "$runner" "a machine that ended in a test" sed -i "/ok 1/,\$d" "$FAKE_CONSOLE"
	notices "$runner" "a run without a test" sed -i '/1\.\.1/,/ok 1 pci_iov_reason/d' "$FAKE_CONSOLE"
	notices "$runner" "a case that failed" sed -i 's/    ok 1/    not ok 1/' "$FAKE_CONSOLE"
done
notices kunit-debug "a leak" sed -i '/kmemleak: begin/a unreferenced object 0xffff' "$FAKE_CONSOLE"
notices kunit-debug "a kmemleak that is off" sed -i '/kmemleak: begin/a not available: off' \
	"$FAKE_CONSOLE"
for runner in qemu xen; do
	notices "$runner" "a lost mark" sed -i '/lab: /d' "$FAKE_CONSOLE"
	notices "$runner" "a run without a test" truncate -s 0 "$FAKE_SAYS"
	good "$runner"
	sed -i 's/  ok 1.*/  not ok 1 x # TODO what is not there yet/' "$FAKE_SAYS"
	run_on "$runner" || wrong "$runner: a test that waits fails the run"
	grep -q '^# totals: .*fail=0 .*todo=1' "$work/judged" ||
		wrong "$runner: a test that waits is not counted apart"
	notices "$runner" "a test that failed" sed -i 's/  ok 1/  not ok 1/' "$FAKE_SAYS"
	notices "$runner" "a machine that ended in an error" export FAKE_STATUS=125
done

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

# A test that waits for what is not there yet fails by itself, and then by passing.
cat >"$work/waits.sh" <<'END'
. "$1/selftests/lib/ktap.sh"
KTAP_LOST=$2/lost
BULKHEAD=1
yes() { :; }
no() { false; }
ktap_run "
	$3
"
END
# waiting LINE STATUS VERDICT
waiting() {
	local got=0 said

	said=$(sh "$work/waits.sh" "$PWD" "$work" "$1") || got=$?
	[ $got = "$2" ] || wrong "'$1' ends with $got"
	grep -qx "$3" <<<"$said" || wrong "'$1' says $said"
}
waiting 'todo no a hook of vfio' 0 'not ok 1 no # TODO a hook of vfio'
waiting 'todo yes a hook of vfio' 1 'not ok 1 yes'
waiting no 1 'not ok 1 no'

exit $status
