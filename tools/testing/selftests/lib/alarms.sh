# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# What a kernel says when something is wrong: the one list for all that looks for that,
# on KUnit's console, on those of the lab, and in dom0's log in the selftests.  An
# extended regular expression, for grep -E and awk.  To be sourced.
# shellcheck disable=SC2034 # those that source it use it

# The kernel's own words: BUG without a colon is SLUB's.
alarms='WARNING:|BUG:|(^|[^A-Z])BUG [a-z]|Oops|Kernel panic|Call Trace:|general protection|segfault at'
# Locks, and tasks and CPUs that do not go on
alarms="$alarms|possible (circular|recursive) locking|possible irq lock inversion|inconsistent lock state"
alarms="$alarms|suspicious RCU|INFO: possible|INFO: rcu|INFO: task .* blocked|soft lockup|hard LOCKUP|nobody cared"
# The checkers; kmemleak's word for what it found by itself
alarms="$alarms|KASAN:|KFENCE:|UBSAN:|ODEBUG:|refcount_t:|DMA-API:|list_(add|del) corruption"
alarms="$alarms|kmemleak:.*suspected"
