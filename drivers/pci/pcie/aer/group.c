// SPDX-License-Identifier: GPL-2.0
/*
 * AER service: recovery of functions that share a fate.
 *
 * One function alone; a PF and its VFs, which end with the PF's reset; or all
 * that is below a link. Each driver and owner is told, the reset is made, all
 * configuration is restored from the top down, and each is told again
 * (Documentation/PCI/pci-error-recovery.rst).
 *
 * The steps that call drivers and owners run for all members side by side, each
 * in a work of its own, and are waited for with a bound: who is late is left
 * behind, and is recovered alone once he is ready. No lock is held meanwhile
 * but, by each work, the device lock of its own function.
 *
 * A function takes part in one recovery at a time (aer_begin(), aer_end()).
 */
#define dev_fmt(fmt) "AER: " fmt

#include <linux/cleanup.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/export.h>
#include <linux/jiffies.h>
#include <linux/kref.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/pci_hotplug.h>
#include <linux/pm_runtime.h>
#include <linux/slab.h>

#include "internal.h"

/* Longer than any owner may be waited for, so that only drivers can be late */
#define AER_STEP_WAIT_MS	(PCI_OWNER_WAIT_MAX_MS + 1000)

#define AER_READY_POLL_MS	10

enum aer_step {
	AER_STEP_TELL,		/* error_detected */
	AER_STEP_MMIO,		/* mmio_enabled */
	AER_STEP_RESET,		/* slot_reset */
	AER_STEP_RESUME,	/* resume */
	AER_STEP_FAIL,		/* nothing can be done any more */
};

/*
 * struct aer_group - a recovery under way
 * @ref: held by who runs it and by each member's work
 * @lock: members' @running, @late and @began
 * @members: see struct aer_member; the topmost first
 * @frozen: the error was fatal
 * @alone: of one function
 * @keep: a reset may come: members' configuration is kept when they begin
 * @was_reset: it was made
 * @ready_by: when the members that come next in the list have to be ready, in jiffies
 * @status: its bits, when it is of the only member
 * @running: works that are not done with it
 * @idle: woken when there are none
 * @over: the recovery has ended; who was late may go on
 */
struct aer_group {
	struct kref ref;
	spinlock_t lock;		/* see above */
	struct list_head members;
	bool frozen;
	bool alone;
	bool keep;
	bool was_reset;
	unsigned long ready_by;
	u32 status;
	unsigned int running;
	wait_queue_head_t idle;
	struct completion over;
};

/*
 * struct aer_member - a function that takes part
 * @node: in the group's list
 * @group: group
 * @dev: function, with a reference
 * @work: makes a step
 * @catch_up: goes on with a member that was late
 * @step: the step that @work makes
 * @vote: what its driver or owner answered
 * @running: @work is not done
 * @late: it was not waited for any longer
 * @began: aer_begin() was called for the function
 * @holder: who was told, see aer_holder()
 * @kept: its configuration was there to be read and was kept
 * @was_saved: there was a saved configuration before
 * @deaf: has a driver that cannot be told
 * @failed: out of service from now on
 * @barred: cut off before, which it stays
 * @own: the recovery is for an error of its own, see &aer_info.pending
 */
struct aer_member {
	struct list_head node;
	struct aer_group *group;
	struct pci_dev *dev;
	struct work_struct work;
	struct work_struct catch_up;
	enum aer_step step;
	pci_ers_result_t vote;
	bool running;
	bool late;
	bool began;
	u32 holder;
	bool kept;
	bool was_saved;
	bool deaf;
	bool failed;
	bool barred;
	bool own;
};

/* Whether it could be begun, or never will: then it is no more to be waited for. */
static bool try_begin(struct pci_dev *dev, bool *began)
{
	struct aer_info *st = dev->aer_info;

	if (aer_is_over(dev))
		return true;
	guard(spinlock_irqsave)(&st->lock);
	if (st->busy || st->gone)
		return st->gone;
	st->busy = true;
	*began = true;
	return true;
}

/**
 * aer_begin - wait until nobody else recovers a function
 * @dev: function
 * @ms: how long at most; %AER_FOREVER: until the function is gone
 *
 * Return: true when it is the caller's to recover, until aer_end()
 */
bool aer_begin(struct pci_dev *dev, unsigned int ms)
{
	struct aer_info *st = dev->aer_info;
	bool began = false;

	if (!st)
		return true;
	if (ms != AER_FOREVER)
		wait_event_timeout(st->answered, try_begin(dev, &began), msecs_to_jiffies(ms));
	else
		wait_event(st->answered, try_begin(dev, &began));
	return began;
}

/**
 * aer_end - a function is through with its recovery
 * @dev: function
 */
void aer_end(struct pci_dev *dev)
{
	struct aer_info *st = dev->aer_info;

	if (!st)
		return;
	scoped_guard(spinlock_irqsave, &st->lock)
		st->busy = false;
	wake_up_all(&st->answered);
}

/**
 * aer_comes_back - does a function answer again after a reset?
 * @dev: function; the caller has called aer_enter()
 * @deadline: time by which it has to, in jiffies. PCIe r6.0, sec 6.6.1 and 6.6.2,
 *	allows for a second after any reset in which a function may not be ready.
 *
 * Context: process; sleeps until @deadline at most
 * Return: true when it does; false also as soon as it is being removed
 */
bool aer_comes_back(struct pci_dev *dev, unsigned long deadline)
{
	bool last;

	might_sleep();
	for (;;) {
		/* the clock first: one more look after the deadline */
		last = time_after_eq(jiffies, deadline);
		if (!aer_dev_gone(dev))
			return true;
		if (last || aer_is_over(dev) || pci_dev_is_disconnected(dev))
			return false;
		msleep(AER_READY_POLL_MS);
	}
}

static void group_free(struct kref *ref)
{
	struct aer_group *group = container_of(ref, struct aer_group, ref);
	struct aer_member *m, *next;

	list_for_each_entry_safe(m, next, &group->members, node) {
		pci_dev_put(m->dev);
		kfree(m);
	}
	kfree(group);
}

static const struct pci_error_handlers *handlers_of(struct pci_dev *dev)
{
	static const struct pci_error_handlers none;

	device_lock_assert(&dev->dev);
	/* nor is a driver called that has had its shutdown */
	if (aer_is_over(dev) || !dev->driver || !dev->driver->err_handler)
		return &none;
	return dev->driver->err_handler;
}

/* Is it still the one that was told of the error? Nobody else hears how it ends. */
static bool same_holder(struct aer_member *m)
{
	return aer_holder(m->dev) == m->holder;
}

static pci_ers_result_t tell_driver(struct aer_member *m, pci_channel_state_t state)
{
	const struct pci_error_handlers *handlers = handlers_of(m->dev);

	m->holder = aer_holder(m->dev);
	if (handlers->error_detected)
		return handlers->error_detected(m->dev, state);
	/* a driver that keeps the function for others has no use of its own to lose */
	m->deaf = m->dev->driver && !m->dev->driver->driver_managed_dma &&
		  !pci_is_bridge(m->dev);
	if (m->deaf)
		pci_info(m->dev, "can't recover (no error_detected callback)\n");
	return PCI_ERS_RESULT_NONE;
}

static void step_tell(struct aer_member *m)
{
	pci_channel_state_t state = m->group->frozen ? pci_channel_io_frozen :
						       pci_channel_io_normal;
	struct pci_dev *dev = m->dev;

	if (pci_dev_is_disconnected(dev)) {
		m->vote = PCI_ERS_RESULT_DISCONNECT;
	} else if (!pci_dev_set_io_state(dev, state)) {
		m->vote = PCI_ERS_RESULT_NONE;
	} else if (aer_has_owner(dev)) {
		/* asked for the sake of its guest: the reset is decided already */
		m->holder = aer_holder(dev);
		aer_ask_owner(dev, PCI_TROUBLE_DETECTED, m->group->frozen, m->group->status);
		m->vote = m->group->frozen ? PCI_ERS_RESULT_NEED_RESET :
					     PCI_ERS_RESULT_CAN_RECOVER;
	} else {
		device_lock(&dev->dev);
		m->vote = tell_driver(m, state);
		device_unlock(&dev->dev);
	}
	/* who cannot go on does not keep the others from it */
	m->failed = m->vote == PCI_ERS_RESULT_DISCONNECT;
	aer_uevent(dev, m->vote);
}

static void step_mmio(struct aer_member *m)
{
	const struct pci_error_handlers *handlers;
	struct pci_dev *dev = m->dev;

	if (aer_has_owner(dev))
		return;
	device_lock(&dev->dev);
	handlers = handlers_of(dev);
	if (handlers->mmio_enabled && same_holder(m))
		m->vote = handlers->mmio_enabled(dev);
	device_unlock(&dev->dev);
}

static void step_reset(struct aer_member *m)
{
	const struct pci_error_handlers *handlers;
	struct pci_dev *dev = m->dev;

	if (!pci_dev_set_io_state(dev, pci_channel_io_normal))
		return;
	if (aer_has_owner(dev) && same_holder(m)) {
		/* the function is fine whatever it answers */
		aer_ask_owner(dev, PCI_TROUBLE_RESET, m->group->frozen, m->group->status);
		return;
	}
	device_lock(&dev->dev);
	handlers = handlers_of(dev);
	m->vote = PCI_ERS_RESULT_RECOVERED;
	if (handlers->slot_reset && same_holder(m))
		m->vote = handlers->slot_reset(dev);
	device_unlock(&dev->dev);
	m->failed = m->vote != PCI_ERS_RESULT_RECOVERED && m->vote != PCI_ERS_RESULT_NONE;
}

static void step_resume(struct aer_member *m)
{
	const struct pci_error_handlers *handlers;
	struct pci_dev *dev = m->dev;

	if (!pci_dev_set_io_state(dev, pci_channel_io_normal))
		return;
	/* what it asked for in the meantime is done now */
	aer_unquiesce(dev);
	if (aer_has_owner(dev) && same_holder(m)) {
		aer_ask_owner(dev, PCI_TROUBLE_RESUMED, false, 0);
	} else {
		device_lock(&dev->dev);
		handlers = handlers_of(dev);
		if (handlers->resume && same_holder(m))
			handlers->resume(dev);
		device_unlock(&dev->dev);
	}
	aer_uevent(dev, PCI_ERS_RESULT_RECOVERED);
}

/* Whoever heard of the error hears that it was not got over; the answer is of no use. */
static void step_fail(struct aer_member *m)
{
	const struct pci_error_handlers *handlers;
	struct pci_dev *dev = m->dev;

	if (aer_has_owner(dev)) {
		if (same_holder(m))
			aer_ask_owner(dev, PCI_TROUBLE_FAILED, true, 0);
	} else if (m->began) {
		device_lock(&dev->dev);
		handlers = handlers_of(dev);
		if (handlers->error_detected && same_holder(m))
			handlers->error_detected(dev, pci_channel_io_perm_failure);
		device_unlock(&dev->dev);
	}
	aer_uevent(dev, PCI_ERS_RESULT_DISCONNECT);
}

static void make_step(struct aer_member *m)
{
	switch (m->step) {
	case AER_STEP_TELL:
		step_tell(m);
		break;
	case AER_STEP_MMIO:
		step_mmio(m);
		break;
	case AER_STEP_RESET:
		step_reset(m);
		break;
	case AER_STEP_RESUME:
		step_resume(m);
		break;
	case AER_STEP_FAIL:
		step_fail(m);
		break;
	}
}

static void fence(struct pci_dev *dev)
{
	if (!dev->aer_info || pci_is_bridge(dev) || aer_is_over(dev))
		return;
	if (!aer_set_state(dev, AER_STATE_FAILED, "could not be put into service again"))
		return;
	aer_quiesce(dev);
	pci_err(dev, "out of service: its driver could not recover it\n");
	aer_uevent(dev, PCI_ERS_RESULT_DISCONNECT);
}

/* The steps that a member has missed, of a recovery without a reset or after it */
static void make_up(struct aer_member *m)
{
	if (m->step == AER_STEP_TELL && m->vote != PCI_ERS_RESULT_NEED_RESET)
		step_mmio(m);
	/* a driver that wants a reset makes it by itself, as those that were in time */
	if (m->step != AER_STEP_RESET && m->vote == PCI_ERS_RESULT_NEED_RESET)
		step_reset(m);
	if (m->failed)
		fence(m->dev);
	else
		step_resume(m);
}

/*
 * Once the others are through, a function whose driver took too long has a recovery
 * alone, if it was to hear of its reset and did not. If there was none, or it was late
 * after it, it goes on from where it is.
 */
static void catch_up(struct aer_member *m)
{
	struct aer_group *group = m->group;
	struct pci_dev *dev = m->dev;
	bool anew, over;

	wait_for_completion(&group->over);
	anew = m->began && (group->frozen || group->was_reset) &&
	       (m->step == AER_STEP_TELL || m->step == AER_STEP_MMIO);
	if (m->failed)
		fence(dev);
	else if (!anew && m->began && !m->deaf && m->step <= AER_STEP_RESET)
		make_up(m);
	over = !dev->aer_info || pci_is_bridge(dev) || aer_is_over(dev);
	if (!over)
		pci_info(dev, "its driver took too long: goes on apart from the others\n");
	/* first, so that no other recovery that waits for the function resumes it */
	if (!over && anew)
		aer_recover_later(dev, AER_DO_CONTAIN, true, 0);
	if (m->own)
		aer_set_pending(dev, false);
	if (m->began)
		aer_end(dev);
	if (!over)
		aer_recover_later(dev, AER_DO_REPORT, false, 0);
}

/* What was saved has bus mastering as the function is to have it again. */
static void keep_master(struct pci_dev *dev)
{
	u32 *saved = &dev->saved_config_space[PCI_COMMAND / 4];

	*saved = (*saved & ~0xffffU) | aer_command_of(dev, *saved);
}

/*
 * The configuration as it is now, if it can be read: what was saved before may be
 * from before the driver set the function up. If not, that is all there is.
 */
static void keep_config(struct aer_member *m)
{
	struct pci_dev *dev = m->dev;

	/* not from the middle of a reset by somebody else, who restores it under this lock */
	device_lock(&dev->dev);
	m->was_saved = dev->state_saved;
	m->kept = m->was_saved;
	if (!aer_enter(dev))
		goto unlock;
	if (m->group->alone)
		aer_comes_back(dev, jiffies + msecs_to_jiffies(AER_READY_MS));
	if (!aer_dev_gone(dev)) {
		m->kept = !pci_save_state(dev);
		/* without bus mastering only since the error, which the driver cannot know */
		keep_master(dev);
	}
	aer_leave(dev);
unlock:
	device_unlock(&dev->dev);
}

/*
 * Whoever is in another recovery, and does not get out of it, has no part in this
 * one: the time is up for it when it is for those who are late.
 */
static void begin_member(struct aer_member *m)
{
	struct aer_group *group = m->group;

	if (!aer_begin(m->dev, group->alone ? AER_FOREVER : 2 * AER_STEP_WAIT_MS))
		return;
	scoped_guard(spinlock_irqsave, &group->lock)
		m->began = true;
	if (m->own)
		aer_set_pending(m->dev, false);
	/* it is going to be reset: what it sends until then would be cut off anywhere */
	if (group->frozen)
		aer_quiesce(m->dev);
	if (group->keep)
		keep_config(m);
}

/* With the recoveries and not with the steps, so that a suspend holds it up, too. */
static void catch_up_work(struct work_struct *work)
{
	struct aer_member *m = container_of(work, struct aer_member, catch_up);
	struct aer_group *group = m->group;

	catch_up(m);
	kref_put(&group->ref, group_free);
}

static void member_work(struct work_struct *work)
{
	struct aer_member *m = container_of(work, struct aer_member, work);
	struct aer_group *group = m->group;
	bool late;

	if (m->step == AER_STEP_TELL)
		begin_member(m);
	if (m->began || m->step != AER_STEP_TELL)
		make_step(m);
	scoped_guard(spinlock_irqsave, &group->lock) {
		m->running = false;
		late = m->late;
		if (!late)
			group->running--;
	}
	if (late && queue_work(aer_wq ?: system_unbound_wq, &m->catch_up))
		return;
	wake_up_all(&group->idle);
	kref_put(&group->ref, group_free);
}

static bool all_done(struct aer_group *group)
{
	guard(spinlock_irqsave)(&group->lock);
	return !group->running;
}

static bool takes_part(struct aer_member *m, enum aer_step step)
{
	if (m->late || m->barred)
		return false;
	return step == AER_STEP_FAIL || !(m->failed || m->deaf);
}

/* A step of all members that are VFs, or are none, side by side. */
static void run_step_of(struct aer_group *group, enum aer_step step, bool vfs)
{
	struct workqueue_struct *wq = aer_step_wq ?: system_unbound_wq;
	struct aer_member *m;

	list_for_each_entry(m, &group->members, node) {
		if (m->dev->is_virtfn != vfs || !takes_part(m, step))
			continue;
		scoped_guard(spinlock_irqsave, &group->lock) {
			m->step = step;
			m->running = true;
			group->running++;
		}
		kref_get(&group->ref);
		queue_work(wq, &m->work);
	}
	/* nobody else has to wait for a function alone */
	if (group->alone) {
		wait_event(group->idle, all_done(group));
		return;
	}
	if (wait_event_timeout(group->idle, all_done(group),
			       msecs_to_jiffies(AER_STEP_WAIT_MS)))
		return;
	list_for_each_entry(m, &group->members, node) {
		guard(spinlock_irqsave)(&group->lock);
		if (!m->running || m->late)
			continue;
		m->late = true;
		group->running--;
		pci_warn(m->dev, "its driver has not answered for %u ms: going on without it\n",
			 AER_STEP_WAIT_MS);
	}
}

/* A VF's driver needs that of its PF: it goes out of service first ... */
static void run_step_down(struct aer_group *group, enum aer_step step)
{
	run_step_of(group, step, true);
	run_step_of(group, step, false);
}

/* ... and comes back when the PF's is there again. */
static void run_steps_up(struct aer_group *group, bool was_reset)
{
	unsigned int vfs;

	for (vfs = 0; vfs < 2; vfs++) {
		if (was_reset)
			run_step_of(group, AER_STEP_RESET, vfs);
		run_step_of(group, AER_STEP_RESUME, vfs);
	}
}

/* One who says so is enough. */
static bool needs_reset(struct aer_group *group)
{
	struct aer_member *m;

	if (group->frozen)
		return true;
	list_for_each_entry(m, &group->members, node)
		if (takes_part(m, AER_STEP_RESET) && m->vote == PCI_ERS_RESULT_NEED_RESET)
			return true;
	return false;
}

static bool all_failed(struct aer_group *group)
{
	struct aer_member *m;

	list_for_each_entry(m, &group->members, node)
		if (!m->failed && !m->barred)
			return false;
	return true;
}

static bool has_vfs(struct pci_dev *dev)
{
	return dev->is_physfn && pci_num_vf(dev);
}

/* Called between aer_enter() and aer_leave() */
static void restore_present(struct aer_member *m)
{
	bool cut_off = m->barred || m->deaf || m->failed;
	struct pci_dev *dev = m->dev;

	if (!aer_comes_back(dev, m->group->ready_by)) {
		m->failed = true;
		return;
	}
	if (cut_off)
		aer_quiesce(dev);
	/* whoever has the function now does not inherit its bus mastering */
	if (!same_holder(m))
		dev->saved_config_space[PCI_COMMAND / 4] &= ~PCI_COMMAND_MASTER;
	if (m->kept) {
		pci_restore_state(dev);
		/* a driver that restores by itself in slot_reset restores the same */
		dev->state_saved = true;
	}
	/* what is below a bridge that was reset answers only after a while */
	if (dev->subordinate)
		pci_bridge_wait_for_secondary_bus(dev, "reset of the link");
	/* VFs have that long since VF Enable was set, which is now; all of them together */
	if (dev->subordinate || has_vfs(dev))
		m->group->ready_by = jiffies + msecs_to_jiffies(AER_READY_MS);
	aer_arm(dev);
	/*
	 * The host's drivers need it in slot_reset; others, who are not trusted, wait for
	 * the resume, and those that are late for a recovery of their own.
	 */
	if (!cut_off && !m->late && (m->began || m->group->alone) &&
	    aer_role_of(dev) != AER_ROLE_ASSIGNED)
		aer_unquiesce(dev);
}

static void restore_config(struct aer_member *m)
{
	struct pci_dev *dev = m->dev;

	/* one that is gone has nothing to fail at, and another may be at its place */
	if (!aer_enter(dev))
		return;
	restore_present(m);
	aer_leave(dev);
}

static struct aer_group *group_new(bool frozen, u32 status)
{
	struct aer_group *group = kzalloc(sizeof(*group), GFP_KERNEL);

	if (!group)
		return NULL;
	kref_init(&group->ref);
	spin_lock_init(&group->lock);
	INIT_LIST_HEAD(&group->members);
	init_waitqueue_head(&group->idle);
	init_completion(&group->over);
	group->ready_by = jiffies;
	group->frozen = frozen;
	group->status = status;
	return group;
}

static struct aer_member *group_add(struct aer_group *group, struct pci_dev *dev)
{
	struct aer_member *m = kzalloc(sizeof(*m), GFP_KERNEL);

	if (!m)
		return NULL;
	m->group = group;
	m->dev = pci_dev_get(dev);
	m->vote = PCI_ERS_RESULT_NONE;
	m->holder = aer_holder(dev);
	m->barred = aer_is_cut_off(dev);
	INIT_WORK(&m->work, member_work);
	INIT_WORK(&m->catch_up, catch_up_work);
	list_add_tail(&m->node, &group->members);
	pm_runtime_get_noresume(&dev->dev);
	if (aer_enter(dev)) {
		pm_runtime_resume(&dev->dev);
		aer_leave(dev);
	}
	return m;
}

/* The end of a recovery, if there was one; late members end theirs by themselves. */
static void group_end(struct aer_group *group)
{
	struct aer_member *m;
	bool release;

	if (!group)
		return;
	list_for_each_entry(m, &group->members, node) {
		scoped_guard(spinlock_irqsave, &group->lock)
			release = m->began && !m->late;
		/* not made use of: nobody must take it for his own later */
		if (group->keep && !group->was_reset && m->began)
			m->dev->state_saved = m->was_saved;
		if (release) {
			aer_settle(m->dev);
			aer_end(m->dev);
			/* its own recovery may have ended, and left it "recovering" to us */
			if (!group->alone && m->dev->aer_info)
				aer_recover_later(m->dev, AER_DO_REPORT, false, 0);
		}
		pm_runtime_put(&m->dev->dev);
	}
	complete_all(&group->over);
	kref_put(&group->ref, group_free);
}

static void count_members(struct aer_group *group, enum aer_tally what)
{
	struct aer_member *m;

	list_for_each_entry(m, &group->members, node)
		aer_tally(m->dev, what, 1);
}

/* Of a function alone the caller says what becomes of it. */
static pci_ers_result_t give_up(struct aer_group *group)
{
	struct aer_member *m;

	run_step_down(group, AER_STEP_FAIL);
	list_for_each_entry(m, &group->members, node)
		if (!group->alone && !m->barred && m->dev->aer_info && !pci_is_bridge(m->dev))
			aer_set_state(m->dev, AER_STATE_FAILED, "the link did not come back");
	return PCI_ERS_RESULT_DISCONNECT;
}

/*
 * Functions whose drivers failed are cut off; the rest is in service. Of a
 * function alone the caller says what becomes of it.
 */
static void fence_failed(struct aer_group *group)
{
	struct aer_member *m;

	list_for_each_entry(m, &group->members, node) {
		if (m->late || m->barred || !(m->failed || (m->deaf && group->frozen)))
			continue;
		fence(m->dev);
	}
}

typedef pci_ers_result_t (*aer_reset_fn)(struct pci_dev *dev);

static bool reset_and_restore(struct aer_group *group, struct pci_dev *top, aer_reset_fn reset)
{
	struct aer_member *m;

	list_for_each_entry(m, &group->members, node)
		if (m->began)
			aer_quiesce(m->dev);
	if (reset(top) != PCI_ERS_RESULT_RECOVERED)
		return false;
	group->was_reset = true;
	group->ready_by = jiffies + msecs_to_jiffies(AER_READY_MS);
	list_for_each_entry(m, &group->members, node)
		restore_config(m);
	return true;
}

/*
 * The whole of a recovery. @reset: %NULL where none is to be made unless the
 * error was fatal, as drivers then reset what they need by themselves.
 */
static pci_ers_result_t recover_group(struct aer_group *group, struct pci_dev *top,
				      aer_reset_fn reset)
{
	group->keep = reset;
	run_step_down(group, AER_STEP_TELL);
	if (!needs_reset(group))
		run_step_down(group, AER_STEP_MMIO);
	if (group->alone && all_failed(group))
		return give_up(group);
	if (needs_reset(group)) {
		if (reset && !reset_and_restore(group, top, reset))
			return give_up(group);
		run_steps_up(group, true);
	} else {
		run_steps_up(group, false);
	}
	return PCI_ERS_RESULT_RECOVERED;
}

static pci_ers_result_t reset_alone(struct pci_dev *dev)
{
	return aer_reset_function(dev) ? PCI_ERS_RESULT_DISCONNECT : PCI_ERS_RESULT_RECOVERED;
}

/* All VFs of a PF. They end with its reset. False when memory is short. */
static bool add_vfs(struct aer_group *group, struct pci_dev *pf)
{
	struct pci_dev *dev = NULL;

	if (!has_vfs(pf))
		return true;
	for_each_pci_dev(dev) {
		if (!dev->is_virtfn || pci_physfn(dev) != pf)
			continue;
		if (!group_add(group, dev)) {
			pci_dev_put(dev);
			return false;
		}
	}
	return true;
}

/**
 * aer_recover_function - recover one function, and nothing but it
 * @dev: function
 * @frozen: the error was fatal, or the function is to be reset anyway
 * @status: its bits
 *
 * The VFs of a PF are recovered with it when it has to be reset; without @frozen
 * such a PF is left to its driver, so that its VFs stay.
 *
 * Context: process; sleeps
 * Return: %PCI_ERS_RESULT_RECOVERED; %PCI_ERS_RESULT_DISCONNECT; %PCI_ERS_RESULT_NONE
 * when the others are through and @dev is not: it goes on by itself
 */
pci_ers_result_t aer_recover_function(struct pci_dev *dev, bool frozen, u32 status)
{
	bool with_vfs = has_vfs(dev);
	struct aer_group *group = group_new(frozen, status);
	pci_ers_result_t result = PCI_ERS_RESULT_DISCONNECT;
	struct aer_member *m;

	if (!group)
		goto no_memory;
	m = group_add(group, dev);
	if (!m || (frozen && !add_vfs(group, dev)))
		goto no_memory;
	m->own = true;
	group->alone = list_is_singular(&group->members);
	result = recover_group(group, dev, frozen || !with_vfs ? reset_alone : NULL);
	if (m->failed && !m->late) {
		result = PCI_ERS_RESULT_DISCONNECT;
		m->failed = false;	/* the caller's to deal with */
	}
	if (m->late || result == PCI_ERS_RESULT_RECOVERED)
		fence_failed(group);
	/* nobody is to take it for recovered until the caller has dealt with it */
	if (result != PCI_ERS_RESULT_RECOVERED && !m->late)
		aer_set_pending(dev, true);
	if (m->late)
		result = PCI_ERS_RESULT_NONE;	/* for its own recovery to tell */
	group_end(group);
	return result;

no_memory:
	pci_err(dev, "out of memory for its recovery\n");
	group_end(group);
	return result;
}

/**
 * aer_tell_quarantined - a function went into quarantine
 * @dev: function, quiet; the caller has called aer_begin()
 *
 * Its driver or owner is told, and the function is reset so that nothing of what
 * it was told to do is left in it; but not a PF with VFs, which may be fine.
 *
 * Context: process; sleeps
 */
void aer_tell_quarantined(struct pci_dev *dev)
{
	struct aer_group *group = group_new(true, 0);
	bool owned = aer_has_owner(dev);
	struct aer_member *m;

	if (owned)
		aer_ask_owner(dev, PCI_TROUBLE_QUARANTINED, true, 0);
	m = group ? group_add(group, dev) : NULL;
	if (!m)
		goto end;
	group->alone = true;
	keep_config(m);
	if (!owned)
		step_tell(m);
	if (!has_vfs(dev))
		reset_and_restore(group, dev, reset_alone);
end:
	group_end(group);
}

static bool is_there(struct pci_dev *dev)
{
	bool there;

	if (!aer_enter(dev))
		return false;
	there = aer_comes_back(dev, jiffies + msecs_to_jiffies(AER_READY_MS));
	aer_leave(dev);
	return there;
}

/**
 * aer_resume_released - reset a function once more and put it into service
 * @dev: function that was cut off; the caller has called aer_begin()
 *
 * Context: process; sleeps
 * Return: %PCI_ERS_RESULT_RECOVERED, or %PCI_ERS_RESULT_DISCONNECT
 */
pci_ers_result_t aer_resume_released(struct pci_dev *dev)
{
	bool with_vfs = has_vfs(dev);
	struct aer_group *group = group_new(true, 0);
	pci_ers_result_t result = PCI_ERS_RESULT_DISCONNECT;
	struct aer_member *m;

	m = group ? group_add(group, dev) : NULL;
	if (!m || !is_there(dev))
		goto end;
	group->alone = true;
	keep_config(m);
	if (with_vfs)
		aer_unquiesce(dev);
	else if (!reset_and_restore(group, dev, reset_alone))
		goto end;
	run_steps_up(group, true);
	if (!m->failed)
		result = PCI_ERS_RESULT_RECOVERED;
end:
	group_end(group);
	return result;
}

static bool is_below(struct pci_dev *dev, struct pci_dev *port)
{
	for (dev = pci_upstream_bridge(dev); dev; dev = pci_upstream_bridge(dev))
		if (dev == port)
			return true;
	return false;
}

/* A slot that can be reset without taking its device for unplugged */
static struct pci_slot *get_slot(struct pci_dev *port)
{
	struct pci_slot *slot;

	guard(mutex)(&pci_slot_mutex);
	list_for_each_entry(slot, &port->subordinate->slots, list) {
		if (!slot->hotplug || !slot->hotplug->ops->reset_slot ||
		    !try_module_get(slot->hotplug->owner))
			continue;
		kobject_get(&slot->kobj);
		return slot;
	}
	return NULL;
}

/*
 * Reset the link below @port. Not by pci_bus_error_reset(), which waits for the
 * lock of every device below: one driver that holds its lock for good would
 * keep all the others from their recovery.
 */
static pci_ers_result_t reset_link(struct pci_dev *port)
{
	struct pci_slot *slot;
	int ret;

	if (!port->subordinate || !aer_enter(port))
		return PCI_ERS_RESULT_DISCONNECT;
	pci_cfg_access_lock(port);
	slot = get_slot(port);
	if (slot) {
		ret = slot->hotplug->ops->reset_slot(slot->hotplug, PCI_RESET_DO_RESET);
		module_put(slot->hotplug->owner);
		kobject_put(&slot->kobj);
	} else {
		ret = pci_bridge_secondary_bus_reset(port);
	}
	pci_cfg_access_unlock(port);
	aer_leave(port);
	pci_info(port, "%s Port link has been reset (%d)\n",
		 pci_is_root_bus(port->bus) ? "Root" : "Downstream", ret);
	return ret ? PCI_ERS_RESULT_DISCONNECT : PCI_ERS_RESULT_RECOVERED;
}

/* Recover all that is below @port; without anything below it, @port itself. */
static pci_ers_result_t recover_below(struct pci_dev *port, bool frozen, aer_reset_fn reset)
{
	struct aer_group *group = group_new(frozen, 0);
	pci_ers_result_t result = PCI_ERS_RESULT_DISCONNECT;
	struct pci_dev *dev = NULL;

	if (!group)
		goto no_memory;
	for_each_pci_dev(dev) {
		if (port->subordinate ? !is_below(dev, port) : dev != port)
			continue;
		if (!group_add(group, dev)) {
			pci_dev_put(dev);
			goto no_memory;
		}
	}
	aer_disturbance(port, true);
	result = recover_group(group, port, reset);
	aer_disturbance(port, false);
	if (result == PCI_ERS_RESULT_RECOVERED) {
		fence_failed(group);
		if (frozen)
			count_members(group, AER_TALLY_LINK_RESETS);
	}
	if (result != PCI_ERS_RESULT_RECOVERED)
		pci_info(port, "device recovery failed\n");
	else if (aer_may_log_recovery(port))
		pci_info(port, "device recovery successful\n");
	group_end(group);
	return result;

no_memory:
	pci_err(port, "out of memory for the recovery of what is below\n");
	group_end(group);
	return result;
}

/**
 * aer_recover_link - recover all that shares a link
 * @dev: port above it
 * @frozen: reset the link; else all below are told, and reset what they need
 *
 * Context: process; sleeps
 * Return: %PCI_ERS_RESULT_RECOVERED, or %PCI_ERS_RESULT_DISCONNECT
 */
pci_ers_result_t aer_recover_link(struct pci_dev *dev, bool frozen)
{
	return recover_below(dev, frozen, frozen ? reset_link : NULL);
}

/**
 * pcie_do_recovery - recover what DPC or firmware has cut off
 * @dev: function or port that is at fault
 * @state: %pci_channel_io_frozen when the link is down
 * @reset_subordinates: brings it up again
 *
 * Context: process; sleeps
 * Return: %PCI_ERS_RESULT_RECOVERED, or %PCI_ERS_RESULT_DISCONNECT
 */
pci_ers_result_t pcie_do_recovery(struct pci_dev *dev, pci_channel_state_t state,
				  pci_ers_result_t (*reset_subordinates)(struct pci_dev *pdev))
{
	bool frozen = state == pci_channel_io_frozen;
	pci_ers_result_t result;
	struct pci_dev *port;

	switch (pci_pcie_type(dev)) {
	case PCI_EXP_TYPE_ROOT_PORT:
	case PCI_EXP_TYPE_DOWNSTREAM:
	case PCI_EXP_TYPE_RC_EC:
	case PCI_EXP_TYPE_RC_END:
		port = dev;
		break;
	default:
		port = pci_upstream_bridge(dev) ?: dev;
	}
	result = recover_below(port, frozen, frozen ? reset_subordinates : NULL);
	/* of a function without AER, too, which has Device Status alone */
	if (result == PCI_ERS_RESULT_RECOVERED && aer_host_is_native(dev) && aer_enter(dev)) {
		pcie_clear_device_status(dev);
		pci_aer_clear_nonfatal_status(dev);
		aer_leave(dev);
	}
	return result;
}
EXPORT_SYMBOL_GPL(pcie_do_recovery);
