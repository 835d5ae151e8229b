# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# vfctl, and what it says.  To be sourced after pci.sh; TMP is a folder.

# vfctl_says CODE WORDS COMMAND...: the exit code, and words that are in what it says
vfctl_says() {
	vfctl_code=$1 vfctl_words=$2
	shift 2
	vfctl_got=0
	vfctl "$@" >"$TMP/vfctl" 2>&1 || vfctl_got=$?
	grep -qF -- "$vfctl_words" "$TMP/vfctl" && [ $vfctl_got = "$vfctl_code" ] && return 0
	sed 's/^/# /' "$TMP/vfctl"
	fail "vfctl $*: exit code $vfctl_got, wanted $vfctl_code and '$vfctl_words'"
}
