// SPDX-License-Identifier: GPL-2.0
/*
 * An instance of tracefs of our own: who else listens to errors, such as rasdaemon, gets
 * all of them, and so do we.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sysfs.h"
#include "text.h"
#include "trace.h"
#include "vfctl.h"

/* Where tracefs may be: in its own place, and in debugfs on older systems */
static const char *const places[] = { "/sys/kernel/tracing", "/sys/kernel/debug/tracing" };

/* Kilobytes for each processor. An error takes about 100 bytes. */
#define BUFFER_KB "128"

/* So much in one go: then it is time to look at the clock */
#define READS_MAX 64

static int remove_folder(const struct vfctl *v, const char *path)
{
	char *full = sysfs_path(v, "%s", path);
	int ret = rmdir(full) < 0 ? -errno : 0;

	free(full);
	return ret;
}

#define OURS "vfctl-"

/*
 * is_left_over() - is it an instance of a process that was killed?
 *
 * One that is alive may have made it a moment ago, and not opened it yet: until then the
 * kernel would let it be removed. One of this process' number is not this one's.
 */
static bool is_left_over(const char *name)
{
	unsigned long long pid;

	if (strncmp(name, OURS, strlen(OURS)))
		return false;
	if (!text_number(name + strlen(OURS), 1, INT_MAX, &pid))
		return false;
	return (pid_t)pid == getpid() || (kill(pid, 0) < 0 && errno == ESRCH);
}

/*
 * remove_leftovers() - of one that was killed the instance stays
 *
 * The kernel refuses to remove one that is being read from.
 */
static void remove_leftovers(struct vfctl *v, const char *place)
{
	struct names names;
	char path[400];
	size_t i;
	int dir;

	dir = sysfs_dir(v, "%s/instances", place);
	if (dir < 0)
		return;
	if (!sysfs_names(dir, ".", &names)) {
		for (i = 0; i < names.nr; i++) {
			if (!is_left_over(names.name[i]))
				continue;
			snprintf(path, sizeof(path), "%s/instances/%s", place, names.name[i]);
			remove_folder(v, path);
		}
		names_free(&names);
	}
	close(dir);
}

static int make_in(struct vfctl *v, const char *place, struct trace *trace)
{
	char *full;
	int ret;

	full = sysfs_path(v, "%s/events/ras/aer_event", place);
	ret = access(full, F_OK) < 0 ? -errno : 0;
	free(full);
	if (ret)
		return ret;
	remove_leftovers(v, place);
	snprintf(trace->path, sizeof(trace->path), "%s/instances/" OURS "%d", place,
		 getpid());
	full = sysfs_path(v, "%s", trace->path);
	ret = mkdir(full, 0700) < 0 ? -errno : 0;
	free(full);
	return ret;
}

/**
 * trace_make() - make an instance
 * @v: the program
 * @trace: gets its folder
 *
 * Return: 0 or -errno: -ENOENT if there is no tracefs, or no trace event of errors in it.
 */
int trace_make(struct vfctl *v, struct trace *trace)
{
	int ret = -ENOENT;
	size_t i;

	for (i = 0; ret == -ENOENT && i < ARRAY_SIZE(places); i++)
		ret = make_in(v, places[i], trace);
	return ret;
}

/**
 * trace_remove() - remove it
 * @v: the program
 * @trace: an instance that is stopped
 *
 * Return: 0 or -errno.
 */
int trace_remove(struct vfctl *v, const struct trace *trace)
{
	return remove_folder(v, trace->path);
}

/**
 * trace_start() - have the kernel tell of errors
 * @v: the program
 * @trace: an instance
 *
 * Return: 0 or -errno; the instance is still there then, and is stopped.
 */
int trace_start(struct vfctl *v, struct trace *trace)
{
	char *full;
	int ret;

	memset(&trace->lines, 0, sizeof(trace->lines));
	trace->fd = -1;
	/*
	 * Neither has to be: the buffer is larger then, or poll() waits until it is half
	 * full, and the lines come with the next second.
	 */
	sysfs_write(v, BUFFER_KB, "%s/buffer_size_kb", trace->path);
	sysfs_write(v, "0", "%s/buffer_percent", trace->path);
	full = sysfs_path(v, "%s/trace_pipe", trace->path);
	trace->fd = open(full, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	ret = trace->fd < 0 ? -errno : 0;
	free(full);
	if (!ret)
		ret = sysfs_write(v, "1", "%s/events/ras/aer_event/enable", trace->path);
	if (ret && trace->fd >= 0) {
		close(trace->fd);
		trace->fd = -1;
	}
	return ret;
}

/**
 * trace_read() - take what has come
 * @trace: an instance that was started
 * @sink: gets each event
 * @data: for @sink
 *
 * Return: 0 or -errno.
 */
int trace_read(struct trace *trace, event_sink sink, void *data)
{
	char buffer[4096];
	unsigned int i;
	ssize_t len;

	for (i = 0; i < READS_MAX; i++) {
		len = read(trace->fd, buffer, sizeof(buffer));
		if (len < 0)
			return errno == EAGAIN || errno == EINTR ? 0 : -errno;
		if (!len)
			break;
		trace_feed(&trace->lines, buffer, len, sink, data);
	}
	return 0;
}

/**
 * trace_stop() - have the kernel tell no more
 * @v: the program
 * @trace: an instance
 */
void trace_stop(struct vfctl *v, struct trace *trace)
{
	sysfs_write(v, "0", "%s/events/ras/aer_event/enable", trace->path);
	if (trace->fd >= 0)
		close(trace->fd);
	trace->fd = -1;
}
