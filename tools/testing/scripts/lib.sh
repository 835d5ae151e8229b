# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
#
# What the tests of scripts share: a directory of their own, which goes when they end, and
# how many things were wrong.  To be sourced in the top directory.

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# wrong WHAT: one failure
wrong()
{
	echo "${FUNCNAME[1]}: $*"
	failed=$((failed + 1))
}
