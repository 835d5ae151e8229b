// SPDX-License-Identifier: GPL-2.0
/*
 * Whatever a device reads like, and whatever the state of its function: what is
 * made of it is in range and keeps the promises of the containment.
 *
 * The input: severity, status and mask of a record; Root Error Status and Error
 * Source; scope, role, policy and budget of a case, of which any value is tried.
 */
#include <string.h>

#include "fuzz.h"
#include "reference.h"

static void record(const struct aer_record *rec)
{
	u32 active = aer_active(rec);
	struct aer_record plain = *rec;
	enum aer_scope scope = aer_scope_of(rec->severity, active);
	unsigned int bit;

	expect(active == (rec->status & ~rec->mask));
	expect(scope == ref_scope(rec->severity, active));
	expect(!strcmp(aer_layer_name(rec), ref_layer(rec->severity, active)));
	expect(!strcmp(aer_agent_name(rec), ref_agent(rec->severity, active)));
	expect(*aer_severity_name(rec->severity));

	/* what is masked might as well not be there */
	plain.status = active;
	plain.mask = 0;
	expect(!strcmp(aer_layer_name(rec), aer_layer_name(&plain)));
	expect(!strcmp(aer_agent_name(rec), aer_agent_name(&plain)));

	for (bit = 0; bit < 32; bit++) {
		const char *name = aer_bit_name(rec->severity, bit);

		expect(!name == !ref_bit_name(rec->severity, bit));
		if (!(active >> bit & 1))
			continue;
		/* no error is wider than all of them */
		expect(aer_scope_of(rec->severity, 1U << bit) <= scope);
		/* who is called into question has a name */
		if (aer_scope_of(rec->severity, 1U << bit) != AER_SCOPE_NONE)
			expect(name || rec->severity == AER_CORRECTABLE);
	}
	if (rec->severity != AER_CORRECTABLE)
		expect((scope == AER_SCOPE_LINK) == !!(active & aer_link_bits()));
}

static void root(u32 status, u32 source)
{
	struct aer_root_event got[AER_ROOT_EVENTS + 1], want[AER_ROOT_EVENTS];
	unsigned int n, i;
	size_t byte;

	memset(got, 0xa5, sizeof(got));
	n = aer_decode_root(status, source, got);
	expect(n <= AER_ROOT_EVENTS);
	for (byte = 0; byte < sizeof(got[0]); byte++)
		expect(((u8 *)&got[AER_ROOT_EVENTS])[byte] == 0xa5);
	for (i = 0; i < n; i++) {
		expect(got[i].severity <= AER_CORRECTABLE);
		expect((got[i].severity == AER_CORRECTABLE) == (n == 2 && !i) || n == 1);
	}
	expect(n == ref_root(status, source, want));
	for (i = 0; i < n; i++)
		expect(got[i].severity == want[i].severity && got[i].id == want[i].id &&
		       got[i].multi == want[i].multi && got[i].mixed == want[i].mixed);
}

static void decision(const struct aer_case *c)
{
	enum aer_action action = aer_decide(c);
	struct aer_case within = *c;

	expect(action < AER_ACTIONS);
	expect(action == ref_decide(c));
	expect(strcmp(aer_action_name(action), "?"));
	if (c->severity == AER_CORRECTABLE)
		expect(action == AER_DO_REPORT);
	if (c->scope == AER_SCOPE_FUNCTION && action >= AER_DO_INFORM_LINK)
		expect(c->role == AER_ROLE_PORT && c->severity == AER_FATAL);
	if (action >= AER_DO_HANDLE && action <= AER_DO_QUARANTINE)
		expect(aer_is_contained(c->role));
	within.over_budget = false;
	if (action != aer_decide(&within))
		expect(action == AER_DO_QUARANTINE && c->over_budget && !aer_is_excused(c));
}

/* Small numbers most of the time, any sometimes */
static unsigned int choice(struct input *in)
{
	u8 byte = take8(in);

	return byte == 0xff ? take32(in) : byte % 16;
}

int fuzz(const uint8_t *data, size_t size)
{
	struct input in = { .data = data, .left = size };
	struct aer_record rec = { .severity = choice(&in) };
	struct aer_case c = { };
	u32 status, source;
	u8 facts;

	rec.status = take32(&in);
	rec.mask = take32(&in);
	record(&rec);

	status = take32(&in);
	source = take32(&in);
	root(status, source);
	root(status & 0x7f, source);

	/* a case on its own, and the one that the record makes */
	c.severity = rec.severity;
	c.scope = choice(&in);
	c.role = choice(&in);
	c.policy = choice(&in);
	facts = take8(&in);
	c.over_budget = facts & 1;
	c.link_disturbed = facts & 2;
	c.pf_disturbed = facts & 4;
	c.aftermath = facts & 8;
	decision(&c);
	c.scope = aer_scope_of(rec.severity, aer_active(&rec));
	c.aftermath = aer_is_aftermath(aer_active(&rec));
	decision(&c);
	aer_bit_name(rec.severity, take32(&in));
	return 0;
}
