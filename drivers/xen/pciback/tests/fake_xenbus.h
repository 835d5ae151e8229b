/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A xenbus that exists in memory only, for the protocol: what is in xenstore, and
 * what was done.
 */
#ifndef _XEN_PCIBACK_FAKE_XENBUS_H
#define _XEN_PCIBACK_FAKE_XENBUS_H

#include <linux/types.h>

#include "../protocol.h"

#define FAKE_ENTRIES	4

/**
 * struct fake_xenbus - xenstore, as far as the protocol goes, and what was done
 * @p: protocol, on fake_xenbus_ops
 * @be: state of the backend
 * @fe: state of the frontend
 * @online: the toolstack wants the backend
 * @count: num_devs; a negative errno when it is not there
 * @entry: state of each function
 * @assigned: it was given to the guest
 * @fails: it cannot be given
 * @stays: it cannot be taken back
 * @bad_page: the frontend's page cannot be mapped
 * @unwritable: the state of the backend cannot be changed
 * @connects: times that the page was mapped
 * @mapped: it is now
 * @alarm: ms that were asked for last
 * @looked: entries that were looked at
 * @wrong: things that were done that make no sense
 */
struct fake_xenbus {
	struct protocol p;
	enum xenbus_state be;
	enum xenbus_state fe;
	bool online;
	int count;
	enum xenbus_state entry[FAKE_ENTRIES];
	bool assigned[FAKE_ENTRIES];
	bool fails[FAKE_ENTRIES];
	bool stays[FAKE_ENTRIES];
	bool bad_page;
	bool unwritable;
	unsigned int connects;
	bool mapped;
	unsigned int alarm;
	unsigned int looked;
	unsigned int wrong;
};

extern const struct protocol_ops fake_xenbus_ops;

#endif /* _XEN_PCIBACK_FAKE_XENBUS_H */
