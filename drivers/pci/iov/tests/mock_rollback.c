// SPDX-License-Identifier: GPL-2.0
/*
 * SR-IOV on the mock hierarchy: each point at which enabling may fail, once.
 *
 * A sweep enables VFs again and again, each time on a new mock, with the n-th
 * access to configuration space (or the n-th allocation) going wrong, until n
 * is more than there are. After each failure everything has to be as it was.
 * The mocks are independent and mostly asleep, so several workers share n.
 */
#include <kunit/test.h>
#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/kthread.h>
#include <linux/pci.h>
#include <linux/sched.h>
#include <linux/sizes.h>
#include <linux/stringify.h>

#include "mock_util.h"

#define SWEEP_VFS	2
#define SWEEP_TEXT	__stringify(SWEEP_VFS)
#define SWEEP_WORKERS	8
/* Far above what these VFs can need; a sweep that gets there does not end. */
#define SWEEP_LIMIT	3000
/* A clean enable afterwards waits a second, so not after each failure. */
#define SWEEP_AGAIN	7

/**
 * struct sweep - a sweep and what it found
 * @name: name
 * @fault: what goes wrong, its @nth aside; %NULL: allocations
 * @disable: it goes wrong in disabling, not in enabling
 * @must_fail: enabling may not succeed when the fault has struck
 * @every: only each @every-th n, those that leave @rest
 * @rest: see @every
 * @next: the next n
 * @done: some n was beyond the last access
 * @points: how many n were tried
 * @refused: how often enabling failed
 * @bad: how often something was wrong
 * @first: the first of them, in words
 * @running: workers that have not ended
 * @ended: completed by the last worker
 */
struct sweep {
	char name[KUNIT_PARAM_DESC_SIZE];
	const struct pci_mock_fault *fault;
	bool disable;
	bool must_fail;
	unsigned int every;
	unsigned int rest;

	atomic_t next;
	atomic_t done;
	atomic_t points;
	atomic_t refused;
	atomic_t bad;
	char first[200];
	atomic_t running;
	struct completion ended;
};

static __printf(3, 4) void sweep_bad(struct sweep *s, unsigned int n,
				     const char *fmt, ...)
{
	char text[160];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	pr_info("%s, n=%u: %s\n", s->name, n, text);
	if (atomic_inc_return(&s->bad) == 1)
		snprintf(s->first, sizeof(s->first), "n=%u: %s", n, text);
}

/* Writes @num to sriov_numvfs with the fault armed. Returns whether it struck. */
static bool faulty_write(struct pci_dev *pf, struct file *numvfs,
			 struct pci_mock_fault *fault, unsigned int n,
			 unsigned int num, int *ret)
{
	struct pci_mock *mock = pci_mock_of(pf);
	char text[12];
	bool struck;

	snprintf(text, sizeof(text), "%u", num);
	if (fault) {
		fault->nth = n;
		pci_mock_fault_add(mock, fault);
		*ret = mt_write(numvfs, text);
		pci_mock_fault_del(mock, fault);
		return fault->hits;
	}
#ifdef CONFIG_FAULT_INJECTION
	WRITE_ONCE(current->fail_nth, n);
	*ret = mt_write(numvfs, text);
	struck = !READ_ONCE(current->fail_nth);
	WRITE_ONCE(current->fail_nth, 0);
#else
	struck = false;
#endif
	return struck;
}

/* One n on one mock. Returns whether the fault struck. */
static bool sweep_point_on(struct sweep *s, unsigned int n, struct pci_dev *pf,
			   struct file *numvfs)
{
	struct pci_mock *mock = pci_mock_of(pf);
	struct pci_mock_fault fault;
	struct mt_counts before;
	char buf[128];
	bool struck;
	int ret;

	if (s->fault)
		fault = *s->fault;
	mt_count(mock, &before);
	if (s->disable) {
		ret = mt_write(numvfs, SWEEP_TEXT);
		if (ret) {
			sweep_bad(s, n, "enable without fault: %d", ret);
			return false;
		}
	}
	struck = faulty_write(pf, numvfs, s->fault ? &fault : NULL, n,
			      s->disable ? 0 : SWEEP_VFS, &ret);
	if (!struck && ret)
		sweep_bad(s, n, "error %d without a fault", ret);
	if (ret)
		atomic_inc(&s->refused);
	if (s->disable && ret && s->fault)
		sweep_bad(s, n, "disable failed: %d", ret);
	if (struck && s->must_fail && !ret)
		sweep_bad(s, n, "enabled in spite of the fault");
	if (!s->disable && pci_num_vf(pf) != (ret ? 0 : SWEEP_VFS))
		sweep_bad(s, n, "result %d, %d VFs", ret, pci_num_vf(pf));
	if (!ret && !s->disable) {
		ret = mt_write(numvfs, "0");
		if (ret)
			sweep_bad(s, n, "disable afterwards: %d", ret);
	}
	/* a disable may be refused for want of memory, but then it works */
	if (s->disable && ret)
		ret = mt_write(numvfs, "0");

	if (*mt_same(&before, mock, buf, sizeof(buf)))
		sweep_bad(s, n, "result %d, left: %s", ret, buf);
	if (struck && n / s->every % SWEEP_AGAIN == 0) {
		pci_mock_set_link_down(mock, false);
		ret = mt_write(numvfs, SWEEP_TEXT);
		if (ret || pci_num_vf(pf) != SWEEP_VFS)
			sweep_bad(s, n, "enable again: %d", ret);
		if (!ret)
			mt_write(numvfs, "0");
		if (*mt_same(&before, mock, buf, sizeof(buf)))
			sweep_bad(s, n, "enabled again, left: %s", buf);
	}
	return struck;
}

static bool sweep_point(struct sweep *s, unsigned int n)
{
	struct pci_mock_params p;
	struct pci_mock *mock;
	struct file *numvfs;
	struct pci_dev *pf;
	bool struck = false;

	mt_params(&p, SWEEP_VFS);
	/* a bus of their own for the VFs, so that one is made and unmade */
	p.vf_offset = 0xff;
	p.vf_bar[2].size = SZ_4K;
	mock = pci_mock_create(&p);
	if (IS_ERR(mock)) {
		sweep_bad(s, n, "no mock: %ld", PTR_ERR(mock));
		return false;
	}
	pf = pci_mock_get_pf(mock, 0);
	numvfs = mt_open(pf, "sriov_numvfs", O_WRONLY);
	if (IS_ERR(numvfs)) {
		sweep_bad(s, n, "no sriov_numvfs: %ld", PTR_ERR(numvfs));
	} else {
		struck = sweep_point_on(s, n, pf, numvfs);
		__fput_sync(numvfs);
	}
	pci_dev_put(pf);
	if (pci_mock_destroy(mock))
		sweep_bad(s, n, "a reference to a device leaked");
	return struck;
}

static int sweep_worker(void *data)
{
	struct sweep *s = data;
	unsigned int n;

	while (!atomic_read(&s->done)) {
		n = atomic_inc_return(&s->next);
		if (n > SWEEP_LIMIT) {
			sweep_bad(s, n, "does not end");
			break;
		}
		if (n % s->every != s->rest)
			continue;
		atomic_inc(&s->points);
		if (!sweep_point(s, n))
			atomic_set(&s->done, 1);
	}
	if (atomic_dec_and_test(&s->running))
		complete(&s->ended);
	return 0;
}

static void sweep_run(struct kunit *test, struct sweep *s)
{
	struct task_struct *worker;
	unsigned int i;

	atomic_set(&s->next, 0);
	atomic_set(&s->running, 1);
	init_completion(&s->ended);
	for (i = 0; i < SWEEP_WORKERS; i++) {
		atomic_inc(&s->running);
		worker = kthread_run(sweep_worker, s, "sweep/%u", i);
		if (IS_ERR(worker))
			atomic_dec(&s->running);
	}
	if (!atomic_dec_and_test(&s->running))
		wait_for_completion(&s->ended);

	kunit_info(test, "%s: %d points, %d refused\n", s->name,
		   atomic_read(&s->points), atomic_read(&s->refused));
	KUNIT_EXPECT_STREQ_MSG(test, "", s->first, "and %d in all",
			       atomic_read(&s->bad));
	/* a sweep that met nothing has shown nothing */
	KUNIT_EXPECT_GT(test, atomic_read(&s->points), 4 / s->every);
	/* what refuses may be among those that were left out */
	if (!s->disable && s->every == 1)
		KUNIT_EXPECT_GT(test, atomic_read(&s->refused), 1);
}

#define ANY_ACCESS				\
	.pf = PCI_MOCK_ANY_FN,			\
	.vf = PCI_MOCK_ANY_FN,			\
	.hi = PCI_CFG_SPACE_EXP_SIZE - 1

static const struct pci_mock_fault device_gone = {
	ANY_ACCESS,
	.dir = PCI_MOCK_READ | PCI_MOCK_WRITE,
	.action = PCI_MOCK_LINK_DOWN,
};

static const struct pci_mock_fault function_gone = {
	ANY_ACCESS,
	.dir = PCI_MOCK_READ | PCI_MOCK_WRITE,
	.action = PCI_MOCK_GONE,
};

static const struct pci_mock_fault access_fails = {
	ANY_ACCESS,
	.dir = PCI_MOCK_READ | PCI_MOCK_WRITE,
	.action = PCI_MOCK_ERROR,
};

static const struct pci_mock_fault access_fails_on = {
	ANY_ACCESS,
	.dir = PCI_MOCK_READ | PCI_MOCK_WRITE,
	.sticky = true,
	.action = PCI_MOCK_ERROR,
};

static const struct pci_mock_fault reads_ones = {
	ANY_ACCESS,
	.dir = PCI_MOCK_READ,
	.action = PCI_MOCK_DATA,
	.data = ~0,
	.mask = ~0,
};

static const struct pci_mock_fault reads_zero = {
	ANY_ACCESS,
	.dir = PCI_MOCK_READ,
	.action = PCI_MOCK_DATA,
	.data = 0,
	.mask = ~0,
};

static const struct pci_mock_fault reads_flipped = {
	ANY_ACCESS,
	.dir = PCI_MOCK_READ,
	.action = PCI_MOCK_DATA,
	.data = 0x5a5a5a5a,
	.mask = ~0,
};

static const struct pci_mock_fault write_dropped = {
	ANY_ACCESS,
	.dir = PCI_MOCK_WRITE,
	.action = PCI_MOCK_DROP,
};

struct config_case {
	const char *name;
	const struct pci_mock_fault *fault;
	bool disable;
};

static const struct config_case config_sweeps[] = {
	{ "enable, device gone", &device_gone },
	{ "enable, function gone", &function_gone },
	{ "enable, access fails", &access_fails },
	{ "enable, all accesses fail from then on", &access_fails_on },
	{ "enable, read gives all ones", &reads_ones },
	{ "enable, read gives zero", &reads_zero },
	{ "enable, read gives nonsense", &reads_flipped },
	{ "enable, write does not stick", &write_dropped },
	{ "disable, device gone", &device_gone, true },
	{ "disable, all accesses fail from then on", &access_fails_on, true },
	{ "disable, write does not stick", &write_dropped, true },
};

static void config_desc(const struct config_case *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(config, config_sweeps, config_desc);

static void config_sweep(struct kunit *test)
{
	const struct config_case *c = test->param_value;
	struct sweep *s = kunit_kzalloc(test, sizeof(*s), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, s);
	strscpy(s->name, c->name, sizeof(s->name));
	s->fault = c->fault;
	s->disable = c->disable;
	s->every = mt_every();
	s->rest = mt_share(c - config_sweeps);
	sweep_run(test, s);
}

static void alloc_sweep(struct kunit *test, const char *name, bool disable)
{
	struct sweep *s = kunit_kzalloc(test, sizeof(*s), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, s);
	if (!IS_ENABLED(CONFIG_FAILSLAB))
		kunit_skip(test, "needs CONFIG_FAILSLAB");
	strscpy(s->name, name, sizeof(s->name));
	s->disable = disable;
	s->every = mt_every();
	s->rest = mt_share(disable);
	sweep_run(test, s);
}

static void alloc_enable(struct kunit *test)
{
	alloc_sweep(test, "enable, allocation fails", false);
}

static void alloc_disable(struct kunit *test)
{
	alloc_sweep(test, "disable, allocation fails", true);
}

/* The same, with the platform or the driver of a VF saying no. */
static void vf_driver_refuses(struct kunit *test)
{
	struct pci_mock_params p;
	struct pci_mock *mock;
	struct mt_counts before;
	struct pci_dev *pf;

	mt_params(&p, 4);
	mock = mt_create(test, &p);
	mock->drv.vf_probe_errno = -EIO;
	pf = mt_pf(test, mock, 0);
	mt_count(mock, &before);
	/* a VF without a driver is still a VF */
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, 4));
	KUNIT_EXPECT_EQ(test, 4, pci_num_vf(pf));
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, 0));
	MT_EXPECT_SAME(test, &before, mock);
}

static struct kunit_case rollback_cases[] = {
	KUNIT_CASE_PARAM_ATTR(config_sweep, config_gen_params,
			      { .speed = KUNIT_SPEED_SLOW }),
	KUNIT_CASE_SLOW(alloc_enable),
	KUNIT_CASE_SLOW(alloc_disable),
	KUNIT_CASE(vf_driver_refuses),
	{ }
};

static struct kunit_suite rollback_suite = {
	.name = "pci_iov_mock_rollback",
	.suite_init = mt_suite_init,
	.suite_exit = mt_suite_exit,
	.test_cases = rollback_cases,
};

kunit_test_suite(rollback_suite);
