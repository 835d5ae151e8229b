/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A program that does what a shell cannot: commands with a fixed number of arguments.
 */
#ifndef _SELFTESTS_TOOL_H
#define _SELFTESTS_TOOL_H

#include <stdio.h>
#include <string.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/**
 * struct tool_command - a command
 * @name: as it is called
 * @args: how many arguments it takes
 * @run: runs it; returns the exit status
 */
struct tool_command {
	const char *name;
	int args;
	int (*run)(char **arg);
};

/**
 * tool_main - run the command that the arguments name
 * @tool: name of the program's source, which says at its top how it is used
 * @commands: that there are
 * @count: how many
 * @argc: of main()
 * @argv: of main()
 *
 * Return: the command's exit status; 2 when there is no such command
 */
static inline int tool_main(const char *tool, const struct tool_command *commands,
			    size_t count, int argc, char **argv)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (argc == commands[i].args + 2 && !strcmp(argv[1], commands[i].name))
			return commands[i].run(argv + 2);

	fprintf(stderr, "usage: see the top of %s\n", tool);
	return 2;
}

#endif /* _SELFTESTS_TOOL_H */
