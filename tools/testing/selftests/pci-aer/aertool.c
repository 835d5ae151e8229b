// SPDX-License-Identifier: GPL-2.0
/*
 * What a shell cannot do for the AER selftests.  Times are milliseconds of the
 * monotonic clock, as in /proc/uptime.
 *
 *   inject BDF UNCOR COR      write one record to /dev/aer_inject, print the
 *                             errno's name or OK
 *   storm BDF COR SECONDS     inject correctable errors as fast as possible, for
 *                             so long and at least as many as make a storm;
 *                             print how many were sent, into how many of them
 *                             no interrupt followed as one was under way, and
 *                             how many times the device's mask held them back
 *   meter NETNS ADDRESS MS    ping ADDRESS from a network namespace every MS
 *                             until SIGTERM, then until the last is answered:
 *                             replies come in the order of the pings
 *   latency SECONDS           run "sh -c true" again and again; print how often,
 *                             the median and the longest time in microseconds
 *   uevents SECONDS           print the kernel's uevents as they arrive, one a line
 *   sequence                  write a record to the kernel's log, print its number
 *   now                       print the time
 *
 * The meter prints a line for each ping: "R SEQ SENT RECEIVED" as a reply comes
 * and, at the end, "L SEQ SENT" for one without a reply or that could not even be
 * sent, then "E SENT", the time of the last.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/icmp.h>
#include <linux/ip.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../lib/tool.h"

#define LINGER_MS	20000		/* for the reply to the last ping */
#define MAX_PINGS	65536		/* all that a sequence number can tell apart */
#define MAX_SAMPLES	65536
#define STORM_MIN	200
/* A record of /dev/aer_inject; see drivers/pci/pcie/aer_inject.c */
struct record {
	uint8_t bus, dev, fn, pad;
	uint32_t uncor, cor, header[4], domain;
};

static int64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000LL + ts.tv_nsec / 1000;
}

static int64_t now_ms(void)
{
	return now_us() / 1000;
}

static void fill_record(struct record *rec, const char *bdf, const char *uncor,
			const char *cor)
{
	unsigned int domain, bus, dev, fn;

	if (sscanf(bdf, "%x:%x:%x.%x", &domain, &bus, &dev, &fn) != 4) {
		fprintf(stderr, "aertool: %s is no address\n", bdf);
		exit(2);
	}
	*rec = (struct record) {
		.bus = bus, .dev = dev, .fn = fn, .domain = domain,
		.uncor = strtoul(uncor, NULL, 0),
		.cor = strtoul(cor, NULL, 0),
		.header = { 0x01000000, 0x0000000f, 0x12345678, 0xdeadbeef },
	};
}

static int open_injector(void)
{
	int fd = open("/dev/aer_inject", O_WRONLY);

	if (fd < 0) {
		perror("/dev/aer_inject");
		exit(2);
	}
	return fd;
}

static int cmd_inject(char **arg)
{
	struct record rec;
	int fd = open_injector();

	fill_record(&rec, arg[0], arg[1], arg[2]);
	if (write(fd, &rec, sizeof(rec)) == sizeof(rec))
		puts("OK");
	else
		puts(strerrorname_np(errno));
	return 0;
}

/*
 * The injector refuses with EINVAL what the device's mask would hold back.  A
 * device that is masked sends nothing, so hardly any time is spent on asking.
 */
static int cmd_storm(char **arg)
{
	int64_t end = now_us() + atoll(arg[2]) * 1000000;
	long sent = 0, busy = 0, held = 0;
	struct record rec;
	int fd = open_injector();

	fill_record(&rec, arg[0], "0", arg[1]);
	while (now_us() < end || sent + held < STORM_MIN) {
		if (write(fd, &rec, sizeof(rec)) == sizeof(rec)) {
			sent++;
		} else if (errno == EBUSY) {
			sent++;
			busy++;
			sched_yield();
		} else if (errno == EINVAL) {
			held++;
			usleep(50000);
		} else {
			perror("aertool: storm");
			return 1;
		}
	}
	printf("sent=%ld busy=%ld held=%ld\n", sent, busy, held);
	return 0;
}

static struct {
	int64_t sent, received;
} pings[MAX_PINGS];

static uint16_t checksum(const void *data, size_t len)
{
	const uint16_t *word = data;
	uint32_t sum = 0;

	for (; len; len -= 2)
		sum += *word++;
	sum = (sum >> 16) + (sum & 0xffff);
	return ~(sum + (sum >> 16));
}

static int open_ping_socket(const char *netns)
{
	struct icmp_filter filter = { .data = ~(1U << ICMP_ECHOREPLY) };
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "/run/netns/%s", netns);
	fd = open(path, O_RDONLY);
	if (fd < 0 || setns(fd, CLONE_NEWNET)) {
		perror(path);
		exit(2);
	}
	close(fd);
	fd = socket(AF_INET, SOCK_RAW | SOCK_NONBLOCK, IPPROTO_ICMP);
	if (fd < 0 || setsockopt(fd, SOL_RAW, ICMP_FILTER, &filter, sizeof(filter))) {
		perror("aertool: ICMP");
		exit(2);
	}
	return fd;
}

static void send_ping(int fd, const struct sockaddr_in *to, int seq)
{
	struct icmphdr echo = {
		.type = ICMP_ECHO,
		.un.echo = { .id = getpid(), .sequence = htons(seq) },
	};

	echo.checksum = checksum(&echo, sizeof(echo));
	pings[seq].sent = now_ms();
	/* What cannot be sent is lost, and shows as such for want of a reply. */
	(void)sendto(fd, &echo, sizeof(echo), 0, (void *)to, sizeof(*to));
}

static void take_replies(int fd)
{
	struct icmphdr echo;
	struct iphdr *ip;
	char buf[256];
	ssize_t len;
	int seq;

	while ((len = recv(fd, buf, sizeof(buf), 0)) > 0) {
		ip = (void *)buf;
		if (len < ip->ihl * 4 + (ssize_t)sizeof(echo))
			continue;
		memcpy(&echo, buf + ip->ihl * 4, sizeof(echo));
		seq = ntohs(echo.un.echo.sequence);
		if (echo.un.echo.id != (uint16_t)getpid() || !pings[seq].sent ||
		    pings[seq].received)
			continue;
		pings[seq].received = now_ms();
		printf("R %d %lld %lld\n", seq, (long long)pings[seq].sent,
		       (long long)pings[seq].received);
		fflush(stdout);
	}
}

/* Return: a file that can be read once SIGTERM has come. */
static int open_sigterm(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, 0);
}

static int cmd_meter(char **arg)
{
	struct sockaddr_in to = { .sin_family = AF_INET };
	int64_t interval = atoll(arg[2]), next = now_ms(), left;
	int sent = 0, seq;
	struct pollfd pfd[] = {
		{ .events = POLLIN, .fd = open_ping_socket(arg[0]) },
		{ .events = POLLIN, .fd = open_sigterm() },
	};

	inet_pton(AF_INET, arg[1], &to.sin_addr);

	while (!pfd[1].revents && sent < MAX_PINGS) {
		left = next - now_ms();
		if (left <= 0) {
			send_ping(pfd[0].fd, &to, sent++);
			/*
			 * What a meter without a CPU has missed it does not send in
			 * one heap: queues overflow by that, through no error.
			 */
			next += interval * (1 - left / interval);
			continue;
		}
		poll(pfd, 2, left);
		take_replies(pfd[0].fd);
	}
	/* What is in flight is neither lost nor answered yet. */
	next = now_ms() + LINGER_MS;
	while (sent && !pings[sent - 1].received && (left = next - now_ms()) > 0) {
		poll(pfd, 1, left);
		take_replies(pfd[0].fd);
	}
	for (seq = 0; seq < sent; seq++)
		if (!pings[seq].received)
			printf("L %d %lld\n", seq, (long long)pings[seq].sent);
	printf("E %lld\n", sent ? (long long)pings[sent - 1].sent : 0);
	return 0;
}

static int by_value(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

static int cmd_latency(char **arg)
{
	int64_t end = now_us() + atoll(arg[0]) * 1000000, start;
	static int samples[MAX_SAMPLES];
	int n = 0;

	while ((start = now_us()) < end && n < MAX_SAMPLES) {
		pid_t pid = vfork();

		if (!pid) {
			execl("/bin/sh", "sh", "-c", "true", NULL);
			_exit(127);
		}
		if (pid < 0 || waitpid(pid, NULL, 0) != pid) {
			perror("aertool: sh");
			return 1;
		}
		samples[n++] = now_us() - start;
	}
	qsort(samples, n, sizeof(samples[0]), by_value);
	if (n)
		printf("n=%d median_us=%d max_us=%d\n", n, samples[n / 2],
		       samples[n - 1]);
	return !n;
}

static int cmd_uevents(char **arg)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK, .nl_groups = 1 };
	int64_t end = now_ms() + atoll(arg[0]) * 1000, left;
	struct pollfd pfd = { .events = POLLIN };
	char msg[8192], *p;
	ssize_t len;

	pfd.fd = socket(AF_NETLINK, SOCK_DGRAM, NETLINK_KOBJECT_UEVENT);
	if (pfd.fd < 0 || bind(pfd.fd, (struct sockaddr *)&addr, sizeof(addr))) {
		perror("aertool: uevents");
		return 1;
	}
	puts("listening");
	fflush(stdout);
	while ((left = end - now_ms()) > 0) {
		if (poll(&pfd, 1, left) <= 0)
			continue;
		len = recv(pfd.fd, msg, sizeof(msg) - 1, 0);
		if (len <= 0)
			continue;
		msg[len] = '\0';
		for (p = msg; p < msg + len; p += strlen(p) + 1)
			printf("%s ", p);
		putchar('\n');
		fflush(stdout);
	}
	return 0;
}

/* A record of one's own is the only one whose number can be asked for. */
static int cmd_sequence(char **arg)
{
	int fd = open("/dev/kmsg", O_RDWR | O_NONBLOCK);
	char buf[8192], mark[64];
	ssize_t len;

	if (fd < 0 || lseek(fd, 0, SEEK_END) < 0) {
		perror("/dev/kmsg");
		return 1;
	}
	/* A record without a newline cannot be read before the next one comes. */
	len = snprintf(mark, sizeof(mark), "lab: sequence %lld\n",
		       (long long)now_us());
	if (write(fd, mark, len) != len) {
		perror("/dev/kmsg");
		return 1;
	}
	for (;;) {
		len = read(fd, buf, sizeof(buf) - 1);
		if (len < 0 && errno == EPIPE)
			continue;
		if (len < 0)
			break;
		buf[len] = '\0';
		if (strstr(buf, mark)) {
			strtok(buf, ",");
			puts(strtok(NULL, ","));
			return 0;
		}
	}
	fprintf(stderr, "aertool: the mark is not in the log\n");
	return 1;
}

static int cmd_now(char **arg)
{
	printf("%lld\n", (long long)now_ms());
	return 0;
}

static const struct tool_command commands[] = {
	{ "inject",	3, cmd_inject },
	{ "storm",	3, cmd_storm },
	{ "meter",	3, cmd_meter },
	{ "latency",	1, cmd_latency },
	{ "uevents",	1, cmd_uevents },
	{ "sequence",	0, cmd_sequence },
	{ "now",	0, cmd_now },
};

int main(int argc, char **argv)
{
	return tool_main("aertool.c", commands, ARRAY_SIZE(commands), argc, argv);
}
