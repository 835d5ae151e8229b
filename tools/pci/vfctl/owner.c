// SPDX-License-Identifier: GPL-2.0
/*
 * Who has a function: a domain of Xen, a process with vfio, a driver of the host, or
 * nobody.
 *
 * containment/owner says it of a domain. Where the kernel has no such file, xl says
 * which domain has what. Which process has a VF is found as lsof finds it: who has the
 * VF's group of vfio open?
 */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "driver.h"
#include "owner.h"
#include "sysfs.h"
#include "text.h"
#include "vfctl.h"
#include "xl.h"

/* Names come from guests' configurations and from processes: nothing for a terminal. */
static void copy_name(char *to, size_t size, const char *from)
{
	text_copy(to, size, from);
	text_ascii(to, '?');
}

/**
 * owner_parse() - understand what the kernel says of a guest that has a function
 * @text: of containment/owner
 * @owner: gets the guest; untouched unless one is named
 *
 * Return: true if one is: "domain", a space and its number.
 */
bool owner_parse(const char *text, struct owner *owner)
{
	unsigned long long id;

	if (strncmp(text, "domain ", 7) || !text_number(text + 7, 0, 0x7fff, &id))
		return false;
	owner->kind = OWNER_DOMAIN;
	owner->id = id;
	return true;
}

/**
 * read_kernels_owner() - what the function's own folder says
 * @dir: the folder
 * @fn: the function, with its driver; gets its owner
 */
void read_kernels_owner(int dir, struct function *fn)
{
	struct owner *owner = &fn->owner;
	char text[64];

	if (!fn->driver[0])
		return;
	if (!driver_hands_on(fn->driver)) {
		owner->kind = OWNER_HOST;
		copy_name(owner->name, sizeof(owner->name), fn->driver);
	} else if (driver_is_pciback(fn->driver) &&
		   sysfs_read(dir, "containment/owner", text, sizeof(text)) > 0) {
		owner_parse(text, owner);
	}
}

/* What is asked of xl, and of /proc, only if there is a function that it concerns */
struct concerned {
	bool domains;		/* a domain has one: what is its name? */
	bool pciback;		/* pciback has one, and the kernel does not say for whom */
	bool vfio;
};

static void whom_to_ask(struct function *fn, struct vf *vf, void *data)
{
	struct concerned *ask = data;

	if (fn->owner.kind == OWNER_DOMAIN)
		ask->domains = true;
	else if (driver_is_pciback(fn->driver) && !fn->contained)
		ask->pciback = true;
	else if (driver_is_vfio(fn->driver))
		ask->vfio = true;
}

static void name_domain(struct function *fn, struct vf *vf, void *data)
{
	const struct domain *domain;

	if (fn->owner.kind != OWNER_DOMAIN)
		return;
	domain = domain_by_id(data, fn->owner.id);
	if (domain)
		copy_name(fn->owner.name, sizeof(fn->owner.name), domain->name);
}

/* of_domain() - @fn is one of a domain's functions */
struct of_domain {
	const struct domain *domain;
	const struct address *functions;
	int nr;
};

static void set_domain(struct function *fn, struct vf *vf, void *data)
{
	const struct of_domain *of = data;
	int i;

	if (!driver_is_pciback(fn->driver))
		return;
	for (i = 0; i < of->nr; i++) {
		if (address_compare(&of->functions[i], &fn->address))
			continue;
		fn->owner.kind = OWNER_DOMAIN;
		fn->owner.id = of->domain->id;
	}
}

static void ask_xl(struct vfctl *v, struct inventory *inv, const struct concerned *ask)
{
	struct domains domains;
	size_t i;

	if (xl_domains(v, &domains) < 0)
		return;
	for (i = 0; ask->pciback && i < domains.nr; i++) {
		struct of_domain of = { .domain = &domains.domain[i] };
		struct address *functions;

		of.nr = xl_functions(v, of.domain->id, &functions);
		if (of.nr < 0)
			continue;
		of.functions = functions;
		each_function(inv, set_domain, &of);
		free(functions);
	}
	each_function(inv, name_domain, &domains);
	domains_free(&domains);
}

/**
 * struct process - one that has something of vfio open
 * @pid: its number
 * @name: as in /proc/PID/comm
 * @path: what it has open, such as "/dev/vfio/12"
 */
struct process {
	unsigned int pid;
	char name[64];
	char path[64];
};

/**
 * struct processes - those that have something of vfio open
 * @v: the program
 * @process: each, as often as it has something
 * @nr: how many
 */
struct processes {
	struct vfctl *v;
	struct process *process;
	size_t nr;
};

static void look_at_process(struct vfctl *v, int proc, const char *pid, struct processes *list)
{
	char folder[300], target[PATH_MAX];
	struct names fds;
	size_t i;
	int dir;

	snprintf(folder, sizeof(folder), "%s/fd", pid);
	dir = sysfs_dir(v, "/proc/%s", folder);
	if (dir < 0)
		return;
	if (sysfs_names(dir, ".", &fds) < 0)
		goto close_dir;
	for (i = 0; i < fds.nr; i++) {
		ssize_t len = readlinkat(dir, fds.name[i], target, sizeof(target) - 1);
		struct process *process;

		if (len < 0)
			continue;
		target[len] = '\0';
		if (strncmp(target, "/dev/vfio/", 10) || !strcmp(target, "/dev/vfio/vfio"))
			continue;
		list->process = grow(list->process, list->nr, sizeof(*process));
		process = &list->process[list->nr++];
		process->pid = atoi(pid);
		text_copy(process->path, sizeof(process->path), target);
		snprintf(folder, sizeof(folder), "%s/comm", pid);
		if (sysfs_read(proc, folder, target, sizeof(target)) > 0)
			copy_name(process->name, sizeof(process->name), target);
	}
	names_free(&fds);
close_dir:
	close(dir);
}

static void set_process(struct function *fn, struct vf *vf, void *data)
{
	char group[32], path[64];
	const struct processes *list = data;
	struct names cdevs;
	size_t i;
	int dir;

	if (!driver_is_vfio(fn->driver))
		return;
	dir = sysfs_dir(list->v, PCI_DEVICES "/%s", fn->name);
	if (dir < 0)
		return;
	/* Opened by its group, or as a device of its own: vfio-dev/vfioN. */
	sysfs_link(dir, "iommu_group", group, sizeof(group));
	sysfs_names(dir, "vfio-dev", &cdevs);
	for (i = 0; i < list->nr; i++) {
		const char *open = list->process[i].path;
		bool own;

		snprintf(path, sizeof(path), "/dev/vfio/%s", group);
		own = group[0] && !strcmp(open, path);
		if (!own && cdevs.nr) {
			snprintf(path, sizeof(path), "/dev/vfio/devices/%.40s", cdevs.name[0]);
			own = !strcmp(open, path);
		}
		if (!own)
			continue;
		fn->owner.kind = OWNER_PROCESS;
		fn->owner.id = list->process[i].pid;
		text_copy(fn->owner.name, sizeof(fn->owner.name), list->process[i].name);
		break;
	}
	names_free(&cdevs);
	close(dir);
}

static void ask_proc(struct vfctl *v, struct inventory *inv)
{
	struct processes list = { .v = v };
	struct names pids;
	size_t i;
	int proc;

	proc = sysfs_dir(v, "/proc");
	if (proc < 0)
		return;
	if (sysfs_names(proc, ".", &pids) < 0)
		goto close_proc;
	for (i = 0; i < pids.nr; i++)
		if (isdigit((unsigned char)pids.name[i][0]))
			look_at_process(v, proc, pids.name[i], &list);
	names_free(&pids);
	each_function(inv, set_process, &list);
	free(list.process);
close_proc:
	close(proc);
}

/**
 * read_owners() - find out what the kernel does not say
 * @v: the program
 * @inv: all functions; their owners are completed
 */
void read_owners(struct vfctl *v, struct inventory *inv)
{
	struct concerned ask = { 0 };

	each_function(inv, whom_to_ask, &ask);
	if (inv->xen && (ask.domains || ask.pciback))
		ask_xl(v, inv, &ask);
	if (ask.vfio)
		ask_proc(v, inv);
}

/**
 * owner_text() - who has it, for people
 * @owner: of a function
 * @text: where it goes
 * @size: of @text
 *
 * Return: @text.
 */
const char *owner_text(const struct owner *owner, char *text, size_t size)
{
	const char *name = owner->name;

	switch (owner->kind) {
	case OWNER_NONE:
		text_copy(text, size, "-");
		break;
	case OWNER_HOST:
		text_copy(text, size, "host");
		break;
	case OWNER_DOMAIN:
		snprintf(text, size, name[0] ? "domain %u (%s)" : "domain %u", owner->id, name);
		break;
	case OWNER_PROCESS:
		snprintf(text, size, "process %u (%s)", owner->id, name);
		break;
	}
	return text;
}
