// SPDX-License-Identifier: GPL-2.0
/*
 * Budgets and storms in any state that their own functions can leave them in, and one
 * call more: used <= AER_BUDGET_MAX goes in and comes out, so that it holds however many
 * calls there are, in whatever order, at whatever times. Clocks may wrap: unsigned
 * differences are meant to.
 *
 * prove: file drivers/pci/pcie/aer/limits.c
 * prove: option -eva-slevel 100
 */
#include "prove.h"
#include "limits.h"

static void any_budget(struct aer_budget *budget)
{
	budget->limit = any32();
	budget->seconds = any32();
	budget->used = any_between(0, AER_BUDGET_MAX);
	any_bytes(budget->when, sizeof(budget->when));
}

static void budgets(void)
{
	struct aer_budget budget;

	aer_budget_init(&budget);
	//@ assert budget.used <= AER_BUDGET_MAX;
	any_budget(&budget);
	aer_budget_charge(&budget, any32());
	//@ assert budget.used <= AER_BUDGET_MAX;
	any_budget(&budget);
	aer_budget_left(&budget, any32());
	//@ assert budget.used <= AER_BUDGET_MAX;
	aer_budget_clear(&budget);
	//@ assert budget.used <= AER_BUDGET_MAX;
}

static void any_storm(struct aer_storm *storm)
{
	any_bytes(storm, sizeof(*storm));
	storm->rest = any_between(AER_STORM_REST_MIN, AER_STORM_REST_MAX);
}

int main(void)
{
	struct aer_storm storm;
	u32 rest;

	budgets();
	aer_storm_init(&storm);
	//@ assert AER_STORM_REST_MIN <= storm.rest <= AER_STORM_REST_MAX;
	any_storm(&storm);
	aer_storm_hit(&storm, any64());
	any_storm(&storm);
	rest = aer_storm_begin(&storm, any32(), any64());
	//@ assert AER_STORM_REST_MIN <= rest <= AER_STORM_REST_MAX;
	//@ assert AER_STORM_REST_MIN <= storm.rest <= AER_STORM_REST_MAX;
	any_storm(&storm);
	aer_storm_end(&storm, any64());
	prove_end();
	return 0;
}
