#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# One test in seconds: do the runners take the names of tests, say of one that is none what
# it may have been, build nothing beside, wait for nobody, and say of a failure how to have
# it again? Says what is wrong, nothing else.
set -u

cd "$(dirname "$0")/../../.." || exit 1
work=$(mktemp -d)
other=''
# shellcheck disable=SC2317 # a trap's handler is not unreachable
stop() {
	[ -z "$other" ] || kill "$other" 2>/dev/null
	rm -rf "$work"
}
trap stop EXIT
status=0

wrong() {
	echo "$*"
	status=1
}

# refused WANTED COMMAND...: it fails, with one line that has WANTED in it
refused() {
	local wanted=$1
	shift

	! "$@" >"$work/said" 2>&1 || wrong "it is taken: $*"
	[ "$(wc -l <"$work/said")" = 1 ] || wrong "not one line: $*: $(cat "$work/said")"
	grep -qF -- "$wanted" "$work/said" || wrong "$* does not say '$wanted': $(cat "$work/said")"
}

taken() {
	"$@" >"$work/said" 2>&1 || wrong "not taken: $*: $(cat "$work/said")"
}

unknown_names_are_refused() {
	refused routing tools/testing/user/run ruting
	refused fuzz_caps tools/testing/user/run fuzz_cap
	refused rules tools/testing/user/run routing ruls
	refused pci_iov_routing tools/testing/kunit/run -n pci_iov_ruoting
	refused pci_iov_routing.id_is_the_inverse_of_rid \
		tools/testing/kunit/run -n pci_iov_routing.id_is_the_inverse_of_rib
	refused pci_aer_decide tools/testing/kunit/run -n 'pci_aer_dezid*'
	refused igb_traffic tools/testing/lab/test -n igb_trafic
	refused mac_set_by_pf tools/testing/lab/test -n igb TESTS=mac_set_by_fp
	refused 'say which' tools/testing/lab/test -n TESTS=mac_set_by_pf
	refused guests tools/testing/lab/xen/test -n gests
	refused dom0_is_up tools/testing/lab/xen/test -n guests TESTS=dom0_is_pu
}

names_and_globs_are_taken() {
	taken tools/testing/kunit/run -n 'pci_iov_rout*'
	taken tools/testing/kunit/run -n 'pci_iov_routing.rid*'
	taken tools/testing/lab/test -n 'igb*' TESTS=mac_set_by_pf
	taken tools/testing/lab/test -n ports TESTS=nonfatal
	taken tools/testing/lab/test -n kvm TESTS=process_is_killed
	taken tools/testing/lab/xen/test -n 'gue*' OPS=3
	taken tools/testing/lab/xen/test -n guests.sh TESTS=dom0_is_up+pf_has_two_vfs
}

# Another run is in the middle of everything; it would be waited for.
one_program_and_no_other() {
	mkdir -p build
	(flock 9 && exec sleep 1000000) 9>build/.user.lock &
	other=$!
	while flock -n build/.user.lock true; do sleep 0.1; done
	taken tools/testing/user/run -o "$work/user" routing
	grep -q '^# totals: pass=4 fail=0' "$work/said" || wrong "routing: $(tail -n 1 "$work/said")"
	find "$work/user" -type f ! -name '*.log' ! -name sources |
		grep -vE '/routing(_test)?(\.[od])?$|/suite\.[od]$' >"$work/more"
	[ ! -s "$work/more" ] || wrong "routing alone was wanted; made were: $(cat "$work/more")"
	kill "$other"
	wait "$other" 2>/dev/null
	other=''
}

failures_say_how_to_have_them_again() {
	local copy=$work/iov

	cp -r drivers/pci/iov "$copy"
	sed -i 's/n > 1 && !layout->stride/n > 2 \&\& !layout->stride/' "$copy/routing.c"
	! tools/testing/user/run -o "$work/user" -i "$copy" routing bars >"$work/said" 2>&1 ||
		wrong "a VF that another's routing ID is given to passes"
	grep -qE "^# alone: tools/testing/user/run -i $copy .* routing$" "$work/said" ||
		wrong "it does not say how to run routing alone"
	grep -q 'with the parameter "stride 0"' "$work/said" || wrong "what it was about is not said"
	[ "$(grep -c '^# alone' "$work/said")" = 1 ] || wrong "bars failed as well"

	echo 'no C' >>"$copy/routing.c"
	! tools/testing/user/run -o "$work/user" -i "$copy" routing bars >"$work/said" 2>&1 ||
		wrong "what does not build passes"
	grep -q '^not ok 1 routing_test # it does not build' "$work/said" ||
		wrong "routing does not build, and it says: $(grep ' routing_test' "$work/said")"
	grep -q '^ok 2 bars_test' "$work/said" || wrong "bars is not run when routing does not build"
}

# of_kunit LINE...: what is said of a console with these
of_kunit() {
	printf '%s\n' '[    1.20] KTAP version 1' '[    1.21] 1..1' '[    1.22]     KTAP version 1' \
		'[    1.23]     # Subtest: pci_iov_bars' "$@" | tools/testing/kunit/failed
}

kunit_names_its_failures() {
	[ -z "$(of_kunit '[    1.3]     ok 1 a' '[    1.4] ok 1 pci_iov_bars')" ] ||
		wrong "KUnit: what passed is named"
	[ "$(of_kunit '[    1.3]     not ok 1 a' '[    1.3]     ok 2 b' \
		'[    1.4] not ok 1 pci_iov_bars')" = pci_iov_bars.a ] ||
		wrong "KUnit: a case that failed is not named"
	[ "$(of_kunit '[    1.3]         not ok 1 some parameter' '[    1.3]     not ok 1 a' \
		'[    1.4] not ok 1 pci_iov_bars')" = pci_iov_bars.a ] ||
		wrong "KUnit: a case with parameters is not named once"
	[ "$(of_kunit '[    1.3]     ok 1 a' '[    1.4] Kernel panic')" = pci_iov_bars ] ||
		wrong "KUnit: the suite in which the machine ended is not named"
}

# of_lab LINE...: what is said of a run that printed these
of_lab() {
	printf '%s\n' "$@" >"$work/ktap"
	ktap_alone "$work/ktap" 'make test-qemu ONLY='
}

lab_names_its_failures() {
	# shellcheck source=../lab/console.sh
	. tools/testing/lab/console.sh
	[ -z "$(of_lab '    # Subtest: igb.sh on igb 0000:01:00.0' '      ok 1 a' \
		'  ok 1 igb.sh on igb 0000:01:00.0' 'ok 1 selftests')" ] ||
		wrong "the lab: what passed is named"
	[ "$(of_lab '    # Subtest: igb.sh on igb 0000:01:00.0' '      not ok 1 a' \
		'  not ok 1 igb.sh on igb 0000:01:00.0' 'not ok 1 selftests')" = \
		'# alone: make test-qemu ONLY=igb' ] || wrong "the lab: a script that failed is not named"
	[ "$(of_lab '    # Subtest: ports.sh' '      ok 1 a')" = '# alone: make test-qemu ONLY=ports' ] ||
		wrong "the lab: the script in which the machine ended is not named"
}

without_symbols_nothing_is_lost() {
	local line='[    1.2]  sriov_enable+0x12/0x20'

	[ "$(tools/testing/lab/decode "$work/arch/x86/boot/bzImage" <<<"$line")" = "$line" ] ||
		wrong "a trace is lost without symbols"
}

with_symbols_a_trace_has_lines() {
	local said

	# without the base's program nothing is decoded
	[ -e build/base.version ] || scripts/tree check
	printf 'int f(int a)\n{\n\treturn a ? 3 : a + 1;\n}\n' >"$work/f.c"
	(cd "$work" && gcc -g -O0 -nostdlib -static -no-pie -e f -o vmlinux f.c)
	said=$(echo '[    1.2]  f+0x4/0x20' |
		tools/testing/lab/decode "$work/arch/x86/boot/bzImage" 2>&1)
	case $said in
	*' f ('*f.c:[23]\)*) ;;
	*)	wrong "a trace with symbols becomes: $said" ;;
	esac
}

# What is interrupted leaves nothing that runs, and nothing that the next trips over.
an_interrupted_run_leaves_nothing() {
	local run

	tools/testing/user/run -f 1000000 fuzz_limits >"$work/said" 2>&1 &
	run=$!
	until pgrep -P "$run" -f fuzz_limits >/dev/null; do
		kill -0 "$run" 2>/dev/null || { wrong "it ended: $(cat "$work/said")"; return; }
		sleep 0.1
	done
	kill "$run"
	wait "$run" 2>/dev/null
	! pgrep -f "build/user/fuzz_limits -max_total_time=1000000" >/dev/null ||
		wrong "its fuzzer goes on"
	taken tools/testing/user/run limits
}

unknown_names_are_refused
names_and_globs_are_taken
one_program_and_no_other
failures_say_how_to_have_them_again
kunit_names_its_failures
lab_names_its_failures
without_symbols_nothing_is_lost
with_symbols_a_trace_has_lines
an_interrupted_run_leaves_nothing
exit $status
