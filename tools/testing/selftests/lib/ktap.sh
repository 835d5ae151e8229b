# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# KTAP for shell tests.  A test is a function: it returns 0 (pass), 1 (fail) or
# $SKIP, and says what it saw with note().  To be sourced.
#
#   ours NAME    the test shows what only the code under test does.  On a stock
#                kernel (BULKHEAD=0) it has to fail: that is reported as XFAIL,
#                and a pass as a failure, for such a test could not tell the two
#                apart.
#   mostly NAME  the same, but stock may pass by luck (a race, a slow machine).
#   todo NAME WHAT  the test waits for something that is not there yet, WHAT. Until then
#                it fails, which is counted apart; as soon as it passes, that is a failure.

SKIP=4
KTAP_LOST=/tmp/log.lost	# there when a test looked for something in a log that was not whole, or not read
ktap_count=0
ktap_failed=0

note() {
	echo "# $*"
}

skip() {
	note "$*"
	return $SKIP
}

fail() {
	note "FAILED: $*"
	return 1
}

# ktap_judge RESULT NAME KIND [WHAT]
ktap_judge() {
	ktap_count=$((ktap_count + 1))
	case $1 in
	0)
		if [ "$3" = ours ] && [ "$BULKHEAD" = 0 ]; then
			echo "not ok $ktap_count $2"
			note "stock passes what it is known not to do"
			ktap_failed=1
		elif [ "$3" = todo ] && [ "$BULKHEAD" != 0 ]; then
			echo "not ok $ktap_count $2"
			note "it passes: it waits for nothing any more ($4)"
			ktap_failed=1
		else
			echo "ok $ktap_count $2"
		fi
		;;
	"$SKIP")
		echo "ok $ktap_count $2 # SKIP"
		;;
	*)
		if [ "$3" != all ] && [ "$BULKHEAD" = 0 ]; then
			echo "ok $ktap_count $2 # XFAIL stock kernel"
		elif [ "$3" = todo ]; then
			echo "not ok $ktap_count $2 # TODO $4"
		else
			echo "not ok $ktap_count $2"
			ktap_failed=1
		fi
		;;
	esac
}

# before_each: a script may define it anew; each test starts from what it makes
before_each() {
	:
}

# ktap_scripts FILE: run scripts, one a line with its arguments, as nested KTAP; what
# follows a # names it in the verdict.  Returns 1 if one failed, or none was there.
ktap_scripts() {
	echo "KTAP version 1"
	echo "1..$(wc -l <"$1")"
	ktap_count=0
	ktap_failed=0
	while IFS='#' read -r ktap_command ktap_name; do
		ktap_count=$((ktap_count + 1))
		ktap_start=$(cut -d . -f 1 /proc/uptime)
		{
			echo "# Subtest: $ktap_name"
			echo "lab: $ktap_name" >/dev/kmsg
			$ktap_command 2>&1
			echo $? >/tmp/status
		} | while IFS= read -r ktap_line; do printf '  %s\n' "$ktap_line"; done
		note "$(($(cut -d . -f 1 /proc/uptime) - ktap_start)) s"
		if [ "$(cat /tmp/status)" = 0 ]; then
			echo "ok $ktap_count $ktap_name"
		else
			echo "not ok $ktap_count $ktap_name"
			ktap_failed=1
		fi
	done <"$1"
	[ $ktap_count -gt 0 ] || { note "nothing to run"; ktap_failed=1; }
	return $ktap_failed
}

# ktap_picked LINES: those that $TESTS names, with a + in between, or all
ktap_picked() {
	if [ -n "${TESTS:-}" ]; then
		echo "$1" | grep -wE "$(echo "$TESTS" | tr + '|')"
	else
		echo "$1"
	fi
}

# ktap_run LINES: one test a line, "[ours|mostly] function" or "todo function WHAT"; exits
# with the verdict.
ktap_run() {
	ktap_plan=$(ktap_picked "$1" | grep -c '[a-z]')
	echo "KTAP version 1"
	echo "1..$ktap_plan"
	while read -r ktap_kind ktap_test ktap_what; do
		[ -n "$ktap_kind" ] || continue
		if [ -z "$ktap_test" ]; then
			ktap_test=$ktap_kind
			ktap_kind=all
		fi
		rm -f "$KTAP_LOST"
		before_each
		"$ktap_test" && ktap_result=0 || ktap_result=$?
		if [ -e "$KTAP_LOST" ]; then
			note "FAILED: the kernel's log since the mark is lost, or could not be read"
			ktap_result=1
		fi
		ktap_judge $ktap_result "$ktap_test" "$ktap_kind" "$ktap_what"
	done <<-END
	$(ktap_picked "$1")
	END
	[ "$ktap_plan" -gt 0 ] || { note "nothing to run"; ktap_failed=1; }
	exit $ktap_failed
}
