// SPDX-License-Identifier: GPL-2.0
/*
 * Which command is meant, the options that all of them have, and help.
 */
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"

#ifndef VFCTL_VERSION
#define VFCTL_VERSION "unknown"
#endif

const struct command *const commands[] = {
	&command_status,
	&command_enable,
	&command_disable,
	&command_set,
	&command_policy,
	&command_assign,
	&command_release,
	&command_move,
	&command_recover,
	&command_plan,
	&command_apply,
	&command_schema,
	&command_events,
	&command_quarantine,
	NULL,
};

static const char general[] =
	"Options of all commands:\n"
	"  -j, --json     JSON on stdout, no progress\n"
	"  -q, --quiet    no progress\n"
	"      --root DIR /sys, /proc, /run and so on are below DIR; no netlink, no xl\n"
	"  -h, --help     this help, also of each command\n"
	"  -V, --version  the version\n"
	"\n"
	"A VF is given by its address (0000:01:10.0), by PF/N (0000:01:00.0/2, eth0/2) or\n"
	"by its network interface; a PF by its address or interface.\n";

static void help(struct vfctl *v)
{
	size_t i;

	fputs("vfctl: VFs, the guests that have them, and their errors\n\n"
	      "usage: vfctl COMMAND [ARGUMENT...]\n\n", v->out);
	for (i = 0; commands[i]; i++)
		fprintf(v->out, "  %-11s %s\n", commands[i]->name, commands[i]->summary);
	fprintf(v->out, "\n%s\nvfctl COMMAND --help says more; so does vfctl(8).\n", general);
}

static void command_help(struct vfctl *v, const struct command *command)
{
	fprintf(v->out, "usage: vfctl %s %s\n\n%s.\n", command->name, command->arguments,
		command->summary);
	if (command->help)
		fprintf(v->out, "\n%s", command->help);
	fprintf(v->out, "\n%s", general);
}

/**
 * usage() - say what is wrong with a command line
 * @v: the program
 * @command: what was asked for
 * @format: what is wrong
 *
 * Return: EXIT_USAGE.
 */
int usage(struct vfctl *v, const struct command *command, const char *format, ...)
{
	va_list args;
	char *line;

	va_start(args, format);
	if (vasprintf(&line, format, args) < 0)
		line = NULL;
	va_end(args);
	fail(v, EXIT_USAGE, "%s; usage: vfctl %s %s", line ? line : "wrong arguments",
	     command->name, command->arguments);
	free(line);
	return EXIT_USAGE;
}

/**
 * usage_option() - say that there is no such option, or that it wants an argument
 * @v: the program
 * @command: what was asked for
 * @option: what getopt_long() has returned: ':' or '?'
 * @word: the option, as it was typed
 *
 * Return: EXIT_USAGE.
 */
int usage_option(struct vfctl *v, const struct command *command, int option, const char *word)
{
	return usage(v, command, option == ':' ? "'%s' wants an argument" :
		     "unknown option '%s'", word);
}

static const struct command *find_command(const char *name)
{
	size_t i;

	for (i = 0; commands[i]; i++)
		if (!strcmp(commands[i]->name, name))
			return commands[i];
	return NULL;
}

/**
 * struct general - options of all commands
 * @help: --help
 * @version: --version
 * @error: an option lacks its argument
 */
struct general {
	bool help;
	bool version;
	bool error;
};

/*
 * take_general() - take the general options out, wherever they are, up to "--"
 *
 * They are valid before the command and after it; what is left is the command's.
 */
static int take_general(struct vfctl *v, int argc, char **argv, struct general *options)
{
	int from, to = 1;

	for (from = 1; from < argc; from++) {
		const char *word = argv[from];

		if (!strcmp(word, "--"))
			break;
		if (!strcmp(word, "--json") || !strcmp(word, "-j"))
			v->json = true;
		else if (!strcmp(word, "--quiet") || !strcmp(word, "-q"))
			v->quiet = true;
		else if (!strcmp(word, "--help") || !strcmp(word, "-h"))
			options->help = true;
		else if (!strcmp(word, "--version") || !strcmp(word, "-V"))
			options->version = true;
		else if (!strncmp(word, "--root=", 7))
			v->root = word + 7;
		else if (strcmp(word, "--root"))
			argv[to++] = argv[from];
		else if (from + 1 < argc)
			v->root = argv[++from];
		else
			options->error = true;
	}
	while (from < argc)
		argv[to++] = argv[from++];
	argv[to] = NULL;
	return to;
}

/**
 * vfctl_main() - what main() does when it knows its surroundings
 * @v: the program
 * @argc: number of words
 * @argv: the words; are put in another order
 *
 * Return: an exit code.
 */
int vfctl_main(struct vfctl *v, int argc, char **argv)
{
	struct general options = { 0 };
	const struct command *command;
	int ret;

	argc = take_general(v, argc, argv, &options);
	if (options.error)
		return fail(v, EXIT_USAGE, "--root wants a folder; see vfctl --help");
	if (options.version) {
		fprintf(v->out, "vfctl %s\n", VFCTL_VERSION);
		return EXIT_DONE;
	}
	if (argc < 2) {
		if (!options.help)
			return fail(v, EXIT_USAGE, "no command was given; see vfctl --help");
		help(v);
		return EXIT_DONE;
	}
	command = find_command(argv[1]);
	if (!command)
		return fail(v, EXIT_USAGE, "there is no command '%s'; see vfctl --help", argv[1]);
	if (options.help) {
		command_help(v, command);
		return EXIT_DONE;
	}
	/* glibc's own way to start anew */
	optind = 0;
	opterr = 0;
	ret = command->run(v, argc - 1, argv + 1);
	if (fflush(v->out) == EOF && ret == EXIT_DONE)
		return fail_errno(v, errno, "stdout");
	return ret;
}
