// SPDX-License-Identifier: GPL-2.0
/*
 * A command that is run for each event, one run at a time. Events go on being told
 * meanwhile: they wait in a queue, which has an end, and so has the time of a run.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "event.h"
#include "hook.h"
#include "text.h"
#include "vfctl.h"

/* From being asked to end to being killed */
#define GRACE_MS 2000

/* A real process is waited for: by the real clock, also in tests */
static long long now_ms(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000LL + time.tv_nsec / 1000000;
}

/**
 * hook_add() - have the command run for an event, when its turn comes
 * @hook: the command
 * @event: the event
 */
void hook_add(struct hook *hook, const struct event *event)
{
	if (!hook->command)
		return;
	if (hook->nr == HOOK_QUEUE) {
		hook->dropped++;
		return;
	}
	hook->queue[(hook->first + hook->nr++) % HOOK_QUEUE] = event_environment(event);
}

/* whole_environment() - ours without what is called as theirs, and theirs */
static char **whole_environment(char **theirs)
{
	char **all = NULL;
	size_t i, nr = 0;

	for (i = 0; environ[i]; i++) {
		if (!strncmp(environ[i], "VFCTL_", 6))
			continue;
		all = grow(all, nr, sizeof(*all));
		all[nr++] = environ[i];
	}
	for (i = 0; theirs[i]; i++) {
		all = grow(all, nr, sizeof(*all));
		all[nr++] = theirs[i];
	}
	return grow(all, nr, sizeof(*all));
}

/*
 * spawn() - start it
 *
 * What it prints goes to stderr: stdout may be read as JSON. It is a group of its own,
 * so that Ctrl-C does not cut it short and all of it can be ended.
 */
static int spawn(pid_t *pid, const char *command, char **environment)
{
	char *const argv[] = { "sh", "-c", (char *)command, NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none, all;
	int ret;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, 2, 1);
	posix_spawnattr_init(&attributes);
	sigemptyset(&none);
	sigemptyset(&all);
	sigaddset(&all, SIGPIPE);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &all);
	posix_spawnattr_setpgroup(&attributes, 0);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
				 POSIX_SPAWN_SETPGROUP);
	ret = posix_spawnp(pid, argv[0], &actions, &attributes, argv, environment);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return -ret;
}

static void start_next(struct vfctl *v, struct hook *hook)
{
	char **theirs = hook->queue[hook->first], **all = whole_environment(theirs);
	int ret;

	hook->first = (hook->first + 1) % HOOK_QUEUE;
	hook->nr--;
	ret = spawn(&hook->pid, hook->command, all);
	free(all);
	environment_free(theirs);
	if (ret) {
		hook->pid = 0;
		fail_errno(v, ret, "--exec: sh cannot be run");
		return;
	}
	hook->end = now_ms() + hook->limit_ms;
	hook->told_to_end = false;
}

/* look_after() - has the run come to its end, or to that of its time? */
static void look_after(struct vfctl *v, struct hook *hook)
{
	int status;
	pid_t pid = waitpid(hook->pid, &status, WNOHANG);

	if (pid == hook->pid || (pid < 0 && errno != EINTR)) {
		if (pid > 0 && hook->told_to_end)
			/* What it has left behind in its group is ended with it. */
			kill(-hook->pid, SIGKILL);
		else if (pid > 0 && status)
			fail(v, EXIT_REFUSED, "--exec: the command failed, with %s %d",
			     WIFEXITED(status) ? "status" : "signal",
			     WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
		hook->pid = 0;
		return;
	}
	if (now_ms() < hook->end)
		return;
	if (!hook->told_to_end)
		fail(v, EXIT_REFUSED, "--exec: the command has run for %u.%03u seconds: ended",
		     hook->limit_ms / 1000, hook->limit_ms % 1000);
	kill(-hook->pid, hook->told_to_end ? SIGKILL : SIGTERM);
	hook->told_to_end = true;
	hook->end = now_ms() + GRACE_MS;
}

/**
 * hook_step() - look after the run under way, and start the next; does not wait
 * @v: the program
 * @hook: the command
 */
void hook_step(struct vfctl *v, struct hook *hook)
{
	if (hook->pid)
		look_after(v, hook);
	if (hook->pid)
		return;
	if (hook->dropped) {
		fail(v, EXIT_REFUSED, "--exec: %llu events were left out: the command is too slow",
		     hook->dropped);
		hook->dropped = 0;
	}
	if (hook->nr)
		start_next(v, hook);
}

/**
 * hook_finish() - the end: run what waits, unless Ctrl-C is pressed
 * @v: the program
 * @hook: the command; nothing of it runs or waits afterwards
 */
void hook_finish(struct vfctl *v, struct hook *hook)
{
	const struct timespec moment = { .tv_nsec = 10000000 };
	unsigned int left;

	while (hook->pid || hook->nr || hook->dropped) {
		if (vfctl_interrupted() && hook->nr) {
			left = hook->nr;
			while (hook->nr--) {
				environment_free(hook->queue[hook->first]);
				hook->first = (hook->first + 1) % HOOK_QUEUE;
			}
			hook->nr = 0;
			fail(v, EXIT_REFUSED, "--exec: %u events were still to come: left out",
			     left);
		}
		if (vfctl_interrupted() && hook->pid && !hook->told_to_end) {
			kill(-hook->pid, SIGTERM);
			hook->told_to_end = true;
			hook->end = now_ms() + GRACE_MS;
		}
		hook_step(v, hook);
		if (hook->pid)
			nanosleep(&moment, NULL);
	}
}
