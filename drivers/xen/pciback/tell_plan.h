/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What Xen is told of a function: from what is known of it to a hypercall, and from
 * Xen's answer to what that means. Pure: no hypercalls, no locks.
 */
#ifndef _XEN_PCIBACK_TELL_PLAN_H
#define _XEN_PCIBACK_TELL_PLAN_H

#include <linux/types.h>
#include <xen/interface/xen.h>
#include <xen/interface/physdev.h>

/* Xen has 16 bits for the segment */
#define TELL_SEGMENTS	0x10000

/**
 * enum tell_verdict - how it stands between Xen and a function
 * @TELL_ASK: Xen is to be asked, and has not been
 * @TELL_OLDER: this Xen does not know the operation: it has to be asked in the older way
 * @TELL_KNOWN: Xen did what it was asked; when it was told of a function, it knows it
 * @TELL_REFUSED: it is not to be, and there is an errno that says why
 * @TELL_UNTOLD: Xen cannot be told, and is not in the way of the host's using it
 */
enum tell_verdict {
	TELL_ASK,
	TELL_OLDER,
	TELL_KNOWN,
	TELL_REFUSED,
	TELL_UNTOLD,
};

/**
 * struct tell_facts - a function, as far as Xen is concerned
 * @segment: PCI segment
 * @bus: bus
 * @devfn: device and function
 * @is_vf: a VF
 * @pf: how it stands between Xen and its PF; %TELL_REFUSED for one not told of, either
 * @pf_bus: bus of its PF
 * @pf_devfn: device and function of its PF
 * @ari: its bus is interpreted with ARI
 * @has_pxm: ACPI says where it is
 * @pxm: proximity domain
 * @sriov_ctrl: SR-IOV Control register of a PF, 0 for others
 */
struct tell_facts {
	u32 segment;
	u8 bus;
	u8 devfn;
	bool is_vf;
	enum tell_verdict pf;
	u8 pf_bus;
	u8 pf_devfn;
	bool ari;
	bool has_pxm;
	u32 pxm;
	u16 sriov_ctrl;
};

/**
 * struct tell_call - a hypercall about a device
 * @op: which, PHYSDEVOP_*
 * @arg: its argument
 */
struct tell_call {
	unsigned int op;
	union {
		struct physdev_pci_device_add add;
		struct physdev_pci_device device;
		struct pci_device_reset reset;
		struct physdev_manage_pci old;
		struct physdev_manage_pci_ext old_ext;
		u32 room[4];	/* for a word after &struct physdev_pci_device_add */
	} arg;
};

enum tell_verdict tell_plan_add(const struct tell_facts *facts, bool old_xen,
				struct tell_call *call);
enum tell_verdict tell_plan_remove(const struct tell_facts *facts, bool old_xen,
				   struct tell_call *call);
enum tell_verdict tell_plan_reset(const struct tell_facts *facts, struct tell_call *call);
enum tell_verdict tell_judge(unsigned int op, int ret);
bool tell_hides_vf_bars(const struct tell_facts *facts);
const char *tell_explain_add(int err);
const char *tell_explain_remove(int err);

#endif /* _XEN_PCIBACK_TELL_PLAN_H */
