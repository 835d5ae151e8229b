/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What vendors call their devices.
 */
#ifndef VFCTL_NAMES_H
#define VFCTL_NAMES_H

#include <stddef.h>
#include <stdint.h>

const char *device_name(uint16_t vendor, uint16_t device, char *text, size_t size);

#endif /* VFCTL_NAMES_H */
