// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's log from a mark on.
 *
 * Each record of the log has a number, which is not used again. So what was written
 * since a mark is known by number even if the log is full and its oldest records were
 * overwritten, the mark among them: that is an error here, and never an empty log.
 *
 *	logtool mark		print the number of the next record
 *	logtool since MARK	print the records from there on, as dmesg does
 *	logtool count MARK	print how many there are, with those that are lost
 *
 * exit status: 0; 1 for an error; 3 when records from the mark on are lost, which
 * "since" says in a line that looks like an alarm of the kernel's
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LOST	3

/* "6,339,5140900,-;text" and more lines, which begin with a blank */
struct record {
	uint64_t number;
	uint64_t microseconds;
	char *text;
};

static char buffer[16384];

static bool parse(struct record *record)
{
	char *text = strchr(buffer, ';');
	char *end;

	if (!text || sscanf(buffer, "%*u,%" SCNu64 ",%" SCNu64, &record->number,
			    &record->microseconds) != 2)
		return false;
	record->text = text + 1;
	end = strchr(record->text, '\n');
	if (end)
		*end = '\0';
	return true;
}

/*
 * Reads the next record; false at the end, and only there: what else keeps records from
 * being read ends the program. Those that are overwritten are passed over.
 */
static bool next(int fd, struct record *record)
{
	ssize_t len;

	for (;;) {
		len = read(fd, buffer, sizeof(buffer) - 1);
		if (len < 0 && (errno == EPIPE || errno == EINTR))
			continue;
		if (!len || (len < 0 && errno == EAGAIN))
			return false;
		if (len < 0) {
			perror("logtool: cannot read the log");
			exit(1);
		}
		buffer[len] = '\0';
		if (parse(record))
			return true;
	}
}

static void show(const struct record *record)
{
	printf("[%5" PRIu64 ".%06" PRIu64 "] %s\n", record->microseconds / 1000000,
	       record->microseconds % 1000000, record->text);
}

/* What is there from @mark on; @print: shows it */
static int since(int fd, uint64_t mark, bool print, uint64_t *count)
{
	struct record record;
	uint64_t wanted = mark;
	uint64_t lost = 0;

	while (next(fd, &record)) {
		if (record.number < mark)
			continue;
		lost += record.number - wanted;
		wanted = record.number + 1;
		if (print)
			show(&record);
	}
	*count = wanted - mark;
	if (!lost)
		return 0;
	if (print)
		printf("BUG: lab: %" PRIu64 " records of the log from the mark on are lost\n",
		       lost);
	return LOST;
}

static int say_how(void)
{
	fprintf(stderr, "usage: logtool mark | since MARK | count MARK\n");
	return 1;
}

/* An empty mark is what a shell has of one that could not be read. */
static uint64_t mark_of(const char *text)
{
	uint64_t mark;
	char *end;

	mark = strtoull(text, &end, 10);
	if (end == text || *end) {
		fprintf(stderr, "logtool: '%s' is no mark\n", text);
		exit(1);
	}
	return mark;
}

int main(int argc, char **argv)
{
	struct record record;
	uint64_t count = 0;
	int fd, ret;

	fd = open(getenv("KMSG") ? getenv("KMSG") : "/dev/kmsg", O_RDONLY | O_NONBLOCK);
	if (fd < 0) {
		perror("logtool: /dev/kmsg");
		return 1;
	}
	if (argc == 2 && !strcmp(argv[1], "mark")) {
		while (next(fd, &record))
			count = record.number + 1;
		printf("%" PRIu64 "\n", count);
		return 0;
	}
	if (argc != 3)
		return say_how();
	if (!strcmp(argv[1], "since"))
		return since(fd, mark_of(argv[2]), true, &count);
	if (strcmp(argv[1], "count"))
		return say_how();
	ret = since(fd, mark_of(argv[2]), false, &count);
	printf("%" PRIu64 "\n", count);
	return ret;
}
