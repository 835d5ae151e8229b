// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of maps that functions share. In the kernel only: there are locks in it.
 */
#include <kunit/test.h>
#include <linux/rcupdate.h>
#include <linux/string.h>

#include "../maps.h"
#include "sim.h"

#define VFS	16

static struct space_map *map_of(struct kunit *test, enum image image)
{
	struct sim *sim = kunit_kzalloc(test, sizeof(*sim), GFP_KERNEL);
	struct space *space = kunit_kzalloc(test, sizeof(*space), GFP_KERNEL);
	struct space_map *map = space_map_alloc();
	struct space_facts facts;
	const char *why;

	KUNIT_ASSERT_NOT_NULL(test, sim);
	KUNIT_ASSERT_NOT_NULL(test, space);
	KUNIT_ASSERT_NOT_NULL(test, map);
	image_make(image, sim, &facts);
	KUNIT_ASSERT_EQ(test, space_build(&facts, map, space, &why), 0);
	return map;
}

static const struct space_map *shared_map(struct kunit *test, enum image image)
{
	return space_map_share(map_of(test, image));
}

static void identical_functions_share_a_map(struct kunit *test)
{
	const struct space_map *a = shared_map(test, IMAGE_IGB_VF);
	const struct space_map *b = shared_map(test, IMAGE_IGB_VF);
	const struct space_map *c = shared_map(test, IMAGE_NVME_VF);

	KUNIT_EXPECT_PTR_EQ(test, a, b);
	KUNIT_EXPECT_PTR_NE(test, a, c);
	space_map_put(a);
	space_map_put(b);
	space_map_put(c);
	space_map_put(NULL);
	space_map_free(NULL);
}

/* The first to come may be the first to go, and the last one's map is still there. */
static void functions_come_and_go_in_any_order(struct kunit *test)
{
	static const struct space_map *maps[VFS];
	struct space_map *same = map_of(test, IMAGE_IGB_VF);
	unsigned int start, i;

	for (start = 0; start < VFS; start++) {
		for (i = 0; i < VFS; i++)
			maps[i] = shared_map(test, i & 1 ? IMAGE_IGB_VF : IMAGE_NVME_VF);
		/* by fives, from anywhere: each once */
		for (i = 0; i < VFS; i++) {
			unsigned int which = (start + 5 * i) % VFS;

			KUNIT_EXPECT_EQ(test, space_same_map(maps[which], same), which & 1);
			space_map_put(maps[which]);
		}
	}
	space_map_free(same);
}

static void readers_find_the_map_that_there_is(struct kunit *test)
{
	const struct space_map *vf = shared_map(test, IMAGE_IGB_VF);
	const struct space_map *pf = shared_map(test, IMAGE_IGB_PF);
	const struct space_map __rcu *place;
	struct space_dword entry;

	RCU_INIT_POINTER(place, NULL);
	KUNIT_EXPECT_FALSE(test, space_map_entry(&place, 0, &entry));
	RCU_INIT_POINTER(place, vf);
	KUNIT_EXPECT_TRUE(test, space_map_entry(&place, 3, &entry));
	KUNIT_EXPECT_EQ(test, entry.virt, ~0U);
	KUNIT_EXPECT_TRUE(test, space_map_entry(&place, SPACE_BYTES - 1, &entry));
	KUNIT_EXPECT_FALSE(test, space_map_entry(&place, SPACE_BYTES, &entry));
	KUNIT_EXPECT_FALSE(test, space_map_entry(&place, -1, &entry));
	rcu_assign_pointer(place, pf);
	space_map_put(vf);
	KUNIT_EXPECT_TRUE(test, space_map_entry(&place, 0, &entry));
	KUNIT_EXPECT_EQ(test, entry.virt, 0);
	space_map_put(pf);
}

static struct kunit_case maps_cases[] = {
	KUNIT_CASE(identical_functions_share_a_map),
	KUNIT_CASE(functions_come_and_go_in_any_order),
	KUNIT_CASE(readers_find_the_map_that_there_is),
	{ }
};

static struct kunit_suite maps_suite = {
	.name = "pciback_maps",
	.test_cases = maps_cases,
};

kunit_test_suite(maps_suite);
