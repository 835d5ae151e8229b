/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What has to be changed so that the machine is as a file wants it.
 */
#ifndef VFCTL_PLAN_H
#define VFCTL_PLAN_H

#include <jansson.h>

#include "config.h"
#include "machine.h"

enum action_kind {
	ACTION_TAKE,		/* a VF from the guest that has it */
	ACTION_AUTOPROBE,
	ACTION_DISABLE,		/* all VFs of a PF */
	ACTION_ENABLE,		/* VFs of a PF */
	ACTION_DRIVER,
	ACTION_LINK,		/* MAC, VLAN and so on */
	ACTION_POLICY,
	ACTION_BUDGET,
	ACTION_BUDGET_WINDOW,
	ACTION_RULES,
	ACTION_DOMAIN,		/* give a VF to a guest */
};

/**
 * struct action - one change
 * @kind: of change
 * @config: the PF in the file
 * @pf: the PF
 * @vf: the VF; NULL if it is a change of the PF, or of a VF that is not there yet
 * @of_vf: it is a change of a VF
 * @index: number of the VF
 * @link: ACTION_LINK: the settings that differ, as they are wanted
 * @rules: ACTION_RULES: all that are wanted
 * @number: ACTION_ENABLE, ACTION_AUTOPROBE, ACTION_BUDGET...: the value
 * @from: what it is, for people; "" if that is not known yet
 * @to: what it is going to be; for ACTION_DRIVER, ACTION_POLICY and ACTION_DOMAIN the
 *	value itself
 * @in_use: number of VFs that somebody has who loses them by this
 */
struct action {
	enum action_kind kind;
	const struct config_pf *config;
	struct pf *pf;
	struct vf *vf;
	bool of_vf;
	unsigned int index;
	struct vf_link link;
	struct rules rules;
	unsigned int number;
	char *from;
	char *to;
	unsigned int in_use;
};

/**
 * struct loss - a VF that somebody has and loses
 * @vf: the VF
 * @why: what takes it away
 */
struct loss {
	const struct vf *vf;
	const char *why;
};

/**
 * struct waiting - a VF for a guest that does not run
 * @pf: the VF's PF
 * @index: its number
 * @domain: name of the guest
 */
struct waiting {
	const struct pf *pf;
	unsigned int index;
	char *domain;
};

/**
 * struct fault - a PF that cannot be as it is wanted
 * @number: of the PF, in "pfs"
 * @problem: why not
 */
struct fault {
	size_t number;
	struct problem problem;
};

/**
 * struct plan - all changes
 * @action: the changes, in their order
 * @nr: how many
 * @nr_first: those before the changes of single VFs: the VFs are others when they are done
 * @loss: who loses what
 * @nr_losses: how many
 * @waiting: VFs that are made ready for guests that do not run
 * @nr_waiting: how many
 * @fault: PFs without any of the changes above: one's fault is not the others'
 * @nr_faults: how many
 */
struct plan {
	struct action *action;
	size_t nr;
	size_t nr_first;
	struct loss *loss;
	size_t nr_losses;
	struct waiting *waiting;
	size_t nr_waiting;
	struct fault *fault;
	size_t nr_faults;
};

/* Free of the system */
bool plan_make(const struct config *config, const struct machine *machine, struct plan *plan,
	       struct problem *problem);
void plan_free(struct plan *plan);
const char *action_name(enum action_kind kind);

/* For the user: plan_show.c */
int plan_read(struct vfctl *v, const char *file, const struct config *config,
	      struct machine *machine, struct plan *plan);
int plan_refuse(struct vfctl *v, const struct plan *plan, const struct pf *pf);
int plan_show(struct vfctl *v, const char *file, const struct config *config, bool check,
	      bool force);
void action_text(const struct action *action, struct text *text);
json_t *action_json(const struct action *action);
json_t *waiting_json(const struct plan *plan);
void waiting_print(struct vfctl *v, const struct plan *plan);

#endif /* VFCTL_PLAN_H */
