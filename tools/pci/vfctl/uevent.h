/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Messages that the kernel sends when a device changes.
 */
#ifndef VFCTL_UEVENT_H
#define VFCTL_UEVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

#include <linux/netlink.h>

#include "event.h"

/* The kernel's own limit of the variables is 2048 bytes. */
#define UEVENT_MAX 8192

bool uevent_parse(const char *message, size_t len, struct event *event);
bool uevent_from_kernel(const struct sockaddr_nl *from, const struct ucred *who);
int uevent_open(void);
int uevent_receive(int fd, event_sink sink, void *data);

#endif /* VFCTL_UEVENT_H */
