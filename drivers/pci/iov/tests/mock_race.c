// SPDX-License-Identifier: GPL-2.0
/*
 * SR-IOV on the mock hierarchy: several at once. PFs of different devices and
 * functions of one device enable VFs at the same time; devices go away while
 * VFs are enabled; readers do not wait.
 */
#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/pci.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/sizes.h>
#include <linux/spinlock.h>

#include "../../pci.h"
#include "../internal.h"
#include "mock_util.h"

/*
 * How long a thread that hangs is waited for before the test fails. It is no
 * measure of anything: what has to be done by when is told by the order of events.
 */
#define RACE_TIMEOUT	(60 * HZ)

/* A thread that is found asleep so often in a row waits for something */
#define ASLEEP_LOOKS	10

/**
 * struct racer - a thread that writes to sysfs
 * @file: attribute, open
 * @text: what it writes; %NULL: it reads a number, which is @result
 * @delay_us: it sleeps so long first
 * @repeat: then it writes "0" and @text again, so many times
 * @result: what the last write of @text gave
 * @task: the thread, with a reference
 * @done: completed at the end
 */
struct racer {
	struct file *file;
	const char *text;
	unsigned int delay_us;
	unsigned int repeat;
	int result;
	struct task_struct *task;
	struct completion done;
};

static const char *racer_does(const struct racer *r)
{
	return r->text ?: "a read";
}

static int racer_run(void *data)
{
	struct racer *r = data;
	int ret;

	/* As a process, it can be killed */
	allow_signal(SIGKILL);
	if (r->delay_us)
		usleep_range(r->delay_us, r->delay_us + 50);
	if (!r->text) {
		r->result = mt_read_uint(r->file);
		complete(&r->done);
		return 0;
	}
	r->result = mt_write(r->file, r->text);
	while (!r->result && r->repeat--) {
		ret = mt_write(r->file, "0");
		r->result = ret ?: mt_write(r->file, r->text);
	}
	complete(&r->done);
	return 0;
}

/* Makes a racer that will write @text to an attribute. The racer is static. */
static void racer_init(struct kunit *test, struct racer *r,
		       struct pci_dev *pdev, const char *attr,
		       const char *text)
{
	memset(r, 0, sizeof(*r));
	r->text = text;
	r->file = mt_open(pdev, attr, text ? O_WRONLY : O_RDONLY);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, r->file);
	init_completion(&r->done);
}

static void racer_start(struct kunit *test, struct racer *r)
{
	struct task_struct *task = kthread_create(racer_run, r, "racer");

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, task);
	r->task = get_task_struct(task);
	wake_up_process(task);
}

/* Lets a thread get to where it has to wait for another. */
static bool racer_blocks(struct kunit *test, struct racer *r)
{
	unsigned int asleep = 0;

	while (asleep < ASLEEP_LOOKS) {
		msleep(20);
		if (completion_done(&r->done)) {
			KUNIT_FAIL(test, "%s did not wait", racer_does(r));
			return false;
		}
		asleep = task_is_running(r->task) ? 0 : asleep + 1;
	}
	return true;
}

/*
 * A thread that hangs cannot be ended, nor what it uses be freed: the test
 * fails, and the thread keeps its static racer.
 */
static bool racer_wait(struct kunit *test, struct racer *r)
{
	if (!wait_for_completion_timeout(&r->done, RACE_TIMEOUT)) {
		KUNIT_FAIL(test, "%s hangs", racer_does(r));
		return false;
	}
	__fput_sync(r->file);
	put_task_struct(r->task);
	return true;
}

/* Both PFs enable their VFs, and disable and enable them again, at once. */
static void enable_both(struct kunit *test, struct pci_dev *pf[2])
{
	static struct racer racers[2];
	unsigned int i;

	for (i = 0; i < 2; i++) {
		racer_init(test, &racers[i], pf[i], "sriov_numvfs", "16");
		racers[i].repeat = 3;
	}
	for (i = 0; i < 2; i++)
		racer_start(test, &racers[i]);
	for (i = 0; i < 2; i++) {
		KUNIT_ASSERT_TRUE(test, racer_wait(test, &racers[i]));
		KUNIT_EXPECT_EQ(test, 0, racers[i].result);
	}
	for (i = 0; i < 2; i++)
		KUNIT_EXPECT_EQ(test, 16, pci_num_vf(pf[i]));
}

/* Two devices in two domains, each with its own PF. */
static void two_devices(struct kunit *test)
{
	struct mt_counts before[2];
	struct pci_mock_params p;
	struct pci_mock *mock[2];
	struct pci_dev *pf[2];
	unsigned int i;

	mt_params(&p, 16);
	for (i = 0; i < 2; i++) {
		mock[i] = mt_create(test, &p);
		pf[i] = mt_pf(test, mock[i], 0);
		mt_count(mock[i], &before[i]);
	}
	enable_both(test, pf);
	for (i = 0; i < 2; i++) {
		KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf[i], 0));
		MT_EXPECT_SAME(test, &before[i], mock[i]);
	}
}

/* Two functions of one device; their VFs alternate, on buses they share. */
static void two_functions(struct kunit *test)
{
	struct mt_counts before;
	struct pci_mock_params p;
	struct pci_mock *mock;
	struct pci_dev *pf[2];
	unsigned int i;

	mt_params(&p, 16);
	p.root_port = true;
	p.pfs = 2;
	p.vf_offset = 0xf0;
	p.vf_stride = 2;
	mock = mt_create(test, &p);
	for (i = 0; i < 2; i++)
		pf[i] = mt_pf(test, mock, i);
	mt_count(mock, &before);
	enable_both(test, pf);
	KUNIT_EXPECT_EQ(test, 32, atomic_read(&mock->drv.vfs_bound));
	/* one goes, the other keeps what they share */
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf[0], 0));
	KUNIT_EXPECT_EQ(test, 16, pci_num_vf(pf[1]));
	KUNIT_EXPECT_EQ(test, 16, atomic_read(&mock->drv.vfs_bound));
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf[1], 0));
	MT_EXPECT_SAME(test, &before, mock);
}

/**
 * struct removal - how a device goes away while its VFs come
 * @name: name
 * @root_port: PF under a Root Port
 * @attr: attribute that removes; %NULL: the device is pulled out
 * @of_port: it is the Root Port's
 * @enabled: VFs are enabled already, and are disabled meanwhile
 */
struct removal {
	const char *name;
	bool root_port;
	const char *attr;
	bool of_port;
	bool enabled;
};

static const struct removal removals[] = {
	{ "enable, PF removed", .attr = "remove" },
	{ "enable, PF under a port removed", true, "remove" },
	{ "enable, Root Port removed", true, "remove", .of_port = true },
	{ "enable, device pulled out", true },
	{ "enable, integrated device pulled out" },
	{ "disable, PF removed", .attr = "remove", .enabled = true },
	{ "disable, Root Port removed", true, "remove", true, true },
	{ "disable, device pulled out", true, .enabled = true },
};

static void removal_desc(const struct removal *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(removal, removals, removal_desc);

/* Pulls the device out at some moment of the write, or removes it in sysfs. */
static bool race_once(struct kunit *test, const struct removal *c,
		      unsigned int moment_us)
{
	static struct racer writer, remover;
	struct pci_mock_params p;
	struct pci_mock *mock;
	struct pci_dev *pf, *gone;
	bool ok;

	mt_params(&p, 8);
	p.root_port = c->root_port;
	mock = pci_mock_create(&p);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, mock);
	pf = pci_mock_get_pf(mock, 0);
	KUNIT_ASSERT_NOT_NULL(test, pf);
	if (c->enabled)
		KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, 8));

	racer_init(test, &writer, pf, "sriov_numvfs", c->enabled ? "0" : "8");
	if (c->attr) {
		gone = c->of_port ? pci_mock_get_port(mock) : pci_dev_get(pf);
		racer_init(test, &remover, gone, c->attr, "1");
		remover.delay_us = moment_us;
		racer_start(test, &remover);
		pci_dev_put(gone);
	}
	racer_start(test, &writer);
	if (!c->attr) {
		if (moment_us)
			usleep_range(moment_us, moment_us + 50);
		pci_mock_unplug(mock);
	}
	ok = racer_wait(test, &writer);
	if (c->attr)
		ok &= racer_wait(test, &remover);
	/* whoever hangs uses the mock */
	if (!ok)
		return false;

	KUNIT_EXPECT_EQ(test, 0, atomic_read(&mock->drv.vfs_bound));
	pci_dev_put(pf);
	KUNIT_EXPECT_NULL(test, pci_mock_get_pf(mock, 0));
	KUNIT_EXPECT_EQ_MSG(test, 0, pci_mock_destroy(mock),
			    "a reference to a device leaked, moment %u us",
			    moment_us);
	return true;
}

static void enable_races_removal(struct kunit *test)
{
	/* before, in the midst of, and after the 100 ms of VF Enable */
	static const unsigned int moments[] = {
		0, 50, 200, 1000, 5000, 50000, 98000, 100000, 101000, 102000,
		104000, 108000, 116000, 132000, 164000,
	};
	const struct removal *c = test->param_value;
	unsigned int i;

	for (i = mt_share(c - removals); i < ARRAY_SIZE(moments); i += mt_every())
		if (!race_once(test, c, moments[i]))
			return;
}

/* After the device was pulled out with VFs, it can be put back and used. */
static void pulled_and_put_back(struct kunit *test)
{
	struct pci_mock_params p;
	struct pci_mock *mock;
	struct mt_counts before;
	struct pci_dev *pf;

	mt_params(&p, 8);
	p.root_port = true;
	mock = mt_create(test, &p);
	mt_count(mock, &before);
	pf = pci_mock_get_pf(mock, 0);
	KUNIT_ASSERT_NOT_NULL(test, pf);
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, 8));
	pci_dev_put(pf);
	pci_mock_unplug(mock);
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&mock->drv.vfs_bound));
	KUNIT_EXPECT_NULL(test, pci_mock_get_pf(mock, 0));

	pci_mock_replug(mock);
	pf = pci_mock_get_pf(mock, 0);
	KUNIT_ASSERT_NOT_NULL(test, pf);
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, 8));
	KUNIT_EXPECT_EQ(test, 8, atomic_read(&mock->drv.vfs_bound));
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, 0));
	pci_dev_put(pf);
	MT_EXPECT_SAME(test, &before, mock);
}

/* A driver that leaves VFs enabled, and a PF that is then removed. */
static void removed_left_enabled(struct kunit *test)
{
	struct pci_mock_params p;
	struct pci_mock *mock;
	struct pci_dev *pf;

	mt_params(&p, 8);
	mock = mt_create(test, &p);
	pf = pci_mock_get_pf(mock, 0);
	KUNIT_ASSERT_NOT_NULL(test, pf);
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, 8));
	mock->drv.leave_enabled = true;
	KUNIT_EXPECT_EQ(test, 0, mt_store(pf, "remove", "1"));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&mock->drv.vfs_bound));
	pci_dev_put(pf);
	mt_destroy(test, mock);
}

/* A VF that somebody still refers to outlives its PF's interest, and is freed. */
static void vf_held_over_disable(struct kunit *test)
{
	struct pci_mock_params p;
	struct pci_mock *mock;
	struct pci_dev *pf, *vf;

	mt_params(&p, 8);
	mock = mt_create(test, &p);
	pf = pci_mock_get_pf(mock, 0);
	KUNIT_ASSERT_NOT_NULL(test, pf);
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, 8));
	vf = pci_get_domain_bus_and_slot(mock->domain, 0, p.vf_offset + 3);
	KUNIT_ASSERT_NOT_NULL(test, vf);
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, 0));
	KUNIT_EXPECT_EQ(test, 0, mt_store(pf, "remove", "1"));
	pci_dev_put(pf);
	/* the last reference to the PF is the VF's */
	KUNIT_EXPECT_PTR_EQ(test, pf, pci_physfn(vf));
	pci_dev_put(vf);
	mt_destroy(test, mock);
}

/* A VF that was removed by hand is no trouble afterwards. */
static void vf_removed_by_hand(struct kunit *test)
{
	struct pci_mock_params p;
	struct pci_mock *mock;
	struct mt_counts before;
	struct pci_dev *pf, *vf;

	mt_params(&p, 8);
	mock = mt_create(test, &p);
	pf = mt_pf(test, mock, 0);
	mt_count(mock, &before);
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, 8));
	vf = pci_get_domain_bus_and_slot(mock->domain, 0, p.vf_offset + 3);
	KUNIT_ASSERT_NOT_NULL(test, vf);
	pci_stop_and_remove_bus_device_locked(vf);
	pci_dev_put(vf);
	KUNIT_EXPECT_EQ(test, 7, atomic_read(&mock->drv.vfs_bound));
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, 0));
	MT_EXPECT_SAME(test, &before, mock);
}

/* Reading sriov_numvfs does not wait for a slow enable. */
static void numvfs_read_does_not_wait(struct kunit *test)
{
	static struct racer writer, reader;
	static struct completion gate;
	struct pci_mock_params p;
	struct pci_mock *mock;
	struct pci_dev *pf;
	bool done;

	mt_params(&p, 4);
	mock = mt_create(test, &p);
	pf = mt_pf(test, mock, 0);
	init_completion(&gate);
	mock->drv.configure_gate = &gate;
	racer_init(test, &writer, pf, "sriov_numvfs", "4");
	racer_start(test, &writer);
	racer_blocks(test, &writer);

	racer_init(test, &reader, pf, "sriov_numvfs", NULL);
	racer_start(test, &reader);
	done = racer_wait(test, &reader);
	KUNIT_EXPECT_FALSE(test, completion_done(&writer.done));
	KUNIT_EXPECT_EQ(test, 0, reader.result);

	complete(&gate);
	KUNIT_ASSERT_TRUE(test, racer_wait(test, &writer));
	KUNIT_EXPECT_TRUE(test, done || racer_wait(test, &reader));
	KUNIT_EXPECT_EQ(test, 0, writer.result);
	mock->drv.configure_gate = NULL;
	KUNIT_EXPECT_EQ(test, 4, mt_show_uint(pf, "sriov_numvfs"));
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, 0));
}

/**
 * struct held - what is written to a PF whose device_lock() somebody holds
 * @name: name
 * @text: the number of VFs, of 2 that are enabled or of none
 * @enabled: 2 VFs are enabled
 * @result: what the write gives in the end
 */
struct held {
	const char *name;
	const char *text;
	bool enabled;
	int result;
};

static const struct held helds[] = {
	{ "enable", "2" },
	{ "disable", "0", .enabled = true },
	{ "nothing to do", "0" },
	{ "the same again", "2", .enabled = true },
	{ "another number", "1", .enabled = true, .result = -EBUSY },
};

static void held_desc(const struct held *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(held, helds, held_desc);

/*
 * As an unbind holds a PF whose driver waits for its users: a write to that PF
 * waits, and nobody else does.
 */
static void held_pf_holds_nobody(struct kunit *test)
{
	static struct racer writer, other, rescan;
	const struct held *c = test->param_value;
	struct pci_dev *pf, *other_pf;
	bool enabled, scanned;

	mt_device(test, 4, &pf);
	mt_device(test, 4, &other_pf);
	if (c->enabled)
		KUNIT_ASSERT_EQ(test, 0, mt_set_numvfs(pf, 2));

	racer_init(test, &writer, pf, "sriov_numvfs", c->text);
	racer_init(test, &other, other_pf, "sriov_numvfs", "4");
	racer_init(test, &rescan, other_pf, "rescan", "1");

	device_lock(&pf->dev);
	racer_start(test, &writer);
	racer_blocks(test, &writer);
	racer_start(test, &other);
	racer_start(test, &rescan);
	enabled = racer_wait(test, &other);
	scanned = enabled && racer_wait(test, &rescan);
	KUNIT_EXPECT_FALSE(test, completion_done(&writer.done));
	device_unlock(&pf->dev);

	KUNIT_ASSERT_TRUE(test, racer_wait(test, &writer));
	KUNIT_EXPECT_EQ(test, c->result, writer.result);
	KUNIT_ASSERT_TRUE(test, enabled || racer_wait(test, &other));
	KUNIT_ASSERT_TRUE(test, scanned || racer_wait(test, &rescan));
	KUNIT_EXPECT_EQ(test, 0, other.result);
	KUNIT_EXPECT_EQ(test, 4, pci_num_vf(other_pf));
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(other_pf, 0));
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, 0));
}

/* While a bus is scanned, what needs no change of the VFs is answered. */
static void unchanged_during_rescan(struct kunit *test)
{
	static struct racer same, refused;
	struct pci_dev *pf;
	bool ok[2];

	mt_device(test, 4, &pf);
	KUNIT_ASSERT_EQ(test, 0, mt_set_numvfs(pf, 2));
	racer_init(test, &same, pf, "sriov_numvfs", "2");
	racer_init(test, &refused, pf, "sriov_numvfs", "3");

	pci_lock_rescan_remove();
	racer_start(test, &same);
	ok[0] = racer_wait(test, &same);
	racer_start(test, &refused);
	ok[1] = racer_wait(test, &refused);
	pci_unlock_rescan_remove();

	KUNIT_ASSERT_TRUE(test, ok[0] || racer_wait(test, &same));
	KUNIT_ASSERT_TRUE(test, ok[1] || racer_wait(test, &refused));
	KUNIT_EXPECT_EQ(test, 0, same.result);
	KUNIT_EXPECT_EQ(test, -EBUSY, refused.result);
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, 0));
}

/* A PF that is gone, and that nobody will find, was disabled just now */
static ktime_t settle_gone(struct pci_sriov *iov)
{
	ktime_t start = ktime_get();

	sriov_start_settling(iov);
	sriov_settle_without(iov);
	return start;
}

/*
 * A PF is removed while a rescan waits for the lock: the rescan does not go on before
 * that PF has settled, nor does it hold the lock meanwhile.
 */
static void rescan_looks_again(struct kunit *test)
{
	static struct racer rescan;
	struct pci_dev *pf, *gone;
	struct pci_sriov *iov;
	unsigned int i;
	ktime_t start;
	bool done;

	mt_device(test, 4, &pf);
	gone = kunit_kzalloc(test, sizeof(*gone), GFP_KERNEL);
	iov = kunit_kzalloc(test, sizeof(*iov), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, gone);
	KUNIT_ASSERT_NOT_NULL(test, iov);
	/* What the core needs to know of it; nothing is written to it */
	gone->bus = pf->bus;
	gone->devfn = 0xff;
	gone->sriov = iov;
	iov->self = gone;
	iov->pos = PCI_MOCK_SRIOV;
	raw_spin_lock_init(&iov->settle_lock);
	racer_init(test, &rescan, pf, "rescan", "1");

	/* Nothing is left of the tests before, for which it would wait as well */
	pci_iov_lock_rescan();
	racer_start(test, &rescan);
	racer_blocks(test, &rescan);
	start = settle_gone(iov);
	pci_unlock_rescan_remove();

	for (i = 0; i < 20; i++) {
		msleep(20);
		pci_lock_rescan_remove();
		done = completion_done(&rescan.done);
		pci_unlock_rescan_remove();
		/* If this machine was away for the whole second, there is nothing to see */
		if (ktime_ms_delta(ktime_get(), start) >= MSEC_PER_SEC)
			break;
		KUNIT_EXPECT_FALSE(test, done);
		start = settle_gone(iov);
	}

	KUNIT_ASSERT_TRUE(test, racer_wait(test, &rescan));
	KUNIT_EXPECT_EQ(test, 0, rescan.result);
	if (i < 20)
		kunit_skip(test, "the machine was busy for a second");
}

/**
 * struct killed - what waits for a PF that is held, until it is killed
 * @attr: attribute of the PF
 * @text: what is written to it; %NULL: it is read
 */
struct killed {
	const char *attr;
	const char *text;
};

static const struct killed killeds[] = {
	{ "sriov_numvfs", "2" },
	{ "sriov_vf_total_msix" },
};

static void killed_desc(const struct killed *c, char *desc)
{
	strscpy(desc, c->attr, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(killed, killeds, killed_desc);

static void killed_while_held(struct kunit *test)
{
	const struct killed *c = test->param_value;
	static struct racer waiter;
	struct pci_dev *pf;
	bool ended;

	mt_device(test, 4, &pf);
	racer_init(test, &waiter, pf, c->attr, c->text);
	device_lock(&pf->dev);
	racer_start(test, &waiter);
	racer_blocks(test, &waiter);
	send_sig(SIGKILL, waiter.task, 1);
	ended = racer_wait(test, &waiter);
	device_unlock(&pf->dev);
	KUNIT_ASSERT_TRUE(test, ended || racer_wait(test, &waiter));
	KUNIT_EXPECT_EQ(test, -EINTR, waiter.result);
	KUNIT_EXPECT_EQ(test, 0, pci_num_vf(pf));
}

/*
 * A write and a removal that both find the PF held: whoever gets it first, both
 * come to their end. Removal has the rescan lock while it waits for the PF.
 */
static void removed_while_held(struct kunit *test)
{
	const bool remover_first = *(const bool *)test->param_value;
	static struct racer writer, remover;
	struct pci_mock_params p;
	struct pci_mock *mock;
	struct pci_dev *pf;

	mt_params(&p, 4);
	/* Whoever hangs uses the mock: it is not to end with the test */
	mock = pci_mock_create(&p);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, mock);
	pf = pci_mock_get_pf(mock, 0);
	KUNIT_ASSERT_NOT_NULL(test, pf);
	racer_init(test, &writer, pf, "sriov_numvfs", "2");
	racer_init(test, &remover, pf, "remove", "1");

	device_lock(&pf->dev);
	racer_start(test, remover_first ? &remover : &writer);
	racer_blocks(test, remover_first ? &remover : &writer);
	racer_start(test, remover_first ? &writer : &remover);
	racer_blocks(test, remover_first ? &writer : &remover);
	device_unlock(&pf->dev);

	KUNIT_ASSERT_TRUE(test, racer_wait(test, &writer));
	KUNIT_ASSERT_TRUE(test, racer_wait(test, &remover));
	/* It may find the PF gone, or still there but without driver */
	if (writer.result && writer.result != -ENOENT)
		KUNIT_EXPECT_EQ(test, -ENODEV, writer.result);
	KUNIT_EXPECT_EQ(test, 0, remover.result);
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&mock->drv.vfs_bound));
	pci_dev_put(pf);
	KUNIT_EXPECT_NULL(test, pci_mock_get_pf(mock, 0));
	KUNIT_EXPECT_EQ_MSG(test, 0, pci_mock_destroy(mock),
			    "a reference to a device leaked");
}

static const bool orders[] = { false, true };

static void order_desc(const bool *remover_first, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%s first",
		 *remover_first ? "removal" : "write");
}

KUNIT_ARRAY_PARAM(order, orders, order_desc);

static struct kunit_case race_cases[] = {
	KUNIT_CASE(two_devices),
	KUNIT_CASE(two_functions),
	KUNIT_CASE(pulled_and_put_back),
	KUNIT_CASE(removed_left_enabled),
	KUNIT_CASE(vf_held_over_disable),
	KUNIT_CASE(vf_removed_by_hand),
	KUNIT_CASE(numvfs_read_does_not_wait),
	KUNIT_CASE_PARAM(held_pf_holds_nobody, held_gen_params),
	KUNIT_CASE(unchanged_during_rescan),
	KUNIT_CASE(rescan_looks_again),
	KUNIT_CASE_PARAM(killed_while_held, killed_gen_params),
	KUNIT_CASE_PARAM(removed_while_held, order_gen_params),
	KUNIT_CASE_PARAM(enable_races_removal, removal_gen_params),
	{ }
};

static struct kunit_suite race_suite = {
	.name = "pci_iov_mock_race",
	.suite_init = mt_suite_init,
	.suite_exit = mt_suite_exit,
	.test_cases = race_cases,
};

kunit_test_suite(race_suite);
