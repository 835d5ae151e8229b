// SPDX-License-Identifier: GPL-2.0
/*
 * rtnetlink's socket.
 *
 * Each request has a socket of its own: there are few of them, and nothing of one that
 * went wrong is left in the way of the next.
 */
#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "netlink.h"
#include "text.h"
#include "vfctl.h"

/*
 * The answer about one PF has all of its VFs, about 300 bytes each, and is one message:
 * more than the 32 KiB that are usual.
 */
#define ANSWER_SIZE (1024 * 1024)

/* The kernel answers at once; a driver may wait for its firmware. */
#define SECONDS_TO_WAIT 5

/* There is one request at a time, and so one answer. */
static char said[256];

/**
 * netlink_said() - why the kernel refused the last request, in its own words
 *
 * Return: one line without its end; "" if it did not say.
 */
const char *netlink_said(void)
{
	return said;
}

static void keep_words(const struct nlattr *attr)
{
	size_t len = strnlen(mnl_attr_get_payload(attr), mnl_attr_get_payload_len(attr));

	if (len >= sizeof(said))
		len = sizeof(said) - 1;
	memcpy(said, mnl_attr_get_payload(attr), len);
	said[len] = '\0';
	text_ascii(said, ' ');
}

/* read_words() - the message of the kernel's extended acknowledgment, if there is one */
static void read_words(const struct nlmsghdr *answer)
{
	const struct nlmsgerr *error = mnl_nlmsg_get_payload(answer);
	unsigned int offset = sizeof(*error);
	const struct nlattr *attr;

	if (!(answer->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	/* The attributes come after the request, of which there may be only the header */
	if (!(answer->nlmsg_flags & NLM_F_CAPPED)) {
		if (error->msg.nlmsg_len < sizeof(error->msg) ||
		    error->msg.nlmsg_len > mnl_nlmsg_get_payload_len(answer))
			return;
		offset += error->msg.nlmsg_len - sizeof(error->msg);
	}
	if (MNL_ALIGN(offset) > mnl_nlmsg_get_payload_len(answer))
		return;
	mnl_attr_for_each(attr, answer, offset)
		if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG)
			keep_words(attr);
}

/* on_error() - the end of an answer: a refusal, or that it was done, which is error 0 */
static int on_error(const struct nlmsghdr *answer, void *data)
{
	const struct nlmsgerr *error = mnl_nlmsg_get_payload(answer);

	said[0] = '\0';
	if (mnl_nlmsg_get_payload_len(answer) < sizeof(*error)) {
		errno = EBADMSG;
		return MNL_CB_ERROR;
	}
	if (!error->error)
		return MNL_CB_STOP;
	read_words(answer);
	errno = error->error < 0 ? -error->error : error->error;
	return MNL_CB_ERROR;
}

/*
 * is_whole() - do messages fill what was received, without one that is cut off?
 *
 * mnl_nlmsg_ok() takes a length of more than 2 GiB for a negative one, and so for good.
 */
static bool is_whole(const void *answer, size_t len)
{
	const char *at = answer;

	while (len >= sizeof(struct nlmsghdr)) {
		const struct nlmsghdr *message = (const struct nlmsghdr *)at;

		if (message->nlmsg_len < sizeof(*message) || message->nlmsg_len > len)
			return false;
		/* The last need not be padded */
		if (MNL_ALIGN(message->nlmsg_len) >= len)
			return true;
		at += MNL_ALIGN(message->nlmsg_len);
		len -= MNL_ALIGN(message->nlmsg_len);
	}
	return false;
}

/**
 * netlink_answer() - take a part of an answer
 * @answer: what was received at once: one message or more
 * @len: of it, in bytes
 * @seq: number of the request
 * @portid: of the socket
 * @each: is called with each message that is not the end
 * @data: for @each
 *
 * Return: 1 if more is to come, 0 if this was the end; or a negative errno: the kernel's,
 * that of @each, -EMSGSIZE if the answer is cut off, -EBADMSG if it makes no sense.
 */
int netlink_answer(const void *answer, size_t len, unsigned int seq, unsigned int portid,
		   mnl_cb_t each, void *data)
{
	static mnl_cb_t control[] = { [NLMSG_ERROR] = on_error };
	int ret;

	if (!is_whole(answer, len))
		return -EMSGSIZE;
	errno = EBADMSG;
	ret = mnl_cb_run2(answer, len, seq, portid, each, data, control,
			  ARRAY_SIZE(control));
	return ret < 0 ? -errno : ret;
}

static int receive(struct mnl_socket *sock, unsigned int seq, mnl_cb_t each, void *data)
{
	void *answer = need(malloc(ANSWER_SIZE));
	ssize_t len;
	int ret;

	do {
		len = mnl_socket_recvfrom(sock, answer, ANSWER_SIZE);
		if (len >= 0) {
			ret = netlink_answer(answer, len, seq, mnl_socket_get_portid(sock),
					     each, data);
			continue;
		}
		switch (errno) {
		case EINTR:
			/* What was asked for is done or not, it has to be known which */
			ret = 1;
			break;
		case ENOSPC:
			/* As libmnl calls MSG_TRUNC */
			ret = -EMSGSIZE;
			break;
		case EAGAIN:
			ret = -ETIMEDOUT;
			break;
		default:
			ret = -errno;
		}
	} while (ret > 0);
	free(answer);
	return ret;
}

static int set_up(struct mnl_socket *sock)
{
	struct timeval time = { .tv_sec = SECONDS_TO_WAIT };
	int fd = mnl_socket_get_fd(sock), on = 1;

	if (mnl_socket_bind(sock, 0, MNL_SOCKET_AUTOPID) < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof(time)) < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof(time)) < 0)
		return -errno;
	/* Kernels before 4.12 say why by an errno only, and send the request back: so be it. */
	mnl_socket_setsockopt(sock, NETLINK_EXT_ACK, &on, sizeof(on));
	mnl_socket_setsockopt(sock, NETLINK_CAP_ACK, &on, sizeof(on));
	return 0;
}

/**
 * netlink_talk() - send a request to rtnetlink and take the answer
 * @v: the program
 * @request: the request; gets a number, and asks for an acknowledgment
 * @each: is called with each message of the answer, as mnl_cb_run() does; may be NULL
 * @data: for @each
 *
 * Return: 0, or a negative errno: the kernel's, or of the socket; -EMSGSIZE when the
 * answer was cut off, -ETIMEDOUT when none came, -NOT_WITH_ROOT.
 */
int netlink_talk(struct vfctl *v, struct nlmsghdr *request, mnl_cb_t each, void *data)
{
	static unsigned int seq;
	struct mnl_socket *sock;
	int ret;

	said[0] = '\0';
	if (vfctl_has_root(v))
		return -NOT_WITH_ROOT;
	sock = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	if (!sock)
		return -errno;
	request->nlmsg_seq = ++seq;
	request->nlmsg_flags |= NLM_F_REQUEST | NLM_F_ACK;
	ret = set_up(sock);
	if (!ret && mnl_socket_sendto(sock, request, request->nlmsg_len) < 0)
		ret = errno == EAGAIN ? -ETIMEDOUT : -errno;
	if (!ret)
		ret = receive(sock, request->nlmsg_seq, each, data);
	mnl_socket_close(sock);
	return ret;
}
