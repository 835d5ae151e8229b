/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A process that brings a VF back when this one dies half way.
 */
#ifndef VFCTL_KEEPER_H
#define VFCTL_KEEPER_H

#include <stdbool.h>
#include <sys/types.h>

struct vfctl;

/**
 * struct keeper - the process
 * @pid: its number; 0: there is none
 * @pipe: that it waits at; its end means the end of this process
 * @children: another one, that the programs have as well that this process runs
 */
struct keeper {
	pid_t pid;
	int pipe;
	int children;
};

/* For tests of what is left without it */
extern bool keeper_is_off;

int keeper_start(struct vfctl *v, const char *vf, int lock, struct keeper *keeper);
void keeper_dismiss(struct keeper *keeper);

#endif /* VFCTL_KEEPER_H */
