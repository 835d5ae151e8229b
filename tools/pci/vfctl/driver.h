/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A function's driver: its name, and which names hand functions to others.
 */
#ifndef VFCTL_DRIVER_H
#define VFCTL_DRIVER_H

#include <stdbool.h>
#include <stddef.h>

struct vfctl;

#define DRIVER_PCIBACK "pciback"
#define DRIVER_SIZE 32

void driver_read(const struct vfctl *v, const char *function, char driver[DRIVER_SIZE]);
void driver_override_read(const struct vfctl *v, const char *function, char *override,
			  size_t size);
bool driver_is_pciback(const char *driver);
bool driver_is_vfio(const char *driver);
bool driver_hands_on(const char *driver);

#endif /* VFCTL_DRIVER_H */
