#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Tests of what the scripts do when they are given what they cannot use: a base that was
# upgraded, or is damaged, under trees that are half built, a patch that does not fit, a
# disk that is full, a package that cannot be had.  One line says what to do, and what
# was there before is there afterwards.  On a project that is made up; nothing is
# installed.  Prints what is wrong, and nothing when all is right.

set -u
cd "$(dirname "$0")/../../.." || exit 1
# shellcheck source=lib.sh
. tools/testing/scripts/lib.sh
top=$work/top
build=$top/build
mounted=''
clean_up()
{
	[ -z "$mounted" ] || umount "$build"
	rm -rf "$work"
}
trap clean_up EXIT

series=$(bash -c '. scripts/lib.sh; echo "$series"')

# tool NAME COMMANDS: what NAME does in place of the system's
tool()
{
	printf '#!/bin/bash\n%s\n' "$2" > "$work/bin/$1"
	chmod +x "$work/bin/$1"
}

# package VERSION WORD: the base's package, whose file has WORD in it
package()
{
	mkdir -p "$work/linux"
	printf 'all:\n' > "$work/linux/Makefile"
	printf 'int f(void)\n{\n\tint a = 1;\n\n\treturn a; /* %s */\n}\n' "$2" > "$work/linux/f.c"
	tar -C "$work" -cJf "$work/usr/src/linux-source-$series.tar.xz" linux
	tool dpkg-query "printf %s '$1'"
}

# patch WORD: for a file that has WORD
patch_for()
{
	cat > "$top/base/$series/test/0001-try.patch" <<-END
	Subject: [PATCH] try

	---
	diff --git a/f.c b/f.c
	--- a/f.c
	+++ b/f.c
	@@ -2,5 +2,6 @@ int f(void)
	 {
	 	int a = 1;
	 
	+	a++;
	 	return a; /* $1 */
	 }
	END
}

project()
{
	rm -rf "$top" "${work:?}/bin" "$work/linux"
	mkdir -p "$top/base/$series/test" "$build" "$work/bin" "$work/usr/src" "$top/drivers"
	cp -r scripts "$top/scripts"
	sed -i "s,/usr/src/,$work/usr/src/,g; s,/etc/,$work/etc/,g" "$top"/scripts/{tree,lib.sh,setup}
	cp "base/$series/replaced" "$top/base/$series"
	echo ours > "$top/drivers/ours.c"
	package 1 one
	patch_for one
}

# run COMMAND...: in the project, what it says in $work/said
run()
{
	(cd "$top" && PATH=$work/bin:$PATH "$@" > "$work/out" 2> "$work/said")
}

# refused PATTERN COMMAND...: in one line, which says so
refused()
{
	local pattern=$1
	shift

	! run "$@" || wrong "it goes on: $*"
	[ "$(wc -l < "$work/said")" -eq 1 ] || wrong "not in one line: $(cat "$work/said")"
	grep -qE "$pattern" "$work/said" || wrong "it does not say '$pattern': $(cat "$work/said")"
}

# A tree that is being built
half_built()
{
	project
	run scripts/tree kernel || wrong "no tree can be made: $(cat "$work/said")"
	grep -q 'a++' "$build/kernel/f.c" || wrong "the patch is not applied"
	touch "$build/kernel/f.o"
}

# as_before: nothing is half done
as_before()
{
	[ -e "$build/kernel/f.o" ] || wrong "${FUNCNAME[1]}: what was built is gone"
	[ "$(cat "$build/base.version")" = 1 ] || wrong "${FUNCNAME[1]}: the version is another"
	grep -q one "$build/base/f.c" || wrong "${FUNCNAME[1]}: the base is another"
	grep -q 'a++' "$build/kernel/f.c" || wrong "${FUNCNAME[1]}: the tree is another"
	[ ! -e "$build/.base.new" ] || wrong "${FUNCNAME[1]}: half a base is left"
}

a_base_that_was_upgraded()
{
	half_built
	mkdir -p "$build/debug"
	touch "$build/debug/.bulkhead" "$build/debug/old.o"
	package 2 two
	patch_for two
	run scripts/tree kernel || wrong "it fails: $(cat "$work/said")"
	[ ! -e "$build/kernel/f.o" ] || wrong "what was built of the old base is left"
	[ ! -e "$build/debug" ] || wrong "another tree of the old base is left"
	grep -q two "$build/kernel/f.c" || wrong "the tree is that of the old base"
	[ "$(cat "$build/base.version")" = 2 ] || wrong "the version is $(cat "$build/base.version")"
}

# Its upgrade was interrupted at any place
an_upgrade_that_was_interrupted()
{
	half_built
	package 2 two
	patch_for two
	rm -rf "$build/base"
	mkdir "$build/.base.new"
	run scripts/tree kernel || wrong "without a base: $(cat "$work/said")"
	grep -q two "$build/kernel/f.c" || wrong "without a base: the tree is the old one"
	[ ! -e "$build/.base.new" ] || wrong "half a base is left"
	echo 1 > "$build/base.version"
	touch "$build/kernel/f.o"
	run scripts/tree kernel || wrong "with the old version: $(cat "$work/said")"
	[ ! -e "$build/kernel/f.o" ] || wrong "it is not known what was built of which base"
}

a_base_that_is_damaged()
{
	half_built
	package 2 two
	patch_for two
	truncate -s 100 "$work/usr/src/linux-source-$series.tar.xz"
	refused 'cannot unpack .*tar.xz: ' scripts/tree kernel
	as_before
	package 2 two
	run scripts/tree kernel || wrong "it does not go on: $(cat "$work/said")"
	grep -q two "$build/kernel/f.c" || wrong "the tree is that of the old base"
}

a_patch_that_does_not_fit()
{
	half_built
	sed -i '/^ \tint a/s/int/long/; /^ \treturn/s/return/goto/' "$top/base/$series/test/0001-try.patch"
	echo changed > "$top/drivers/ours.c"
	refused '0001-try.patch does not fit .* 1: .*FAILED.*--refresh; nothing was changed' \
		scripts/tree kernel
	as_before
	grep -q ours "$build/kernel/drivers/ours.c" || wrong "part of ours is in the tree"
	patch_for one
	run scripts/tree kernel || wrong "it does not go on: $(cat "$work/said")"
	grep -q changed "$build/kernel/drivers/ours.c" || wrong "ours is not in the tree"
}

# On a file system of its own, where that is allowed
# One of them would be lost.
a_patch_for_a_file_of_ours()
{
	half_built
	printf '%s\n' 'Subject: two' '---' 'diff --git a/drivers/ours.c b/drivers/ours.c' \
		'--- /dev/null' '+++ b/drivers/ours.c' '@@ -0,0 +1 @@' '+theirs' \
		> "$top/base/$series/test/0002-two.patch"
	refused 'both a patch and a folder of ours provide: drivers/ours.c' scripts/tree kernel
	as_before
	grep -q ours "$build/kernel/drivers/ours.c" || wrong "ours is lost"
}

a_full_disk()
{
	half_built
	rm -rf "$build"
	mkdir "$build"
	mount -t tmpfs -o size=4M tmpfs "$build" 2> /dev/null || return 0
	mounted=yes
	run scripts/tree kernel || wrong "no tree can be made: $(cat "$work/said")"
	touch "$build/kernel/f.o"

	# with room for no second base
	head -c 5M /dev/urandom > "$work/linux/big"
	package 2 two
	refused 'the disk is full, free some space' scripts/tree kernel
	as_before

	# with none for a file of ours
	rm "$work/linux/big"
	package 1 one
	head -c 5M /dev/urandom > "$top/drivers/ours.c"
	! run scripts/tree kernel || wrong "it goes on without room"
	[ "$(tail -n 1 "$work/said" | grep -c 'the disk is full, free some space')" -eq 1 ] ||
		wrong "it says $(cat "$work/said")"
	as_before

	mount -o remount,size=40M "$build"
	run scripts/tree kernel || wrong "with room it does not go on: $(cat "$work/said")"
	cmp -s "$top/drivers/ours.c" "$build/kernel/drivers/ours.c" || wrong "ours is not in the tree"
	umount "$build"
	mounted=''
}

# setup APT-GET: on a Debian 13 without any of the packages, where apt-get does that
setup()
{
	project
	mkdir -p "$work/etc/apt"
	printf 'ID=debian\nVERSION_ID="13"\nVERSION_CODENAME=trixie\n' > "$work/etc/os-release"
	tool dpkg-query ''
	tool apt-cache ''
	tool id 'echo 0'
	tool apt-get "$1"
}

packages_that_cannot_be_had()
{
	setup 'case $* in *install*) echo "E: Unable to locate package scdoc"; echo "E: more"; exit 100 ;; esac'
	refused 'Unable to locate package scdoc; .*make setup' scripts/setup --quiet
	setup 'echo "E: Could not resolve mirror"; exit 100'
	refused 'Could not resolve mirror; is there a network' scripts/setup --quiet
	setup 'exit 100'
	refused 'setup.log' scripts/setup --quiet
	setup 'echo "E: write: No space left on device"; exit 100'
	refused 'the disk is full' scripts/setup --quiet
	setup ''
	tool id 'echo 1000'
	refused 'only root .*run: sudo .*scdoc' scripts/setup --quiet
	setup ''
	refused 'no suite of this machine has linux-source' scripts/setup --quiet
}

a_base_that_was_upgraded
an_upgrade_that_was_interrupted
a_base_that_is_damaged
a_patch_that_does_not_fit
a_patch_for_a_file_of_ours
a_full_disk
packages_that_cannot_be_had
[ $failed -eq 0 ]
