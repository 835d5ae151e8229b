// SPDX-License-Identifier: GPL-2.0
/*
 * The declarative file: from text to what each VF is to be like. Free of the system.
 *
 * Three steps: the text into objects, by the table of keys; what the table cannot say,
 * such as that no VF may have two entries; and what one VF is to be like, when somebody
 * asks. The first problem ends it, with its place in the file.
 */
#include <ctype.h>
#include <linux/if_ether.h>
#include <regex.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "address.h"
#include "config.h"
#include "driver.h"
#include "settings.h"
#include "text.h"

/* What of a text that is not valid is repeated in an error */
#define QUOTE_SIZE 64

/**
 * struct reader - of a file
 * @text: all of it
 * @len: of @text
 * @problem: for what is wrong
 */
struct reader {
	const char *text;
	size_t len;
	struct problem *problem;
};

/* printable() - keep errors in one line, and terminals out of the hands of files */
static void printable(char *text)
{
	for (; *text; text++)
		if (iscntrl((unsigned char)*text))
			*text = '?';
}

/* quote() - the beginning of a text, cut between characters of UTF-8 */
static const char *quote(const char *text, char quoted[QUOTE_SIZE])
{
	size_t len;

	if (text_copy(quoted, QUOTE_SIZE, text))
		return quoted;
	len = QUOTE_SIZE - 4;
	while (len && (quoted[len] & 0xc0) == 0x80)
		len--;
	memcpy(quoted + len, "...", 4);
	return quoted;
}

static bool problem_at(struct problem *problem, const struct spot *place,
		       enum vfctl_exit code, const char *format, va_list args)
{
	problem->code = code;
	problem->line = place->line;
	problem->column = place->column;
	vsnprintf(problem->text, sizeof(problem->text), format, args);
	printable(problem->text);
	return false;
}

__attribute__((format(printf, 4, 5)))
static bool wrong(struct reader *r, const struct path *path, enum locate_part part,
		  const char *format, ...)
{
	struct spot place;
	va_list args;

	locate(r->text, r->len, path, part, &place);
	va_start(args, format);
	problem_at(r->problem, &place, EXIT_BAD_FILE, format, args);
	va_end(args);
	return false;
}

/* How a value is called in an error: by the key that it is of */
static const char *name_of(const struct path *path)
{
	while (path && !path->key)
		path = path->up;
	return path ? path->key : "the file";
}

static bool wrong_type(struct reader *r, const struct path *path, const char *wanted)
{
	return wrong(r, path, LOCATE_VALUE, "%s: %s is wanted", name_of(path), wanted);
}

static bool read_number(struct reader *r, const struct key *key, json_t *json,
			const struct path *path, unsigned int *number)
{
	json_int_t value = json_integer_value(json);

	if (json_is_real(json))
		return wrong_type(r, path, "a whole number");
	if (!json_is_integer(json))
		return wrong_type(r, path, "a number");
	if (value >= key->min && value <= key->max) {
		*number = value;
		return true;
	}
	if (key->min == key->max)
		return wrong(r, path, LOCATE_VALUE,
			     "%s: %" JSON_INTEGER_FORMAT " is not known; it has to be %u",
			     key->name, value, key->min);
	return wrong(r, path, LOCATE_VALUE, "%s: %" JSON_INTEGER_FORMAT " is not from %u to %u",
		     key->name, value, key->min, key->max);
}

static bool read_word(struct reader *r, const struct key *key, json_t *json,
		      const struct path *path, unsigned int *number)
{
	const char *value = json_string_value(json);
	struct text words = { 0 };
	char quoted[QUOTE_SIZE];
	unsigned int i;

	for (i = 0; key->words[i]; i++) {
		if (value && !strcmp(key->words[i], value)) {
			*number = i;
			text_free(&words);
			return true;
		}
		text_printf(&words, "%s%s", i ? key->words[i + 1] ? ", " : " or " : "",
			    key->words[i]);
	}
	if (value)
		wrong(r, path, LOCATE_VALUE, "%s: '%s' is not %s", key->name,
		      quote(value, quoted), text_string(&words));
	else
		wrong_type(r, path, text_string(&words));
	text_free(&words);
	return false;
}

static bool matches(const char *pattern, const char *text)
{
	regex_t regex;
	bool matched;

	need(regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB) ? NULL : &regex);
	matched = !regexec(&regex, text, 0, NULL, 0);
	regfree(&regex);
	return matched;
}

/* characters() - as a schema counts them */
static size_t characters(const char *text)
{
	size_t nr = 0;

	for (; *text; text++)
		nr += (*text & 0xc0) != 0x80;
	return nr;
}

static bool read_text(struct reader *r, const struct key *key, json_t *json,
		      const struct path *path, unsigned int max, char **text)
{
	const char *value = json_string_value(json);
	char quoted[QUOTE_SIZE];

	if (!value)
		return wrong_type(r, path, "a string");
	if (characters(value) > max)
		return wrong(r, path, LOCATE_VALUE, "%s: '%s' is longer than %u characters",
			     key->name, quote(value, quoted), max);
	if (key->pattern && !matches(key->pattern, value))
		return wrong(r, path, LOCATE_VALUE, "%s: '%s' is not %s", key->name,
			     quote(value, quoted), key->wanted);
	*text = need(strdup(value));
	return true;
}

static bool is_list(struct reader *r, const struct key *key, json_t *json,
		    const struct path *path)
{
	if (!json_is_array(json))
		return wrong_type(r, path, "a list");
	if (json_array_size(json) > key->max)
		return wrong(r, path, LOCATE_VALUE, "%s: %zu are more than %u", key->name,
			     json_array_size(json), key->max);
	return true;
}

static bool read_texts(struct reader *r, const struct key *key, json_t *json,
		       const struct path *path, struct texts *texts)
{
	struct path at = { .up = path };

	if (!is_list(r, key, json, path))
		return false;
	for (; at.index < json_array_size(json); at.index++) {
		texts->text = grow(texts->text, texts->nr, sizeof(*texts->text));
		texts->nr++;
		if (!read_text(r, key, json_array_get(json, at.index), &at, QUOTE_SIZE,
			       &texts->text[at.index]))
			return false;
	}
	return true;
}

static bool read_object(struct reader *r, const struct kind *kind, json_t *json,
			const struct path *path, void *object);

static bool read_objects(struct reader *r, const struct key *key, json_t *json,
			 const struct path *path, struct items *items)
{
	struct path at = { .up = path };
	size_t size = key->of->size;

	if (!is_list(r, key, json, path))
		return false;
	for (; at.index < json_array_size(json); at.index++) {
		items->item = grow(items->item, items->nr, size);
		items->nr++;
		if (!read_object(r, key->of, json_array_get(json, at.index), &at,
				 (char *)items->item + at.index * size))
			return false;
	}
	return true;
}

static bool read_value(struct reader *r, const struct key *key, json_t *json,
		       const struct path *path, void *value)
{
	switch (key->type) {
	case KEY_BOOL:
		*(bool *)value = json_is_true(json);
		return json_is_boolean(json) || wrong_type(r, path, "true or false");
	case KEY_NUMBER:
		return read_number(r, key, json, path, value);
	case KEY_WORD:
		return read_word(r, key, json, path, value);
	case KEY_TEXT:
		return read_text(r, key, json, path, key->max, value);
	case KEY_TEXTS:
		return read_texts(r, key, json, path, value);
	case KEY_OBJECT:
		return read_object(r, key->of, json, path, value);
	default:
		return read_objects(r, key, json, path, value);
	}
}

static bool unknown_key(struct reader *r, const struct kind *kind, const struct path *path)
{
	const char *nearest = key_nearest(kind, path->key);
	char quoted[QUOTE_SIZE];
	unsigned int i;

	for (i = 0; i < kind->first; i++)
		if (!strcmp(kind->keys[i].name, path->key))
			return wrong(r, path, LOCATE_KEY, "'%s' is for an entry of vf, not for %s",
				     path->key, name_of(path->up));
	if (nearest)
		return wrong(r, path, LOCATE_KEY, "unknown key '%s'; did you mean '%s'?",
			     quote(path->key, quoted), nearest);
	return wrong(r, path, LOCATE_KEY, "unknown key '%s'", quote(path->key, quoted));
}

/* complete() - is all there that has to be? */
static bool complete(struct reader *r, const struct kind *kind, const struct path *path,
		     unsigned int has)
{
	unsigned int i, either = kind->either & has, a = 0, b;

	for (i = kind->first; i < kind->nr; i++)
		if (kind->keys[i].required && !(has & 1U << i))
			return wrong(r, path, LOCATE_VALUE, "'%s' is missing", kind->keys[i].name);
	/* There are two where there are any. */
	if (!kind->either || (either && !(either & (either - 1))))
		return true;
	while (!(kind->either & 1U << a))
		a++;
	for (b = a + 1; !(kind->either & 1U << b); )
		b++;
	return wrong(r, path, LOCATE_VALUE, either ? "both '%s' and '%s' are given" :
		     "'%s' or '%s' is missing", kind->keys[a].name, kind->keys[b].name);
}

static bool read_object(struct reader *r, const struct kind *kind, json_t *json,
			const struct path *path, void *object)
{
	unsigned int *has = object;
	const char *name;
	json_t *value;

	if (!json_is_object(json))
		return wrong_type(r, path, "an object");
	json_object_foreach(json, name, value) {
		struct path at = { .up = path, .key = name };
		const struct key *key = key_find(kind, name);

		if (!key)
			return unknown_key(r, kind, &at);
		if (!read_value(r, key, value, &at, (char *)object + key->offset))
			return false;
		*has |= 1U << (key - kind->keys);
	}
	return complete(r, kind, path, *has);
}

/* The parser's position is behind what it did not like, or at it. */
static bool syntax_error(struct reader *r, const json_error_t *error)
{
	size_t end = error->position < 0 ? 0 : error->position, at;
	char quoted[sizeof(error->text)];
	struct spot place;

	text_copy(quoted, sizeof(quoted), error->text);
	printable(quoted);
	at = locate_token(r->text, r->len, end);
	if (json_error_code(error) == json_error_invalid_utf8)
		at = end;
	else if (strstr(error->text, "near end of file"))
		at = r->len;
	spot_of(r->text, r->len, at, &place);
	r->problem->code = EXIT_BAD_FILE;
	r->problem->line = place.line;
	r->problem->column = place.column;
	snprintf(r->problem->text, sizeof(r->problem->text), "%s", quoted);
	return false;
}

/* The parser overlooks a NUL behind a number. */
static bool binary(struct reader *r, const char *nul)
{
	struct spot place;

	spot_of(r->text, r->len, nul - r->text, &place);
	r->problem->code = EXIT_BAD_FILE;
	r->problem->line = place.line;
	r->problem->column = place.column;
	snprintf(r->problem->text, sizeof(r->problem->text), "a NUL byte: this is no text");
	return false;
}

static bool read_text_of_file(struct reader *r, struct file_entry *file)
{
	const char *nul = memchr(r->text, '\0', r->len);
	json_error_t error;
	json_t *json;
	bool read;

	if (nul)
		return binary(r, nul);
	json = json_loadb(r->text, r->len, JSON_REJECT_DUPLICATES, &error);
	if (!json)
		return syntax_error(r, &error);
	read = read_object(r, &file_kind, json, NULL, file);
	json_decref(json);
	return read;
}

/* struct entry_path - the steps to a key of a VF, or to less */
struct entry_path {
	struct path pfs;
	struct path pf;
	struct path vf;
	struct path entry;
	struct path key;
};

static const struct path *pf_path(struct entry_path *path, size_t pf, const char *key)
{
	path->pfs = (struct path) { .key = file_keys[FILE_PFS].name };
	path->pf = (struct path) { .up = &path->pfs, .index = pf };
	path->key = (struct path) { .up = &path->pf, .key = key };
	return key ? &path->key : &path->pf;
}

static const struct path *vf_path(struct entry_path *path, size_t pf, size_t entry,
				  const char *key)
{
	pf_path(path, pf, NULL);
	path->vf = (struct path) { .up = &path->pf, .key = pf_keys[PF_VF].name };
	path->entry = (struct path) { .up = &path->vf, .index = entry };
	path->key = (struct path) { .up = &path->entry, .key = key };
	return key ? &path->key : &path->entry;
}

static const struct path *defaults_path(struct entry_path *path, size_t pf, const char *key)
{
	pf_path(path, pf, NULL);
	path->vf = (struct path) { .up = &path->pf, .key = pf_keys[PF_DEFAULTS].name };
	path->key = (struct path) { .up = &path->vf, .key = key };
	return &path->key;
}

/**
 * pf_problem() - what a file wants of a PF cannot be
 * @config: the file
 * @pf: the PF
 * @key: what is wrong with it; if the file does not have it, the place is that of the PF
 * @code: what the program is to end with
 * @problem: where it goes
 * @format: in words
 *
 * Return: false.
 */
bool pf_problem(const struct config *config, const struct config_pf *pf, enum pf_key key,
		enum vfctl_exit code, struct problem *problem, const char *format, ...)
{
	const char *name = pf->entry->has & 1U << key ? pf_keys[key].name : NULL;
	struct entry_path path;
	struct spot place;
	va_list args;

	locate(config->text, config->len, pf_path(&path, pf->number, name), LOCATE_VALUE,
	       &place);
	va_start(args, format);
	problem_at(problem, &place, code, format, args);
	va_end(args);
	return false;
}

/**
 * vf_problem() - what a file wants of a VF cannot be
 * @config: the file
 * @wanted: what is wanted of the VF
 * @key: what is wrong with it; the place is that in the entry, or in the defaults, or that
 *	of the entry itself if neither has it
 * @code: what the program is to end with
 * @problem: where it goes
 * @format: in words
 *
 * Return: false.
 */
bool vf_problem(const struct config *config, const struct wanted *wanted, enum vf_key key,
		enum vfctl_exit code, struct problem *problem, const char *format, ...)
{
	bool own = wanted->own & 1U << key;
	const struct path *at;
	struct entry_path path;
	struct spot place;
	va_list args;

	if (!own && (wanted->pf->entry->defaults.has & 1U << key))
		at = defaults_path(&path, wanted->pf->number, vf_keys[key].name);
	else if (wanted->has_entry)
		at = vf_path(&path, wanted->pf->number, wanted->entry,
			     own ? vf_keys[key].name : NULL);
	else
		at = pf_path(&path, wanted->pf->number, NULL);
	locate(config->text, config->len, at, LOCATE_VALUE, &place);
	va_start(args, format);
	problem_at(problem, &place, code, format, args);
	va_end(args);
	return false;
}

static const struct vf_entry *entry_of(const struct pf_entry *pf, size_t number)
{
	return (const struct vf_entry *)pf->vf.item + number;
}

static const struct range *range_of(const struct config_pf *pf, unsigned int index)
{
	size_t low = 0, high = pf->nr;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (pf->range[middle].last < index)
			low = middle + 1;
		else
			high = middle;
	}
	return low < pf->nr && pf->range[low].first <= index ? &pf->range[low] : NULL;
}

/**
 * config_link_keys() - which settings of a PF's driver do keys stand for?
 * @has: bits by enum vf_key
 *
 * Return: LINK_ flags.
 */
unsigned int config_link_keys(unsigned int has)
{
	static const struct {
		enum vf_key key;
		unsigned int flag;
	} settings[] = {
		{ VF_MAC, LINK_MAC },
		{ VF_VLAN, LINK_VLAN },
		{ VF_QOS, LINK_VLAN },
		{ VF_VLAN_PROTOCOL, LINK_VLAN },
		{ VF_MIN_RATE, LINK_RATE },
		{ VF_MAX_RATE, LINK_RATE },
		{ VF_SPOOFCHK, LINK_SPOOFCHK },
		{ VF_TRUST, LINK_TRUST },
		{ VF_STATE, LINK_STATE },
	};
	unsigned int flags = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(settings); i++)
		if (has & 1U << settings[i].key)
			flags |= settings[i].flag;
	return flags;
}

static void fill_link(struct wanted *wanted)
{
	const struct vf_entry *set = &wanted->set;
	struct vf_link *link = &wanted->link;

	link->has = config_link_keys(set->has);
	if (link->has & LINK_MAC)
		mac_parse(set->mac, link->mac);
	link->vlan = set->vlan;
	link->qos = set->qos;
	link->proto = set->vlan_protocol ? ETH_P_8021AD : ETH_P_8021Q;
	link->min_rate = set->min_rate;
	link->max_rate = set->max_rate;
	link->spoofchk = set->spoofchk;
	link->trust = set->trust;
	link->state = set->state;
}

static void fill_rules(struct wanted *wanted)
{
	const struct texts *texts = &wanted->set.rules;
	size_t i;

	wanted->rules.known = true;
	for (i = 0; i < texts->nr; i++) {
		wanted->rules.rule = grow(wanted->rules.rule, i, sizeof(struct rule));
		rule_parse(texts->text[i], &wanted->rules.rule[i]);
		wanted->rules.nr++;
	}
}

/*
 * inherit() - what the defaults say, where the entry says nothing
 *
 * Driver and domain belong together: an entry with one of them has neither from the
 * defaults. Settings that are one for the kernel, such as both rates, are inherited one by
 * one nevertheless, for they are keys of their own.
 */
static void inherit(struct vf_entry *set, const struct vf_entry *defaults)
{
	unsigned int host = 1U << VF_DRIVER | 1U << VF_DOMAIN;
	struct vf_entry from = *defaults;

	if (set->has & host)
		from.has &= ~host;
	kind_inherit(pf_keys[PF_VF].of, set, &from);
}

static bool is_pciback(const char *driver)
{
	return driver && driver_is_pciback(driver);
}

static void fill_wanted(const struct config_pf *pf, const struct vf_entry *entry,
			struct wanted *wanted)
{
	wanted->pf = pf;
	if (entry) {
		wanted->set = *entry;
		wanted->own = entry->has;
		wanted->has_entry = true;
		wanted->entry = entry - entry_of(pf->entry, 0);
	}
	inherit(&wanted->set, &pf->entry->defaults);
	if (wanted->set.has & 1U << VF_DOMAIN)
		wanted->driver = "pciback";
	else if (wanted->set.has & 1U << VF_DRIVER)
		wanted->driver = wanted->set.driver;
	/* Rules for guests' VFs say nothing about one that an entry keeps in the host. */
	if (!(wanted->own & 1U << VF_RULES) && !is_pciback(wanted->driver))
		wanted->set.has &= ~(1U << VF_RULES);
	fill_link(wanted);
	if (wanted->set.has & 1U << VF_RULES)
		fill_rules(wanted);
}

/**
 * config_wanted() - what is a VF to be like?
 * @pf: its PF
 * @index: its number
 * @wanted: where it goes; to be given to wanted_free(). It has strings of the file's.
 */
void config_wanted(const struct config_pf *pf, unsigned int index, struct wanted *wanted)
{
	const struct range *range = range_of(pf, index);

	memset(wanted, 0, sizeof(*wanted));
	fill_wanted(pf, range ? entry_of(pf->entry, range->entry) : NULL, wanted);
}

/**
 * wanted_free() - give back what config_wanted() took
 * @wanted: is of no use afterwards
 */
void wanted_free(struct wanted *wanted)
{
	rules_free(&wanted->rules);
}

static bool add_range(struct reader *r, struct config_pf *pf, const struct path *path,
		      const struct range *range)
{
	unsigned int vfs = pf->entry->vfs;

	if (range->last < range->first)
		return wrong(r, path, LOCATE_VALUE, "%s: %u-%u: the last is before the first",
			     path->key, range->first, range->last);
	if (range->last > vf_keys[VF_INDEX].max)
		return wrong(r, path, LOCATE_VALUE, "%s: %u is not from 0 to %u", path->key,
			     range->last, vf_keys[VF_INDEX].max);
	if ((pf->entry->has & 1U << PF_VFS) && range->last >= vfs)
		return wrong(r, path, LOCATE_VALUE,
			     "%s: there is no VF %u: vfs is %u, and they are numbered from 0",
			     path->key, range->last, vfs);
	pf->range = grow(pf->range, pf->nr, sizeof(*range));
	pf->range[pf->nr++] = *range;
	return true;
}

static bool add_entry(struct reader *r, struct config_pf *pf, size_t number)
{
	const struct vf_entry *entry = entry_of(pf->entry, number);
	bool one = entry->has & 1U << VF_INDEX;
	struct range range = { .first = entry->index, .last = entry->index, .entry = number };
	struct entry_path steps;
	const struct path *path;
	const char *at = entry->indexes;

	path = vf_path(&steps, pf->number, number, vf_keys[one ? VF_INDEX : VF_INDEXES].name);
	if (one)
		return add_range(r, pf, path, &range);
	while (true) {
		char *end;

		range.first = strtoul(at, &end, 10);
		range.last = *end == '-' ? strtoul(end + 1, &end, 10) : range.first;
		if (!add_range(r, pf, path, &range))
			return false;
		if (!*end)
			return true;
		at = end + 1;
	}
}

static int by_first(const void *a, const void *b)
{
	const struct range *one = a, *other = b;

	if (one->first != other->first)
		return one->first < other->first ? -1 : 1;
	return one->entry < other->entry ? -1 : one->entry > other->entry;
}

/* collect() - the entries of a PF, by the numbers of the VFs */
static bool collect(struct reader *r, struct config_pf *pf)
{
	struct entry_path steps;
	const struct path *path;
	size_t i;

	for (i = 0; i < pf->entry->vf.nr; i++)
		if (!add_entry(r, pf, i))
			return false;
	if (pf->nr)
		qsort(pf->range, pf->nr, sizeof(*pf->range), by_first);
	for (i = 1; i < pf->nr; i++) {
		const struct range *one = &pf->range[i - 1], *other = &pf->range[i];
		size_t later = other->entry > one->entry ? other->entry : one->entry;
		bool has_index = entry_of(pf->entry, later)->has & 1U << VF_INDEX;

		if (other->first > one->last)
			continue;
		path = vf_path(&steps, pf->number, later,
			       vf_keys[has_index ? VF_INDEX : VF_INDEXES].name);
		return wrong(r, path, LOCATE_VALUE, "%s: VF %u is there twice", path->key,
			     other->first);
	}
	return true;
}

static bool check_link(const struct config *config, const struct wanted *wanted,
		       struct problem *problem)
{
	const struct vf_entry *set = &wanted->set;
	enum vf_key key = set->has & 1U << VF_QOS ? VF_QOS : VF_VLAN_PROTOCOL;

	if ((set->has & 1U << key) && !(set->has & 1U << VF_VLAN))
		return vf_problem(config, wanted, key, EXIT_BAD_FILE, problem,
				  "%s: it needs vlan, too", vf_keys[key].name);
	if ((set->has & 1U << VF_MAX_RATE) && set->max_rate && set->min_rate > set->max_rate)
		return vf_problem(config, wanted, VF_MIN_RATE, EXIT_BAD_FILE, problem,
				  "min_rate: %u is more than max_rate, %u", set->min_rate,
				  set->max_rate);
	return true;
}

static bool check_host(const struct config *config, const struct wanted *wanted,
		       struct problem *problem)
{
	const struct vf_entry *set = &wanted->set;

	if ((set->has & 1U << VF_DOMAIN) && (set->has & 1U << VF_DRIVER) &&
	    !is_pciback(set->driver))
		return vf_problem(config, wanted, VF_DRIVER, EXIT_BAD_FILE, problem,
				  "driver: a VF for a domain has pciback, not %s", set->driver);
	if (!strcmp(wanted->driver ?: "", "xen-pciback"))
		return vf_problem(config, wanted, VF_DRIVER, EXIT_BAD_FILE, problem,
				  "driver: the module is xen-pciback, the driver is pciback");
	if ((wanted->own & 1U << VF_RULES) && !is_pciback(wanted->driver))
		return vf_problem(config, wanted, VF_RULES, EXIT_BAD_FILE, problem,
				  "rules: they are of pciback, and need it as the driver, or a domain");
	return true;
}

/* rule_wrong() - of a rule, whose place is that of the list that it is in, and its number */
__attribute__((format(printf, 5, 6)))
static bool rule_wrong(struct reader *r, const struct config_pf *pf, const size_t *entry,
		       size_t number, const char *format, ...)
{
	struct entry_path steps;
	struct path rule = { .index = number };
	struct spot place;
	va_list args;

	rule.up = entry ? vf_path(&steps, pf->number, *entry, vf_keys[VF_RULES].name) :
			  defaults_path(&steps, pf->number, vf_keys[VF_RULES].name);
	locate(r->text, r->len, &rule, LOCATE_VALUE, &place);
	va_start(args, format);
	problem_at(r->problem, &place, EXIT_BAD_FILE, format, args);
	va_end(args);
	return false;
}

static bool check_rules(struct reader *r, const struct config_pf *pf, const size_t *entry,
			const struct texts *texts)
{
	struct rule rule[RULES_MAX];
	size_t i, j;

	for (i = 0; i < texts->nr; i++) {
		const char *why = rule_parse(texts->text[i], &rule[i]);

		if (why)
			return rule_wrong(r, pf, entry, i, "rules: '%s': %s", texts->text[i], why);
		for (j = 0; j < i; j++)
			if (rule_same_subject(&rule[i], &rule[j]))
				return rule_wrong(r, pf, entry, i,
						  "rules: '%s' is about the same as '%s'",
						  texts->text[i], texts->text[j]);
	}
	return true;
}

/* check_vf() - VFs with this entry; with NULL, those that have none */
static bool check_vf(struct reader *r, const struct config *config, const struct config_pf *pf,
		     const struct vf_entry *entry)
{
	const struct vf_entry *own = entry ?: &pf->entry->defaults;
	struct wanted wanted = { 0 };
	size_t number = entry ? entry - entry_of(pf->entry, 0) : 0;
	bool valid;

	if (!check_rules(r, pf, entry ? &number : NULL, &own->rules))
		return false;
	fill_wanted(pf, entry, &wanted);
	valid = check_link(config, &wanted, r->problem) && check_host(config, &wanted, r->problem);
	wanted_free(&wanted);
	return valid;
}

/**
 * struct station - a MAC address that is used
 * @mac: the address
 * @vlan: where
 * @entry: by which entry of "vf"
 */
struct station {
	uint8_t mac[6];
	uint16_t vlan;
	size_t entry;
};

static int by_station(const void *a, const void *b)
{
	const struct station *one = a, *other = b;
	int order = memcmp(one->mac, other->mac, sizeof(one->mac));

	if (order)
		return order;
	if (one->vlan != other->vlan)
		return one->vlan < other->vlan ? -1 : 1;
	return one->entry < other->entry ? -1 : one->entry > other->entry;
}

static bool mac_for_many(struct reader *r, const struct config_pf *pf,
			 const struct range *range)
{
	struct entry_path steps;

	return wrong(r, vf_path(&steps, pf->number, range->entry, vf_keys[VF_MAC].name),
		     LOCATE_VALUE, "mac: the entry is for several VFs, which need one each");
}

static bool compare_stations(struct reader *r, const struct config_pf *pf,
			     struct station *station, size_t nr)
{
	struct entry_path steps;
	size_t i;

	if (nr)
		qsort(station, nr, sizeof(*station), by_station);
	for (i = 1; i < nr; i++) {
		const struct station *one = &station[i - 1], *other = &station[i];

		if (memcmp(one->mac, other->mac, sizeof(one->mac)) || one->vlan != other->vlan)
			continue;
		/* Two ranges of one entry */
		if (one->entry == other->entry)
			return mac_for_many(r, pf, &(struct range) { .entry = one->entry });
		return wrong(r, vf_path(&steps, pf->number, other->entry, vf_keys[VF_MAC].name),
			     LOCATE_VALUE, "mac: another VF of this PF has it in the same VLAN");
	}
	return true;
}

/* check_macs() - no two VFs of a PF may have the same one in the same VLAN */
static bool check_macs(struct reader *r, const struct config_pf *pf)
{
	struct station *station = NULL;
	size_t i, nr = 0;
	bool valid = true;

	for (i = 0; valid && i < pf->nr; i++) {
		struct wanted wanted = { 0 };

		fill_wanted(pf, entry_of(pf->entry, pf->range[i].entry), &wanted);
		wanted_free(&wanted);
		if (!(wanted.link.has & LINK_MAC) || mac_is_zero(wanted.link.mac))
			continue;
		if (pf->range[i].first != pf->range[i].last)
			valid = mac_for_many(r, pf, &pf->range[i]);
		station = grow(station, nr, sizeof(*station));
		station[nr].vlan = wanted.link.vlan;
		station[nr].entry = pf->range[i].entry;
		memcpy(station[nr++].mac, wanted.link.mac, sizeof(station->mac));
	}
	valid = valid && compare_stations(r, pf, station, nr);
	free(station);
	return valid;
}

static bool same_pf(const char *a, const char *b)
{
	struct address one, other;

	if (address_parse(a, &one) && address_parse(b, &other))
		return !address_compare(&one, &other);
	return !strcmp(a, b);
}

static bool check_pf(struct reader *r, const struct config *config, struct config_pf *pf)
{
	size_t i;

	for (i = 0; i < pf->number; i++)
		if (same_pf(config->pf[i].entry->pf, pf->entry->pf))
			return pf_problem(config, pf, PF_PF, EXIT_BAD_FILE, r->problem,
					  "pf: %s is there twice", pf->entry->pf);
	if (!collect(r, pf) || !check_vf(r, config, pf, NULL))
		return false;
	for (i = 0; i < pf->entry->vf.nr; i++)
		if (!check_vf(r, config, pf, entry_of(pf->entry, i)))
			return false;
	return check_macs(r, pf);
}

static bool check_file(struct reader *r, struct config *config)
{
	const struct pf_entry *entry = config->file.pfs.item;
	size_t i;

	config->nr = config->file.pfs.nr;
	if (config->nr)
		config->pf = need(calloc(config->nr, sizeof(*config->pf)));
	for (i = 0; i < config->nr; i++) {
		config->pf[i].entry = &entry[i];
		config->pf[i].number = i;
		if (!check_pf(r, config, &config->pf[i]))
			return false;
	}
	return true;
}

/**
 * config_parse() - read the text of a declarative file
 * @text: may have a byte order mark before it
 * @len: of it
 * @config: what it says; to be given to config_free(), unless this fails
 * @problem: what is wrong
 *
 * Return: whether it is valid.
 */
bool config_parse(const char *text, size_t len, struct config *config, struct problem *problem)
{
	struct reader r = { .problem = problem };

	memset(config, 0, sizeof(*config));
	memset(problem, 0, sizeof(*problem));
	if (len >= 3 && !memcmp(text, "\xef\xbb\xbf", 3)) {
		text += 3;
		len -= 3;
	}
	config->text = need(malloc(len + 1));
	memcpy(config->text, text, len);
	config->text[len] = '\0';
	config->len = len;
	r.text = config->text;
	r.len = len;
	if (read_text_of_file(&r, &config->file) && check_file(&r, config))
		return true;
	config_free(config);
	return false;
}

/**
 * config_free() - give back what config_parse() took
 * @config: is empty afterwards
 */
void config_free(struct config *config)
{
	while (config->nr)
		free(config->pf[--config->nr].range);
	free(config->pf);
	kind_clear(&file_kind, &config->file);
	free(config->text);
	memset(config, 0, sizeof(*config));
}
