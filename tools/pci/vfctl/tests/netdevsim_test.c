// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's own rtnetlink, with netdevsim for a PF: see netdevsim.sh, which prepares
 * it and says in the environment where it is. Without it there is nothing to test here.
 *
 * netdevsim is no PCI device, so that there is no inventory: the PF and its VFs are given
 * to the functions that vfctl has below its commands.
 */
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

#include "../inventory.h"
#include "../netlink.h"
#include "../settings.h"
#include "../text.h"
#include "world.h"

/* statistics: vfctl never asks for them, but with them the list's length overflows */
static bool statistics;

static int talk(struct vfctl *v, struct nlmsghdr *request, mnl_cb_t each, void *data)
{
	struct nlattr *attr;

	mnl_attr_for_each(attr, request, sizeof(struct ifinfomsg))
		if (statistics && mnl_attr_get_type(attr) == IFLA_EXT_MASK)
			*(uint32_t *)mnl_attr_get_payload(attr) &= ~RTEXT_FILTER_SKIP_STATS;
	return netlink_talk(v, request, each, data);
}

static const struct vfctl_ops ops = { .talk = talk };
static struct vfctl v = { .root = "", .ops = &ops };
static struct pf pf;
static struct vf_link links[1024], before[1024];

static int find(void **state)
{
	const char *netdev = getenv("VFCTL_NETDEVSIM"), *vfs = getenv("VFCTL_NETDEVSIM_VFS");
	unsigned long long nr;

	v.out = stdout;
	v.err = stderr;
	if (!netdev)
		return 0;
	if (!vfs || !text_number(vfs, 1, ARRAY_SIZE(links), &nr)) {
		fprintf(stderr, "VFCTL_NETDEVSIM_VFS is not a number of VFs\n");
		return -1;
	}
	pf.nr = nr;
	text_copy(pf.fn.netdev, sizeof(pf.fn.netdev), netdev);
	text_copy(pf.fn.name, sizeof(pf.fn.name), "netdevsim");
	return 0;
}

static void needs_it(void)
{
	if (!pf.nr)
		skip();
}

static struct vf vf_of(unsigned int index)
{
	struct vf vf = { .index = index, .pf = &pf };

	snprintf(vf.fn.name, sizeof(vf.fn.name), "VF %u", index);
	return vf;
}

static void all_vfs_are_read(void **state)
{
	unsigned int i;

	needs_it();
	assert_int_equal(link_read(&v, pf.fn.netdev, links, pf.nr), 0);
	for (i = 0; i < pf.nr; i++)
		assert_int_equal(links[i].has, LINK_ALL);
	assert_int_equal(link_read(&v, pf.fn.netdev, links, pf.nr + 1), -ENODEV);
}

static void each_setting_is_set(void **state)
{
	struct vf_link wanted = {
		.has = LINK_ALL, .mac = { 2, 1, 2, 3, 4, 5 }, .vlan = 100, .qos = 3,
		.proto = ETH_P_8021AD, .min_rate = 10, .max_rate = 100, .spoofchk = true,
		.trust = true, .state = LINK_DISABLE,
	};
	struct vf vf = vf_of(0);
	unsigned int i;

	needs_it();
	assert_int_equal(link_read(&v, pf.fn.netdev, before, pf.nr), 0);
	assert_int_equal(settings_apply(&v, &vf, &wanted), EXIT_DONE);
	assert_int_equal(link_read(&v, pf.fn.netdev, links, pf.nr), 0);
	assert_int_equal(link_differs(&links[0], &wanted), 0);
	wanted.has = LINK_VLAN | LINK_TRUST;
	wanted.proto = ETH_P_8021Q;
	wanted.trust = false;
	assert_int_equal(settings_apply(&v, &vf, &wanted), EXIT_DONE);
	assert_int_equal(link_read(&v, pf.fn.netdev, links, pf.nr), 0);
	assert_int_equal(links[0].proto, ETH_P_8021Q);
	assert_false(links[0].trust);
	assert_true(links[0].spoofchk);
	for (i = 1; i < pf.nr; i++)
		assert_int_equal(link_differs(&links[i], &before[i]), 0);
}

static void each_vf_has_its_own(void **state)
{
	struct vf_link wanted = { .has = LINK_MAC, .mac = { 2 } };
	unsigned int i;

	needs_it();
	for (i = 0; i < pf.nr; i++) {
		wanted.mac[4] = i >> 8;
		wanted.mac[5] = i;
		assert_int_equal(link_write(&v, pf.fn.netdev, i, &wanted), 0);
	}
	for (statistics = false;; statistics = true) {
		assert_int_equal(link_read(&v, pf.fn.netdev, links, pf.nr), 0);
		for (i = 0; i < pf.nr; i++) {
			assert_int_equal(links[i].mac[4], i >> 8);
			assert_int_equal(links[i].mac[5], i & 0xff);
		}
		if (statistics)
			break;
	}
	statistics = false;
}

static void what_the_kernel_refuses_is_refused(void **state)
{
	struct vf_link wanted = { .has = LINK_MAC, .mac = { 1 } };

	needs_it();
	assert_int_equal(link_write(&v, pf.fn.netdev, 0, &wanted), -EINVAL);
	wanted.mac[0] = 2;
	assert_int_equal(link_write(&v, pf.fn.netdev, pf.nr, &wanted), -EINVAL);
	assert_int_equal(link_write(&v, "vfctl-is-not", 0, &wanted), -ENODEV);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_vfs_are_read),
		cmocka_unit_test(each_setting_is_set),
		cmocka_unit_test(each_vf_has_its_own),
		cmocka_unit_test(what_the_kernel_refuses_is_refused),
	};

	return cmocka_run_group_tests(tests, find, NULL);
}
