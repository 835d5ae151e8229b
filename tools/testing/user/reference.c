// SPDX-License-Identifier: GPL-2.0
/*
 * What the pure files of the AER service are compared with.
 */
#include <linux/limits.h>
#include <linux/types.h>

#include "reference.h"

#define SECOND 1000000000ULL

/*
 * PCIe r6.0, sec 7.8.4.2 and 7.8.4.5, bit by bit. The letter is the scope: one of
 * the function (F) or of the link (L); a dot: none (sec 6.2.4). Bit 0 of the
 * uncorrectable ones was "Training Error" once and is undefined since r1.1.
 */
static const struct {
	const char *name;
	char scope;
} uncorrectable[32] = {
	{ "Undefined", '.' },
	{ NULL, '.' }, { NULL, '.' }, { NULL, '.' },
	{ "DLP", 'L' },			/* Data Link Protocol Error */
	{ "SDES", 'L' },		/* Surprise Down */
	{ NULL, '.' }, { NULL, '.' }, { NULL, '.' },
	{ NULL, '.' }, { NULL, '.' }, { NULL, '.' },
	{ "TLP", 'F' },			/* Poisoned TLP Received */
	{ "FCP", 'L' },			/* Flow Control Protocol Error */
	{ "CmpltTO", 'F' },		/* Completion Timeout */
	{ "CmpltAbrt", 'F' },		/* Completer Abort */
	{ "UnxCmplt", 'F' },		/* Unexpected Completion */
	{ "RxOF", 'L' },		/* Receiver Overflow */
	{ "MalfTLP", 'L' },		/* Malformed TLP */
	{ "ECRC", 'L' },		/* ECRC Error */
	{ "UnsupReq", 'F' },		/* Unsupported Request */
	{ "ACSViol", 'F' },		/* ACS Violation */
	{ "UncorrIntErr", 'F' },	/* Uncorrectable Internal Error */
	{ "BlockedTLP", 'F' },		/* MC Blocked TLP */
	{ "AtomicOpBlocked", 'F' },	/* AtomicOp Egress Blocked */
	{ "TLPBlockedErr", 'F' },	/* TLP Prefix Blocked */
	{ "PoisonTLPBlocked", 'F' },	/* Poisoned TLP Egress Blocked */
	{ "DMWrReqBlocked", 'F' },	/* DMWr Request Egress Blocked */
	{ "IDECheck", 'L' },		/* IDE Check Failed */
	{ "MisIDETLP", 'L' },		/* Misrouted IDE TLP */
	{ "PCRC_CHECK", 'L' },		/* PCRC Check Failed */
	{ "TLPXlatBlocked", 'F' },	/* TLP Translation Egress Blocked */
};

const char *ref_bit_name(u8 severity, unsigned int bit)
{
	if (severity != AER_CORRECTABLE)
		return bit < 32 ? uncorrectable[bit].name : NULL;
	switch (bit) {
	case 0:
		return "RxErr";		/* Receiver Error */
	case 6:
		return "BadTLP";
	case 7:
		return "BadDLLP";
	case 8:
		return "Rollover";	/* REPLAY_NUM Rollover */
	case 12:
		return "Timeout";	/* Replay Timer Timeout */
	case 13:
		return "NonFatalErr";	/* Advisory Non-Fatal Error */
	case 14:
		return "CorrIntErr";	/* Corrected Internal Error */
	case 15:
		return "HeaderOF";	/* Header Log Overflow */
	default:
		return NULL;
	}
}

enum aer_scope ref_scope(u8 severity, u32 bits)
{
	bool function = false;
	unsigned int bit;

	if (severity == AER_CORRECTABLE)
		return bits ? AER_SCOPE_FUNCTION : AER_SCOPE_NONE;
	for (bit = 0; bit < 32; bit++) {
		if (!(bits >> bit & 1))
			continue;
		if (uncorrectable[bit].scope == 'L')
			return AER_SCOPE_LINK;
		function |= uncorrectable[bit].scope == 'F';
	}
	return function ? AER_SCOPE_FUNCTION : AER_SCOPE_NONE;
}

/*
 * As the log of 6.12.117 has it: the physical layer before the data link layer, both
 * before an error of the function itself, and what is left is the transaction layer's.
 */
const char *ref_layer(u8 severity, u32 bits)
{
	bool correctable = severity == AER_CORRECTABLE;

	if (correctable && bits & 0x1)
		return "Physical Layer";
	if (bits & (correctable ? 0x11c0 : 0x30))
		return "Data Link Layer";
	return bits & (correctable ? 0xc000 : 0x400000) ? "General" : "Transaction Layer";
}

/* As well: the completer, the requester, the transmitter, the component. */
const char *ref_agent(u8 severity, u32 bits)
{
	bool correctable = severity == AER_CORRECTABLE;

	if (!correctable && bits & 0x8000)
		return "Completer ID";
	if (!correctable && bits & 0x4000)
		return "Requester ID";
	if (bits & (correctable ? 0x1100 : 0x8f000000))
		return "Transmitter ID";
	return bits & (correctable ? 0xc000 : 0x400020) ? "Component ID" : "Receiver ID";
}

/*
 * Sec 7.8.4.10. A "multiple" bit alone is a message, too: one that came between
 * the read and the clearing of the status. The ID is that of the message before.
 * A fatal and a non-fatal message, or neither: it is not known which this one is.
 */
unsigned int ref_root(u32 status, u32 source, struct aer_root_event *events)
{
	unsigned int n = 0;

	if (status & 0x03) {
		events[n].severity = AER_CORRECTABLE;
		events[n].id = status & 0x01 ? source : 0;
		events[n].multi = status & 0x02;
		events[n].mixed = false;
		n++;
	}
	if (status & 0x0c) {
		u32 which = status & 0x60;

		events[n].severity = status & 0x40 ? AER_FATAL : AER_NONFATAL;
		events[n].id = status & 0x04 ? source >> 16 : 0;
		events[n].multi = status & 0x08;
		events[n].mixed = which == 0 || which == 0x60;
		n++;
	}
	return n;
}

static enum aer_action of_endpoint(const struct aer_case *c)
{
	bool own = !c->aftermath || !(c->link_disturbed || c->pf_disturbed);
	bool fatal = c->severity == AER_FATAL;

	if (c->policy == AER_POLICY_REPORT)
		return AER_DO_REPORT;
	if (c->policy == AER_POLICY_QUARANTINE && own)
		return AER_DO_QUARANTINE;
	if (!fatal && (c->role == AER_ROLE_DEAF || c->role == AER_ROLE_UNUSED))
		return AER_DO_REPORT;
	if (c->role == AER_ROLE_DEAF)
		return AER_DO_FENCE;
	if (c->over_budget && own)
		return AER_DO_QUARANTINE;
	return c->role == AER_ROLE_HANDLED ? AER_DO_HANDLE : AER_DO_CONTAIN;
}

enum aer_action ref_decide(const struct aer_case *c)
{
	bool fatal = c->severity == AER_FATAL;

	if (!fatal && c->severity != AER_NONFATAL)
		return AER_DO_REPORT;	/* correctable, or nonsense */
	if ((unsigned int)c->policy > AER_POLICY_QUARANTINE)
		return AER_DO_REPORT;
	switch (c->role) {
	case AER_ROLE_RCEC:
		return AER_DO_REPORT;
	case AER_ROLE_PORT:
	case AER_ROLE_ASSIGNED:
	case AER_ROLE_HANDLED:
	case AER_ROLE_DEAF:
	case AER_ROLE_UNUSED:
		break;
	default:
		return AER_DO_REPORT;
	}
	switch (c->scope) {
	case AER_SCOPE_LINK:
		return fatal ? AER_DO_RESET_LINK : AER_DO_INFORM_LINK;
	case AER_SCOPE_FUNCTION:
		if (c->role == AER_ROLE_PORT)
			return fatal ? AER_DO_RESET_LINK : AER_DO_REPORT;
		return of_endpoint(c);
	default:
		return AER_DO_REPORT;
	}
}

static u32 in_window(struct ref_budget *b, u32 now)
{
	u32 i, n = 0;

	for (i = 0; i < b->n; i++) {
		if (now - b->when[i] >= b->seconds)
			b->forgotten[i] = true;
		n += !b->forgotten[i];
	}
	return n;
}

bool ref_budget_charge(struct ref_budget *b, u32 now)
{
	bool over = b->limit && in_window(b, now) >= b->limit;

	in_window(b, now);
	b->forgotten[b->n] = false;
	b->when[b->n++] = now;
	return over;
}

u32 ref_budget_left(struct ref_budget *b, u32 now)
{
	u32 n;

	if (!b->limit)
		return U32_MAX;
	n = in_window(b, now);
	return n < b->limit ? b->limit - n : 0;
}

bool ref_storm_hit(struct ref_storm *s, u64 now_ns)
{
	if (now_ns - s->second >= SECOND) {
		s->second = now_ns;
		s->hits = 0;
	}
	s->hits++;
	return s->threshold && s->hits > s->threshold;
}

/* 10 s, 20, 40, ... up to 600 */
static u32 rest_of(unsigned int strikes)
{
	return strikes < 6 ? 10U << strikes : 600;
}

u32 ref_storm_begin(struct ref_storm *s, u32 bits, u64 now_ns)
{
	if (!s->resting) {
		bool soon = s->woke_ever && now_ns - s->woke < 10 * SECOND;

		s->strikes = soon ? s->strikes + 1 : 0;
		s->bits = 0;
	}
	s->bits |= bits;
	s->resting = s->bits;
	return rest_of(s->strikes);
}

u32 ref_storm_end(struct ref_storm *s, u64 now_ns)
{
	u32 bits = s->bits;

	s->resting = false;
	s->bits = 0;
	s->woke = now_ns;
	s->woke_ever = true;
	s->second = now_ns;
	s->hits = 0;
	return bits;
}
