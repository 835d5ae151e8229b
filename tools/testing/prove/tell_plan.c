// SPDX-License-Identifier: GPL-2.0
/*
 * Functions of any kind in any segment, of PFs that Xen knows or not, and any answer of
 * Xen's. What is filled in for Xen has no byte that was not set: it is copied as a whole.
 *
 * prove: file drivers/xen/pciback/tell_plan.c
 * prove: option -eva-split-return full
 * prove: unreached is_extended 1 its callers ask it of no VF
 */
#include "prove.h"

#include "tell_plan.h"

static struct tell_facts any_facts(void)
{
	struct tell_facts facts = {
		.segment = any32(), .bus = any8(), .devfn = any8(), .is_vf = any_bool(),
		.pf = any32(), .pf_bus = any8(), .pf_devfn = any8(), .ari = any_bool(),
		.has_pxm = any_bool(), .pxm = any32(), .sriov_ctrl = any16(),
	};

	return facts;
}

/* All of a call that is to be made is set. */
static void check(enum tell_verdict verdict, const struct tell_call *call)
{
	//@ assert verdict <= TELL_UNTOLD;
	if (verdict != TELL_ASK)
		return;
	//@ assert \initialized(&call->op);
	//@ assert \initialized((unsigned char *)&call->arg + (0 .. sizeof(call->arg) - 1));
	tell_judge(call->op, any_int());
}

static void add(bool old_xen)
{
	struct tell_facts facts = any_facts();
	struct tell_call call;

	check(tell_plan_add(&facts, old_xen, &call), &call);
}

static void remove(bool old_xen)
{
	struct tell_facts facts = any_facts();
	struct tell_call call;

	check(tell_plan_remove(&facts, old_xen, &call), &call);
}

static void reset(void)
{
	struct tell_facts facts = any_facts();
	struct tell_call call;

	check(tell_plan_reset(&facts, &call), &call);
}

int main(void)
{
	struct tell_facts facts = any_facts();

	add(false);
	add(true);
	remove(false);
	remove(true);
	reset();
	tell_judge(any32(), any_int());
	tell_hides_vf_bars(&facts);
	tell_explain_add(any_int());
	tell_explain_remove(any_int());
	prove_end();
	return 0;
}
