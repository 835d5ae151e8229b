/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What may be in the declarative file: one table, which the parser reads by and the
 * schema is printed from. Free of the system.
 */
#ifndef VFCTL_KEYS_H
#define VFCTL_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#define CONFIG_VERSION 1
#define CONFIG_PFS_MAX 256

/**
 * struct texts - a list of strings
 * @text: the strings
 * @nr: how many
 */
struct texts {
	char **text;
	size_t nr;
};

/**
 * struct items - a list of objects, one after the other in memory
 * @item: the objects, of the size of their kind
 * @nr: how many
 */
struct items {
	void *item;
	size_t nr;
};

enum key_type {
	KEY_BOOL,		/* bool */
	KEY_NUMBER,		/* unsigned int, from @min to @max */
	KEY_WORD,		/* unsigned int, which of @words */
	KEY_TEXT,		/* char *, by @pattern, of up to @max bytes */
	KEY_TEXTS,		/* struct texts, each by @pattern, up to @max of them */
	KEY_OBJECT,		/* an object of the kind @of, in place */
	KEY_OBJECTS,		/* struct items, of the kind @of, up to @max of them */
};

/**
 * struct key - what a key may have as its value
 * @name: of the key
 * @type: of the value
 * @required: it may not be left out
 * @offset: in the object's structure, where the value goes
 * @min: see enum key_type
 * @max: see enum key_type
 * @words: see enum key_type; ends with NULL
 * @pattern: see enum key_type. It has to mean the same to POSIX (extended) and to
 *	ECMAScript: no classes with a name, no backslash but before a dot.
 * @wanted: what @pattern stands for, for who gets it wrong
 * @of: see enum key_type
 * @about: for people, in the schema
 */
struct key {
	const char *name;
	enum key_type type;
	bool required;
	size_t offset;
	unsigned int min;
	unsigned int max;
	const char *const *words;
	const char *pattern;
	const char *wanted;
	const struct kind *of;
	const char *about;
};

/**
 * struct kind - of object
 * @about: for people, in the schema
 * @keys: what may be in it
 * @first: the first of @keys that is for this kind
 * @nr: number of @keys
 * @either: exactly one of these must be there, as bits by their numbers in @keys; 0: none
 * @size: of its structure, which starts with an unsigned int: a bit for each of @keys
 *	that is there
 */
struct kind {
	const char *about;
	const struct key *keys;
	unsigned int first;
	unsigned int nr;
	unsigned int either;
	size_t size;
};

/* Numbers of the keys for VFs; the first three are for one entry, not for defaults. */
enum vf_key {
	VF_INDEX,
	VF_INDEXES,
	VF_MAC,
	VF_VLAN,
	VF_QOS,
	VF_VLAN_PROTOCOL,
	VF_MIN_RATE,
	VF_MAX_RATE,
	VF_SPOOFCHK,
	VF_TRUST,
	VF_STATE,
	VF_DRIVER,
	VF_DOMAIN,
	VF_POLICY,
	VF_BUDGET,
	VF_BUDGET_WINDOW,
	VF_RULES,
	VF_COMMENT,
};

enum pf_key {
	PF_PF,
	PF_VFS,
	PF_AUTOPROBE,
	PF_DEFAULTS,
	PF_VF,
	PF_COMMENT,
};

enum file_key {
	FILE_VERSION,
	FILE_PFS,
	FILE_COMMENT,
	FILE_SCHEMA,
};

/*
 * struct vf_entry - an object of "vf", or "defaults"
 * @has: bits by enum vf_key
 *
 * The rest are the keys of the same names.
 */
struct vf_entry {
	unsigned int has;
	unsigned int index;
	char *indexes;
	char *mac;
	unsigned int vlan;
	unsigned int qos;
	unsigned int vlan_protocol;
	unsigned int min_rate;
	unsigned int max_rate;
	bool spoofchk;
	bool trust;
	unsigned int state;
	char *driver;
	char *domain;
	unsigned int policy;
	unsigned int budget;
	unsigned int budget_window;
	struct texts rules;
	char *comment;
};

/*
 * struct pf_entry - an object of "pfs"
 * @has: bits by enum pf_key
 *
 * The rest are the keys of the same names.
 */
struct pf_entry {
	unsigned int has;
	char *pf;
	unsigned int vfs;
	bool autoprobe;
	struct vf_entry defaults;
	struct items vf;
	char *comment;
};

/*
 * struct file_entry - all of the file
 * @has: bits by enum file_key
 *
 * The rest are the keys of the same names.
 */
struct file_entry {
	unsigned int has;
	unsigned int version;
	struct items pfs;
	char *comment;
	char *schema;
};

extern const struct kind file_kind;
extern const struct key vf_keys[];
extern const struct key pf_keys[];
extern const struct key file_keys[];

extern const char *const state_words[];
extern const char *const policy_words[];
extern const char *const vlan_protocol_words[];

const struct key *key_find(const struct kind *kind, const char *name);
const char *key_nearest(const struct kind *kind, const char *name);
void kind_clear(const struct kind *kind, void *object);
void kind_inherit(const struct kind *kind, void *object, const void *from);

#endif /* VFCTL_KEYS_H */
