/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The machine as a plan needs to know it. Plain data, read once.
 */
#ifndef VFCTL_MACHINE_H
#define VFCTL_MACHINE_H

#include "config.h"
#include "inventory.h"
#include "rule.h"
#include "xl.h"

/**
 * struct machine - what there is
 * @inv: PFs and VFs, with links and owners
 * @domains: guests that run
 * @domains_error: 0, or why they are not known, as a negative errno
 * @rules: of pciback: for each PF of @inv, those of each VF that was found
 */
struct machine {
	struct inventory inv;
	struct domains domains;
	int domains_error;
	struct rules **rules;
};

int machine_read(struct vfctl *v, const struct config *config, struct machine *machine);
void machine_free(struct machine *machine);

int rules_read(struct vfctl *v, const char *function, struct rules *rules);

#endif /* VFCTL_MACHINE_H */
