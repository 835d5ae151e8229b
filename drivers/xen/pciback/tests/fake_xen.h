/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A Xen for the tests of telling it of functions: it keeps the rules that the real
 * one has, counts who breaks them, and refuses what a test wants it to.
 */
#ifndef _XEN_PCIBACK_FAKE_XEN_H
#define _XEN_PCIBACK_FAKE_XEN_H

#include <kunit/test.h>
#include <linux/types.h>

#define FAKE_XEN_MAX	64

/**
 * struct fake_device - a device that the fake knows
 * @sbdf: where
 * @pf: where its PF is, if it is a VF
 * @is_vf: it is one
 */
struct fake_device {
	u32 sbdf;
	u32 pf;
	bool is_vf;
};

/**
 * struct fake_xen - what it knows, and how it answers
 * @device: devices that it knows, in the order in which it was told of them
 * @count: how many
 * @old: it knows the operations without segments only
 * @add_err: it refuses to add a device with it, from the @refuse_from-th VF on
 * @refuse_from: see @add_err; 0: PFs as well
 * @remove_err: it refuses to remove VFs with it
 * @vfs_asked: VFs that it was told of, those that it refused included
 * @areas: areas for configuration space that it was told of
 * @late_areas: those after the first device
 * @orphans: VFs that it was told of before their PF
 * @broken: PFs that were to be removed before their VFs
 * @strays: devices that it did not know and was to remove, or knew and was to add
 * @strange: calls that make no sense
 * @resets: functions that it was told were reset
 */
struct fake_xen {
	struct fake_device device[FAKE_XEN_MAX];
	unsigned int count;

	bool old;
	int add_err;
	unsigned int refuse_from;
	int remove_err;

	unsigned int vfs_asked;
	unsigned int areas;
	unsigned int late_areas;
	unsigned int orphans;
	unsigned int broken;
	unsigned int strays;
	unsigned int strange;
	unsigned int resets;
};

struct fake_xen *fake_xen_begin(struct kunit *test);
bool fake_xen_has(const struct fake_xen *xen, u32 sbdf);
unsigned int fake_xen_faults(const struct fake_xen *xen);

#endif /* _XEN_PCIBACK_FAKE_XEN_H */
