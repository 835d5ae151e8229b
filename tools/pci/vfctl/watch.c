// SPDX-License-Identifier: GPL-2.0
/*
 * What is known of the machine while events come: which function is a VF of what, and
 * who has it. An event says little more than an address, and of a VF that is gone
 * nothing can be read.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "driver.h"
#include "owner.h"
#include "sysfs.h"
#include "text.h"
#include "vfctl.h"
#include "watch.h"

/* xl takes a second, and has better things to do than answer us. */
#define OWNERS_MS 5000

/* function_at() - the PF or VF at an address, or NULL */
static struct function *function_at(struct inventory *inv, const struct address *address,
				    struct vf **vf)
{
	unsigned int i;

	*vf = vf_at(inv, address);
	if (*vf)
		return &(*vf)->fn;
	for (i = 0; i < inv->nr; i++)
		if (!address_compare(&inv->pf[i]->fn.address, address))
			return &inv->pf[i]->fn;
	return NULL;
}

static struct pf *pf_at(struct inventory *inv, const struct address *address)
{
	unsigned int i;

	for (i = 0; i < inv->nr; i++)
		if (!address_compare(&inv->pf[i]->fn.address, address))
			return inv->pf[i];
	return NULL;
}

/**
 * watch_knows() - is it a PF or a VF?
 * @watch: what is known
 * @address: of a function
 *
 * Return: true if it is, or was when the machine was read.
 */
bool watch_knows(struct watch *watch, const struct address *address)
{
	struct vf *vf;

	return function_at(&watch->inv, address, &vf);
}

/**
 * watch_start() - read the machine for the first time
 * @v: the program
 * @watch: to be given to watch_end(), unless this fails
 *
 * Return: an exit code; what is wrong has been said.
 */
int watch_start(struct vfctl *v, struct watch *watch)
{
	watch->owners_at = v->ops->now(v);
	return inventory_read(v, &watch->inv, READ_OWNERS);
}

/**
 * watch_end() - forget all
 * @watch: what is known
 */
void watch_end(struct watch *watch)
{
	inventory_free(&watch->inv);
}

static void about_function(struct event *event, enum event_kind kind, const struct function *fn,
			   const struct vf *vf)
{
	event_init(event, kind);
	event_about(event, &fn->address);
	event->owner = fn->owner;
	if (vf) {
		event->vf = vf->index;
		text_copy(event->pf, sizeof(event->pf), vf->pf->fn.name);
	}
}

/* compare_errors() - counters that grew; those of a function that came anew start at 0 */
static void compare_errors(const struct function *old, const struct function *new,
			   const struct vf *vf, event_sink sink, void *data)
{
	const struct {
		const char *severity;
		unsigned long long old;
		unsigned long long new;
	} counters[] = {
		{ "correctable", old->errors.correctable, new->errors.correctable },
		{ "nonfatal", old->errors.nonfatal, new->errors.nonfatal },
		{ "fatal", old->errors.fatal, new->errors.fatal },
	};
	struct event event;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(counters); i++) {
		unsigned long long before = counters[i].old;

		if (counters[i].new < before)
			before = 0;
		if (counters[i].new == before)
			continue;
		about_function(&event, EVENT_ERROR, new, vf);
		text_copy(event.severity, sizeof(event.severity), counters[i].severity);
		event.count = counters[i].new - before;
		sink(data, &event);
	}
}

static void compare_function(struct function *old, struct function *new, const struct vf *vf,
			     unsigned int what, event_sink sink, void *data)
{
	struct event event;

	/* What only xl or /proc can tell was asked before. */
	if (!strcmp(old->driver, new->driver) &&
	    (new->owner.kind == OWNER_NONE ||
	     (new->owner.kind == old->owner.kind && new->owner.id == old->owner.id &&
	      !new->owner.name[0])))
		new->owner = old->owner;
	if (what & COMPARE_ERRORS)
		compare_errors(old, new, vf, sink, data);
	if ((what & COMPARE_STATES) && strcmp(old->state, new->state)) {
		about_function(&event, EVENT_CONTAINMENT, new, vf);
		text_copy(event.state, sizeof(event.state), new->state);
		sink(data, &event);
	}
}

static void tell_of_vfs(const struct pf *pf, struct inventory *other, enum event_kind kind,
			event_sink sink, void *data)
{
	struct event event;
	unsigned int i;

	for (i = 0; i < pf->nr_found; i++) {
		if (vf_at(other, &pf->vf[i].fn.address))
			continue;
		about_function(&event, kind, &pf->vf[i].fn, &pf->vf[i]);
		sink(data, &event);
	}
}

static void tell_of_number(const struct pf *pf, unsigned int before, event_sink sink, void *data)
{
	struct event event;

	about_function(&event, EVENT_VFS, &pf->fn, NULL);
	event.vfs_before = before;
	event.vfs = pf->nr;
	sink(data, &event);
}

static void compare_pf(struct pf *old, struct pf *new, unsigned int what, event_sink sink,
		       void *data)
{
	unsigned int i, j = 0;

	compare_function(&old->fn, &new->fn, NULL, what, sink, data);
	if ((what & COMPARE_VFS) && old->nr != new->nr)
		tell_of_number(new, old->nr, sink, data);
	/* Both are sorted by the VFs' numbers. */
	for (i = 0; i < new->nr_found; i++) {
		while (j < old->nr_found && old->vf[j].index < new->vf[i].index)
			j++;
		if (j < old->nr_found &&
		    !address_compare(&old->vf[j].fn.address, &new->vf[i].fn.address))
			compare_function(&old->vf[j].fn, &new->vf[i].fn, &new->vf[i], what, sink,
					 data);
	}
}

/**
 * watch_compare() - tell what is different
 * @old: the machine as it was
 * @new: as it is; is completed by owners that are known of @old only
 * @what: COMPARE_ flags
 * @sink: gets an event for each difference
 * @data: for @sink
 */
void watch_compare(struct inventory *old, struct inventory *new, unsigned int what,
		   event_sink sink, void *data)
{
	struct event event;
	unsigned int i;
	struct pf *pf;

	for (i = 0; (what & COMPARE_VFS) && i < old->nr; i++) {
		tell_of_vfs(old->pf[i], new, EVENT_REMOVED, sink, data);
		if (pf_at(new, &old->pf[i]->fn.address))
			continue;
		about_function(&event, EVENT_REMOVED, &old->pf[i]->fn, NULL);
		sink(data, &event);
	}
	for (i = 0; i < new->nr; i++) {
		pf = pf_at(old, &new->pf[i]->fn.address);
		if (pf)
			compare_pf(pf, new->pf[i], what, sink, data);
		if (!pf && (what & COMPARE_VFS)) {
			about_function(&event, EVENT_ADDED, &new->pf[i]->fn, NULL);
			sink(data, &event);
		}
		if (what & COMPARE_VFS)
			tell_of_vfs(new->pf[i], old, EVENT_ADDED, sink, data);
	}
}

/**
 * watch_again() - read the machine again, and tell what is different
 * @v: the program
 * @watch: what is known
 * @what: COMPARE_ flags
 * @sink: gets an event for each difference
 * @data: for @sink
 *
 * Return: an exit code; what is wrong has been said.
 */
int watch_again(struct vfctl *v, struct watch *watch, unsigned int what, event_sink sink,
		void *data)
{
	struct inventory old = watch->inv, new;
	int ret;

	ret = inventory_read(v, &new, 0);
	if (ret)
		return ret;
	/* @sink may ask what is known. */
	watch->inv = new;
	watch_compare(&old, &watch->inv, what, sink, data);
	inventory_free(&old);
	return EXIT_DONE;
}

static void take_owner(struct watch *watch, const struct function *now)
{
	struct function *known;
	struct vf *vf;

	known = function_at(&watch->inv, &now->address, &vf);
	if (!known)
		return;
	known->owner = now->owner;
	memcpy(known->driver, now->driver, sizeof(known->driver));
}

/*
 * ask_for_owners() - ask xl and /proc who has what, unless they have just been asked
 *
 * Which VFs there are stays as it is known: that is another event.
 */
static void ask_for_owners(struct vfctl *v, struct watch *watch)
{
	struct inventory now;
	unsigned int i, j;

	if (v->ops->now(v) - watch->owners_at < OWNERS_MS)
		return;
	if (inventory_read(v, &now, READ_OWNERS))
		return;
	for (i = 0; i < now.nr; i++) {
		take_owner(watch, &now.pf[i]->fn);
		for (j = 0; j < now.pf[i]->nr_found; j++)
			take_owner(watch, &now.pf[i]->vf[j].fn);
	}
	inventory_free(&now);
	/* From the end on: it may have taken longer than that. */
	watch->owners_at = v->ops->now(v);
}

/* owner_now() - who has it, as its folder says; false if it is gone */
static bool owner_now(struct vfctl *v, const char *name, struct function *fn)
{
	int dir = sysfs_dir(v, PCI_DEVICES "/%s", name);

	memset(fn, 0, sizeof(*fn));
	if (dir < 0)
		return false;
	sysfs_link(dir, "driver", fn->driver, sizeof(fn->driver));
	read_kernels_owner(dir, fn);
	close(dir);
	return true;
}

static void find_owner(struct vfctl *v, struct watch *watch, struct function *known,
		       struct owner *owner)
{
	struct function now;

	if (!owner_now(v, known->name, &now)) {
		*owner = known->owner;
		return;
	}
	if (driver_hands_on(now.driver) &&
	    (now.owner.kind != known->owner.kind || now.owner.id != known->owner.id ||
	     !known->owner.name[0]))
		ask_for_owners(v, watch);
	/* What the kernel says counts; xl may have been asked before. */
	if (now.owner.kind == known->owner.kind && now.owner.id == known->owner.id)
		now.owner = known->owner;
	else if (now.owner.kind == OWNER_NONE && driver_hands_on(now.driver) &&
		 !strcmp(now.driver, known->driver) && !known->contained)
		now.owner = known->owner;
	known->owner = now.owner;
	text_copy(known->driver, sizeof(known->driver), now.driver);
	*owner = now.owner;
}

/**
 * watch_complete() - add what is known of an event's function
 * @v: the program
 * @watch: what is known
 * @event: has an address
 */
void watch_complete(struct vfctl *v, struct watch *watch, struct event *event)
{
	struct function *known, now;
	struct vf *vf;

	known = function_at(&watch->inv, &event->address, &vf);
	if (!known) {
		/* A port, or a function without SR-IOV */
		if (owner_now(v, event->name, &now))
			event->owner = now.owner;
		return;
	}
	if (vf) {
		event->vf = vf->index;
		text_copy(event->pf, sizeof(event->pf), vf->pf->fn.name);
	}
	if (event->kind == EVENT_CONTAINMENT)
		text_copy(known->state, sizeof(known->state), event->state);
	find_owner(v, watch, known, &event->owner);
}

/**
 * watch_changed() - a function has changed: is it a PF with another number of VFs?
 * @v: the program
 * @watch: what is known
 * @event: of kind EVENT_CHANGED
 * @sink: gets an event if it is
 * @data: for @sink
 */
void watch_changed(struct vfctl *v, struct watch *watch, const struct event *event,
		   event_sink sink, void *data)
{
	struct pf *pf = pf_at(&watch->inv, &event->address);
	unsigned int before;
	long long nr;
	int dir;

	if (!pf)
		return;
	dir = sysfs_dir(v, PCI_DEVICES "/%s", event->name);
	if (dir < 0)
		return;
	if (!sysfs_number(dir, "sriov_numvfs", &nr) && nr >= 0 && nr <= UINT16_MAX &&
	    nr != pf->nr) {
		before = pf->nr;
		pf->nr = nr;
		tell_of_number(pf, before, sink, data);
	}
	close(dir);
}

static void forget_pf(struct inventory *inv, const struct address *address)
{
	unsigned int i;

	for (i = 0; i < inv->nr; i++) {
		if (address_compare(&inv->pf[i]->fn.address, address))
			continue;
		free(inv->pf[i]->vf);
		free(inv->pf[i]);
		inv->nr--;
		memmove(inv->pf + i, inv->pf + i + 1, (inv->nr - i) * sizeof(*inv->pf));
		return;
	}
}

/**
 * watch_removed() - a function is gone
 * @watch: what is known: forgets it
 * @address: of the function
 */
void watch_removed(struct watch *watch, const struct address *address)
{
	struct vf *vf = vf_at(&watch->inv, address), *end;

	if (!vf) {
		forget_pf(&watch->inv, address);
		return;
	}
	end = vf->pf->vf + --vf->pf->nr_found;
	memmove(vf, vf + 1, (end - vf) * sizeof(*vf));
}
