// SPDX-License-Identifier: GPL-2.0
/*
 * vfctl: VFs, the guests that have them, and their errors.
 */
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "commands.h"
#include "text.h"

static unsigned int columns_of(FILE *stream)
{
	const char *columns = getenv("COLUMNS");
	unsigned long long number;
	struct winsize size;

	if (!isatty(fileno(stream)))
		return 0;
	if (columns && text_number(columns, 1, 10000, &number))
		return number;
	if (!ioctl(fileno(stream), TIOCGWINSZ, &size) && size.ws_col)
		return size.ws_col;
	return 80;
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = vfctl_interrupt };
	struct vfctl v = {
		.root = "",
		.ops = &vfctl_system,
		.out = stdout,
		.err = stderr,
		.width = columns_of(stdout),
	};

	/* NO_COLOR: see no-color.org */
	v.color = v.width && !getenv("NO_COLOR");
	/* What is under way is brought to an end; sleeping is over. */
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	return vfctl_main(&v, argc, argv);
}
