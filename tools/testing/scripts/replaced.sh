#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Tests of scripts/replaced: does it notice when the base's copy of a file that we replace
# is not the one that was reviewed, and does it show what changed?  On a project of two
# files that is made up; packages come from a mirror that is made up, too.  Prints what is
# wrong, and nothing when all is right.

set -u
cd "$(dirname "$0")/../../.." || exit 1
# shellcheck source=lib.sh
. tools/testing/scripts/lib.sh

top=$work/top
# The one that the scripts build on
series=$(bash -c '. scripts/lib.sh; echo "$series"')
list=$top/base/$series/replaced
base=$top/build/base

# project: one file and one directory are replaced, version 1 is there and reviewed
project()
{
	rm -rf "$top"
	mkdir -p "$top/base/$series" "$base/a" "$base/all" "$work/bin"
	cp -r scripts "$top/scripts"
	sed -i "s,/usr/lib/apt/,$work/bin/," "$top/scripts/replaced"
	printf 'one\ntwo\nthree\n' > "$base/a/one.c"
	echo 'obj-y += x.o' > "$base/all/Makefile"
	echo 'int x;' > "$base/all/x.c"
	echo v1 > "$top/build/base.version"
	printf '%s\n' all/x.c all/Makefile '# which' a/one.c$'\t# ours' > "$list"
	tool apt-get 'exit 100'
	tool apt-helper 'exit 100'
	replaced --reviewed > /dev/null || wrong "nothing can be recorded"
}

# tool NAME COMMANDS: what NAME does in place of the system's
tool()
{
	printf '#!/bin/bash\n%s\n' "$2" > "$work/bin/$1"
	chmod +x "$work/bin/$1"
}

replaced()
{
	(cd "$top" && PATH=$work/bin:$PATH scripts/replaced "$@" 2>&1)
}

# says STATUS PATTERN ARGUMENT...: what it answers
says()
{
	local status=$1 pattern=$2 got
	shift 2

	got=$(replaced "$@")
	[ $? -eq "$status" ] || wrong "$*: it does not end with $status: $got"
	grep -qE "$pattern" <<< "$got" || wrong "$*: it does not say '$pattern': $got"
}

# A base of another version, in which one file changed
upgrade()
{
	echo v2 > "$top/build/base.version"
	rm "$base/a/one.c"
	printf 'one\n2\nthree\n' > "$base/a/one.c"
}

nothing_is_said_of_what_was_reviewed()
{
	local got

	project
	got=$(replaced) || wrong "it ends with $?"
	[ -z "$got" ] || wrong "$got"
	says 0 '^# totals: pass=3 fail=0' --diff
	grep -qE $'^a/one.c\tv1\t[0-9a-f]{64}\t# ours$' "$list" || wrong "$(cat "$list")"
	grep -qx '# which' "$list" || wrong "a comment is gone: $(cat "$list")"
	# another version with the same files is as good
	echo v2 > "$top/build/base.version"
	got=$(replaced) || wrong "of the same files in v2 it says $got"
}

another_hash_is_one_line_and_a_difference()
{
	local got

	project
	replaced > /dev/null
	upgrade
	got=$(replaced) && wrong "it ends with 0"
	[ "$(wc -l <<< "$got")" -eq 1 ] || wrong "it says more than a line: $got"
	grep -q 'a/one.c.*v2.*not the copy that was reviewed (v1)' <<< "$got" || wrong "$got"
	says 1 '^ *-two$' --diff
	says 1 '^ *\+2$' --diff a/one.c
	says 1 '^# totals: pass=2 fail=1' --diff
	says 0 '^# totals: pass=1 fail=0' --diff all/x.c
	replaced --reviewed a/one.c > /dev/null
	says 0 '^# totals: pass=3 fail=0' --diff
	grep -q $'^a/one.c\tv2\t' "$list" || wrong "v2 is not recorded: $(cat "$list")"
	grep -q $'^all/x.c\tv1\t' "$list" || wrong "nobody has reviewed all/x.c: $(cat "$list")"
}

# The package of the version that was reviewed, as the mirror has it
package()
{
	local dir=$work/package

	rm -rf "$dir"
	mkdir -p "$dir/linux-source-$series/a" "$dir/deb/usr/src" "$dir/deb/DEBIAN"
	printf '%s\n' "$@" > "$dir/linux-source-$series/a/one.c"
	tar -C "$dir" -cJf "$dir/deb/usr/src/linux-source-$series.tar.xz" "linux-source-$series"
	printf 'Package: linux-source-%s\nVersion: 1\nArchitecture: all\nMaintainer: N\nDescription: d\n' \
		"$series" > "$dir/deb/DEBIAN/control"
	dpkg-deb -b "$dir/deb" "$work/package.deb" > /dev/null
}

the_reviewed_copy_is_fetched()
{
	local name=linux-source-${series}_v1_all.deb

	project
	upgrade
	rm -rf "$top/build/reviewed"
	package one two three
	says 1 'no mirror of this machine has linux-source-.* v1' --diff
	says 1 'a/one.c' --diff
	[ -e "$base/a/one.c" ] || wrong "the base's copy is gone"

	tool apt-get "[ \$1 = download ] && [ \$3 = linux-source-$series=v1 ] && cp $work/package.deb $name"
	says 1 '^ *-two$' --diff
	[ ! -e "$top/build/reviewed/$name" ] || wrong "the package is kept"
	# the second time it is there
	tool apt-get 'exit 100'
	says 1 '^ *-two$' --diff

	# a version that apt has forgotten, in the pool of a mirror
	rm -rf "$top/build/reviewed"
	tool apt-get "[ \$1 = indextargets ] && echo http://mirror/debian/"
	tool apt-helper "[ \$2 = http://mirror/debian/pool/main/l/linux/$name ] && cp $work/package.deb \$3"
	says 1 '^ *-two$' --diff

	# one that nobody has but the user
	project
	upgrade
	rm -rf "$top/build/reviewed"
	mkdir -p "$top/build/reviewed"
	cp "$work/package.deb" "$top/build/reviewed/$name"
	says 1 '^ *-two$' --diff
	[ -e "$top/build/reviewed/$name" ] || wrong "the user's package is gone"
}

what_is_fetched_is_what_was_reviewed()
{
	project
	upgrade
	rm -rf "$top/build/reviewed"
	package another file
	tool apt-get "cp $work/package.deb linux-source-${series}_v1_all.deb"
	says 1 'no mirror of this machine has .* with the copy that was reviewed' --diff
	says 1 '^# totals: pass=2 fail=1' --diff
	replaced --diff | grep -q another && wrong "another copy is taken for it"
}

a_missing_file()
{
	project
	rm "$base/a/one.c"
	says 1 'a/one.c is not in .* any more'
	says 1 '^# totals: pass=2 fail=1' --diff
	says 1 'find what became of it' --reviewed
	grep -q $'^all/x.c\tv1\t' "$list" || wrong "the list is damaged: $(cat "$list")"
	[ ! -e "$list.new" ] || wrong "something half done is left"
}

a_file_without_a_record()
{
	project
	echo z > "$base/a/z.c"
	echo a/z.c >> "$list"
	says 1 'a/z.c has no record of a review'
	says 1 '^# totals: pass=3 fail=1' --diff
	replaced --reviewed a/z.c
	says 0 '^# totals: pass=4 fail=0' --diff
}

a_new_file_where_all_is_replaced()
{
	project
	echo y > "$base/all/y.c"
	echo y > "$base/a/y.c"
	says 1 'all/y.c is new'
	replaced | grep -q 'a/y.c' && wrong "a/ is not ours alone"
	says 1 '^# totals: pass=3 fail=1' --diff
}

a_line_that_cannot_be_read()
{
	local line good

	project
	good=$(cat "$list")
	for line in 'a/y.c v1' 'a/y.c v1 0123' "a/y.c v1 $(printf '%064d' 0) more" \
		"/a/y.c v1 $(printf '%064d' 0)" "a/../y.c v1 $(printf '%064d' 0)" \
		"a/y.c v1 $(printf '%064d' 0 | tr 0 g)" "$(grep '^a/one.c' "$list")"; do
		printf '%s\n%s\n' "$good" "$line" > "$list"
		echo y > "$base/a/y.c"
		says 2 "replaced:5: "
		says 2 "^not ok .*replaced can be read" --diff
		says 2 '^# totals: pass=3 fail=[12] ' --diff
	done
	printf '%s\n%s\n' "$good" 'a/y.c v1' > "$list"
	replaced --reviewed > /dev/null 2>&1
	says 0 '^# totals: pass=4 fail=0' --diff
	printf '# none\n' > "$list"
	says 1 'there is no file in'
	project
	says 1 'is not in .*replaced' --diff a/none.c
}

nothing_is_said_of_what_was_reviewed
another_hash_is_one_line_and_a_difference
the_reviewed_copy_is_fetched
what_is_fetched_is_what_was_reviewed
a_missing_file
a_file_without_a_record
a_new_file_where_all_is_replaced
a_line_that_cannot_be_read
[ $failed -eq 0 ]
