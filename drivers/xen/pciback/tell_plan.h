/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What Xen is told of a function, as a hypercall. Pure: no hypercalls, no locks.
 */
#ifndef _XEN_PCIBACK_TELL_PLAN_H
#define _XEN_PCIBACK_TELL_PLAN_H

#include <linux/types.h>
#include <xen/interface/xen.h>
#include <xen/interface/physdev.h>

/* Xen has 16 bits for the segment */
#define TELL_SEGMENTS	0x10000

/**
 * struct tell_facts - a function, as far as Xen is concerned
 * @segment: PCI segment
 * @bus: bus
 * @devfn: device and function
 * @is_vf: a VF
 * @pf_bus: bus of its PF
 * @pf_devfn: device and function of its PF
 * @ari: its device number is part of its function number
 * @has_pxm: ACPI says where it is
 * @pxm: proximity domain
 */
struct tell_facts {
	u32 segment;
	u8 bus;
	u8 devfn;
	bool is_vf;
	u8 pf_bus;
	u8 pf_devfn;
	bool ari;
	bool has_pxm;
	u32 pxm;
};

/**
 * struct tell_call - a hypercall PHYSDEVOP_*
 * @op: which
 * @arg: its argument
 */
struct tell_call {
	unsigned int op;
	union {
		struct physdev_pci_device_add add;
		struct physdev_pci_device device;
		struct physdev_manage_pci old;
		struct physdev_manage_pci_ext old_ext;
		u32 room[4];	/* for a word after &struct physdev_pci_device_add */
	} arg;
};

int tell_plan_add(const struct tell_facts *facts, bool old_xen, struct tell_call *call);
int tell_plan_remove(const struct tell_facts *facts, bool old_xen, struct tell_call *call);
const char *tell_explain(int err);

#endif /* _XEN_PCIBACK_TELL_PLAN_H */
