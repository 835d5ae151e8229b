/* SPDX-License-Identifier: GPL-2.0 */
/* The base kernel's own: it is ABI, and needs no more than integers. */
#include <stdint.h>
#include PCIIF_H
