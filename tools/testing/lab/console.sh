# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Consoles of machines that ran tests: is all of it there?  What a console does not
# have, nothing alarming can be found in.  To be sourced.

# console_lost CONSOLE KTAP: what is not on the console, a line each.  The kernel
# names its version first, and each script of the tests that ran leaves a mark there
# when it begins: see ktap_scripts in selftests/lib/ktap.sh.
console_lost() {
	local console=$1 ktap=$2 name

	if ! grep -q 'Linux version' "$console" 2>/dev/null; then
		echo "$console does not begin with a kernel's version"
		return
	fi
	sed -n 's/\r$//; s/^ *# Subtest: //p' "$ktap" | while read -r name; do
		grep -qF "lab: $name" "$console" ||
			echo "$console has lost the mark of '$name', and what else?"
	done
}

# console_alarms ALARMS CONSOLE...: the lines that are alarms, with file and number.  A
# guest that a test has crash says so itself, which is over when it boots again; that
# its console is not whole is nothing that it says.
console_alarms() {
	local alarms=$1
	shift

	awk -v alarms="$alarms" '
		FNR == 1 || /Linux version/	{ wanted = 0 }
		/sysrq: Trigger a crash/	{ wanted = 1 }
		/^[(]XEN[)] WARNING: PVH is an experimental mode/ { next }
		/BUG: the console .* is not whole/ { print FILENAME ":" FNR ":" $0; next }
		!wanted && $0 ~ alarms		{ print FILENAME ":" FNR ":" $0 }
	' "$@"
}
