# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Consoles of machines that ran tests: is all of it there?  What a console does not
# have, nothing alarming can be found in.  And of what these tests said: which has failed?
# To be sourced.

# console_lost CONSOLE KTAP: what is not on the console, a line each.  The kernel
# names its version first, and each script of the tests that ran leaves a mark there
# when it begins: see ktap_scripts in selftests/lib/ktap.sh.
console_lost() {
	local console=$1 ktap=$2 name

	if ! grep -q 'Linux version' "$console" 2>/dev/null; then
		echo "$console does not begin with a kernel's version"
		return
	fi
	grep -q '^ *# Subtest: ' "$ktap" ||
		echo "no script of tests has run that could have left a mark on $console"
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

# console_traces BZIMAGE CONSOLE...: if the kernel has symbols, each console once more, with
# the lines of the source in its traces; says where, as comments of KTAP
console_traces() {
	local image=$1 console
	shift

	for console; do
		[ -s "$console" ] || continue
		"$(dirname "${BASH_SOURCE[0]}")/decode" "$image" <"$console" >"$console.decoded"
		if cmp -s "$console" "$console.decoded"; then
			rm "$console.decoded"
		else
			echo "# its traces with lines of the source: $console.decoded"
		fi
	done
}

# ktap_alone KTAP COMMAND: for each script that failed, or in which its machine ended, the
# command that runs it alone
ktap_alone() {
	tr -d '\r' <"$1" | awk -v again="$2" '
		function alone(script) {
			sub(/\.sh.*/, "", script)
			# vfctl on a card that the kernel makes up
			if (script == "netdevsim") script = "vfctl"
			if (!said[script]++) print "# alone: " again script
		}
		/^ +# Subtest: .*\.sh/	{ sub(/^ +# Subtest: /, ""); open = $0 }
		/^ +(not )?ok [0-9]+ [a-z_]+\.sh/ {
			failed = /not ok/
			sub(/^ *(not )?ok [0-9]+ /, "")
			if (failed) alone($0)
			open = ""
		}
		END { if (open) alone(open) }'
}

# tests_of SCRIPT...: the tests that these selftests have, by their files, a line each
tests_of() {
	awk '/^ktap_run "/ { list = 1; next } /^"/ { list = 0 } list { print $1 == "todo" ? $2 : $NF }' "$@"
}

# scripts_named WHAT WORD NAME...: those of the names that the word, which may be a glob, means;
# if there is none, says so and which are near
scripts_named() {
	local what=$1 word=$2 name found=''
	shift 2

	for name; do
		# shellcheck disable=SC2053 # a glob
		[[ $name == $word ]] || continue
		echo "$name"
		found=yes
	done
	[ -n "$found" ] || {
		printf '%s\n' "$@" |
			"$(dirname "${BASH_SOURCE[0]}")/../../../scripts/nearest" "$what" "$word" |
			sed 's/^/test: /' >&2
		false
	}
}
