// SPDX-License-Identifier: GPL-2.0
/*
 * What a shell cannot do for benchmarks of guests with VFs.
 *
 *   read DEVICE REGISTER MS ROUNDS    read a register of the configuration space again
 *                                     and again for so many milliseconds; print the
 *                                     median of what one read took, in microseconds,
 *                                     a line for each round
 *   write DEVICE REGISTER MS ROUNDS   the same, writing what it reads at first
 *   stamp                             print what comes on stdin, each line behind the
 *                                     time when it came, in milliseconds of the
 *                                     monotonic clock, as aertool's
 *
 * Registers: vendor, bar0, and devsta, the Device Status of the PCIe capability.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../lib/tool.h"

#define CAPABILITIES	0x34
#define CAP_ID_EXP	0x10
#define CAP_MAX		48	/* as many as fit: a list may be a circle */
#define MAX_SAMPLES	50000

static const struct {
	const char *name;
	uint8_t cap;		/* 0: none, the offset is absolute */
	uint8_t offset;
	uint8_t size;
} registers[] = {
	{ "vendor",	0,		0x00,	2 },
	{ "bar0",	0,		0x10,	4 },
	{ "devsta",	CAP_ID_EXP,	0x0a,	2 },
};

static int64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

static int open_config(const char *device, int flags)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/config", device);
	fd = open(path, flags);
	if (fd < 0) {
		perror(path);
		exit(2);
	}
	return fd;
}

static int find_cap(int fd, uint8_t cap)
{
	uint8_t at = CAPABILITIES, entry[2];
	int i;

	if (pread(fd, &at, 1, CAPABILITIES) != 1)
		return -1;
	for (i = 0; i < CAP_MAX && at >= 0x40; i++) {
		if (pread(fd, entry, 2, at) != 2)
			return -1;
		if (entry[0] == cap)
			return at;
		at = entry[1];
	}
	return -1;
}

static int by_value(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

/*
 * A round of a fixed time, not of a fixed number: on a busy machine an access takes
 * a hundred times longer. Each is timed by itself, because a few take even longer.
 *
 * Return: the median in nanoseconds, or -1
 */
static int one_round(int fd, bool writes, int offset, size_t size, uint32_t value, int ms)
{
	int64_t end = now_ns() + ms * 1000000LL, start, now;
	static int samples[MAX_SAMPLES];
	ssize_t done;
	int n = 0;

	for (start = now_ns(); start < end && n < MAX_SAMPLES; start = now) {
		done = writes ? pwrite(fd, &value, size, offset) : pread(fd, &value, size, offset);
		if (done != (ssize_t)size)
			return -1;
		now = now_ns();
		samples[n++] = now - start;
	}
	qsort(samples, n, sizeof(samples[0]), by_value);
	return n ? samples[n / 2] : -1;
}

static int access_rounds(char **arg, bool writes)
{
	int ms = atoi(arg[2]), rounds = atoi(arg[3]), base = 0, took;
	int fd = open_config(arg[0], writes ? O_RDWR : O_RDONLY);
	uint32_t value = 0;
	size_t r;

	for (r = 0; r < ARRAY_SIZE(registers); r++)
		if (!strcmp(arg[1], registers[r].name))
			break;
	if (r == ARRAY_SIZE(registers)) {
		fprintf(stderr, "conftool: no register is called %s\n", arg[1]);
		return 2;
	}
	if (registers[r].cap)
		base = find_cap(fd, registers[r].cap);
	if (base < 0) {
		fprintf(stderr, "conftool: %s has no %s\n", arg[0], arg[1]);
		return 1;
	}
	base += registers[r].offset;
	if (pread(fd, &value, registers[r].size, base) != registers[r].size) {
		perror("conftool: configuration space");
		return 1;
	}
	while (rounds-- > 0) {
		took = one_round(fd, writes, base, registers[r].size, value, ms);
		if (took < 0) {
			perror("conftool: configuration space");
			return 1;
		}
		printf("%.2f\n", took / 1e3);
	}
	return 0;
}

static int cmd_read(char **arg)
{
	return access_rounds(arg, false);
}

static int cmd_write(char **arg)
{
	return access_rounds(arg, true);
}

static int cmd_stamp(char **arg)
{
	char line[512];

	while (fgets(line, sizeof(line), stdin)) {
		printf("%lld %s", (long long)(now_ns() / 1000000), line);
		fflush(stdout);
	}
	return 0;
}

static const struct tool_command commands[] = {
	{ "read",	4, cmd_read },
	{ "write",	4, cmd_write },
	{ "stamp",	0, cmd_stamp },
};

int main(int argc, char **argv)
{
	return tool_main("conftool.c", commands, ARRAY_SIZE(commands), argc, argv);
}
