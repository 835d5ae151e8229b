# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# What demonstrations with two guests share: an error of guest 1's VF while all ping, and
# who lost what by it.  To be sourced after xenlib.sh or kvmlib.sh, and show.sh.

# row FUNCTION OWNER NAME
row() {
	set -- "$1" "$2" $(grep "^$3 " "$TMP/losses")
	printf '  %-9s %-8s %6s %9s %5s %8s ms\n' "$1" "$2" "${4:--}" "${5:--}" "${6:--}" "${7:--}"
}

# lost_nothing NAME WHO
lost_nothing() {
	[ "$(lost_of "$1")" = 0 ] || give_up "$2 lost $(lost_of "$1") pings by the error of guest 1's VF"
}

# events_begin, events_end: what vfctl sees as it happens
events_begin() {
	vfctl events >"$TMP/events" 2>&1 &
	EVENTS=$!
}

events_end() {
	kill $EVENTS
	wait $EVENTS
	sed 's/^/    /' "$TMP/events"
}

# of NAME: "LOST of SENT"
of() {
	awk -v name="$1" '$1 == name { print $4 " of " $2 }' "$TMP/losses"
}

# show_error WAIT HOST GUEST...: WAIT is a function that says what is waited for, HOST what
# the host is called; of the guests named, those that can be asked, and of the PF a table
# says what they lost.  Gives up if the PF or guest 2 lost a ping.
show_error() {
	show_wait=$1 show_host=$2
	shift 2

	say "An error of guest 1's VF, a Completer Abort, while PF, VF 0 and VF 1 ping"
	show_step "all three ping $GATEWAY, $((1000 / INTERVAL)) times a second" traffic g1 g2
	echo "  # vfctl events &"
	events_begin
	sleep 2
	counted=$(counter "$VF0" nonfatal)
	show_step "# aertool inject $VF0 $COMPLETER_ABORT 0" inject "$VF0" $COMPLETER_ABORT
	$show_wait
	# Where everything is reset the others may be on their way down by now.
	sleep 3
	traffic_stop "$@" >"$TMP/losses"
	counted=$(($(counter "$VF0" nonfatal) - counted))
	events_end
	show_output vfctl status

	say "  function  owner      sent  received  lost  longest gap"
	row PF "$show_host" pf
	for guest; do
		row "VF $((${guest#g} - 1))" "guest ${guest#g}" "$guest"
	done

	[ $counted = 1 ] || give_up "$counted errors were counted of guest 1's VF, not 1"
	lost_nothing pf "the PF"
	lost_nothing g2 "guest 2"
}
