// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of the AER decoder. Every bit and every state of Root Error Status is
 * gone through in user space (tools/testing/user); these make sure that the
 * kernel's build of it says the same.
 */
#include <kunit/test.h>
#include <linux/bits.h>
#include <linux/pci_regs.h>

#include "../decode.h"

static void errors_of_the_link_are_known(struct kunit *test)
{
	static const u32 link[] = {
		PCI_ERR_UNC_DLP, PCI_ERR_UNC_SURPDN, PCI_ERR_UNC_FCP,
		PCI_ERR_UNC_RX_OVER, PCI_ERR_UNC_MALF_TLP, PCI_ERR_UNC_ECRC,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(link); i++) {
		KUNIT_EXPECT_EQ(test, aer_scope_of(AER_FATAL, link[i]), AER_SCOPE_LINK);
		/* with one of a function beside it, it is still the link's */
		KUNIT_EXPECT_EQ(test, aer_scope_of(AER_FATAL, link[i] | PCI_ERR_UNC_COMP_ABORT),
				AER_SCOPE_LINK);
	}
}

static void errors_of_a_function_are_known(struct kunit *test)
{
	static const u32 function[] = {
		PCI_ERR_UNC_POISON_TLP, PCI_ERR_UNC_COMP_TIME,
		PCI_ERR_UNC_COMP_ABORT, PCI_ERR_UNC_UNX_COMP, PCI_ERR_UNC_UNSUP,
		PCI_ERR_UNC_ACSV, PCI_ERR_UNC_INTN,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(function); i++)
		KUNIT_EXPECT_EQ(test, aer_scope_of(AER_NONFATAL, function[i]),
				AER_SCOPE_FUNCTION);
	/* bits that nobody has defined are nobody's */
	KUNIT_EXPECT_EQ(test, aer_scope_of(AER_NONFATAL, BIT(1) | BIT(7)), AER_SCOPE_NONE);
	KUNIT_EXPECT_EQ(test, aer_scope_of(AER_NONFATAL, 0), AER_SCOPE_NONE);
}

static void masked_errors_name_nothing(struct kunit *test)
{
	const struct aer_record rec = {
		.severity = AER_FATAL,
		.status = PCI_ERR_UNC_DLP | PCI_ERR_UNC_COMP_ABORT,
		.mask = PCI_ERR_UNC_DLP,
	};

	KUNIT_EXPECT_EQ(test, aer_active(&rec), PCI_ERR_UNC_COMP_ABORT);
	KUNIT_EXPECT_STREQ(test, aer_layer_name(&rec), "Transaction Layer");
	KUNIT_EXPECT_STREQ(test, aer_agent_name(&rec), "Completer ID");
}

static void root_status_gives_both_messages(struct kunit *test)
{
	struct aer_root_event e[AER_ROOT_EVENTS];

	KUNIT_EXPECT_EQ(test, aer_decode_root(0, ~0, e), 0);
	KUNIT_ASSERT_EQ(test, 2, aer_decode_root(PCI_ERR_ROOT_COR_RCV |
			PCI_ERR_ROOT_MULTI_COR_RCV | PCI_ERR_ROOT_UNCOR_RCV |
			PCI_ERR_ROOT_NONFATAL_RCV | PCI_ERR_ROOT_FATAL_RCV, 0x01080110, e));
	KUNIT_EXPECT_EQ(test, e[0].severity, AER_CORRECTABLE);
	KUNIT_EXPECT_EQ(test, e[0].id, 0x0110);
	KUNIT_EXPECT_TRUE(test, e[0].multi);
	KUNIT_EXPECT_EQ(test, e[1].severity, AER_FATAL);
	KUNIT_EXPECT_EQ(test, e[1].id, 0x0108);
	KUNIT_EXPECT_FALSE(test, e[1].multi);
	KUNIT_EXPECT_TRUE(test, e[1].mixed);
}

/* What a message leaves that came between reading and clearing */
static void a_bit_for_several_alone_is_a_message(struct kunit *test)
{
	struct aer_root_event e[AER_ROOT_EVENTS];

	KUNIT_ASSERT_EQ(test, 1, aer_decode_root(PCI_ERR_ROOT_MULTI_UNCOR_RCV, 0x01080110, e));
	KUNIT_EXPECT_TRUE(test, e[0].multi);
	KUNIT_EXPECT_TRUE(test, e[0].mixed);
	KUNIT_EXPECT_EQ(test, e[0].id, 0);
	KUNIT_ASSERT_EQ(test, 1, aer_decode_root(PCI_ERR_ROOT_MULTI_COR_RCV, 0x01080110, e));
	KUNIT_EXPECT_EQ(test, e[0].severity, AER_CORRECTABLE);
	KUNIT_EXPECT_EQ(test, e[0].id, 0);
}

/* A correctable error in the place of a non-fatal one has a record of that, too */
static void advisory_errors_have_a_record(struct kunit *test)
{
	struct aer_record cor = {
		.severity = AER_CORRECTABLE,
		.status = PCI_ERR_COR_ADV_NFAT,
		.first = 20,
		.has_header = true,
		.tlp = { .dw = { 1, 2, 3, 4 } },
	};
	struct aer_record rec;

	KUNIT_EXPECT_FALSE(test, aer_advisory_record(&cor, &rec));
	cor.advisory = aer_advisory_of(PCI_ERR_UNC_UNSUP | PCI_ERR_UNC_FCP, false);
	KUNIT_ASSERT_TRUE(test, aer_advisory_record(&cor, &rec));
	KUNIT_EXPECT_EQ(test, rec.severity, AER_NONFATAL);
	KUNIT_EXPECT_EQ(test, aer_active(&rec), PCI_ERR_UNC_UNSUP);
	KUNIT_EXPECT_EQ(test, rec.first, 20);
	KUNIT_EXPECT_TRUE(test, rec.has_header);
	KUNIT_EXPECT_EQ(test, rec.tlp.dw[3], 4);
	/* and no other record has one in turn */
	KUNIT_EXPECT_FALSE(test, aer_advisory_record(&rec, &cor));
}

static struct kunit_case decode_cases[] = {
	KUNIT_CASE(errors_of_the_link_are_known),
	KUNIT_CASE(errors_of_a_function_are_known),
	KUNIT_CASE(masked_errors_name_nothing),
	KUNIT_CASE(root_status_gives_both_messages),
	KUNIT_CASE(a_bit_for_several_alone_is_a_message),
	KUNIT_CASE(advisory_errors_have_a_record),
	{ }
};

static struct kunit_suite decode_suite = {
	.name = "pci_aer_decode",
	.test_cases = decode_cases,
};

kunit_test_suite(decode_suite);
