// SPDX-License-Identifier: GPL-2.0
/*
 * Messages that the kernel sends when a device changes: "ACTION@PATH", then variables,
 * each with a NUL at its end.
 *
 * Whoever has CAP_NET_ADMIN can send to such a socket: what is not the kernel's own is
 * ignored, and so is what is cut off or makes no sense.
 */
#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "text.h"
#include "uevent.h"

/* The kernel's group; what udev sends on is another. */
#define GROUP_KERNEL 1

/* Room for what the functions of a machine have to say while xl is waited for */
#define RECEIVE_BUFFER (4 << 20)

/* So many messages in one go: then it is time to look at the clock */
#define MESSAGES_MAX 1000

/* value_of() - the value of a variable; NULL if it is not there */
static const char *value_of(const char *message, size_t len, const char *name)
{
	size_t name_len = strlen(name);
	const char *at = message;

	while (at < message + len) {
		if (!strncmp(at, name, name_len) && at[name_len] == '=')
			return at + name_len + 1;
		at += strlen(at) + 1;
	}
	return NULL;
}

/* copy_lower() - "BEGIN_RECOVERY" as "begin_recovery" */
static void copy_lower(char *to, size_t size, const char *from)
{
	event_word(to, size, from, strlen(from));
	for (; *to; to++)
		*to = tolower((unsigned char)*to);
}

static void what_changed(const char *message, size_t len, struct event *event)
{
	const char *state = value_of(message, len, "CONTAINMENT_STATE");
	const char *trouble = value_of(message, len, "XEN_TROUBLE");
	const char *error = value_of(message, len, "ERROR_EVENT");
	const char *online = value_of(message, len, "DEVICE_ONLINE");
	const char *more;
	unsigned long long number;

	if (state) {
		event->kind = EVENT_CONTAINMENT;
		copy_lower(event->state, sizeof(event->state), state);
		more = value_of(message, len, "CONTAINMENT_REASON") ?: "";
		event_word(event->reason, sizeof(event->reason), more, strlen(more));
	} else if (trouble) {
		event->kind = EVENT_XEN;
		copy_lower(event->state, sizeof(event->state), trouble);
		more = value_of(message, len, "XEN_DOMAIN");
		if (more && text_number(more, 0, 0x7fff, &number))
			event->domain = number;
	} else if (error || online) {
		event->kind = EVENT_RECOVERY;
		copy_lower(event->state, sizeof(event->state), error ?: "state");
		if (online && text_number(online, 0, 1, &number))
			event->online = number;
	}
}

/* is_whole() - does it end with a NUL, and is it "ACTION@PATH" with the same variables? */
static bool is_whole(const char *message, size_t len, const char *action, const char *path)
{
	size_t action_len;

	if (!action || !path)
		return false;
	action_len = strlen(action);
	return !strncmp(message, action, action_len) && message[action_len] == '@' &&
	       !strcmp(message + action_len + 1, path);
}

/**
 * uevent_parse() - read a message of the kernel
 * @message: any bytes
 * @len: how many
 * @event: gets what it says
 *
 * Messages that somebody asked for by writing to a file "uevent", as udevadm trigger
 * does, say nothing of what happened: they are skipped.
 *
 * Return: whether it is about a PCI function, and makes sense.
 */
bool uevent_parse(const char *message, size_t len, struct event *event)
{
	const char *action, *path, *subsystem, *name, *last;
	struct address address;

	if (!len || len > UEVENT_MAX || message[len - 1])
		return false;
	action = value_of(message, len, "ACTION");
	path = value_of(message, len, "DEVPATH");
	if (!is_whole(message, len, action, path))
		return false;
	subsystem = value_of(message, len, "SUBSYSTEM");
	if (!subsystem || strcmp(subsystem, "pci") || value_of(message, len, "SYNTH_UUID"))
		return false;
	name = value_of(message, len, "PCI_SLOT_NAME");
	last = strrchr(path, '/');
	if (!name || !last || strcmp(name, last + 1) || !address_parse(name, &address))
		return false;
	event_init(event, EVENT_CHANGED);
	event_about(event, &address);
	if (!strcmp(action, "add"))
		event->kind = EVENT_ADDED;
	else if (!strcmp(action, "remove"))
		event->kind = EVENT_REMOVED;
	else if (!strcmp(action, "change"))
		what_changed(message, len, event);
	return true;
}

/**
 * uevent_from_kernel() - did the kernel send it?
 * @from: the sender's address
 * @who: the sender's credentials, as the kernel passes them; NULL if there are none
 *
 * Return: true if it did.
 */
bool uevent_from_kernel(const struct sockaddr_nl *from, const struct ucred *who)
{
	return from->nl_family == AF_NETLINK && !from->nl_pid &&
	       (from->nl_groups & GROUP_KERNEL) && who && !who->pid && !who->uid;
}

/**
 * uevent_open() - listen to the kernel
 *
 * Return: a descriptor, or -errno.
 */
int uevent_open(void)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = GROUP_KERNEL };
	int fd, on = 1, size = RECEIVE_BUFFER, error;

	fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
		    NETLINK_KOBJECT_UEVENT);
	if (fd < 0)
		return -errno;
	/* Only root may have more than the system's limit; with less, more gets lost. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) < 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	if (setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)) < 0 ||
	    bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		error = -errno;
		close(fd);
		return error;
	}
	return fd;
}

static const struct ucred *sender_of(struct msghdr *header)
{
	struct cmsghdr *part;

	for (part = CMSG_FIRSTHDR(header); part; part = CMSG_NXTHDR(header, part))
		if (part->cmsg_level == SOL_SOCKET && part->cmsg_type == SCM_CREDENTIALS &&
		    part->cmsg_len >= CMSG_LEN(sizeof(struct ucred)))
			return (const struct ucred *)CMSG_DATA(part);
	return NULL;
}

/**
 * uevent_receive() - take what has come
 * @fd: from uevent_open()
 * @sink: gets each message that is one
 * @data: for @sink
 *
 * Return: 0; -ENOBUFS if some were lost, for there were too many; or another -errno.
 */
int uevent_receive(int fd, event_sink sink, void *data)
{
	char message[UEVENT_MAX];
	union {
		char room[CMSG_SPACE(sizeof(struct ucred))];
		struct cmsghdr align;
	} control;
	unsigned int i;

	for (i = 0; i < MESSAGES_MAX; i++) {
		struct sockaddr_nl from = { 0 };
		struct iovec part = { .iov_base = message, .iov_len = sizeof(message) };
		struct msghdr header = {
			.msg_name = &from, .msg_namelen = sizeof(from),
			.msg_iov = &part, .msg_iovlen = 1,
			.msg_control = &control, .msg_controllen = sizeof(control),
		};
		struct event event;
		ssize_t len = recvmsg(fd, &header, MSG_DONTWAIT);

		if (len < 0)
			return errno == EAGAIN || errno == EINTR ? 0 : -errno;
		if (header.msg_flags & MSG_TRUNC || header.msg_namelen != sizeof(from) ||
		    !uevent_from_kernel(&from, sender_of(&header)))
			continue;
		if (uevent_parse(message, len, &event))
			sink(data, &event);
	}
	return 0;
}
