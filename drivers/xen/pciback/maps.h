/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Maps that functions share: a thousand identical VFs have one table.
 */
#ifndef _XEN_PCIBACK_MAPS_H
#define _XEN_PCIBACK_MAPS_H

#include <linux/compiler_types.h>

#include "space.h"

struct space_map *space_map_alloc(void);
void space_map_free(struct space_map *map);
const struct space_map *space_map_share(struct space_map *map);
void space_map_put(const struct space_map *map);
bool space_map_entry(const struct space_map __rcu **map, int offset,
		     struct space_dword *entry);

#endif /* _XEN_PCIBACK_MAPS_H */
