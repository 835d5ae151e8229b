// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Accesses to configuration space by the files that Linux has for a function: "config", and
 * "reset" for a reset of the function.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "channel.h"

struct sysfs {
	int fd;
	char dir[256];
};

/* One access of this width: the kernel makes one of a read that is aligned. */
static int sysfs_read(void *context, unsigned int offset, unsigned int width, uint32_t *value)
{
	struct sysfs *sysfs = context;
	uint8_t bytes[4] = { 0 };
	unsigned int i;

	if (width > sizeof(bytes) || pread(sysfs->fd, bytes, width, offset) != (ssize_t)width)
		return -1;
	*value = 0;
	for (i = 0; i < width; i++)
		*value |= (uint32_t)bytes[i] << 8 * i;
	return 0;
}

static int sysfs_write(void *context, unsigned int offset, unsigned int width, uint32_t value)
{
	struct sysfs *sysfs = context;
	uint8_t bytes[4];
	unsigned int i;

	for (i = 0; i < sizeof(bytes); i++)
		bytes[i] = value >> 8 * i;
	return width <= sizeof(bytes) &&
	       pwrite(sysfs->fd, bytes, width, offset) == (ssize_t)width ? 0 : -1;
}

static uint64_t sysfs_now_ms(void *context)
{
	struct timespec now;

	(void)context;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void sysfs_sleep_ms(void *context, unsigned int ms)
{
	struct timespec time = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L };

	(void)context;
	nanosleep(&time, NULL);
}

static int sysfs_reset(void *context)
{
	struct sysfs *sysfs = context;
	char path[sizeof(sysfs->dir) + 8];
	int fd, ret;

	snprintf(path, sizeof(path), "%s/reset", sysfs->dir);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	ret = write(fd, "1", 1) == 1 ? 0 : -1;
	close(fd);
	return ret;
}

/**
 * channel_sysfs_open - access a function that Linux lists
 * @access: filled in
 * @function: an address as "0000:00:05.0", or a directory that has a file "config"
 *
 * Return: 0, or a negative errno.
 */
int channel_sysfs_open(struct channel_access *access, const char *function)
{
	struct sysfs *sysfs = calloc(1, sizeof(*sysfs));
	char path[sizeof(sysfs->dir) + 8];
	struct stat stat;
	int n, err;

	if (!sysfs)
		return -ENOMEM;
	n = snprintf(sysfs->dir, sizeof(sysfs->dir), "%s%s",
		     strchr(function, '/') ? "" : "/sys/bus/pci/devices/", function);
	if (n < 0 || (size_t)n >= sizeof(sysfs->dir)) {
		free(sysfs);
		return -ENAMETOOLONG;
	}
	snprintf(path, sizeof(path), "%s/config", sysfs->dir);
	sysfs->fd = open(path, O_RDWR | O_CLOEXEC);
	if (sysfs->fd < 0 || fstat(sysfs->fd, &stat)) {
		err = errno;
		if (sysfs->fd >= 0)
			close(sysfs->fd);
		free(sysfs);
		return -err;
	}
	*access = (struct channel_access) {
		.read = sysfs_read,
		.write = sysfs_write,
		.now_ms = sysfs_now_ms,
		.sleep_ms = sysfs_sleep_ms,
		.reset = sysfs_reset,
		.size = stat.st_size,
		.context = sysfs,
	};
	return 0;
}

/**
 * channel_sysfs_close - end what channel_sysfs_open() began
 * @access: no more to be used
 */
void channel_sysfs_close(struct channel_access *access)
{
	struct sysfs *sysfs = access->context;

	close(sysfs->fd);
	free(sysfs);
}
