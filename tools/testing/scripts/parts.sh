#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Tests of scripts/test-all, of scripts/test and of what they share, on parts that are made
# up: one that fails, one that ends without a count, runs that are stopped or killed
# and go on, files that change.  Prints what is wrong, and nothing when all is right.

set -u
cd "$(dirname "$0")/../../.." || exit 1
# shellcheck source=lib.sh
. tools/testing/scripts/lib.sh

top=$work/top
ran=$work/ran			# the name of each part that began, a line each

# project LIST: scripts of ours, a file, and the parts of LIST
project()
{
	local series

	rm -rf "$top" "$ran"
	mkdir -p "$top"
	series=$(bash -c '. scripts/lib.sh; echo "$series"')
	cp -r scripts Makefile "$top"
	echo /build/ > "$top/.gitignore"
	mkdir -p "$top/base/$series"
	cp "base/$series/replaced" "$top/base/$series"
	echo 1 > "$top/file"
	: > "$ran"
	cat > "$top/scripts/test-all.parts" <<-END
	began() { echo "\$1" >> $ran; }
	good() { began "\$1"; echo "# totals: pass=2 fail=0 skip=1"; }
	bad() { began "\$1"; echo "not ok 1"; echo "# totals: pass=1 fail=3 skip=0"; return 1; }
	mute() { began "\$1"; echo "ok 1"; }
	sick() { began "\$1"; echo "# totals: pass=1 fail=0 skip=0"; return 5; }
	owed() { began "\$1"; echo "# totals: pass=1 fail=0 skip=0 todo=2"; }
	unknown() { began "\$1"; no_such_command; echo "# totals: pass=1 fail=0 skip=0"; }
	edit() { began "\$1"; echo 2 > file; echo "# totals: pass=1 fail=0 skip=0"; }
	# until it is let go: by another process, as QEMU is one
	long()
	{
		began "\$1"
		bash -c 'echo \$\$ > $work/long; while [ ! -e $work/go ]; do sleep 0.1; done'
		echo "# totals: pass=1 fail=0 skip=0"
	}
	list() { $1; }
	END
	rm -f "$work/go" "$work/long"
}

all()
{
	(cd "$top" && scripts/test-all "$@" 2>&1)
}

# ends STATUS LAST-LINE ARGUMENT...: how it ends
ends()
{
	local status=$1 line=$2 got
	shift 2

	got=$(all "$@")
	[ $? -eq "$status" ] || wrong "it does not end with $status: $got"
	[ "$(tail -n 1 <<< "$got")" = "$line" ] || wrong "it does not end in '$line': $got"
}

# began NAME...: those and no others, since it was last asked
began()
{
	local got

	got=$(tr '\n' ' ' < "$ran")
	[ "$got" = "$*${*:+ }" ] || wrong "not '$*' began but '$got'"
	: > "$ran"
}

all_parts_are_added_up()
{
	project 'add a good a; add b good b'
	ends 0 '4 passed, 0 failed, 2 skipped'
	began a b
	[ "$(all | grep -cE '^(a|b) .* +[0-9]+ s ')" -eq 2 ] || wrong "where are the seconds?"
}

what_waits_is_counted_apart()
{
	project 'add a owed a; add b good b; add c owed c'
	ends 0 '4 passed, 0 failed, 1 skipped, 4 todo'
	[ "$(all | grep -cE '^(a|c) .* 2 todo +[0-9]+ s ')" -eq 2 ] || wrong "which parts have them?"
}

what_is_wrong_is_counted()
{
	project 'add a bad a; add b mute b; add c sick c; add d unknown d; add e none; add f good f'
	ends 1 '4 passed, 7 failed, 1 skipped'
	began a b c d f
	all | grep -q 'without a count' && wrong "it is said again"
	all --fresh | grep -q 'b ended with status 0 and without a count' || wrong "b: not said why"
	all --fresh | grep -q 'c ended with status 5 although' || wrong "c: not said why"
}

what_has_ended_is_not_repeated()
{
	project 'add a good a; add b bad b'
	ends 1 '3 passed, 3 failed, 1 skipped'
	began a b
	ends 1 '3 passed, 3 failed, 1 skipped'
	began
	[ "$(all --list)" = $'a: ended\nb: ended' ] || wrong "the list says $(all --list)"
	ends 1 '3 passed, 3 failed, 1 skipped' --fresh
	began a b
}

other_files_begin_anew()
{
	project 'add a good a; add b good b'
	all > /dev/null
	began a b
	echo 2 > "$top/file"
	[ "$(all --list)" = $'a: to do\nb: to do' ] || wrong "the list says $(all --list)"
	ends 0 '4 passed, 0 failed, 2 skipped'
	began a b
	echo new > "$top/another"
	all > /dev/null
	began a b
	mkdir -p "$top/build"
	echo 7 > "$top/build/base.version"
	all > /dev/null
	began a b
	echo object > "$top/build/object"
	all > /dev/null
	began

	(cd "$top" && git init -q . && git -c user.name=n -c user.email=n@localhost \
		commit -q --allow-empty -m one) > /dev/null 2>&1
	all > /dev/null
	began a b
	all > /dev/null
	began
	(cd "$top" && git -c user.name=n -c user.email=n@localhost \
		commit -q --allow-empty -m two) > /dev/null 2>&1
	all > /dev/null
	began a b
}

files_that_change_meanwhile()
{
	local got

	project 'add a good a; add b edit b; add c good c'
	got=$(all) && wrong "it ends with 0"
	grep -q 'the files changed while b ran' <<< "$got" || wrong "it says $got"
	began a b
	ends 0 '5 passed, 0 failed, 2 skipped'
	began a b c
}

# begin: in the background, until the part that takes long is under way
begin()
{
	# without job control what is in the background could not be interrupted
	set -m
	# who starts us may ignore the signals that are sent here
	(cd "$top" && exec env --default-signal=INT,TERM scripts/test-all > "$work/out" 2>&1) &
	job=$!
	set +m
	while [ ! -s "$work/long" ] && kill -0 $job 2> /dev/null; do
		sleep 0.1
	done
	[ -s "$work/long" ] || wrong "it ended by itself: $(cat "$work/out")"
}

# runs PID: and not only waits for its parent, which may be slow, to take note of its end
runs()
{
	grep -qs '^State:[[:space:]]*[^ZX[:space:]]' "/proc/$1/status"
}

# ends_soon PID: it was sent a signal
ends_soon()
{
	local i

	for ((i = 0; i < 100; i++)); do
		runs "$1" || return 0
		sleep 0.1
	done
	return 1
}

# stopped SIGNAL: where it was it goes on
stopped()
{
	local old

	project 'add a good a; add b long b; add c good c'
	begin
	began a b
	all | grep -q 'another scripts/test-all is under way' || wrong "two at a time"
	began
	old=$(cat "$work/long")
	kill "-$1" $job
	wait $job 2> /dev/null
	if [ "$1" = KILL ]; then
		runs "$old" || wrong "nothing is left that the next run could end"
	else
		ends_soon "$old" || wrong "$1: the part goes on"
	fi
	rm "$work/long"
	begin
	[ "$(cat "$work/long")" != "$old" ] || wrong "$1: it waits for the old one"
	ends_soon "$old" || wrong "$1: two of the same part"
	touch "$work/go"
	wait $job || wrong "$1: it fails: $(cat "$work/out")"
	[ "$(tail -n 1 "$work/out")" = '5 passed, 0 failed, 2 skipped' ] ||
		wrong "$1: it ends in $(tail -n 1 "$work/out")"
	began b c
}

parts_of_the_short_run()
{
	local got

	project :
	cat > "$top/scripts/short" <<-'END'
	#!/bin/bash
	set -eu
	. "$(dirname "$0")/lib.sh"
	. scripts/parts.sh
	. scripts/test-all.parts
	parts=$out/short
	mkdir -p "$out"
	part a good a
	part b mute b
	part c sick c
	close_parts a b c none
	END
	chmod +x "$top/scripts/short"
	got=$(cd "$top" && scripts/short 2>&1) && wrong "it ends with 0"
	[ "$(tail -n 1 <<< "$got")" = '3 passed, 3 failed, 1 skipped' ] || wrong "$got"
	grep -q 'b ended with status 0 and without' <<< "$got" || wrong "b: not said why"
	grep -q 'c ended with status 5 although' <<< "$got" || wrong "c: not said why"
}

# short: a project with scripts/test as it is, on programs that only say that they ran
short()
{
	local program

	project :
	for program in scripts/{setup,build,check} tools/testing/{user,mutants,kunit}/run \
		       tools/testing/lab/{,xen/}test; do
		mkdir -p "$top/${program%/*}"
		rm -f "$top/$program"
		cat > "$top/$program" <<-END
		#!/bin/sh
		echo "$program \$1" >> $ran
		[ $program != scripts/setup ] && [ $program != scripts/build ] || exit 0
		echo "# totals: pass=2 fail=0 skip=1"
		END
		chmod +x "$top/$program"
	done
}

the_short_run_itself()
{
	local got program

	short
	got=$(cd "$top" && scripts/test 2>&1) || wrong "it ends with $?: $got"
	tail -n 1 <<< "$got" | grep -qE '^[0-9]+ passed, 0 failed, [0-9]+ skipped$' ||
		wrong "it ends in $(tail -n 1 <<< "$got")"
	for program in 'scripts/build kernel' 'scripts/build debug' scripts/check \
		       tools/testing/{user,mutants,kunit}/run tools/testing/lab/{,xen/}test; do
		grep -q "^$program" "$ran" || wrong "$program was not run"
	done

	short
	cat > "$top/scripts/build" <<-'END'
	#!/bin/sh
	[ "$1" != debug ]
	END
	got=$(cd "$top" && scripts/test 2>&1) && wrong "it ends with 0 without a debug kernel"
	# the kernel itself, and KUnit, which has none to run on
	grep -qE '^[0-9]+ passed, 2 failed' <<< "$(tail -n 1 <<< "$got")" ||
		wrong "without a debug kernel it ends in $(tail -n 1 <<< "$got")"
	! grep -q 'tools/testing/kunit/run -e' "$ran" || wrong "KUnit ran without its kernel"
}

# The real list can be read, and names no part twice
the_parts_that_there_are()
{
	local got

	got=$(scripts/test-all --list | sed 's/:.*//')
	[ "$(wc -l <<< "$got")" -ge 8 ] || wrong "there are $got"
	[ -z "$(sort <<< "$got" | uniq -d)" ] || wrong "twice: $(sort <<< "$got" | uniq -d)"
}

all_parts_are_added_up
what_waits_is_counted_apart
what_is_wrong_is_counted
what_has_ended_is_not_repeated
other_files_begin_anew
files_that_change_meanwhile
stopped TERM
stopped INT
stopped KILL
parts_of_the_short_run
the_short_run_itself
the_parts_that_there_are
[ $failed -eq 0 ]
