// SPDX-License-Identifier: GPL-2.0
/*
 * What Xen's own tool is asked and told.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sysfs.h"
#include "vfctl.h"
#include "xl.h"

/**
 * xl_is_dom0() - is this the initial domain of Xen?
 * @v: the program
 *
 * Return: true if it is.
 */
bool xl_is_dom0(struct vfctl *v)
{
	char text[64];
	bool is;
	int dir;

	dir = sysfs_dir(v, "/proc/xen");
	if (dir < 0)
		return false;
	is = sysfs_read(dir, "capabilities", text, sizeof(text)) > 0 && strstr(text, "control_d");
	close(dir);
	return is;
}

/*
 * xl() - run it. It says "error" in stderr and ends with 0 in some versions, with 1 in
 * others: who changes something looks afterwards whether it was done.
 */
static int xl(struct vfctl *v, enum run_kind kind, struct text *said, char *const argv[])
{
	struct text output = { 0 };
	int ret;

	ret = v->ops->run(v, argv, kind, &output);
	if (said)
		text_add(said, text_string(&output), output.len);
	text_free(&output);
	return ret;
}

static int xl_on_function(struct vfctl *v, struct text *said, char *command, char *domain,
			  char *option, const struct address *function)
{
	char name[ADDRESS_SIZE];
	char *argv[6] = { "xl", command };
	int n = 2, ret;

	address_format(function, name);
	if (option)
		argv[n++] = option;
	if (domain)
		argv[n++] = domain;
	argv[n] = name;
	ret = xl(v, RUN_CHANGE, said, argv);
	if (ret < 0)
		return ret;
	return ret ? -EIO : 0;
}

/**
 * xl_make_assignable() - bind a function to the backend
 * @v: the program
 * @function: its address
 * @said: gets what xl said; may be NULL
 *
 * Return: 0, -EIO if xl refused, or another -errno.
 */
int xl_make_assignable(struct vfctl *v, const struct address *function, struct text *said)
{
	return xl_on_function(v, said, "pci-assignable-add", NULL, NULL, function);
}

/**
 * xl_take_back() - unbind a function from the backend
 * @v: the program
 * @function: its address
 * @rebind: bind it to the driver that it had before
 * @said: gets what xl said; may be NULL
 *
 * Return: as xl_make_assignable().
 */
int xl_take_back(struct vfctl *v, const struct address *function, bool rebind,
		 struct text *said)
{
	return xl_on_function(v, said, "pci-assignable-remove", NULL, rebind ? "-r" : NULL,
			      function);
}

/**
 * xl_attach() - give a function to a guest
 * @v: the program
 * @domain: its number
 * @function: the address, of a function that is assignable
 * @said: gets what xl said; may be NULL
 *
 * Return: as xl_make_assignable().
 */
int xl_attach(struct vfctl *v, unsigned int domain, const struct address *function,
	      struct text *said)
{
	char id[16];

	snprintf(id, sizeof(id), "%u", domain);
	return xl_on_function(v, said, "pci-attach", id, NULL, function);
}

/**
 * xl_detach() - take a function from a guest
 * @v: the program
 * @domain: its number
 * @function: the address
 * @said: gets what xl said; may be NULL
 *
 * Return: as xl_make_assignable().
 */
int xl_detach(struct vfctl *v, unsigned int domain, const struct address *function,
	      struct text *said)
{
	char id[16];

	snprintf(id, sizeof(id), "%u", domain);
	return xl_on_function(v, said, "pci-detach", id, NULL, function);
}

/* ask() - run it to hear what it prints; 0, -EIO if it fails, or another -errno */
static int ask(struct vfctl *v, struct text *said, char *const argv[])
{
	int ret = xl(v, RUN_ASK, said, argv);

	if (!ret && strlen(text_string(said)) != said->len)
		return -EPROTO;
	return ret > 0 ? -EIO : ret;
}

/* last_word() - the last word of the first @len bytes of a line, which end before it then */
static char *last_word(char *line, size_t *len)
{
	while (*len && strchr(" \t", line[*len - 1]))
		line[--*len] = '\0';
	if (!*len)
		return NULL;
	while (*len && !strchr(" \t", line[*len - 1]))
		--*len;
	return line + *len;
}

static bool has_only(const char *word, const char *characters)
{
	return word[0] && !word[strspn(word, characters)];
}

/*
 * take_columns() - take what xl list prints behind a guest's name off the end of a line
 *
 * A name may have anything in it, blanks and what looks like the columns included, so these
 * are counted from the right: ID, Mem, VCPUs, State, Time.
 */
static bool take_columns(char *line, size_t *len, unsigned int *id)
{
	static const char digits[] = "0123456789";
	const char *const columns[] = { "0123456789.", "rbpscd-", digits, digits, digits };
	unsigned long long number;
	char *word = NULL;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(columns); i++) {
		word = last_word(line, len);
		if (!word || !has_only(word, columns[i]))
			return false;
	}
	if (!text_number(word, 0, 0x7fff, &number))
		return false;
	*id = number;
	return true;
}

static bool is_heading(char *line)
{
	static const char *const titles[] = { "Time(s)", "State", "VCPUs", "Mem", "ID", "Name" };
	size_t i, len = strlen(line);

	for (i = 0; i < ARRAY_SIZE(titles); i++) {
		const char *word = last_word(line, &len);

		if (!word || strcmp(word, titles[i]))
			return false;
	}
	return !len;
}

static struct domain *add_domain(struct domains *domains, unsigned int id, const char *name)
{
	struct domain *domain;

	domains->domain = grow(domains->domain, domains->nr, sizeof(*domain));
	domain = &domains->domain[domains->nr++];
	domain->id = id;
	domain->name = need(strdup(name));
	return domain;
}

/*
 * domain_of_line() - a line of xl list, which domain 0 has, too, although it is no guest
 *
 * Return: false if it is only a part of what is said about a guest: its name has the end of
 * a line in it.
 */
static bool domain_of_line(char *line, struct domains *domains)
{
	size_t len = strlen(line);
	unsigned int id;

	if (!take_columns(line, &len, &id))
		return false;
	/* xl fills a short name up with blanks: those at its own end cannot be told from them */
	while (len && line[len - 1] == ' ')
		len--;
	line[len] = '\0';
	if (id && domain_by_id(domains, id))
		return false;
	if (id)
		add_domain(domains, id, line);
	return true;
}

static int parse_list(char *text, struct domains *domains)
{
	char *line, *rest = text;

	line = strsep(&rest, "\n");
	if (!line || !is_heading(line))
		return -EPROTO;
	while ((line = strsep(&rest, "\n")))
		if ((line[0] || rest) && !domain_of_line(line, domains))
			domains->odd++;
	return 0;
}

/* take_name() - have the name that the guest really has; 0 or -errno */
static int take_name(struct vfctl *v, struct domain *domain)
{
	struct text said = { 0 };
	char id[16];
	char *const argv[] = { "xl", "domname", id, NULL };
	int ret;

	snprintf(id, sizeof(id), "%u", domain->id);
	ret = ask(v, &said, argv);
	if (!ret && (!said.len || said.data[said.len - 1] != '\n'))
		ret = -EPROTO;
	if (!ret) {
		said.data[said.len - 1] = '\0';
		free(domain->name);
		domain->name = need(strdup(said.data));
	}
	text_free(&said);
	return ret;
}

/*
 * take_names() - have the names that all guests really have; 0 or -errno: -EPROTO if these do
 * not explain the lines that are none of a guest's
 */
static int take_names(struct vfctl *v, struct domains *domains)
{
	unsigned int ends = 0;
	const char *at;
	size_t i;
	int ret;

	for (i = 0; i < domains->nr; i++) {
		ret = take_name(v, &domains->domain[i]);
		/* One that is gone meanwhile, or has no name, keeps what was read of it */
		if (ret && ret != -EIO)
			return ret;
		for (at = domains->domain[i].name; (at = strchr(at, '\n')); at++)
			ends++;
	}
	return ends == domains->odd ? 0 : -EPROTO;
}

/**
 * xl_domains() - list the guests
 * @v: the program
 * @domains: where they go; to be given to domains_free()
 *
 * Return: 0 or -errno: -ENOENT if there is no xl, -EIO if it does not work, -EPROTO if it
 * prints something else than a list of guests.
 */
int xl_domains(struct vfctl *v, struct domains *domains)
{
	char *const argv[] = { "xl", "list", NULL };
	struct text said = { 0 };
	int ret;

	memset(domains, 0, sizeof(*domains));
	ret = ask(v, &said, argv);
	if (!ret)
		ret = parse_list(said.data, domains);
	text_free(&said);
	if (!ret && domains->odd)
		ret = take_names(v, domains);
	if (ret)
		domains_free(domains);
	return ret;
}

/**
 * domains_free() - give back what xl_domains() took
 * @domains: is empty afterwards
 */
void domains_free(struct domains *domains)
{
	while (domains->nr)
		free(domains->domain[--domains->nr].name);
	free(domains->domain);
	memset(domains, 0, sizeof(*domains));
}

/* by_number() - the guest whose number somebody has typed, as xl writes numbers */
static const struct domain *by_number(const struct domains *domains, const char *word)
{
	unsigned long long id;

	if (word[0] == '0' || !has_only(word, "0123456789") ||
	    !text_number(word, 1, 0x7fff, &id))
		return NULL;
	return domain_by_id(domains, id);
}

/* by_name() - 0; -ENOENT; -ENOTUNIQ if several guests have it; or what xl answers */
static int by_name(struct vfctl *v, struct domains *domains, const char *name,
		   const struct domain **found)
{
	size_t len = strlen(name), i;
	int ret;

	*found = NULL;
	/* As by a variable that is not set: nobody is meant */
	if (!len)
		return -ENOENT;
	/* What xl list shows has lost the blanks at its end */
	while (!domains->odd && len && name[len - 1] == ' ')
		len--;
	for (i = 0; i < domains->nr; i++) {
		struct domain *domain = &domains->domain[i];

		if (strlen(domain->name) != len || strncmp(domain->name, name, len))
			continue;
		ret = take_name(v, domain);
		if (ret && ret != -EIO)
			return ret;
		/* It is gone, or has no name, for which xl list prints one nevertheless */
		if (ret || strcmp(domain->name, name))
			continue;
		if (*found)
			return -ENOTUNIQ;
		*found = domain;
	}
	return *found ? 0 : -ENOENT;
}

/**
 * xl_find_domain() - the guest that somebody means
 * @v: the program
 * @domains: all of them, from xl_domains(); names may be completed
 * @name: a name, or a number
 * @found: the guest
 *
 * Return: 0; -ENOENT if there is none; -ENOTUNIQ if it may be one or another: two guests
 * have the name, or one has it and another has the number; or what xl answers.
 */
int xl_find_domain(struct vfctl *v, struct domains *domains, const char *name,
		   const struct domain **found)
{
	const struct domain *numbered = by_number(domains, name);
	int ret;

	ret = by_name(v, domains, name, found);
	if (!ret && numbered && numbered != *found)
		return -ENOTUNIQ;
	if (ret != -ENOENT || !numbered)
		return ret;
	*found = numbered;
	return 0;
}

/**
 * domain_by_name() - the guest that xl list shows under a name
 * @domains: all of them
 * @name: without blanks at its end
 *
 * Return: the guest; NULL if there is none, or more than one.
 */
const struct domain *domain_by_name(const struct domains *domains, const char *name)
{
	const struct domain *found = NULL;
	size_t i;

	for (i = 0; i < domains->nr; i++) {
		if (strcmp(domains->domain[i].name, name))
			continue;
		if (found)
			return NULL;
		found = &domains->domain[i];
	}
	return found;
}

/**
 * domain_by_id() - the guest with a number
 * @domains: all of them
 * @id: its number
 *
 * Return: the guest, or NULL.
 */
const struct domain *domain_by_id(const struct domains *domains, unsigned int id)
{
	size_t i;

	for (i = 0; i < domains->nr; i++)
		if (domains->domain[i].id == id)
			return &domains->domain[i];
	return NULL;
}

/**
 * domain_has_name() - is it more than what xl prints where there is no name?
 * @name: as xl list shows it
 *
 * A guest that is being made or destroyed has none: two of those are not the same guest.
 *
 * Return: true if the guest can be known again by it.
 */
bool domain_has_name(const char *name)
{
	return name[0] && strcmp(name, "(null)");
}

/*
 * functions_in() - the addresses that xl printed, the last word of each line
 * @heading: the last word of a line that may come first
 */
static int functions_in(struct text *said, const char *heading, struct address **functions)
{
	char *line, *word, *rest = said->data;
	struct address address;
	bool first = true;
	size_t len;
	int nr = 0;

	while ((line = strsep(&rest, "\n"))) {
		len = strlen(line);
		word = last_word(line, &len);
		if (word && address_parse(word, &address)) {
			*functions = grow(*functions, nr, sizeof(address));
			(*functions)[nr++] = address;
		} else if (word && (!first || !heading || strcmp(word, heading))) {
			free(*functions);
			*functions = NULL;
			return -EPROTO;
		}
		first = false;
	}
	return nr;
}

static int list_functions(struct vfctl *v, char *const argv[], const char *heading,
			  struct address **functions)
{
	struct text said = { 0 };
	int ret;

	*functions = NULL;
	ret = ask(v, &said, argv);
	if (!ret)
		ret = functions_in(&said, heading, functions);
	text_free(&said);
	return ret;
}

/**
 * xl_functions() - what functions does a guest have?
 * @v: the program
 * @domain: its number
 * @functions: their addresses; to be freed
 *
 * Return: how many, or -errno; -EPROTO if it prints something else.
 */
int xl_functions(struct vfctl *v, unsigned int domain, struct address **functions)
{
	char id[16];
	char *const argv[] = { "xl", "pci-list", id, NULL };

	snprintf(id, sizeof(id), "%u", domain);
	return list_functions(v, argv, "Device", functions);
}

/**
 * xl_assignable() - what functions can be given to guests?
 * @v: the program
 * @functions: their addresses; to be freed
 *
 * Return: how many, or -errno; -EPROTO if it prints something else.
 */
int xl_assignable(struct vfctl *v, struct address **functions)
{
	char *const argv[] = { "xl", "pci-assignable-list", NULL };

	return list_functions(v, argv, NULL, functions);
}
