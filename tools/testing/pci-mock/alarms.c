// SPDX-License-Identifier: GPL-2.0
/*
 * What is wrong in each way in which a kernel can say so.
 *
 * Each runner of tests fails when the kernel complains. Whether it would is tried by this:
 * with pci_mock_alarms.trip=KIND,... on the command line each of these does, at the end of
 * boot, what the checker of that name is there to find. The console has a line before it
 * and one after it, which have none of the checkers' words in them.
 *
 * The order is the caller's. Most checkers fall silent after their first finding, and a
 * crash or a use after free makes lockdep give up: suspicious-rcu comes before lockdep,
 * lockdep before the rest, and panic last.
 */
#include <linux/compiler.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/panic.h>
#include <linux/preempt.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/workqueue.h>

/* Longer than RCU and the watchdog wait, with the parameters of tools/testing/kunit/alarms */
#define STALL_MS	12000

static char *trip;
module_param(trip, charp, 0444);
MODULE_PARM_DESC(trip, "what is to go wrong at the end of boot, with commas in between");

static void trip_warn(void)
{
	WARN(1, "as it was asked for\n");
}

static int number;
static int __rcu *number_rcu;

static void trip_suspicious_rcu(void)
{
	rcu_assign_pointer(number_rcu, &number);
	/* nobody keeps it from being freed */
	pr_info("%d\n", *rcu_dereference(number_rcu));
}

static DEFINE_MUTEX(lock_a);
static DEFINE_MUTEX(lock_b);

static void trip_lockdep(void)
{
	mutex_lock(&lock_a);
	mutex_lock(&lock_b);
	mutex_unlock(&lock_b);
	mutex_unlock(&lock_a);
	mutex_lock(&lock_b);
	mutex_lock(&lock_a);
	mutex_unlock(&lock_a);
	mutex_unlock(&lock_b);
}

static void trip_sleep(void)
{
	static DEFINE_SPINLOCK(lock);

	spin_lock(&lock);
	might_sleep();
	spin_unlock(&lock);
}

static DECLARE_COMPLETION(may_end);

static void wait_work(struct work_struct *work)
{
	wait_for_completion(&may_end);
}

static void no_work(struct work_struct *work)
{
}

static void trip_odebug(void)
{
	static DECLARE_WORK(first, wait_work);
	static struct work_struct second;
	struct workqueue_struct *wq = alloc_ordered_workqueue("pci_mock_alarms", 0);

	if (!wq)
		return;
	INIT_WORK(&second, no_work);
	queue_work(wq, &first);
	queue_work(wq, &second);
	/* it is in the queue, behind one that waits */
	INIT_WORK(&second, no_work);
	complete_all(&may_end);
	destroy_workqueue(wq);
}

static void trip_list(void)
{
	struct list_head head, entry;

	INIT_LIST_HEAD(&head);
	list_add(&entry, &head);
	list_del(&entry);
	list_del(&entry);
}

static void trip_refcount(void)
{
	refcount_t users = REFCOUNT_INIT(0);

	refcount_inc(&users);
}

static void trip_kasan(void)
{
	char *memory = kmalloc(16, GFP_KERNEL);

	if (!memory)
		return;
	kfree(memory);
	pr_info("%d\n", READ_ONCE(memory[3]));
}

static int shift = 40;

static void trip_ubsan(void)
{
	pr_info("%d\n", 1 << READ_ONCE(shift));
}

/* Several, for what is left on the stack may keep the last of them */
static void trip_leak(void)
{
	unsigned int i;
	void *memory;

	for (i = 0; i < 8; i++) {
		memory = kmalloc(64, GFP_KERNEL);
		OPTIMIZER_HIDE_VAR(memory);
	}
}

static int hang(void *data)
{
	for (;;) {
		set_current_state(TASK_UNINTERRUPTIBLE);
		schedule();
	}
	return 0;
}

static void trip_hung(void)
{
	struct task_struct *task = kthread_run(hang, NULL, "pci_mock_hung");

	if (IS_ERR(task))
		pr_info("no task\n");
}

static void nothing(struct rcu_head *head)
{
}

/* Neither the watchdog's thread nor a grace period gets on. */
static void trip_stall(void)
{
	static struct rcu_head head;
	unsigned int ms;

	call_rcu(&head, nothing);
	preempt_disable();
	for (ms = 0; ms < STALL_MS; ms++)
		mdelay(1);
	preempt_enable();
}

static int crash(void *data)
{
	int *nowhere = NULL;

	OPTIMIZER_HIDE_VAR(nowhere);
	return *nowhere;
}

static void trip_crash(void)
{
	struct task_struct *task = kthread_run(crash, NULL, "pci_mock_crash");

	if (IS_ERR(task))
		pr_info("no task\n");
	/* it is through by then, or the machine is */
	msleep(500);
}

static void trip_panic(void)
{
	panic("as it was asked for");
}

static const struct {
	const char *name;
	void (*fn)(void);
} kinds[] = {
	{ "suspicious-rcu", trip_suspicious_rcu },
	{ "lockdep", trip_lockdep },
	{ "sleep", trip_sleep },
	{ "warn", trip_warn },
	{ "odebug", trip_odebug },
	{ "list", trip_list },
	{ "refcount", trip_refcount },
	{ "ubsan", trip_ubsan },
	{ "leak", trip_leak },
	{ "hung", trip_hung },
	{ "stall", trip_stall },
	{ "kasan", trip_kasan },
	{ "crash", trip_crash },
	{ "panic", trip_panic },
};

static void trip_one(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (strcmp(kinds[i].name, name))
			continue;
		pr_info("alarm of kind %s: begin\n", name);
		kinds[i].fn();
		pr_info("alarm of kind %s: end\n", name);
		return;
	}
	pr_info("alarm of kind %s: there is none\n", name);
}

static int __init alarms_init(void)
{
	char *rest, *name, *copy;

	if (!trip)
		return 0;
	copy = kstrdup(trip, GFP_KERNEL);
	rest = copy;
	while ((name = strsep(&rest, ",")))
		trip_one(name);
	kfree(copy);
	return 0;
}
late_initcall(alarms_init);
