// SPDX-License-Identifier: GPL-2.0
/*
 * What may be in the declarative file: one table, which the parser reads by and the
 * schema is printed from. Free of the system.
 */
#include <stdlib.h>
#include <string.h>

#include "keys.h"
#include "rule.h"
#include "settings.h"
#include "text.h"

#define COMMENT_MAX 1000

/* The numbers are those of enum link_state. */
const char *const state_words[] = { "auto", "enable", "disable", NULL };
const char *const policy_words[] = { "report", "reset", "quarantine", NULL };
const char *const vlan_protocol_words[] = { "802.1Q", "802.1ad", NULL };

const struct key vf_keys[] = {
	[VF_INDEX] = {
		.name = "index",
		.type = KEY_NUMBER,
		.offset = offsetof(struct vf_entry, index),
		.max = 65534,
		.about = "Number of the VF, from 0 on",
	},
	[VF_INDEXES] = {
		.name = "indexes",
		.type = KEY_TEXT,
		.offset = offsetof(struct vf_entry, indexes),
		.pattern = "^[0-9]{1,5}(-[0-9]{1,5})?(,[0-9]{1,5}(-[0-9]{1,5})?)*$",
		.wanted = "numbers of VFs, such as 0-3,7",
		.max = 1000,
		.about = "Numbers of several VFs that are to be the same, such as 0-3,7",
	},
	[VF_MAC] = {
		.name = "mac",
		.type = KEY_TEXT,
		.offset = offsetof(struct vf_entry, mac),
		.pattern = "^[0-9A-Fa-f][02468ACEace](:[0-9A-Fa-f]{2}){5}$",
		.wanted = "the MAC address of one station, such as 52:54:00:12:34:56",
		.max = MAC_SIZE - 1,
		.about = "MAC address; 00:00:00:00:00:00 has the VF's driver choose",
	},
	[VF_VLAN] = {
		.name = "vlan",
		.type = KEY_NUMBER,
		.offset = offsetof(struct vf_entry, vlan),
		.max = VLAN_MAX,
		.about = "VLAN that all of the VF's frames are in, without its knowledge; 0: none",
	},
	[VF_QOS] = {
		.name = "qos",
		.type = KEY_NUMBER,
		.offset = offsetof(struct vf_entry, qos),
		.max = QOS_MAX,
		.about = "Priority in the VLAN's tag; needs vlan",
	},
	[VF_VLAN_PROTOCOL] = {
		.name = "vlan_protocol",
		.type = KEY_WORD,
		.offset = offsetof(struct vf_entry, vlan_protocol),
		.words = vlan_protocol_words,
		.about = "Kind of the VLAN's tag, 802.1Q unless given; needs vlan",
	},
	[VF_MIN_RATE] = {
		.name = "min_rate",
		.type = KEY_NUMBER,
		.offset = offsetof(struct vf_entry, min_rate),
		.max = RATE_MAX,
		.about = "Mbit/s that the VF can rely on; 0, also if only max_rate is given: none",
	},
	[VF_MAX_RATE] = {
		.name = "max_rate",
		.type = KEY_NUMBER,
		.offset = offsetof(struct vf_entry, max_rate),
		.max = RATE_MAX,
		.about = "Mbit/s that the VF may send; 0, also if only min_rate is given: no limit",
	},
	[VF_SPOOFCHK] = {
		.name = "spoofchk",
		.type = KEY_BOOL,
		.offset = offsetof(struct vf_entry, spoofchk),
		.about = "Frames with a source address that is not the VF's are dropped",
	},
	[VF_TRUST] = {
		.name = "trust",
		.type = KEY_BOOL,
		.offset = offsetof(struct vf_entry, trust),
		.about = "The VF may do what only trusted VFs may, such as promiscuous mode",
	},
	[VF_STATE] = {
		.name = "state",
		.type = KEY_WORD,
		.offset = offsetof(struct vf_entry, state),
		.words = state_words,
		.about = "What the VF is told of the link",
	},
	[VF_DRIVER] = {
		.name = "driver",
		.type = KEY_TEXT,
		.offset = offsetof(struct vf_entry, driver),
		.pattern = "^[A-Za-z0-9][A-Za-z0-9_.+-]*$",
		.wanted = "the name of a driver, such as igbvf, vfio-pci, pciback or none",
		.max = 31,
		.about = "Driver in the host: its own, vfio-pci, pciback, or none",
	},
	[VF_DOMAIN] = {
		.name = "domain",
		.type = KEY_TEXT,
		.offset = offsetof(struct vf_entry, domain),
		.pattern = "^[0-9]*[A-Za-z_.+-][A-Za-z0-9_.+-]*$",
		.wanted = "the name of a guest; a number is another guest's after the next start",
		.max = 63,
		.about = "Guest of Xen that has the VF, by its name; makes pciback the driver",
	},
	[VF_POLICY] = {
		.name = "policy",
		.type = KEY_WORD,
		.offset = offsetof(struct vf_entry, policy),
		.words = policy_words,
		.about = "What is done about an uncorrectable error of the VF",
	},
	[VF_BUDGET] = {
		.name = "budget",
		.type = KEY_NUMBER,
		.offset = offsetof(struct vf_entry, budget),
		.max = 32,
		.about = "Uncorrectable errors that the VF may have in budget_window; 0: any",
	},
	[VF_BUDGET_WINDOW] = {
		.name = "budget_window",
		.type = KEY_NUMBER,
		.offset = offsetof(struct vf_entry, budget_window),
		.min = 1,
		.max = 2678400,
		.about = "Seconds for which an error counts",
	},
	[VF_RULES] = {
		.name = "rules",
		.type = KEY_TEXTS,
		.offset = offsetof(struct vf_entry, rules),
		.pattern = RULE_PATTERN,
		.wanted = "a rule of pciback, such as 'allow cap=09' or 'hide bytes=40-4f'",
		.max = RULES_MAX,
		.about = "Rules of pciback for the configuration space, all that there are to be",
	},
	[VF_COMMENT] = {
		.name = "comment",
		.type = KEY_TEXT,
		.offset = offsetof(struct vf_entry, comment),
		.max = COMMENT_MAX,
		.about = "For people",
	},
};

#define NR_VF_KEYS ARRAY_SIZE(vf_keys)

static const struct kind defaults_kind = {
	.about = "What holds for each VF of the PF that its entry says nothing else of",
	.keys = vf_keys,
	.first = VF_VLAN,
	.nr = NR_VF_KEYS,
	.size = sizeof(struct vf_entry),
};

static const struct kind vf_kind = {
	.about = "One VF, or several that are to be the same",
	.keys = vf_keys,
	.nr = NR_VF_KEYS,
	.either = 1 << VF_INDEX | 1 << VF_INDEXES,
	.size = sizeof(struct vf_entry),
};

/* An address, or what may be an interface */
#define PF_PATTERN							\
	"^(([0-9A-Fa-f]{1,8}:)?[0-9A-Fa-f]{1,2}:[01]?[0-9A-Fa-f]\\.[0-7]|" \
	"[A-Za-z0-9_.@+-]{1,15})$"

const struct key pf_keys[] = {
	[PF_PF] = {
		.name = "pf",
		.type = KEY_TEXT,
		.required = true,
		.offset = offsetof(struct pf_entry, pf),
		.pattern = PF_PATTERN,
		.wanted = "a PF's address, such as 0000:01:00.0, or its network interface",
		.max = 16,
		.about = "Address of the PF, or its network interface",
	},
	[PF_VFS] = {
		.name = "vfs",
		.type = KEY_NUMBER,
		.offset = offsetof(struct pf_entry, vfs),
		.max = 65535,
		.about = "How many VFs it is to have; as many as it has if this is left out",
	},
	[PF_AUTOPROBE] = {
		.name = "autoprobe",
		.type = KEY_BOOL,
		.offset = offsetof(struct pf_entry, autoprobe),
		.about = "VFs get the host's driver for them as soon as they are enabled",
	},
	[PF_DEFAULTS] = {
		.name = "defaults",
		.type = KEY_OBJECT,
		.offset = offsetof(struct pf_entry, defaults),
		.of = &defaults_kind,
	},
	[PF_VF] = {
		.name = "vf",
		.type = KEY_OBJECTS,
		.offset = offsetof(struct pf_entry, vf),
		.of = &vf_kind,
		.max = 65535,
		.about = "The VFs",
	},
	[PF_COMMENT] = {
		.name = "comment",
		.type = KEY_TEXT,
		.offset = offsetof(struct pf_entry, comment),
		.max = COMMENT_MAX,
		.about = "For people",
	},
};

static const struct kind pf_kind = {
	.about = "A PF and its VFs",
	.keys = pf_keys,
	.nr = ARRAY_SIZE(pf_keys),
	.size = sizeof(struct pf_entry),
};

const struct key file_keys[] = {
	[FILE_VERSION] = {
		.name = "version",
		.type = KEY_NUMBER,
		.required = true,
		.offset = offsetof(struct file_entry, version),
		.min = CONFIG_VERSION,
		.max = CONFIG_VERSION,
		.about = "Version of this format",
	},
	[FILE_PFS] = {
		.name = "pfs",
		.type = KEY_OBJECTS,
		.required = true,
		.offset = offsetof(struct file_entry, pfs),
		.of = &pf_kind,
		.max = CONFIG_PFS_MAX,
		.about = "The PFs; one that is not named is left alone",
	},
	[FILE_COMMENT] = {
		.name = "comment",
		.type = KEY_TEXT,
		.offset = offsetof(struct file_entry, comment),
		.max = COMMENT_MAX,
		.about = "For people",
	},
	[FILE_SCHEMA] = {
		.name = "$schema",
		.type = KEY_TEXT,
		.offset = offsetof(struct file_entry, schema),
		.max = COMMENT_MAX,
		.about = "For editors: where the output of 'vfctl schema' is",
	},
};

const struct kind file_kind = {
	.about = "VFs as they are to be: for vfctl plan and vfctl apply",
	.keys = file_keys,
	.nr = ARRAY_SIZE(file_keys),
	.size = sizeof(struct file_entry),
};

/**
 * key_find() - the key with a name
 * @kind: of the object
 * @name: of the key
 *
 * Return: the key, or NULL.
 */
const struct key *key_find(const struct kind *kind, const char *name)
{
	unsigned int i;

	for (i = kind->first; i < kind->nr; i++)
		if (!strcmp(kind->keys[i].name, name))
			return &kind->keys[i];
	return NULL;
}

#define NAME_MAX_LEN 32

static unsigned int least(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

/* distance() - letters to insert, to remove or to change, to make one word the other */
static unsigned int distance(const char *a, const char *b)
{
	unsigned int row[NAME_MAX_LEN + 1], i, j, len = strlen(b);

	for (j = 0; j <= len; j++)
		row[j] = j;
	for (i = 0; a[i]; i++) {
		unsigned int before = row[0];

		row[0] = i + 1;
		for (j = 1; j <= len; j++) {
			unsigned int other = before + (a[i] != b[j - 1]);

			before = row[j];
			row[j] = least(other, least(row[j], row[j - 1]) + 1);
		}
	}
	return row[len];
}

/**
 * key_nearest() - the key that was probably meant
 * @kind: of the object
 * @name: that no key has
 *
 * Return: a name, or NULL if none is like it.
 */
const char *key_nearest(const struct kind *kind, const char *name)
{
	unsigned int i, best = 2 + strlen(name) / 4;
	const char *nearest = NULL;

	if (strlen(name) > NAME_MAX_LEN)
		return NULL;
	for (i = kind->first; i < kind->nr; i++) {
		unsigned int far = distance(name, kind->keys[i].name);

		if (far >= best || far >= strlen(kind->keys[i].name))
			continue;
		best = far;
		nearest = kind->keys[i].name;
	}
	return nearest;
}

static void *value_at(void *object, const struct key *key)
{
	return (char *)object + key->offset;
}

static void key_clear(const struct key *key, void *value)
{
	struct items *items = value;
	struct texts *texts = value;
	size_t i;

	switch (key->type) {
	case KEY_TEXT:
		free(*(char **)value);
		break;
	case KEY_TEXTS:
		for (i = 0; i < texts->nr; i++)
			free(texts->text[i]);
		free(texts->text);
		break;
	case KEY_OBJECT:
		kind_clear(key->of, value);
		break;
	case KEY_OBJECTS:
		for (i = 0; i < items->nr; i++)
			kind_clear(key->of, (char *)items->item + i * key->of->size);
		free(items->item);
		break;
	default:
		break;
	}
}

/**
 * kind_clear() - give back what an object has
 * @kind: of the object
 * @object: its structure; is all zero afterwards
 */
void kind_clear(const struct kind *kind, void *object)
{
	unsigned int i;

	for (i = kind->first; i < kind->nr; i++)
		key_clear(&kind->keys[i], value_at(object, &kind->keys[i]));
	memset(object, 0, kind->size);
}

static size_t size_of(const struct key *key)
{
	switch (key->type) {
	case KEY_BOOL:
		return sizeof(bool);
	case KEY_NUMBER:
	case KEY_WORD:
		return sizeof(unsigned int);
	case KEY_TEXT:
		return sizeof(char *);
	case KEY_TEXTS:
		return sizeof(struct texts);
	case KEY_OBJECT:
		return key->of->size;
	default:
		return sizeof(struct items);
	}
}

/**
 * kind_inherit() - take over the values of keys that an object does not have
 * @kind: of both objects
 * @object: is completed; it shares lists and strings with @from afterwards and must not
 *	be given to kind_clear()
 * @from: where they are from
 */
void kind_inherit(const struct kind *kind, void *object, const void *from)
{
	unsigned int *has = object, missing = *(const unsigned int *)from & ~*has, i;

	for (i = kind->first; i < kind->nr; i++) {
		const struct key *key = &kind->keys[i];

		if (missing & 1U << i)
			memcpy(value_at(object, key), (const char *)from + key->offset,
			       size_of(key));
	}
	*has |= missing;
}
