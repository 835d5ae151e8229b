/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _PROVE_XEN_INTERFACE_XEN_H
#define _PROVE_XEN_INTERFACE_XEN_H

#include <stdint.h>

typedef uint16_t domid_t;
typedef unsigned long xen_ulong_t;

#endif /* _PROVE_XEN_INTERFACE_XEN_H */
