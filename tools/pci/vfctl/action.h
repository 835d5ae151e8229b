/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The changes of a plan, each by itself.
 */
#ifndef VFCTL_ACTION_H
#define VFCTL_ACTION_H

#include <stdbool.h>

struct action;
struct command;
struct vfctl;

int action_do(struct vfctl *v, const struct action *action, bool force);
int action_command(struct vfctl *v, const struct command *command, char **argv);

#endif /* VFCTL_ACTION_H */
