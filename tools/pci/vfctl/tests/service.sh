#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The unit, started by systemd as at boot: a systemd of its own, in namespaces, with
# no unit but ours, and those of Xen as Debian names them, on a machine of plain files.  It
# waits for Xen, even if that fails, and the guests wait for it.  It applies /etc/vfctl.json,
# is reloaded, says so when the file is wrong, and does not start without one. Ends with 1 if
# something of this is wrong, with 4 if it cannot be tried here.
#
# usage: tests/service.sh [VFCTL]                              [build/vfctl]
set -eu
cd "$(dirname "$0")/.."
vfctl=$(realpath "${1:-build/vfctl}")

skip() {
	echo "service: $1"
	exit 4
}

systemd=/lib/systemd/systemd
[ "$(id -u)" = 0 ] || skip "needs root"
[ -x $systemd ] || skip "there is no $systemd"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sys=$work/sys
pf=$sys/devices/pci0000:00/0000:01:00.0

# function FOLDER: what the kernel shows of one
function_files() {
	mkdir -p "$1/containment"
	echo 0x8086 >"$1/vendor"
	echo 0x10c9 >"$1/device"
	echo flr >"$1/reset_method"
	echo normal >"$1/containment/state"
	echo reset >"$1/containment/policy"
	echo 5 >"$1/containment/budget"
	echo 5 >"$1/containment/budget_left"
	echo 3600 >"$1/containment/budget_window"
	printf 'correctable 0\nnonfatal 0\nfatal 0\n' >"$1/containment/errors"
}

# machine: a PF with one VF, which nobody has
machine() {
	local vf=$sys/devices/pci0000:00/0000:01:10.0

	function_files "$pf"
	function_files "$vf"
	echo 7 >"$pf/sriov_totalvfs"
	echo 1 >"$pf/sriov_numvfs"
	echo 1 >"$pf/sriov_drivers_autoprobe"
	ln -s ../0000:01:10.0 "$pf/virtfn0"
	ln -s ../0000:01:00.0 "$vf/physfn"
	mkdir -p "$sys/bus/pci/devices" "$sys/fs"
	for folder in "$pf" "$vf"; do
		ln -s "../../../devices/pci0000:00/${folder##*/}" "$sys/bus/pci/devices/"
	done
}

# wanted BUDGET [PF]: what the file says, of another PF as well
wanted() {
	printf '{ "version": 1, "pfs": [ %s{ "pf": "0000:01:00.0", "vfs": 1,\n' \
		"${2:+{ \"pf\": \"$2\" \}, }"
	printf '  "defaults": { "budget": %u } } ] }\n' "$1"
}

# stub NAME COMMAND: a unit that is another's
stub() {
	cat >"$work/units/$1.service" <<-END
	[Unit]
	Description=$1
	DefaultDependencies=no
	[Service]
	Type=oneshot
	ExecStart=/bin/sh -c '$2'
	END
}

# units: ours, one that looks at it, and the names of systemd's own that these need
units() {
	local name

	mkdir -p "$work/units/vfctl.service.d"
	sed 's|@SBINDIR@|/usr/local/sbin|' vfctl.service.in >"$work/units/vfctl.service"
	printf '[Service]\nStandardOutput=append:%s\nStandardError=append:%s\n' \
		"$work/said" "$work/said" >"$work/units/vfctl.service.d/said.conf"
	printf "ExecStartPre=/bin/sh -c 'echo vfctl >>%s'\n" "$work/order" \
		>>"$work/units/vfctl.service.d/said.conf"
	# xenstored takes its time
	stub xen "sleep 2; echo xen >>$work/order; exit 1"
	stub xendomains "echo xendomains >>$work/order"
	for name in sysinit basic shutdown; do
		printf '[Unit]\nDescription=%s\nDefaultDependencies=no\n' $name \
			>"$work/units/$name.target"
	done
	cat >"$work/units/multi-user.target" <<-END
	[Unit]
	Description=all
	Wants=xendomains.service vfctl.service look.service xen.service
	END
	cat >"$work/units/look.service" <<-END
	[Unit]
	Description=look at it
	DefaultDependencies=no
	After=vfctl.service xendomains.service
	[Service]
	Type=oneshot
	ExecStart=/bin/bash $work/look
	END
}

# Runs in the unit: what became of the service, a line each
cat >"$work/look" <<'END'
cd "${0%/*}"
state() {
	echo "$1: $(systemctl show -P ActiveState vfctl.service)" \
		"$(systemctl show -P ExecMainStatus vfctl.service)," \
		"budget $(cat /sys/bus/pci/devices/0000:01:10.0/containment/budget)"
}
{
	echo "order: $(tr '\n' ' ' <order)"
	state "at boot"
	cp again /etc/vfctl.json
	systemctl reload vfctl.service
	state "reloaded"
	cp missing /etc/vfctl.json
	systemctl reload vfctl.service || echo "of a PF that is missing it says $?"
	state "reloaded"
	systemctl stop vfctl.service
	state "stopped"
	echo '{ "version": 1, "pfs": [ { "pf": 7 } ] }' >/etc/vfctl.json
	systemctl start vfctl.service
	state "with an error in the file"
	rm /etc/vfctl.json
	systemctl start vfctl.service
	echo "without a file: $(systemctl show -P ConditionResult vfctl.service)"
} >result 2>said.by.systemctl
systemctl exit --force --force
END

# Nothing of this is seen outside: the mounts are this script's own.
cat >"$work/boot" <<END
set -e
mount --make-rprivate /
mkdir $work/up.etc $work/work.etc $work/up.usr $work/work.usr
mount -t overlay -o lowerdir=/etc,upperdir=$work/up.etc,workdir=$work/work.etc none /etc
mount -t overlay -o lowerdir=/usr/local,upperdir=$work/up.usr,workdir=$work/work.usr none /usr/local
cp $work/wanted /etc/vfctl.json
cp $vfctl /usr/local/sbin/vfctl
mount -t tmpfs none /run
mkdir /run/cgroups
mount --rbind /sys/fs /run/cgroups
mount --bind $sys /sys
mount --move /run/cgroups /sys/fs
exec env SYSTEMD_UNIT_PATH=$work/units container=test $systemd --system \
	--unit=multi-user.target --log-target=console --log-level=notice --show-status=0
END

machine
units
wanted 3 >"$work/wanted"
wanted 4 >"$work/again"
wanted 6 0000:09:00.0 >"$work/missing"
status=0
timeout -k 5 900 unshare -m -p -u -i -f --mount-proc /bin/bash "$work/boot" >"$work/log" 2>&1 || status=$?
[ -s "$work/result" ] || { cat "$work/log"; skip "no systemd in namespaces here (status $status)"; }

cat >"$work/expected" <<'END'
order: xen vfctl xendomains 
at boot: active 0, budget 3
reloaded: active 0, budget 4
of a PF that is missing it says 1
reloaded: active 0, budget 6
stopped: inactive 0, budget 6
with an error in the file: failed 7, budget 6
without a file: no
END
if ! diff "$work/expected" "$work/result" || ! grep -q 'vfctl.json:1:' "$work/said"; then
	cat "$work/said" "$work/said.by.systemctl" "$work/log"
	exit 1
fi
echo "service: ordered, started, reloaded, stopped, refused"
