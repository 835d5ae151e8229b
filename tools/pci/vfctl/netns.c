// SPDX-License-Identifier: GPL-2.0
/*
 * Which network namespace has the interface of a function?
 *
 * sysfs shows that it is in another one, and not in which. ip(8) is asked in each that has
 * a name, as those of "ip netns" and of container networks have, and then in those that
 * processes are in.
 */
#include <ctype.h>
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "inventory.h"
#include "netns.h"
#include "sysfs.h"
#include "text.h"
#include "vfctl.h"

#define NAMED "/run/netns"

/* There may be one for each of thousands of processes: asking all would take too long. */
#define PROCESSES_MAX 32

/* So much of a name is shown: longer ones would leave no room for anything else */
#define NAMESPACE_SHOWN 64

/**
 * struct search - for the namespaces of functions
 * @v: the program
 * @inv: all functions
 * @seen: namespaces of processes that were looked at, and this one's
 */
struct search {
	struct vfctl *v;
	struct inventory *inv;
	struct names seen;
};

/**
 * struct found - an interface in a namespace
 * @device: the address of its function, as ip writes it
 * @namespace: for people
 */
struct found {
	const char *device;
	const char *namespace;
};

static void count_unnamed(struct function *fn, struct vf *vf, void *data)
{
	*(unsigned int *)data += fn->owner.kind == OWNER_NETNS && !fn->owner.name[0];
}

static bool all_have_names(struct search *s)
{
	unsigned int unnamed = 0;

	each_function(s->inv, count_unnamed, &unnamed);
	return !unnamed;
}

static void name_owner(struct function *fn, struct vf *vf, void *data)
{
	const struct found *found = data;

	if (fn->owner.kind == OWNER_NETNS && !fn->owner.name[0] &&
	    !strcmp(fn->name, found->device))
		text_escape(fn->owner.name, NAMESPACE_SHOWN, found->namespace);
}

static void name_owners(struct search *s, const struct text *said, const char *namespace)
{
	json_t *links = json_loads(text_string(said), 0, NULL), *link;
	struct found found = { .namespace = namespace };
	size_t i;

	json_array_foreach(links, i, link) {
		const char *bus = json_string_value(json_object_get(link, "parentbus"));

		found.device = json_string_value(json_object_get(link, "parentdev"));
		if (bus && !strcmp(bus, "pci") && found.device)
			each_function(s->inv, name_owner, &found);
	}
	json_decref(links);
}

/* look_into() - ask ip in a namespace; -EINTR or -ETIMEDOUT if no other is to be asked */
static int look_into(struct search *s, char *const argv[], const char *namespace)
{
	struct text said = { 0 };
	int ret;

	ret = s->v->ops->run(s->v, argv, RUN_ASK, &said);
	if (!ret)
		name_owners(s, &said, namespace);
	text_free(&said);
	return ret == -EINTR || ret == -ETIMEDOUT ? ret : 0;
}

static int look_into_named(struct search *s)
{
	int dir = sysfs_dir(s->v, NAMED), ret = 0;
	struct names names;
	size_t i;

	if (dir < 0)
		return 0;
	if (!sysfs_names(dir, ".", &names)) {
		for (i = 0; !ret && i < names.nr && !all_have_names(s); i++) {
			char *argv[] = { "ip", "-n", names.name[i], "-d", "-j", "link", NULL };

			if (names.name[i][0] != '-')
				ret = look_into(s, argv, names.name[i]);
		}
		names_free(&names);
	}
	close(dir);
	return ret;
}

/* is_new() - is this the first process that is seen in its namespace? */
static bool is_new(struct search *s, int proc, const char *pid)
{
	char file[300], namespace[64];
	size_t i;

	snprintf(file, sizeof(file), "%s/ns/net", pid);
	if (sysfs_link(proc, file, namespace, sizeof(namespace)))
		return false;
	for (i = 0; i < s->seen.nr; i++)
		if (!strcmp(s->seen.name[i], namespace))
			return false;
	s->seen.name = grow(s->seen.name, s->seen.nr, sizeof(*s->seen.name));
	s->seen.name[s->seen.nr++] = need(strdup(namespace));
	return true;
}

static int look_into_process(struct search *s, int proc, const char *pid)
{
	char option[320], namespace[400], file[300], comm[32];
	char *argv[] = { "nsenter", option, "ip", "-d", "-j", "link", NULL };

	snprintf(option, sizeof(option), "--net=/proc/%s/ns/net", pid);
	snprintf(file, sizeof(file), "%s/comm", pid);
	sysfs_read(proc, file, comm, sizeof(comm));
	snprintf(namespace, sizeof(namespace), "of process %s (%s)", pid, comm);
	return look_into(s, argv, namespace);
}

static int look_into_processes(struct search *s)
{
	int proc = sysfs_dir(s->v, "/proc"), ret = 0;
	struct names pids;
	size_t i;

	if (proc < 0)
		return 0;
	if (!sysfs_names(proc, ".", &pids)) {
		/* What is in this one would have been seen */
		is_new(s, proc, "self");
		for (i = 0; !ret && i < pids.nr && s->seen.nr <= PROCESSES_MAX; i++)
			if (isdigit((unsigned char)pids.name[i][0]) &&
			    is_new(s, proc, pids.name[i]) && !all_have_names(s))
				ret = look_into_process(s, proc, pids.name[i]);
		names_free(&pids);
	}
	close(proc);
	return ret;
}

/**
 * netns_name_owners() - find out which namespaces have the functions that others have
 * @v: the program
 * @inv: all functions; owners of kind OWNER_NETNS get a name, if it can be found
 *
 * Return: 0; -EINTR if Ctrl-C was pressed meanwhile.
 */
int netns_name_owners(struct vfctl *v, struct inventory *inv)
{
	struct search s = { .v = v, .inv = inv };
	int ret = 0;

	if (all_have_names(&s))
		return 0;
	ret = look_into_named(&s);
	if (!ret && !all_have_names(&s))
		ret = look_into_processes(&s);
	names_free(&s.seen);
	return ret == -EINTR ? ret : 0;
}
