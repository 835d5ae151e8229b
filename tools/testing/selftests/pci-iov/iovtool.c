// SPDX-License-Identifier: GPL-2.0
/*
 * What a shell cannot do for the SR-IOV selftests:
 *
 *   write FILE TEXT          one write(2) of TEXT, print the errno's name or OK
 *   overlap FILE TEXT READ   write TEXT to FILE while READ is read in a loop;
 *                            print how many reads ran wholly inside the write
 *                            and how long the longest read took
 *   time FILE TEXT           as write, and print how long the write took
 *   uevents                  print the kernel's uevents as they arrive, with
 *                            what a listener sees at that moment; SIGTERM ends
 *                            it, after those that were sent until then
 *   nvme-online CTRL ID      give secondary controller ID two queues and an
 *                            interrupt vector through CTRL and bring it online
 *   vfio-hold GROUP DEVICE   have a device of vfio-pci open, as QEMU has, until
 *                            it is killed
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/nvme_ioctl.h>
#include <linux/vfio.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../lib/tool.h"

#define NVME_VIRT_MGMT			0x1c
#define NVME_VIRT_OFFLINE		0x7
#define NVME_VIRT_ASSIGN		0x8
#define NVME_VIRT_ONLINE		0x9
#define NVME_RES_QUEUE			0
#define NVME_RES_INTERRUPT		1

static int64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000LL + ts.tv_nsec / 1000;
}

static const char *outcome(int err)
{
	return err ? strerrorname_np(err) : "OK";
}

/* Return: 0, or the errno of open(2) or write(2). */
static int write_once(const char *file, const char *text)
{
	int fd = open(file, O_WRONLY);
	int err = 0;

	if (fd < 0)
		return errno;
	if (write(fd, text, strlen(text)) < 0)
		err = errno;
	close(fd);
	return err;
}

/* Read a short attribute; "-" stands for one that cannot be read. */
static void read_once(const char *file, char *buf, size_t size)
{
	int fd = open(file, O_RDONLY);
	ssize_t len = -1;

	if (fd >= 0) {
		len = read(fd, buf, size - 1);
		close(fd);
	}
	if (len < 0)
		len = snprintf(buf, size, "-");
	buf[len] = '\0';
	buf[strcspn(buf, "\n")] = '\0';
}

static int cmd_write(char **arg)
{
	puts(outcome(write_once(arg[0], arg[1])));
	return 0;
}

static int cmd_time(char **arg)
{
	int64_t start = now_us();
	int err = write_once(arg[0], arg[1]);

	printf("%s %lld\n", outcome(err), (long long)(now_us() - start));
	return 0;
}

/*
 * A read counts as inside only when the writer had been at work for a while
 * before the read began and was not done when it ended: a read that slipped in
 * before the write took its lock proves nothing.
 */
static int cmd_overlap(char **arg)
{
	const int64_t margin = 20000;
	int64_t start, t0, t1, longest = 0, pending[4096];
	int reads = 0, inside = 0, kept = 0, status, i;
	char buf[64];
	pid_t pid;

	start = now_us();
	pid = fork();
	if (pid < 0)
		return 1;
	if (!pid)
		_exit(write_once(arg[0], arg[1]));

	while (waitpid(pid, &status, WNOHANG) == 0) {
		t0 = now_us();
		read_once(arg[2], buf, sizeof(buf));
		t1 = now_us();
		reads++;
		if (t1 - t0 > longest)
			longest = t1 - t0;
		if (t0 - start > margin && kept < 4096)
			pending[kept++] = t1;
		usleep(2000);
	}
	t1 = now_us();
	for (i = 0; i < kept; i++)
		inside += pending[i] < t1 - margin;

	printf("result=%s write_us=%lld reads=%d inside=%d longest_us=%lld\n",
	       outcome(WIFEXITED(status) ? WEXITSTATUS(status) : EINTR),
	       (long long)(t1 - start), reads, inside, (long long)longest);
	return 0;
}

/*
 * One line an event: ACTION DEVPATH numvfs=<of this device> physfn=<0|1>.  Both
 * are looked up on reception: the kernel's sender has not gone on by much, so a
 * listener that acts on the event would see the same.
 */
static void print_event(const char *msg, size_t len)
{
	const char *end = msg + len, *action = "?", *path = NULL, *p;
	char file[512], numvfs[32];
	struct stat st;
	int physfn;

	for (p = msg; p < end; p += strlen(p) + 1) {
		if (!strncmp(p, "ACTION=", 7))
			action = p + 7;
		else if (!strncmp(p, "DEVPATH=", 8))
			path = p + 8;
		else if (!strncmp(p, "SUBSYSTEM=", 10) && strcmp(p + 10, "pci"))
			return;
	}
	if (!path)
		return;
	snprintf(file, sizeof(file), "/sys%s/physfn", path);
	physfn = !lstat(file, &st);
	snprintf(file, sizeof(file), "/sys%s/sriov_numvfs", path);
	read_once(file, numvfs, sizeof(numvfs));
	printf("%s %s numvfs=%s physfn=%d\n", action, strrchr(path, '/') + 1,
	       numvfs, physfn);
	fflush(stdout);
}

static int cmd_uevents(char **arg)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK, .nl_groups = 1 };
	int fd = socket(AF_NETLINK, SOCK_DGRAM, NETLINK_KOBJECT_UEVENT);
	struct pollfd pfd[2] = { { .fd = fd, .events = POLLIN } };
	sigset_t term;
	int room = 4 << 20;
	char msg[8192];
	ssize_t len;

	/* A burst of events must not overflow the socket while this reads sysfs. */
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room));
	if (bind(fd, (struct sockaddr *)&addr, sizeof(addr))) {
		perror("bind");
		return 1;
	}
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, NULL);
	pfd[1] = (struct pollfd){
		.fd = signalfd(-1, &term, SFD_CLOEXEC),
		.events = POLLIN,
	};
	if (pfd[1].fd < 0) {
		perror("signalfd");
		return 1;
	}
	puts("listening");
	fflush(stdout);

	/* The signal counts when there is no event left */
	while (poll(pfd, 2, -1) >= 0) {
		if (!pfd[0].revents)
			break;
		len = recv(fd, msg, sizeof(msg) - 1, 0);
		if (len < 0) {
			printf("lost %s\n", strerrorname_np(errno));
			fflush(stdout);
			continue;
		}
		msg[len] = '\0';
		/* The first string is ACTION@DEVPATH. */
		print_event(msg + strlen(msg) + 1, len - strlen(msg) - 1);
	}
	return 0;
}

static int nvme_virt(int fd, int id, int act, int rt, int nr)
{
	struct nvme_admin_cmd cmd = {
		.opcode = NVME_VIRT_MGMT,
		.cdw10 = (uint32_t)id << 16 | rt << 8 | act,
		.cdw11 = nr,
	};
	int status = ioctl(fd, NVME_IOCTL_ADMIN_CMD, &cmd);

	if (status)
		fprintf(stderr, "nvme: action %d of controller %d: %s %#x\n",
			act, id, status < 0 ? strerror(errno) : "status",
			status);
	return status;
}

static int cmd_nvme_online(char **arg)
{
	int fd = open(arg[0], O_RDWR), id = atoi(arg[1]);

	if (fd < 0) {
		perror(arg[0]);
		return 1;
	}
	/* Resources can only be assigned to a controller that is offline. */
	return nvme_virt(fd, id, NVME_VIRT_OFFLINE, 0, 0) ||
	       nvme_virt(fd, id, NVME_VIRT_ASSIGN, NVME_RES_QUEUE, 2) ||
	       nvme_virt(fd, id, NVME_VIRT_ASSIGN, NVME_RES_INTERRUPT, 1) ||
	       nvme_virt(fd, id, NVME_VIRT_ONLINE, 0, 0);
}

static int cmd_vfio_hold(char **arg)
{
	int container = open("/dev/vfio/vfio", O_RDWR);
	int group = open(arg[0], O_RDWR);

	if (container < 0 || group < 0 ||
	    ioctl(group, VFIO_GROUP_SET_CONTAINER, &container) ||
	    ioctl(container, VFIO_SET_IOMMU, VFIO_TYPE1_IOMMU) ||
	    ioctl(group, VFIO_GROUP_GET_DEVICE_FD, arg[1]) < 0) {
		perror(arg[1]);
		return 1;
	}
	puts("holding");
	fflush(stdout);
	for (;;)
		pause();
}

static const struct tool_command commands[] = {
	{ "write",	 2, cmd_write },
	{ "time",	 2, cmd_time },
	{ "overlap",	 3, cmd_overlap },
	{ "uevents",	 0, cmd_uevents },
	{ "vfio-hold",	 2, cmd_vfio_hold },
	{ "nvme-online", 2, cmd_nvme_online },
};

int main(int argc, char **argv)
{
	return tool_main("iovtool.c", commands, ARRAY_SIZE(commands), argc, argv);
}
