// SPDX-License-Identifier: GPL-2.0
/*
 * What Xen is told of a function, and what its answer means.
 *
 * Before 4.2 Xen had no operation that knows of segments: such a Xen is told what
 * it can be told, of segment 0.
 */
#include <linux/errno.h>
#include <linux/pci.h>
#include <linux/string.h>

#include "tell_plan.h"

/* With ARI a device number other than 0 is the upper part of a function number. */
static bool is_extended(const struct tell_facts *facts)
{
	return !facts->is_vf && facts->ari && PCI_SLOT(facts->devfn);
}

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
	} else if (is_extended(facts)) {
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

	if (!facts->is_vf && !is_extended(facts)) {
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
static bool can_be_told(const struct tell_facts *facts, bool old_xen)
{
	return facts->segment < (old_xen ? 1 : TELL_SEGMENTS);
}

/**
 * tell_plan_add - how Xen is told that there is a function
 * @facts: function
 * @old_xen: Xen does not know PHYSDEVOP_pci_device_add
 * @call: filled in, if Xen is to be asked
 *
 * Xen makes up a PF that it does not know when it hears of a VF of it, or refuses the
 * VF, depending on its version. Neither is asked for.
 *
 * Return:
 * * %TELL_ASK - make the call, and have tell_judge() look at what it returns
 * * %TELL_REFUSED - a VF whose PF Xen does not know
 * * %TELL_UNTOLD - in a segment that this Xen has no number for, or of such a PF
 */
enum tell_verdict tell_plan_add(const struct tell_facts *facts, bool old_xen,
				struct tell_call *call)
{
	if (!can_be_told(facts, old_xen))
		return TELL_UNTOLD;
	if (facts->is_vf && facts->pf != TELL_KNOWN)
		return facts->pf == TELL_UNTOLD ? TELL_UNTOLD : TELL_REFUSED;
	memset(call, 0, sizeof(*call));
	if (old_xen)
		plan_add_old(facts, call);
	else
		plan_add(facts, call);
	return TELL_ASK;
}

static struct physdev_pci_device address_of(const struct tell_facts *facts)
{
	return (struct physdev_pci_device) {
		.seg = facts->segment,
		.bus = facts->bus,
		.devfn = facts->devfn,
	};
}

/**
 * tell_plan_remove - how Xen is told that a function goes
 * @facts: function; no more than its address counts
 * @old_xen: Xen does not know PHYSDEVOP_pci_device_remove
 * @call: filled in, if Xen is to be asked
 *
 * Return:
 * * %TELL_ASK - make the call, and have tell_judge() look at what it returns
 * * %TELL_UNTOLD - in a segment that this Xen has no number for
 */
enum tell_verdict tell_plan_remove(const struct tell_facts *facts, bool old_xen,
				   struct tell_call *call)
{
	if (!can_be_told(facts, old_xen))
		return TELL_UNTOLD;
	memset(call, 0, sizeof(*call));
	if (old_xen) {
		call->op = PHYSDEVOP_manage_pci_remove;
		call->arg.old.bus = facts->bus;
		call->arg.old.devfn = facts->devfn;
	} else {
		call->op = PHYSDEVOP_pci_device_remove;
		call->arg.device = address_of(facts);
	}
	return TELL_ASK;
}

/**
 * tell_plan_reset - how Xen is told that a function was reset
 * @facts: function; no more than its address counts
 * @call: filled in, if Xen is to be told
 *
 * It was reset alone: Xen wants to know how far a reset went.
 *
 * Return: as tell_plan_remove()
 */
enum tell_verdict tell_plan_reset(const struct tell_facts *facts, struct tell_call *call)
{
	if (!can_be_told(facts, false))
		return TELL_UNTOLD;
	memset(call, 0, sizeof(*call));
	call->op = PHYSDEVOP_pci_device_reset;
	call->arg.reset.dev = address_of(facts);
	call->arg.reset.flags = PCI_DEVICE_RESET_FLR;
	return TELL_ASK;
}

/**
 * tell_judge - what Xen's answer means
 * @op: what it was asked, PHYSDEVOP_*
 * @ret: what it answered
 *
 * On ARM, a Xen without PCI passthrough wants to hear of no device at all: the host
 * uses them without its help.
 *
 * Return: %TELL_OLDER, %TELL_KNOWN, %TELL_REFUSED or %TELL_UNTOLD
 */
enum tell_verdict tell_judge(unsigned int op, int ret)
{
	bool newer = op == PHYSDEVOP_pci_device_add || op == PHYSDEVOP_pci_device_remove;

	switch (ret) {
	case 0:
		return TELL_KNOWN;
	case -ENOSYS:
		return newer ? TELL_OLDER : TELL_REFUSED;
	case -EOPNOTSUPP:
		return newer ? TELL_UNTOLD : TELL_REFUSED;
	default:
		return TELL_REFUSED;
	}
}

/**
 * tell_hides_vf_bars - will Xen fail to learn the sizes of the VFs' BARs?
 * @facts: function
 *
 * Xen takes them from the PF's capability when it is told of the PF, which it can do
 * only while VFs are neither enabled nor decode memory.
 *
 * Return: true for a PF whose VFs are enabled
 */
bool tell_hides_vf_bars(const struct tell_facts *facts)
{
	/* A device that is gone has no VFs */
	if (PCI_POSSIBLE_ERROR(facts->sriov_ctrl))
		return false;
	return facts->sriov_ctrl & (PCI_SRIOV_CTRL_VFE | PCI_SRIOV_CTRL_MSE);
}

/**
 * tell_explain_add - why Xen did not take a function
 * @err: negative errno
 *
 * Return: a few words
 */
const char *tell_explain_add(int err)
{
	switch (err) {
	case -ENODEV:
		return "Xen does not know its PF, or has no IOMMU for it";
	case -ENOMEM:
	case -ENOSPC:
		return "Xen has no memory for it";
	case -EPERM:
	case -EACCES:
		return "Xen does not let this domain tell it of devices";
	case -ENOSYS:
		return "Xen is too old to know such functions";
	case -EINVAL:
		return "Xen finds something wrong with it";
	default:
		return "Xen refused it";
	}
}

/**
 * tell_explain_remove - why Xen did not let go of a function
 * @err: negative errno
 *
 * Return: a few words
 */
const char *tell_explain_remove(int err)
{
	switch (err) {
	case -EBUSY:
		return "a guest still has it, or one of its VFs";
	case -ENODEV:
		return "Xen did not know it";
	case -EPERM:
	case -EACCES:
		return "Xen does not let this domain tell it of devices";
	default:
		return "Xen refused";
	}
}
