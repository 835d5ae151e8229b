/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is known of the machine while events come.
 */
#ifndef VFCTL_WATCH_H
#define VFCTL_WATCH_H

#include "event.h"
#include "inventory.h"

struct vfctl;

/* What to look for when the machine is read again */
#define COMPARE_VFS	1	/* VFs that came and went */
#define COMPARE_STATES	2	/* of containment */
#define COMPARE_ERRORS	4	/* counters */

/**
 * struct watch - what is known
 * @inv: all PFs and VFs, as they were read last
 * @owners_at: when xl and /proc were asked who has what
 */
struct watch {
	struct inventory inv;
	long long owners_at;
};

int watch_start(struct vfctl *v, struct watch *watch);
int watch_again(struct vfctl *v, struct watch *watch, unsigned int what, event_sink sink,
		void *data);
void watch_complete(struct vfctl *v, struct watch *watch, struct event *event);
bool watch_knows(struct watch *watch, const struct address *address);
void watch_compare(struct inventory *old, struct inventory *new, unsigned int what,
		   event_sink sink, void *data);
void watch_changed(struct vfctl *v, struct watch *watch, const struct event *event,
		   event_sink sink, void *data);
void watch_removed(struct watch *watch, const struct address *address);
void watch_end(struct watch *watch);

#endif /* VFCTL_WATCH_H */
