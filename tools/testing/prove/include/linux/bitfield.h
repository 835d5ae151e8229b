/* SPDX-License-Identifier: GPL-2.0 */
/* Without the checks that the kernel's makes while it compiles */
#ifndef _PROVE_LINUX_BITFIELD_H
#define _PROVE_LINUX_BITFIELD_H

#define FIELD_LOWEST(mask)	((mask) & ~((mask) << 1))
#define FIELD_GET(mask, value)	(((value) & (mask)) / FIELD_LOWEST(mask))
#define FIELD_PREP(mask, value)	((value) * FIELD_LOWEST(mask) & (mask))

#endif /* _PROVE_LINUX_BITFIELD_H */
