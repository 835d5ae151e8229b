# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# Takes out of a text what says whose machine it is from.  To be sourced; work is a
# directory for scratch files.
# shellcheck disable=SC2154 # PF and work are set by those who source it

# names_of_the_machine: as sed wants them, longest first
names_of_the_machine()
{
	for names_one in "$(uname -n)" "$(uname -n | cut -d . -f 1)" "$(cat /etc/hostname 2>/dev/null)"; do
		[ ${#names_one} -lt 2 ] || printf '%s\n' "$names_one"
	done | awk '{ print length($0), $0 }' | sort -rnu | cut -d ' ' -f 2- | sed 's/[].[\*^$/+?(){}|]/\\&/g'
}

# clean: stdin without serial numbers, addresses of networks, and names of the machine.
# In the order of the lines: MAC addresses, and the Device Serial Number as lspci writes
# it; UUIDs; names of storage; what is called a serial number; IP addresses.
clean()
{
	names_of_the_machine | while read -r clean_name; do
		printf 's/(^|[^A-Za-z0-9])%s([^A-Za-z0-9]|$)/\\1HOST\\2/g\n' "$clean_name"
	done >"$work/clean.sed"
	cat >>"$work/clean.sed" <<-'END'
	s/[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}/UUID/g
	s/[0-9A-Fa-f]{2}([:-][0-9A-Fa-f]{2}){5,}/MAC/g
	s/(nqn|eui|wwn|naa|iqn|uuid)[.-][^ ]*/\1.../g
	s/([Ss][Nn]|[Ss]erial( [Nn]umber| [Nn]o[.]?)?)( is|[:=])+ *[^ ]+/\1: .../g
	s/(^|[^0-9.])([0-9]{1,3}[.]){3}[0-9]{1,3}([^0-9.]|$)/\1IP\3/g
	s/([0-9A-Fa-f]{1,4}:){3,}[0-9A-Fa-f:]*/IP/g
	s/fe80::[0-9A-Fa-f:]*/IP/g
	END
	sed -E -f "$work/clean.sed"
}
