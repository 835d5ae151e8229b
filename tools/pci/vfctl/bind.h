/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which driver a function has.
 */
#ifndef VFCTL_BIND_H
#define VFCTL_BIND_H

#include <stdbool.h>

struct function;
struct vfctl;

int bind_driver(struct vfctl *v, const struct function *fn, const char *driver);
bool driver_waited_for(struct vfctl *v, const char *function, const char *driver,
		       unsigned int ms);

#endif /* VFCTL_BIND_H */
