/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The commands, a file each.
 */
#ifndef VFCTL_COMMANDS_H
#define VFCTL_COMMANDS_H

#include "vfctl.h"

/**
 * struct command - what can be asked for
 * @name: as typed
 * @arguments: after it, for help
 * @summary: in one line, for help
 * @help: the rest of its help: options, examples
 * @run: do it. argv[0] is @name; getopt_long() starts anew. The general options (--json,
 *	--quiet, --root) have been taken out.
 *	Return: an exit code.
 */
struct command {
	const char *name;
	const char *arguments;
	const char *summary;
	const char *help;
	int (*run)(struct vfctl *v, int argc, char **argv);
};

extern const struct command command_apply;
extern const struct command command_assign;
extern const struct command command_disable;
extern const struct command command_enable;
extern const struct command command_events;
extern const struct command command_move;
extern const struct command command_plan;
extern const struct command command_policy;
extern const struct command command_quarantine;
extern const struct command command_recover;
extern const struct command command_release;
extern const struct command command_schema;
extern const struct command command_set;
extern const struct command command_status;

extern const struct command *const commands[];

int vfctl_main(struct vfctl *v, int argc, char **argv);
int usage(struct vfctl *v, const struct command *command, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
int usage_option(struct vfctl *v, const struct command *command, int option, const char *word);

#endif /* VFCTL_COMMANDS_H */
