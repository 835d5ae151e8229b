# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the scripts share: where things are, how they speak, how they lock.
# To be sourced; it leaves the caller in the top folder of the project.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$top" || exit 1

# shellcheck source=base.sh
. scripts/base.sh

# Not every script uses every colour.
# shellcheck disable=SC2034
if [ -t 1 ]; then
	red=$'\e[31m' green=$'\e[32m' bold=$'\e[1m' plain=$'\e[0m'
else
	red='' green='' bold='' plain=''
fi

say()
{
	printf '%s\n' "$*"
}

die()
{
	printf '%s%s: %s%s\n' "$red" "${0##*/}" "$1" "$plain" >&2
	shift
	[ $# -eq 0 ] || printf '  %s\n' "$@" >&2
	exit 1
}

# disk_is_full FILE...: do these say so, or is there next to nothing left below build/?
disk_is_full()
{
	local free

	free=$(df --output=avail -k "$out" 2> /dev/null | tr -dc 0-9)
	[ "${free:-1024}" -lt 1024 ] || grep -qsE 'No space left on device|Disk quota exceeded' "$@" < /dev/null
}

# needs_setup: make sure that the packages are there before anything else
needs_setup()
{
	scripts/setup --quiet
}

# The base's source as scripts/setup got it: where it is, and which version
base_tarball()
{
	if [ "$series" = "$first_series" ]; then
		echo "/usr/src/linux-source-$series.tar.xz"
	else
		echo "$out/source/linux.tar.xz"
	fi
}

base_version()
{
	if [ "$series" = "$first_series" ]; then
		dpkg-query -W -f '${Version}\n' "linux-source-$series"
	else
		cat "$out/source/version"
	fi
}

# Folders of ours that go into a tree. The stock kernel gets the mock and the hostile
# guest alone: they are the gauge that both kernels are measured with.
overlay_dirs()
{
	case $1 in
	stock)	echo tools/testing/pci-mock tools/testing/xen-hostile ;;
	*)	echo drivers include Documentation tools/testing/pci-mock tools/testing/xen-hostile ;;
	esac
}

# Files of their own that the base's kernel lacks, at the paths that they have in it.
compat_files()
{
	if [ "$1" != stock ] && [ -d "$patches/compat/files" ]; then
		echo "$patches/compat/files"
	fi
}

# Patch folders for a tree, in the order in which they apply.
patch_dirs()
{
	case $1 in
	stock)	echo "$patches/test" ;;
	*)	echo "$patches/test $patches/compat $patches/iov $patches/aer $patches/xen" ;;
	esac
}

# The compiler goes by way of ccache, so that a file that is the same in two
# trees is compiled once. The trees are built in place: an object file's
# command line and the paths inside it are then the same in all of them.
kmake()
{
	local tree=$1
	shift
	make -C "$out/$tree" --no-print-directory \
		CC="ccache ${CC:-gcc}" HOSTCC="ccache gcc" \
		KBUILD_BUILD_USER=bulkhead KBUILD_BUILD_HOST=bulkhead \
		KBUILD_BUILD_TIMESTAMP="$(date -u -r "$out/base/Makefile")" "$@"
}

# hold LOCK: one at a time; the lock goes when the script ends
hold()
{
	mkdir -p "$out"
	exec 9> "$out/.$1.lock"
	if ! flock -n 9; then
		say "waiting for another run that holds $out/.$1.lock"
		flock 9
	fi
}
