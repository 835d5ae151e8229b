# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Completion of vfctl for bash. PFs and VFs come from sysfs, guests from xl.

# The root that --root names in the command line, else none
_vfctl_root()
{
	local i

	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		--root)
			# bash may have taken --root=DIR apart.
			if [[ ${COMP_WORDS[i + 1]} == = ]]; then
				printf '%s' "${COMP_WORDS[i + 2]}"
			else
				printf '%s' "${COMP_WORDS[i + 1]}"
			fi
			return
			;;
		--root=*)
			printf '%s' "${COMP_WORDS[i]#--root=}"
			return
			;;
		esac
	done
}

# PFs: address, and network interfaces
_vfctl_pfs()
{
	local root=$1 dir net

	for dir in "$root"/sys/bus/pci/devices/*/; do
		[[ -e ${dir}sriov_totalvfs ]] || continue
		dir=${dir%/}
		printf '%s\n' "${dir##*/}"
		for net in "$dir"/net/*/; do
			[[ -d $net ]] || continue
			net=${net%/}
			printf '%s\n' "${net##*/}"
		done
	done
}

# VFs: address, and PF/N by the PF's interface
_vfctl_vfs()
{
	local root=$1 dir link vf net

	for dir in "$root"/sys/bus/pci/devices/*/; do
		[[ -e ${dir}sriov_totalvfs ]] || continue
		for link in "${dir}"virtfn*; do
			vf=$(readlink "$link") || continue
			printf '%s\n' "${vf##*/}"
			for net in "${dir}"net/*/; do
				[[ -d $net ]] || continue
				net=${net%/}
				printf '%s\n' "${net##*/}/${link##*/virtfn}"
			done
		done
	done
}

# Functions that were cut off because of their errors
_vfctl_cut_off()
{
	local root=$1 dir state

	for dir in "$root"/sys/bus/pci/devices/*/; do
		[[ -e ${dir}sriov_totalvfs || -e ${dir}physfn ]] || continue
		read -r state 2>/dev/null < "${dir}containment/state" || continue
		dir=${dir%/}
		[[ $state == quarantined || $state == failed ]] && printf '%s\n' "${dir##*/}"
	done
}

# Names of guests that are a word; dom0 is none. Name, ID, Mem, VCPUs, State, Time: other
# names may have blanks in them, or what looks like the columns.
_vfctl_domains()
{
	local line
	local row='^([A-Za-z0-9_.+-]+) +[1-9][0-9]* +[0-9]+ +[0-9]+ +[rbpscd-]+ +[0-9.]+$'

	xl list 2>/dev/null | while IFS= read -r line; do
		[[ $line =~ $row ]] && printf '%s\n' "${BASH_REMATCH[1]}"
	done
}

# _vfctl_take WORDS: those that start with what is typed
_vfctl_take()
{
	local word prefix=

	# Readline ends a word at a colon: what is before it is not to be typed again.
	[[ $COMP_WORDBREAKS == *:* && $cur == *:* ]] && prefix=${cur%"${cur##*:}"}
	while read -r word; do
		[[ -n $word && $word == "$cur"* ]] && COMPREPLY+=("${word#"$prefix"}")
	done <<< "${1//[[:space:]]/$'\n'}"
}

_vfctl_files()
{
	local file

	while read -r file; do
		COMPREPLY+=("$file")
	done < <(compgen -f -- "$cur")
	compopt -o filenames 2>/dev/null
}

_vfctl_options()
{
	case $1 in
	apply) echo "--force --dry-run --wait" ;;
	assign) echo "--force --to" ;;
	disable) echo "--force" ;;
	events) echo "--exec --count --timeout" ;;
	move) echo "--force --to" ;;
	plan) echo "--check --force" ;;
	policy) echo "--layout" ;;
	quarantine) echo "--all" ;;
	recover) echo "--list --discard" ;;
	release) echo "--force --driver --keep" ;;
	esac
	echo "--json --quiet --root --help"
}

# What comes after a setting of "set"
_vfctl_set()
{
	case $prev in
	mac) _vfctl_take "none" ;;
	vlan) _vfctl_take "none" ;;
	proto) _vfctl_take "802.1Q 802.1ad" ;;
	rate) _vfctl_take "none min max" ;;
	spoofchk | trust) _vfctl_take "on off" ;;
	state) _vfctl_take "auto enable disable" ;;
	qos | min | max) ;;
	*) _vfctl_take "mac vlan qos proto rate min max spoofchk trust state" ;;
	esac
}

_vfctl_policy()
{
	case $prev in
	containment) _vfctl_take "report reset quarantine" ;;
	budget | window | storm | rule | remove) ;;
	*)
		_vfctl_take "containment budget window storm rule remove clear"
		[[ $given == 2 ]] && _vfctl_take "show"
		;;
	esac
}

# An argument of a command: $given of them are there already, the first is the command
_vfctl_argument()
{
	local functions

	case $command:$given in
	status:1 | policy:1) _vfctl_take "$(_vfctl_pfs "$root"; _vfctl_vfs "$root")" ;;
	events:*) _vfctl_take "$(_vfctl_pfs "$root"; _vfctl_vfs "$root")" ;;
	enable:1 | disable:1) _vfctl_take "$(_vfctl_pfs "$root")" ;;
	set:1 | assign:1 | release:1 | move:1 | recover:1)
		_vfctl_take "$(_vfctl_vfs "$root")"
		;;
	set:*) _vfctl_set ;;
	policy:*) _vfctl_policy ;;
	plan:1 | apply:1) _vfctl_files ;;
	quarantine:1) _vfctl_take "list release" ;;
	quarantine:*)
		[[ $second == release ]] || return
		functions=$(_vfctl_cut_off "$root")
		_vfctl_take "$functions"
		;;
	esac
}

# The words before the one that is typed, without options and their values
_vfctl_words()
{
	local i word

	for ((i = 1; i < ${#words[@]}; i++)); do
		word=${words[i]}
		case $word in
		--root | --to | -t | --driver | -d | --wait | -w | --exec | -x | --count | -c | --timeout)
			# Of recover and plan, -d and -c have no value.
			[[ $command == recover && $word == -d ]] && continue
			[[ $command == plan && $word == -c ]] && continue
			i=$((i + 1))
			;;
		-*) ;;
		*)
			given=$((given + 1))
			[[ $given == 1 ]] && command=$word
			[[ $given == 2 ]] && second=$word
			;;
		esac
	done
}

# bash takes words apart at colons and equals signs: put them together again
_vfctl_split()
{
	local line=${COMP_LINE:0:COMP_POINT}

	read -r -a words <<< "$line"
	if [[ $line == *[[:space:]] ]]; then
		cur=
	else
		cur=${words[-1]}
		unset 'words[-1]'
	fi
	prev=${words[-1]}
}

_vfctl()
{
	local cur prev command='' second='' given=0 root
	local -a words

	COMPREPLY=()
	_vfctl_split
	root=$(_vfctl_root)
	_vfctl_words
	case $prev in
	--root)
		_vfctl_files
		return
		;;
	--to | -t)
		[[ $command == events ]] || _vfctl_take "$(_vfctl_domains)"
		return
		;;
	--driver)
		_vfctl_take "$(printf '%s ' "$root"/sys/bus/pci/drivers/*/ | sed 's|[^ ]*/\([^/ ]*\)/|\1|g')"
		return
		;;
	--exec | -x | --count | --timeout | --wait | -w)
		return
		;;
	esac
	if [[ $cur == -* ]]; then
		_vfctl_take "$(_vfctl_options "$command")"
		[[ $given == 0 ]] && _vfctl_take "--version"
	elif [[ $given == 0 ]]; then
		_vfctl_take "status enable disable set policy assign release move recover"
		_vfctl_take "plan apply schema events quarantine"
	else
		_vfctl_argument
	fi
}

complete -F _vfctl vfctl
