// SPDX-License-Identifier: GPL-2.0
/*
 * Budget and storm: any sequence of errors, looks and settings that an operator
 * can make, at any time of any clock, against models that remember everything.
 *
 * The input: where the clocks start, then a byte each for what is done and how
 * much later, and what that takes.
 */
#include <string.h>

#include <linux/limits.h>

#include "fuzz.h"
#include "reference.h"

#define STEPS_MAX	400
#define SECOND		1000000000ULL

static struct ref_budget model;

static void budget_step(struct aer_budget *b, unsigned int what, u32 now, struct input *in)
{
	switch (what) {
	case 0:
		b->limit = take8(in) % (AER_BUDGET_MAX + 1);
		model.limit = b->limit;
		break;
	case 1:
		b->seconds = 1 + take32(in) % (31 * 24 * 3600);
		model.seconds = b->seconds;
		break;
	case 2:
		b->seconds = 1 + take8(in);
		model.seconds = b->seconds;
		break;
	case 3:
		aer_budget_clear(b);
		model.n = 0;
		break;
	case 4:
		expect(aer_budget_left(b, now) == ref_budget_left(&model, now));
		break;
	default:
		expect(aer_budget_charge(b, now) == ref_budget_charge(&model, now));
		expect(b->used && b->used <= AER_BUDGET_MAX);
		expect(b->when[b->used - 1] == now);
	}
	expect(b->used <= AER_BUDGET_MAX);
}

static void storm_step(struct aer_storm *s, struct ref_storm *ref, unsigned int what, u64 now,
		       struct input *in)
{
	u32 bits, rest;

	switch (what) {
	case 0:
		s->threshold = take8(in);
		ref->threshold = s->threshold;
		break;
	case 1:
		s->threshold = take32(in);
		ref->threshold = s->threshold;
		break;
	case 2:
		bits = take8(in) << 8 | take8(in);
		rest = aer_storm_begin(s, bits, now);
		expect(rest == ref_storm_begin(ref, bits, now));
		expect(rest >= AER_STORM_REST_MIN && rest <= AER_STORM_REST_MAX);
		break;
	case 3:
		expect(aer_storm_end(s, now) == ref_storm_end(ref, now));
		expect(!s->masked);
		break;
	default:
		expect(aer_storm_hit(s, now) == ref_storm_hit(ref, now));
	}
	expect(s->masked == ref->bits);
}

int fuzz(const uint8_t *data, size_t size)
{
	struct input in = { .data = data, .left = size };
	u32 now = take32(&in), passed = 0;
	u64 now_ns = SECOND + take32(&in);
	struct ref_storm storm_model;
	struct aer_budget budget;
	struct aer_storm storm;
	unsigned int i;

	aer_budget_init(&budget);
	model.n = 0;
	model.limit = budget.limit;
	model.seconds = budget.seconds;
	aer_storm_init(&storm);
	storm_model = (struct ref_storm){ .threshold = storm.threshold };

	for (i = 0; i < STEPS_MAX && in.left; i++) {
		u8 op = take8(&in), wait = take8(&in);
		/* from nothing to weeks; in nanoseconds to minutes */
		u32 step = (u32)(wait & 7) << (wait >> 3) / 2;

		/* a budget that is not looked at for a hundred years is out of scope */
		if (passed + step > passed && passed + step < U32_MAX / 2) {
			passed += step;
			now += step;
		}
		now_ns += (u64)(wait & 7) << (wait >> 3);
		if (wait == 0xff)
			now_ns += SECOND * take8(&in);
		if (op & 0x80)
			budget_step(&budget, op & 0x0f, now, &in);
		else
			storm_step(&storm, &storm_model, op & 0x0f, now_ns, &in);
	}
	return 0;
}
