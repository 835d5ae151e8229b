# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Which kernel is built on, and where things of it are: BASE of the environment says, and
# without that it is the first one.  To be sourced; the paths start at the top folder.
#
# Each base has a folder, such as base/7.3, with hooks, a list of replaced files, and what
# its configuration differs in.  All that is made of the first one goes below build/, of
# another one below build/SERIES/, so that they stand side by side.

# Not every script uses all of them.
# shellcheck disable=SC2034
{
first_series=6.12
series=${BASE:-$first_series}
patches=base/$series			# hooks, config fragments, list of replaced files
fragments=base/$first_series/config	# config fragments of all bases
out=build				# everything that is made goes below here
[ "$series" = "$first_series" ] || out=build/$series
}

case $series in
*[!0-9.]*)	false ;;
*)		[ -e "$(dirname "${BASH_SOURCE[0]}")/../$patches/replaced" ] ;;
esac || {
	echo "${0##*/}: there is no base kernel '$series': BASE is one of $(
		cd "$(dirname "${BASH_SOURCE[0]}")/../base" && printf '%s\n' [0-9]*/replaced |
			sed 's,/.*,,' | sort -V | paste -sd' ')" >&2
	exit 2
}
