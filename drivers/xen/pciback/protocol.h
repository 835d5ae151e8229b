/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The protocol between the backend, its frontend in the guest and the toolstack,
 * all of which change states in xenstore. Pure: what is read, written and done is
 * reached through &struct protocol_ops; a test has a xenstore of its own.
 *
 *   connect	backend InitWait, (the toolstack has written the functions),
 *		backend Initialised, frontend Initialised, backend Connected,
 *		frontend Connected
 *   change	toolstack: backend Reconfiguring, and an entry Initialising or
 *		Closing; the frontend lets go of what is Closing: Reconfiguring;
 *		backend Reconfigured; the frontend looks again: Connected; backend
 *		Connected
 *   close	frontend Closing, Closed
 */
#ifndef _XEN_PCIBACK_PROTOCOL_H
#define _XEN_PCIBACK_PROTOCOL_H

#include <linux/types.h>
#include <xen/interface/io/xenbus.h>

/* More functions than any toolstack gives to a guest */
#define PROTOCOL_ENTRIES_MAX	256
/* How long a frontend may take to let go of a function; the tools wait for ten */
#define PROTOCOL_PATIENCE_MS	4000

struct protocol;

/**
 * struct protocol_ops - what a guest's protocol runs on
 * @backend_state: state of the backend, in xenstore
 * @frontend_state: state of the frontend
 * @set_state: changes the state of the backend
 * @online: does the toolstack want the backend to stay?
 * @entries: how many functions the toolstack has written; a negative errno if none
 * @entry_state: state of an entry, %XenbusStateUnknown if it has none
 * @set_entry: changes it
 * @assign: gives the function that an entry names to the guest, and publishes it
 * @withdraw: takes it back; one that is not there any more is no error
 * @connect: to the frontend's page and event channel
 * @disconnect: from it; nothing of the guest is used any more
 * @alarm: call protocol_timeout() after that many ms; 0: do not
 *
 * Those that return an int: 0 or a negative errno, and the reason was told then.
 */
struct protocol_ops {
	enum xenbus_state (*backend_state)(struct protocol *p);
	enum xenbus_state (*frontend_state)(struct protocol *p);
	int (*set_state)(struct protocol *p, enum xenbus_state state);
	bool (*online)(struct protocol *p);
	int (*entries)(struct protocol *p);
	enum xenbus_state (*entry_state)(struct protocol *p, unsigned int entry);
	int (*set_entry)(struct protocol *p, unsigned int entry, enum xenbus_state state);
	int (*assign)(struct protocol *p, unsigned int entry);
	int (*withdraw)(struct protocol *p, unsigned int entry);
	int (*connect)(struct protocol *p);
	void (*disconnect)(struct protocol *p);
	void (*alarm)(struct protocol *p, unsigned int ms);
};

/**
 * struct protocol - one guest's
 * @ops: what it runs on
 * @connected: there is a frontend behind the page and the event channel
 */
struct protocol {
	const struct protocol_ops *ops;
	bool connected;
};

void protocol_backend_changed(struct protocol *p);
void protocol_frontend_changed(struct protocol *p, enum xenbus_state state);
void protocol_timeout(struct protocol *p);
bool protocol_is_over(enum xenbus_state frontend, bool online, bool exists);

#endif /* _XEN_PCIBACK_PROTOCOL_H */
