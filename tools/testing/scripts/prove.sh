#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Tests of tools/testing/prove/run and judge with a Frama-C that is made up: what it says
# of alarms, of functions that no harness calls and of loops makes a run fail, and what
# cannot be used is refused in one line.  Prints what is wrong, and nothing when all is
# right.

set -u
cd "$(dirname "$0")/../../.." || exit 1
# shellcheck source=lib.sh
. tools/testing/scripts/lib.sh
top=$work/top
series=$(bash -c '. scripts/lib.sh; echo "$series"')

# tool NAME COMMANDS: what NAME does in place of the system's
tool()
{
	printf '#!/bin/bash\n%s\n' "$2" > "$work/bin/$1"
	chmod +x "$work/bin/$1"
}

# A project with two files that have a proof each
project()
{
	rm -rf "$top" "${work:?}/bin"
	mkdir -p "$top/base/$series" "$top/tools/testing/prove" "$top/drivers" "$top/build" "${work:?}/bin"
	cp -r scripts "$top/scripts"
	touch "$top/base/$series/replaced"
	cp tools/testing/prove/{run,judge,reached.ml} "$top/tools/testing/prove"
	for name in one two; do
		echo "int $name;" > "$top/drivers/$name.c"
		printf '/*\n * prove: file drivers/%s.c\n */\n' $name > "$top/tools/testing/prove/$name.c"
	done
	echo 1 > "$top/build/base.version"
	# so that nothing is installed
	printf '#!/bin/bash\n' > "$top/scripts/setup"
	tool frama-c "[ \"\$1\" = -print-path ] || { $frama_c; }"
}

# function NAME FILE CALLED REACHED: a line of reached.ml about one with 4 statements
function_line()
{
	printf '[kernel] function\\t%s\\t1\\t9\\t%s\\t%s\\t%s\\t4\\n' "$2" "$1" "$3" "$4"
}

# What Frama-C says when all is well, of both files
good="printf '$(function_line one drivers/one.c true 4)$(function_line two drivers/two.c true 4)"
good+="$(function_line prove_end prove.h true 4)'; echo x > \"\$csv\""
csv='csv=build/prove/one/properties.csv; [[ $* != *prove/two.c* ]] || csv=build/prove/two/properties.csv;'

# run ARGUMENT...: in the project, what it says is in $work/out and $work/said
run()
{
	(cd "$top" && PATH=$work/bin:$PATH tools/testing/prove/run "$@" > "$work/out" 2> "$work/said")
}

# expect_fail TEXT: the run fails and says so
expect_fail()
{
	project
	run one && wrong "it passes, with: $1"
	grep -qE "$1" "$work/out" || wrong "it does not say: $1" "$(cat "$work/out")"
	grep -q '^# totals: pass=0 fail=1 skip=0$' "$work/out" || wrong "no count, with: $1"
}

what_is_well()
{
	frama_c="$csv $good"
	project
	run || wrong "it fails: $(cat "$work/out" "$work/said")"
	grep -q '^# totals: pass=2 fail=0 skip=0$' "$work/out" || wrong "it does not count two"
	grep -qE '^drivers/one.c +1/1 +4/4 +0 ' "$work/out" || wrong "no row of the table"
}

what_is_not()
{
	local line='drivers\tone.c\t3\tone\tindex_bound\tUnknown\ti < 3'

	frama_c="$csv $good; printf '${line}\n' >> \"\$csv\""
	expect_fail '^  drivers/one.c:3: alarm in one\(\): index_bound: i < 3'
	frama_c="$csv $good; printf '$(function_line more drivers/one.c false 0)'"
	expect_fail '^  drivers/one.c:1: more\(\) is not reached'
	frama_c="$csv $good; printf '$(function_line more drivers/one.c true 3)[kernel] unreached\tdrivers/one.c\t7\tmore\n'"
	expect_fail '^  drivers/one.c:7: not reached, in more\(\)'
	frama_c="$csv $good; echo '[eva] drivers/one.c:5: starting to merge loop iterations'"
	expect_fail '^  drivers/one.c:5: the loop in one\(\) is not shown to end'
	frama_c="$csv ${good/prove_end/other}"
	expect_fail 'its end is not reached'
	frama_c="echo '[kernel] User Error: no such file'"
	expect_fail 'did not come to its end'
	frama_c='exit 127'
	expect_fail 'did not come to its end'
}

# one_line TEXT: one line was said, with that in it
one_line()
{
	[ "$(wc -l < "$work/said")" = 1 ] || wrong "not one line: $(cat "$work/said")"
	grep -qF "$1" "$work/said" || wrong "it does not say '$1': $(cat "$work/said")"
}

what_cannot_be_used()
{
	frama_c="$csv $good"
	project
	run three && wrong "a name that no file has passes"
	one_line "no proof has the name 'three', choose from: one two"
	run ../prove/one && wrong "a path that is none passes"
	one_line "no proof has the name"
	run --what && wrong "an option that there is none of passes"
	one_line usage:
	for name in drivers/one.c one.c one; do
		run $name || wrong "$name is refused"
		grep -q '^# totals: pass=1 ' "$work/out" || wrong "$name is not one proof"
	done
	rm "$work/bin/frama-c"
	# A machine that has it, too, has it in /usr/bin with all else.
	mkdir "$work/bin/usr"
	ln -s /usr/bin/* "$work/bin/usr" 2> /dev/null
	rm -f "$work/bin/usr/frama-c"
	(cd "$top" && PATH=$work/bin/usr:/bin/none tools/testing/prove/run > "$work/out" 2> "$work/said") &&
		wrong "it passes without Frama-C"
	one_line "there is no command frama-c: install the packages in scripts/packages.prove"
}

# run_and_signal NAME: sends it as soon as the analysis runs; its result is in $status
run_and_signal()
{
	(cd "$top" && PATH=$work/bin:$PATH exec tools/testing/prove/run > "$work/out" 2> "$work/said") &
	runs=$!
	for ((n = 0; n < 600; n++)); do
		[ ! -s "$work/runs" ] || break
		sleep 0.05
	done
	kill "-$1" $runs
	wait $runs
	status=$?
}

a_run_that_is_interrupted()
{
	# A shell in the background ignores SIGINT, so that it is SIGTERM here.
	rm -f "$work/runs"
	frama_c="echo \$\$ > '$work/runs'; exec sleep 60"
	project
	run_and_signal TERM
	[ $status = 143 ] || wrong "it ends with $status"
	one_line "interrupted, nothing is half done: run it again, with ONLY=one for this one"
	! kill -0 "$(cat "$work/runs")" 2> /dev/null || wrong "Frama-C goes on"
	frama_c="$csv $good"
	project
	run || wrong "the next run fails: $(cat "$work/out" "$work/said")"
}

what_is_well
what_is_not
what_cannot_be_used
a_run_that_is_interrupted
[ $failed -eq 0 ]
