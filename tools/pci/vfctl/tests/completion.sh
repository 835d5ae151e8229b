#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# vfctl.bash: what is offered for lines that somebody has begun. Ends with 1 if one of
# them is wrong.

cd "$(dirname "$0")/.." || exit 1
root=$(mktemp -d) || exit 1
trap 'rm -rf "$root"' EXIT

devices=$root/sys/bus/pci/devices
mkdir -p "$devices"/0000:00:00.0 "$devices"/0000:01:00.0/net/eth0 "$devices"/0000:02:00.0
mkdir -p "$root"/sys/bus/pci/drivers/igbvf "$root"/sys/bus/pci/drivers/pciback "$root"/bin
touch "$devices"/0000:01:00.0/sriov_totalvfs "$devices"/0000:02:00.0/sriov_totalvfs
for i in 0 1; do
	mkdir -p "$devices/0000:01:10.$i/containment"
	ln -s ../0000:01:10.$i "$devices/0000:01:00.0/virtfn$i"
	ln -s ../0000:01:00.0 "$devices/0000:01:10.$i/physfn"
	echo normal > "$devices/0000:01:10.$i/containment/state"
done
echo quarantined > "$devices/0000:01:10.1/containment/state"
cat > "$root"/bin/xl << 'END'
#!/bin/sh
[ "$1" = list ] || exit 1
echo "Name                                        ID   Mem VCPUs	State	Time(s)"
echo "Domain-0                                     0  1024     2     r-----      60.0"
echo "web1                                         3   256     1     -b----       1.0"
echo "database                                     4   256     1     -b----       1.0"
echo "wide 5                                       6   256     1     -b----       1.0"
echo "w\$(id)                                     7   256     1     -b----       1.0"
END
chmod +x "$root"/bin/xl
touch "$root"/config.json
PATH=$root/bin:$PATH

# shellcheck source=/dev/null
. ./vfctl.bash

failed=0
tests=0

# offers LINE WORD...: that and no more, in any order
offers()
{
	local line=$1 wanted got
	shift
	tests=$((tests + 1))
	COMP_LINE=$line
	COMP_POINT=${#line}
	# As bash takes it apart
	mapfile -t COMP_WORDS < <(printf '%s' "$line" | sed 's/[:=]/ & /g' | tr -s ' ' '\n')
	[[ $line == *' ' ]] && COMP_WORDS+=("")
	COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
	_vfctl
	wanted=$(printf '%s\n' "$@" | sort)
	got=$(printf '%s\n' "${COMPREPLY[@]}" | sort)
	[[ $wanted == "$got" ]] && return
	failed=1
	printf 'for "%s":\nwanted %s\ngot    %s\n' "$line" "${wanted//$'\n'/ }" "${got//$'\n'/ }"
}

at="vfctl --root $root"
COMP_WORDBREAKS=$' \t\n"\'><=;|&('

offers "vfctl " status enable disable set policy assign release move recover plan apply \
	schema events quarantine
offers "vfctl re" release recover
offers "vfctl --v" --version
offers "vfctl nonsense "
offers "$at enable " 0000:01:00.0 0000:02:00.0 eth0
offers "$at enable eth0 "
offers "$at disable --f" --force
offers "$at status " 0000:01:00.0 0000:02:00.0 eth0 0000:01:10.0 0000:01:10.1 eth0/0 eth0/1
offers "$at status 0000:01:1" 0000:01:10.0 0000:01:10.1
offers "vfctl status --root=$root eth" eth0 eth0/0 eth0/1
offers "$at set " 0000:01:10.0 0000:01:10.1 eth0/0 eth0/1
offers "$at set eth0/0 " mac vlan qos proto rate min max spoofchk trust state
offers "$at set eth0/0 mac 02:00:00:00:00:01 v" vlan
offers "$at set eth0/0 vlan 3 proto " 802.1Q 802.1ad
offers "$at set eth0/0 trust o" on off
offers "$at set eth0/0 state " auto enable disable
offers "$at set eth0/0 qos "
offers "$at policy eth0/0 " containment budget window storm rule remove clear show
offers "$at policy eth0/0 budget 3 c" containment clear
offers "$at policy eth0/0 containment " report reset quarantine
offers "$at policy eth0/0 rule "
offers "$at policy --" --layout --json --quiet --root --help
offers "$at assign eth0/1 --to " web1 database
offers "$at move --to w" web1
offers "$at move --to web1 eth0/" eth0/0 eth0/1
offers "$at release --driver " igbvf pciback
offers "$at recover -d " 0000:01:10.0 0000:01:10.1 eth0/0 eth0/1
offers "$at plan -c $root/con" "$root/config.json"
offers "$at apply --wait 30 $root/con" "$root/config.json"
offers "$at apply --wait "
offers "$at quarantine " list release
offers "$at quarantine release " 0000:01:10.1
offers "$at quarantine list "
offers "$at events eth0 0000:02" 0000:02:00.0
offers "$at events --exec "
offers "$at --json events --c" --count

# With the colon among the breaks, as by default, readline keeps what is before it.
COMP_WORDBREAKS+=:
offers "$at status 0000:01:1" 10.0 10.1
offers "$at status 0000:0" 01:00.0 02:00.0 01:10.0 01:10.1

# Without xl, and without a machine
rm "$root"/bin/xl
PATH=/usr/bin:/bin
command -v xl > /dev/null || offers "$at move --to "
offers "vfctl --root $root/bin status "

((failed)) || echo "completion: $tests lines, all as they are to be"
exit $failed
