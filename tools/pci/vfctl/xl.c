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
static int xl(struct vfctl *v, struct text *said, char *const argv[])
{
	struct text output = { 0 };
	int ret;

	ret = v->ops->run(v, argv, &output);
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
	ret = xl(v, said, argv);
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

/*
 * Name, ID, Mem, VCPUs, State, Time: a name has no blank in it. The first line is the
 * heading, and domain 0 is no guest.
 */
static void domain_of_line(char *line, struct domains *domains)
{
	char *id = line + strcspn(line, " ");
	struct domain *domain;
	unsigned long long number;

	if (!*id)
		return;
	*id++ = '\0';
	id += strspn(id, " ");
	id[strcspn(id, " ")] = '\0';
	if (!text_number(id, 1, 0x7fff, &number))
		return;
	domains->domain = grow(domains->domain, domains->nr, sizeof(*domain));
	domain = &domains->domain[domains->nr++];
	domain->id = number;
	text_copy(domain->name, sizeof(domain->name), line);
}

/**
 * xl_domains() - list the guests
 * @v: the program
 * @domains: where they go; to be given to domains_free()
 *
 * Return: 0 or -errno: -ENOENT if there is no xl, -EIO if it does not work.
 */
int xl_domains(struct vfctl *v, struct domains *domains)
{
	char *const argv[] = { "xl", "list", NULL };
	struct text said = { 0 };
	char *line, *rest;
	int ret;

	memset(domains, 0, sizeof(*domains));
	ret = xl(v, &said, argv);
	if (ret > 0)
		ret = -EIO;
	rest = said.data;
	while (!ret && (line = strsep(&rest, "\n")))
		domain_of_line(line, domains);
	text_free(&said);
	return ret;
}

/**
 * domains_free() - give back what xl_domains() took
 * @domains: is empty afterwards
 */
void domains_free(struct domains *domains)
{
	free(domains->domain);
	memset(domains, 0, sizeof(*domains));
}

/**
 * domain_find() - the guest that somebody means
 * @domains: all of them
 * @name: a name, or a number; a name goes before a number
 *
 * Return: the guest, or NULL.
 */
const struct domain *domain_find(const struct domains *domains, const char *name)
{
	unsigned long long id;
	size_t i;

	for (i = 0; i < domains->nr; i++)
		if (!strcmp(domains->domain[i].name, name))
			return &domains->domain[i];
	return text_number(name, 1, 0x7fff, &id) ? domain_by_id(domains, id) : NULL;
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

/* functions_in() - the addresses among the words that xl printed */
static int functions_in(struct text *said, struct address **functions)
{
	char *word, *rest = said->data;
	struct address address;
	int nr = 0;

	*functions = NULL;
	while ((word = strsep(&rest, " \t\n"))) {
		if (!address_parse(word, &address))
			continue;
		*functions = grow(*functions, nr, sizeof(address));
		(*functions)[nr++] = address;
	}
	return nr;
}

static int list_functions(struct vfctl *v, char *const argv[], struct address **functions)
{
	struct text said = { 0 };
	int ret;

	*functions = NULL;
	ret = xl(v, &said, argv);
	if (!ret)
		ret = functions_in(&said, functions);
	else if (ret > 0)
		ret = -EIO;
	text_free(&said);
	return ret;
}

/**
 * xl_functions() - what functions does a guest have?
 * @v: the program
 * @domain: its number
 * @functions: their addresses; to be freed
 *
 * Return: how many, or -errno.
 */
int xl_functions(struct vfctl *v, unsigned int domain, struct address **functions)
{
	char id[16];
	char *const argv[] = { "xl", "pci-list", id, NULL };

	snprintf(id, sizeof(id), "%u", domain);
	return list_functions(v, argv, functions);
}

/**
 * xl_assignable() - what functions can be given to guests?
 * @v: the program
 * @functions: their addresses; to be freed
 *
 * Return: how many, or -errno.
 */
int xl_assignable(struct vfctl *v, struct address **functions)
{
	char *const argv[] = { "xl", "pci-assignable-list", NULL };

	return list_functions(v, argv, functions);
}
