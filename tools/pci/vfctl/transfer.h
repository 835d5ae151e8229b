/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A VF on its way from one owner to another: what assign, release, move and recover have
 * in common.
 */
#ifndef VFCTL_TRANSFER_H
#define VFCTL_TRANSFER_H

#include <stdbool.h>

#include "inventory.h"
#include "journal.h"
#include "keeper.h"
#include "text.h"

/**
 * struct transfer - a VF on its way
 * @v: the program
 * @inv: all functions
 * @vf: the VF, in @inv
 * @lock: the VF's
 * @pf_lock: its PF's, which is shared
 * @keeper: who brings it back if this process dies
 * @j: what is noted; @j.from and @j.to of guests that are gone have no number
 * @settle: what its driver_override is to be in the end
 * @force: also without reset, also if its settings cannot be read
 * @undoing: it is on its way back
 * @stays: it is where it is to be already: whoever has it is not to be disturbed
 * @start: when it began, in ms
 * @why: what went wrong
 * @ms: how long each step took
 */
struct transfer {
	struct vfctl *v;
	struct inventory inv;
	struct vf *vf;
	int lock;
	int pf_lock;
	struct keeper keeper;
	struct journal j;
	char settle[DRIVER_SIZE];
	bool force;
	bool undoing;
	bool stays;
	long long start;
	struct text why;
	long long ms[NR_STEPS];
};

/**
 * struct transfer_arguments - what assign and move are given
 * @vf: the VF
 * @to: the guest that gets it; NULL: none was named
 * @force: see struct transfer
 */
struct transfer_arguments {
	const char *vf;
	const char *to;
	bool force;
};

struct command;

/* transfer.c */
int transfer_arguments(struct vfctl *v, const struct command *command, int argc, char **argv,
		       struct transfer_arguments *words);
int transfer_find(struct transfer *t, struct vfctl *v, const char *name);
int transfer_begin(struct transfer *t, const char *command);
void transfer_end(struct transfer *t);
int transfer_check(struct transfer *t, bool to_be_used);
int transfer_domain(struct transfer *t, const char *name, struct place *place);
int transfer_same(struct transfer *t);
int transfer_run(struct transfer *t);
int transfer_recover(struct vfctl *v, const char *vf, int lock);
unsigned int transfer_steps(const struct place *now, const struct place *target);

/* transfer_place.c */
int place_now(struct transfer *t, struct place *now, bool *sure);
bool place_wait(struct transfer *t, unsigned int domain, unsigned int ms, int *error);
bool can_be_reset(struct transfer *t);

/* transfer_step.c */
const char *step_text(struct transfer *t, enum step nr, const struct place *target,
		      char *text, size_t size);
bool step_run(struct transfer *t, enum step nr, const struct place *target);

#endif /* VFCTL_TRANSFER_H */
