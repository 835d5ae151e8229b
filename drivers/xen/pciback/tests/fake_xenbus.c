// SPDX-License-Identifier: GPL-2.0
/*
 * A xenbus that exists in memory only
 */
#include <linux/container_of.h>
#include <linux/errno.h>

#include "fake_xenbus.h"

static struct fake_xenbus *fake_of(struct protocol *p)
{
	return container_of(p, struct fake_xenbus, p);
}

static enum xenbus_state backend_state(struct protocol *p)
{
	return fake_of(p)->be;
}

static enum xenbus_state frontend_state(struct protocol *p)
{
	return fake_of(p)->fe;
}

static int set_state(struct protocol *p, enum xenbus_state state)
{
	if (state < XenbusStateInitWait || state > XenbusStateReconfigured)
		fake_of(p)->wrong++;
	if (fake_of(p)->unwritable)
		return -EIO;
	fake_of(p)->be = state;
	return 0;
}

static bool online(struct protocol *p)
{
	return fake_of(p)->online;
}

static int entries(struct protocol *p)
{
	return fake_of(p)->count;
}

static enum xenbus_state entry_state(struct protocol *p, unsigned int entry)
{
	fake_of(p)->looked++;
	return entry < FAKE_ENTRIES ? fake_of(p)->entry[entry] : XenbusStateUnknown;
}

static int set_entry(struct protocol *p, unsigned int entry, enum xenbus_state state)
{
	if (entry < FAKE_ENTRIES)
		fake_of(p)->entry[entry] = state;
	return 0;
}

static int assign(struct protocol *p, unsigned int entry)
{
	if (entry >= FAKE_ENTRIES || fake_of(p)->fails[entry])
		return -EBUSY;
	fake_of(p)->assigned[entry] = true;
	return 0;
}

static int withdraw(struct protocol *p, unsigned int entry)
{
	if (entry < FAKE_ENTRIES && fake_of(p)->stays[entry])
		return -EBUSY;
	if (entry < FAKE_ENTRIES)
		fake_of(p)->assigned[entry] = false;
	return 0;
}

static int connect(struct protocol *p)
{
	struct fake_xenbus *f = fake_of(p);

	if (f->mapped)
		f->wrong++;
	if (f->bad_page)
		return -EINVAL;
	f->mapped = true;
	f->connects++;
	return 0;
}

static void disconnect(struct protocol *p)
{
	if (!fake_of(p)->mapped)
		fake_of(p)->wrong++;
	fake_of(p)->mapped = false;
}

static void alarm(struct protocol *p, unsigned int ms)
{
	if (ms > PROTOCOL_PATIENCE_MS)
		fake_of(p)->wrong++;
	fake_of(p)->alarm = ms;
}

const struct protocol_ops fake_xenbus_ops = {
	.backend_state = backend_state,
	.frontend_state = frontend_state,
	.set_state = set_state,
	.online = online,
	.entries = entries,
	.entry_state = entry_state,
	.set_entry = set_entry,
	.assign = assign,
	.withdraw = withdraw,
	.connect = connect,
	.disconnect = disconnect,
	.alarm = alarm,
};
