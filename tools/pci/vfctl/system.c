// SPDX-License-Identifier: GPL-2.0
/*
 * The way outside: writes to sysfs, programs, the clock. rtnetlink is in netlink.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "netlink.h"
#include "text.h"
#include "vfctl.h"

/* Longer than libxl waits for a guest that does not answer */
#define RUN_SECONDS 60
/* An answer takes a second where it takes long */
#define ASK_SECONDS 30
/* What was killed may be in the kernel, and end later */
#define KILLED_MS 2000
#define KILLED_STEP_MS 10

/**
 * vfctl_has_root() - are the files those of another machine, or of none?
 * @v: the program
 *
 * Return: whether --root names something else than this machine's own root.
 */
bool vfctl_has_root(const struct vfctl *v)
{
	return v->root[strspn(v->root, "/")];
}

static int system_write(struct vfctl *v, const char *path, const char *value)
{
	size_t len = strlen(value);
	ssize_t done;
	int fd, ret = 0;

	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	/* In one piece: the second half would be another request to sysfs. */
	done = write(fd, value, len);
	if (done < 0)
		ret = -errno;
	else if ((size_t)done != len)
		ret = -EIO;
	close(fd);
	return ret;
}

static long long system_now(struct vfctl *v)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000LL + time.tv_nsec / 1000000;
}

static void system_sleep(struct vfctl *v, unsigned int ms)
{
	struct timespec time = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L };

	nanosleep(&time, NULL);
}

/* hold_signals() - those that ask this program to end: they come only where it waits */
static void hold_signals(sigset_t *before, sigset_t *waiting)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	sigset_t held;
	size_t i;

	sigemptyset(&held);
	for (i = 0; i < ARRAY_SIZE(signals); i++)
		sigaddset(&held, signals[i]);
	sigprocmask(SIG_BLOCK, &held, before);
	*waiting = *before;
	for (i = 0; i < ARRAY_SIZE(signals); i++)
		sigdelset(waiting, signals[i]);
}

/* is_asked_to_end() - does nobody want the answer any more? */
static bool is_asked_to_end(const struct vfctl *v, enum run_kind kind)
{
	return kind == RUN_ASK && !v->steady && vfctl_interrupted();
}

/* gather() - read what a program prints until it ends, or for too long */
static int gather(struct vfctl *v, enum run_kind kind, int fd, const sigset_t *waiting,
		  struct text *output)
{
	unsigned int seconds = kind == RUN_ASK ? ASK_SECONDS : RUN_SECONDS;
	long long end = system_now(v) + seconds * 1000LL, left;
	char buffer[4096];
	ssize_t len;

	while ((left = end - system_now(v)) > 0) {
		struct timespec time = {
			.tv_sec = left / 1000, .tv_nsec = left % 1000 * 1000000L
		};
		struct pollfd wait = { .fd = fd, .events = POLLIN };
		int ready;

		if (is_asked_to_end(v, kind))
			return -EINTR;
		ready = ppoll(&wait, 1, &time, waiting);
		if (ready < 0 && errno != EINTR)
			return -errno;
		if (ready <= 0)
			continue;
		len = read(fd, buffer, sizeof(buffer));
		if (len < 0 && errno != EINTR)
			return -errno;
		if (!len)
			return 0;
		if (len > 0 && output)
			text_add(output, buffer, len);
	}
	return -ETIMEDOUT;
}

/*
 * It is a group of its own: Ctrl-C is for this program, which lets a step come to its
 * end and undoes it if need be.
 */
static int start(pid_t *pid, char *const argv[], enum run_kind kind, int out)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none;
	int ret;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, out, 1);
	/* A warning is not a part of an answer */
	if (kind == RUN_ASK)
		posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	else
		posix_spawn_file_actions_adddup2(&actions, out, 2);
	posix_spawnattr_init(&attributes);
	sigemptyset(&none);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setpgroup(&attributes, 0);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
	ret = posix_spawnp(pid, argv[0], &actions, &attributes, argv, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return -ret;
}

/* reap_killed() - take what was killed off the list of processes, if it ends soon */
static void reap_killed(struct vfctl *v, pid_t pid)
{
	unsigned int ms;

	for (ms = 0; ms < KILLED_MS; ms += KILLED_STEP_MS) {
		if (waitpid(pid, NULL, WNOHANG))
			return;
		system_sleep(v, KILLED_STEP_MS);
	}
}

static int system_run(struct vfctl *v, char *const argv[], enum run_kind kind,
		      struct text *output)
{
	sigset_t before, waiting;
	int ends[2], ret, status;
	pid_t pid;

	if (vfctl_has_root(v))
		return -NOT_WITH_ROOT;
	if (is_asked_to_end(v, kind))
		return -EINTR;
	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	ret = start(&pid, argv, kind, ends[1]);
	close(ends[1]);
	if (ret < 0) {
		close(ends[0]);
		return ret;
	}
	hold_signals(&before, &waiting);
	ret = gather(v, kind, ends[0], &waiting, output);
	sigprocmask(SIG_SETMASK, &before, NULL);
	close(ends[0]);
	if (ret < 0) {
		kill(-pid, SIGKILL);
		reap_killed(v, pid);
		return ret;
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -EINTR;
}

const struct vfctl_ops vfctl_system = {
	.write = system_write,
	.run = system_run,
	.talk = netlink_talk,
	.sleep = system_sleep,
	.now = system_now,
};
