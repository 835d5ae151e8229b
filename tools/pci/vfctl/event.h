/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One thing that happened to a function, and how it is told. Free of the system.
 */
#ifndef VFCTL_EVENT_H
#define VFCTL_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include <jansson.h>

#include "address.h"
#include "inventory.h"

struct text;

enum event_kind {
	EVENT_CHANGED,		/* something may be different; is not told as such */
	EVENT_ERROR,		/* of AER */
	EVENT_CONTAINMENT,	/* containment/state has changed */
	EVENT_XEN,		/* what pciback told a guest */
	EVENT_RECOVERY,		/* of the PCI core */
	EVENT_ADDED,		/* a VF came */
	EVENT_REMOVED,		/* a VF or a PF went */
	EVENT_VFS,		/* a PF has another number of VFs */
	EVENT_LOST,		/* some events are not known */
};

/**
 * struct event - what happened
 * @kind: of event; the others are valid for some kinds
 * @time: when it was heard of
 * @name: the function's address as text; "" if it concerns none
 * @address: the same
 * @pf: of a VF, its PF's address; else ""
 * @vf: of a VF, its number; else -1
 * @owner: who has the function
 * @state: the state of containment, XEN_TROUBLE, or ERROR_EVENT, in lower case
 * @reason: of EVENT_CONTAINMENT
 * @domain: of EVENT_XEN: the guest's number; else -1
 * @online: of EVENT_RECOVERY: DEVICE_ONLINE; -1 if it does not say
 * @severity: of EVENT_ERROR: "correctable", "nonfatal" or "fatal"
 * @errors: of EVENT_ERROR: names of the bits, as the kernel has them, with '|' between
 * @header: of EVENT_ERROR: the TLP's header, "" if there is none
 * @count: errors; of EVENT_LOST, events, 0 if nobody counted them
 * @vfs_before: of EVENT_VFS
 * @vfs: of EVENT_VFS
 * @more: this many more of the kind were left out, and this is their sum
 */
struct event {
	enum event_kind kind;
	struct timespec time;
	char name[ADDRESS_SIZE];
	struct address address;
	char pf[ADDRESS_SIZE];
	int vf;
	struct owner owner;
	char state[32];
	char reason[128];
	int domain;
	int online;
	char severity[16];
	char errors[256];
	char header[64];
	unsigned long long count;
	unsigned int vfs_before;
	unsigned int vfs;
	unsigned long long more;
};

/**
 * typedef event_sink - who takes events
 * @data: his own
 * @event: is his during the call only
 */
typedef void (*event_sink)(void *data, const struct event *event);

void event_init(struct event *event, enum event_kind kind);
void event_about(struct event *event, const struct address *address);
const char *event_name(enum event_kind kind);
void event_word(char *to, size_t size, const char *from, size_t len);
void event_text(const struct event *event, struct text *line);
json_t *event_json(const struct event *event);
char **event_environment(const struct event *event);
void environment_free(char **environment);

#endif /* VFCTL_EVENT_H */
