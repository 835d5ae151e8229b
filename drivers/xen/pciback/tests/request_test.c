// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of the operations that a guest asks for, with any arguments; and of where in
 * a guest a function is.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/pci.h>
#include <linux/string.h>

#include "../address.h"
#include "../request.h"
#include "../topology.h"

#define HAS_KEY		0x00000010	/* the one function that the guest has: 00:02.0 */

/* What an operation led to */
struct seen {
	unsigned int found;
	unsigned int put;
	unsigned int accesses;
	unsigned int msi;
	unsigned int msix;
	struct space_op op;
	enum space_status status;
	int err;
};

static void *find(void *context, u32 key)
{
	struct seen *seen = context;

	if (key != HAS_KEY)
		return NULL;
	seen->found++;
	return seen;
}

static void put(void *context, void *fn)
{
	((struct seen *)context)->put++;
}

static enum space_status access(void *context, void *fn, struct space_op *op)
{
	struct seen *seen = context;

	seen->accesses++;
	seen->op = *op;
	op->value = 0x12345678;
	return seen->status;
}

static int msi(void *context, void *fn, bool on, u32 *value)
{
	struct seen *seen = context;

	seen->msi++;
	*value = on ? 55 : 11;
	return seen->err;
}

static int msix(void *context, void *fn, struct xen_msix_entry *entries, unsigned int count,
		u32 *value)
{
	struct seen *seen = context;
	unsigned int i;

	seen->msix++;
	*value = 0;
	for (i = 0; i < count; i++)
		entries[i].vector = 100 + i;
	return seen->err;
}

static const struct request_ops ops = {
	.find = find,
	.put = put,
	.access = access,
	.msi = msi,
	.msix = msix,
};

static struct xen_pci_op *new_op(struct kunit *test, u32 cmd)
{
	struct xen_pci_op *op = kunit_kzalloc(test, sizeof(*op), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, op);
	op->cmd = cmd;
	op->devfn = HAS_KEY;
	op->err = 77;
	return op;
}

static void reads_and_writes(struct kunit *test)
{
	struct xen_pci_op *op = new_op(test, XEN_PCI_OP_conf_read);
	struct seen seen = { .status = SPACE_OK };

	op->offset = 4;
	op->size = 2;
	KUNIT_EXPECT_EQ(test, request_do(&ops, &seen, op), 0);
	KUNIT_EXPECT_EQ(test, op->err, 0);
	KUNIT_EXPECT_EQ(test, op->value, 0x12345678);
	KUNIT_EXPECT_FALSE(test, seen.op.write);
	op->cmd = XEN_PCI_OP_conf_write;
	op->value = 6;
	request_do(&ops, &seen, op);
	KUNIT_EXPECT_TRUE(test, seen.op.write);
	KUNIT_EXPECT_EQ(test, seen.op.value, 6);
	KUNIT_EXPECT_EQ(test, seen.op.offset, 4);
	KUNIT_EXPECT_EQ(test, seen.op.size, 2);
	KUNIT_EXPECT_EQ(test, seen.put, seen.found);
}

/* The frontend knows five errors, and no errno. */
static void outcomes(struct kunit *test)
{
	static const struct {
		enum space_status status;
		int err;
	} of[] = {
		{ SPACE_OK, XEN_PCI_ERR_success },
		{ SPACE_BAD_RANGE, XEN_PCI_ERR_invalid_offset },
		{ SPACE_DENIED, XEN_PCI_ERR_access_denied },
		{ SPACE_GONE, XEN_PCI_ERR_dev_not_found },
		{ SPACE_FAILED, XEN_PCI_ERR_op_failed },
	};
	struct xen_pci_op *op = new_op(test, XEN_PCI_OP_conf_read);
	int i;

	for (i = 0; i < 5; i++) {
		struct seen seen = { .status = of[i].status };

		request_do(&ops, &seen, op);
		KUNIT_EXPECT_EQ(test, op->err, of[i].err);
		/* and nothing of what was there before leaks */
		KUNIT_EXPECT_EQ(test, op->value, of[i].status == SPACE_OK ? 0x12345678 : 0);
	}
}

/* Each as large as it can be, and every bit of it */
static void functions_that_the_guest_has_not(struct kunit *test)
{
	struct seen seen = { };
	int bit;

	for (bit = 0; bit < 96; bit++) {
		struct xen_pci_op op = { .devfn = HAS_KEY };

		if (bit < 32)
			op.domain ^= 1U << bit;
		else if (bit < 64)
			op.bus ^= 1U << (bit - 32);
		else
			op.devfn ^= 1U << (bit - 64);
		request_do(&ops, &seen, &op);
		KUNIT_EXPECT_EQ(test, op.err, XEN_PCI_ERR_dev_not_found);
	}
	KUNIT_EXPECT_EQ(test, seen.found + seen.accesses + seen.put, 0);
}

/* What does not fit is no other function's key. */
static void keys_of_addresses(struct kunit *test)
{
	u32 key;

	KUNIT_EXPECT_TRUE(test, topology_key(0xffff, 0xff, 0xff, &key));
	KUNIT_EXPECT_EQ(test, key, 0xffffffff);
	KUNIT_EXPECT_TRUE(test, topology_key(1, 2, 3, &key));
	KUNIT_EXPECT_EQ(test, key, 0x00010203);
	KUNIT_EXPECT_FALSE(test, topology_key(0x10000, 0, 0, &key));
	KUNIT_EXPECT_FALSE(test, topology_key(0, 0x100, 0, &key));
	KUNIT_EXPECT_FALSE(test, topology_key(0, 0, 0x100, &key));
}

static void operations_that_there_are_not(struct kunit *test)
{
	static const u32 none[] = { 6, 7, 8, 9, 10, 11, 255, 0x100, 0x80000000, 0xffffffff };
	struct seen seen = { };
	int i;

	for (i = 0; i < 10; i++) {
		struct xen_pci_op *op = new_op(test, none[i]);

		KUNIT_EXPECT_EQ(test, request_do(&ops, &seen, op), 0);
		KUNIT_EXPECT_EQ(test, op->err, XEN_PCI_ERR_not_implemented);
	}
	KUNIT_EXPECT_EQ(test, seen.accesses + seen.msi + seen.msix, 0);
	KUNIT_EXPECT_EQ(test, seen.put, seen.found);
}

static void msi_on_and_off(struct kunit *test)
{
	struct xen_pci_op *op = new_op(test, XEN_PCI_OP_enable_msi);
	struct seen seen = { };

	request_do(&ops, &seen, op);
	KUNIT_EXPECT_EQ(test, op->value, 55);
	op->cmd = XEN_PCI_OP_disable_msi;
	request_do(&ops, &seen, op);
	KUNIT_EXPECT_EQ(test, op->value, 11);
	seen.err = XEN_PCI_ERR_op_failed;
	request_do(&ops, &seen, op);
	KUNIT_EXPECT_EQ(test, op->err, XEN_PCI_ERR_op_failed);
}

static unsigned int try_msix(struct kunit *test, struct seen *seen, u32 count, u16 first,
			     u16 last)
{
	struct xen_pci_op *op = new_op(test, XEN_PCI_OP_enable_msix);
	unsigned int i, vectors;

	op->value = count;
	for (i = 0; i < SH_INFO_MAX_VEC; i++)
		op->msix_entries[i].entry = i;
	op->msix_entries[0].entry = first;
	if (count && count <= SH_INFO_MAX_VEC)
		op->msix_entries[count - 1].entry = last;
	vectors = request_do(&ops, seen, op);
	KUNIT_EXPECT_EQ(test, op->err, vectors ? 0 : XEN_PCI_ERR_op_failed);
	KUNIT_EXPECT_EQ(test, op->value, 0);
	return vectors;
}

static void msix_counts_and_entries(struct kunit *test)
{
	struct seen seen = { };

	KUNIT_EXPECT_EQ(test, try_msix(test, &seen, 1, 0, 0), 1);
	KUNIT_EXPECT_EQ(test, try_msix(test, &seen, 128, 0, 127), 128);
	KUNIT_EXPECT_EQ(test, try_msix(test, &seen, 3, 0, 2047), 3);
	KUNIT_EXPECT_EQ(test, seen.msix, 3);
	/* nothing is done for what makes no sense */
	KUNIT_EXPECT_EQ(test, try_msix(test, &seen, 0, 0, 0), 0);
	KUNIT_EXPECT_EQ(test, try_msix(test, &seen, 129, 0, 0), 0);
	KUNIT_EXPECT_EQ(test, try_msix(test, &seen, 0x80000000, 0, 0), 0);
	KUNIT_EXPECT_EQ(test, try_msix(test, &seen, 0xffffffff, 0, 0), 0);
	KUNIT_EXPECT_EQ(test, try_msix(test, &seen, 3, 0, 2048), 0);
	KUNIT_EXPECT_EQ(test, try_msix(test, &seen, 3, 0, 0xffff), 0);
	KUNIT_EXPECT_EQ(test, try_msix(test, &seen, 3, 1, 2), 0);
	KUNIT_EXPECT_EQ(test, try_msix(test, &seen, 2, 5, 5), 0);
	KUNIT_EXPECT_EQ(test, seen.msix, 3);
	KUNIT_EXPECT_EQ(test, seen.put, seen.found);
}

static u32 place(struct kunit *test, struct topology *t, u32 sbdf, bool is_vf)
{
	u32 key = ~0U;

	KUNIT_EXPECT_EQ(test, topology_take(t, sbdf, is_vf, &key), 0);
	return key;
}

static void functions_of_a_device_stay_together(struct kunit *test)
{
	struct topology t = { };

	KUNIT_EXPECT_EQ(test, place(test, &t, 0x0110, false), PCI_DEVFN(0, 0));
	KUNIT_EXPECT_EQ(test, place(test, &t, 0x0111, false), PCI_DEVFN(0, 1));
	KUNIT_EXPECT_EQ(test, place(test, &t, 0x0211, false), PCI_DEVFN(1, 1));
	topology_give(&t, PCI_DEVFN(0, 0));
	KUNIT_EXPECT_EQ(test, place(test, &t, 0x0110, false), PCI_DEVFN(0, 0));
	topology_give(&t, PCI_DEVFN(1, 1));
	KUNIT_EXPECT_EQ(test, place(test, &t, 0x0300, false), PCI_DEVFN(1, 0));
}

/* Function numbers that are free in another device are no reason to share it. */
static void devices_stay_apart(struct kunit *test)
{
	struct topology t = { };

	KUNIT_EXPECT_EQ(test, place(test, &t, 0x0110, false), PCI_DEVFN(0, 0));
	KUNIT_EXPECT_EQ(test, place(test, &t, 0x0211, false), PCI_DEVFN(1, 1));
	KUNIT_EXPECT_EQ(test, place(test, &t, 0x00010112, false), PCI_DEVFN(2, 2));
	KUNIT_EXPECT_EQ(test, place(test, &t, 0x0112, false), PCI_DEVFN(0, 2));
}

/* A function was unplugged and is plugged in again; the guest still has the old one. */
static void a_function_that_comes_back(struct kunit *test)
{
	struct topology t = { };

	KUNIT_EXPECT_EQ(test, place(test, &t, 0x0110, false), PCI_DEVFN(0, 0));
	KUNIT_EXPECT_EQ(test, place(test, &t, 0x0110, false), PCI_DEVFN(1, 0));
	topology_give(&t, PCI_DEVFN(0, 0));
	KUNIT_EXPECT_EQ(test, place(test, &t, 0x0111, false), PCI_DEVFN(1, 1));
}

/* A guest looks for more functions only where the first says that there are. */
static void a_vf_with_number_0_is_alone(struct kunit *test)
{
	struct topology t = { };

	KUNIT_EXPECT_EQ(test, place(test, &t, 0x0180, true), PCI_DEVFN(0, 0));
	KUNIT_EXPECT_EQ(test, place(test, &t, 0x0182, true), PCI_DEVFN(1, 2));
	KUNIT_EXPECT_EQ(test, place(test, &t, 0x0184, true), PCI_DEVFN(1, 4));
}

static void a_full_bus(struct kunit *test)
{
	struct topology t = { };
	u32 i, key;

	for (i = 0; i < TOPOLOGY_SLOTS; i++)
		KUNIT_EXPECT_EQ(test, place(test, &t, i << 8, false), PCI_DEVFN(i, 0));
	KUNIT_EXPECT_EQ(test, topology_take(&t, TOPOLOGY_SLOTS << 8, false, &key), -ENOSPC);
	topology_give(&t, PCI_DEVFN(7, 0));
	KUNIT_EXPECT_EQ(test, place(test, &t, TOPOLOGY_SLOTS << 8, false), PCI_DEVFN(7, 0));
}

static void passthrough(struct kunit *test)
{
	struct topology t = { .passthrough = true };

	KUNIT_EXPECT_EQ(test, place(test, &t, 0x00018182, true), 0x00018182);
	KUNIT_EXPECT_EQ(test, topology_root(&t, 0x00018182), 0x00018100);
	t.passthrough = false;
	KUNIT_EXPECT_EQ(test, topology_root(&t, 0x10), 0);
}

static void addresses(struct kunit *test)
{
	static const char * const bad[] = {
		"", "x", "01", "01:10", "01:10.", "01:20.0", "01:10.8", "100:10.0", "01:*.0",
		"10000:01:10.0", "0000:100:10.0", "01:10.0x", "01:10.0 1", "-1:10.0", ":01:10.0",
		"0000::10.0", "01:10:0", "0000:01:10.0.0", "ffffffff01:10.0", "*:*.*",
	};
	struct address a;
	int i;

	KUNIT_EXPECT_TRUE(test, address_parse_all(" 0001:81:1f.7\n", &a));
	KUNIT_EXPECT_TRUE(test, a.segment == 1 && a.bus == 0x81 && a.slot == 0x1f && a.func == 7);
	KUNIT_EXPECT_TRUE(test, address_parse_all("81:1f.*", &a));
	KUNIT_EXPECT_TRUE(test, a.segment == 0 && a.slot == 0x1f && a.func == -1);
	KUNIT_EXPECT_TRUE(test, address_parse_all("ffff:81:*.*", &a));
	KUNIT_EXPECT_TRUE(test, a.segment == 0xffff && a.slot == -1 && a.func == -1);
	for (i = 0; i < 20; i++)
		KUNIT_EXPECT_FALSE(test, address_parse_all(bad[i], &a));
}

static void quirks(struct kunit *test)
{
	static const char * const bad[] = {
		"01:10.0", "01:10.*-40:1:ff", "01:10.0-1000:1:ff", "01:10.0-42:3:ff",
		"01:10.0-41:2:ff", "01:10.0-40:1:100", "01:10.0-40:2:10000", "01:10.0-40:4:",
		"01:10.0-40:4:123456789", "01:10.0-40:0:0", "01:10.0-ffffffffc:4:0",
	};
	struct address_quirk q;
	int i;

	KUNIT_EXPECT_TRUE(test, address_parse_quirk("0001:01:10.1-ffc:4:ffffffff\n", &q));
	KUNIT_EXPECT_EQ(test, q.sbdf, 0x00010181);
	KUNIT_EXPECT_TRUE(test, q.offset == 0xffc && q.size == 4 && q.mask == 0xffffffff);
	KUNIT_EXPECT_TRUE(test, address_parse_quirk("01:10.0-40:1:0f", &q));
	for (i = 0; i < 11; i++)
		KUNIT_EXPECT_FALSE(test, address_parse_quirk(bad[i], &q));
}

static u32 hidden[600];
static unsigned int nr_hidden, nr_bad;

static int hide_one(u32 sbdf)
{
	if (nr_hidden == 600)
		return -ENOMEM;
	hidden[nr_hidden++] = sbdf;
	return 0;
}

static void bad_one(const char *item, int len)
{
	nr_bad++;
}

static int hide(const char *list)
{
	nr_hidden = 0;
	nr_bad = 0;
	return address_hide(list, hide_one, bad_one);
}

/* A typo costs one function, not all of them. */
static void hide_parameter(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, hide("(01:10.0)(0001:02:00.1)"), 0);
	KUNIT_EXPECT_TRUE(test, nr_hidden == 2 && nr_bad == 0 && hidden[1] == 0x00010201);
	KUNIT_EXPECT_EQ(test, hide(" (01:10.0) (O2:00.0) (03:00.0)"), 0);
	KUNIT_EXPECT_TRUE(test, nr_hidden == 2 && nr_bad == 1 && hidden[1] == 0x0300);
	KUNIT_EXPECT_EQ(test, hide("01:10.0"), 0);
	KUNIT_EXPECT_TRUE(test, nr_hidden == 0 && nr_bad == 1);
	KUNIT_EXPECT_EQ(test, hide("(01:10.0"), 0);
	KUNIT_EXPECT_TRUE(test, nr_hidden == 0 && nr_bad == 1);
	KUNIT_EXPECT_EQ(test, hide("(01:10.*)(02:*.*)"), 0);
	KUNIT_EXPECT_TRUE(test, nr_hidden == 8 + 256 && nr_bad == 0);
	KUNIT_EXPECT_EQ(test, hide(")(())"), 0);
	KUNIT_EXPECT_EQ(test, nr_hidden, 0);
	KUNIT_EXPECT_EQ(test, hide("(02:*.*)(03:*.*)(04:*.*)"), -ENOMEM);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(reads_and_writes),
	KUNIT_CASE(outcomes),
	KUNIT_CASE(functions_that_the_guest_has_not),
	KUNIT_CASE(keys_of_addresses),
	KUNIT_CASE(operations_that_there_are_not),
	KUNIT_CASE(msi_on_and_off),
	KUNIT_CASE(msix_counts_and_entries),
	KUNIT_CASE(functions_of_a_device_stay_together),
	KUNIT_CASE(devices_stay_apart),
	KUNIT_CASE(a_function_that_comes_back),
	KUNIT_CASE(a_vf_with_number_0_is_alone),
	KUNIT_CASE(a_full_bus),
	KUNIT_CASE(passthrough),
	KUNIT_CASE(addresses),
	KUNIT_CASE(quirks),
	KUNIT_CASE(hide_parameter),
	{ }
};

static struct kunit_suite suite = {
	.name = "pciback_request",
	.test_cases = cases,
};

kunit_test_suite(suite);
