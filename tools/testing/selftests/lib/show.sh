# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# What a demonstration prints: headings, commands as an operator types them, and why
# it ended when it could not show what it is for.  To be sourced.

green='' red='' bold='' plain=''

# show_begin [color]
show_begin() {
	[ "${1:-}" = color ] || return 0
	green=$(printf '\033[32m') red=$(printf '\033[31m')
	bold=$(printf '\033[1m') plain=$(printf '\033[0m')
}

give_up() {
	echo
	echo "${red}FAILED: $*${plain}"
	exit 1
}

say() {
	echo
	echo "$bold$*$plain"
}

# show_command COMMAND: print it as typed, and run it
show_command() {
	echo "  # $1"
	eval "$1" || give_up "$1 $(last_error)"
}

# show_output COMMAND...: as typed, and what it prints
show_output() {
	echo "  # $*"
	"$@" >/tmp/step 2>&1
	show_status=$?
	sed 's/^/    /' /tmp/step
	[ $show_status = 0 ] || give_up "$*"
}

# show_step TEXT COMMAND...: print the text, run the command; what that prints is
# shown when it failed
show_step() {
	show_text=$1
	shift
	echo "  $show_text"
	"$@" >/tmp/step 2>&1 && return 0
	sed 's/^/    /' /tmp/step
	give_up "$show_text"
}
