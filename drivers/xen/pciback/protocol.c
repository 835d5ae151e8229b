// SPDX-License-Identifier: GPL-2.0
/*
 * The protocol between backend, frontend and toolstack: what each change of a
 * state in xenstore leads to.
 *
 * The frontend is the guest's: it may go to any state at any time, or to none.
 * What it does ends its own service at most. What goes wrong with one function
 * leaves the others alone: its entry is Closed, and the reason is in the log.
 * The backend never stays in Reconfiguring, for then the toolstack would refuse
 * every later change ("Backend not ready").
 */
#include <linux/errno.h>
#include <linux/minmax.h>

#include "protocol.h"

static void add_entry(struct protocol *p, unsigned int entry)
{
	bool assigned = !p->ops->assign(p, entry);

	p->ops->set_entry(p, entry, assigned ? XenbusStateInitialised : XenbusStateClosed);
}

static void remove_entry(struct protocol *p, unsigned int entry)
{
	if (!p->ops->withdraw(p, entry))
		p->ops->set_entry(p, entry, XenbusStateClosed);
}

/* What the toolstack wants of each function. When first set up, an entry has no state yet. */
static int update_entries(struct protocol *p, bool first)
{
	int i, count = p->ops->entries(p);

	if (count < 0)
		return count;
	count = min(count, PROTOCOL_ENTRIES_MAX);
	for (i = 0; i < count; i++) {
		switch (p->ops->entry_state(p, i)) {
		case XenbusStateUnknown:
			if (first)
				add_entry(p, i);
			break;
		case XenbusStateInitialising:
			add_entry(p, i);
			break;
		case XenbusStateClosing:
			remove_entry(p, i);
			break;
		default:
			break;
		}
	}
	return 0;
}

static void connect(struct protocol *p)
{
	if (p->connected || p->ops->backend_state(p) != XenbusStateInitialised ||
	    p->ops->frontend_state(p) != XenbusStateInitialised)
		return;
	if (p->ops->connect(p))
		return;
	p->connected = true;
	if (p->ops->set_state(p, XenbusStateConnected)) {
		p->ops->disconnect(p);
		p->connected = false;
	}
}

static void disconnect(struct protocol *p)
{
	if (p->connected)
		p->ops->disconnect(p);
	p->connected = false;
}

static void set_up(struct protocol *p)
{
	if (update_entries(p, true))
		return;
	if (!p->ops->set_state(p, XenbusStateInitialised))
		connect(p);
}

/* The frontend has let go of what is Closing, or there is none that could hold it. */
static void reconfigure(struct protocol *p, enum xenbus_state next)
{
	p->ops->alarm(p, 0);
	update_entries(p, false);
	p->ops->set_state(p, next);
}

/**
 * protocol_backend_changed - something changed in the backend's folder
 * @p: protocol
 *
 * Context: one call for each guest at a time
 */
void protocol_backend_changed(struct protocol *p)
{
	switch (p->ops->backend_state(p)) {
	case XenbusStateInitWait:
		set_up(p);
		break;
	case XenbusStateInitialised:
		/* functions may be added until the frontend comes */
		update_entries(p, false);
		connect(p);
		break;
	case XenbusStateReconfiguring:
		if (!p->connected)
			reconfigure(p, XenbusStateInitialised);
		else if (p->ops->frontend_state(p) == XenbusStateReconfiguring)
			reconfigure(p, XenbusStateReconfigured);
		else
			p->ops->alarm(p, PROTOCOL_PATIENCE_MS);
		break;
	default:
		break;
	}
}

static void start_again(struct protocol *p)
{
	if (p->ops->backend_state(p) != XenbusStateClosed || !p->ops->online(p))
		return;
	/* what follows comes with the watch on the backend's folder */
	p->ops->set_state(p, XenbusStateInitWait);
}

static void close(struct protocol *p, enum xenbus_state state)
{
	disconnect(p);
	p->ops->alarm(p, 0);
	if (p->ops->backend_state(p) != state)
		p->ops->set_state(p, state);
}

/* It may do so too late, when the change was made already: it has to look again. */
static void let_go(struct protocol *p)
{
	if (!p->connected)
		return;
	switch (p->ops->backend_state(p)) {
	case XenbusStateReconfiguring:
		reconfigure(p, XenbusStateReconfigured);
		break;
	case XenbusStateConnected:
		p->ops->set_state(p, XenbusStateReconfigured);
		break;
	default:
		break;
	}
}

/**
 * protocol_frontend_changed - the frontend's state changed
 * @p: protocol
 * @state: what it is now; from a guest
 *
 * Context: one call for each guest at a time
 */
void protocol_frontend_changed(struct protocol *p, enum xenbus_state state)
{
	switch (state) {
	case XenbusStateInitialising:
		start_again(p);
		break;
	case XenbusStateInitialised:
		start_again(p);
		connect(p);
		break;
	case XenbusStateConnected:
		if (p->connected && p->ops->backend_state(p) == XenbusStateReconfigured)
			p->ops->set_state(p, XenbusStateConnected);
		break;
	case XenbusStateReconfiguring:
		let_go(p);
		break;
	case XenbusStateClosing:
		close(p, XenbusStateClosing);
		break;
	case XenbusStateClosed:
	case XenbusStateUnknown:
		/* its folder may be gone because the guest is, or because it deleted it */
		close(p, XenbusStateClosed);
		break;
	default:
		break;
	}
}

/**
 * protocol_timeout - the frontend did not do its part of a change in time
 * @p: protocol
 *
 * The change is made without it. A function that it held on to is taken away; one
 * that was added it finds when it looks.
 *
 * Context: one call for each guest at a time
 */
void protocol_timeout(struct protocol *p)
{
	if (p->ops->backend_state(p) != XenbusStateReconfiguring)
		return;
	reconfigure(p, p->connected ? XenbusStateConnected : XenbusStateInitialised);
}

/**
 * protocol_is_over - is a backend's device to be removed?
 * @frontend: state of the frontend; from a guest
 * @online: the toolstack wants the backend to stay
 * @exists: the guest's domain is still in xenstore
 *
 * A guest can close its frontend, or delete its folder; that a function is not its
 * own any more is the toolstack's to say. It does not always: a domain that is gone
 * may leave its backend online.
 *
 * Return: true if it is
 */
bool protocol_is_over(enum xenbus_state frontend, bool online, bool exists)
{
	switch (frontend) {
	case XenbusStateUnknown:
		return !online || !exists;
	case XenbusStateClosed:
		return !online;
	default:
		return false;
	}
}
