#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Tests of tools/testing/mutants on a list and sources that are made up: what is noticed,
# what is not, what is wrong with a list, and a run that goes on after it was killed.
# Says what is wrong, nothing else.
# shellcheck disable=SC2317 # says calls the lists
set -u

cd "$(dirname "$0")/../../.." || exit 1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0

wrong() {
	echo "$*"
	status=1
}

mkdir -p "$work"/{base,drivers,include,scripts,build,tools/testing}
touch "$work"/{Makefile,README.md,build/base.version}
cp -r tools/testing/mutants "$work/tools/testing/"
rm -f "$work"/tools/testing/mutants/*.list
list=$work/tools/testing/mutants/toy.list

# A script that adds, and one that tests it, which does not look at negative numbers
cat >"$work/scripts/add" <<'END'
#!/bin/bash
add()
{
	[ "$1" -ge 0 ] || set -- 0 "$2"
	echo $(($1 + $2))
}
add "$@"
END
cat >"$work/scripts/add_test" <<'END'
#!/bin/bash
echo >>"$COUNT"
[ "$(scripts/add 2 3)" = 5 ] || echo "2 and 3 is not 5"
END
chmod +x "$work/scripts/"*
export COUNT=$work/count

# entry NAME OLD NEW [KEY: TEXT]...
entry() {
	local name=$1 old=$2 new=$3 line
	shift 3

	printf '\nmutant: %s\nfile: scripts/add\nin: add\nhurts: Sums are wrong.\n' "$name"
	printf 'by: script scripts/add_test\n'
	for line; do
		printf '%s\n' "$line"
	done
	printf -- '-%s\n+%s\n' "$old" "$new"
}

sum=$'\techo $(($1 + $2))'
noticed() { entry noticed "$sum" $'\techo $(($1 - $2))' "$@"; }
unnoticed() { entry unnoticed $'\t[ "$1" -ge 0 ] || set -- 0 "$2"' $'\t:' "$@"; }

# says STATUS TEXT LIST-COMMAND...: what a run of a list ends with, and says
says() {
	local want=$1 text=$2 got=0
	shift 2

	"$@" >"$list"
	"$work/tools/testing/mutants/run" ${options:+"$options"} >"$work/said" 2>&1 || got=$?
	[ $got = "$want" ] || wrong "$text: it ends with $got: $(cat "$work/said")"
	grep -qF -- "$text" "$work/said" || wrong "it does not say '$text': $(cat "$work/said")"
	cmp -s "$work/scripts/add" "$work/add.before" || wrong "$text: it has changed the source"
}

two() { noticed; unnoticed 'survives: Nobody adds negative numbers.'; }
revived() { noticed 'survives: Nobody knows.'; }
moved() { entry moved $'\techo $(($1 * $2))' :; }
elsewhere() { noticed 'in: subtract'; }
no_file() { noticed 'file: scripts/subtract'; }
broken() { entry broken "$sum" $'\tif'; }
nothing_said() { entry dumb "$sum" "$sum"; }
same_name() { noticed; noticed; }
no_reason() { noticed | grep -v hurts; }
empty() { echo '# nothing'; }

cp "$work/scripts/add" "$work/add.before"
says 0 'ok toy: noticed: noticed by 2 and 3 is not 5' noticed
says 1 'not ok toy: unnoticed: survives scripts/add_test' unnoticed
grep -q 'again: make mutants PART=toy ONLY=unnoticed' "$work/said" ||
	wrong "it does not say how to run one that survives alone"
says 0 '# mutants: 1 noticed, 0 failed, 1 known to survive' two
says 1 'known to survive, and noticed by' revived
says 1 'moved does not apply: its lines are not in add in scripts/add' moved
says 1 'does not apply: there is no subtract in scripts/add' elsewhere
says 1 'does not apply: there is no scripts/subtract' no_file
says 1 'broken: does not compile' broken
says 1 'mutant dumb changes nothing' nothing_said
says 1 'there are two mutants noticed' same_name
says 1 'has no "hurts" line' no_reason
says 1 'no mutant is in it' empty
options='-ono*such' says 1 "no mutant is called 'no*such'" noticed
options=-pother says 1 "there is no part 'other'" noticed
# Without a mutant the test has to pass
sed -i 's/= 5/= 6/' "$work/scripts/add_test"
says 1 'fails without a mutant' noticed
sed -i 's/= 6/= 5/' "$work/scripts/add_test"

# A run that is killed in its second mutant: the first is not tried again.
two >"$list"
cat >>"$work/scripts/add_test" <<'END'
[ "$(wc -l <"$COUNT")" -ne 3 ] || kill -9 "$PPID"
END
: >"$COUNT"
{
	! "$work/tools/testing/mutants/run" >"$work/said" 2>&1 || wrong "it was not killed"
} 2>/dev/null
says 0 'by a run that was interrupted' two
[ "$(wc -l <"$COUNT")" = 5 ] || wrong "the one that was done is tried again: $(wc -l <"$COUNT")"

# What the kernel gets: copies of functions of each shape, which compile
mkdir -p "$work/stage/drivers/pci" "$work/shim/linux"
touch "$work/stage/drivers/pci/Makefile"
for header in init kernel printk; do
	touch "$work/shim/linux/$header.h"
done
echo '#include <stdbool.h>' >"$work/shim/linux/types.h"
cat >"$work/stage/drivers/pci/shapes.c" <<'END'
#define noinline
#define EXPORT(x)
int number(int a, const char *b[2], int (*fn)(int));
void nothing(void);

static const char *
name_of(unsigned int n)
{
	return n ? "some" : "none";
}

int number(int a, const char *b[2],
	   int (*fn)(int))
{
	return a + fn(a);
}
EXPORT(number);

static inline bool is_odd(int n)
{
	return n & 1;
}

void nothing(void)
{
	name_of(is_odd(1));
}
END
cat >"$list" <<'END'
file: drivers/pci/shapes.c
by: kunit shapes

mutant: name
in: name_of
hurts: x
-	return n ? "some" : "none";
+	return "none";

mutant: number
in: number
hurts: x
-	return a + fn(a);
+	return fn(a);

mutant: number-too
in: number
hurts: x
-	return a + fn(a);
+	return a;

mutant: odd
in: is_odd
hurts: x
-	return n & 1;
+	return n & 2;

mutant: nothing
in: nothing
hurts: x
-	name_of(is_odd(1));
+	name_of(is_odd(2));
END
"$work/tools/testing/mutants/run" -g "$work/stage" || wrong "the kernel's sources are not made"
gcc -Wall -Werror -fsyntax-only -I"$work/shim" -I"$work/stage/include" \
	"$work/stage/drivers/pci/shapes.c" || wrong "the kernel's sources do not compile"
[ "$(grep -c 'static noinline .*__mutant_[1-9](' "$work/stage/drivers/pci/shapes.c")" = 5 ] ||
	wrong "not each mutant has its copy"

exit $status
