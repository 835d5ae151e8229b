/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How many VFs a PF has.
 */
#ifndef VFCTL_VFS_H
#define VFCTL_VFS_H

#include <stdbool.h>

struct vfctl;

/**
 * struct vfs_change - another number of VFs
 * @pf: the PF's address
 * @command: what asks for it
 * @nr: how many VFs it is to have; 0: none
 * @force: also if somebody has one of those that it has
 * @changed: it had another number before
 */
struct vfs_change {
	const char *pf;
	const char *command;
	unsigned int nr;
	bool force;
	bool changed;
};

int vfs_change(struct vfctl *v, struct vfs_change *change);

#endif /* VFCTL_VFS_H */
