// SPDX-License-Identifier: GPL-2.0
/*
 * The decoder: each bit alone, bits together, masks, and Root Error Status.
 */
#include "user.h"

#include "reference.h"

static const u8 severities[] = { AER_CORRECTABLE, AER_NONFATAL, AER_FATAL };

static const char *or_none(const char *name)
{
	return name ? name : "(none)";
}

static void check_bit(u8 severity, unsigned int bit)
{
	struct aer_record rec = { .severity = severity, .status = 1U << bit };
	const char *name = aer_bit_name(severity, bit);
	const char *want = ref_bit_name(severity, bit);

	assert_string_equal(or_none(name), or_none(want));
	assert_that(aer_scope_of(severity, rec.status) == ref_scope(severity, rec.status),
		    "severity %u bit %u", severity, bit);
	assert_string_equal(aer_layer_name(&rec), ref_layer(severity, rec.status));
	assert_string_equal(aer_agent_name(&rec), ref_agent(severity, rec.status));
	assert_int_equal(aer_active(&rec), rec.status);
}

static void each_bit(void **state)
{
	unsigned int i, bit;

	for (i = 0; i < ARRAY_SIZE(severities); i++)
		for (bit = 0; bit < 32; bit++)
			check_bit(severities[i], bit);
}

static void no_bit_above(void **state)
{
	static const unsigned int bits[] = { 32, 33, 63, 64, 0x7fffffff, 0xffffffff };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bits); i++) {
		assert_null(aer_bit_name(AER_CORRECTABLE, bits[i]));
		assert_null(aer_bit_name(AER_NONFATAL, bits[i]));
		assert_null(aer_bit_name(AER_FATAL, bits[i]));
	}
}

static void names_differ(void **state)
{
	unsigned int i, j;

	for (i = 0; i < 32; i++)
		for (j = 0; j < i; j++) {
			const char *a = aer_bit_name(AER_FATAL, i);
			const char *b = aer_bit_name(AER_FATAL, j);

			assert_that(!a || !b || strcmp(a, b), "bits %u and %u", i, j);
		}
}

static void severity_names(void **state)
{
	assert_string_equal(aer_severity_name(AER_CORRECTABLE), "Correctable");
	assert_string_equal(aer_severity_name(AER_NONFATAL), "Uncorrectable (Non-Fatal)");
	assert_string_equal(aer_severity_name(AER_FATAL), "Uncorrectable (Fatal)");
	assert_non_null(aer_severity_name(DPC_FATAL));
	assert_non_null(aer_severity_name(255));
}

static void nothing(void **state)
{
	struct aer_record rec = { };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(severities); i++) {
		rec.severity = severities[i];
		assert_int_equal(aer_scope_of(rec.severity, 0), AER_SCOPE_NONE);
		assert_string_equal(aer_layer_name(&rec), "Transaction Layer");
		assert_string_equal(aer_agent_name(&rec), "Receiver ID");
	}
}

/* All pairs of bits, and all bits with one missing */
static void bits_together(void **state)
{
	unsigned int i, a, b;

	for (i = 0; i < ARRAY_SIZE(severities); i++)
		for (a = 0; a < 32; a++)
			for (b = 0; b < 32; b++) {
				u32 both = 1U << a | 1U << b;
				u32 tries[] = { both, ~both };
				unsigned int t;

				for (t = 0; t < ARRAY_SIZE(tries); t++) {
					struct aer_record rec = {
						.severity = severities[i],
						.status = tries[t],
					};

					assert_that(aer_scope_of(rec.severity, rec.status) ==
						    ref_scope(rec.severity, rec.status),
						    "severity %u bits %08x", rec.severity,
						    rec.status);
					assert_string_equal(aer_layer_name(&rec),
							    ref_layer(rec.severity, rec.status));
					assert_string_equal(aer_agent_name(&rec),
							    ref_agent(rec.severity, rec.status));
				}
			}
}

static void link_beats_function(void **state)
{
	unsigned int a, b;

	for (a = 0; a < 32; a++)
		for (b = 0; b < 32; b++) {
			if (aer_scope_of(AER_FATAL, 1U << a) != AER_SCOPE_LINK)
				continue;
			assert_int_equal(aer_scope_of(AER_FATAL, 1U << a | 1U << b),
					 AER_SCOPE_LINK);
			assert_int_equal(aer_scope_of(AER_NONFATAL, 1U << a | 1U << b),
					 AER_SCOPE_LINK);
		}
}

/* Completion Timeout, Unexpected Completion, ACS Violation, and nothing else with them */
static void aftermath_bits(void **state)
{
	unsigned int i, j;

	assert_false(aer_is_aftermath(0));
	for (i = 0; i < 32; i++)
		for (j = 0; j < 32; j++)
			assert_that(aer_is_aftermath(1U << i | 1U << j) ==
				    ((i == 14 || i == 16 || i == 21) &&
				     (j == 14 || j == 16 || j == 21)), "bits %u, %u", i, j);
	assert_true(aer_is_aftermath(0x214000));
	assert_false(aer_is_aftermath(0xffffffff));
}

static void link_and_header_bits(void **state)
{
	u32 link = 0, header = 0;
	unsigned int bit;
	/* sec 6.2.7: those that the specification lets log a header since r2.1 */
	static const char * const with_header[] = {
		"TLP", "CmpltAbrt", "UnxCmplt", "MalfTLP", "ECRC", "UnsupReq", "ACSViol",
		"BlockedTLP", "AtomicOpBlocked", "TLPBlockedErr",
	};
	/* that of a time-out only where a bit says so, which nobody looks at */
	static const char * const without[] = {
		"Undefined", "DLP", "SDES", "FCP", "RxOF", "UncorrIntErr", "CmpltTO",
	};
	unsigned int i;

	for (bit = 0; bit < 32; bit++) {
		const char *name = or_none(ref_bit_name(AER_FATAL, bit));

		link |= (ref_scope(AER_FATAL, 1U << bit) == AER_SCOPE_LINK) * (1U << bit);
		for (i = 0; i < ARRAY_SIZE(with_header); i++)
			header |= !strcmp(name, with_header[i]) * (1U << bit);
		for (i = 0; i < ARRAY_SIZE(without); i++)
			assert_that(strcmp(name, without[i]) ||
				    !(aer_header_bits() & 1U << bit), "bit %u", bit);
		assert_that(ref_bit_name(AER_FATAL, bit) || !(aer_header_bits() & 1U << bit),
			    "bit %u is none", bit);
	}
	assert_int_equal(aer_link_bits(), link);
	assert_int_equal(aer_header_bits() & header, header);
}

/* A masked bit is as one that is not there, whatever the others are. */
static void masked_never_counts(void **state)
{
	unsigned int i, a, b;

	for (i = 0; i < ARRAY_SIZE(severities); i++)
		for (a = 0; a < 32; a++)
			for (b = 0; b < 32; b++) {
				struct aer_record rec = {
					.severity = severities[i],
					.status = 1U << a | 1U << b,
					.mask = 1U << a,
				};
				u32 left = rec.status & ~rec.mask;

				assert_int_equal(aer_active(&rec), left);
				assert_string_equal(aer_layer_name(&rec),
						    ref_layer(rec.severity, left));
				assert_string_equal(aer_agent_name(&rec),
						    ref_agent(rec.severity, left));
				rec.mask = ~0;
				assert_int_equal(aer_active(&rec), 0);
				assert_string_equal(aer_layer_name(&rec), "Transaction Layer");
				assert_string_equal(aer_agent_name(&rec), "Receiver ID");
			}
}

static void check_root(u32 status, u32 source)
{
	struct aer_root_event got[AER_ROOT_EVENTS + 1], want[AER_ROOT_EVENTS];
	unsigned int n, m, i;

	memset(got, 0xa5, sizeof(got));
	memset(want, 0, sizeof(want));
	n = aer_decode_root(status, source, got);
	m = ref_root(status, source, want);
	assert_that(n == m, "status %02x: %u events, not %u", status, n, m);
	for (i = 0; i < n; i++) {
		assert_int_equal(got[i].severity, want[i].severity);
		assert_int_equal(got[i].id, want[i].id);
		assert_int_equal(got[i].multi, want[i].multi);
		assert_int_equal(got[i].mixed, want[i].mixed);
	}
	/* nothing is written past the last event there may be */
	for (i = 0; i < sizeof(got[0]); i++)
		assert_int_equal(((u8 *)&got[AER_ROOT_EVENTS])[i], 0xa5);
}

static void root_status(void **state)
{
	static const u32 sources[] = { 0, 0x01000010, 0xffff0000, 0x0000ffff, ~0 };
	unsigned int i;
	u32 status;

	for (status = 0; status < 1 << 7; status++)
		for (i = 0; i < ARRAY_SIZE(sources); i++)
			check_root(status, sources[i]);
}

/* The number of the interrupt's message, and reserved bits, do not matter. */
static void root_status_other_bits(void **state)
{
	u32 status, other;

	for (status = 0; status < 1 << 7; status++)
		for (other = 0x80; other; other <<= 1)
			check_root(status | other, 0x12345678);
}

/* No message is lost, and none is made up. */
static void root_status_any_message(void **state)
{
	struct aer_root_event got[AER_ROOT_EVENTS];
	u32 status;

	for (status = 0; status < 1 << 7; status++) {
		unsigned int n = aer_decode_root(status, 0x12345678, got), i;
		bool cor = false, uncor = false;

		for (i = 0; i < n; i++) {
			cor |= got[i].severity == AER_CORRECTABLE;
			uncor |= got[i].severity != AER_CORRECTABLE;
		}
		assert_int_equal(cor, !!(status & 0x03));
		assert_int_equal(uncor, !!(status & 0x0c));
	}
}

/* Firmware's copy of the registers: of each severity its own, and no header of a masked one */
static void copies_of_registers(void **state)
{
	struct aer_capability_regs regs = {
		.cor_status = 0x3000,
		.cor_mask = 0x2000,
		.header_log = { .dw = { 1, 2, 3, 4 } },
	};
	struct aer_record rec;
	unsigned int a, b;

	for (a = 0; a < 32; a++)
		for (b = 0; b < 32; b++) {
			bool header = a != b && aer_header_bits() & 1U << a;

			regs.uncor_status = 1U << a | 1U << b;
			regs.uncor_mask = 1U << b;
			regs.cap_control = 0xffffffe0 | a;
			aer_record_of_regs(&rec, AER_NONFATAL, &regs);
			assert_int_equal(rec.severity, AER_NONFATAL);
			assert_int_equal(rec.status, regs.uncor_status);
			assert_int_equal(rec.mask, regs.uncor_mask);
			assert_int_equal(rec.first, a);
			assert_that(rec.has_header == header, "bit %u, %u masked", a, b);
			assert_memory_equal(rec.tlp.dw, regs.header_log.dw,
					    4 * sizeof(rec.tlp.dw[0]));
			aer_record_of_regs(&rec, AER_CORRECTABLE, &regs);
			assert_int_equal(rec.severity, AER_CORRECTABLE);
			assert_int_equal(rec.status, 0x3000);
			assert_int_equal(rec.mask, 0x2000);
			assert_int_equal(rec.first, AER_NO_FIRST);
			assert_false(rec.has_header);
		}
}

static bool is_among(const char *name, const char * const *names, unsigned int n)
{
	unsigned int i;

	for (i = 0; name && i < n; i++)
		if (!strcmp(name, names[i]))
			return true;
	return false;
}

/* Sec 6.2.3.2.4 by name; all others always have a message of their own. */
static void advisory_errors(void **state)
{
	static const char * const always[] = {
		"UnxCmplt", "AtomicOpBlocked", "DMWrReqBlocked",
	};
	static const char * const maybe[] = {
		"TLP", "CmpltTO", "CmpltAbrt", "ECRC", "UnsupReq", "ACSViol",
		"TLPBlockedErr", "PoisonTLPBlocked", "PCRC_CHECK",
	};
	unsigned int bit;

	for (bit = 0; bit < 32; bit++) {
		const char *name = ref_bit_name(AER_NONFATAL, bit);
		bool is_always = is_among(name, always, ARRAY_SIZE(always));
		bool is_maybe = is_among(name, maybe, ARRAY_SIZE(maybe));

		assert_that(aer_advisory_of(1U << bit, true) == (is_always ? 1U << bit : 0),
			    "bit %u", bit);
		assert_that(aer_advisory_of(1U << bit, false) ==
			    (is_always || is_maybe ? 1U << bit : 0), "bit %u", bit);
		/* each bit for itself */
		assert_int_equal(aer_advisory_of(~0U, false) & 1U << bit,
				 aer_advisory_of(1U << bit, false));
	}
	assert_int_equal(aer_advisory_of(0, false), 0);
}

int main(void)
{
	const struct user_test tests[] = {
		cmocka_unit_test(each_bit),
		cmocka_unit_test(no_bit_above),
		cmocka_unit_test(names_differ),
		cmocka_unit_test(severity_names),
		cmocka_unit_test(nothing),
		cmocka_unit_test(bits_together),
		cmocka_unit_test(link_beats_function),
		cmocka_unit_test(link_and_header_bits),
		cmocka_unit_test(aftermath_bits),
		cmocka_unit_test(masked_never_counts),
		cmocka_unit_test(copies_of_registers),
		cmocka_unit_test(advisory_errors),
		cmocka_unit_test(root_status),
		cmocka_unit_test(root_status_other_bits),
		cmocka_unit_test(root_status_any_message),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
