/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a hostile guest asks its PCI backend for
 *
 * Arguments only: nothing here knows how they get to the backend. The same seed
 * makes the same operations.
 */

#ifndef XEN_HOSTILE_ARGUMENTS_H
#define XEN_HOSTILE_ARGUMENTS_H

#include <linux/types.h>
#include <xen/interface/io/pciif.h>

/**
 * enum hostile_mix - which operations a row of them is made of
 * @HOSTILE_MIX_ALL: every kind, at random
 * @HOSTILE_MIX_SWEEP: the whole of configuration space in every width
 * @HOSTILE_MIX_RESET: function level resets, again and again
 * @HOSTILE_MIX_ENABLE: the function enabled and disabled, again and again
 * @HOSTILE_MIX_READS: reads, which the backend answers before everything else in dom0
 */
enum hostile_mix {
	HOSTILE_MIX_ALL,
	HOSTILE_MIX_SWEEP,
	HOSTILE_MIX_RESET,
	HOSTILE_MIX_ENABLE,
	HOSTILE_MIX_READS,
};

/**
 * struct hostile_arguments - where a row of operations has got to
 * @random: state of the random numbers
 * @domain: of the function that the guest was given, as it knows it
 * @bus: of that function
 * @devfn: of that function
 * @express: offset of its PCI Express capability, 0 if unknown
 * @step: how many steps of the sweep were made
 */
struct hostile_arguments {
	u64 random;
	u32 domain;
	u32 bus;
	u32 devfn;
	u32 express;
	u32 step;
};

void hostile_seed(struct hostile_arguments *args, u32 seed);
u32 hostile_random(struct hostile_arguments *args);
void hostile_next(struct hostile_arguments *args, enum hostile_mix mix, struct xen_pci_op *op);

#endif
