// SPDX-License-Identifier: GPL-2.0
/*
 * States in xenstore that are none, and changes of them at every point: each question
 * may be answered otherwise the next time.
 *
 * prove: file drivers/xen/pciback/protocol.c
 * prove: option -eva-slevel 0
 * prove: unroll 260
 */
#include "prove.h"

#include "protocol.h"

static enum xenbus_state any_state(struct protocol *p)
{
	return any32();
}

static int set_state(struct protocol *p, enum xenbus_state state)
{
	return any_int();
}

static bool online(struct protocol *p)
{
	return any_bool();
}

static int entries(struct protocol *p)
{
	return any_int();
}

static enum xenbus_state entry_state(struct protocol *p, unsigned int entry)
{
	//@ assert entry < PROTOCOL_ENTRIES_MAX;
	return any32();
}

static int set_entry(struct protocol *p, unsigned int entry, enum xenbus_state state)
{
	//@ assert entry < PROTOCOL_ENTRIES_MAX;
	return any_int();
}

static int entry(struct protocol *p, unsigned int entry)
{
	//@ assert entry < PROTOCOL_ENTRIES_MAX;
	return any_int();
}

static int connect(struct protocol *p)
{
	//@ assert !p->connected;
	return any_int();
}

static void disconnect(struct protocol *p)
{
}

static void alarm(struct protocol *p, unsigned int ms)
{
	//@ assert ms <= PROTOCOL_PATIENCE_MS;
}

static const struct protocol_ops ops = {
	.backend_state = any_state, .frontend_state = any_state, .set_state = set_state,
	.online = online, .entries = entries, .entry_state = entry_state,
	.set_entry = set_entry, .assign = entry, .withdraw = entry,
	.connect = connect, .disconnect = disconnect, .alarm = alarm,
};

int main(void)
{
	struct protocol p = { .ops = &ops };

	p.connected = any_bool();
	protocol_backend_changed(&p);
	p.connected = any_bool();
	protocol_frontend_changed(&p, any32());
	p.connected = any_bool();
	protocol_timeout(&p);
	protocol_is_over(any32(), any_bool(), any_bool());
	prove_end();
	return 0;
}
