// SPDX-License-Identifier: GPL-2.0
/*
 * SR-IOV on the mock hierarchy: VF BARs whose size can be chosen.
 */
#include <kunit/test.h>
#include <linux/bits.h>
#include <linux/pci.h>
#include <linux/sizes.h>

#include "mock_util.h"

#define REBAR_TOTAL	8
#define REBAR_BAR	2		/* the second of 64 bits */
#define REBAR_RES	(PCI_IOV_RESOURCES + REBAR_BAR)
#define REBAR_CTRL	(PCI_MOCK_VF_REBAR + PCI_REBAR_CTRL)
#define REBAR_ENTRY	8
#define REBAR_2M	1		/* sizes as the capability has them */
#define REBAR_4M	2
#define REBAR_8M	3
#define REBAR_16M	4

/* Each VF has 2 MB behind a BAR that can have 1, 2, 4, 16 or 32 MB, and not 8. */
static void rebar_params(struct pci_mock_params *p)
{
	mt_params(p, REBAR_TOTAL);
	p->vf_bar[REBAR_BAR] = (struct pci_mock_bar){
		.size = SZ_2M, .is64 = true, .pref = true
	};
	p->vf_rebar[REBAR_BAR] = BIT(0) | BIT(REBAR_2M) | BIT(REBAR_4M) |
				 BIT(REBAR_16M) | BIT(5);
}

static struct pci_mock *rebar_device(struct kunit *test, struct pci_dev **pf)
{
	struct pci_mock_params p;
	struct pci_mock *mock;

	rebar_params(&p);
	mock = mt_create(test, &p);
	*pf = mt_pf(test, mock, 0);
	return mock;
}

static unsigned int size_now(struct pci_mock *mock)
{
	return pci_mock_peek(mock, 0, PCI_MOCK_ANY_FN, REBAR_CTRL + 1, 1) & 0x1f;
}

static void expect_vf_memory(struct kunit *test, struct pci_dev *pf, unsigned int num,
			     u64 size)
{
	const struct resource *all = &pf->resource[REBAR_RES];
	struct pci_dev *vf;
	unsigned int id;

	for (id = 0; id < num; id++) {
		vf = pci_get_domain_bus_and_slot(pci_domain_nr(pf->bus),
						 pci_iov_virtfn_bus(pf, id),
						 pci_iov_virtfn_devfn(pf, id));
		KUNIT_ASSERT_NOT_NULL_MSG(test, vf, "VF %u missing", id);
		KUNIT_EXPECT_EQ(test, pci_resource_len(vf, REBAR_BAR), size);
		KUNIT_EXPECT_EQ(test, pci_resource_start(vf, REBAR_BAR),
				all->start + size * id);
		pci_dev_put(vf);
	}
}

/* Larger VFs, and fewer of them: as many as the memory for all has room for. */
static void larger_vfs_are_fewer(struct kunit *test)
{
	struct pci_mock *mock;
	struct pci_dev *pf;

	mock = rebar_device(test, &pf);
	KUNIT_EXPECT_EQ(test, pci_resource_len(pf, REBAR_RES), REBAR_TOTAL * SZ_2M);
	/* of 16 MB: all sizes that the device has and the number leaves room for */
	KUNIT_EXPECT_EQ(test, pci_iov_vf_bar_get_sizes(pf, REBAR_RES, 8), 0x3);
	KUNIT_EXPECT_EQ(test, pci_iov_vf_bar_get_sizes(pf, REBAR_RES, 4), 0x7);
	KUNIT_EXPECT_EQ(test, pci_iov_vf_bar_get_sizes(pf, REBAR_RES, 3), 0x7);
	KUNIT_EXPECT_EQ(test, pci_iov_vf_bar_get_sizes(pf, REBAR_RES, 17), 0);

	KUNIT_EXPECT_EQ(test, pci_iov_vf_bar_set_size(pf, REBAR_RES, REBAR_4M), 0);
	KUNIT_EXPECT_EQ(test, size_now(mock), REBAR_4M);
	KUNIT_EXPECT_EQ(test, pci_iov_resource_size(pf, REBAR_RES), SZ_4M);
	KUNIT_EXPECT_EQ(test, pci_resource_len(pf, REBAR_RES), REBAR_TOTAL * SZ_2M);

	KUNIT_EXPECT_EQ(test, mt_set_numvfs(pf, 5), -ENOMEM);
	KUNIT_EXPECT_TRUE(test, mt_last_error_is(pf, "no-bar-space"));
	KUNIT_EXPECT_EQ(test, mt_set_numvfs(pf, 4), 0);
	expect_vf_memory(test, pf, 4, SZ_4M);
	KUNIT_EXPECT_EQ(test, mt_set_numvfs(pf, 0), 0);

	/* and back */
	KUNIT_EXPECT_EQ(test, pci_iov_vf_bar_set_size(pf, REBAR_RES, 0), 0);
	KUNIT_EXPECT_EQ(test, mt_set_numvfs(pf, REBAR_TOTAL), 0);
	expect_vf_memory(test, pf, REBAR_TOTAL, SZ_1M);
	KUNIT_EXPECT_EQ(test, mt_set_numvfs(pf, 0), 0);
}

static void what_cannot_be_is_refused(struct kunit *test)
{
	struct pci_mock *mock;
	struct pci_dev *pf;

	mock = rebar_device(test, &pf);
	/* no size of this device, no size at all */
	KUNIT_EXPECT_EQ(test, pci_iov_vf_bar_set_size(pf, REBAR_RES, REBAR_8M), -EINVAL);
	KUNIT_EXPECT_EQ(test, pci_iov_vf_bar_set_size(pf, REBAR_RES, -1), -EINVAL);
	KUNIT_EXPECT_EQ(test, pci_iov_vf_bar_set_size(pf, REBAR_RES, 32), -EINVAL);
	KUNIT_EXPECT_EQ(test, pci_iov_vf_bar_set_size(pf, REBAR_RES, INT_MAX), -EINVAL);
	/* not even one VF has room */
	KUNIT_EXPECT_EQ(test, pci_iov_vf_bar_set_size(pf, REBAR_RES, 5), -EINVAL);
	/* neither resizable, nor there, nor a VF BAR */
	KUNIT_EXPECT_NE(test, pci_iov_vf_bar_set_size(pf, PCI_IOV_RESOURCES, 0), 0);
	KUNIT_EXPECT_NE(test, pci_iov_vf_bar_set_size(pf, PCI_IOV_RESOURCES + 5, 0), 0);
	KUNIT_EXPECT_EQ(test, pci_iov_vf_bar_set_size(pf, 0, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, pci_iov_vf_bar_set_size(pf, PCI_IOV_RESOURCES - 1, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, pci_iov_vf_bar_set_size(pf, -1, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, pci_iov_vf_bar_get_sizes(pf, REBAR_RES, 0), 0);
	KUNIT_EXPECT_EQ(test, pci_iov_vf_bar_get_sizes(pf, REBAR_RES, -1), 0);
	KUNIT_EXPECT_EQ(test, pci_iov_vf_bar_get_sizes(pf, REBAR_RES, INT_MIN), 0);
	KUNIT_EXPECT_EQ(test, pci_iov_vf_bar_get_sizes(pf, PCI_IOV_RESOURCES, 1), 0);
	KUNIT_EXPECT_EQ(test, pci_iov_vf_bar_get_sizes(pf, 0, 1), 0);
	KUNIT_EXPECT_EQ(test, size_now(mock), REBAR_2M);

	/* VFs depend on it while they are there */
	KUNIT_ASSERT_EQ(test, mt_set_numvfs(pf, 2), 0);
	KUNIT_EXPECT_EQ(test, pci_iov_vf_bar_set_size(pf, REBAR_RES, REBAR_4M), -EBUSY);
	KUNIT_EXPECT_EQ(test, mt_set_numvfs(pf, 0), 0);
	KUNIT_EXPECT_EQ(test, size_now(mock), REBAR_2M);
}

/* A BAR decodes from a multiple of its size, and before @start is somebody else's. */
static void the_address_limits_the_size(struct kunit *test)
{
	resource_size_t start, end;
	struct pci_mock *mock;
	struct resource *res;
	struct pci_dev *pf;

	mock = rebar_device(test, &pf);
	res = &pf->resource[REBAR_RES];
	start = res->start;
	end = res->end;
	/* as an allocation next to something of 2 MB would have it */
	res->start = round_up(start, SZ_4M) + SZ_2M;
	res->end = res->start + REBAR_TOTAL * SZ_2M - 1;
	KUNIT_EXPECT_EQ(test, pci_iov_vf_bar_get_sizes(pf, REBAR_RES, 1), 0x3);
	KUNIT_EXPECT_EQ(test, pci_iov_vf_bar_set_size(pf, REBAR_RES, REBAR_4M), -EINVAL);
	KUNIT_EXPECT_EQ(test, size_now(mock), REBAR_2M);
	res->start = start;
	res->end = end;
}

static void reset_pf(struct kunit *test, struct pci_mock *mock, struct pci_dev *pf)
{
	KUNIT_EXPECT_EQ(test, pci_reset_function(pf), 0);
	/* a reset takes the size away, so that somebody has to have restored it */
	KUNIT_EXPECT_EQ(test, pci_num_vf(pf), 4);
}

static void sizes_survive_a_reset(struct kunit *test)
{
	struct pci_mock *mock;
	struct pci_dev *pf;
	u64 bar;

	mock = rebar_device(test, &pf);
	KUNIT_ASSERT_EQ(test, pci_iov_vf_bar_set_size(pf, REBAR_RES, REBAR_4M), 0);
	KUNIT_ASSERT_EQ(test, mt_set_numvfs(pf, 4), 0);
	reset_pf(test, mock, pf);
	KUNIT_EXPECT_EQ(test, size_now(mock), REBAR_4M);
	KUNIT_EXPECT_EQ(test, pci_mock_peek(mock, 0, PCI_MOCK_ANY_FN,
					    PCI_MOCK_SRIOV + PCI_SRIOV_CTRL, 2) &
			PCI_SRIOV_CTRL_VFE, PCI_SRIOV_CTRL_VFE);
	bar = pci_mock_peek(mock, 0, PCI_MOCK_ANY_FN,
			    PCI_MOCK_SRIOV + PCI_SRIOV_BAR + REBAR_BAR * 4, 4) & ~0xfU;
	bar |= (u64)pci_mock_peek(mock, 0, PCI_MOCK_ANY_FN,
				  PCI_MOCK_SRIOV + PCI_SRIOV_BAR + REBAR_BAR * 4 + 4,
				  4) << 32;
	KUNIT_EXPECT_EQ(test, bar, pci_resource_start(pf, REBAR_RES));
	KUNIT_EXPECT_EQ(test, mt_set_numvfs(pf, 0), 0);
}

static const struct pci_mock_fault size_is_not_written = {
	.kinds = BIT(PCI_MOCK_PF), .pf = 0, .lo = REBAR_CTRL,
	.hi = REBAR_CTRL + 3, .dir = PCI_MOCK_WRITE, .nth = 1,
	.sticky = true, .action = PCI_MOCK_DROP,
};

/* VFs whose memory is not where it was would have that of others. */
static void no_vfs_with_another_size(struct kunit *test)
{
	struct pci_mock_fault deaf = size_is_not_written;
	struct pci_mock *mock;
	struct pci_dev *pf;

	mock = rebar_device(test, &pf);
	KUNIT_ASSERT_EQ(test, pci_iov_vf_bar_set_size(pf, REBAR_RES, REBAR_4M), 0);
	KUNIT_ASSERT_EQ(test, mt_set_numvfs(pf, 4), 0);
	pci_mock_fault_add(mock, &deaf);
	reset_pf(test, mock, pf);
	pci_mock_fault_del(mock, &deaf);
	KUNIT_EXPECT_GT(test, deaf.hits, 0);
	KUNIT_EXPECT_EQ(test, pci_mock_peek(mock, 0, PCI_MOCK_ANY_FN,
					    PCI_MOCK_SRIOV + PCI_SRIOV_CTRL, 2) &
			PCI_SRIOV_CTRL_VFE, 0);
	KUNIT_EXPECT_EQ(test, mt_set_numvfs(pf, 0), 0);
}

static void a_size_that_is_not_kept_is_none(struct kunit *test)
{
	struct pci_mock_fault deaf = size_is_not_written;
	struct pci_mock *mock;
	struct pci_dev *pf;

	mock = rebar_device(test, &pf);
	pci_mock_fault_add(mock, &deaf);
	KUNIT_EXPECT_EQ(test, pci_iov_vf_bar_set_size(pf, REBAR_RES, REBAR_4M), -EIO);
	pci_mock_fault_del(mock, &deaf);
	KUNIT_EXPECT_EQ(test, pci_iov_resource_size(pf, REBAR_RES), SZ_2M);
	KUNIT_EXPECT_EQ(test, mt_set_numvfs(pf, REBAR_TOTAL), 0);
	expect_vf_memory(test, pf, REBAR_TOTAL, SZ_2M);
	KUNIT_EXPECT_EQ(test, mt_set_numvfs(pf, 0), 0);
}

/* Registers whose value would not change are not written. */
static void nothing_is_written_without_need(struct kunit *test)
{
	struct pci_mock_fault watch = {
		.kinds = BIT(PCI_MOCK_PF), .pf = 0, .lo = PCI_MOCK_VF_REBAR,
		.hi = PCI_MOCK_VF_REBAR_END - 1, .dir = PCI_MOCK_WRITE, .nth = 1,
		.sticky = true, .action = PCI_MOCK_DROP,
	};
	struct pci_mock *mock;
	struct pci_dev *pf;

	mock = rebar_device(test, &pf);
	pci_mock_fault_add(mock, &watch);
	KUNIT_ASSERT_EQ(test, mt_set_numvfs(pf, 4), 0);
	reset_pf(test, mock, pf);
	KUNIT_EXPECT_EQ(test, mt_set_numvfs(pf, 0), 0);
	KUNIT_EXPECT_EQ(test, pci_iov_vf_bar_set_size(pf, REBAR_RES, REBAR_2M), 0);
	pci_mock_fault_del(mock, &watch);
	KUNIT_EXPECT_EQ(test, watch.hits, 0);
}

/**
 * struct broken_rebar - a capability that lies
 * @name: what of it
 * @where: register
 * @val: its value
 */
struct broken_rebar {
	const char *name;
	u16 where;
	u32 val;
};

#define BROKEN_CTRL(nr, bar, size)	((nr) << 5 | (bar) | (size) << 8)

static const struct broken_rebar broken_rebars[] = {
	{ "no BARs", REBAR_CTRL, BROKEN_CTRL(0, REBAR_BAR, REBAR_2M) },
	{ "seven BARs", REBAR_CTRL, BROKEN_CTRL(7, REBAR_BAR, REBAR_2M) },
	{ "all-ones", REBAR_CTRL, ~0U },
	{ "no such BAR", REBAR_CTRL, BROKEN_CTRL(1, 7, REBAR_2M) },
	{ "second half of a BAR", REBAR_CTRL, BROKEN_CTRL(1, REBAR_BAR + 1, REBAR_2M) },
	{ "a BAR of 16K", REBAR_CTRL, BROKEN_CTRL(1, 0, 0) },
	{ "the BAR is smaller", REBAR_CTRL, BROKEN_CTRL(1, REBAR_BAR, REBAR_8M) },
	{ "the second is all-ones", REBAR_CTRL, BROKEN_CTRL(2, REBAR_BAR, REBAR_2M) },
};

static void broken_desc(const struct broken_rebar *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(broken, broken_rebars, broken_desc);

/* Whatever it says, VFs have the size that their BARs have. */
static void a_broken_capability_is_not_used(struct kunit *test)
{
	const struct broken_rebar *c = test->param_value;
	struct pci_mock_poke poke[] = {
		{ c->where, 4, c->val },
		{ REBAR_CTRL + REBAR_ENTRY, 4, ~0U },
		{ }
	};
	struct pci_mock_params p;
	struct mt_counts before;
	struct pci_mock *mock;
	struct pci_dev *pf;

	rebar_params(&p);
	p.pf_poke = poke;
	mock = mt_create(test, &p);
	pf = mt_pf(test, mock, 0);
	mt_count(mock, &before);
	KUNIT_EXPECT_EQ(test, pci_iov_vf_bar_get_sizes(pf, REBAR_RES, 1), 0);
	KUNIT_EXPECT_NE(test, pci_iov_vf_bar_set_size(pf, REBAR_RES, REBAR_2M), 0);
	KUNIT_EXPECT_EQ(test, mt_set_numvfs(pf, REBAR_TOTAL), 0);
	expect_vf_memory(test, pf, REBAR_TOTAL, SZ_2M);
	pci_reset_function(pf);
	KUNIT_EXPECT_EQ(test, mt_set_numvfs(pf, 0), 0);
	MT_EXPECT_SAME(test, &before, mock);
}

static struct kunit_case mock_rebar_cases[] = {
	KUNIT_CASE(larger_vfs_are_fewer),
	KUNIT_CASE(what_cannot_be_is_refused),
	KUNIT_CASE(the_address_limits_the_size),
	KUNIT_CASE_SLOW(sizes_survive_a_reset),
	KUNIT_CASE_SLOW(no_vfs_with_another_size),
	KUNIT_CASE(a_size_that_is_not_kept_is_none),
	KUNIT_CASE_SLOW(nothing_is_written_without_need),
	KUNIT_CASE_PARAM(a_broken_capability_is_not_used, broken_gen_params),
	{ }
};

static struct kunit_suite mock_rebar_suite = {
	.name = "pci_iov_mock_rebar",
	.suite_init = mt_suite_init,
	.suite_exit = mt_suite_exit,
	.test_cases = mock_rebar_cases,
};

kunit_test_suite(mock_rebar_suite);
