// SPDX-License-Identifier: GPL-2.0
/*
 * AER benchmark on the mock PCI hierarchy: what an error costs, and whom.
 *
 * pci_mock_bench_errors.run=1 starts it at the end of boot. A PF and 64 VFs below
 * a Root Port; one line for each measurement:
 *
 *	reads k=... per_error_milli=... uninvolved=... found=...
 *		k VFs have an error at the same time: config reads for each, reads
 *		of VFs that have none, and how many of the errors were found
 *	rate errors=... ns=...
 *		correctable errors of one VF, each raised when the one before was
 *		handled
 *	contain quiet_ns=... back_ns=...
 *		a fatal error of a VF that was given away: until its bus mastering
 *		is off, and until its driver is told to resume; -1: never
 *	delay ns=...
 *		until the error of VF 1 is looked at, while the driver of VF 0 takes
 *		a second to answer for its own
 *
 * The same is done on every kernel; what only some of them can do (the storm
 * threshold is set to none) is tried and not missed. The console hears nothing
 * meanwhile: the time is that of the kernel, not of a serial port.
 */
#define pr_fmt(fmt) "pci-mock-errors: " fmt

#include <linux/delay.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/init.h>
#include <linux/irqflags.h>
#include <linux/kern_levels.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/moduleparam.h>
#include <linux/pci.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/sprintf.h>

#include "mock_util.h"

#define VFS		64
#define UNCOR_STATUS	(PCI_MOCK_AER + PCI_ERR_UNCOR_STATUS)
#define COR_STATUS	(PCI_MOCK_AER + PCI_ERR_COR_STATUS)
#define LIMIT_NS	(20ULL * NSEC_PER_SEC)

static bool run;
module_param(run, bool, 0444);
MODULE_PARM_DESC(run, "Run the benchmark at the end of boot");

static char results[8][96];
static unsigned int nresults;

struct bench {
	struct pci_mock *mock;
	struct pci_dev *pf;
	struct pci_dev *vf[VFS];
	u64 quiet_ns;		/* when VF 0 lost bus mastering, 0: not yet */
};

/* Said at the end, when the console hears it. */
static __printf(1, 2) void result(const char *fmt, ...)
{
	va_list args;

	if (nresults == ARRAY_SIZE(results))
		return;
	va_start(args, fmt);
	vscnprintf(results[nresults++], sizeof(results[0]), fmt, args);
	va_end(args);
}

static int bench_start(struct bench *b)
{
	struct pci_dev *dev = NULL;
	struct pci_mock_params p;
	int ret;

	mt_params(&p, VFS);
	p.root_port = true;
	p.irq = true;
	b->mock = pci_mock_create(&p);
	if (IS_ERR(b->mock))
		return PTR_ERR(b->mock);
	b->pf = pci_mock_get_pf(b->mock, 0);
	ret = mt_set_numvfs(b->pf, VFS);
	if (ret)
		return ret;
	for_each_pci_dev(dev) {
		int id = dev->is_virtfn && pci_physfn(dev) == b->pf ? pci_iov_vf_id(dev) : -1;

		if (id >= 0 && id < VFS)
			b->vf[id] = pci_dev_get(dev);
	}
	return b->vf[VFS - 1] ? 0 : -ENODEV;
}

static void bench_end(struct bench *b)
{
	unsigned int i;

	for (i = 0; i < VFS; i++) {
		pci_dev_put(b->vf[i]);
		b->vf[i] = NULL;
	}
	pci_dev_put(b->pf);
	/* the stock service leaks references; that is no part of what is measured */
	if (pci_mock_destroy(b->mock))
		pr_info("a reference to a device leaked\n");
}

static bool is_clear(struct bench *b, unsigned int vf, u16 where)
{
	return !pci_mock_peek(b->mock, 0, vf, where, 4);
}

/* Time until a status register of a VF is clear, -1: never. */
static s64 time_to_clear(struct bench *b, unsigned int vf, u16 where, u64 limit)
{
	u64 start = ktime_get_ns();

	while (!is_clear(b, vf, where)) {
		if (ktime_get_ns() - start > limit)
			return -1;
		cond_resched();
	}
	return ktime_get_ns() - start;
}

static void bench_reads(struct bench *b, unsigned int k)
{
	u64 reads = 0, uninvolved = 0;
	struct pci_mock_stats stats;
	unsigned int i, found = 0;
	unsigned long flags;

	pci_mock_stats_reset(b->mock);
	local_irq_save(flags);
	for (i = 0; i < k; i++)
		pci_mock_raise(b->mock, 0, i, PCI_ERR_UNC_COMP_ABORT, 0, NULL);
	local_irq_restore(flags);
	for (i = 0; i < k; i++)
		found += time_to_clear(b, i, UNCOR_STATUS, NSEC_PER_SEC / 4) >= 0;
	msleep(500);
	pci_mock_stats_read(b->mock, &stats);
	for (i = PCI_MOCK_PORT; i < PCI_MOCK_KINDS; i++)
		reads += stats.reads[i];
	for (i = k; i < VFS; i++)
		uninvolved += pci_mock_reads_of(b->mock, 0, i);
	result("reads k=%u per_error_milli=%llu uninvolved=%llu found=%u\n", k,
	       div_u64(reads * 1000, k), uninvolved, found);
}

static void bench_rate(struct bench *b)
{
	u64 start, took;
	unsigned int n;

	mt_store(b->vf[1], "containment/storm_threshold", "0");
	start = ktime_get_ns();
	for (n = 0; n < 2000; n++) {
		pci_mock_raise(b->mock, 0, 1, 0, PCI_ERR_COR_BAD_TLP, NULL);
		if (time_to_clear(b, 1, COR_STATUS, NSEC_PER_SEC) < 0)
			break;
	}
	took = ktime_get_ns() - start;
	result("rate errors=%u ns=%llu\n", n, took);
}

static void bench_delay(struct bench *b)
{
	b->mock->drv.detect_delay_ms = 1000;
	b->mock->drv.delay_vf = 0;
	pci_mock_raise(b->mock, 0, 0, PCI_ERR_UNC_COMP_ABORT, 0, NULL);
	msleep(50);
	pci_mock_raise(b->mock, 0, 1, PCI_ERR_UNC_COMP_ABORT, 0, NULL);
	result("delay ns=%lld\n", time_to_clear(b, 1, UNCOR_STATUS, LIMIT_NS));
	b->mock->drv.detect_delay_ms = 0;
	msleep(2000);
}

static void see_quiet(void *ctx, enum pci_mock_kind kind, unsigned int pf, unsigned int vf,
		      int where, int size, u8 dir, u32 val)
{
	struct bench *b = ctx;

	if (kind == PCI_MOCK_VF && !vf && where == PCI_COMMAND && dir == PCI_MOCK_WRITE &&
	    !(val & PCI_COMMAND_MASTER) && !b->quiet_ns)
		b->quiet_ns = ktime_get_ns();
}

static void bench_contain(struct bench *b)
{
	const u32 sever = PCI_MOCK_AER + PCI_ERR_UNCOR_SEVER;
	struct pci_mock_calls calls;
	u64 start;

	device_release_driver(&b->vf[0]->dev);
	if (mt_store(b->vf[0], "driver_override", "pci-mock-vf-dma") ||
	    device_attach(&b->vf[0]->dev) <= 0) {
		pr_err("contain failed: no driver for VF 0\n");
		return;
	}
	pci_set_master(b->vf[0]);
	pci_mock_force(b->mock, 0, PCI_MOCK_ANY_FN, sever, 4, ~0);
	pci_mock_calls(b->mock, 0, 0, &calls);
	calls.resume++;
	pci_mock_set_observer(b->mock, see_quiet, b);
	start = ktime_get_ns();
	pci_mock_raise(b->mock, 0, 0, PCI_ERR_UNC_COMP_ABORT, 0, NULL);
	for (;;) {
		struct pci_mock_calls now;

		pci_mock_calls(b->mock, 0, 0, &now);
		if (now.resume >= calls.resume || ktime_get_ns() - start > LIMIT_NS)
			break;
		usleep_range(100, 200);
	}
	result("contain quiet_ns=%lld back_ns=%lld\n",
	       b->quiet_ns ? (s64)(b->quiet_ns - start) : -1,
	       ktime_get_ns() - start > LIMIT_NS ? -1 : (s64)(ktime_get_ns() - start));
	pci_mock_set_observer(b->mock, NULL, NULL);
}

static int __init bench_errors_init(void)
{
	static const unsigned int at_once[] = { 1, 8, 64 };
	struct bench b = { };
	unsigned int i;
	int level, ret;

	if (!run)
		return 0;
	ret = mt_suite_init(NULL);
	if (ret)
		return ret;
	level = mt_console_level(LOGLEVEL_EMERG);
	for (i = 0; i < ARRAY_SIZE(at_once) && !ret; i++) {
		ret = bench_start(&b);
		if (!ret)
			bench_reads(&b, at_once[i]);
		bench_end(&b);
	}
	if (!ret)
		ret = bench_start(&b);
	if (!ret) {
		bench_rate(&b);
		bench_delay(&b);
		bench_contain(&b);
		bench_end(&b);
	}
	mt_console_level(level);
	mt_suite_exit(NULL);
	for (i = 0; i < nresults; i++)
		pr_info("%s", results[i]);
	if (ret)
		pr_err("failed: error %d\n", ret);
	pr_info("done\n");
	return 0;
}
late_initcall_sync(bench_errors_init);
