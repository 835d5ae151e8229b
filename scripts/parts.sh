# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154	# what lib.sh and the caller say
#
# Parts of a run of tests: each is a command whose last line is its totals. What it prints
# is shown and kept, its result is written when it has ended, not before. To be sourced
# after lib.sh, by a script that says where the files go:
#
#   $parts.NAME.log       what the part printed
#   $parts.NAME.result    "PASSED FAILED SKIPPED TODO SECONDS STATE", STATE being what was given

# part_result NAME PASSED FAILED SKIPPED TODO SECONDS [STATE]: whole or not at all
part_result()
{
	local file=$parts.$1.result

	shift
	echo "$*" > "$file.new"
	mv "$file.new" "$file"
}

# judge NAME STATUS SECONDS [STATE]: count what the part has printed. A part that ends
# without its count, or in an error that no count shows, is a failure of its own.
judge()
{
	local name=$1 status=$2 seconds=$3 state=${4-} log=$parts.$1.log totals p f s t

	totals=$(tr -d '\r' < "$log" | grep -E '^# totals: pass=[0-9]+ fail=[0-9]+' | tail -n 1 || true)
	p=$(echo "$totals" | grep -o 'pass=[0-9]*' | tr -dc 0-9 || true)
	f=$(echo "$totals" | grep -o 'fail=[0-9]*' | tr -dc 0-9 || true)
	s=$(echo "$totals" | grep -o 'skip=[0-9]*' | tr -dc 0-9 || true)
	t=$(echo "$totals" | grep -o 'todo=[0-9]*' | tr -dc 0-9 || true)
	if [ -z "$totals" ]; then
		say "${red}$name ended with status $status and without a count: see $top/$log${plain}"
		f=1
	elif [ "$status" -ne 0 ] && [ "${f:-0}" -eq 0 ]; then
		say "${red}$name ended with status $status although no case failed: see $top/$log${plain}"
		f=1
	fi
	part_result "$name" "${p:-0}" "${f:-0}" "${s:-0}" "${t:-0}" "$seconds" "$state"
}

# part NAME COMMAND...: in the foreground
part()
{
	local name=$1 status began=$SECONDS
	shift

	say "${bold}== $name${plain}"
	# Should the log not be writable, the part is what is judged nevertheless.
	"$@" 2>&1 | tee "$parts.$name.log" && status=${PIPESTATUS[0]} || status=${PIPESTATUS[0]}
	judge "$name" "$status" $((SECONDS - began))
}

# close_parts NAME...: a line for each, what became of all in the last one. A part whose
# result is not there has failed. Ends with 1 if anything failed.
close_parts()
{
	local name p f s t seconds pass=0 fail=0 skip=0 todo=0 line

	say "${bold}== all${plain}"
	for name; do
		read -r p f s t seconds _ < "$parts.$name.result" || { p=0 f=1 s=0 t=0 seconds=0; }
		pass=$((pass + p)) fail=$((fail + f)) skip=$((skip + s)) todo=$((todo + t))
		printf '%-12s %5d passed %5d failed %5d skipped %3d todo %6d s   %s\n' \
			"$name" "$p" "$f" "$s" "$t" "$seconds" "$top/$parts.$name.log"
	done 2> /dev/null
	line="$pass passed, $fail failed"
	[ $skip -eq 0 ] || line+=", $skip skipped"
	[ $todo -eq 0 ] || line+=", $todo todo"
	say "$line"
	[ "$fail" -eq 0 ]
}
