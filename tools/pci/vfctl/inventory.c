// SPDX-License-Identifier: GPL-2.0
/*
 * What is in the machine, as sysfs says: PFs, their VFs, and what is known of each.
 *
 * A function may go away while it is read; it is left out then. Files that a kernel
 * does not have leave their fields as "not known".
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "driver.h"
#include "inventory.h"
#include "owner.h"
#include "sysfs.h"
#include "text.h"
#include "vfctl.h"
#include "xl.h"

/* is() - the same word? Most differ in their first letter, and there are many. */
static bool is(const char *word, const char *other)
{
	return *word == *other && !strcmp(word, other);
}

/* count() - note a counter of containment/errors; there may be others, too */
static void count(struct counters *c, const char *name, unsigned long long number)
{
	static const struct {
		const char *name;
		size_t offset;
	} counters[] = {
		{ "correctable", offsetof(struct counters, correctable) },
		{ "nonfatal", offsetof(struct counters, nonfatal) },
		{ "fatal", offsetof(struct counters, fatal) },
		{ "contained", offsetof(struct counters, contained) },
		{ "resets", offsetof(struct counters, resets) },
		{ "quarantines", offsetof(struct counters, quarantines) },
		{ "unanswered", offsetof(struct counters, unanswered) },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(counters); i++) {
		if (!is(name, counters[i].name))
			continue;
		*(unsigned long long *)((char *)c + counters[i].offset) = number;
		c->known = true;
	}
}

static void read_counters(int dir, struct counters *c)
{
	char text[1024], *line, *rest = text;
	unsigned long long number;

	if (sysfs_read(dir, "containment/errors", text, sizeof(text)) < 0)
		return;
	while ((line = strsep(&rest, "\n"))) {
		char *value = strchr(line, ' ');

		if (!value)
			continue;
		*value++ = '\0';
		if (text_number(value, 0, ULLONG_MAX, &number))
			count(c, line, number);
	}
}

/*
 * read_owner() - what containment/summary says of the owner, and with it of the driver
 *
 * A driver of the host may have made an interface: that is another folder.
 */
static bool read_owner(const char *text, struct function *fn)
{
	fn->owner_is_told = true;
	if (!strcmp(text, "none"))
		return true;
	if (owner_parse(text, &fn->owner))
		return text_copy(fn->driver, sizeof(fn->driver), DRIVER_PCIBACK);
	return !strncmp(text, "assigned ", 9) &&
	       text_copy(fn->driver, sizeof(fn->driver), text + 9);
}

/*
 * read_summary() - understand containment/summary
 *
 * Return: false if it does not say all, or of whom there is more to know.
 */
static bool read_summary(char *text, struct function *fn)
{
	char *line, *rest = text, *value, *owner = NULL;
	unsigned long long number;

	fn->budget_left = -1;
	while ((line = strsep(&rest, "\n"))) {
		value = strchrnul(line, ' ');
		if (*value)
			*value++ = '\0';
		if (is(line, "state"))
			text_copy(fn->state, sizeof(fn->state), value);
		else if (is(line, "policy"))
			text_copy(fn->policy, sizeof(fn->policy), value);
		else if (is(line, "owner"))
			owner = value;
		else if (is(line, "reset"))
			text_copy(fn->reset, sizeof(fn->reset), strcmp(value, "yes") ? "" : "yes");
		else if (!text_number(value, 0, LLONG_MAX, &number))
			continue;
		else if (is(line, "budget"))
			fn->budget = number;
		else if (is(line, "budget_left"))
			fn->budget_left = number;
		else if (is(line, "budget_window"))
			fn->budget_window = number;
		else
			count(&fn->errors, line, number);
	}
	fn->contained = true;
	return fn->state[0] && fn->errors.known && owner && read_owner(owner, fn);
}

/* total_of() - the last line of a file of the AER service that the stock kernel has, too */
static bool total_of(int dir, const char *name, unsigned long long *total)
{
	char text[2048], *last;

	if (sysfs_read(dir, name, text, sizeof(text)) <= 0)
		return false;
	last = strrchr(text, ' ');
	return last && text_number(last + 1, 0, ULLONG_MAX, total);
}

static void read_aer_totals(int dir, struct counters *c)
{
	c->known = total_of(dir, "aer_dev_correctable", &c->correctable);
	if (!c->known)
		return;
	total_of(dir, "aer_dev_nonfatal", &c->nonfatal);
	total_of(dir, "aer_dev_fatal", &c->fatal);
}

static void read_containment(int dir, struct function *fn)
{
	fn->budget_left = -1;
	if (sysfs_read(dir, "containment/state", fn->state, sizeof(fn->state)) < 0) {
		read_aer_totals(dir, &fn->errors);
		return;
	}
	fn->contained = true;
	sysfs_read(dir, "containment/policy", fn->policy, sizeof(fn->policy));
	sysfs_number(dir, "containment/budget", &fn->budget);
	sysfs_number(dir, "containment/budget_left", &fn->budget_left);
	sysfs_number(dir, "containment/budget_window", &fn->budget_window);
	read_counters(dir, &fn->errors);
}

/*
 * is_representor() - does an interface stand for a VF, a subfunction or another PF?
 *
 * In switchdev mode these are beside the PF's own, which is p0 or the like, while theirs are
 * called pf0vf1, pf0sf8 or, of another host, c1pf0.
 */
static bool is_representor(int dir, const char *netdev)
{
	char file[64], port[32], *at = port;

	snprintf(file, sizeof(file), "net/%.15s/phys_port_name", netdev);
	if (sysfs_read(dir, file, port, sizeof(port)) <= 0)
		return false;
	if (*at == 'c')
		at += 1 + strspn(at + 1, "0123456789");
	return !strncmp(at, "pf", 2) && isdigit((unsigned char)at[2]);
}

static long long port_of(int dir, const char *netdev)
{
	long long port = 0;
	char file[64];

	snprintf(file, sizeof(file), "net/%.15s/dev_port", netdev);
	sysfs_number(dir, file, &port);
	return port;
}

/* read_netdev() - the interface of its first port; of a PF not one that stands for a VF */
static void read_netdev(int dir, struct function *fn, bool is_pf)
{
	long long port, lowest = LLONG_MAX;
	struct names names;
	size_t i;

	if (sysfs_names(dir, "net", &names) < 0)
		return;
	for (i = 0; i < names.nr; i++) {
		if (is_pf && is_representor(dir, names.name[i]))
			continue;
		port = names.nr > 1 ? port_of(dir, names.name[i]) : 0;
		if (port >= lowest)
			continue;
		lowest = port;
		text_copy(fn->netdev, sizeof(fn->netdev), names.name[i]);
	}
	names_free(&names);
}

/* read_function() - all that a PF and a VF have in common */
static void read_function(int dir, struct function *fn, bool is_pf)
{
	long long number = -1;

	sysfs_link(dir, "driver", fn->driver, sizeof(fn->driver));
	fn->xen_known = -1;
	if (!sysfs_number(dir, "xen_known", &number))
		fn->xen_known = number == 1;
	sysfs_read(dir, "reset_method", fn->reset, sizeof(fn->reset));
	read_netdev(dir, fn, is_pf);
	read_containment(dir, fn);
	read_kernels_owner(dir, fn);
}

static int open_function(const struct vfctl *v, struct function *fn, const char *name)
{
	if (!address_parse(name, &fn->address))
		return -EINVAL;
	address_format(&fn->address, fn->name);
	return sysfs_dir(v, PCI_DEVICES "/%s", fn->name);
}

static bool read_vf(struct vfctl *v, struct pf *pf, int pf_dir, unsigned int index)
{
	char link[32], name[64];
	struct vf *vf;
	int dir;

	snprintf(link, sizeof(link), "virtfn%u", index);
	if (sysfs_link(pf_dir, link, name, sizeof(name)) < 0)
		return false;
	vf = &pf->vf[pf->nr_found];
	memset(vf, 0, sizeof(*vf));
	dir = open_function(v, &vf->fn, name);
	if (dir < 0)
		return false;
	vf->pf = pf;
	vf->index = index;
	vf->fn.vendor = pf->fn.vendor;
	vf->fn.device = pf->fn.device;
	read_function(dir, &vf->fn, false);
	close(dir);
	pf->nr_found++;
	return true;
}

/*
 * struct place - where VFs are, by what their PF says of it
 * @pf_dir: the PF's folder, beside which the VFs' folders are; the links to these in
 *	the folder of all functions take longer to follow
 * @rid: routing ID of the first VF
 * @stride: from one to the next
 * @open: files that were read
 */
struct place {
	int pf_dir;
	long long rid;
	long long stride;
	struct open_files open;
};

/*
 * read_vf_briefly() - what a table of all VFs shows, with as few system calls as can be
 *
 * One of those takes 40 us in a dom0 of the lab, and a file is three of them: by
 * read_vf() a table of 127 VFs costs half a second. Return: false if it does not go
 * that way, as on a kernel without containment/summary.
 */
static bool read_vf_briefly(struct place *place, struct pf *pf, unsigned int index)
{
	struct vf *vf = &pf->vf[pf->nr_found];
	struct function *fn = &vf->fn;
	long long rid = place->rid + place->stride * index;
	char name[ADDRESS_SIZE + 40], text[1024];

	if (rid > UINT16_MAX)
		return false;
	memset(vf, 0, sizeof(*vf));
	fn->address = address_at(pf->fn.address.domain, rid);
	address_format(&fn->address, fn->name);
	stpcpy(stpcpy(stpcpy(name, "../"), fn->name), "/containment/summary");
	if (sysfs_read_of_many(place->pf_dir, name, text, sizeof(text), &place->open) <= 0 ||
	    !read_summary(text, fn))
		return false;
	vf->pf = pf;
	vf->index = index;
	fn->vendor = pf->fn.vendor;
	fn->device = pf->fn.device;
	/* A VF that Xen refused would not be there: see the ABI of xen_known. */
	fn->xen_known = pf->fn.xen_known;
	pf->nr_found++;
	return true;
}

static bool find_place(const struct pf *pf, int dir, struct place *place)
{
	long long offset;

	if (pf->fn.xen_known == 0 || sysfs_number(dir, "sriov_offset", &offset) < 0 ||
	    sysfs_number(dir, "sriov_stride", &place->stride) < 0 ||
	    offset < 0 || place->stride < 0)
		return false;
	place->rid = address_rid(&pf->fn.address) + offset;
	place->pf_dir = dir;
	return true;
}

static void read_vfs(struct vfctl *v, struct pf *pf, int dir, bool briefly)
{
	struct place place = { .open.nr = 0 };
	unsigned int i;

	if (!pf->nr)
		return;
	pf->vf = need(calloc(pf->nr, sizeof(*pf->vf)));
	briefly = briefly && find_place(pf, dir, &place);
	for (i = 0; i < pf->nr; i++)
		if (!briefly || !read_vf_briefly(&place, pf, i))
			read_vf(v, pf, dir, i);
	sysfs_close_many(&place.open);
}

static struct pf *read_pf(struct vfctl *v, const char *name, bool briefly)
{
	long long total = 0, nr = 0, autoprobe = 1, vendor = 0, device = 0;
	struct pf *pf = need(calloc(1, sizeof(*pf)));
	int dir;

	dir = open_function(v, &pf->fn, name);
	if (dir < 0)
		goto no_pf;
	if (sysfs_number(dir, "sriov_totalvfs", &total) < 0 ||
	    sysfs_number(dir, "sriov_numvfs", &nr) < 0 ||
	    total < 0 || total > UINT16_MAX || nr < 0 || nr > UINT16_MAX)
		goto close_dir;
	sysfs_number(dir, "sriov_drivers_autoprobe", &autoprobe);
	sysfs_number(dir, "vendor", &vendor);
	sysfs_number(dir, "device", &device);
	pf->total = total;
	pf->nr = nr;
	pf->autoprobe = autoprobe;
	pf->fn.vendor = vendor;
	pf->fn.device = device;
	sysfs_read(dir, "sriov_last_error", pf->last_error, sizeof(pf->last_error));
	read_function(dir, &pf->fn, true);
	read_vfs(v, pf, dir, briefly);
	close(dir);
	return pf;

close_dir:
	close(dir);
no_pf:
	free(pf);
	return NULL;
}

/* The links of a PF's VFs are in one message, by the VFs' numbers. */
static void read_links(struct vfctl *v, struct pf *pf)
{
	struct vf_link *links;
	unsigned int i;

	pf->link_status = -ENODEV;
	if (!pf->fn.netdev[0] || !pf->nr)
		return;
	links = need(calloc(pf->nr, sizeof(*links)));
	pf->link_status = link_read(v, pf->fn.netdev, links, pf->nr);
	for (i = 0; i < pf->nr_found; i++)
		pf->vf[i].link = links[pf->vf[i].index];
	free(links);
}

static int by_address(const void *a, const void *b)
{
	const struct pf *const *one = a, *const *other = b;

	return address_compare(&(*one)->fn.address, &(*other)->fn.address);
}

/* is_known_vf() - is it a VF of a PF that was read? VFs come by their addresses. */
static bool is_known_vf(const struct inventory *inv, const char *name)
{
	struct address address;
	unsigned int i;

	if (!address_parse(name, &address))
		return false;
	for (i = 0; i < inv->nr; i++) {
		const struct pf *pf = inv->pf[i];
		unsigned int low = 0, high = pf->nr_found;

		while (low < high) {
			unsigned int middle = low + (high - low) / 2;
			int order = address_compare(&pf->vf[middle].fn.address, &address);

			if (!order)
				return true;
			if (order < 0)
				low = middle + 1;
			else
				high = middle;
		}
	}
	return false;
}

/**
 * inventory_read() - find all PFs and their VFs
 * @v: the program
 * @inv: where they go; to be given to inventory_free()
 * @what: READ_ flags of what else is wanted
 *
 * Return: an exit code; what is wrong has been said.
 */
int inventory_read(struct vfctl *v, struct inventory *inv, unsigned int what)
{
	struct names names;
	int all, ret;
	size_t i;

	memset(inv, 0, sizeof(*inv));
	all = sysfs_dir(v, PCI_DEVICES);
	ret = all < 0 ? all : sysfs_names(all, ".", &names);
	if (ret < 0) {
		if (all >= 0)
			close(all);
		return fail_errno(v, ret, "%s" PCI_DEVICES, v->root);
	}
	for (i = 0; i < names.nr; i++) {
		char file[300];
		struct pf *pf;

		/* Most are VFs, of PFs that were there before them. */
		if (is_known_vf(inv, names.name[i]))
			continue;
		snprintf(file, sizeof(file), "%s/sriov_totalvfs", names.name[i]);
		if (!sysfs_has(all, file))
			continue;
		pf = read_pf(v, names.name[i], what & READ_BRIEFLY);
		if (!pf)
			continue;
		inv->pf = grow(inv->pf, inv->nr, sizeof(*inv->pf));
		inv->pf[inv->nr++] = pf;
		if (what & READ_LINKS)
			read_links(v, pf);
	}
	names_free(&names);
	close(all);
	if (inv->nr)
		qsort(inv->pf, inv->nr, sizeof(*inv->pf), by_address);
	inv->xen = xl_is_dom0(v);
	if (!(what & READ_OWNERS) || read_owners(v, inv))
		return EXIT_DONE;
	inventory_free(inv);
	return fail(v, EXIT_INTERRUPTED, "interrupted while it was asked who has what");
}

/**
 * inventory_free() - give back what inventory_read() took
 * @inv: is empty afterwards
 */
void inventory_free(struct inventory *inv)
{
	while (inv->nr) {
		free(inv->pf[--inv->nr]->vf);
		free(inv->pf[inv->nr]);
	}
	free(inv->pf);
	inv->pf = NULL;
}

/**
 * each_function() - go through all PFs and VFs, a PF before its VFs
 * @inv: all of them
 * @call: is called with each; @vf is NULL for a PF
 * @data: for @call
 */
void each_function(struct inventory *inv, for_function call, void *data)
{
	unsigned int i, j;

	for (i = 0; i < inv->nr; i++) {
		call(&inv->pf[i]->fn, NULL, data);
		for (j = 0; j < inv->pf[i]->nr_found; j++)
			call(&inv->pf[i]->vf[j].fn, &inv->pf[i]->vf[j], data);
	}
}

/**
 * in_use() - does somebody have it who would miss it?
 * @fn: a function
 *
 * A driver of the host on a VF does not count: the host itself decides about it. What is not
 * known counts, for it may be anybody's.
 *
 * Return: true if a guest, a process or a network namespace has it, or may have it.
 */
bool in_use(const struct function *fn)
{
	switch (fn->owner.kind) {
	case OWNER_DOMAIN:
	case OWNER_PROCESS:
	case OWNER_NETNS:
	case OWNER_UNKNOWN:
		return true;
	default:
		return false;
	}
}

/**
 * vf_at() - the VF at an address
 * @inv: all of them
 * @address: of a VF
 *
 * Return: the VF, or NULL.
 */
struct vf *vf_at(struct inventory *inv, const struct address *address)
{
	unsigned int i, j;

	for (i = 0; i < inv->nr; i++)
		for (j = 0; j < inv->pf[i]->nr_found; j++)
			if (!address_compare(&inv->pf[i]->vf[j].fn.address, address))
				return &inv->pf[i]->vf[j];
	return NULL;
}

static bool is_called(const struct function *fn, const struct address *address,
		      const char *name)
{
	return address ? !address_compare(&fn->address, address) :
	       fn->netdev[0] && !strcmp(fn->netdev, name);
}

/**
 * pf_by_name() - the PF of a name
 * @inv: all of them
 * @name: an address or a network interface
 *
 * Return: the PF, or NULL. Nothing is said.
 */
struct pf *pf_by_name(const struct inventory *inv, const char *name)
{
	struct address address, *at = address_parse(name, &address) ? &address : NULL;
	unsigned int i;

	for (i = 0; i < inv->nr; i++)
		if (is_called(&inv->pf[i]->fn, at, name))
			return inv->pf[i];
	return NULL;
}

static bool search(struct inventory *inv, const char *name, struct pf **pf, struct vf **vf)
{
	struct address address, *at = address_parse(name, &address) ? &address : NULL;
	unsigned int i, j;

	for (i = 0; i < inv->nr; i++) {
		*pf = inv->pf[i];
		*vf = NULL;
		if (is_called(&(*pf)->fn, at, name))
			return true;
		for (j = 0; j < (*pf)->nr_found; j++) {
			*vf = &(*pf)->vf[j];
			if (is_called(&(*vf)->fn, at, name))
				return true;
		}
	}
	*pf = NULL;
	*vf = NULL;
	return false;
}

/* nothing_called() - say why there is no such function */
static int nothing_called(struct vfctl *v, const char *name)
{
	struct address address;
	char text[ADDRESS_SIZE];
	int dir;

	if (!address_parse(name, &address)) {
		if (address_looks_like(name))
			return fail(v, EXIT_USAGE,
				    "%s: not an address of a PCI function, such as 0000:01:10.0",
				    name);
		return fail(v, EXIT_NOT_FOUND,
			    "%s: no PF or VF has a network interface of that name", name);
	}
	address_format(&address, text);
	dir = sysfs_dir(v, PCI_DEVICES "/%s", text);
	if (dir < 0)
		return fail(v, EXIT_NOT_FOUND, "%s: there is no such PCI function", name);
	close(dir);
	return fail(v, EXIT_UNSUPPORTED, "%s: neither a PF with SR-IOV nor a VF", name);
}

/* by_number() - "PF/N" */
static int by_number(struct vfctl *v, struct inventory *inv, const char *name,
		     const char *slash, struct vf **vf)
{
	char *before = need(strndup(name, slash - name));
	unsigned long long number;
	struct pf *pf;
	unsigned int i;
	int ret;

	ret = find_pf(v, inv, before, &pf);
	free(before);
	if (ret)
		return ret;
	if (!text_number(slash + 1, 0, UINT16_MAX, &number))
		return fail(v, EXIT_USAGE, "%s: '%s' is not the number of a VF", name, slash + 1);
	for (i = 0; i < pf->nr_found; i++) {
		if (pf->vf[i].index == number) {
			*vf = &pf->vf[i];
			return EXIT_DONE;
		}
	}
	return fail(v, EXIT_NOT_FOUND, "%s: %s has %u VFs enabled, numbered from 0", name,
		    pf->fn.name, pf->nr);
}

/**
 * find_function() - the PF or VF that somebody means
 * @v: the program
 * @inv: all of them
 * @name: an address, a network interface of the host, or PF/N for VF N of a PF
 * @pf: the PF; of a VF, its own
 * @vf: the VF, or NULL if @name is a PF
 *
 * Return: an exit code; what is wrong has been said.
 */
int find_function(struct vfctl *v, struct inventory *inv, const char *name,
		  struct pf **pf, struct vf **vf)
{
	const char *slash = strrchr(name, '/');
	int ret;

	if (slash) {
		ret = by_number(v, inv, name, slash, vf);
		if (!ret)
			*pf = (*vf)->pf;
		return ret;
	}
	return search(inv, name, pf, vf) ? EXIT_DONE : nothing_called(v, name);
}

/**
 * find_pf() - the PF that somebody means
 * @v: the program
 * @inv: all of them
 * @name: an address, or a network interface of the host
 * @pf: where it goes
 *
 * Return: an exit code; what is wrong has been said.
 */
int find_pf(struct vfctl *v, struct inventory *inv, const char *name, struct pf **pf)
{
	struct vf *vf;

	if (!search(inv, name, pf, &vf))
		return nothing_called(v, name);
	if (vf)
		return fail(v, EXIT_USAGE, "%s: this is VF %u of %s, a PF is wanted", name,
			    vf->index, (*pf)->fn.name);
	return EXIT_DONE;
}

/**
 * find_vf() - the VF that somebody means
 * @v: the program
 * @inv: all of them
 * @name: an address, a network interface of the host, or PF/N
 * @vf: where it goes
 *
 * Return: an exit code; what is wrong has been said.
 */
int find_vf(struct vfctl *v, struct inventory *inv, const char *name, struct vf **vf)
{
	struct pf *pf;
	int ret;

	ret = find_function(v, inv, name, &pf, vf);
	if (ret)
		return ret;
	if (!*vf)
		return fail(v, EXIT_USAGE, "%s: this is a PF; a VF is wanted, such as %s/0", name,
			    name);
	return EXIT_DONE;
}
