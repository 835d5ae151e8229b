/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which network namespace has the interface of a function?
 */
#ifndef VFCTL_NETNS_H
#define VFCTL_NETNS_H

struct inventory;
struct vfctl;

int netns_name_owners(struct vfctl *v, struct inventory *inv);

#endif /* VFCTL_NETNS_H */
