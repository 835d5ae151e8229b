/* SPDX-License-Identifier: GPL-2.0 */
/*
 * vfctl: what its files share.
 *
 * A command (commands.h) reads the machine (inventory.h) into plain data, decides, and
 * changes the machine through the few functions of struct vfctl_ops, which tests
 * replace. Functions that talk to the user return an exit code, 0 to 255; those below
 * them return 0 or a number of something, or a negative errno, and say nothing.
 */
#ifndef VFCTL_H
#define VFCTL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <libmnl/libmnl.h>

struct text;

/*
 * What the program's exit status says. They are documented in vfctl(8): scripts rely on
 * them.
 */
enum vfctl_exit {
	EXIT_DONE = 0,
	EXIT_REFUSED = 1,		/* the kernel or a tool refused; nothing was changed */
	EXIT_USAGE = 2,			/* the command line makes no sense */
	EXIT_NOT_FOUND = 3,		/* there is no such function, domain or file */
	EXIT_DENIED = 4,		/* only root may do that */
	EXIT_IN_USE = 5,		/* somebody has it, may have it, or is at work on it */
	EXIT_UNSUPPORTED = 6,		/* this kernel, device or machine cannot do it */
	EXIT_BAD_FILE = 7,		/* an error in a file, with its line and column */
	EXIT_ROLLED_BACK = 8,		/* it failed half way, and is as it was before */
	EXIT_HALF_DONE = 9,		/* it failed half way, and stays so */
	EXIT_DIFFERS = 10,		/* plan --check: there is something to change */
	EXIT_UNKNOWN = 11,		/* status: it is not known who has a function */
	EXIT_INTERRUPTED = 130,		/* Ctrl-C */
};

struct vfctl;

enum run_kind {
	RUN_CHANGE,			/* it changes the machine: it is let come to its end */
	RUN_ASK,			/* it only answers a question */
};

/**
 * struct vfctl_ops - what reaches outside of the program
 * @write: write @value to the file @path, which has the root before it already. In
 *	one write(2), as sysfs wants it. Return: 0 or -errno.
 * @run: run a program and wait for it: one that changes something 60 seconds at most, and
 *	one that is asked 30, or until Ctrl-C unless @steady. @output gets what it printed,
 *	stderr included if it changes something; it may be NULL. Return: its exit status;
 *	-ENOENT if there is no such program, -ETIMEDOUT, -EINTR if it died by a signal, or
 *	was ended by Ctrl-C.
 * @talk: send a request of rtnetlink, and call @each with each message of the answer,
 *	as mnl_cb_run() does. Return: 0, or a negative errno: the kernel's, of the
 *	socket, or -EMSGSIZE when the answer was cut off.
 * @sleep: for so many milliseconds; ends early by a signal
 * @now: milliseconds of a clock that only goes forward
 */
struct vfctl_ops {
	int (*write)(struct vfctl *v, const char *path, const char *value);
	int (*run)(struct vfctl *v, char *const argv[], enum run_kind kind, struct text *output);
	int (*talk)(struct vfctl *v, struct nlmsghdr *request, mnl_cb_t each, void *data);
	void (*sleep)(struct vfctl *v, unsigned int ms);
	long long (*now)(struct vfctl *v);
};

/**
 * struct vfctl - one run of the program
 * @root: goes before /sys, /proc, /run, /dev and /etc: "" in service; another one than
 *	this machine's has no rtnetlink, no xl and no messages of the kernel
 * @ops: the way outside
 * @out: for what was asked for
 * @err: for errors, and for progress
 * @width: of the terminal, in columns; 0: not a terminal, lines may have any length
 * @color: colours are wanted
 * @json: --json was given
 * @quiet: --quiet was given: no progress
 * @steady: something is half way: Ctrl-C does not keep the program from finding out how it
 *	stands
 * @world: of the tests' ops
 */
struct vfctl {
	const char *root;
	const struct vfctl_ops *ops;
	FILE *out;
	FILE *err;
	unsigned int width;
	bool color;
	bool json;
	bool quiet;
	bool steady;
	void *world;
};

extern const struct vfctl_ops vfctl_system;

/*
 * What vfctl_system's run and talk, and the kernel's messages, answer if there is another
 * root: it is another machine's, or none's, while xl and rtnetlink are this one's. No
 * errno is that large.
 */
#define NOT_WITH_ROOT 4200

bool vfctl_has_root(const struct vfctl *v);

bool vfctl_interrupted(void);
void vfctl_interrupt(int signal);
void vfctl_clear_interrupt(void);
unsigned int vfctl_interrupts(void);

int fail(struct vfctl *v, enum vfctl_exit code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
int fail_errno(struct vfctl *v, int error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void progress(struct vfctl *v, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void progress_end(struct vfctl *v);
const char *error_text(int error);
void say(struct vfctl *v, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif /* VFCTL_H */
