// SPDX-License-Identifier: GPL-2.0
/*
 * Who has a function: a domain of Xen, a process with vfio, a driver of the host, another
 * network namespace, or nobody.
 *
 * containment/owner says it of a domain. Where the kernel has no such file, xl says
 * which domain has what. Which process has a VF is found as lsof finds it: who has the
 * VF's group of vfio open?
 *
 * What cannot be asked leaves the owner unknown, which is not the same as nobody: whoever
 * takes a function away has to know. Nobody has a function only if everybody who could have
 * it was asked.
 */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "driver.h"
#include "netns.h"
#include "owner.h"
#include "sysfs.h"
#include "text.h"
#include "vfctl.h"
#include "xl.h"

/* So much of a guest's name is shown: longer ones would leave no room for anything else */
#define NAME_SHOWN 64

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

__attribute__((format(printf, 2, 3)))
static void unknown(struct owner *owner, const char *format, ...)
{
	va_list args;

	owner->kind = OWNER_UNKNOWN;
	owner->id = 0;
	va_start(args, format);
	vsnprintf(owner->name, sizeof(owner->name), format, args);
	va_end(args);
	text_ascii(owner->name, '?');
}

/*
 * is_in_other_netns() - is its interface where this process does not see it?
 *
 * net/ is there as long as the driver has an interface, and shows only those of the network
 * namespace that sysfs was mounted in. A driver that makes none, as that of nvme, and one
 * that is still probing have no net/.
 */
static bool is_in_other_netns(int dir)
{
	struct names names;
	bool empty;

	if (sysfs_names(dir, "net", &names) < 0)
		return false;
	empty = !names.nr;
	names_free(&names);
	return empty;
}

/* is_nobodys() - what containment/owner says of pciback itself, before a guest has it */
static bool is_nobodys(const char *text)
{
	return !strcmp(text, "none") || !strcmp(text, "host " DRIVER_PCIBACK) ||
	       !strcmp(text, "assigned " DRIVER_PCIBACK);
}

static void read_guest(int dir, struct function *fn)
{
	struct owner *owner = &fn->owner;
	char text[64];
	int ret;

	ret = sysfs_read(dir, "containment/owner", text, sizeof(text));
	/* On a stock kernel it is xl who knows */
	if (ret == -ENOENT || ret == -ENOTDIR)
		return;
	fn->owner_is_told = true;
	if (ret < 0)
		unknown(owner, "containment/owner: %s", strerror(-ret));
	else if (!owner_parse(text, owner) && !is_nobodys(text))
		unknown(owner, "containment/owner is '%s'", text);
}

/**
 * read_kernels_owner() - what the function's own folder says
 * @dir: the folder
 * @fn: the function, with its driver; gets its owner
 */
void read_kernels_owner(int dir, struct function *fn)
{
	struct owner *owner = &fn->owner;

	if (!fn->driver[0])
		return;
	if (driver_hands_on(fn->driver)) {
		if (driver_is_pciback(fn->driver))
			read_guest(dir, fn);
		return;
	}
	if (!fn->netdev[0] && is_in_other_netns(dir)) {
		owner->kind = OWNER_NETNS;
		return;
	}
	owner->kind = OWNER_HOST;
	copy_name(owner->name, sizeof(owner->name), fn->driver);
}

/* What is asked of xl, and of /proc, only if there is a function that it concerns */
struct concerned {
	bool domains;		/* a domain has one: what is its name? */
	bool pciback;		/* pciback has one, and the kernel does not say for whom */
	bool vfio;
};

/* is_xls_to_say() - does only xl know which guest has it, if any? */
static bool is_xls_to_say(const struct function *fn)
{
	return driver_is_pciback(fn->driver) && !fn->owner_is_told &&
	       fn->owner.kind == OWNER_NONE;
}

static void whom_to_ask(struct function *fn, struct vf *vf, void *data)
{
	struct concerned *ask = data;

	if (fn->owner.kind == OWNER_DOMAIN)
		ask->domains = true;
	else if (is_xls_to_say(fn))
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
		text_escape(fn->owner.name, NAME_SHOWN, domain->name);
}

/* Some functions, and whose they are; @domain is NULL for those that no guest has */
struct of_domain {
	const struct domain *domain;
	const struct address *functions;
	int nr;
};

static bool is_in(const struct of_domain *of, const struct address *address)
{
	int i;

	for (i = 0; i < of->nr; i++)
		if (!address_compare(&of->functions[i], address))
			return true;
	return false;
}

static void set_domain(struct function *fn, struct vf *vf, void *data)
{
	const struct of_domain *of = data;

	if (!is_xls_to_say(fn) || !is_in(of, &fn->address))
		return;
	fn->owner.kind = OWNER_DOMAIN;
	fn->owner.id = of->domain->id;
}

/* set_unlisted() - xl names no guest that has it, but would not give it to one, either */
static void set_unlisted(struct function *fn, struct vf *vf, void *data)
{
	if (is_xls_to_say(fn) && !is_in(data, &fn->address))
		unknown(&fn->owner, "xl lists it neither for a guest nor as assignable");
}

static void count_unsaid(struct function *fn, struct vf *vf, void *data)
{
	*(unsigned int *)data += is_xls_to_say(fn);
}

static void set_unknown(struct function *fn, struct vf *vf, void *data)
{
	if (is_xls_to_say(fn))
		unknown(&fn->owner, "%s", (const char *)data);
}

static bool is_gone(struct vfctl *v, const struct domain *domain)
{
	struct domains domains;
	bool gone;

	if (xl_domains(v, &domains) < 0)
		return false;
	gone = !domain_by_id(&domains, domain->id);
	domains_free(&domains);
	return gone;
}

static int fails(char why[100], const char *question, int error)
{
	snprintf(why, 100, "%s: %s", question,
		 error == -EIO ? "it failed" :
		 error == -ENOENT ? "there is no xl" :
		 error == -EPROTO ? "what it printed makes no sense" :
		 error == -ETIMEDOUT ? "it came to no end" : error_text(error));
	return error;
}

/* ask_for_functions() - which guest has what; 0, or -errno and @why if one does not tell */
static int ask_for_functions(struct vfctl *v, struct inventory *inv,
			     const struct domains *domains, char why[100])
{
	int ret = 0;
	size_t i;

	for (i = 0; i < domains->nr; i++) {
		struct of_domain of = { .domain = &domains->domain[i] };
		struct address *functions;
		char question[40];

		of.nr = xl_functions(v, of.domain->id, &functions);
		if (of.nr < 0 && is_gone(v, of.domain))
			continue;
		snprintf(question, sizeof(question), "xl pci-list %u", of.domain->id);
		if (of.nr < 0)
			ret = fails(why, question, of.nr);
		/* The next one would not come to an end, either */
		if (of.nr == -ETIMEDOUT || of.nr == -EINTR)
			break;
		if (of.nr < 0)
			continue;
		of.functions = functions;
		each_function(inv, set_domain, &of);
		free(functions);
	}
	return ret;
}

/* ask_for_the_rest() - is what no guest has really nobody's? 0, or -errno and @why */
static int ask_for_the_rest(struct vfctl *v, struct inventory *inv, char why[100])
{
	struct of_domain nobody = { 0 };
	struct address *functions;
	unsigned int unsaid = 0;

	each_function(inv, count_unsaid, &unsaid);
	if (!unsaid)
		return 0;
	nobody.nr = xl_assignable(v, &functions);
	if (nobody.nr < 0)
		return fails(why, "xl pci-assignable-list", nobody.nr);
	nobody.functions = functions;
	each_function(inv, set_unlisted, &nobody);
	free(functions);
	return 0;
}

/* ask_xl() - 0, or a negative errno if Ctrl-C was pressed */
static int ask_xl(struct vfctl *v, struct inventory *inv, const struct concerned *ask)
{
	struct domains domains;
	char why[100];
	int ret;

	ret = xl_domains(v, &domains);
	if (ret < 0) {
		fails(why, "xl list", ret);
	} else {
		if (ask->pciback)
			ret = ask_for_functions(v, inv, &domains, why);
		if (ask->pciback && !ret)
			ret = ask_for_the_rest(v, inv, why);
		each_function(inv, name_domain, &domains);
		domains_free(&domains);
	}
	if (ret < 0)
		each_function(inv, set_unknown, why);
	return ret == -EINTR ? ret : 0;
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
 * @why: why there may be others; "" if all were looked at
 */
struct processes {
	struct vfctl *v;
	struct process *process;
	size_t nr;
	char why[100];
};

static void look_at_process(struct vfctl *v, int proc, const char *pid, struct processes *list)
{
	char folder[300], target[PATH_MAX];
	struct names fds;
	int dir, ret;
	size_t i;

	snprintf(folder, sizeof(folder), "%s/fd", pid);
	dir = sysfs_dir(v, "/proc/%s", folder);
	ret = dir < 0 ? dir : sysfs_names(dir, ".", &fds);
	/* One that is gone has nothing open any more */
	if (ret < 0 && ret != -ENOENT && ret != -ESRCH)
		snprintf(list->why, sizeof(list->why), "/proc/%.50s: %s", folder, strerror(-ret));
	if (dir < 0)
		return;
	if (ret < 0)
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

/* has_open() - is this the VF's group, or its device? */
static bool has_open(const struct process *process, const char *group, const struct names *cdevs)
{
	static const char *const ways[] = { "/dev/vfio/%s", "/dev/vfio/noiommu-%s" };
	char path[64];
	size_t i;

	for (i = 0; group[0] && i < ARRAY_SIZE(ways); i++) {
		snprintf(path, sizeof(path), ways[i], group);
		if (!strcmp(process->path, path))
			return true;
	}
	for (i = 0; i < cdevs->nr; i++) {
		snprintf(path, sizeof(path), "/dev/vfio/devices/%.40s", cdevs->name[i]);
		if (!strcmp(process->path, path))
			return true;
	}
	return false;
}

static void set_process(struct function *fn, struct vf *vf, void *data)
{
	const struct processes *list = data;
	struct names cdevs;
	char group[32];
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
		if (!has_open(&list->process[i], group, &cdevs))
			continue;
		fn->owner.kind = OWNER_PROCESS;
		fn->owner.id = list->process[i].pid;
		text_copy(fn->owner.name, sizeof(fn->owner.name), list->process[i].name);
		break;
	}
	if (list->why[0] && fn->owner.kind == OWNER_NONE)
		unknown(&fn->owner, "%s", list->why);
	names_free(&cdevs);
	close(dir);
}

/* The kernel's number for the namespace of all processes, PROC_PID_INIT_INO */
#define ALL_PIDS "pid:[4026531836]"

/* hides_processes() - does /proc show less than all that there are? */
static bool hides_processes(struct vfctl *v, int proc)
{
	char namespace[64];

	if (!sysfs_link(proc, "self/ns/pid", namespace, sizeof(namespace)) &&
	    strcmp(namespace, ALL_PIDS))
		return true;
	/* It may be mounted with hidepid=2 */
	return !vfctl_has_root(v) && geteuid() && !sysfs_has(proc, "1");
}

static void ask_proc(struct vfctl *v, struct inventory *inv)
{
	struct processes list = { .v = v };
	struct names pids = { 0 };
	int proc, ret;
	size_t i;

	proc = sysfs_dir(v, "/proc");
	ret = proc < 0 ? proc : sysfs_names(proc, ".", &pids);
	if (ret < 0)
		snprintf(list.why, sizeof(list.why), "/proc: %s", strerror(-ret));
	else if (hides_processes(v, proc))
		snprintf(list.why, sizeof(list.why), "/proc does not show all processes");
	for (i = 0; i < pids.nr; i++)
		if (isdigit((unsigned char)pids.name[i][0]))
			look_at_process(v, proc, pids.name[i], &list);
	names_free(&pids);
	each_function(inv, set_process, &list);
	free(list.process);
	if (proc >= 0)
		close(proc);
}

/**
 * read_owners() - find out what the kernel does not say
 * @v: the program
 * @inv: all functions; their owners are completed
 *
 * Return: true if it was found out, or cannot be; false if Ctrl-C was pressed meanwhile.
 */
bool read_owners(struct vfctl *v, struct inventory *inv)
{
	static char no_xen[] =
		"this is not the initial domain of Xen (dom0), or /proc/xen is not mounted";
	struct concerned ask = { 0 };

	each_function(inv, whom_to_ask, &ask);
	if (!inv->xen)
		each_function(inv, set_unknown, no_xen);
	else if ((ask.domains || ask.pciback) && ask_xl(v, inv, &ask) && vfctl_interrupted())
		return false;
	if (ask.vfio)
		ask_proc(v, inv);
	return !netns_name_owners(v, inv) || !vfctl_interrupted();
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
	case OWNER_NETNS:
		snprintf(text, size, name[0] ? "netns %s" : "netns", name);
		break;
	case OWNER_UNKNOWN:
		text_copy(text, size, "unknown");
		break;
	}
	return text;
}

/**
 * owner_uses() - that somebody has it, or may have it, as the end of a sentence
 * @owner: of a function that is in use
 * @text: where it goes
 * @size: of @text
 *
 * Return: @text, such as "is in use by domain 3 (g1)".
 */
const char *owner_uses(const struct owner *owner, char *text, size_t size)
{
	char who[160];

	if (owner->kind == OWNER_UNKNOWN)
		snprintf(text, size, "may be in use, it is not known by whom (%s)", owner->name);
	else if (owner->kind == OWNER_NETNS)
		snprintf(text, size, "is in use by another network namespace%s%s",
			 owner->name[0] ? ", " : "", owner->name);
	else
		snprintf(text, size, "is in use by %s", owner_text(owner, who, sizeof(who)));
	return text;
}
