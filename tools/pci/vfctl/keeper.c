// SPDX-License-Identifier: GPL-2.0
/*
 * A process that brings a VF back when this one dies half way, by SIGKILL or for lack of
 * memory.
 *
 * It waits at a pipe whose other end only this process has. It has this process's lock as
 * well, for a lock belongs to the open file: there is no moment at which somebody else
 * could find the VF half way and unlocked.
 *
 * An xl that this process was waiting for goes on when this process is dead, and may
 * detach the VF, or attach it, after it was looked where the VF is. So it is waited for,
 * too, at a second pipe that xl inherits; not for longer than this process would have.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <syslog.h>
#include <unistd.h>

#include "journal.h"
#include "keeper.h"
#include "text.h"
#include "transfer.h"
#include "vfctl.h"

/* A little longer than a program may take, see system.c */
#define CHILDREN_MS 65000

bool keeper_is_off;

static void ignore_signals(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGTSTP,
				       SIGTTIN, SIGTTOU, SIGUSR1, SIGUSR2, SIGALRM };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(signals); i++)
		signal(signals[i], SIG_IGN);
}

/* Who reads this program's output must not wait for the keeper's end, too. */
static void close_output(void)
{
	int fd, null = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (fd = 0; null >= 0 && fd <= 2; fd++)
		dup2(null, fd);
}

static void log_lines(char *said)
{
	char *line, *rest = said;

	openlog("vfctl", LOG_PID, LOG_DAEMON);
	while ((line = strsep(&rest, "\n")))
		if (line[0])
			syslog(LOG_WARNING, "%s", line);
	closelog();
}

static void bring_back(const struct vfctl *v, const char *vf, int lock)
{
	struct vfctl mine = *v;
	char *said = NULL;
	size_t len;

	vfctl_clear_interrupt();
	mine.err = open_memstream(&said, &len);
	mine.out = mine.err;
	if (!mine.err)
		return;
	mine.json = false;
	mine.quiet = true;
	mine.color = false;
	mine.width = 0;
	transfer_recover(&mine, vf, lock);
	fclose(mine.err);
	log_lines(said);
	free(said);
}

static void wait_for_children(int children)
{
	struct pollfd end = { .fd = children };

	/* No signal that ends it early can come: they are ignored */
	poll(&end, 1, CHILDREN_MS);
}

__attribute__((noreturn))
static void keep(struct vfctl *v, const char *vf, int lock, int pipe, int children)
{
	ssize_t len;
	char byte;

	setsid();
	ignore_signals();
	close_output();
	do
		len = read(pipe, &byte, 1);
	while (len < 0 && errno == EINTR);
	/* A byte: all is well, or this process could do no better */
	if (len <= 0) {
		journal_lock_is(lock, "(bringing it back: the one before died)");
		wait_for_children(children);
		bring_back(v, vf, lock);
	}
	/* What the parent has begun to print is the parent's to print. */
	_exit(0);
}

/**
 * keeper_start() - start the process
 * @v: the program
 * @vf: what it takes care of
 * @lock: the VF's
 * @keeper: where it goes, for keeper_dismiss()
 *
 * Return: 0 or -errno.
 */
int keeper_start(struct vfctl *v, const char *vf, int lock, struct keeper *keeper)
{
	int ends[2], children[2], error;

	keeper->pid = 0;
	if (keeper_is_off)
		return 0;
	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	if (pipe2(children, 0) < 0) {
		error = errno;
		goto close_ends;
	}
	keeper->pid = fork();
	if (!keeper->pid) {
		close(ends[1]);
		close(children[1]);
		fcntl(children[0], F_SETFD, FD_CLOEXEC);
		keep(v, vf, lock, ends[0], children[0]);
	}
	error = errno;
	close(children[0]);
	if (keeper->pid < 0)
		goto close_children;
	close(ends[0]);
	keeper->pipe = ends[1];
	keeper->children = children[1];
	return 0;

close_children:
	keeper->pid = 0;
	close(children[1]);
close_ends:
	close(ends[0]);
	close(ends[1]);
	return -error;
}

/**
 * keeper_dismiss() - it is not needed any more
 * @keeper: the process; is gone afterwards
 *
 * SIGPIPE has to be ignored.
 */
void keeper_dismiss(struct keeper *keeper)
{
	if (!keeper->pid)
		return;
	/* If it was killed there is nobody at the pipe */
	while (write(keeper->pipe, "q", 1) < 0 && errno == EINTR)
		;
	close(keeper->pipe);
	close(keeper->children);
	while (waitpid(keeper->pid, NULL, 0) < 0 && errno == EINTR)
		;
	keeper->pid = 0;
}
