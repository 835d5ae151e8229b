/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How many VFs a PF has.
 */
#ifndef VFCTL_VFS_H
#define VFCTL_VFS_H

struct pf;
struct vfctl;

int vfs_busy(struct vfctl *v, const struct pf *pf);
int vfs_set(struct vfctl *v, const struct pf *pf, unsigned int nr);

#endif /* VFCTL_VFS_H */
