// SPDX-License-Identifier: GPL-2.0
/*
 * What Xen is told of a function.
 *
 * Before 4.2 Xen had no operation that knows of segments: such a Xen is told what
 * it can be told, of segment 0.
 */
#include <linux/errno.h>
#include <linux/string.h>

#include "tell_plan.h"

static void plan_add(const struct tell_facts *facts, struct tell_call *call)
{
	struct physdev_pci_device_add *add = &call->arg.add;

	call->op = PHYSDEVOP_pci_device_add;
	add->seg = facts->segment;
	add->bus = facts->bus;
	add->devfn = facts->devfn;
	if (facts->is_vf) {
		add->flags = XEN_PCI_DEV_VIRTFN;
		add->physfn.bus = facts->pf_bus;
		add->physfn.devfn = facts->pf_devfn;
	} else if (facts->ari) {
		add->flags = XEN_PCI_DEV_EXTFN;
	}
	if (facts->has_pxm) {
		add->flags |= XEN_PCI_DEV_PXM;
		add->optarr[0] = facts->pxm;
	}
}

static void plan_add_old(const struct tell_facts *facts, struct tell_call *call)
{
	struct physdev_manage_pci_ext *ext = &call->arg.old_ext;

	if (!facts->is_vf && !facts->ari) {
		call->op = PHYSDEVOP_manage_pci_add;
		call->arg.old.bus = facts->bus;
		call->arg.old.devfn = facts->devfn;
		return;
	}
	call->op = PHYSDEVOP_manage_pci_add_ext;
	ext->bus = facts->bus;
	ext->devfn = facts->devfn;
	ext->is_virtfn = facts->is_vf;
	ext->is_extfn = !facts->is_vf;
	if (facts->is_vf) {
		ext->physfn.bus = facts->pf_bus;
		ext->physfn.devfn = facts->pf_devfn;
	}
}

/* Can a Xen of this age be told of a function in this segment? */
static int check_segment(const struct tell_facts *facts, bool old_xen)
{
	if (facts->segment >= TELL_SEGMENTS)
		return -ERANGE;
	return old_xen && facts->segment ? -ENOSYS : 0;
}

/**
 * tell_plan_add - how Xen is told that there is a function
 * @facts: function
 * @old_xen: Xen does not know PHYSDEVOP_pci_device_add
 * @call: filled in
 *
 * Return: 0; -ERANGE for a segment that Xen has no number for; -ENOSYS for one that
 * this Xen cannot be told of
 */
int tell_plan_add(const struct tell_facts *facts, bool old_xen, struct tell_call *call)
{
	int ret = check_segment(facts, old_xen);

	if (ret)
		return ret;
	memset(call, 0, sizeof(*call));
	if (old_xen)
		plan_add_old(facts, call);
	else
		plan_add(facts, call);
	return 0;
}

/**
 * tell_plan_remove - how Xen is told that a function goes
 * @facts: function
 * @old_xen: Xen does not know PHYSDEVOP_pci_device_remove
 * @call: filled in
 *
 * Return: as tell_plan_add()
 */
int tell_plan_remove(const struct tell_facts *facts, bool old_xen, struct tell_call *call)
{
	int ret = check_segment(facts, old_xen);

	if (ret)
		return ret;
	memset(call, 0, sizeof(*call));
	if (old_xen) {
		call->op = PHYSDEVOP_manage_pci_remove;
		call->arg.old.bus = facts->bus;
		call->arg.old.devfn = facts->devfn;
	} else {
		call->op = PHYSDEVOP_pci_device_remove;
		call->arg.device.seg = facts->segment;
		call->arg.device.bus = facts->bus;
		call->arg.device.devfn = facts->devfn;
	}
	return 0;
}

/**
 * tell_explain - what a refusal of Xen's means
 * @err: negative errno
 *
 * Return: a few words
 */
const char *tell_explain(int err)
{
	switch (err) {
	case -ERANGE:
	case -ENOSYS:
		return "Xen cannot be told of its segment";
	case -ENODEV:
		return "Xen does not know its PF or finds no IOMMU for it";
	case -ENOMEM:
		return "Xen has no memory for it";
	case -EBUSY:
		return "a guest still has it, or one of its VFs";
	case -EPERM:
		return "this domain may not tell Xen of devices";
	default:
		return "Xen refused";
	}
}
