// SPDX-License-Identifier: GPL-2.0
/*
 * AER on the mock hierarchy: who sent a message? Sources that are sane, several
 * at once, bogus, gone, or do not stop.
 */
#include <kunit/test.h>
#include <linux/array_size.h>
#include <linux/bitfield.h>
#include <linux/bits.h>
#include <linux/delay.h>
#include <linux/irqflags.h>
#include <linux/minmax.h>
#include <linux/pci.h>

#include "../internal.h"
#include "aer_util.h"

#define UNCOR_STATUS	(PCI_MOCK_AER + PCI_ERR_UNCOR_STATUS)
#define COR_STATUS	(PCI_MOCK_AER + PCI_ERR_COR_STATUS)
#define ROOT_STATUS	(PCI_MOCK_AER + PCI_ERR_ROOT_STATUS)

/* Errors of so many VFs before the Root Port's interrupt can be taken */
static void raise_together(struct at *at, unsigned int first, unsigned int n, u32 bits)
{
	unsigned long flags;
	unsigned int i;

	local_irq_save(flags);
	for (i = first; i < first + n; i++)
		pci_mock_raise(at->mock, 0, i, bits, 0, NULL);
	local_irq_restore(flags);
}

static void one_error_is_looked_for_in_one_place(struct kunit *test)
{
	struct at *at = at_device(test);
	struct pci_mock_stats stats;
	unsigned int i;

	KUNIT_EXPECT_EQ(test, 0, mt_store(at->vf[1], "containment/policy", "report"));
	pci_mock_stats_reset(at->mock);
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 1, AT_ABORT, 0, NULL));
	KUNIT_ASSERT_TRUE(test, at_errors_reach(at->vf[1], "nonfatal", 1, 5000));
	/* status, capability for the first error, four words of header */
	KUNIT_EXPECT_EQ(test, 6, pci_mock_reads_of(at->mock, 0, 1));
	/* its status, and Device Status */
	KUNIT_EXPECT_EQ(test, 2, pci_mock_writes_of(at->mock, 0, 1));
	/* the mask and the severities that the VF shares */
	KUNIT_EXPECT_EQ(test, 2, pci_mock_reads_of(at->mock, 0, AT_PF));
	for (i = 0; i < at->vfs; i++)
		if (i != 1)
			KUNIT_EXPECT_EQ(test, 0, pci_mock_reads_of(at->mock, 0, i));
	pci_mock_stats_read(at->mock, &stats);
	KUNIT_EXPECT_EQ(test, 1, stats.interrupts);
}

static const unsigned int together[] = { 2, 6, 8, 64 };

static void together_desc(const unsigned int *n, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%u VFs", *n);
}

KUNIT_ARRAY_PARAM(together, together, together_desc);

static void errors_of_many_at_once_are_all_found(struct kunit *test)
{
	unsigned int n = *(const unsigned int *)test->param_value, i;
	struct pci_mock_params p;
	struct at *at;

	at_params(&p, n);
	at = at_create(test, &p);
	at->mock->drv.vote = PCI_ERS_RESULT_NEED_RESET;
	raise_together(at, 0, n, AT_ABORT);
	for (i = 0; i < n; i++) {
		KUNIT_EXPECT_TRUE_MSG(test, at_errors_reach(at->vf[i], "resets", 1, 5000),
				      "VF %u was not reset", i);
		KUNIT_EXPECT_EQ(test, 1, at_errors(at->vf[i], "nonfatal"));
	}
	KUNIT_EXPECT_TRUE(test, at_settled(at));
	KUNIT_EXPECT_EQ(test, 0, at_calls(at, AT_PF));
	KUNIT_EXPECT_EQ(test, 0, at_errors(at->pf, "nonfatal"));
}

/* An old error, of which no message could come, is not this message's. */
static void stale_status_is_nobodys_error(struct kunit *test)
{
	struct at *at = at_device(test);

	/* masked: it was logged, and never told */
	pci_mock_force(at->mock, 0, AT_PF, PCI_MOCK_AER + PCI_ERR_UNCOR_MASK, 4,
		       PCI_ERR_UNC_POISON_TLP);
	pci_mock_force(at->mock, 0, 3, UNCOR_STATUS, 4, PCI_ERR_UNC_POISON_TLP);
	raise_together(at, 0, 2, AT_ABORT);
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[0], "contained", 1, 5000));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[1], "contained", 1, 5000));
	KUNIT_EXPECT_TRUE(test, at_settled(at));
	KUNIT_EXPECT_EQ(test, 0, at_errors(at->vf[3], "nonfatal"));
	KUNIT_EXPECT_EQ(test, 0, at_calls(at, 3));
}

static void fatal_and_nonfatal_at_once_are_told_apart(struct kunit *test)
{
	struct at *at = at_device(test);
	unsigned long flags;

	at_set_fatal(at, PCI_ERR_UNC_POISON_TLP);
	local_irq_save(flags);
	pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL);
	pci_mock_raise(at->mock, 0, 1, PCI_ERR_UNC_POISON_TLP, 0, NULL);
	local_irq_restore(flags);
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[0], "nonfatal", 1, 5000));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[1], "fatal", 1, 5000));
	KUNIT_EXPECT_EQ(test, 0, at_errors(at->vf[0], "fatal"));
	KUNIT_EXPECT_EQ(test, 0, at_errors(at->vf[1], "nonfatal"));
	KUNIT_EXPECT_TRUE(test, at_settled(at));
}

struct id_case {
	const char *name;
	u16 id;
	enum pci_mock_msg msg;
};

static const struct id_case id_cases[] = {
	{ "no function there", 0x0177, PCI_MOCK_NONFATAL },
	{ "no bus there", 0xfe08, PCI_MOCK_FATAL },
	{ "zero", 0, PCI_MOCK_NONFATAL },
	{ "zero, correctable", 0, PCI_MOCK_COR },
	{ "a VF that has no error", 0x0108, PCI_MOCK_FATAL },
	{ "the PF, which has none", 0x0100, PCI_MOCK_NONFATAL },
};

static void id_desc(const struct id_case *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(id, id_cases, id_desc);

static void messages_that_fit_nobody_are_pinned_on_nobody(struct kunit *test)
{
	const struct id_case *c = test->param_value;
	struct at *at = at_device(test);
	unsigned int i;

	KUNIT_ASSERT_EQ(test, 1, pci_mock_message(at->mock, c->id, c->msg));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->port, "unattributed", 1, 5000));
	msleep(20);
	KUNIT_EXPECT_EQ(test, 0, at_calls(at, AT_PF));
	for (i = 0; i < at->vfs; i++)
		KUNIT_EXPECT_EQ(test, 0, at_calls(at, i));
	KUNIT_EXPECT_TRUE(test, at_settled(at));
	/* and the next one that fits is answered */
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[0], "contained", 1, 5000));
}

static void a_port_that_loses_the_bus_number_is_helped(struct kunit *test)
{
	struct at *at = at_device(test);

	/* the message comes with ID 0; the status is there to be found */
	pci_mock_force(at->mock, 0, 2, UNCOR_STATUS, 4, AT_ABORT);
	KUNIT_ASSERT_EQ(test, 1, pci_mock_message(at->mock, 0, PCI_MOCK_NONFATAL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[2], "contained", 1, 5000));
	KUNIT_EXPECT_EQ(test, 0, at_errors(at->port, "unattributed"));
	KUNIT_EXPECT_TRUE(test, at_settled(at));
}

/* A bridge that hides IDs, as VMD: which messages, which ID they have, what is marked */
struct hidden_case {
	const char *name;
	u16 id;
	bool secondary_only;	/* the mark is on the bus below the port alone */
	bool no_aer;		/* VFs have no AER */
};

static const struct hidden_case hidden_cases[] = {
	{ "ID of no bus", 0xae00 },
	{ "ID of no bus, only the bus below marked", 0xae00, true },
	{ "ID 0", 0 },
	{ "ID of the port", 0x0000, true },
	{ "ID of another root port", 0x0008 },
	{ "ID of the PF, which is well", 0x0100 },
	{ "ID of a VF, which is well", 0x010b, true },
	{ "VFs without AER", 0xae00, false, true },
};

static void hidden_desc(const struct hidden_case *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(hidden, hidden_cases, hidden_desc);

static struct at *hidden_device(struct kunit *test, u16 vfs)
{
	const struct hidden_case *c = test->param_value;
	struct pci_mock_params p;
	struct at *at;

	at_params(&p, vfs);
	p.hides_ids = true;
	p.hidden_id = c->id;
	p.vf_no_aer = c->no_aer;
	at = at_create(test, &p);
	if (c->secondary_only)
		at->port->bus->bus_flags &= ~PCI_BUS_FLAGS_NO_AERSID;
	KUNIT_ASSERT_TRUE(test, at->pf->bus->bus_flags & PCI_BUS_FLAGS_NO_AERSID);
	return at;
}

static void below_a_bridge_that_hides_ids_each_error_is_found(struct kunit *test)
{
	struct at *at = hidden_device(test, AT_VFS);
	u64 missed = at_errors(at->port, "unattributed");

	at_set_fatal(at, PCI_ERR_UNC_POISON_TLP);
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, 0, PCI_ERR_COR_BAD_TLP, NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[0], "correctable", 1, 5000));
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 1, AT_ABORT, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[1], "nonfatal", 1, 5000));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[1], "contained", 1, 5000));
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 2, PCI_ERR_UNC_POISON_TLP, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[2], "fatal", 1, 5000));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[2], "resets", 1, 5000));
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, AT_PF, 0, PCI_ERR_COR_BAD_TLP, NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->pf, "correctable", 1, 5000));
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, PCI_MOCK_PORT_FN, 0, 0,
						PCI_ERR_COR_RCVR, NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->port, "correctable", 1, 5000));
	KUNIT_EXPECT_TRUE(test, at_settled(at));
	KUNIT_EXPECT_EQ(test, 0, at_calls(at, 3));
	KUNIT_EXPECT_EQ(test, 1, at_errors(at->vf[0], "correctable"));
	KUNIT_EXPECT_EQ(test, 1, at_errors(at->vf[1], "nonfatal"));
	KUNIT_EXPECT_EQ(test, missed, at_errors(at->port, "unattributed"));
}

/* Several at once, in one interrupt and in one each */
static void below_a_bridge_that_hides_ids_all_of_several_are_found(struct kunit *test)
{
	const struct hidden_case *c = test->param_value;
	struct at *at = hidden_device(test, 8);
	unsigned int i;

	if (c->no_aer)
		kunit_skip(test, "of several without AER nobody can say who it was");
	raise_together(at, 0, 3, AT_ABORT);
	for (i = 3; i < at->vfs; i++)
		pci_mock_raise(at->mock, 0, i, AT_ABORT, 0, NULL);
	for (i = 0; i < at->vfs; i++) {
		KUNIT_EXPECT_TRUE_MSG(test, at_errors_reach(at->vf[i], "contained", 1, 5000),
				      "VF %u was not found", i);
		KUNIT_EXPECT_EQ(test, 1, at_errors(at->vf[i], "contained"));
	}
	KUNIT_EXPECT_TRUE(test, at_settled(at));
	KUNIT_EXPECT_EQ(test, 0, at_calls(at, AT_PF));
	KUNIT_EXPECT_EQ(test, 0, at_errors(at->port, "unattributed"));
	/* what fits nobody is still pinned on nobody */
	KUNIT_ASSERT_EQ(test, 1, pci_mock_message(at->mock, c->id, PCI_MOCK_FATAL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->port, "unattributed", 1, 5000));
	KUNIT_EXPECT_EQ(test, 0, at_errors(at->pf, "link_resets"));
}

/* Nobody says who sent it, but only one way is broken. */
static void a_hidden_fatal_error_of_a_function_out_of_reach_is_answered(struct kunit *test)
{
	struct pci_mock_params p;
	struct at *at;

	at_params(&p, AT_VFS);
	p.hides_ids = true;
	at = at_create(test, &p);
	pci_mock_set_link_down(at->mock, true);
	KUNIT_ASSERT_EQ(test, 1, pci_mock_message(at->mock, 0xae00, PCI_MOCK_FATAL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->pf, "fatal", 1, 5000));
	pci_mock_set_link_down(at->mock, false);
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->pf, "link_resets", 1, 5000));
	KUNIT_EXPECT_EQ(test, 0, at_errors(at->port, "unattributed"));
}

static void headers_are_told_from_lost_ones(struct kunit *test)
{
	static const u32 header[4] = { 0x04000001, 0x0000000f, 0x01080000, 0 };
	static const u32 lost[4] = { ~0, ~0, ~0, ~0 };
	struct aer_record rec = { .severity = AER_NONFATAL };
	struct at *at = at_device(test);

	/* nobody is to clear it before it was looked at */
	pci_mock_force(at->mock, PCI_MOCK_PORT_FN, 0, PCI_MOCK_AER + PCI_ERR_ROOT_COMMAND, 4, 0);
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, header));
	KUNIT_EXPECT_TRUE(test, aer_read_record(at->vf[0], &rec));
	KUNIT_EXPECT_TRUE(test, rec.has_header);
	KUNIT_EXPECT_FALSE(test, rec.header_lost);
	KUNIT_EXPECT_EQ(test, rec.first, 15);
	KUNIT_EXPECT_MEMEQ(test, rec.tlp.dw, header, sizeof(header));

	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 1, AT_ABORT, 0, lost));
	KUNIT_EXPECT_TRUE(test, aer_read_record(at->vf[1], &rec));
	KUNIT_EXPECT_FALSE(test, rec.has_header);
	KUNIT_EXPECT_TRUE(test, rec.header_lost);

	/* an error that comes without a header */
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 2, PCI_ERR_UNC_COMP_TIME, 0, NULL));
	KUNIT_EXPECT_TRUE(test, aer_read_record(at->vf[2], &rec));
	KUNIT_EXPECT_FALSE(test, rec.has_header);
	KUNIT_EXPECT_FALSE(test, rec.header_lost);
}

#define ERR_CAP		(PCI_MOCK_AER + PCI_ERR_CAP)
#define POISONED	12	/* bit of PCI_ERR_UNC_POISON_TLP */

/* A log of the PF that nobody is told of, and so nobody clears */
static void force_log(struct at *at, u32 cap)
{
	unsigned int i;

	pci_mock_force(at->mock, 0, AT_PF, UNCOR_STATUS, 4, BIT(POISONED));
	pci_mock_force(at->mock, 0, AT_PF, ERR_CAP, 4, cap | POISONED);
	for (i = 0; i < 4; i++)
		pci_mock_force(at->mock, 0, AT_PF, PCI_MOCK_AER + PCI_ERR_HEADER_LOG + i * 4,
			       4, 0x100 + i);
	for (i = 0; i < 4; i++)
		pci_mock_force(at->mock, 0, AT_PF, PCI_MOCK_AER + PCI_ERR_PREFIX_LOG + i * 4,
			       4, 0x104 + i);
}

/*
 * In flit mode the device says how long the log is, from 0 to 31 double words. What
 * there is room for is read, and no register that is no part of the log.
 */
static void the_length_of_a_header_in_flit_mode_is_checked(struct kunit *test)
{
	struct pci_mock_fault beyond = {
		.kinds = BIT(PCI_MOCK_PF), .pf = 0, .dir = PCI_MOCK_READ, .nth = 1,
		.sticky = true, .action = PCI_MOCK_DATA,
	};
	struct aer_record rec = { .severity = AER_NONFATAL };
	const unsigned int room = ARRAY_SIZE(rec.tlp.dw);
	struct at *at = at_device(test);
	unsigned int len, known, i;

	beyond.lo = PCI_MOCK_AER + PCI_ERR_PREFIX_LOG + (room - 4) * 4;
	beyond.hi = PCI_CFG_SPACE_EXP_SIZE - 1;
	for (len = 0; len < 32; len++) {
		force_log(at, PCI_ERR_CAP_TLP_LOG_FLIT |
			  FIELD_PREP(PCI_ERR_CAP_TLP_LOG_SIZE, len));
		rec.severity = AER_NONFATAL;
		pci_mock_fault_add(at->mock, &beyond);
		KUNIT_EXPECT_TRUE(test, aer_read_record(at->pf, &rec));
		pci_mock_fault_del(at->mock, &beyond);
		KUNIT_EXPECT_EQ(test, 0, beyond.hits);
		if (room == 4)
			continue;	/* this kernel keeps the first four, whatever the mode */
		KUNIT_EXPECT_EQ(test, len > 0, rec.has_header);
		known = min3(len, 8U, room);
		for (i = 0; i < known; i++)
			KUNIT_EXPECT_EQ(test, 0x100 + i, rec.tlp.dw[i]);
		for (i = len; i < room; i++)
			KUNIT_EXPECT_EQ(test, 0, rec.tlp.dw[i]);
	}
}

static void prefixes_are_read_with_the_header(struct kunit *test)
{
	const struct pci_mock_poke two_prefixes[] = {
		{ PCI_MOCK_EXP + PCI_EXP_DEVCAP2, 4, PCI_EXP_DEVCAP2_EE_PREFIX | 2 << 22 },
		{ }
	};
	struct aer_record rec = { .severity = AER_NONFATAL };
	const unsigned int room = ARRAY_SIZE(rec.tlp.dw), known = min(6U, room);
	struct pci_mock_params p;
	struct at *at;
	unsigned int i;

	if (room == 4)
		kunit_skip(test, "this kernel's log of a TLP has no room for prefixes");
	at_params(&p, AT_VFS);
	p.root_port = false;
	p.rcec = true;
	p.pf_poke = two_prefixes;
	at = at_create(test, &p);
	/* those that the function can have, if there are any */
	force_log(at, PCI_ERR_CAP_PREFIX_LOG_PRESENT);
	KUNIT_EXPECT_TRUE(test, aer_read_record(at->pf, &rec));
	KUNIT_EXPECT_TRUE(test, rec.has_header);
	for (i = 0; i < known; i++)
		KUNIT_EXPECT_EQ(test, 0x100 + i, rec.tlp.dw[i]);
	for (i = known; i < room; i++)
		KUNIT_EXPECT_EQ(test, 0, rec.tlp.dw[i]);
	force_log(at, 0);
	rec.severity = AER_NONFATAL;
	KUNIT_EXPECT_TRUE(test, aer_read_record(at->pf, &rec));
	for (i = 4; i < room; i++)
		KUNIT_EXPECT_EQ(test, 0, rec.tlp.dw[i]);
}

/* A completion time-out has a header where the function can log that of the request. */
static void some_log_the_header_of_a_time_out(struct kunit *test)
{
	const unsigned int bit = 14;	/* PCI_ERR_UNC_COMP_TIME */
	struct aer_record rec = { .severity = AER_NONFATAL };
	struct at *at = at_device(test);

	force_log(at, 0);
	pci_mock_force(at->mock, 0, AT_PF, UNCOR_STATUS, 4, BIT(bit));
	pci_mock_force(at->mock, 0, AT_PF, ERR_CAP, 4, bit);
	KUNIT_EXPECT_TRUE(test, aer_read_record(at->pf, &rec));
	KUNIT_EXPECT_FALSE(test, rec.has_header);
	pci_mock_force(at->mock, 0, AT_PF, ERR_CAP, 4, bit | PCI_ERR_CAP_COMP_TIME_LOG);
	KUNIT_EXPECT_TRUE(test, aer_read_record(at->pf, &rec));
	KUNIT_EXPECT_TRUE(test, rec.has_header);
	KUNIT_EXPECT_EQ(test, 0x100, rec.tlp.dw[0]);
}

static struct pci_mock_fault all_ones_of(enum pci_mock_kind kind, u16 where)
{
	return (struct pci_mock_fault){
		.kinds = BIT(kind), .pf = PCI_MOCK_ANY_FN, .vf = PCI_MOCK_ANY_FN,
		.lo = where, .hi = where, .dir = PCI_MOCK_READ, .nth = 1,
		.sticky = true, .action = PCI_MOCK_DATA, .data = ~0, .mask = ~0,
	};
}

static void a_root_port_that_is_gone_says_nothing(struct kunit *test)
{
	struct pci_mock_fault gone = all_ones_of(PCI_MOCK_PORT, ROOT_STATUS);
	struct at *at = at_device(test);

	pci_mock_fault_add(at->mock, &gone);
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL));
	msleep(100);
	pci_mock_fault_del(at->mock, &gone);
	KUNIT_EXPECT_GE(test, gone.hits, 1);
	KUNIT_EXPECT_EQ(test, 0, at_errors(at->vf[0], "nonfatal"));
	KUNIT_EXPECT_EQ(test, 0, at_errors(at->port, "unattributed"));
}

static void a_function_that_is_gone_is_no_culprit(struct kunit *test)
{
	struct pci_mock_fault gone = all_ones_of(PCI_MOCK_VF, UNCOR_STATUS);
	struct at *at = at_device(test);

	pci_mock_fault_add(at->mock, &gone);
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->port, "unattributed", 1, 5000));
	pci_mock_fault_del(at->mock, &gone);
	KUNIT_EXPECT_EQ(test, 0, at_errors(at->vf[0], "nonfatal"));
}

static void a_root_status_that_never_clears_is_left_alone_for_a_while(struct kunit *test)
{
	struct pci_mock_fault stuck = {
		.kinds = BIT(PCI_MOCK_PORT), .pf = PCI_MOCK_ANY_FN, .vf = PCI_MOCK_ANY_FN,
		.lo = ROOT_STATUS, .hi = ROOT_STATUS, .dir = PCI_MOCK_WRITE, .nth = 1,
		.sticky = true, .action = PCI_MOCK_DROP,
	};
	struct at *at = at_device(test);

	KUNIT_EXPECT_EQ(test, 0, mt_store(at->vf[0], "containment/policy", "report"));
	pci_mock_fault_add(at->mock, &stuck);
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->port, "stuck", 3, 5000));
	/* ten looks a second, not a million */
	KUNIT_EXPECT_LT(test, stuck.hits, 16 * 50);
	pci_mock_fault_del(at->mock, &stuck);

	/* whole again: the next error is heard, from another function at that */
	msleep(300);
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 1, AT_ABORT, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[1], "contained", 1, 5000));
	/* what was read again and again is one error, or counted for what was read */
	KUNIT_EXPECT_LE(test, at_errors(at->vf[0], "nonfatal"), 16);
}

static void a_status_of_a_function_that_never_clears_is_its_own_affair(struct kunit *test)
{
	struct pci_mock_fault stuck = {
		.kinds = BIT(PCI_MOCK_VF), .pf = 0, .vf = 0,
		.lo = UNCOR_STATUS, .hi = UNCOR_STATUS, .dir = PCI_MOCK_WRITE, .nth = 1,
		.sticky = true, .action = PCI_MOCK_DROP,
	};
	struct at *at = at_device(test);
	unsigned int i;

	at_bind(test, at->vf[0], "pci-mock-vf-dma");
	pci_mock_fault_add(at->mock, &stuck);
	for (i = 0; i < 8; i++) {
		pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL);
		msleep(250);
	}
	KUNIT_EXPECT_TRUE(test, at_state_is(at->vf[0], "quarantined", 5000));
	pci_mock_fault_del(at->mock, &stuck);
	/* from then on it is not even looked at when others have several errors */
	pci_mock_stats_reset(at->mock);
	raise_together(at, 1, 2, AT_ABORT);
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[1], "contained", 1, 5000));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[2], "contained", 1, 5000));
	KUNIT_EXPECT_EQ(test, 0, pci_mock_reads_of(at->mock, 0, 0));
}

/* A message between reading and clearing the status raises no interrupt. */
struct late_message {
	struct pci_mock *mock;
	unsigned int left;
};

static void raise_at_status_read(void *ctx, enum pci_mock_kind kind, unsigned int pf,
				 unsigned int vf, int where, int size, u8 dir, u32 val)
{
	struct late_message *late = ctx;

	if (kind != PCI_MOCK_PORT || where != ROOT_STATUS || dir != PCI_MOCK_READ ||
	    !val || !late->left)
		return;
	late->left--;
	pci_mock_raise_locked(late->mock, 0, late->left, AT_ABORT, 0, NULL);
}

static void no_message_is_the_last_that_is_heard(struct kunit *test)
{
	struct at *at = at_device(test);
	struct late_message late = { .mock = at->mock, .left = 3 };
	unsigned int i;

	pci_mock_set_observer(at->mock, raise_at_status_read, &late);
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 3, AT_ABORT, 0, NULL));
	for (i = 0; i < AT_VFS; i++)
		KUNIT_EXPECT_TRUE_MSG(test, at_errors_reach(at->vf[i], "contained", 1, 5000),
				      "VF %u was not heard", i);
	pci_mock_set_observer(at->mock, NULL, NULL);
	KUNIT_EXPECT_TRUE(test, at_settled(at));
	KUNIT_EXPECT_EQ(test, 0, pci_mock_peek(at->mock, PCI_MOCK_PORT_FN, 0, ROOT_STATUS, 4));
}

static void a_vf_without_aer_is_contained_by_its_device_status(struct kunit *test)
{
	struct pci_mock_params p;
	struct at *at;

	at_params(&p, AT_VFS);
	p.vf_no_aer = true;
	at = at_create(test, &p);
	at_bind(test, at->vf[0], "pci-mock-vf-dma");
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[0], "resets", 1, 5000));
	KUNIT_EXPECT_TRUE(test, at_settled(at));
	KUNIT_EXPECT_EQ(test, 0, at_calls(at, 1));
}

static void integrated_endpoints_report_to_their_collector(struct kunit *test)
{
	struct pci_mock_params p;
	struct at *at;

	at_params(&p, AT_VFS);
	p.root_port = false;
	p.rcec = true;
	at = at_create(test, &p);
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 1, AT_ABORT, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[1], "contained", 1, 5000));
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, AT_PF, AT_ABORT, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->pf, "contained", 1, 5000));
	KUNIT_EXPECT_TRUE(test, at_settled(at));
	/* there is no link that could be reset: the function is all there is */
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, AT_PF, AT_MALFORMED, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->pf, "resets", 1, 5000));
	KUNIT_EXPECT_TRUE(test, at_settled(at));
	KUNIT_EXPECT_EQ(test, AT_VFS, pci_num_vf(at->pf));
}

static void errors_of_the_port_itself_are_found(struct kunit *test)
{
	struct at *at = at_device(test);

	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, PCI_MOCK_PORT_FN, 0,
						PCI_ERR_UNC_COMP_TIME, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->port, "nonfatal", 1, 5000));
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, PCI_MOCK_PORT_FN, 0, 0,
						PCI_ERR_COR_RCVR, NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->port, "correctable", 1, 5000));
	/* who was meant by a time-out that the port saw is not known */
	KUNIT_EXPECT_EQ(test, 0, at_calls(at, AT_PF));
	KUNIT_EXPECT_EQ(test, 0, at_calls(at, 0));
}

static u32 cor_mask_of(struct at *at, unsigned int pf, int vf)
{
	return pci_mock_peek(at->mock, pf, vf, PCI_MOCK_AER + PCI_ERR_COR_MASK, 4);
}

/* Masked they are after a reset: who does not unmask them never hears of them. */
static void advisory_errors_are_unmasked(struct kunit *test)
{
	struct at *at = at_device(test);

	KUNIT_EXPECT_EQ(test, 0, cor_mask_of(at, 0, AT_PF));
	KUNIT_EXPECT_EQ(test, 0, cor_mask_of(at, PCI_MOCK_PORT_FN, 0));
	KUNIT_EXPECT_EQ(test, 0, pci_reset_function(at->pf));
	KUNIT_EXPECT_EQ(test, 0, cor_mask_of(at, 0, AT_PF));
}

/* Those of functions that have none are not touched, nor is what reads all ones. */
static void only_who_has_advisory_errors_unmasks_them(struct kunit *test)
{
	const struct pci_mock_poke poke[] = {
		{ PCI_MOCK_EXP + PCI_EXP_DEVCAP, 4, PCI_EXP_DEVCAP_FLR },
		{ }
	};
	struct pci_mock_params p;
	struct at *at;

	at_params(&p, AT_VFS);
	p.pf_poke = poke;
	at = at_create(test, &p);
	KUNIT_EXPECT_EQ(test, PCI_ERR_COR_ADV_NFAT, cor_mask_of(at, 0, AT_PF));
	KUNIT_EXPECT_EQ(test, 0, cor_mask_of(at, PCI_MOCK_PORT_FN, 0));
}

/*
 * An advisory error is reported as correctable and as what it is, leaves nothing
 * behind that the next one is taken for, and nobody is reset for it.
 */
static void an_advisory_error_is_told_as_what_it_is(struct kunit *test)
{
	struct at *at = at_device(test);

	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, AT_ABORT,
						PCI_ERR_COR_ADV_NFAT, NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[0], "correctable", 1, 5000));
	KUNIT_EXPECT_EQ(test, 1, at_errors(at->vf[0], "nonfatal"));
	KUNIT_EXPECT_EQ(test, 1, at_bit(at->vf[0], "aer_dev_correctable", "NonFatalErr"));
	KUNIT_EXPECT_EQ(test, 1, at_bit(at->vf[0], "aer_dev_nonfatal", "CmpltAbrt"));
	KUNIT_EXPECT_TRUE(test, at_settled(at));
	KUNIT_EXPECT_EQ(test, 0, pci_mock_peek(at->mock, 0, 0, UNCOR_STATUS, 4));
	KUNIT_EXPECT_EQ(test, 0, pci_mock_peek(at->mock, 0, 0, COR_STATUS, 4));
	KUNIT_EXPECT_EQ(test, 0, at_errors(at->vf[0], "contained"));
	KUNIT_EXPECT_EQ(test, 0, at_errors(at->vf[0], "resets"));
}

/* What is never advisory stays, and with a fatal severity nothing is. */
static void not_every_error_is_advisory(struct kunit *test)
{
	struct at *at = at_device(test);

	at_set_fatal(at, AT_ABORT);
	pci_mock_force(at->mock, 0, 0, UNCOR_STATUS, 4, AT_ABORT | PCI_ERR_UNC_MCBTLP);
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, 0, PCI_ERR_COR_ADV_NFAT,
						NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[0], "correctable", 1, 5000));
	KUNIT_EXPECT_TRUE(test, at_settled(at));
	KUNIT_EXPECT_EQ(test, 0, at_errors(at->vf[0], "nonfatal"));
	KUNIT_EXPECT_EQ(test, AT_ABORT | PCI_ERR_UNC_MCBTLP,
			pci_mock_peek(at->mock, 0, 0, UNCOR_STATUS, 4));
}

/* A real error in the shadow of an advisory one is not lost with it. */
static void an_advisory_error_hides_no_other(struct kunit *test)
{
	struct at *at = at_device(test);
	unsigned long flags;

	local_irq_save(flags);
	pci_mock_raise(at->mock, 0, 0, AT_ABORT, PCI_ERR_COR_ADV_NFAT, NULL);
	pci_mock_raise(at->mock, 0, 0, PCI_ERR_UNC_COMP_TIME, 0, NULL);
	local_irq_restore(flags);
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[0], "correctable", 1, 5000));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[0], "nonfatal", 1, 5000));
	KUNIT_EXPECT_EQ(test, 1, at_errors(at->vf[0], "contained"));
	KUNIT_EXPECT_EQ(test, 0, at_errors(at->port, "unattributed"));
	KUNIT_EXPECT_TRUE(test, at_settled(at));
}

struct look {
	struct at *at;
	bool over;
};

/*
 * A device that detects a real error after it was asked which it has, and before that
 * is cleared: its message finds nothing, and is still somebody's.
 */
static void real_after_the_look(void *ctx, enum pci_mock_kind kind, unsigned int pf,
				unsigned int vf, int where, int size, u8 dir, u32 val)
{
	struct look *look = ctx;

	if (kind != PCI_MOCK_VF || vf || dir != PCI_MOCK_READ ||
	    where != PCI_MOCK_EXP + PCI_EXP_DEVSTA || look->over)
		return;
	look->over = true;
	pci_mock_raise_locked(look->at->mock, 0, 0, AT_ABORT, 0, NULL);
}

static void an_error_during_the_look_is_not_lost(struct kunit *test)
{
	struct at *at = at_device(test);
	struct look look = { .at = at };

	pci_mock_set_observer(at->mock, real_after_the_look, &look);
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, AT_ABORT,
						PCI_ERR_COR_ADV_NFAT, NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[0], "contained", 1, 5000));
	pci_mock_set_observer(at->mock, NULL, NULL);
	KUNIT_EXPECT_TRUE(test, look.over);
	KUNIT_EXPECT_EQ(test, 0, at_errors(at->port, "unattributed"));
	KUNIT_EXPECT_TRUE(test, at_settled(at));
}

/* Both severities of one function: neither swallows the other. */
static void a_nonfatal_error_swallows_no_fatal_one(struct kunit *test)
{
	struct at *at = at_device(test);
	unsigned long flags;

	at_set_fatal(at, PCI_ERR_UNC_POISON_TLP);
	local_irq_save(flags);
	pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL);
	pci_mock_raise(at->mock, 0, 0, PCI_ERR_UNC_POISON_TLP, 0, NULL);
	local_irq_restore(flags);
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[0], "fatal", 1, 5000));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[0], "nonfatal", 1, 5000));
	KUNIT_EXPECT_EQ(test, 1, at_bit(at->vf[0], "aer_dev_fatal", "TLP"));
	KUNIT_EXPECT_EQ(test, 0, at_bit(at->vf[0], "aer_dev_fatal", "CmpltAbrt"));
	KUNIT_EXPECT_EQ(test, 1, at_bit(at->vf[0], "aer_dev_nonfatal", "CmpltAbrt"));
	KUNIT_EXPECT_TRUE(test, at_settled(at));
}

/* A fatal message of a function that cannot be read: the way to it is broken. */
static void a_fatal_error_of_a_function_out_of_reach_is_answered(struct kunit *test)
{
	struct pci_mock_fault gone = all_ones_of(PCI_MOCK_PF, UNCOR_STATUS);
	struct at *at = at_device(test);

	pci_mock_fault_add(at->mock, &gone);
	KUNIT_ASSERT_EQ(test, 1, pci_mock_message(at->mock, 0x0100, PCI_MOCK_FATAL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->pf, "link_resets", 1, 5000));
	pci_mock_fault_del(at->mock, &gone);
	KUNIT_EXPECT_TRUE(test, at_settled(at));
	KUNIT_EXPECT_EQ(test, 1, at_errors(at->pf, "fatal"));
}

/* A VF's is its own affair: its siblings have a link. */
static void a_fatal_error_of_a_vf_out_of_reach_is_answered(struct kunit *test)
{
	struct pci_mock_fault gone = all_ones_of(PCI_MOCK_VF, UNCOR_STATUS);
	struct at *at = at_device(test);

	gone.vf = 0;
	pci_mock_fault_add(at->mock, &gone);
	KUNIT_ASSERT_EQ(test, 1, pci_mock_message(at->mock, 0x0108, PCI_MOCK_FATAL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[0], "contained", 1, 5000));
	pci_mock_fault_del(at->mock, &gone);
	KUNIT_EXPECT_TRUE(test, at_settled(at));
	KUNIT_EXPECT_EQ(test, 1, at_errors(at->vf[0], "fatal"));
	KUNIT_EXPECT_EQ(test, 0, at_errors(at->pf, "link_resets"));
	KUNIT_EXPECT_EQ(test, 0, at_calls(at, 1));
}

static struct kunit_case source_cases[] = {
	KUNIT_CASE(one_error_is_looked_for_in_one_place),
	KUNIT_CASE_PARAM(errors_of_many_at_once_are_all_found, together_gen_params),
	KUNIT_CASE(stale_status_is_nobodys_error),
	KUNIT_CASE(fatal_and_nonfatal_at_once_are_told_apart),
	KUNIT_CASE_PARAM(messages_that_fit_nobody_are_pinned_on_nobody, id_gen_params),
	KUNIT_CASE(a_port_that_loses_the_bus_number_is_helped),
	KUNIT_CASE_PARAM(below_a_bridge_that_hides_ids_each_error_is_found, hidden_gen_params),
	KUNIT_CASE_PARAM(below_a_bridge_that_hides_ids_all_of_several_are_found,
			 hidden_gen_params),
	KUNIT_CASE(a_hidden_fatal_error_of_a_function_out_of_reach_is_answered),
	KUNIT_CASE(headers_are_told_from_lost_ones),
	KUNIT_CASE(the_length_of_a_header_in_flit_mode_is_checked),
	KUNIT_CASE(prefixes_are_read_with_the_header),
	KUNIT_CASE(some_log_the_header_of_a_time_out),
	KUNIT_CASE(a_root_port_that_is_gone_says_nothing),
	KUNIT_CASE(a_function_that_is_gone_is_no_culprit),
	KUNIT_CASE(a_root_status_that_never_clears_is_left_alone_for_a_while),
	KUNIT_CASE(a_status_of_a_function_that_never_clears_is_its_own_affair),
	KUNIT_CASE(no_message_is_the_last_that_is_heard),
	KUNIT_CASE(a_vf_without_aer_is_contained_by_its_device_status),
	KUNIT_CASE(integrated_endpoints_report_to_their_collector),
	KUNIT_CASE(errors_of_the_port_itself_are_found),
	KUNIT_CASE(advisory_errors_are_unmasked),
	KUNIT_CASE(only_who_has_advisory_errors_unmasks_them),
	KUNIT_CASE(an_advisory_error_is_told_as_what_it_is),
	KUNIT_CASE(not_every_error_is_advisory),
	KUNIT_CASE(an_advisory_error_hides_no_other),
	KUNIT_CASE(an_error_during_the_look_is_not_lost),
	KUNIT_CASE(a_nonfatal_error_swallows_no_fatal_one),
	KUNIT_CASE(a_fatal_error_of_a_function_out_of_reach_is_answered),
	KUNIT_CASE(a_fatal_error_of_a_vf_out_of_reach_is_answered),
	{ }
};

static struct kunit_suite source_suite = {
	.name = "pci_aer_mock_source",
	.suite_init = mt_suite_init,
	.suite_exit = mt_suite_exit,
	.test_cases = source_cases,
};

kunit_test_suite(source_suite);
