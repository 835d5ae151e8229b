/* SPDX-License-Identifier: GPL-2.0 */
/*
 * rtnetlink's socket.
 */
#ifndef VFCTL_NETLINK_H
#define VFCTL_NETLINK_H

#include <stddef.h>

#include <libmnl/libmnl.h>

struct vfctl;

int netlink_talk(struct vfctl *v, struct nlmsghdr *request, mnl_cb_t each, void *data);
int netlink_answer(const void *answer, size_t len, unsigned int seq, unsigned int portid,
		   mnl_cb_t each, void *data);
const char *netlink_said(void);

#endif /* VFCTL_NETLINK_H */
