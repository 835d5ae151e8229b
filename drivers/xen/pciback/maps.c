// SPDX-License-Identifier: GPL-2.0
/*
 * Maps that functions share.
 *
 * A map is some 20 KiB, and all VFs of a PF have the same. A function that is given a
 * map shares the one that is there already if there is one like it. Nobody changes a
 * map that is shared: new rules mean another map, and who reads finds the one or the
 * other.
 */
#include <linux/cleanup.h>
#include <linux/container_of.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "maps.h"

/*
 * struct shared_map - a map and who uses it
 * @rcu: for freeing it when the last reader is through; kvfree_rcu() wants it near the
 *	start
 * @node: in the list of those that are shared; under @maps_lock
 * @users: how many; under @maps_lock
 * @map: the map; does not change once it is in the list
 */
struct shared_map {
	struct rcu_head rcu;
	struct list_head node;
	unsigned int users;
	struct space_map map;
};

static LIST_HEAD(maps);
static DEFINE_MUTEX(maps_lock);	/* innermost: nothing else is locked with it held */

static struct shared_map *to_shared(const struct space_map *map)
{
	return container_of(map, struct shared_map, map);
}

/**
 * space_map_alloc - memory for a map
 *
 * Context: sleeps.
 * Return: map for space_build(), NULL when there is no memory
 */
struct space_map *space_map_alloc(void)
{
	struct shared_map *shared = kvzalloc(sizeof(*shared), GFP_KERNEL);

	return shared ? &shared->map : NULL;
}

/**
 * space_map_free - give back the memory of a map that was not shared
 * @map: map of space_map_alloc(), or NULL
 */
void space_map_free(struct space_map *map)
{
	if (map)
		kvfree(to_shared(map));
}

/**
 * space_map_share - use a map, or one like it that is there already
 * @map: a map of space_map_alloc() that space_build() has filled in; it belongs to
 *	this from now on, and may be gone
 *
 * Context: sleeps.
 * Return: the map to use, for space_map_put() in the end
 */
const struct space_map *space_map_share(struct space_map *map)
{
	struct shared_map *shared;

	guard(mutex)(&maps_lock);
	list_for_each_entry(shared, &maps, node) {
		if (!space_same_map(&shared->map, map))
			continue;
		shared->users++;
		space_map_free(map);
		return &shared->map;
	}
	shared = to_shared(map);
	shared->users = 1;
	list_add(&shared->node, &maps);
	return map;
}

/**
 * space_map_put - no longer use a map
 * @map: map of space_map_share(), or NULL; no new reader can find it any more
 *
 * Readers that have found it may go on: it is freed after them.
 *
 * Context: sleeps.
 */
void space_map_put(const struct space_map *map)
{
	struct shared_map *shared;

	if (!map)
		return;
	shared = to_shared(map);
	guard(mutex)(&maps_lock);
	if (--shared->users)
		return;
	list_del(&shared->node);
	kvfree_rcu(shared, rcu);
}

/**
 * space_map_entry - treatment of one dword
 * @map: where the function's map is
 * @offset: of a byte in the dword; from a guest, may be anything
 * @entry: a copy of the treatment is put here
 *
 * Context: any; takes no lock.
 * Return: false when there is no map, or no such byte
 */
bool space_map_entry(const struct space_map __rcu **map, int offset, struct space_dword *entry)
{
	const struct space_map *m;

	if (offset < 0 || offset >= SPACE_BYTES)
		return false;
	guard(rcu)();
	m = rcu_dereference(*map);
	if (!m)
		return false;
	*entry = m->dword[offset / 4];
	return true;
}
