#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Tests of what takes the base kernel from Debian and puts our patches on it:
# scripts/base.sh, scripts/source, scripts/newest, scripts/setup and scripts/apply.
# Nothing is installed.  Prints what is wrong, and nothing when all is right.

set -u
unset BASE
cd "$(dirname "$0")/../../.." || exit 1
top=$PWD
# shellcheck source=lib.sh
. tools/testing/scripts/lib.sh

# suites VERSION:SUITE...: as apt-cache madison prints them
suites()
{
	local each

	for each; do
		echo " linux-source-6.12 | ${each%:*} | http://mirror/debian ${each#*:}/main amd64 Packages"
	done
}

# picks VERSION VERSION:SUITE...
picks()
{
	local wanted=$1 got
	shift

	got=$(suites "$@" | scripts/newest)
	[ "$got" = "$wanted" ] || wrong "of $* it takes '$got', not '$wanted'"
}

newest_of_all_suites()
{
	picks 6.12.117-1~deb12u1 6.12.117-1~deb12u1:bookworm-security \
		6.12.115-2~deb12u1:bookworm-security 6.12.95-1~bpo12+1:bookworm-backports
	picks 6.12.118-1 6.12.117-1:trixie 6.12.118-1:trixie-security
	picks 6.12.120-1~bpo12+1 6.12.117-1~deb12u1:bookworm-security \
		6.12.120-1~bpo12+1:bookworm-backports
	picks 6.12.100-1 6.12.99-1:trixie 6.12.100-1:trixie-updates
}

security_before_backports()
{
	picks 6.12.117-1~deb12u1 6.12.117-2~bpo12+1:bookworm-backports \
		6.12.117-1~deb12u1:bookworm-security
	picks 6.12.117-1~deb12u2 6.12.117-1~deb12u1:bookworm-security \
		6.12.117-1~deb12u2:bookworm-security
}

nothing_where_there_is_nothing()
{
	picks ''
	[ -z "$(echo ' linux-source-6.12 | 6.12.95-1 | http://m bookworm/main Sources' |
		scripts/newest)" ] || wrong "the package's source was taken for the package"
}

# setup_on TARGETS: scripts/setup on a Debian 12 that lacks QEMU and has these suites
setup_on()
{
	local dir=$work/setup tool

	rm -rf "$dir"
	mkdir -p "$dir/bin" "$dir/build"
	cp -r scripts "$dir/scripts"
	mkdir -p "$dir/base/6.12"
	cp base/6.12/replaced "$dir/base/6.12"
	sed -i "s,/etc/,$dir/etc/,g" "$dir/scripts/setup"
	mkdir -p "$dir/etc/apt/sources.list.d"
	printf 'ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n' > "$dir/etc/os-release"
	echo "$1" > "$dir/targets"
	printf '#!/bin/sh\ncase $* in indextargets*) cat %s/targets ;; esac\n' "$dir" \
		> "$dir/bin/apt-get"
	for tool in apt-cache dpkg-query; do
		printf '#!/bin/sh\n' > "$dir/bin/$tool"
	done
	printf '#!/bin/sh\necho 0\n' > "$dir/bin/id"
	chmod +x "$dir"/bin/*
	(cd "$dir" && PATH=$dir/bin:$PATH scripts/setup 2>&1)
}

no_mirror_but_the_machines_own()
{
	local got file=$work/setup/etc/apt/sources.list.d/bookworm-backports.sources

	got=$(setup_on 'sid sid http://mirror/debian/') && wrong "it went on without a mirror"
	case $got in
	*'no mirror'*bookworm-backports*) ;;
	*)	wrong "without a mirror it says: $got" ;;
	esac
	[ ! -e "$file" ] || wrong "it made up a mirror: $(cat "$file")"

	setup_on 'bookworm bookworm http://mirror/debian/' > /dev/null
	grep -qx 'URIs: http://mirror/debian/' "$file" || wrong "the machine's mirror is not taken"
	setup_on 'oldstable bookworm http://mirror/old/' > /dev/null
	grep -qx 'URIs: http://mirror/old/' "$file" || wrong "a suite's code name is not known"
	setup_on $'bookworm bookworm http://m/\noldstable-backports bookworm-backports http://m/' \
		> /dev/null
	[ ! -e "$file" ] || wrong "backports are added where they are"
}

# places BASE: what the scripts share of a base
places()
{
	BASE=$1 bash -c '. scripts/lib.sh && echo "$series $patches $out $(base_tarball)"' 2>&1
}

each_base_has_its_places()
{
	local got

	for got in '' 6.12; do
		[ "$(places "$got")" = "6.12 base/6.12 build /usr/src/linux-source-6.12.tar.xz" ] ||
			wrong "BASE='$got' is taken for: $(places "$got")"
	done
	[ "$(places 7.3)" = "7.3 base/7.3 build/7.3 build/7.3/source/linux.tar.xz" ] ||
		wrong "BASE=7.3 is taken for: $(places 7.3)"
}

# Only the base that lacks something gets it, and only in trees with our directories.
what_a_base_lacks()
{
	local got

	got=$(bash -c '. scripts/lib.sh; patch_dirs kernel; compat_files kernel; compat_files stock')
	[ "$got" = "base/6.12/test base/6.12/compat base/6.12/iov base/6.12/aer base/6.12/xen
base/6.12/compat/files" ] || wrong "6.12 gets: $got"
	got=$(BASE=7.3 bash -c '. scripts/lib.sh; compat_files kernel; patch_dirs stock')
	[ "$got" = base/7.3/test ] || wrong "7.3 gets: $got"
}

# one_line STATUS WORD FILE: said by something that failed
one_line()
{
	[ "$1" -ne 0 ] || wrong "it went on: $(cat "$3")"
	[ "$(wc -l < "$3")" -eq 1 ] || wrong "it is not said in one line: $(cat "$3")"
	grep -qF -- "$2" "$3" || wrong "it does not say '$2': $(cat "$3")"
}

bases_that_are_not_there()
{
	local base script status

	for base in 9.9 7 x / ../6.12 6.12/../7.3 -1 ' ' '*'; do
		for script in setup source tree config build; do
			status=0
			BASE=$base scripts/$script kernel > "$work/said" 2>&1 || status=$?
			one_line $status "there is no base kernel '$base': BASE is one of 6.12 7.3" \
				"$work/said"
		done
	done
	for script in lab/boot lab/test lab/xen/boot lab/xen/test bench/accesses kunit/run user/run; do
		status=0
		BASE=9.9 tools/testing/$script > "$work/said" 2>&1 || status=$?
		one_line $status "there is no base kernel '9.9'" "$work/said"
	done
}

# What was built of one base goes, what others have stays, and so does each source.
clean_of_one_base()
{
	local dir=$work/clean

	rm -rf "$dir"
	mkdir -p "$dir/base/6.12" "$dir/base/7.3"
	cp -r scripts "$dir/scripts"
	touch "$dir/base/6.12/replaced" "$dir/base/7.3/replaced"
	mkdir -p "$dir"/build/{base,kernel,lab} "$dir"/build/7.3/{base,source,kernel,apt}
	(cd "$dir" && scripts/clean)
	[ "$(cd "$dir/build" && echo * 7.3/*)" = '7.3 base 7.3/apt 7.3/base 7.3/kernel 7.3/source' ] ||
		wrong "of the first there is left: $(cd "$dir/build" && echo * 7.3/*)"
	mkdir "$dir/build/kernel"
	(cd "$dir" && BASE=7.3 scripts/clean)
	[ "$(cd "$dir/build" && echo * 7.3/*)" = '7.3 base kernel 7.3/base 7.3/source' ] ||
		wrong "of 7.3 there is left: $(cd "$dir/build" && echo * 7.3/*)"
	(cd "$dir" && BASE=7.3 scripts/clean --all)
	[ "$(cd "$dir/build" && echo *)" = 'base kernel' ] ||
		wrong "after all of 7.3 there is left: $(cd "$dir/build" && echo *)"
	(cd "$dir" && scripts/clean --all)
	[ ! -e "$dir/build" ] || wrong "after all there is left: $(cd "$dir/build" && echo *)"
}

# source_with NAME=VALUE... [ARGUMENT]: scripts/source on a machine whose apt does as told:
# targets, update, versions and deb are its mirrors, what "update" says when it fails,
# what it knows, and the package it downloads.
source_with()
{
	local dir=$work/source tool

	mkdir -p "$dir/bin"
	rm -rf "$dir/scripts" "$dir/base"
	cp -r scripts "$dir/scripts"
	mkdir -p "$dir/base/7.3" "$dir/base/6.12"
	cp base/7.3/suite base/7.3/replaced "$dir/base/7.3"
	cp base/6.12/replaced "$dir/base/6.12"
	sed -i "s,/etc/os-release,$dir/os-release,g" "$dir/scripts/source"
	printf 'VERSION_CODENAME=bookworm\n' > "$dir/os-release"
	cat > "$dir/bin/apt-get" <<-'END'
	#!/bin/sh
	echo "$*" >> "$asked"
	case $* in
	indextargets*)	echo "$targets" ;;
	update*)	[ -z "$update" ] || { printf '%s\n' "$update"; exit 100; } ;;
	download*)	[ -n "$deb" ] || { echo 'E: Failed to fetch http://mirror/x.deb'; exit 100; }
			cp "$deb" . ;;
	esac
	END
	cat > "$dir/bin/apt-cache" <<-'END'
	#!/bin/sh
	echo "$*" >> "$asked"
	[ -z "$versions" ] || echo "$versions"
	END
	chmod +x "$dir"/bin/*
	: > "$dir/asked"
	(cd "$dir" && env BASE=7.3 asked="$dir/asked" targets='bookworm bookworm http://mirror/debian/' \
		update= deb= versions=' linux-source-7.3 | 7.3.4-1 | http://mirror/debian trixie-backports/main amd64 Packages' \
		PATH="$dir/bin:$PATH" "$@" > "$work/said" 2>&1)
}

# A package with a source of a few bytes.
make_package()
{
	rm -rf "$work/deb"
	mkdir -p "$work/deb/DEBIAN" "$work/deb/usr/src"
	printf 'Package: linux-source-7.3\nVersion: 7.3.4-1\nArchitecture: all\nMaintainer: N\nDescription: N\n' \
		> "$work/deb/DEBIAN/control"
	echo "the source" > "$work/deb/usr/src/linux-source-7.3.tar.xz"
	dpkg-deb -b "$work/deb" "$work/linux-source-7.3.deb" > /dev/null
}

source_that_cannot_be_had()
{
	local have=$work/source/build/7.3/source status=0

	rm -rf "$work/source"
	source_with update=$'Err:1 http://mirror\nE: Failed to fetch http://mirror/InRelease' \
		scripts/source || status=$?
	one_line $status "linux-source-7.3 cannot be had from Debian's trixie-backports: Failed to fetch" \
		"$work/said"
	status=0
	source_with targets='sid sid http://mirror/debian/' scripts/source || status=$?
	one_line $status "no mirror of this system's suite 'bookworm'" "$work/said"
	status=0
	source_with versions= scripts/source || status=$?
	one_line $status 'it is not in there' "$work/said"
	status=0
	source_with scripts/source || status=$?
	sed -i '/^getting/d' "$work/said"
	one_line $status 'Failed to fetch http://mirror/x.deb' "$work/said"
	[ ! -e "$have/version" ] || wrong "half of it was left behind"
	[ -z "$(find "$work/source/build/7.3" -name 'source.??????')" ] || wrong "its work was left behind"
}

source_that_can_be_had()
{
	local have=$work/source/build/7.3/source

	make_package
	rm -rf "$work/source"
	source_with deb="$work/linux-source-7.3.deb" scripts/source || wrong "$(cat "$work/said")"
	[ "$(cat "$have/version" "$have/linux.tar.xz")" = $'7.3.4-1\nthe source' ] ||
		wrong "there is: $(head "$have"/*)"
	! grep -vE "^indextargets|Dir::Etc::SourceList=$work/source/build/7.3/" "$work/source/asked" ||
		wrong "apt was asked about the machine's own suites"
	[ "$(grep -cxE 'Suites: trixie-backports|URIs: http://mirror/debian/' \
		"$work/source/build/7.3/apt/suite.sources")" -eq 2 ] ||
		wrong "it asks: $(cat "$work/source/build/7.3/apt/suite.sources")"
	# What is there needs no network, unless the newest is wanted.
	source_with update='E: no network' scripts/source || wrong "$(cat "$work/said")"
	[ ! -s "$work/said" ] || wrong "it says of what is there: $(cat "$work/said")"
	[ ! -s "$work/source/asked" ] || wrong "it asks for what is there: $(cat "$work/source/asked")"
	source_with scripts/source --update || wrong "$(cat "$work/said")"
	grep -q 'is the newest' "$work/said" || wrong "it says: $(cat "$work/said")"
}

# The file that patches are for.
tree()
{
	rm -rf "$work/tree"
	mkdir -p "$work/tree/dir"
	cat > "$work/tree/dir/file.c"
}

source_of()
{
	cat <<'END'
int before(void);

static int first(int a)
{
	int b = a;

	b++;
	b *= 2;
	return b;
}

static int second(int a)
{
	int b = a;

	b++;
	b *= 2;
	return b;
}

static int third(int a)
{
	return a;
}
END
}

# hunk LINE HEADER: a patch that puts a line after "b++" of first() or of second()
hunk()
{
	cat > "$work/patch" <<-END
	Subject: [PATCH] try

	---
	diff --git a/dir/file.c b/dir/file.c
	--- a/dir/file.c
	+++ b/dir/file.c
	@@ -$1,6 +$1,7 @@ $2
	 	int b = a;
	 
	 	b++;
	+	b--;
	 	b *= 2;
	 	return b;
	 }
	END
}

applies()
{
	scripts/apply "$work/tree" "$work/patch" > "$work/said" 2>&1
}

refused()
{
	! applies || wrong "it applied: $1"
	grep -qF "$1" "$work/said" || wrong "it does not say '$1': $(cat "$work/said")"
}

hunk_in_its_function()
{
	source_of | tree
	hunk 5 'static int first(int a)'
	applies || wrong "$(cat "$work/said")"
	grep -q 'b--' "$work/tree/dir/file.c" || wrong "nothing was changed"
	{ printf '\n\n\n\n'; source_of; } | tree
	applies || wrong "with an offset: $(cat "$work/said")"
	source_of | sed 's/int b = a/int b = -a/' | tree
	applies || wrong "with one line of fuzz: $(cat "$work/said")"
}

hunk_in_another_function()
{
	source_of | sed '/static int first/,/^}/ s/b++/b += 1/' | tree
	hunk 5 'static int first(int a)'
	refused "the hunk of 'static int first(int a)' lands in 'static int second(int a)'"
	source_of | tree
	hunk 5 'int before(void);'
	refused "the hunk of 'int before(void);' lands in 'static int first(int a)'"
	source_of | tree
	hunk 5 ''
	refused "a hunk names no function; it lands in 'static int first(int a)'"
}

hunk_that_hardly_fits()
{
	source_of | sed 's/int b = a/int b = -a/; s/^$/\t;/' | tree
	hunk 5 'static int first(int a)'
	refused 'FAILED'
	echo 'no patch at all' > "$work/patch"
	refused 'there is no hunk in it'
}

# The second hunk's place counts from the file as it was before the first.
second_hunk_after_a_new_function()
{
	source_of | tree
	hunk 5 'static int first(int a)'
	sed -i 's/^@@ .*/@@ -5,6 +5,15 @@ static int first(int a)/; s/^+.*/&\n+}\n+\n+static int between(int b)\n+{/' \
		"$work/patch"
	sed -i 's/^+{$/&\n+\n+\n+\n+/' "$work/patch"
	cat >> "$work/patch" <<-'END'
	@@ -14,6 +23,7 @@ static int second(int a)
	 	int b = a;
	 
	 	b++;
	+	b--;
	 	b *= 2;
	 	return b;
	 }
	END
	applies || wrong "$(cat "$work/said")"
}

# Another patch(1), or another language than its own, may word it in another way.
hunk_that_nobody_speaks_of()
{
	source_of | tree
	hunk 5 'static int first(int a)'
	mkdir -p "$work/silent"
	printf '#!/bin/sh\n%s "$@" | grep -v "^Hunk"\n' "$(command -v patch)" > "$work/silent/patch"
	chmod +x "$work/silent/patch"
	PATH=$work/silent:$PATH refused '1 hunks, and patch(1) speaks of 0'
}

a_refreshed_patch_applies()
{
	{ printf '\n\n\n\n'; source_of; } | tree
	hunk 5 ''
	scripts/apply --refresh "$work/tree" "$work/patch" || wrong "it cannot be refreshed"
	grep -q '^Subject: .PATCH. try' "$work/patch" || wrong "its text is gone"
	grep -q '^@@ -9,6 +9,7 @@ static int first(int a)' "$work/patch" ||
		wrong "its hunk is: $(grep '^@@' "$work/patch")"
	{ printf '\n\n\n\n'; source_of; } | tree
	applies || wrong "$(cat "$work/said")"
}

newest_of_all_suites
security_before_backports
nothing_where_there_is_nothing
no_mirror_but_the_machines_own
each_base_has_its_places
what_a_base_lacks
bases_that_are_not_there
clean_of_one_base
source_that_cannot_be_had
source_that_can_be_had
hunk_in_its_function
hunk_in_another_function
hunk_that_hardly_fits
second_hunk_after_a_new_function
hunk_that_nobody_speaks_of
a_refreshed_patch_applies
cd "$top" || exit 1
[ $failed -eq 0 ]
