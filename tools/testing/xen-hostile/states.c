// SPDX-License-Identifier: GPL-2.0
/*
 * The hostile PCI frontend: attacks through its folder in xenstore
 */

#include <linux/array_size.h>
#include <linux/delay.h>

#include "hostile.h"

/* one_of(): an index into a table, at random */
#define one_of(hostile, table)	(hostile_random(&(hostile)->args) % ARRAY_SIZE(table))

static const char * const nodes[] = { "pci-op-ref", "event-channel", "magic" };

/* Numbers at and beyond every limit, and what is no number */
static const char * const odd_values[] = {
	"0", "1", "-1", "7", "8", "4095", "4096", "131071", "131072", "2147483647", "2147483648",
	"4294967295", "99999999999999", "0x7", "", " ", "7 7", "nonsense", "%s%s%n",
};

static int write_node(struct hostile *hostile, const char *node, const char *value)
{
	return xenbus_printf(XBT_NIL, hostile->xdev->nodename, node, "%s", value);
}

/* With 0, or without the node, a frontend says that it is gone for good. */
static int random_state(struct hostile *hostile, bool vanish)
{
	static const char * const states[] = { "1", "2", "3", "4", "5", "6", "7", "8", "9", "x" };

	if (vanish && hostile_random(&hostile->args) % 8 == 0) {
		if (hostile_random(&hostile->args) % 2)
			return xenbus_rm(XBT_NIL, hostile->xdev->nodename, "state");
		return write_node(hostile, "state", "0");
	}
	return write_node(hostile, "state", states[one_of(hostile, states)]);
}

static int change(struct hostile *hostile, bool vanish)
{
	switch (hostile_random(&hostile->args) % 8) {
	case 0:
		return xenbus_rm(XBT_NIL, hostile->xdev->nodename, nodes[one_of(hostile, nodes)]);
	case 1:
	case 2:
		return write_node(hostile, nodes[one_of(hostile, nodes)],
				  odd_values[one_of(hostile, odd_values)]);
	case 3:
		return hostile_publish(hostile);
	case 4:
		/* Long enough for the other end to act on what was written */
		usleep_range(1000, 50000);
		return 0;
	default:
		return random_state(hostile, vanish);
	}
}

/**
 * hostile_state_at() - read a state from xenstore
 * @path: directory of the device, of this end or of the other
 *
 * What stands there may be anything: the attack writes it.  The kernel's function for
 * this is not the same in all the kernels that are compared.
 *
 * Context: process; sleeps
 * Return: the state, %XenbusStateUnknown if there is no number
 */
enum xenbus_state hostile_state_at(const char *path)
{
	return xenbus_read_unsigned(path, "state", XenbusStateUnknown);
}

/* backend_is(): until it is, or patience ends */
static bool backend_is(struct hostile *hostile, enum xenbus_state state, enum xenbus_state or)
{
	unsigned long end = jiffies + HOSTILE_PATIENCE;
	enum xenbus_state is;

	do {
		is = hostile_state_at(hostile->xdev->otherend);
		if (is == state || is == or)
			return true;
		msleep(20);
	} while (time_before(jiffies, end) && hostile_goes_on(hostile));
	dev_info(&hostile->xdev->dev, "the backend is in state %d, not %d\n", is, state);
	return false;
}

static void go_to_state(struct hostile *hostile, enum xenbus_state state)
{
	/* What was written past the bus was not seen by it. */
	hostile->xdev->state = XenbusStateUnknown;
	xenbus_switch_state(hostile->xdev, state);
}

/* As a guest does that was started anew without its devices being told */
static void reconnect(struct hostile *hostile)
{
	hostile_publish(hostile);
	go_to_state(hostile, XenbusStateClosing);
	backend_is(hostile, XenbusStateClosing, XenbusStateClosed);
	go_to_state(hostile, XenbusStateClosed);
	backend_is(hostile, XenbusStateClosed, XenbusStateInitWait);
	go_to_state(hostile, XenbusStateInitialising);
	backend_is(hostile, XenbusStateInitWait, XenbusStateInitialised);
	go_to_state(hostile, XenbusStateInitialised);
	if (backend_is(hostile, XenbusStateConnected, XenbusStateConnected))
		go_to_state(hostile, XenbusStateConnected);
}

/**
 * hostile_change_states() - change what the backend watches, then connect again
 * @hostile: the frontend
 * @count: how many changes
 * @vanish: also say that the frontend is gone, which it need not come back from
 *
 * Context: may sleep, the caller has it from hostile_get()
 */
void hostile_change_states(struct hostile *hostile, u32 count, bool vanish)
{
	int err;

	WRITE_ONCE(hostile->wild, true);
	while (count-- && hostile_goes_on(hostile)) {
		err = change(hostile, vanish);
		hostile_count(&hostile->report, 0, err);
	}
	if (hostile_goes_on(hostile))
		reconnect(hostile);
	WRITE_ONCE(hostile->wild, false);
}
