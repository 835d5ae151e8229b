// SPDX-License-Identifier: GPL-2.0
/*
 * What an operator may set for a VF: how it is written, and what is valid. Free of the
 * system.
 */
#include <linux/if_ether.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "settings.h"
#include "text.h"

/**
 * struct reader - the words of a command line
 * @words: all of them
 * @nr: how many
 * @at: the next
 * @wanted: what was read so far
 * @reason: what is wrong
 */
struct reader {
	char *const *words;
	size_t nr;
	size_t at;
	struct vf_link *wanted;
	struct reason reason;
};

/* take() - the next word, "" at the end */
static const char *take(struct reader *r)
{
	return r->at < r->nr ? r->words[r->at++] : "";
}

/* take_if() - the next word, if it is this one */
static bool take_if(struct reader *r, const char *word)
{
	if (r->at == r->nr || strcmp(r->words[r->at], word))
		return false;
	r->at++;
	return true;
}

static bool read_mac(struct reader *r)
{
	const char *word = take(r);

	if (!strcmp(word, "none")) {
		memset(r->wanted->mac, 0, sizeof(r->wanted->mac));
		return true;
	}
	return mac_parse(word, r->wanted->mac) ||
	       refuse(&r->reason,
		      "mac: '%s' is neither a MAC, such as 02:00:00:00:00:01, nor none", word);
}

static bool read_vlan(struct reader *r)
{
	bool qos = false, proto = false;
	unsigned long long number = 0;
	const char *word = take(r);

	r->wanted->vlan = 0;
	r->wanted->qos = 0;
	r->wanted->proto = ETH_P_8021Q;
	if (!strcmp(word, "none"))
		return true;
	if (!text_number(word, 0, VLAN_MAX, &number))
		return refuse(&r->reason, "vlan: '%s' is neither a number from 0 to %d nor none",
			      word, VLAN_MAX);
	r->wanted->vlan = number;
	while (true) {
		if (!qos && take_if(r, "qos")) {
			qos = true;
			word = take(r);
			if (!text_number(word, 0, QOS_MAX, &number))
				return refuse(&r->reason,
					      "vlan: qos: '%s' is not a number from 0 to %d",
					      word, QOS_MAX);
			r->wanted->qos = number;
		} else if (!proto && take_if(r, "proto")) {
			proto = true;
			word = take(r);
			if (!vlan_proto_parse(word, &r->wanted->proto))
				return refuse(&r->reason,
					      "vlan: proto: '%s' is neither 802.1Q nor 802.1ad",
					      word);
		} else {
			return true;
		}
	}
}

static bool read_number_of_rate(struct reader *r, const char *name, uint32_t *rate)
{
	const char *word = take(r);
	unsigned long long number;

	if (!text_number(word, 0, RATE_MAX, &number))
		return refuse(&r->reason, "rate: %s: '%s' is not a number of Mbit/s, at most %d",
			      name, word, RATE_MAX);
	*rate = number;
	return true;
}

static bool read_rate(struct reader *r)
{
	bool min = false, max = false;

	r->wanted->min_rate = 0;
	r->wanted->max_rate = 0;
	if (take_if(r, "none"))
		return true;
	while (true) {
		if (!min && take_if(r, "min")) {
			min = true;
			if (!read_number_of_rate(r, "min", &r->wanted->min_rate))
				return false;
		} else if (!max && take_if(r, "max")) {
			max = true;
			if (!read_number_of_rate(r, "max", &r->wanted->max_rate))
				return false;
		} else if (min || max) {
			return true;
		} else {
			return refuse(&r->reason, "rate: '%s' is neither max nor min nor none",
				      take(r));
		}
	}
}

static bool read_switch(struct reader *r, const char *name, bool *on)
{
	const char *word = take(r);

	*on = !strcmp(word, "on");
	return *on || !strcmp(word, "off") ||
	       refuse(&r->reason, "%s: '%s' is neither on nor off", name, word);
}

static bool read_spoofchk(struct reader *r)
{
	return read_switch(r, "spoofchk", &r->wanted->spoofchk);
}

static bool read_trust(struct reader *r)
{
	return read_switch(r, "trust", &r->wanted->trust);
}

static bool read_state(struct reader *r)
{
	const char *word = take(r);

	return link_state_parse(word, &r->wanted->state) ||
	       refuse(&r->reason, "state: '%s' is not auto, enable or disable", word);
}

static const struct {
	const char *name;
	unsigned int flag;
	bool (*read)(struct reader *r);
} settings[] = {
	{ "mac", LINK_MAC, read_mac },
	{ "vlan", LINK_VLAN, read_vlan },
	{ "rate", LINK_RATE, read_rate },
	{ "spoofchk", LINK_SPOOFCHK, read_spoofchk },
	{ "trust", LINK_TRUST, read_trust },
	{ "state", LINK_STATE, read_state },
};

static bool read_setting(struct reader *r)
{
	const char *name = take(r);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(settings); i++) {
		if (strcmp(name, settings[i].name))
			continue;
		if (r->wanted->has & settings[i].flag)
			return refuse(&r->reason, "%s is given twice", name);
		if (r->at == r->nr)
			return refuse(&r->reason, "%s: its value is missing", name);
		r->wanted->has |= settings[i].flag;
		return settings[i].read(r);
	}
	return refuse(&r->reason, "there is no setting '%s'", name);
}

/**
 * settings_parse() - read the settings of a command line
 * @words: such as "mac", "02:00:00:00:00:01", "vlan", "100"
 * @nr: how many
 * @wanted: where they go; of no use unless all of them are valid
 * @why: what is wrong, in one line
 * @size: of @why
 *
 * Each setting is given as a whole: a VLAN without "qos" has 0, "rate max 100" has no
 * least rate, whatever is set at present.
 *
 * Return: whether there is at least one setting, and all are valid.
 */
bool settings_parse(char *const words[], size_t nr, struct vf_link *wanted, char *why,
		    size_t size)
{
	struct reader r = {
		.words = words, .nr = nr, .wanted = wanted, .reason = { why, size },
	};
	const char *invalid;

	memset(wanted, 0, sizeof(*wanted));
	if (!nr)
		return refuse(&r.reason, "no setting is given");
	while (r.at < r.nr)
		if (!read_setting(&r))
			return false;
	invalid = settings_invalid(wanted);
	return !invalid || refuse(&r.reason, "%s", invalid);
}

/**
 * settings_invalid() - is there something that no driver can be asked for?
 * @wanted: settings, by their flags
 *
 * Return: what is wrong, in one line; or NULL.
 */
const char *settings_invalid(const struct vf_link *wanted)
{
	if ((wanted->has & LINK_MAC) && (wanted->mac[0] & 1))
		return "mac: a multicast address cannot be a VF's own";
	if (wanted->has & LINK_VLAN) {
		if (wanted->vlan > VLAN_MAX)
			return "vlan: the greatest is 4094";
		if (wanted->qos > QOS_MAX)
			return "vlan: qos: the greatest is 7";
		if (wanted->proto != ETH_P_8021Q && wanted->proto != ETH_P_8021AD)
			return "vlan: proto: neither 802.1Q nor 802.1ad";
	}
	if (wanted->has & LINK_RATE) {
		if (wanted->min_rate > RATE_MAX || wanted->max_rate > RATE_MAX)
			return "rate: the greatest is 2147483647";
		if (wanted->max_rate && wanted->min_rate > wanted->max_rate)
			return "rate: min is greater than max";
	}
	if ((wanted->has & LINK_STATE) && (unsigned int)wanted->state > LINK_DISABLE)
		return "state: not auto, enable or disable";
	return NULL;
}

static bool vlan_differs(const struct vf_link *have, const struct vf_link *want)
{
	if (have->vlan != want->vlan || have->qos != want->qos)
		return true;
	/* Without a tag there is nothing that a protocol could be of */
	return (want->vlan || want->qos) && have->proto != want->proto;
}

/**
 * link_differs() - what is not as it is wanted?
 * @have: what is set
 * @want: what is wanted, by its flags
 *
 * "No MAC" is wanted to be exactly that. A VF's driver may have chosen an address since,
 * which nothing tells from one that was set: who wants a VF to keep a random address
 * leaves its MAC out.
 *
 * Return: flags of @want whose values differ, or are not known.
 */
unsigned int link_differs(const struct vf_link *have, const struct vf_link *want)
{
	unsigned int differs = want->has & ~have->has;

	if (memcmp(have->mac, want->mac, sizeof(have->mac)))
		differs |= LINK_MAC;
	if (vlan_differs(have, want))
		differs |= LINK_VLAN;
	if (have->min_rate != want->min_rate || have->max_rate != want->max_rate)
		differs |= LINK_RATE;
	if (have->spoofchk != want->spoofchk)
		differs |= LINK_SPOOFCHK;
	if (have->trust != want->trust)
		differs |= LINK_TRUST;
	if (have->state != want->state)
		differs |= LINK_STATE;
	return differs & want->has;
}

/**
 * link_merge() - take over some settings
 * @to: gets them
 * @from: has them
 * @flags: LINK_ flags of which; those that @from does not have are left alone
 */
void link_merge(struct vf_link *to, const struct vf_link *from, unsigned int flags)
{
	flags &= from->has;
	to->has |= flags;
	if (flags & LINK_MAC)
		memcpy(to->mac, from->mac, sizeof(to->mac));
	if (flags & LINK_VLAN) {
		to->vlan = from->vlan;
		to->qos = from->qos;
		to->proto = from->proto;
	}
	if (flags & LINK_RATE) {
		to->min_rate = from->min_rate;
		to->max_rate = from->max_rate;
	}
	if (flags & LINK_SPOOFCHK)
		to->spoofchk = from->spoofchk;
	if (flags & LINK_TRUST)
		to->trust = from->trust;
	if (flags & LINK_STATE)
		to->state = from->state;
}

/**
 * link_flag_name() - the name of a setting
 * @flag: one LINK_ flag
 *
 * Return: the word, as it is typed.
 */
const char *link_flag_name(unsigned int flag)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(settings); i++)
		if (settings[i].flag == flag)
			return settings[i].name;
	return "?";
}

static void add_mac(struct text *text, const struct vf_link *link)
{
	char mac[MAC_SIZE] = "none";

	if (!mac_is_zero(link->mac))
		mac_format(link->mac, mac);
	text_printf(text, "mac %s", mac);
}

static void add_vlan(struct text *text, const struct vf_link *link)
{
	if (!link->vlan && !link->qos) {
		text_printf(text, "vlan none");
		return;
	}
	text_printf(text, "vlan %u", link->vlan);
	if (link->qos)
		text_printf(text, " qos %u", link->qos);
	if (link->proto != ETH_P_8021Q)
		text_printf(text, " proto %s", vlan_proto_text(link->proto));
}

static void add_rate(struct text *text, const struct vf_link *link)
{
	text_printf(text, "rate");
	if (link->min_rate)
		text_printf(text, " min %u", link->min_rate);
	if (link->max_rate)
		text_printf(text, " max %u", link->max_rate);
	if (!link->min_rate && !link->max_rate)
		text_printf(text, " none");
}

static void add_setting(struct text *text, const struct vf_link *link, unsigned int flag)
{
	switch (flag) {
	case LINK_MAC:
		add_mac(text, link);
		break;
	case LINK_VLAN:
		add_vlan(text, link);
		break;
	case LINK_RATE:
		add_rate(text, link);
		break;
	case LINK_SPOOFCHK:
		text_printf(text, "spoofchk %s", link->spoofchk ? "on" : "off");
		break;
	case LINK_TRUST:
		text_printf(text, "trust %s", link->trust ? "on" : "off");
		break;
	case LINK_STATE:
		text_printf(text, "state %s", link_state_text(link->state));
		break;
	}
}

/**
 * settings_text() - write settings as they are typed
 * @link: the settings
 * @flags: LINK_ flags of which; those that @link does not have are "unknown"
 * @text: where they go
 *
 * Return: @text, such as "mac 02:00:00:00:00:01, vlan 100 qos 3, trust on".
 */
const char *settings_text(const struct vf_link *link, unsigned int flags,
			  char text[SETTINGS_SIZE])
{
	struct text all = { 0 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(settings); i++) {
		if (!(flags & settings[i].flag))
			continue;
		if (all.len)
			text_printf(&all, ", ");
		if (link->has & settings[i].flag)
			add_setting(&all, link, settings[i].flag);
		else
			text_printf(&all, "%s unknown", settings[i].name);
	}
	text_copy(text, SETTINGS_SIZE, text_string(&all));
	text_free(&all);
	return text;
}

/**
 * vlan_proto_parse() - read the protocol of a VLAN
 * @text: "802.1Q" or "802.1ad", in capitals or not
 * @proto: where it goes; untouched unless it is one
 *
 * Return: whether it is one.
 */
bool vlan_proto_parse(const char *text, uint16_t *proto)
{
	if (!strcasecmp(text, "802.1Q"))
		*proto = ETH_P_8021Q;
	else if (!strcasecmp(text, "802.1ad"))
		*proto = ETH_P_8021AD;
	else
		return false;
	return true;
}

/**
 * vlan_proto_text() - the name of a VLAN's protocol
 * @proto: ETH_P_8021Q or ETH_P_8021AD
 *
 * Return: the name, as it is typed.
 */
const char *vlan_proto_text(uint16_t proto)
{
	return proto == ETH_P_8021AD ? "802.1ad" : "802.1Q";
}

/**
 * link_state_parse() - read what a VF is to be told of the link
 * @text: "auto", "enable" or "disable"
 * @state: where it goes; untouched unless it is one
 *
 * Return: whether it is one.
 */
bool link_state_parse(const char *text, enum link_state *state)
{
	unsigned int i;

	for (i = LINK_AUTO; i <= LINK_DISABLE; i++) {
		if (strcmp(text, link_state_text(i)))
			continue;
		*state = i;
		return true;
	}
	return false;
}
