# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# dom0 of Xen and its guests: make one with a VF, have it execute commands, take its
# VF away, destroy it.  To be sourced, after pci-aer/aerlib.sh.

CREATE_TRIES=3
ANSWER_LIMIT=30	# seconds that a guest has to answer, the first time to boot as well

# dom0's end of what pci-iov and pci-aer call BULKHEAD
xen_begin() {
	aer_begin
	TMP=$(mktemp -d)
	: >"$TMP/created"
}

domid() {
	xl domid "$1" 2>/dev/null
}

# slot ADDRESS: as xl writes it, without the domain
slot() {
	echo "${1#*:}"
}

# in_guest NAME COMMAND...: in the guest's shell; prints what it prints, returns what
# it returns; fails without an answer after ANSWER_LIMIT
in_guest() {
	xen_name=$1
	shift
	xen_id=$(domid "$xen_name") || fail "there is no guest $xen_name" || return 1
	xen_path=/local/domain/$xen_id/data
	xen_number=$(now)
	xenstore-write -R "$xen_path/command" "$xen_number $*"
	if ! wait_for $ANSWER_LIMIT answered; then
		fail "$xen_name does not answer '$*'"
		return 1
	fi
	xenstore-read -R "$xen_path/answer" >"$TMP/answer"
	# awk ends the last line, too
	awk 'NR > 1' "$TMP/answer"
	return "$(sed -n '1s/.* //p' "$TMP/answer")"
}

answered() {
	xenstore-read -R "$xen_path/answer" 2>/dev/null | head -n 1 | grep -q "^$xen_number "
}

# create NAME [VF]
#
# libxc once said "unable to XZ decompress kernel" of a file that it had just made
# another guest of, before the FPU was switched eagerly (tools/testing/lab/xen/boot).
# Should it come again, it is said with what could tell why, and tried again.
create() {
	cat >"$TMP/$1.cfg" <<-END
	name = "$1"
	kernel = "/xen/vmlinuz"
	ramdisk = "/xen/guest.cpio.gz"
	extra = "console=hvc0 ignore_loglevel rdinit=/xen/guest/init"
	memory = 256
	vcpus = 1
	on_crash = "destroy"
	on_reboot = "destroy"
	END
	[ -z "${2:-}" ] || echo "pci = [ '$(slot "$2")' ]" >>"$TMP/$1.cfg"
	xen_try=1
	while ! xl create "$TMP/$1.cfg" >"$TMP/create" 2>&1; do
		sed 's/^/# xl: /' "$TMP/create"
		grep -q 'decompress' "$TMP/create" && [ $xen_try -lt $CREATE_TRIES ] ||
			fail "xl create $1" || return 1
		note "known oddity, try $xen_try: the kernel's hash is $(kernel_hash)," \
			"was $KERNEL_HASH; guests: $(guests)"
		xl destroy "$1" 2>/dev/null
		xen_try=$((xen_try + 1))
	done
	echo "$1" >>"$TMP/created"
}

kernel_hash() {
	sha256sum /xen/vmlinuz | cut -c 1-16
}

# hashes_start and hashes_stop: hash the same memory again and again meanwhile; print
# how often, and how many different results there were
hashes_start() {
	: >"$TMP/hashes"
	touch "$TMP/hashing"
	while [ -e "$TMP/hashing" ]; do kernel_hash; done >>"$TMP/hashes" &
	HASHES=$!
}

hashes_stop() {
	rm -f "$TMP/hashing"
	wait $HASHES
	echo "$(wc -l <"$TMP/hashes") $(sort -u "$TMP/hashes" | wc -l)"
}

guests() {
	xl list | awk 'NR > 2 { printf "%s%s", sep, $1; sep = " " }'
}

# destroyed NAME
destroyed() {
	! domid "$1" >/dev/null
}

destroy() {
	domid "$1" >/dev/null || return 0
	xl destroy "$1" >"$TMP/destroy" 2>&1 || sed 's/^/# xl: /' "$TMP/destroy"
	wait_for 10 destroyed "$1" || fail "$1 is still there"
}

# listed VF: is it assignable?
listed() {
	xl pci-assignable-list | grep -q "$(slot "$1")"
}

# make_assignable VF
make_assignable() {
	! listed "$1" || return 0
	xl pci-assignable-add "$(slot "$1")" >"$TMP/assign" 2>&1
	sed 's/^/# xl: /' "$TMP/assign"
	listed "$1" || fail "$1 is not in xl pci-assignable-list"
}

# containment VF FILE: a file, or "-" where the kernel has none
containment() {
	cat "$PCI/$1/containment/$2" 2>/dev/null || echo -
}
