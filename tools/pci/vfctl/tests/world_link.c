// SPDX-License-Identifier: GPL-2.0
/*
 * The rtnetlink of a machine for tests: requests are read as the kernel reads them, and
 * answered by messages as the kernel writes them.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

#include "../netlink.h"
#include "../sysfs.h"
#include "../text.h"
#include "world.h"
#include "world_link.h"

#define SEQ 17
#define PORTID 4711

struct world_driver_faults world_driver_faults;

static struct world_pf *find(struct world *w, const char *netdev)
{
	unsigned int i;

	for (i = 0; i < w->s->nr_pfs; i++)
		if (w->s->pf[i].netdev[0] && !strcmp(w->s->pf[i].netdev, netdev))
			return &w->s->pf[i];
	return NULL;
}

static unsigned int vfs_of(struct world *w, const struct world_pf *pf)
{
	char path[100], *text;
	unsigned int nr;

	snprintf(path, sizeof(path), PCI_DEVICES "/%s/sriov_numvfs", pf->name);
	text = world_read(w, path);
	assert_non_null(text);
	nr = atoi(text);
	free(text);
	return nr;
}

static void put_statistics(struct nlmsghdr *answer)
{
	struct nlattr *list = mnl_attr_nest_start(answer, IFLA_VF_STATS);
	unsigned int i;

	for (i = IFLA_VF_STATS_RX_PACKETS; i <= IFLA_VF_STATS_MULTICAST; i++)
		mnl_attr_put_u64(answer, i, 1000 + i);
	mnl_attr_nest_end(answer, list);
}

static void put_vlan(struct nlmsghdr *answer, unsigned int vf, const struct vf_link *link)
{
	struct ifla_vf_vlan vlan = { .vf = vf, .vlan = link->vlan, .qos = link->qos };
	struct ifla_vf_vlan_info info = {
		.vf = vf,
		.vlan = link->vlan,
		.qos = link->qos,
		.vlan_proto = htons(link->proto),
	};
	struct nlattr *list;

	mnl_attr_put(answer, IFLA_VF_VLAN, sizeof(vlan), &vlan);
	list = mnl_attr_nest_start(answer, IFLA_VF_VLAN_LIST);
	mnl_attr_put(answer, IFLA_VF_VLAN_INFO, sizeof(info), &info);
	mnl_attr_nest_end(answer, list);
}

static void put_vf(struct nlmsghdr *answer, unsigned int vf, const struct vf_link *link,
		   bool statistics)
{
	unsigned int has = link->has & ~world_driver_faults.tells_not;
	struct ifla_vf_mac mac = { .vf = vf };
	struct ifla_vf_rate rate = {
		.vf = vf,
		.min_tx_rate = link->min_rate,
		.max_tx_rate = link->max_rate,
	};
	struct ifla_vf_tx_rate tx_rate = { .vf = vf, .rate = link->max_rate };
	struct ifla_vf_spoofchk spoofchk = { .vf = vf, .setting = link->spoofchk };
	struct ifla_vf_link_state state = { .vf = vf, .link_state = link->state };
	struct ifla_vf_trust trust = { .vf = vf, .setting = link->trust };
	struct ifla_vf_broadcast broadcast = { .broadcast = { 255, 255, 255, 255, 255, 255 } };
	struct nlattr *entry = mnl_attr_nest_start(answer, IFLA_VF_INFO);

	memcpy(mac.mac, link->mac, sizeof(link->mac));
	/* What a driver does not tell, the kernel gives as -1 where it can */
	if (!(has & LINK_SPOOFCHK))
		spoofchk.setting = -1;
	if (!(has & LINK_TRUST))
		trust.setting = -1;
	if (has & LINK_MAC)
		mnl_attr_put(answer, IFLA_VF_MAC, sizeof(mac), &mac);
	mnl_attr_put(answer, IFLA_VF_BROADCAST, sizeof(broadcast), &broadcast);
	if (has & LINK_RATE) {
		mnl_attr_put(answer, IFLA_VF_RATE, sizeof(rate), &rate);
		mnl_attr_put(answer, IFLA_VF_TX_RATE, sizeof(tx_rate), &tx_rate);
	}
	mnl_attr_put(answer, IFLA_VF_SPOOFCHK, sizeof(spoofchk), &spoofchk);
	if (has & LINK_STATE)
		mnl_attr_put(answer, IFLA_VF_LINK_STATE, sizeof(state), &state);
	mnl_attr_put(answer, IFLA_VF_TRUST, sizeof(trust), &trust);
	if (has & LINK_VLAN)
		put_vlan(answer, vf, link);
	if (statistics)
		put_statistics(answer);
	mnl_attr_nest_end(answer, entry);
}

static struct nlmsghdr *start_message(void *buffer, uint16_t type)
{
	struct nlmsghdr *message = mnl_nlmsg_put_header(buffer);

	message->nlmsg_type = type;
	message->nlmsg_seq = SEQ;
	message->nlmsg_pid = PORTID;
	return message;
}

/* acknowledge() - the end of an answer: @error is 0 or a negative errno */
static int acknowledge(const struct nlmsghdr *request, int error)
{
	char buffer[1024] __attribute__((aligned(MNL_ALIGNTO)));
	struct nlmsghdr *answer = start_message(buffer, NLMSG_ERROR);
	struct nlmsgerr *body = mnl_nlmsg_put_extra_header(answer, sizeof(*body));

	body->error = error;
	body->msg = *request;
	answer->nlmsg_flags = NLM_F_CAPPED;
	if (error && world_driver_faults.words) {
		answer->nlmsg_flags |= NLM_F_ACK_TLVS;
		mnl_attr_put_strz(answer, NLMSGERR_ATTR_MSG, world_driver_faults.words);
	}
	return netlink_answer(answer, answer->nlmsg_len, SEQ, PORTID, NULL, NULL);
}

static void put_vfs(struct world *w, struct nlmsghdr *answer, const struct world_pf *pf,
		    uint32_t mask)
{
	unsigned int i, nr = vfs_of(w, pf);
	struct nlattr *list;

	mnl_attr_put_u32(answer, IFLA_NUM_VF, nr);
	if (world_driver_faults.is_blind)
		return;
	list = mnl_attr_nest_start(answer, IFLA_VFINFO_LIST);
	for (i = 0; i < nr; i++) {
		if (w->s->cut_links && i == w->s->cut_links)
			break;
		put_vf(answer, i, &pf->link[i], !(mask & RTEXT_FILTER_SKIP_STATS));
	}
	mnl_attr_nest_end(answer, list);
}

static int get(struct world *w, const struct nlmsghdr *request, const struct world_pf *pf,
	       uint32_t mask, mnl_cb_t each, void *data)
{
	static char buffer[256 * 1024] __attribute__((aligned(MNL_ALIGNTO)));
	struct nlmsghdr *answer = start_message(buffer, RTM_NEWLINK);
	struct ifinfomsg *info = mnl_nlmsg_put_extra_header(answer, sizeof(*info));
	int ret;

	info->ifi_type = ARPHRD_ETHER;
	info->ifi_index = 2;
	mnl_attr_put_strz(answer, IFLA_IFNAME, pf->netdev);
	mnl_attr_put_u32(answer, IFLA_MTU, 1500);
	if (mask & RTEXT_FILTER_VF)
		put_vfs(w, answer, pf, mask);
	mnl_attr_put_u32(answer, IFLA_GROUP, 0);
	mnl_attr_put_strz(answer, IFLA_PHYS_PORT_NAME, "p0");
	ret = netlink_answer(answer, answer->nlmsg_len, SEQ, PORTID, each, data);
	return ret > 0 ? acknowledge(request, 0) : ret;
}

/* setting() - data of a setting, which has to be as long as the kernel wants it */
static const void *setting(const struct nlattr *attr, size_t size)
{
	if (mnl_attr_get_payload_len(attr) < size)
		fail_msg("attribute %u has %u bytes", mnl_attr_get_type(attr),
			 mnl_attr_get_payload_len(attr));
	return mnl_attr_get_payload(attr);
}

static int change_mac(struct vf_link *link, const struct nlattr *attr)
{
	const struct ifla_vf_mac *mac = setting(attr, sizeof(*mac));

	if (mac->mac[0] & 1)
		return -EINVAL;
	memcpy(link->mac, mac->mac, sizeof(link->mac));
	if (world_driver_faults.chooses && mac_is_zero(link->mac))
		link->mac[0] = 0x4e;
	return 0;
}

static int change_vlan(struct vf_link *link, unsigned int vlan, unsigned int qos,
		       unsigned int proto)
{
	if (vlan > 4095 || qos > 7)
		return -EINVAL;
	if (proto != ETH_P_8021Q && proto != ETH_P_8021AD)
		return -EPROTONOSUPPORT;
	link->vlan = vlan;
	link->qos = qos;
	link->proto = proto;
	return 0;
}

static int change_rate(struct vf_link *link, const struct nlattr *attr)
{
	const struct ifla_vf_rate *rate = setting(attr, sizeof(*rate));

	if (rate->max_tx_rate && rate->min_tx_rate > rate->max_tx_rate)
		return -EINVAL;
	link->min_rate = rate->min_tx_rate;
	link->max_rate = rate->max_tx_rate;
	return 0;
}

static int change(struct vf_link *link, const struct nlattr *attr)
{
	const struct ifla_vf_vlan *vlan;
	const struct ifla_vf_vlan_info *info;

	switch (mnl_attr_get_type(attr)) {
	case IFLA_VF_MAC:
		return change_mac(link, attr);
	case IFLA_VF_VLAN:
		vlan = setting(attr, sizeof(*vlan));
		return change_vlan(link, vlan->vlan, vlan->qos, ETH_P_8021Q);
	case IFLA_VF_VLAN_LIST:
		info = setting(mnl_attr_get_payload(attr), sizeof(*info));
		return change_vlan(link, info->vlan, info->qos, ntohs(info->vlan_proto));
	case IFLA_VF_RATE:
		return change_rate(link, attr);
	case IFLA_VF_SPOOFCHK:
		link->spoofchk = ((const struct ifla_vf_spoofchk *)setting(attr, 8))->setting;
		return 0;
	case IFLA_VF_TRUST:
		link->trust = ((const struct ifla_vf_trust *)setting(attr, 8))->setting;
		return 0;
	case IFLA_VF_LINK_STATE:
		link->state = ((const struct ifla_vf_link_state *)setting(attr, 8))->link_state;
		return 0;
	default:
		fail_msg("a request has the attribute %u", mnl_attr_get_type(attr));
		return -EINVAL;
	}
}

static unsigned int flag_of(const struct nlattr *attr)
{
	switch (mnl_attr_get_type(attr)) {
	case IFLA_VF_MAC:
		return LINK_MAC;
	case IFLA_VF_VLAN:
	case IFLA_VF_VLAN_LIST:
		return LINK_VLAN;
	case IFLA_VF_RATE:
		return LINK_RATE;
	case IFLA_VF_SPOOFCHK:
		return LINK_SPOOFCHK;
	case IFLA_VF_TRUST:
		return LINK_TRUST;
	default:
		return LINK_STATE;
	}
}

static int change_vf(struct world *w, struct world_pf *pf, const struct nlattr *entry)
{
	const struct nlattr *attr, *first;
	uint32_t vf;
	int ret;

	assert_int_equal(mnl_attr_get_type(entry), IFLA_VF_INFO);
	mnl_attr_for_each_nested(attr, entry) {
		unsigned int flag = flag_of(attr);
		struct vf_link nothing = { 0 };

		first = mnl_attr_get_type(attr) == IFLA_VF_VLAN_LIST ?
			mnl_attr_get_payload(attr) : attr;
		memcpy(&vf, setting(first, sizeof(vf)), sizeof(vf));
		if (vf >= vfs_of(w, pf))
			return -EINVAL;
		if (flag & world_driver_faults.cannot)
			return -EOPNOTSUPP;
		ret = change(flag & world_driver_faults.ignores ? &nothing : &pf->link[vf], attr);
		if (!ret && (flag & world_driver_faults.half))
			ret = -EIO;
		if (ret)
			return ret;
	}
	return 0;
}

static int set(struct world *w, struct world_pf *pf, const struct nlattr *list)
{
	const struct nlattr *entry;
	int ret;

	ret = world_change(&w->v);
	if (!ret && w->s->link_error)
		ret = -w->s->link_error;
	if (!ret) {
		mnl_attr_for_each_nested(entry, list) {
			ret = change_vf(w, pf, entry);
			if (ret)
				break;
		}
	}
	world_changed(&w->v);
	return ret;
}

/**
 * world_talk() - send a request to the machine's rtnetlink
 * @v: the program
 * @request: RTM_GETLINK or RTM_SETLINK
 * @each: is called with each message of the answer
 * @data: for @each
 *
 * Return: as netlink_talk().
 */
int world_talk(struct vfctl *v, struct nlmsghdr *request, mnl_cb_t each, void *data)
{
	const struct nlattr *attr, *list = NULL;
	struct world *w = v->world;
	struct world_pf *pf = NULL;
	uint32_t mask = 0;
	int ret;

	assert_true(mnl_nlmsg_ok(request, request->nlmsg_len));
	assert_true(request->nlmsg_flags & NLM_F_REQUEST);
	mnl_attr_for_each(attr, request, sizeof(struct ifinfomsg)) {
		if (mnl_attr_get_type(attr) == IFLA_IFNAME)
			pf = find(w, mnl_attr_get_str(attr));
		else if (mnl_attr_get_type(attr) == IFLA_EXT_MASK)
			mask = mnl_attr_get_u32(attr);
		else if (mnl_attr_get_type(attr) == IFLA_VFINFO_LIST)
			list = attr;
	}
	if (!pf)
		return acknowledge(request, -ENODEV);
	if (request->nlmsg_type == RTM_GETLINK) {
		unsigned int from = world_driver_faults.silent_from;

		if (from && w->s->changes >= from)
			return acknowledge(request, -EIO);
		return get(w, request, pf, mask, each, data);
	}
	assert_int_equal(request->nlmsg_type, RTM_SETLINK);
	assert_non_null(list);
	ret = set(w, pf, list);
	return acknowledge(request, ret);
}
