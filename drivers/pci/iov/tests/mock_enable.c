// SPDX-License-Identifier: GPL-2.0
/*
 * SR-IOV on the mock hierarchy: enabling and disabling, at each number of VFs,
 * and all that has to be there and be gone afterwards.
 */
#include <kunit/test.h>
#include <linux/device.h>
#include <linux/jiffies.h>
#include <linux/pci.h>
#include <linux/sizes.h>
#include <linux/sysfs.h>

#include "mock_util.h"

/**
 * struct enable_case - a number of VFs on some device
 * @name: name
 * @total: TotalVFs
 * @num: VFs to enable
 * @root_port: PF under a Root Port
 * @ari: device and port know ARI
 * @offset: First VF Offset, 0: as the mock has it
 * @stride: VF Stride, 0: as the mock has it
 */
struct enable_case {
	char name[KUNIT_PARAM_DESC_SIZE];
	u16 total;
	u16 num;
	bool root_port;
	bool ari;
	u16 offset;
	u16 stride;
};

#define EVERY_TOTAL	64

/* All numbers from 0 to TotalVFs, or a share of them, and always those at the ends. */
static const void *every_number(struct kunit *test, const void *prev, char *desc)
{
	static struct enable_case c;
	unsigned int next = prev ? c.num + 1 : 0;

	while (next > 2 && next < EVERY_TOTAL - 1 && next % mt_every() != mt_share(0))
		next++;
	if (next > EVERY_TOTAL)
		return NULL;
	c = (struct enable_case){
		.total = EVERY_TOTAL,
		.num = next,
		.root_port = next & 1,
		.ari = true,
	};
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%u of %u VFs, %s", next,
		 EVERY_TOTAL, c.root_port ? "root port" : "root bus");
	return &c;
}

static const struct enable_case shapes[] = {
	{ "one VF", .total = 1, .num = 1, .ari = true },
	{ "root port, VFs on the next bus, no ARI", .total = 16, .num = 16,
	  .root_port = true, .offset = 0x100, .stride = 1 },
	{ "gaps between VFs", .total = 16, .num = 16, .ari = true, .offset = 5,
	  .stride = 7 },
	{ "a bus for each VF", .total = 16, .num = 16, .ari = true,
	  .root_port = true, .offset = 0x100, .stride = 0x100 },
	{ "across a bus boundary", .total = 32, .num = 32, .ari = true,
	  .offset = 0xf0, .stride = 1 },
	{ "300 VFs, root port", .total = 300, .num = 300, .ari = true,
	  .root_port = true },
	{ "4096 VFs, few", .total = 4096, .num = 3, .ari = true },
	{ "4096 VFs, all", .total = 4096, .num = 4096, .ari = true },
};

static void shape_desc(const struct enable_case *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(shape, shapes, shape_desc);

static void case_params(const struct enable_case *c, struct pci_mock_params *p)
{
	mt_params(p, c->total);
	p->root_port = c->root_port;
	p->ari = c->ari;
	if (c->offset)
		p->vf_offset = c->offset;
	if (c->stride)
		p->vf_stride = c->stride;
}

static struct pci_dev *find_vf(struct pci_dev *pf, unsigned int id)
{
	const struct pci_mock *mock = pci_mock_of(pf);
	unsigned int rid;

	rid = pci_dev_id(pf) + mock->params.vf_offset +
	      id * mock->params.vf_stride;
	return pci_get_domain_bus_and_slot(mock->domain, rid >> 8, rid & 0xff);
}

static void check_vf_bars(struct kunit *test, struct pci_dev *pf,
			  struct pci_dev *vf, unsigned int id)
{
	const struct pci_mock *mock = pci_mock_of(pf);
	unsigned int i;

	for (i = 0; i < PCI_SRIOV_NUM_BARS; i++) {
		const struct resource *all = &pf->resource[PCI_IOV_RESOURCES + i];
		u64 size = mock->params.vf_bar[i].size;

		if (!size)
			continue;
		KUNIT_EXPECT_EQ(test, all->start + size * id,
				pci_resource_start(vf, i));
		KUNIT_EXPECT_EQ(test, size, pci_resource_len(vf, i));
		KUNIT_EXPECT_PTR_EQ(test, all, vf->resource[i].parent);
	}
}

static void check_vf(struct kunit *test, struct pci_dev *pf, unsigned int id)
{
	struct pci_dev *vf = find_vf(pf, id);
	char name[16];

	KUNIT_ASSERT_NOT_NULL_MSG(test, vf, "VF %u missing", id);
	KUNIT_EXPECT_TRUE(test, vf->is_virtfn);
	KUNIT_EXPECT_PTR_EQ(test, pf, pci_physfn(vf));
	KUNIT_EXPECT_EQ(test, id, pci_iov_vf_id(vf));
	KUNIT_EXPECT_EQ(test, vf->devfn, pci_iov_virtfn_devfn(pf, id));
	KUNIT_EXPECT_EQ(test, vf->bus->number, pci_iov_virtfn_bus(pf, id));
	KUNIT_EXPECT_EQ(test, PCI_MOCK_VENDOR, vf->vendor);
	KUNIT_EXPECT_EQ(test, PCI_MOCK_DEV_VF, vf->device);
	KUNIT_EXPECT_EQ(test, PCI_MOCK_VENDOR, vf->subsystem_vendor);
	KUNIT_EXPECT_EQ(test, 0x0200, vf->subsystem_device);
	KUNIT_EXPECT_EQ(test, 0x020000, vf->class);
	KUNIT_EXPECT_FALSE(test, vf->multifunction);
	KUNIT_EXPECT_TRUE(test, vf->no_command_memory);
	KUNIT_EXPECT_PTR_EQ(test, pf->dev.parent, vf->dev.parent);
	KUNIT_EXPECT_EQ(test, PCI_MOCK_EXP, vf->pcie_cap);
	KUNIT_EXPECT_EQ(test, PCI_MOCK_MSIX, vf->msix_cap);
#ifdef CONFIG_PCIEAER
	KUNIT_EXPECT_EQ(test, PCI_MOCK_AER, vf->aer_cap);
#endif
	KUNIT_EXPECT_EQ(test, PCI_CFG_SPACE_EXP_SIZE, vf->cfg_size);
	KUNIT_EXPECT_NOT_NULL(test, vf->driver);
	check_vf_bars(test, pf, vf, id);

	snprintf(name, sizeof(name), "virtfn%u", id);
	KUNIT_EXPECT_TRUE(test, mt_links_to(&pf->dev.kobj, name, &vf->dev.kobj));
	KUNIT_EXPECT_TRUE(test, mt_links_to(&vf->dev.kobj, "physfn",
					    &pf->dev.kobj));
	pci_dev_put(vf);
}

static void enable_and_disable(struct kunit *test)
{
	const struct enable_case *c = test->param_value;
	struct pci_mock_params p;
	struct pci_mock_stats stats;
	struct mt_counts before;
	struct pci_mock *mock;
	struct pci_dev *pf;
	unsigned int i;

	mt_skip_if_slow(test, c->num);
	case_params(c, &p);
	mock = mt_create(test, &p);
	pf = pci_mock_get_pf(mock, 0);
	KUNIT_ASSERT_NOT_NULL(test, pf);
	KUNIT_EXPECT_EQ(test, c->total, mt_show_uint(pf, "sriov_totalvfs"));
	mt_count(mock, &before);
	pci_mock_stats_reset(mock);

	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, c->num));
	KUNIT_EXPECT_EQ(test, c->num, pci_num_vf(pf));
	KUNIT_EXPECT_EQ(test, c->num, mt_show_uint(pf, "sriov_numvfs"));
	KUNIT_EXPECT_EQ(test, c->num, atomic_read(&mock->drv.vfs_bound));
	for (i = 0; i < c->num; i++)
		check_vf(test, pf, i);
	/* and none beyond the last */
	if (c->num) {
		struct pci_dev *beyond = find_vf(pf, c->num);

		KUNIT_EXPECT_NULL(test, beyond);
		pci_dev_put(beyond);
	}

	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, 0));
	KUNIT_EXPECT_EQ(test, 0, pci_num_vf(pf));
	KUNIT_EXPECT_EQ(test, 0, mt_show_uint(pf, "sriov_numvfs"));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&mock->drv.vfs_bound));
	MT_EXPECT_SAME(test, &before, mock);
	KUNIT_EXPECT_EQ(test, 0, pci_mock_peek(mock, 0, PCI_MOCK_ANY_FN,
					       PCI_MOCK_SRIOV + PCI_SRIOV_CTRL,
					       2) &
				 (PCI_SRIOV_CTRL_VFE | PCI_SRIOV_CTRL_MSE));

	pci_mock_stats_read(mock, &stats);
	KUNIT_EXPECT_EQ(test, 0, stats.early_vf);
	KUNIT_EXPECT_EQ(test, 0, stats.early_sriov);
	pci_dev_put(pf);
	mt_destroy(test, mock);
}

/* Each BAR that a VF may have, at once. */
static void all_bar_kinds(struct kunit *test)
{
	struct pci_mock_params p;
	struct pci_mock *mock;
	struct pci_dev *pf;
	unsigned int i;

	mt_params(&p, 8);
	p.vf_bar[0] = (struct pci_mock_bar){ .size = SZ_4K };
	p.vf_bar[1] = (struct pci_mock_bar){ .size = SZ_64K, .is64 = true };
	p.vf_bar[3] = (struct pci_mock_bar){ .size = SZ_8K, .pref = true };
	p.vf_bar[4] = (struct pci_mock_bar){ .size = SZ_1M, .is64 = true,
					     .pref = true };
	mock = mt_create(test, &p);
	pf = mt_pf(test, mock, 0);
	KUNIT_ASSERT_EQ(test, 0, mt_set_numvfs(pf, 8));
	for (i = 0; i < 8; i++)
		check_vf(test, pf, i);
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, 0));
}

/* A VF aperture below System Page Size grows to it, as the spec has it. */
static void bar_grows_to_page(struct kunit *test)
{
	struct pci_mock_params p;
	struct pci_mock *mock;
	struct pci_dev *pf;

	mt_params(&p, 4);
	p.vf_bar[0].size = SZ_1K;
	mock = mt_create(test, &p);
	pf = mt_pf(test, mock, 0);
	KUNIT_EXPECT_EQ(test, (u64)SZ_4K,
			(u64)pci_iov_resource_size(pf, PCI_IOV_RESOURCES));
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, 4));
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, 0));
}

/* The rules of sriov_numvfs. */
static void numvfs_semantics(struct kunit *test)
{
	struct pci_dev *pf;

	mt_device(test, 8, &pf);

	KUNIT_EXPECT_EQ(test, -EINVAL, mt_store(pf, "sriov_numvfs", "many"));
	KUNIT_EXPECT_EQ(test, -EINVAL, mt_store(pf, "sriov_numvfs", "-1"));
	KUNIT_EXPECT_EQ(test, -EINVAL, mt_store(pf, "sriov_numvfs", "65536"));
	KUNIT_EXPECT_EQ(test, -ERANGE, mt_set_numvfs(pf, 9));
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, 0));
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, 4));
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, 4));
	KUNIT_EXPECT_EQ(test, -EBUSY, mt_set_numvfs(pf, 5));
	KUNIT_EXPECT_EQ(test, 4, pci_num_vf(pf));
	KUNIT_EXPECT_EQ(test, 0, mt_store(pf, "sriov_numvfs", "0x0"));
	KUNIT_EXPECT_EQ(test, 0, pci_num_vf(pf));

	device_release_driver(&pf->dev);
	KUNIT_EXPECT_EQ(test, -ENOENT, mt_set_numvfs(pf, 4));
	KUNIT_EXPECT_EQ(test, 0, pci_num_vf(pf));
}

/* A driver has its own mind. */
static void driver_decides(struct kunit *test)
{
	struct pci_mock *mock;
	struct pci_dev *pf;

	mock = mt_device(test, 8, &pf);

	mock->drv.configure_errno = -EXDEV;
	KUNIT_EXPECT_EQ(test, -EXDEV, mt_set_numvfs(pf, 4));
	KUNIT_EXPECT_EQ(test, 0, pci_num_vf(pf));
	mock->drv.configure_errno = 0;

	mock->drv.configure_max = 2;
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, 4));
	KUNIT_EXPECT_EQ(test, 2, pci_num_vf(pf));
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, 0));

	KUNIT_EXPECT_EQ(test, 0, pci_sriov_set_totalvfs(pf, 3));
	KUNIT_EXPECT_EQ(test, 3, mt_show_uint(pf, "sriov_totalvfs"));
	KUNIT_EXPECT_EQ(test, -ERANGE, mt_set_numvfs(pf, 4));
	KUNIT_EXPECT_EQ(test, -EINVAL, pci_sriov_set_totalvfs(pf, 9));
	KUNIT_EXPECT_EQ(test, 0, pci_sriov_set_totalvfs(pf, 8));
}

/* VFs enabled in probe live as long as the driver. */
static void enable_in_probe(struct kunit *test)
{
	struct pci_mock *mock;
	struct mt_counts before;
	struct pci_dev *pf;

	mock = mt_device(test, 8, &pf);
	device_release_driver(&pf->dev);
	mt_count(mock, &before);
	mock->drv.probe_vfs = 3;
	KUNIT_ASSERT_EQ(test, 1, device_attach(&pf->dev));
	KUNIT_EXPECT_EQ(test, 3, pci_num_vf(pf));
	device_release_driver(&pf->dev);
	KUNIT_EXPECT_EQ(test, 0, pci_num_vf(pf));
	MT_EXPECT_SAME(test, &before, mock);
}

/* A driver may leave without its VFs; the next one finds and ends them. */
static void left_enabled(struct kunit *test)
{
	struct pci_mock *mock;
	struct mt_counts before;
	struct pci_dev *pf;

	mock = mt_device(test, 8, &pf);
	mt_count(mock, &before);
	KUNIT_ASSERT_EQ(test, 0, mt_set_numvfs(pf, 3));
	mock->drv.leave_enabled = true;
	device_release_driver(&pf->dev);
	KUNIT_EXPECT_EQ(test, 3, pci_num_vf(pf));
	KUNIT_ASSERT_EQ(test, 1, device_attach(&pf->dev));
	mock->drv.leave_enabled = false;
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, 0));
	MT_EXPECT_SAME(test, &before, mock);
}

/* MSI-X vectors of a VF are the PF's to give, while the VF has no driver. */
static void vf_msix_count(struct kunit *test)
{
	struct pci_dev *pf, *vf;

	mt_device(test, 4, &pf);
	KUNIT_EXPECT_EQ(test, 64, mt_show_uint(pf, "sriov_vf_total_msix"));
	KUNIT_ASSERT_EQ(test, 0, mt_set_numvfs(pf, 4));
	vf = find_vf(pf, 1);
	KUNIT_ASSERT_NOT_NULL(test, vf);

	KUNIT_EXPECT_EQ(test, -EBUSY, mt_store(vf, "sriov_vf_msix_count", "8"));
	device_release_driver(&vf->dev);
	KUNIT_EXPECT_EQ(test, 0, mt_store(vf, "sriov_vf_msix_count", "8"));
	KUNIT_EXPECT_EQ(test, 8, pci_msix_vec_count(vf));
	KUNIT_EXPECT_EQ(test, -EINVAL, mt_store(vf, "sriov_vf_msix_count", "-1"));
	KUNIT_EXPECT_EQ(test, -EINVAL, mt_store(vf, "sriov_vf_msix_count", "x"));
	KUNIT_EXPECT_EQ(test, -EINVAL, mt_store(vf, "sriov_vf_msix_count", "65"));
	pci_dev_put(vf);
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, 0));
}

/*
 * With sriov_drivers_autoprobe off no driver comes by itself, but one that is
 * asked for by name does.
 */
static void autoprobe(struct kunit *test)
{
	struct pci_mock *mock;
	struct pci_dev *pf, *vf;

	mock = mt_device(test, 4, &pf);
	KUNIT_EXPECT_EQ(test, 1, mt_show_uint(pf, "sriov_drivers_autoprobe"));
	KUNIT_EXPECT_EQ(test, -EINVAL,
			mt_store(pf, "sriov_drivers_autoprobe", "maybe"));
	KUNIT_EXPECT_EQ(test, 0, mt_store(pf, "sriov_drivers_autoprobe", "0"));
	KUNIT_ASSERT_EQ(test, 0, mt_set_numvfs(pf, 4));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&mock->drv.vfs_bound));
	vf = find_vf(pf, 2);
	KUNIT_ASSERT_NOT_NULL(test, vf);
	KUNIT_EXPECT_EQ(test, 0,
			mt_store_path("bus/pci/drivers/pci-mock-vf/bind",
				      pci_name(vf)));
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&mock->drv.vfs_bound));
	pci_dev_put(vf);
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, 0));
}

static u32 sriov_dword(struct pci_mock *mock, unsigned int reg)
{
	return pci_mock_peek(mock, 0, PCI_MOCK_ANY_FN, PCI_MOCK_SRIOV + reg, 4);
}

/* VF BAR 0, of 64 bits, leads where its resource is. */
static void check_bar_register(struct kunit *test, struct pci_mock *mock,
			       struct pci_dev *pf)
{
	u64 start = pci_resource_start(pf, PCI_IOV_RESOURCES);

	KUNIT_EXPECT_GT(test, start, (u64)U32_MAX);
	KUNIT_EXPECT_EQ(test, lower_32_bits(start),
			sriov_dword(mock, PCI_SRIOV_BAR) &
			(u32)PCI_BASE_ADDRESS_MEM_MASK);
	KUNIT_EXPECT_EQ(test, upper_32_bits(start),
			sriov_dword(mock, PCI_SRIOV_BAR + 4));
}

/* After a reset of the PF the VFs are as they were. */
static void pf_reset(struct kunit *test)
{
	struct pci_mock_params p;
	struct pci_mock *mock;
	struct pci_dev *pf;
	u32 before[PCI_EXT_CAP_SRIOV_SIZEOF / 4];
	unsigned int i;

	mt_params(&p, 4);
	/* A reset brings System Page Size back to 4 KiB, which this has not */
	p.sup_pgsize &= ~1;
	mock = mt_create(test, &p);
	pf = mt_pf(test, mock, 0);
	KUNIT_ASSERT_EQ(test, 0, mt_set_numvfs(pf, 4));
	check_bar_register(test, mock, pf);
	for (i = 0; i < ARRAY_SIZE(before); i++)
		before[i] = pci_mock_peek(mock, 0, PCI_MOCK_ANY_FN,
					  PCI_MOCK_SRIOV + i * 4, 4);
	KUNIT_EXPECT_EQ(test, 0, pci_reset_function(pf));
	for (i = 0; i < ARRAY_SIZE(before); i++)
		KUNIT_EXPECT_EQ_MSG(test, before[i],
				    pci_mock_peek(mock, 0, PCI_MOCK_ANY_FN,
						  PCI_MOCK_SRIOV + i * 4, 4),
				    "SR-IOV capability + 0x%x", i * 4);
	KUNIT_EXPECT_EQ(test, 4, pci_num_vf(pf));
	for (i = 0; i < 4; i++)
		check_vf(test, pf, i);
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, 0));
}

/* A device that would put its VFs elsewhere after a reset of the PF has none. */
static void pf_reset_moves_vfs(struct kunit *test)
{
	struct pci_mock *mock;
	struct pci_dev *pf;

	mock = mt_device(test, 4, &pf);
	KUNIT_ASSERT_EQ(test, 0, mt_set_numvfs(pf, 4));
	mock->params.vf_offset++;
	KUNIT_EXPECT_EQ(test, 0, pci_reset_function(pf));
	KUNIT_EXPECT_EQ(test, 0, sriov_dword(mock, PCI_SRIOV_CTRL) &
				 PCI_SRIOV_CTRL_VFE);
	mock->params.vf_offset--;
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, 0));
}

/*
 * VF BARs cannot be changed while VFs are enabled. A PF that comes from D3hot has
 * lost them, and VF Enable with them, whatever the core set that to.
 */
static void bars_after_power_loss(struct kunit *test)
{
	struct pci_mock *mock;
	struct pci_dev *pf;
	u32 ctrl;

	mock = mt_device(test, 4, &pf);
	KUNIT_ASSERT_EQ(test, 0, mt_set_numvfs(pf, 4));
	ctrl = sriov_dword(mock, PCI_SRIOV_CTRL);
	pci_mock_force(mock, 0, PCI_MOCK_ANY_FN,
		       PCI_MOCK_SRIOV + PCI_SRIOV_BAR + 4, 4, 0);
	pci_update_resource(pf, PCI_IOV_RESOURCES);
	KUNIT_EXPECT_EQ(test, 0, sriov_dword(mock, PCI_SRIOV_BAR + 4));

	pci_mock_force(mock, 0, PCI_MOCK_ANY_FN,
		       PCI_MOCK_SRIOV + PCI_SRIOV_CTRL, 2, 0);
	pci_update_resource(pf, PCI_IOV_RESOURCES);
	check_bar_register(test, mock, pf);
	pci_mock_force(mock, 0, PCI_MOCK_ANY_FN,
		       PCI_MOCK_SRIOV + PCI_SRIOV_CTRL, 2, ctrl);
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, 0));
}

static u32 command_of(struct pci_dev *pf, unsigned int id)
{
	struct pci_dev *vf = find_vf(pf, id);
	u32 dword = 0;

	if (vf)
		pci_read_config_dword(vf, PCI_COMMAND, &dword);
	pci_dev_put(vf);
	return dword;
}

/* VFs may take up to a second after a reset of their PF to answer. */
static void pf_reset_waits_for_vfs(struct kunit *test)
{
	struct pci_mock_stats stats;
	struct pci_mock_params p;
	struct pci_mock *mock;
	unsigned long start;
	struct pci_dev *pf;
	unsigned int i;

	pci_mock_params_init(&p, 4);
	p.vf_ready_ms = 700;
	mock = mt_create(test, &p);
	pf = mt_pf(test, mock, 0);
	KUNIT_ASSERT_EQ(test, 0, mt_set_numvfs(pf, 4));
	pci_mock_stats_reset(mock);
	KUNIT_EXPECT_EQ(test, 0, pci_reset_function(pf));
	for (i = 0; i < 4; i++)
		KUNIT_EXPECT_NE_MSG(test, ~0U, command_of(pf, i), "VF %u", i);
	pci_mock_stats_read(mock, &stats);
	KUNIT_EXPECT_EQ(test, 0, stats.early_vf);

	/* The second is that of all VFs: each has one more chance at its end */
	mock->params.vf_ready_ms = -1;
	pci_mock_stats_reset(mock);
	start = jiffies;
	KUNIT_EXPECT_EQ(test, 0, pci_reset_function(pf));
	KUNIT_EXPECT_GE(test, jiffies - start, HZ);
	KUNIT_EXPECT_GT(test, pci_mock_reads_of(mock, 0, 0), 1);
	for (i = 1; i < 4; i++)
		KUNIT_EXPECT_EQ(test, 1, pci_mock_reads_of(mock, 0, i));
	mock->params.vf_ready_ms = 0;
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, 0));
}

/* A function that depends on another shows it while it has VFs. */
static void dependency_link(struct kunit *test)
{
	struct pci_mock_params p;
	struct pci_mock *mock;
	struct mt_counts before;
	struct pci_dev *pf, *other;

	mt_params(&p, 4);
	p.pfs = 2;
	p.vf_stride = 2;
	p.link_to = 1;
	mock = mt_create(test, &p);
	pf = mt_pf(test, mock, 0);
	other = mt_pf(test, mock, 1);
	mt_count(mock, &before);
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, 4));
	KUNIT_EXPECT_TRUE(test, mt_links_to(&pf->dev.kobj, "dep_link",
					    &other->dev.kobj));
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, 0));
	KUNIT_EXPECT_FALSE(test, mt_links_to(&pf->dev.kobj, "dep_link",
					     &other->dev.kobj));
	MT_EXPECT_SAME(test, &before, mock);
}

static struct kunit_case enable_cases[] = {
	KUNIT_CASE_PARAM(enable_and_disable, every_number),
	KUNIT_CASE_PARAM(enable_and_disable, shape_gen_params),
	KUNIT_CASE(all_bar_kinds),
	KUNIT_CASE(bar_grows_to_page),
	KUNIT_CASE(numvfs_semantics),
	KUNIT_CASE(driver_decides),
	KUNIT_CASE(enable_in_probe),
	KUNIT_CASE(left_enabled),
	KUNIT_CASE(vf_msix_count),
	KUNIT_CASE(autoprobe),
	KUNIT_CASE(pf_reset),
	KUNIT_CASE(pf_reset_waits_for_vfs),
	KUNIT_CASE(pf_reset_moves_vfs),
	KUNIT_CASE(bars_after_power_loss),
	KUNIT_CASE(dependency_link),
	{ }
};

static struct kunit_suite enable_suite = {
	.name = "pci_iov_mock_enable",
	.suite_init = mt_suite_init,
	.suite_exit = mt_suite_exit,
	.test_cases = enable_cases,
};

kunit_test_suite(enable_suite);
