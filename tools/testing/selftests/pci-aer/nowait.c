// SPDX-License-Identifier: GPL-2.0
/*
 * An access() for LD_PRELOAD that takes every trace event for present.
 *
 * rasdaemon of Debian 13 waits for 30 s, by 30000 sleeps of a tick at least, for each
 * event that the kernel lacks, before it listens to those that there are. Each time it
 * opens the file afterwards, and hears then that there is none.
 */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

int access(const char *path, int mode)
{
	if (strstr(path, "/events/"))
		return 0;
	return faccessat(AT_FDCWD, path, mode, 0);
}
