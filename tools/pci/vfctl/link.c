// SPDX-License-Identifier: GPL-2.0
/*
 * What a PF's network driver has set for its VFs: rtnetlink's IFLA_VFINFO_LIST.
 *
 * The list is an attribute, whose length has 16 bits. With many VFs it does not fit:
 *
 * - Linux 6.12 writes the length modulo 65536 in front of a list that is complete. This
 *   is recognized, and the list is read to its end.
 * - Newer kernels end the list early. There is no way to ask for one VF, so the rest
 *   stays unknown.
 *
 * Statistics are a third of an entry. They are not asked for: 330 VFs fit without.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if.h>
#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>

#include "link.h"
#include "text.h"
#include "vfctl.h"

/* For a request: a header, a name and one setting */
#define REQUEST_SIZE 512

/**
 * struct reader - what is gathered from an answer
 * @links: of the VFs, by number
 * @nr: how many are asked for
 * @found: how many there were
 * @num_vf: how many there are, as the kernel says, or -1
 * @no_list: the driver does not tell
 */
struct reader {
	struct vf_link *links;
	unsigned int nr;
	unsigned int found;
	long long num_vf;
	bool no_list;
};

static void take_mac(const void *data, struct vf_link *link)
{
	const struct ifla_vf_mac *mac = data;

	memcpy(link->mac, mac->mac, sizeof(link->mac));
	link->has |= LINK_MAC;
}

static void take_vlan(const void *data, struct vf_link *link)
{
	const struct ifla_vf_vlan *vlan = data;

	/* The list, which says the protocol as well, is better */
	if ((link->has & LINK_VLAN) || vlan->vlan > 4095 || vlan->qos > 7)
		return;
	link->vlan = vlan->vlan;
	link->qos = vlan->qos;
	link->proto = ETH_P_8021Q;
	link->has |= LINK_VLAN;
}

static void take_vlan_info(const void *data, struct vf_link *link)
{
	const struct ifla_vf_vlan_info *vlan = data;

	if (vlan->vlan > 4095 || vlan->qos > 7)
		return;
	link->vlan = vlan->vlan;
	link->qos = vlan->qos;
	link->proto = ntohs(vlan->vlan_proto);
	link->has |= LINK_VLAN;
}

static void take_rate(const void *data, struct vf_link *link)
{
	const struct ifla_vf_rate *rate = data;

	link->min_rate = rate->min_tx_rate;
	link->max_rate = rate->max_tx_rate;
	link->has |= LINK_RATE;
}

/* A driver that does not know says -1. */
static void take_spoofchk(const void *data, struct vf_link *link)
{
	const struct ifla_vf_spoofchk *spoofchk = data;

	if (spoofchk->setting > 1)
		return;
	link->spoofchk = spoofchk->setting;
	link->has |= LINK_SPOOFCHK;
}

static void take_trust(const void *data, struct vf_link *link)
{
	const struct ifla_vf_trust *trust = data;

	if (trust->setting > 1)
		return;
	link->trust = trust->setting;
	link->has |= LINK_TRUST;
}

static void take_state(const void *data, struct vf_link *link)
{
	const struct ifla_vf_link_state *state = data;

	if (state->link_state > IFLA_VF_LINK_STATE_DISABLE)
		return;
	link->state = (enum link_state)state->link_state;
	link->has |= LINK_STATE;
}

/*
 * The attributes of an entry. Each starts with the number of its VF. IFLA_VF_VLAN_LIST
 * is given as what is in it.
 */
static const struct {
	uint16_t type;
	uint16_t size;
	void (*take)(const void *data, struct vf_link *link);
} settings[] = {
	{ IFLA_VF_MAC, sizeof(struct ifla_vf_mac), take_mac },
	{ IFLA_VF_VLAN_LIST, sizeof(struct ifla_vf_vlan_info), take_vlan_info },
	{ IFLA_VF_VLAN, sizeof(struct ifla_vf_vlan), take_vlan },
	{ IFLA_VF_RATE, sizeof(struct ifla_vf_rate), take_rate },
	{ IFLA_VF_SPOOFCHK, sizeof(struct ifla_vf_spoofchk), take_spoofchk },
	{ IFLA_VF_TRUST, sizeof(struct ifla_vf_trust), take_trust },
	{ IFLA_VF_LINK_STATE, sizeof(struct ifla_vf_link_state), take_state },
};

/* setting_of() - the data of a setting, if it is as long as it has to be */
static const void *setting_of(const struct nlattr *attr, uint16_t size)
{
	if (mnl_attr_get_type(attr) == IFLA_VF_VLAN_LIST) {
		uint16_t len = mnl_attr_get_payload_len(attr);

		/* A driver has one VLAN for a VF: the first */
		attr = mnl_attr_get_payload(attr);
		if (!mnl_attr_ok(attr, len) || mnl_attr_get_type(attr) != IFLA_VF_VLAN_INFO)
			return NULL;
	}
	return mnl_attr_get_payload_len(attr) < size ? NULL : mnl_attr_get_payload(attr);
}

/* read_entry() - what an IFLA_VF_INFO says */
static void read_entry(struct reader *r, const struct nlattr *entry)
{
	struct vf_link link = { 0 };
	const struct nlattr *attr;
	uint32_t vf = UINT32_MAX;
	size_t i;

	mnl_attr_for_each_nested(attr, entry) {
		for (i = 0; i < ARRAY_SIZE(settings); i++) {
			const void *data;
			uint32_t number;

			if (mnl_attr_get_type(attr) != settings[i].type)
				continue;
			data = setting_of(attr, settings[i].size);
			if (!data)
				continue;
			memcpy(&number, data, sizeof(number));
			if (vf == UINT32_MAX)
				vf = number;
			if (vf == number)
				settings[i].take(data, &link);
		}
	}
	/* Of two about the same VF the first counts */
	if (!link.has || vf >= r->nr || r->links[vf].has)
		return;
	r->links[vf] = link;
	r->found++;
}

static bool is_entry(const struct nlattr *attr, size_t left)
{
	return mnl_attr_ok(attr, left) && mnl_attr_get_type(attr) == IFLA_VF_INFO;
}

/*
 * list_length() - how long the list is, with its header
 * @list: IFLA_VFINFO_LIST; its length is what is in doubt
 * @left: bytes of the message from it on
 *
 * No attribute that can follow the list has the number of IFLA_VF_INFO, so that the
 * entries show where it ends. They are believed only if the length that is written is
 * the same modulo 65536.
 */
static size_t list_length(const struct nlattr *list, size_t left)
{
	const char *start = (const char *)list;
	size_t len = MNL_ATTR_HDRLEN;

	while (len < left) {
		const struct nlattr *entry = (const struct nlattr *)(start + len);

		if (!is_entry(entry, left - len))
			break;
		len += MNL_ALIGN(entry->nla_len);
	}
	if (len > UINT16_MAX && len <= left && (uint16_t)len == list->nla_len)
		return len;
	return list->nla_len < left ? list->nla_len : left;
}

static void read_list(struct reader *r, const struct nlattr *list, size_t left)
{
	const char *start = (const char *)list;
	size_t len = list_length(list, left), at = MNL_ATTR_HDRLEN;

	while (at < len) {
		const struct nlattr *entry = (const struct nlattr *)(start + at);

		if (!is_entry(entry, len - at))
			break;
		read_entry(r, entry);
		at += MNL_ALIGN(entry->nla_len);
	}
}

/* read_answer() - RTM_NEWLINK */
static int read_answer(const struct nlmsghdr *answer, void *data)
{
	const char *end = mnl_nlmsg_get_payload_tail(answer);
	const struct ifinfomsg *info = mnl_nlmsg_get_payload(answer);
	const struct nlattr *attr;
	struct reader *r = data;

	if (answer->nlmsg_type != RTM_NEWLINK ||
	    mnl_nlmsg_get_payload_len(answer) < sizeof(*info)) {
		errno = EBADMSG;
		return MNL_CB_ERROR;
	}
	/* Those of InfiniBand are not MACs */
	if (info->ifi_type != ARPHRD_ETHER)
		return MNL_CB_OK;
	attr = mnl_nlmsg_get_payload_offset(answer, sizeof(*info));
	while (end - (const char *)attr >= MNL_ATTR_HDRLEN) {
		size_t left = end - (const char *)attr;

		/* Its length may be anything, 0 too: see list_length() */
		if (mnl_attr_get_type(attr) == IFLA_VFINFO_LIST) {
			r->no_list = false;
			read_list(r, attr, left);
			break;
		}
		if (!mnl_attr_ok(attr, left))
			break;
		if (mnl_attr_get_type(attr) == IFLA_NUM_VF &&
		    mnl_attr_get_payload_len(attr) >= sizeof(uint32_t))
			r->num_vf = mnl_attr_get_u32(attr);
		attr = mnl_attr_next(attr);
	}
	return MNL_CB_OK;
}

static struct nlmsghdr *start_request(char *buffer, uint16_t type, const char *netdev)
{
	struct nlmsghdr *request = mnl_nlmsg_put_header(buffer);
	struct ifinfomsg *info;

	request->nlmsg_type = type;
	request->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	info = mnl_nlmsg_put_extra_header(request, sizeof(*info));
	info->ifi_family = AF_UNSPEC;
	mnl_attr_put_strz(request, IFLA_IFNAME, netdev);
	return request;
}

/**
 * link_read() - read what is set for a PF's VFs
 * @v: the program
 * @netdev: the PF's network interface
 * @links: of VF 0, 1 and so on; what is not known has no flags
 * @nr: how many
 *
 * Return: 0; -EMSGSIZE if the kernel's answer did not have all of them: those that it
 * had are valid; -EOPNOTSUPP if the driver does not tell; -ENODEV if the interface, or
 * some of the VFs, are gone; or another negative errno.
 */
int link_read(struct vfctl *v, const char *netdev, struct vf_link *links, unsigned int nr)
{
	struct reader r = { .links = links, .nr = nr, .num_vf = -1, .no_list = true };
	char buffer[REQUEST_SIZE] __attribute__((aligned(MNL_ALIGNTO)));
	struct nlmsghdr *request;
	int ret;

	memset(links, 0, nr * sizeof(*links));
	if (!netdev[0] || strlen(netdev) >= IFNAMSIZ)
		return -ENODEV;
	request = start_request(buffer, RTM_GETLINK, netdev);
	mnl_attr_put_u32(request, IFLA_EXT_MASK, RTEXT_FILTER_VF | RTEXT_FILTER_SKIP_STATS);
	ret = v->ops->talk(v, request, read_answer, &r);
	if (ret)
		return ret;
	if (r.num_vf < 0 || r.no_list)
		return -EOPNOTSUPP;
	if (r.found == nr)
		return 0;
	return r.num_vf < nr ? -ENODEV : -EMSGSIZE;
}

static void put_vlan(struct nlmsghdr *request, unsigned int vf, const struct vf_link *link)
{
	struct ifla_vf_vlan vlan = { .vf = vf, .vlan = link->vlan, .qos = link->qos };
	struct ifla_vf_vlan_info info = {
		.vf = vf,
		.vlan = link->vlan,
		.qos = link->qos,
		.vlan_proto = htons(link->proto),
	};
	struct nlattr *list;

	/* Kernels before 4.9 do not have the list: it is used only if it is needed. */
	if (link->proto == ETH_P_8021Q || !link->proto) {
		mnl_attr_put(request, IFLA_VF_VLAN, sizeof(vlan), &vlan);
		return;
	}
	list = mnl_attr_nest_start(request, IFLA_VF_VLAN_LIST);
	mnl_attr_put(request, IFLA_VF_VLAN_INFO, sizeof(info), &info);
	mnl_attr_nest_end(request, list);
}

static void put_setting(struct nlmsghdr *request, unsigned int vf, const struct vf_link *link,
			unsigned int flag)
{
	struct ifla_vf_mac mac = { .vf = vf };
	struct ifla_vf_rate rate = {
		.vf = vf,
		.min_tx_rate = link->min_rate,
		.max_tx_rate = link->max_rate,
	};
	struct ifla_vf_spoofchk spoofchk = { .vf = vf, .setting = link->spoofchk };
	struct ifla_vf_trust trust = { .vf = vf, .setting = link->trust };
	struct ifla_vf_link_state state = { .vf = vf, .link_state = link->state };

	switch (flag) {
	case LINK_MAC:
		memcpy(mac.mac, link->mac, sizeof(link->mac));
		mnl_attr_put(request, IFLA_VF_MAC, sizeof(mac), &mac);
		break;
	case LINK_VLAN:
		put_vlan(request, vf, link);
		break;
	case LINK_RATE:
		mnl_attr_put(request, IFLA_VF_RATE, sizeof(rate), &rate);
		break;
	case LINK_SPOOFCHK:
		mnl_attr_put(request, IFLA_VF_SPOOFCHK, sizeof(spoofchk), &spoofchk);
		break;
	case LINK_TRUST:
		mnl_attr_put(request, IFLA_VF_TRUST, sizeof(trust), &trust);
		break;
	case LINK_STATE:
		mnl_attr_put(request, IFLA_VF_LINK_STATE, sizeof(state), &state);
		break;
	}
}

static int write_setting(struct vfctl *v, const char *netdev, unsigned int vf,
			 const struct vf_link *link, unsigned int flag)
{
	char buffer[REQUEST_SIZE] __attribute__((aligned(MNL_ALIGNTO)));
	struct nlmsghdr *request = start_request(buffer, RTM_SETLINK, netdev);
	struct nlattr *list, *entry;

	list = mnl_attr_nest_start(request, IFLA_VFINFO_LIST);
	entry = mnl_attr_nest_start(request, IFLA_VF_INFO);
	put_setting(request, vf, link, flag);
	mnl_attr_nest_end(request, entry);
	mnl_attr_nest_end(request, list);
	return v->ops->talk(v, request, NULL, NULL);
}

/**
 * link_write() - set what a PF has for a VF
 * @v: the program
 * @netdev: the PF's network interface
 * @vf: number of the VF
 * @link: what is to be set, by its flags
 *
 * Each setting is a request of its own. The kernel gives the settings of one request to
 * the driver one after the other, and stops at the first that is refused without taking
 * the others back and without saying which it was; who has to know sets one flag at a
 * time.
 *
 * Return: 0, or the negative errno of the first setting that was refused; those before
 * it, in the order of the flags, are set then.
 */
int link_write(struct vfctl *v, const char *netdev, unsigned int vf,
	       const struct vf_link *link)
{
	unsigned int flag;
	int ret;

	if (!netdev[0] || strlen(netdev) >= IFNAMSIZ)
		return -ENODEV;
	for (flag = LINK_MAC; flag <= LINK_STATE; flag <<= 1) {
		if (!(link->has & flag))
			continue;
		ret = write_setting(v, netdev, vf, link, flag);
		if (ret)
			return ret;
	}
	return 0;
}

static int hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	const char *found = c ? strchr(digits, c) : NULL;

	return found ? (found - digits) & 0xf : -1;
}

/**
 * mac_parse() - read a MAC
 * @text: six bytes of two hexadecimal digits each, with ':' or with '-' between them
 * @mac: where it goes; untouched unless it is one
 *
 * Return: whether it is a MAC.
 */
bool mac_parse(const char *text, uint8_t mac[6])
{
	uint8_t bytes[6];
	unsigned int i;

	for (i = 0; i < 6; i++, text += 3) {
		int high = hex_digit(text[0]), low = high < 0 ? -1 : hex_digit(text[1]);

		if (low < 0)
			return false;
		bytes[i] = high << 4 | low;
		if (i == 5)
			break;
		if ((text[2] != ':' && text[2] != '-') || (i && text[2] != text[-1]))
			return false;
	}
	if (text[2])
		return false;
	memcpy(mac, bytes, sizeof(bytes));
	return true;
}

/**
 * mac_format() - write a MAC
 * @mac: of a VF
 * @text: where it goes
 */
void mac_format(const uint8_t mac[6], char text[MAC_SIZE])
{
	snprintf(text, MAC_SIZE, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2],
		 mac[3], mac[4], mac[5]);
}

/**
 * mac_is_zero() - is it none, which leaves the choice to the VF's driver?
 * @mac: of a VF
 *
 * Return: whether all of it is zero.
 */
bool mac_is_zero(const uint8_t mac[6])
{
	static const uint8_t zero[6];

	return !memcmp(mac, zero, sizeof(zero));
}

/**
 * link_state_text() - the word for what a VF is told of the link
 * @state: of the link
 *
 * Return: the word, as it is typed.
 */
const char *link_state_text(enum link_state state)
{
	switch (state) {
	case LINK_ENABLE:
		return "enable";
	case LINK_DISABLE:
		return "disable";
	default:
		return "auto";
	}
}
