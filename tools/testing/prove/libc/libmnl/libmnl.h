/* SPDX-License-Identifier: GPL-2.0 */
/* What vfctl.h names of it; no proof calls it. */
#ifndef _PROVE_LIBC_LIBMNL_H
#define _PROVE_LIBC_LIBMNL_H

struct nlmsghdr;

typedef int (*mnl_cb_t)(const struct nlmsghdr *message, void *data);

#endif /* _PROVE_LIBC_LIBMNL_H */
