// SPDX-License-Identifier: GPL-2.0
/*
 * SR-IOV on the mock hierarchy: hardware that is not as it should be, and what
 * comes of it. The same table, in words, is in Documentation/PCI/sriov.rst.
 *
 * Whatever happens, nothing may be left behind, and nothing may crash.
 */
#include <kunit/test.h>
#include <linux/bits.h>
#include <linux/pci.h>
#include <linux/sizes.h>

#include "mock_util.h"

#define BAD_TOTAL	8

/**
 * struct bad_case - broken hardware and its outcome
 * @name: name
 * @params: what to change in a device of %BAD_TOTAL VFs; may be %NULL
 * @prepare: what to change once the kernel knows the device; may be %NULL
 * @fault: goes wrong from then on; may be %NULL
 * @no_pf: the device does not become a PF: no sriov_numvfs
 * @num: VFs asked for
 * @err: expected result
 * @token: expected reason, %NULL: no sriov_last_error either
 * @devices: VF devices expected, if @err is 0
 */
struct bad_case {
	const char *name;
	void (*params)(struct pci_mock_params *p);
	void (*prepare)(struct pci_mock *mock);
	const struct pci_mock_fault *fault;
	bool no_pf;
	unsigned int num;
	int err;
	const char *token;
	unsigned int devices;
};

static void total_zero(struct pci_mock_params *p)
{
	p->total_vfs = 0;
	p->initial_vfs = 0;
}

static void total_one(struct pci_mock_params *p)
{
	p->total_vfs = 1;
	p->initial_vfs = 1;
}

static void total_ones(struct pci_mock_params *p)
{
	p->total_vfs = 0xffff;
	p->initial_vfs = 0xffff;
}

static void initial_above(struct pci_mock_params *p)
{
	p->initial_vfs = BAD_TOTAL + 1;
}

static void initial_below(struct pci_mock_params *p)
{
	p->initial_vfs = 4;
}

static void initial_below_vfm(struct pci_mock_params *p)
{
	p->initial_vfs = 4;
	p->vfm = true;
}

static void initial_above_vfm(struct pci_mock_params *p)
{
	p->initial_vfs = BAD_TOTAL + 1;
	p->vfm = true;
}

static void offset_zero(struct pci_mock_params *p)
{
	p->vf_offset = 0;
}

static void stride_zero(struct pci_mock_params *p)
{
	p->vf_stride = 0;
}

static void stride_zero_one_vf(struct pci_mock_params *p)
{
	total_one(p);
	stride_zero(p);
}

static void layout_moves(const struct pci_mock_params *p, unsigned int pf,
			 u16 num_vfs, bool ari, u16 *offset, u16 *stride)
{
	*offset = 8 + num_vfs;
	*stride = 1 + num_vfs % 3;
}

static void layout_moving(struct pci_mock_params *p)
{
	p->layout = layout_moves;
}

static void layout_breaks(const struct pci_mock_params *p, unsigned int pf,
			  u16 num_vfs, bool ari, u16 *offset, u16 *stride)
{
	if (num_vfs == 3)
		*offset = 0;
}

static void layout_breaking(struct pci_mock_params *p)
{
	p->layout = layout_breaks;
}

static void late_offset_zero(struct pci_mock *mock)
{
	mock->params.vf_offset = 0;
}

static void late_stride_zero(struct pci_mock *mock)
{
	mock->params.vf_stride = 0;
}

static void one_bus(struct pci_mock_params *p)
{
	p->bus_end = 0;
	p->vf_offset = 0x100;
}

static void rid_overflow(struct pci_mock_params *p)
{
	p->vf_offset = 0xfffc;
}

static void neighbour(struct pci_mock_params *p)
{
	p->neighbour = true;
}

/* The VFs move onto the neighbour's secondary bus, after it has a number. */
static void late_onto_neighbour(struct pci_mock *mock)
{
	struct pci_dev *port = pci_mock_get_port(mock);

	if (port && port->subordinate)
		mock->params.vf_offset = port->subordinate->number << 8;
	pci_dev_put(port);
}

static void onto_function(struct pci_mock_params *p)
{
	p->pfs = 2;
	p->vf_offset = 1;
}

static void bars_none(struct pci_mock_params *p)
{
	memset(p->vf_bar, 0, sizeof(p->vf_bar));
}

static void bar_below_page(struct pci_mock_params *p)
{
	p->bar_below_page = true;
	p->vf_bar[2].size = SZ_1K;
}

static void bar_64_last(struct pci_mock_params *p)
{
	p->vf_bar[5] = (struct pci_mock_bar){ .size = SZ_16K, .is64 = true };
}

static void bar_overflow(struct pci_mock_params *p)
{
	p->vf_bar[0].size = 1ULL << 62;
}

static void bar_overflow_32(struct pci_mock_params *p)
{
	p->vf_bar[2].size = SZ_1G;
}

static void bar_no_space(struct pci_mock_params *p)
{
	p->vf_bar[0].size = SZ_1G;
}

static void pages_none(struct pci_mock_params *p)
{
	p->sup_pgsize = 0;
}

static void pages_unlike(struct pci_mock_params *p)
{
	p->sup_pgsize = 0x6;
}

static void link_nowhere(struct pci_mock_params *p)
{
	p->link_to = 5;
}

static void link_to_no_pf(struct pci_mock_params *p)
{
	p->pfs = 2;
	p->no_sriov = BIT(1);
	p->link_to = 1;
}

#define NEXT_EXT(pos, next) { (pos) + 2, 2, (next) << 4 | 1 }

static void pf_list_loops(struct pci_mock_params *p)
{
	static const struct pci_mock_poke poke[] = {
		{ PCI_MOCK_MSIX + PCI_CAP_LIST_NEXT, 1, PCI_MOCK_EXP },
		{ }
	};

	p->pf_poke = poke;
}

static void pf_ext_list_loops(struct pci_mock_params *p)
{
	static const struct pci_mock_poke poke[] = {
		NEXT_EXT(PCI_MOCK_RTR, PCI_MOCK_AER),
		{ }
	};

	p->pf_poke = poke;
}

static void pf_ext_list_outside(struct pci_mock_params *p)
{
	static const struct pci_mock_poke poke[] = {
		NEXT_EXT(PCI_MOCK_AER, 0x050),
		{ }
	};

	p->pf_poke = poke;
}

static void vf_list_loops(struct pci_mock_params *p)
{
	static const struct pci_mock_poke poke[] = {
		{ PCI_MOCK_MSIX + PCI_CAP_LIST_NEXT, 1, PCI_MOCK_EXP },
		{ }
	};

	p->vf_poke = poke;
}

static void vf_list_outside(struct pci_mock_params *p)
{
	static const struct pci_mock_poke poke[] = {
		{ PCI_MOCK_MSIX + PCI_CAP_LIST_NEXT, 1, 0x10 },
		{ }
	};

	p->vf_poke = poke;
}

static void vf_list_absent(struct pci_mock_params *p)
{
	static const struct pci_mock_poke poke[] = {
		{ PCI_STATUS, 2, 0 },
		{ }
	};

	p->vf_poke = poke;
}

static void vf_ext_list_loops(struct pci_mock_params *p)
{
	static const struct pci_mock_poke poke[] = {
		NEXT_EXT(PCI_MOCK_RTR, PCI_MOCK_AER),
		{ }
	};

	p->vf_poke = poke;
}

static void vf_ext_list_outside(struct pci_mock_params *p)
{
	static const struct pci_mock_poke poke[] = {
		NEXT_EXT(PCI_MOCK_AER, 0x010),
		{ }
	};

	p->vf_poke = poke;
}

static void ready_late(struct pci_mock_params *p)
{
	p->rtr_us = 0;
	p->vf_ready_ms = 500;
}

static void ready_never(struct pci_mock_params *p)
{
	p->rtr_us = 0;
	p->vf_ready_ms = -1;
}

static void late_total(struct pci_mock *mock)
{
	pci_mock_force(mock, 0, PCI_MOCK_ANY_FN,
		       PCI_MOCK_SRIOV + PCI_SRIOV_TOTAL_VF, 2, BAD_TOTAL / 2);
}

static void late_gone(struct pci_mock *mock)
{
	pci_mock_set_link_down(mock, true);
}

#define FROM_NOW_ON			\
	.pf = PCI_MOCK_ANY_FN,		\
	.vf = PCI_MOCK_ANY_FN,		\
	.kinds = BIT(PCI_MOCK_PF),	\
	.nth = 1,			\
	.sticky = true

static const struct pci_mock_fault enable_dropped = {
	FROM_NOW_ON,
	.lo = PCI_MOCK_SRIOV + PCI_SRIOV_CTRL,
	.hi = PCI_MOCK_SRIOV + PCI_SRIOV_CTRL + 1,
	.dir = PCI_MOCK_WRITE,
	.action = PCI_MOCK_DROP,
};

static const struct pci_mock_fault mse_dropped = {
	FROM_NOW_ON,
	.lo = PCI_MOCK_SRIOV + PCI_SRIOV_CTRL,
	.hi = PCI_MOCK_SRIOV + PCI_SRIOV_CTRL + 1,
	.dir = PCI_MOCK_READ,
	.action = PCI_MOCK_DATA,
	.data = 0,
	.mask = PCI_SRIOV_CTRL_MSE,
};

static const struct pci_mock_fault numvfs_dropped = {
	FROM_NOW_ON,
	.lo = PCI_MOCK_SRIOV + PCI_SRIOV_NUM_VF,
	.hi = PCI_MOCK_SRIOV + PCI_SRIOV_NUM_VF + 1,
	.dir = PCI_MOCK_WRITE,
	.action = PCI_MOCK_DROP,
};

static const struct bad_case bad_cases[] = {
	{ "TotalVFs 0", total_zero, .no_pf = true },
	{ "TotalVFs 1", total_one, .num = 1, .devices = 1 },
	{ "TotalVFs 0xffff", total_ones, .no_pf = true,
	  .token = "bad-totalvfs" },
	{ "TotalVFs changes", .prepare = late_total, .num = 4, .err = -EIO,
	  .token = "bad-totalvfs" },
	{ "InitialVFs above TotalVFs", initial_above, .num = 4, .err = -EIO,
	  .token = "bad-initialvfs" },
	{ "InitialVFs below TotalVFs", initial_below, .num = 4, .err = -EIO,
	  .token = "bad-initialvfs" },
	{ "InitialVFs above TotalVFs, VF migration", initial_above_vfm,
	  .num = 4, .err = -EIO, .token = "bad-initialvfs" },
	{ "InitialVFs below TotalVFs, VF migration", initial_below_vfm,
	  .num = 4, .devices = 4 },
	{ "NumVFs above InitialVFs, VF migration", initial_below_vfm,
	  .num = 6, .devices = 4 },
	{ "offset 0", offset_zero, .no_pf = true,
	  .token = "bad-offset-stride" },
	{ "stride 0", stride_zero, .no_pf = true,
	  .token = "bad-offset-stride" },
	{ "stride 0, one VF", stride_zero_one_vf, .num = 1, .devices = 1 },
	{ "offset and stride change with NumVFs", layout_moving, .num = 7,
	  .devices = 7 },
	{ "offset 0 at one NumVFs", layout_breaking, .no_pf = true,
	  .token = "bad-offset-stride" },
	{ "offset becomes 0", .prepare = late_offset_zero, .num = 4,
	  .err = -EIO, .token = "bad-offset-stride" },
	{ "stride becomes 0", .prepare = late_stride_zero, .num = 4,
	  .err = -EIO, .token = "bad-offset-stride" },
	{ "VF beyond the bus range", one_bus, .num = 4, .err = -ENOMEM,
	  .token = "no-bus-numbers" },
	{ "VF beyond the last routing ID", rid_overflow, .num = 8,
	  .err = -ENOMEM, .token = "no-bus-numbers" },
	{ "VF on a used bus number", neighbour, late_onto_neighbour, .num = 4,
	  .err = -EBUSY, .token = "bus-number-used" },
	{ "VF on another function", onto_function, .num = 4, .err = -EBUSY,
	  .token = "routing-id-used" },
	{ "no VF BAR", bars_none, .num = 4, .devices = 4 },
	{ "VF BAR below a page", bar_below_page, .no_pf = true,
	  .token = "bad-vf-bar" },
	{ "VF BAR 64-bit in the last slot", bar_64_last, .no_pf = true,
	  .token = "bad-vf-bar" },
	{ "VF BAR overflows 64 bits", bar_overflow, .no_pf = true,
	  .token = "bad-vf-bar" },
	{ "VF BAR overflows 32 bits", bar_overflow_32, .no_pf = true,
	  .token = "bad-vf-bar" },
	{ "no space for VF BAR", bar_no_space, .num = 4, .err = -ENOMEM,
	  .token = "no-bar-space" },
	{ "no page size", pages_none, .no_pf = true, .token = "no-page-size" },
	{ "other page sizes only", pages_unlike, .num = 4, .devices = 4 },
	{ "dependency on nothing", link_nowhere, .num = 4, .err = -ENODEV,
	  .token = "bad-dependency" },
	{ "dependency on no PF", link_to_no_pf, .num = 4, .err = -ENOSYS,
	  .token = "bad-dependency" },
	{ "PF capability list loops", pf_list_loops, .num = 4, .devices = 4 },
	{ "PF extended list loops", pf_ext_list_loops, .num = 4,
	  .devices = 4 },
	{ "PF extended list ends outside", pf_ext_list_outside,
	  .no_pf = true },
	{ "VF capability list loops", vf_list_loops, .num = 4, .devices = 4 },
	{ "VF capability list ends outside", vf_list_outside, .num = 4,
	  .devices = 4 },
	{ "VF without capability list", vf_list_absent, .num = 4,
	  .devices = 4 },
	{ "VF extended list loops", vf_ext_list_loops, .num = 4,
	  .devices = 4 },
	{ "VF extended list ends outside", vf_ext_list_outside, .num = 4,
	  .devices = 4 },
	{ "VF ready after 500 ms", ready_late, .num = 4, .devices = 4 },
	{ "VF never ready", ready_never, .num = 4, .err = -ETIMEDOUT,
	  .token = "vf-not-ready" },
	{ "device gone", .prepare = late_gone, .num = 4, .err = -ENODEV,
	  .token = "device-gone" },
	{ "VF Enable does not stick", .fault = &enable_dropped, .num = 4,
	  .err = -EIO, .token = "enable-not-kept" },
	{ "VF MSE does not stick", .fault = &mse_dropped, .num = 4,
	  .err = -EIO, .token = "enable-not-kept" },
	{ "NumVFs does not stick", .fault = &numvfs_dropped, .num = 4,
	  .err = -EIO, .token = "numvfs-not-kept" },
};

static void bad_desc(const struct bad_case *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(bad, bad_cases, bad_desc);

/* The VFs that exist are where the PF's registers put them. */
static unsigned int count_vfs(struct kunit *test, struct pci_dev *pf)
{
	struct pci_dev *vf = NULL;
	unsigned int count = 0;

	for_each_pci_dev(vf) {
		if (!vf->is_virtfn || pci_physfn(vf) != pf)
			continue;
		KUNIT_EXPECT_EQ(test, vf->devfn,
				pci_iov_virtfn_devfn(pf, pci_iov_vf_id(vf)));
		count++;
	}
	return count;
}

static void refused_at_probe(struct kunit *test, const struct bad_case *c,
			     struct pci_dev *pf)
{
	char text[8];

	KUNIT_EXPECT_FALSE(test, pf->is_physfn);
	KUNIT_EXPECT_EQ(test, 0, pci_num_vf(pf));
	KUNIT_EXPECT_EQ(test, 0, pci_sriov_get_totalvfs(pf));
	KUNIT_EXPECT_LT(test, pci_enable_sriov(pf, 1), 0);
	KUNIT_EXPECT_EQ(test, -ENOENT, mt_set_numvfs(pf, 1));
	if (c->token)
		KUNIT_EXPECT_TRUE(test, mt_last_error_is(pf, c->token));
	else
		KUNIT_EXPECT_EQ(test, -ENOENT, mt_show(pf, "sriov_last_error",
						       text, sizeof(text)));
}

static void bad_hardware(struct kunit *test)
{
	const struct bad_case *c = test->param_value;
	struct pci_mock_params p;
	struct pci_mock_fault fault;
	struct pci_mock_stats stats;
	struct mt_counts before;
	struct pci_mock *mock;
	struct pci_dev *pf;

	mt_params(&p, BAD_TOTAL);
	if (c->params)
		c->params(&p);
	mock = mt_create(test, &p);
	pf = mt_pf(test, mock, 0);
	/* a device that is broken this way is still a device */
	KUNIT_EXPECT_NOT_NULL(test, pf->driver);
	if (c->no_pf) {
		refused_at_probe(test, c, pf);
		return;
	}

	KUNIT_ASSERT_TRUE(test, pf->is_physfn);
	if (c->prepare)
		c->prepare(mock);
	if (c->fault) {
		fault = *c->fault;
		pci_mock_fault_add(mock, &fault);
	}
	mt_count(mock, &before);
	KUNIT_EXPECT_EQ(test, c->err, mt_set_numvfs(pf, c->num));
	if (c->fault)
		pci_mock_fault_del(mock, &fault);
	KUNIT_EXPECT_TRUE(test, mt_last_error_is(pf, c->token ?: "none"));
	KUNIT_EXPECT_EQ(test, c->err ? 0 : c->num, pci_num_vf(pf));
	KUNIT_EXPECT_EQ(test, c->devices, count_vfs(test, pf));
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, 0));
	MT_EXPECT_SAME(test, &before, mock);
	pci_mock_stats_read(mock, &stats);
	KUNIT_EXPECT_EQ(test, 0, stats.early_vf);
	KUNIT_EXPECT_EQ(test, 0, stats.early_sriov);
}

static struct kunit_case bad_hw_cases[] = {
	KUNIT_CASE_PARAM(bad_hardware, bad_gen_params),
	{ }
};

static struct kunit_suite bad_hw_suite = {
	.name = "pci_iov_mock_bad_hw",
	.suite_init = mt_suite_init,
	.suite_exit = mt_suite_exit,
	.test_cases = bad_hw_cases,
};

kunit_test_suite(bad_hw_suite);
