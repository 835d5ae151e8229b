// SPDX-License-Identifier: GPL-2.0
/*
 * SR-IOV benchmark on the mock PCI hierarchy: how long it takes to enable and
 * to disable N VFs, how many accesses to configuration space that makes for
 * each, and how much memory each takes.
 *
 * pci_mock_bench.run=1 starts it at the end of boot. One line for each N:
 *
 *	pci-mock-bench: n=64 enable_ns=... disable_ns=... cfg_per_vf_milli=...
 *		mem_per_vf=...
 *
 * The mock's VFs are ready at once and say so, but a core that knows nothing
 * of Readiness Time Reporting sleeps all the same; so it is measured as it is.
 * An N that would take longer than pci_mock_bench.limit_s, judged by the N
 * before it and quadratic growth, is skipped, with a line that says so. While
 * it runs the console hears of warnings only: a line for each VF on a serial
 * port takes longer than the VF.
 */
#define pr_fmt(fmt) "pci-mock-bench: " fmt

#include <linux/err.h>
#include <linux/init.h>
#include <linux/kern_levels.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/pci.h>
#include <linux/printk.h>
#include <linux/vmstat.h>

#include "mock_util.h"

static bool run;
module_param(run, bool, 0444);
MODULE_PARM_DESC(run, "Run the benchmark at the end of boot");

static unsigned int limit_s = 180;
module_param(limit_s, uint, 0444);
MODULE_PARM_DESC(limit_s, "Skip what would take longer than that, in seconds");

struct bench_result {
	u64 enable_ns;
	u64 disable_ns;
	u64 accesses;
	u64 bytes;
};

/* VFs are made of slab objects and of the odd page of kernfs and kobjects. */
static u64 memory_used(void)
{
	return ((u64)global_node_page_state_pages(NR_SLAB_RECLAIMABLE_B) +
		global_node_page_state_pages(NR_SLAB_UNRECLAIMABLE_B)) *
	       PAGE_SIZE;
}

static int bench_one(struct pci_dev *pf, unsigned int n, struct bench_result *r)
{
	struct pci_mock *mock = pci_mock_of(pf);
	u64 start, used, accesses;
	int ret;

	used = memory_used();
	accesses = mock->accesses;
	pci_lock_rescan_remove();
	start = ktime_get_ns();
	ret = pci_enable_sriov(pf, n);
	r->enable_ns = ktime_get_ns() - start;
	pci_unlock_rescan_remove();
	if (ret)
		return ret;
	r->accesses = mock->accesses - accesses;
	r->bytes = memory_used();
	r->bytes = r->bytes > used ? r->bytes - used : 0;

	pci_lock_rescan_remove();
	start = ktime_get_ns();
	pci_disable_sriov(pf);
	r->disable_ns = ktime_get_ns() - start;
	pci_unlock_rescan_remove();
	return 0;
}

/* A mock of its own for each N, so that none waits for another to settle. */
static int bench_n(unsigned int n, struct bench_result *r)
{
	struct pci_mock_params p;
	struct pci_mock *mock;
	struct pci_dev *pf;
	int ret, err;

	pci_mock_params_init(&p, n);
	mock = pci_mock_create(&p);
	if (IS_ERR(mock))
		return PTR_ERR(mock);
	/* the VFs' own driver is no part of what is measured */
	mock->drv.vf_probe_errno = -ENODEV;
	pf = pci_mock_get_pf(mock, 0);
	ret = pf ? bench_one(pf, n, r) : -ENODEV;
	pci_dev_put(pf);
	err = pci_mock_destroy(mock);
	return ret ?: err;
}

static int __init bench_init(void)
{
	static const unsigned int counts[] = { 1, 64, 256, 1024, 4096 };
	struct bench_result r = { };
	u64 took = 0, base = 0;
	unsigned int i, growth;
	int level, ret;

	if (!run)
		return 0;
	for (i = 0; i < ARRAY_SIZE(counts); i++) {
		unsigned int n = counts[i];

		/* what one VF takes is mostly sleep, and does not grow */
		growth = i ? n / counts[i - 1] : 1;
		if (div_u64((took - base) * growth * growth, NSEC_PER_SEC) >
		    limit_s) {
			pr_info("n=%u skipped: would take more than %u s\n", n,
				limit_s);
			break;
		}
		level = mt_console_level(LOGLEVEL_NOTICE);
		ret = bench_n(n, &r);
		mt_console_level(level);
		if (ret) {
			pr_err("n=%u failed: error %d\n", n, ret);
			break;
		}
		took = r.enable_ns + r.disable_ns;
		base = base ?: took;
		took = max(took, base);
		pr_info("n=%u enable_ns=%llu disable_ns=%llu cfg_per_vf_milli=%llu mem_per_vf=%llu\n",
			n, r.enable_ns, r.disable_ns,
			div_u64(r.accesses * 1000, n), div_u64(r.bytes, n));
	}
	pr_info("done\n");
	return 0;
}
late_initcall_sync(bench_init);
