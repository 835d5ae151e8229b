// SPDX-License-Identifier: GPL-2.0
/*
 * link.c and netlink.c: what the kernel answers about VFs, whole, cut off or broken.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../netlink.h"
#include "../settings.h"
#include "../text.h"
#include "world.h"
#include "world_link.h"

#define PF "0000:01:00.0"
#define ROOM (1024 * 1024)
#define ENTRY_SIZE 296

/**
 * struct canned - an answer that a test has made up
 * @v: the program; it only talks
 * @data: the answer, in memory of its own size so that reading beyond it is noticed
 * @len: of it
 * @more: a second part, if it is not NULL
 * @more_len: of that
 */
struct canned {
	struct vfctl v;
	void *data;
	size_t len;
	void *more;
	size_t more_len;
};

static int canned_talk(struct vfctl *v, struct nlmsghdr *request, mnl_cb_t each, void *data)
{
	struct canned *c = v->world;
	int ret = netlink_answer(c->data, c->len, 1, 2, each, data);

	if (ret == 1 && c->more)
		ret = netlink_answer(c->more, c->more_len, 1, 2, each, data);
	return ret < 0 ? ret : 0;
}

static const struct vfctl_ops canned_ops = { .talk = canned_talk };

static struct canned can(const void *data, size_t len)
{
	struct canned c = { .data = need(malloc(len ?: 1)), .len = len };

	memcpy(c.data, data, len);
	c.v = (struct vfctl) { .root = "", .ops = &canned_ops };
	return c;
}

/* read_canned() - what link_read() makes of it */
static int read_canned(struct canned *c, struct vf_link *links, unsigned int nr)
{
	int ret;

	c->v.world = c;
	ret = link_read(&c->v, "eth0", links, nr);
	free(c->data);
	free(c->more);
	return ret;
}

static int read_message(const struct nlmsghdr *message, struct vf_link *links, unsigned int nr)
{
	struct canned c = can(message, message->nlmsg_len);

	return read_canned(&c, links, nr);
}

static struct nlmsghdr *message_of(uint16_t type)
{
	static char buffer[ROOM] __attribute__((aligned(MNL_ALIGNTO)));
	struct nlmsghdr *message;

	memset(buffer, 0, sizeof(buffer));
	message = mnl_nlmsg_put_header(buffer);
	message->nlmsg_type = type;
	message->nlmsg_seq = 1;
	message->nlmsg_pid = 2;
	return message;
}

/* start() - the begin of an answer, up to the list */
static struct nlmsghdr *start(unsigned int num_vf)
{
	struct nlmsghdr *answer = message_of(RTM_NEWLINK);
	struct ifinfomsg *info = mnl_nlmsg_put_extra_header(answer, sizeof(*info));

	info->ifi_type = ARPHRD_ETHER;
	mnl_attr_put_strz(answer, IFLA_IFNAME, "eth0");
	mnl_attr_put_u32(answer, IFLA_NUM_VF, num_vf);
	return answer;
}

static void put_mac(struct nlmsghdr *answer, unsigned int vf, uint8_t last)
{
	struct ifla_vf_mac mac = { .vf = vf, .mac = { 2, 0, 0, 0, vf >> 8, last } };

	mnl_attr_put(answer, IFLA_VF_MAC, sizeof(mac), &mac);
}

static void put_spoofchk(struct nlmsghdr *answer, unsigned int vf, unsigned int setting)
{
	struct ifla_vf_spoofchk spoofchk = { .vf = vf, .setting = setting };

	mnl_attr_put(answer, IFLA_VF_SPOOFCHK, sizeof(spoofchk), &spoofchk);
}

/* put_entry() - an entry of a given size with a MAC */
static struct nlattr *put_entry(struct nlmsghdr *answer, unsigned int vf, size_t size)
{
	static const char filler[UINT16_MAX];
	struct nlattr *entry = mnl_attr_nest_start(answer, IFLA_VF_INFO);

	put_mac(answer, vf, vf);
	if (size)
		mnl_attr_put(answer, IFLA_VF_STATS,
			     size - 2 * MNL_ATTR_HDRLEN - MNL_ATTR_HDRLEN -
			     sizeof(struct ifla_vf_mac), filler);
	mnl_attr_nest_end(answer, entry);
	return entry;
}

/* one_vf() - start an answer with an entry that is not ended */
static struct nlmsghdr *one_vf(struct nlattr **list, struct nlattr **entry)
{
	struct nlmsghdr *answer = start(1);

	*list = mnl_attr_nest_start(answer, IFLA_VFINFO_LIST);
	*entry = mnl_attr_nest_start(answer, IFLA_VF_INFO);
	return answer;
}

static int read_one_vf(struct nlmsghdr *answer, struct nlattr *list, struct nlattr *entry,
		       struct vf_link *link)
{
	mnl_attr_nest_end(answer, entry);
	mnl_attr_nest_end(answer, list);
	return read_message(answer, link, 1);
}

static struct world *machine(unsigned int nr)
{
	struct world *w = world_new(0);

	memset(&world_driver_faults, 0, sizeof(world_driver_faults));
	world_add_pf(w, PF, nr, "eth0");
	world_set_vfs(w, PF, nr);
	w->s->changes = 0;
	return w;
}

static void all_fields_are_read(void **state)
{
	struct world *w = machine(3);
	struct vf_link links[3], *link = &w->s->pf[0].link[1];

	*link = (struct vf_link) {
		.has = LINK_ALL, .mac = { 2, 3, 4, 5, 6, 7 }, .vlan = 4095, .qos = 7,
		.proto = ETH_P_8021AD, .min_rate = 10, .max_rate = 0xfffffff0, .spoofchk = false,
		.trust = true, .state = LINK_DISABLE,
	};
	assert_int_equal(link_read(&w->v, "eth0", links, 3), 0);
	assert_int_equal(links[1].has, LINK_ALL);
	assert_int_equal(link_differs(&links[1], link), 0);
	assert_int_equal(links[1].proto, ETH_P_8021AD);
	assert_int_equal(link_differs(&links[0], &w->s->pf[0].link[0]), 0);
	assert_int_equal(link_differs(&links[2], &w->s->pf[0].link[2]), 0);
	assert_int_equal(w->s->changes, 0);
	world_free(w);
}

static void what_a_driver_does_not_tell_is_not_known(void **state)
{
	struct world *w = machine(1);
	unsigned int flag;
	struct vf_link link;

	for (flag = LINK_MAC; flag <= LINK_STATE; flag <<= 1) {
		world_driver_faults.tells_not = flag;
		assert_int_equal(link_read(&w->v, "eth0", &link, 1), 0);
		assert_int_equal(link.has, LINK_ALL & ~flag);
	}
	world_driver_faults.tells_not = 0;
	world_driver_faults.is_blind = true;
	assert_int_equal(link_read(&w->v, "eth0", &link, 1), -EOPNOTSUPP);
	assert_int_equal(link.has, 0);
	world_free(w);
}

static int keep_mask(struct vfctl *v, struct nlmsghdr *request, mnl_cb_t each, void *data)
{
	struct nlattr *attr;

	mnl_attr_for_each(attr, request, sizeof(struct ifinfomsg))
		if (mnl_attr_get_type(attr) == IFLA_EXT_MASK)
			*(uint32_t *)v->world = mnl_attr_get_u32(attr);
	return -EIO;
}

/* With them, 222 VFs overflow the list's length, and without 335 do */
static void statistics_are_not_asked_for(void **state)
{
	static const struct vfctl_ops ops = { .talk = keep_mask };
	uint32_t mask = 0;
	struct vfctl v = { .root = "", .ops = &ops, .world = &mask };
	struct vf_link link;

	assert_int_equal(link_read(&v, "eth0", &link, 1), -EIO);
	assert_int_equal(mask, RTEXT_FILTER_VF | RTEXT_FILTER_SKIP_STATS);
}

static void many_vfs_are_read(void **state)
{
	static const unsigned int numbers[] = { 1, 127, 128, 129, 255, 256 };
	struct vf_link links[256];
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(numbers); i++) {
		struct world *w = machine(numbers[i]);

		assert_int_equal(link_read(&w->v, "eth0", links, numbers[i]), 0);
		for (j = 0; j < numbers[i]; j++) {
			assert_int_equal(links[j].has, LINK_ALL);
			assert_int_equal(links[j].mac[5], j);
		}
		world_free(w);
	}
}

/* Whoever wants one VF does not care that the list ends behind it. */
static void a_list_that_ends_early_is_noticed(void **state)
{
	struct world *w = machine(200);
	struct vf_link links[200];
	unsigned int i;

	w->s->cut_links = 128;
	assert_int_equal(link_read(&w->v, "eth0", links, 200), -EMSGSIZE);
	for (i = 0; i < 200; i++)
		assert_int_equal(links[i].has, i < 128 ? LINK_ALL : 0);
	assert_int_equal(link_read(&w->v, "eth0", links, 128), 0);
	assert_int_equal(link_read(&w->v, "eth0", links, 129), -EMSGSIZE);
	world_free(w);
}

static void vfs_that_went_away_are_noticed(void **state)
{
	struct world *w = machine(4);
	struct vf_link links[6];

	assert_int_equal(link_read(&w->v, "eth0", links, 6), -ENODEV);
	assert_int_equal(links[3].has, LINK_ALL);
	assert_int_equal(links[4].has, 0);
	assert_int_equal(link_read(&w->v, "eth1", links, 4), -ENODEV);
	assert_int_equal(link_read(&w->v, "", links, 4), -ENODEV);
	assert_int_equal(link_read(&w->v, "a-name-that-is-too-long", links, 4), -ENODEV);
	world_free(w);
}

/* Linux 6.12, with statistics: a list whose length is written modulo 65536 */
static void an_overflowed_length_is_seen_through(void **state)
{
	static const unsigned int numbers[] = { 222, 255, 256, 300, 443, 512 };
	struct vf_link links[512];
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(numbers); i++) {
		struct nlmsghdr *answer = start(numbers[i]);
		struct nlattr *list = mnl_attr_nest_start(answer, IFLA_VFINFO_LIST);

		for (j = 0; j < numbers[i]; j++)
			put_entry(answer, j, ENTRY_SIZE);
		mnl_attr_nest_end(answer, list);
		mnl_attr_put_u32(answer, IFLA_GROUP, 0);
		assert_int_equal(list->nla_len, (4 + numbers[i] * ENTRY_SIZE) % 65536);
		assert_int_equal(read_message(answer, links, numbers[i]), 0);
		for (j = 0; j < numbers[i]; j++) {
			assert_int_equal(links[j].has, LINK_MAC);
			assert_int_equal(links[j].mac[5], j & 0xff);
			assert_int_equal(links[j].mac[4], j >> 8);
		}
	}
}

/* The worst case: what is left of the length is less than that of an attribute's header */
static void a_length_that_overflowed_to_nothing_is_seen_through(void **state)
{
	struct vf_link links[222];
	unsigned int i;
	int at_the_end;

	for (at_the_end = 0; at_the_end < 2; at_the_end++) {
		struct nlmsghdr *answer = start(222);
		struct nlattr *list = mnl_attr_nest_start(answer, IFLA_VFINFO_LIST);

		for (i = 0; i < 221; i++)
			put_entry(answer, i, ENTRY_SIZE);
		put_entry(answer, i, 65536 - 4 - 221 * ENTRY_SIZE);
		mnl_attr_nest_end(answer, list);
		if (!at_the_end)
			mnl_attr_put_u32(answer, IFLA_GROUP, 0);
		assert_int_equal(list->nla_len, 0);
		assert_int_equal(read_message(answer, links, 222), 0);
		assert_int_equal(links[221].mac[5], 221);
	}
}

/* Entries behind a list are believed only if its length is explained by that. */
static void a_wrong_length_is_not_seen_through(void **state)
{
	struct vf_link links[255];
	static const int off[] = { -4, 4, 296, -296 };
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(off); i++) {
		struct nlmsghdr *answer = start(255);
		struct nlattr *list = mnl_attr_nest_start(answer, IFLA_VFINFO_LIST);

		for (j = 0; j < 255; j++)
			put_entry(answer, j, ENTRY_SIZE);
		mnl_attr_nest_end(answer, list);
		list->nla_len += off[i];
		assert_int_equal(read_message(answer, links, 255), -EMSGSIZE);
		/* (4 + 255 * 296) % 65536 has room for 33 of them */
		assert_int_equal(links[30].has, LINK_MAC);
		assert_int_equal(links[35].has, 0);
	}
}

static void a_short_list_is_not_continued(void **state)
{
	struct nlmsghdr *answer = start(3);
	struct nlattr *list = mnl_attr_nest_start(answer, IFLA_VFINFO_LIST);
	struct vf_link links[3];

	put_entry(answer, 0, ENTRY_SIZE);
	mnl_attr_nest_end(answer, list);
	/* Looks like entries of the list, but is not in it */
	put_entry(answer, 1, ENTRY_SIZE);
	put_entry(answer, 2, ENTRY_SIZE);
	assert_int_equal(read_message(answer, links, 3), -EMSGSIZE);
	assert_int_equal(links[0].has, LINK_MAC);
	assert_int_equal(links[1].has, 0);
}

static void numbers_out_of_range_are_ignored(void **state)
{
	struct nlmsghdr *answer = start(2);
	struct nlattr *list = mnl_attr_nest_start(answer, IFLA_VFINFO_LIST);
	struct vf_link links[2];

	put_entry(answer, 2, 0);
	put_entry(answer, 0x7fffffff, 0);
	put_entry(answer, 0xffffffff, 0);
	put_entry(answer, 1, 0);
	mnl_attr_nest_end(answer, list);
	assert_int_equal(read_message(answer, links, 2), -EMSGSIZE);
	assert_int_equal(links[0].has, 0);
	assert_int_equal(links[1].has, LINK_MAC);
}

static void the_first_of_two_entries_counts(void **state)
{
	struct nlmsghdr *answer = start(2);
	struct nlattr *list = mnl_attr_nest_start(answer, IFLA_VFINFO_LIST), *entry;
	struct vf_link links[2];

	put_entry(answer, 0, 0);
	entry = mnl_attr_nest_start(answer, IFLA_VF_INFO);
	put_mac(answer, 0, 99);
	mnl_attr_nest_end(answer, entry);
	mnl_attr_nest_end(answer, list);
	assert_int_equal(read_message(answer, links, 2), -EMSGSIZE);
	assert_int_equal(links[0].mac[5], 0);
	assert_int_equal(links[1].has, 0);
}

static void an_attribute_of_another_vf_is_ignored(void **state)
{
	struct nlattr *list, *entry;
	struct nlmsghdr *answer = one_vf(&list, &entry);
	struct vf_link link;

	put_mac(answer, 0, 1);
	put_spoofchk(answer, 1, 1);
	assert_int_equal(read_one_vf(answer, list, entry, &link), 0);
	assert_int_equal(link.has, LINK_MAC);
}

static void attributes_that_are_too_short_are_ignored(void **state)
{
	static const struct {
		uint16_t type;
		uint16_t len;
	} attrs[] = {
		{ IFLA_VF_MAC, sizeof(struct ifla_vf_mac) },
		{ IFLA_VF_VLAN, sizeof(struct ifla_vf_vlan) },
		{ IFLA_VF_RATE, sizeof(struct ifla_vf_rate) },
		{ IFLA_VF_TRUST, sizeof(struct ifla_vf_trust) },
		{ IFLA_VF_LINK_STATE, sizeof(struct ifla_vf_link_state) },
	};
	static const char zero[64];
	unsigned int i, len;

	for (i = 0; i < ARRAY_SIZE(attrs); i++) {
		for (len = 0; len <= attrs[i].len; len++) {
			struct nlattr *list, *entry;
			struct nlmsghdr *answer = one_vf(&list, &entry);
			struct vf_link link;

			mnl_attr_put(answer, attrs[i].type, len, zero);
			put_spoofchk(answer, 0, 1);
			assert_int_equal(read_one_vf(answer, list, entry, &link), 0);
			if (len < attrs[i].len)
				assert_int_equal(link.has, LINK_SPOOFCHK);
			else
				assert_true(link.has & ~LINK_SPOOFCHK);
		}
	}
}

static void a_vlan_list_is_looked_at_closely(void **state)
{
	struct ifla_vf_vlan vlan = { .vlan = 7 };
	struct ifla_vf_vlan_info info = {
		.vlan = 8, .qos = 1, .vlan_proto = htons(ETH_P_8021AD),
	};
	unsigned int len, first;

	/* With a list that is too short, empty or of something else, IFLA_VF_VLAN counts */
	for (len = 0; len <= 2 * sizeof(info); len++) {
		for (first = 0; first < 2; first++) {
			struct nlattr *list, *entry, *vlans;
			struct nlmsghdr *answer = one_vf(&list, &entry);
			struct vf_link link;

			if (first)
				mnl_attr_put(answer, IFLA_VF_VLAN, sizeof(vlan), &vlan);
			vlans = mnl_attr_nest_start(answer, IFLA_VF_VLAN_LIST);
			if (len <= sizeof(info))
				mnl_attr_put(answer, IFLA_VF_VLAN_INFO, len, &info);
			else if (len == sizeof(info) + 1)
				mnl_attr_put(answer, IFLA_VF_VLAN_INFO + 1, sizeof(info), &info);
			mnl_attr_nest_end(answer, vlans);
			if (!first)
				mnl_attr_put(answer, IFLA_VF_VLAN, sizeof(vlan), &vlan);
			assert_int_equal(read_one_vf(answer, list, entry, &link), 0);
			assert_int_equal(link.has, LINK_VLAN);
			assert_int_equal(link.vlan, len == sizeof(info) ? 8 : 7);
			assert_int_equal(link.proto,
					 len == sizeof(info) ? ETH_P_8021AD : ETH_P_8021Q);
		}
	}
}

static void values_that_make_no_sense_are_ignored(void **state)
{
	struct ifla_vf_vlan big = { .vlan = 4096 }, high = { .vlan = 1, .qos = 8 };
	struct ifla_vf_link_state link_state = { .link_state = 3 };
	struct ifla_vf_trust trust = { .setting = 2 };
	struct ifla_vf_vlan_info info = { .vlan = 4096 };
	struct nlattr *list, *entry, *vlans;
	struct nlmsghdr *answer = one_vf(&list, &entry);
	struct vf_link link;

	put_mac(answer, 0, 1);
	put_spoofchk(answer, 0, -1);
	mnl_attr_put(answer, IFLA_VF_VLAN, sizeof(big), &big);
	mnl_attr_put(answer, IFLA_VF_VLAN, sizeof(high), &high);
	vlans = mnl_attr_nest_start(answer, IFLA_VF_VLAN_LIST);
	mnl_attr_put(answer, IFLA_VF_VLAN_INFO, sizeof(info), &info);
	mnl_attr_nest_end(answer, vlans);
	mnl_attr_put(answer, IFLA_VF_TRUST, sizeof(trust), &trust);
	mnl_attr_put(answer, IFLA_VF_LINK_STATE, sizeof(link_state), &link_state);
	assert_int_equal(read_one_vf(answer, list, entry, &link), 0);
	assert_int_equal(link.has, LINK_MAC);
}

static void lengths_beyond_what_is_there_are_noticed(void **state)
{
	struct nlattr *list, *entry, *attr;
	struct nlmsghdr *answer;
	struct vf_link links[2];

	/* Of an attribute: the entry ends with it */
	answer = one_vf(&list, &entry);
	put_mac(answer, 0, 1);
	attr = mnl_nlmsg_get_payload_tail(answer);
	put_spoofchk(answer, 0, 1);
	attr->nla_len = 200;
	assert_int_equal(read_one_vf(answer, list, entry, links), 0);
	assert_int_equal(links[0].has, LINK_MAC);
	/* Of an entry: so does the list */
	answer = start(2);
	list = mnl_attr_nest_start(answer, IFLA_VFINFO_LIST);
	put_entry(answer, 0, 0);
	entry = put_entry(answer, 1, 0);
	mnl_attr_nest_end(answer, list);
	mnl_attr_put_u32(answer, IFLA_GROUP, 0);
	entry->nla_len += 4;
	assert_int_equal(read_message(answer, links, 2), -EMSGSIZE);
	assert_int_equal(links[0].has, LINK_MAC);
	assert_int_equal(links[1].has, 0);
	/* Of the list: it ends with the message */
	entry->nla_len -= 4;
	list->nla_len += 100;
	assert_int_equal(read_message(answer, links, 2), 0);
	/* Of an attribute before the list */
	attr = mnl_nlmsg_get_payload_offset(answer, sizeof(struct ifinfomsg));
	attr->nla_len = 60000;
	assert_int_equal(read_message(answer, links, 2), -EOPNOTSUPP);
	attr->nla_len = 3;
	assert_int_equal(read_message(answer, links, 2), -EOPNOTSUPP);
}

static void an_answer_without_vfs_says_so(void **state)
{
	struct nlmsghdr *answer = start(1);
	struct ifinfomsg *info;
	struct nlattr *list;
	struct vf_link link;

	/* The driver has no ndo_get_vf_config() */
	assert_int_equal(read_message(answer, &link, 1), -EOPNOTSUPP);
	list = mnl_attr_nest_start(answer, IFLA_VFINFO_LIST);
	mnl_attr_nest_end(answer, list);
	assert_int_equal(read_message(answer, &link, 1), -EMSGSIZE);
	/* What InfiniBand has for a MAC is none */
	put_entry(answer, 0, 0);
	mnl_attr_nest_end(answer, list);
	assert_int_equal(read_message(answer, &link, 1), 0);
	info = mnl_nlmsg_get_payload(answer);
	info->ifi_type = ARPHRD_INFINIBAND;
	assert_int_equal(read_message(answer, &link, 1), -EOPNOTSUPP);
	/* No IFLA_NUM_VF: no PF */
	answer = message_of(RTM_NEWLINK);
	info = mnl_nlmsg_put_extra_header(answer, sizeof(*info));
	info->ifi_type = ARPHRD_ETHER;
	list = mnl_attr_nest_start(answer, IFLA_VFINFO_LIST);
	put_entry(answer, 0, 0);
	mnl_attr_nest_end(answer, list);
	assert_int_equal(read_message(answer, &link, 1), -EOPNOTSUPP);
}

static void messages_that_are_no_answer_are_refused(void **state)
{
	struct nlmsghdr *answer = start(1);
	struct vf_link link;
	struct canned c;

	answer->nlmsg_type = RTM_NEWADDR;
	assert_int_equal(read_message(answer, &link, 1), -EBADMSG);
	answer->nlmsg_type = RTM_NEWLINK;
	answer->nlmsg_seq = 5;
	assert_true(read_message(answer, &link, 1) < 0);
	answer->nlmsg_seq = 1;
	answer->nlmsg_pid = 5;
	assert_true(read_message(answer, &link, 1) < 0);
	answer->nlmsg_pid = 2;
	answer->nlmsg_len = sizeof(*answer) + sizeof(struct ifinfomsg) - 4;
	assert_int_equal(read_message(answer, &link, 1), -EBADMSG);
	c = can("", 0);
	assert_int_equal(read_canned(&c, &link, 1), -EMSGSIZE);
	c = can("abc", 3);
	assert_int_equal(read_canned(&c, &link, 1), -EMSGSIZE);
}

/* A good answer, cut off anywhere, and with any byte wrong, has no surprises. */
static void broken_answers_do_no_harm(void **state)
{
	struct nlmsghdr *answer = start(4), *broken;
	struct nlattr *list = mnl_attr_nest_start(answer, IFLA_VFINFO_LIST);
	struct vf_link links[4];
	unsigned int i, j, len;

	for (i = 0; i < 4; i++)
		put_entry(answer, i, 100);
	mnl_attr_nest_end(answer, list);
	mnl_attr_put_u32(answer, IFLA_GROUP, 0);
	len = answer->nlmsg_len;
	for (i = 0; i < len; i++) {
		struct canned c = can(answer, i);

		assert_int_equal(read_canned(&c, links, 4), -EMSGSIZE);
		if (i < sizeof(*answer))
			continue;
		broken = need(malloc(i));
		memcpy(broken, answer, i);
		broken->nlmsg_len = i;
		assert_true(read_message(broken, links, 4) <= 0);
		free(broken);
	}
	for (i = 0; i < len; i++) {
		static const uint8_t bytes[] = { 0, 1, 3, 4, 0x7f, 0x80, 0xff };

		for (j = 0; j < sizeof(bytes); j++) {
			struct canned c = can(answer, len);

			((uint8_t *)c.data)[i] = bytes[j];
			assert_true(read_canned(&c, links, 4) <= 0);
		}
	}
}

static struct canned refusal(int error, uint16_t flags, bool echoed, const char *words)
{
	struct nlmsghdr *answer = message_of(NLMSG_ERROR);
	struct nlmsgerr *body = mnl_nlmsg_put_extra_header(answer, sizeof(*body));

	body->error = error;
	body->msg.nlmsg_len = sizeof(body->msg) + (echoed ? 48 : 0);
	answer->nlmsg_flags = flags;
	if (echoed)
		mnl_nlmsg_put_extra_header(answer, 48);
	mnl_attr_put_u32(answer, NLMSGERR_ATTR_OFFS, 12);
	if (words)
		mnl_attr_put(answer, NLMSGERR_ATTR_MSG, strlen(words), words);
	return can(answer, answer->nlmsg_len);
}

static void the_kernels_errno_and_words_are_kept(void **state)
{
	struct vf_link link;
	struct canned c;

	c = refusal(-EPERM, NLM_F_CAPPED, false, "not looked at");
	assert_int_equal(read_canned(&c, &link, 1), -EPERM);
	assert_string_equal(netlink_said(), "");
	c = refusal(-EINVAL, NLM_F_CAPPED | NLM_F_ACK_TLVS, false, "one\nline\t\x1b[31m");
	assert_int_equal(read_canned(&c, &link, 1), -EINVAL);
	assert_string_equal(netlink_said(), "one line  [31m");
	c = refusal(-EINVAL, NLM_F_ACK_TLVS, true, "after the request");
	assert_int_equal(read_canned(&c, &link, 1), -EINVAL);
	assert_string_equal(netlink_said(), "after the request");
	c = refusal(-EBUSY, NLM_F_ACK_TLVS, false, NULL);
	assert_int_equal(read_canned(&c, &link, 1), -EBUSY);
	assert_string_equal(netlink_said(), "");
}

static void broken_refusals_are_taken_as_refusals(void **state)
{
	static const uint32_t lengths[] = { 0, 15, 17, 60, 5000, 0xfffffff0, 0xffffffff };
	struct nlmsghdr *answer;
	struct vf_link link;
	struct canned c;
	char words[1000];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		c = refusal(-EIO, NLM_F_ACK_TLVS, false, "words");
		((struct nlmsgerr *)((char *)c.data + sizeof(*answer)))->msg.nlmsg_len = lengths[i];
		assert_int_equal(read_canned(&c, &link, 1), -EIO);
	}
	memset(words, 'a', sizeof(words) - 1);
	words[sizeof(words) - 1] = '\0';
	c = refusal(-EIO, NLM_F_CAPPED | NLM_F_ACK_TLVS, false, words);
	assert_int_equal(read_canned(&c, &link, 1), -EIO);
	assert_int_equal(strlen(netlink_said()), 255);
	answer = message_of(NLMSG_ERROR);
	mnl_nlmsg_put_extra_header(answer, 4);
	assert_int_equal(read_message(answer, &link, 1), -EBADMSG);
	assert_string_equal(netlink_said(), "");
}

/* in_parts() - an answer with a VF, and then how it ended */
static int in_parts(int error, struct vf_link *link)
{
	struct nlmsghdr *answer = start(1);
	struct nlattr *list = mnl_attr_nest_start(answer, IFLA_VFINFO_LIST);
	struct canned c, end;

	put_entry(answer, 0, 0);
	mnl_attr_nest_end(answer, list);
	c = can(answer, answer->nlmsg_len);
	end = refusal(error, NLM_F_CAPPED, false, NULL);
	c.more = end.data;
	c.more_len = end.len;
	return read_canned(&c, link, 1);
}

static void an_answer_may_come_in_parts(void **state)
{
	struct vf_link link;

	assert_int_equal(in_parts(0, &link), 0);
	assert_int_equal(link.has, LINK_MAC);
	/* The kernel may answer, and then say that something went wrong */
	assert_int_equal(in_parts(-ENOBUFS, &link), -ENOBUFS);
}

static void each_setting_is_written(void **state)
{
	struct world *w = machine(3);
	struct vf_link *link = &w->s->pf[0].link[2], other = w->s->pf[0].link[1];
	struct vf_link all = {
		.has = LINK_ALL, .mac = { 2, 1, 2, 3, 4, 5 }, .vlan = 100, .qos = 3,
		.proto = ETH_P_8021Q, .min_rate = 5, .max_rate = 50, .spoofchk = false,
		.trust = true, .state = LINK_ENABLE,
	};
	unsigned int flag;

	for (flag = LINK_MAC; flag <= LINK_STATE; flag <<= 1) {
		struct vf_link before = *link, one = all;

		one.has = flag;
		assert_true(link_differs(&before, &one));
		assert_int_equal(link_write(&w->v, "eth0", 2, &one), 0);
		assert_int_equal(link_differs(link, &one), 0);
		/* And nothing else */
		before.has &= ~flag;
		assert_int_equal(link_differs(link, &before), 0);
	}
	assert_int_equal(w->s->changes, 6);
	all.proto = ETH_P_8021AD;
	assert_int_equal(link_write(&w->v, "eth0", 2, &all), 0);
	assert_int_equal(w->s->changes, 12);
	assert_int_equal(link->proto, ETH_P_8021AD);
	assert_int_equal(link_differs(link, &all), 0);
	assert_memory_equal(&w->s->pf[0].link[1], &other, sizeof(other));
	all.has = 0;
	assert_int_equal(link_write(&w->v, "eth0", 2, &all), 0);
	assert_int_equal(w->s->changes, 12);
	world_free(w);
}

static void the_first_refusal_ends_writing(void **state)
{
	struct world *w = machine(1);
	struct vf_link want = { .has = LINK_ALL, .mac = { 2 }, .vlan = 7, .proto = ETH_P_8021Q,
				.trust = true };
	struct vf_link *link = &w->s->pf[0].link[0];

	w->s->fail_at = 2;
	w->s->fail_error = ENOSPC;
	assert_int_equal(link_write(&w->v, "eth0", 0, &want), -ENOSPC);
	assert_int_equal(link->mac[0], 2);
	assert_int_equal(link->vlan, 0);
	assert_false(link->trust);
	assert_int_equal(w->s->changes, 2);
	assert_int_equal(link_write(&w->v, "eth0", 1, &want), -EINVAL);
	assert_int_equal(link_write(&w->v, "eth7", 0, &want), -ENODEV);
	assert_int_equal(link_write(&w->v, "", 0, &want), -ENODEV);
	w->s->link_error = EPERM;
	assert_int_equal(link_write(&w->v, "eth0", 0, &want), -EPERM);
	world_free(w);
}

static void macs_are_read_and_written(void **state)
{
	static const char *const bad[] = {
		"", "0", "02", "02:", "02:00:00:00:00", "02:00:00:00:00:", "02:00:00:00:00:0",
		"02:00:00:00:00:011", "02:00:00:00:00:01:", "02:00:00:00:00:01 ",
		" 02:00:00:00:00:01", "2:0:0:0:0:1", "02:00-00:00:00:01", "0200.0000.0001",
		"020000000001", "0g:00:00:00:00:01", "-2:00:00:00:00:01", "0x:00:00:00:00:01",
	};
	uint8_t mac[6] = { 9, 9, 9, 9, 9, 9 };
	char text[MAC_SIZE];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++)
		if (mac_parse(bad[i], mac))
			fail_msg("'%s' was taken for a MAC", bad[i]);
	assert_int_equal(mac[0], 9);
	assert_true(mac_parse("0a:1B:2c:3D:4e:fF", mac));
	mac_format(mac, text);
	assert_string_equal(text, "0a:1b:2c:3d:4e:ff");
	assert_false(mac_is_zero(mac));
	assert_true(mac_parse("02-00-00-00-00-01", mac));
	mac_format(mac, text);
	assert_string_equal(text, "02:00:00:00:00:01");
	assert_true(mac_parse("00:00:00:00:00:00", mac));
	assert_true(mac_is_zero(mac));
	assert_string_equal(link_state_text(LINK_AUTO), "auto");
	assert_string_equal(link_state_text(LINK_ENABLE), "enable");
	assert_string_equal(link_state_text(LINK_DISABLE), "disable");
}

/* What happens to the next messages that are received; see recvmsg() */
static int faults[4];
static unsigned int next_fault;

/* recvmsg() - takes the place of libc's, for libmnl, too: fails on request */
ssize_t recvmsg(int fd, struct msghdr *message, int flags)
{
	int fault = next_fault < ARRAY_SIZE(faults) ? faults[next_fault++] : 0;
	ssize_t len;

	if (fault && fault != EMSGSIZE) {
		errno = fault;
		return -1;
	}
	len = syscall(SYS_recvmsg, fd, message, flags);
	if (fault && len >= 0)
		message->msg_flags |= MSG_TRUNC;
	return len;
}

static int count(const struct nlmsghdr *message, void *data)
{
	unsigned int *nr = data;

	(*nr)++;
	assert_int_equal(message->nlmsg_type, RTM_NEWLINK);
	return MNL_CB_OK;
}

static int stop(const struct nlmsghdr *message, void *data)
{
	errno = EXDEV;
	return MNL_CB_ERROR;
}

static int talk_with_faults(int first, int second)
{
	char buffer[256] __attribute__((aligned(MNL_ALIGNTO)));
	struct nlmsghdr *request = mnl_nlmsg_put_header(buffer);
	struct ifinfomsg *info = mnl_nlmsg_put_extra_header(request, sizeof(*info));
	struct vfctl v = { .root = "" };
	int ret;

	request->nlmsg_type = RTM_GETLINK;
	info->ifi_index = 1;
	faults[0] = first;
	faults[1] = second;
	next_fault = 0;
	ret = netlink_talk(&v, request, NULL, NULL);
	next_fault = ARRAY_SIZE(faults);
	return ret;
}

static void faults_of_the_socket_are_told_apart(void **state)
{
	int ret = talk_with_faults(0, 0);

	if (ret == -EPROTONOSUPPORT || ret == -EAFNOSUPPORT || ret == -ENODEV)
		skip();
	assert_int_equal(ret, 0);
	/* A signal does not end the wait */
	assert_int_equal(talk_with_faults(EINTR, EINTR), 0);
	assert_int_equal(talk_with_faults(EAGAIN, 0), -ETIMEDOUT);
	assert_int_equal(talk_with_faults(EMSGSIZE, 0), -EMSGSIZE);
	assert_int_equal(talk_with_faults(0, EMSGSIZE), -EMSGSIZE);
	assert_int_equal(talk_with_faults(ENOBUFS, 0), -ENOBUFS);
	assert_int_equal(talk_with_faults(EINTR, ENOMEM), -ENOMEM);
}

/* The kernel of this machine, of which only the loopback interface is looked at */
static void the_real_kernel_answers(void **state)
{
	static const struct vfctl_ops ops = { .talk = netlink_talk };
	struct vfctl v = { .root = "", .ops = &ops };
	char buffer[256] __attribute__((aligned(MNL_ALIGNTO)));
	struct nlmsghdr *request = mnl_nlmsg_put_header(buffer);
	struct ifinfomsg *info = mnl_nlmsg_put_extra_header(request, sizeof(*info));
	struct vf_link link = { .has = LINK_TRUST };
	unsigned int nr = 0;
	int ret;

	request->nlmsg_type = RTM_GETLINK;
	info->ifi_index = 1;
	ret = netlink_talk(&v, request, count, &nr);
	if (ret == -EPROTONOSUPPORT || ret == -EAFNOSUPPORT || ret == -ENODEV)
		skip();
	assert_int_equal(ret, 0);
	assert_int_equal(nr, 1);
	assert_int_equal(netlink_talk(&v, request, NULL, NULL), 0);
	assert_int_equal(netlink_talk(&v, request, stop, NULL), -EXDEV);
	/* All of them: a dump */
	info->ifi_index = 0;
	request->nlmsg_flags |= NLM_F_DUMP;
	nr = 0;
	assert_int_equal(netlink_talk(&v, request, count, &nr), 0);
	assert_true(nr >= 1);
	assert_int_equal(link_read(&v, "vfctl-is-not", &link, 1), -ENODEV);
	assert_int_equal(link_read(&v, "lo", &link, 1), -EOPNOTSUPP);
	link.has = LINK_TRUST;
	assert_int_equal(link_write(&v, "lo", 0, &link), geteuid() ? -EPERM : -EOPNOTSUPP);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_fields_are_read),
		cmocka_unit_test(what_a_driver_does_not_tell_is_not_known),
		cmocka_unit_test(statistics_are_not_asked_for),
		cmocka_unit_test(many_vfs_are_read),
		cmocka_unit_test(a_list_that_ends_early_is_noticed),
		cmocka_unit_test(vfs_that_went_away_are_noticed),
		cmocka_unit_test(an_overflowed_length_is_seen_through),
		cmocka_unit_test(a_length_that_overflowed_to_nothing_is_seen_through),
		cmocka_unit_test(a_wrong_length_is_not_seen_through),
		cmocka_unit_test(a_short_list_is_not_continued),
		cmocka_unit_test(numbers_out_of_range_are_ignored),
		cmocka_unit_test(the_first_of_two_entries_counts),
		cmocka_unit_test(an_attribute_of_another_vf_is_ignored),
		cmocka_unit_test(attributes_that_are_too_short_are_ignored),
		cmocka_unit_test(a_vlan_list_is_looked_at_closely),
		cmocka_unit_test(values_that_make_no_sense_are_ignored),
		cmocka_unit_test(lengths_beyond_what_is_there_are_noticed),
		cmocka_unit_test(an_answer_without_vfs_says_so),
		cmocka_unit_test(messages_that_are_no_answer_are_refused),
		cmocka_unit_test(broken_answers_do_no_harm),
		cmocka_unit_test(the_kernels_errno_and_words_are_kept),
		cmocka_unit_test(broken_refusals_are_taken_as_refusals),
		cmocka_unit_test(an_answer_may_come_in_parts),
		cmocka_unit_test(each_setting_is_written),
		cmocka_unit_test(the_first_refusal_ends_writing),
		cmocka_unit_test(macs_are_read_and_written),
		cmocka_unit_test(faults_of_the_socket_are_told_apart),
		cmocka_unit_test(the_real_kernel_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
