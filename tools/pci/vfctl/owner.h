/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Who has a function.
 */
#ifndef VFCTL_OWNER_H
#define VFCTL_OWNER_H

#include "inventory.h"

bool owner_parse(const char *text, struct owner *owner);
void read_kernels_owner(int dir, struct function *fn);
bool read_owners(struct vfctl *v, struct inventory *inv);

#endif /* VFCTL_OWNER_H */
