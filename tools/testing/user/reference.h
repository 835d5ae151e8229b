/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the pure files of the AER service are compared with: the same answers,
 * arrived at in another way. Written from the specification, from the names that
 * the log has always had and from the documentation, not from the code.
 */
#ifndef _USER_REFERENCE_H
#define _USER_REFERENCE_H

#include <linux/types.h>

#include "decide.h"
#include "decode.h"
#include "limits.h"

#define REF_ERRORS_MAX	4096

const char *ref_bit_name(u8 severity, unsigned int bit);
enum aer_scope ref_scope(u8 severity, u32 bits);
const char *ref_layer(u8 severity, u32 bits);
const char *ref_agent(u8 severity, u32 bits);
unsigned int ref_root(u32 status, u32 source, struct aer_root_event *events);
enum aer_action ref_decide(const struct aer_case *c);

/*
 * struct ref_budget - all errors that ever were
 * @limit: as in struct aer_budget
 * @seconds: as well
 * @n: number of errors
 * @when: when they happened
 * @forgotten: they left the window once, and do not come back if it is made longer
 */
struct ref_budget {
	u32 limit;
	u32 seconds;
	u32 n;
	u32 when[REF_ERRORS_MAX];
	bool forgotten[REF_ERRORS_MAX];
};

bool ref_budget_charge(struct ref_budget *b, u32 now);
u32 ref_budget_left(struct ref_budget *b, u32 now);

/*
 * struct ref_storm - the storm of a function
 * @threshold: as in struct aer_storm
 * @second: when this second began
 * @hits: errors in it
 * @resting: a storm is on
 * @bits: what is masked
 * @strikes: storms in a row, each soon after the last
 * @woke: when it was last over
 * @woke_ever: it was, ever
 */
struct ref_storm {
	u32 threshold;
	u64 second;
	u64 hits;
	bool resting;
	u32 bits;
	unsigned int strikes;
	u64 woke;
	bool woke_ever;
};

bool ref_storm_hit(struct ref_storm *s, u64 now_ns);
u32 ref_storm_begin(struct ref_storm *s, u32 bits, u64 now_ns);
u32 ref_storm_end(struct ref_storm *s, u64 now_ns);

#endif /* _USER_REFERENCE_H */
