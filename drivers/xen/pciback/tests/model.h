/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a guest should find, worked out anew for each byte of each access: slow,
 * without tables, and by the rules of Documentation/admin-guide/xen-pciback.rst.
 */
#ifndef _XEN_PCIBACK_MODEL_H
#define _XEN_PCIBACK_MODEL_H

#include "sim.h"

/**
 * struct model - what the guest's function should be like
 * @sim: hardware as it should be after what was done
 * @facts: of the function
 * @state: bytes that only the guest sees
 */
struct model {
	struct sim sim;
	const struct space_facts *facts;
	u8 state[SPACE_BYTES];
};

/**
 * struct model_result - what an access should come to
 * @status: how it ends
 * @value: what is read
 * @refused: bits of the access that it tried to change in vain
 * @reads: reads of hardware
 * @writes: writes to hardware
 * @effect: what it means beyond its bits
 */
struct model_result {
	enum space_status status;
	u32 value;
	u32 refused;
	unsigned int reads;
	unsigned int writes;
	enum space_effect effect;
};

void model_init(struct model *m, const struct sim *sim, const struct space_facts *facts);
void model_reset(struct model *m);
void model_access(struct model *m, const struct space_op *op, struct model_result *result);

#endif /* _XEN_PCIBACK_MODEL_H */
