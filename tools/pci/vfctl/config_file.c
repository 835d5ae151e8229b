// SPDX-License-Identifier: GPL-2.0
/*
 * The declarative file, from the disk or from stdin.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config.h"
#include "text.h"
#include "vfctl.h"

/* read_all() - 0, or -errno; -EFBIG if there is more than such a file can have */
static int read_all(int fd, struct text *text)
{
	char buffer[16384];
	ssize_t len;

	do {
		len = read(fd, buffer, sizeof(buffer));
		if (len < 0 && errno == EINTR && !vfctl_interrupted())
			continue;
		if (len < 0)
			return -errno;
		text_add(text, buffer, len);
		if (text->len > CONFIG_BYTES_MAX)
			return -EFBIG;
	} while (len);
	return 0;
}

static int cannot_read(struct vfctl *v, const char *name, int error)
{
	if (error == -EFBIG)
		return fail(v, EXIT_BAD_FILE, "%s: it has more than %d bytes: not such a file",
			    name, CONFIG_BYTES_MAX);
	if (error == -EISDIR)
		return fail(v, EXIT_BAD_FILE, "%s: this is a folder, a file is wanted", name);
	/* Not fail_errno(): that would advise to be root, where the file's owner may do */
	if (error == -EACCES || error == -EPERM)
		return fail(v, EXIT_DENIED, "%s: %s", name, strerror(-error));
	return fail_errno(v, error, "%s", name);
}

/**
 * config_fail() - say what is wrong
 * @v: the program
 * @name: of the file, "-" for stdin
 * @problem: with its place
 *
 * Return: its exit code.
 */
int config_fail(struct vfctl *v, const char *name, const struct problem *problem)
{
	return fail(v, problem->code, "%s:%u:%u: %s", strcmp(name, "-") ? name : "stdin",
		    problem->line, problem->column, problem->text);
}

/**
 * config_read() - read the declarative file
 * @v: the program
 * @name: of the file; "-" for stdin
 * @config: what it says; to be given to config_free(), unless this fails
 *
 * Return: an exit code; what is wrong has been said.
 */
int config_read(struct vfctl *v, const char *name, struct config *config)
{
	bool from_stdin = !strcmp(name, "-");
	struct text text = { 0 };
	struct problem problem;
	int fd = STDIN_FILENO, ret;

	if (!from_stdin)
		fd = open(name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return cannot_read(v, name, -errno);
	ret = read_all(fd, &text);
	if (!from_stdin)
		close(fd);
	if (ret)
		ret = cannot_read(v, from_stdin ? "stdin" : name, ret);
	else if (!config_parse(text_string(&text), text.len, config, &problem))
		ret = config_fail(v, name, &problem);
	text_free(&text);
	return ret;
}
