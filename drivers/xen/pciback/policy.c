// SPDX-License-Identifier: GPL-2.0
/*
 * The operator's rules for a function's configuration space, and the map that is
 * made of them.
 *
 * Rules are kept by the function's address, and outlive its being unbound and bound
 * again, as long as it is the same kind of function: of another that comes to that
 * address they would open registers that nobody has thought of. Whether a function is
 * permissive belongs to the function that is bound, and ends with that.
 *
 * A new map takes the place of the old one while the guest runs; what the guest has
 * written to virtual registers stays. When none can be made, the guest writes nothing
 * any more until one can, which its writes try now and then: the old map may allow what
 * was just forbidden.
 */
#define dev_fmt(fmt) "xen-pciback: " fmt

#include <linux/bitops.h>
#include <linux/cleanup.h>
#include <linux/err.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/moduleparam.h>
#include <linux/pci.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include <linux/workqueue.h>
#include <xen/xen.h>

#include "internal.h"
#include "maps.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

/**
 * struct settings - what is kept of a function by its address, whoever it is bound to
 * @list: in the list of all
 * @sbdf: the address
 * @known: @ids are those of the function that the rules are for: it was there
 * @ids: Vendor ID, Device ID, and the same of the subsystem
 * @nr_rules: how many there are
 * @rules: in the order in which they were written
 */
struct settings {
	struct list_head list;
	u32 sbdf;
	bool known;
	u16 ids[4];
	unsigned int nr_rules;
	struct space_rule rules[SPACE_RULES_MAX];
};

static DEFINE_MUTEX(settings_lock);	/* of the list below; after a function's lock */
static LIST_HEAD(settings);

static bool permissive;

static void apply_to_all(struct work_struct *work);
static DECLARE_WORK(apply_work, apply_to_all);

/*
 * A write counts from here on: see may_write(). The maps are made by a work, as each
 * waits for what is done to its function, such as a reset for its guest, and the lock
 * of all parameters of the module is held here.
 */
static int permissive_set(const char *text, const struct kernel_param *kp)
{
	bool was = permissive;
	int ret = param_set_bool(text, kp);

	/* at boot it is set before there are functions */
	if (!ret && permissive != was && pciback_wq)
		queue_work(pciback_wq, &apply_work);
	return ret;
}

static const struct kernel_param_ops permissive_ops = {
	.flags = KERNEL_PARAM_OPS_FL_NOARG,
	.set = permissive_set,
	.get = param_get_bool,
};

module_param_cb(permissive, &permissive_ops, &permissive, 0644);
MODULE_PARM_DESC(permissive,
		 "Guests may write to all registers of their functions that are not virtual (unsafe)");

static struct settings *find(u32 sbdf)
{
	struct settings *s;

	lockdep_assert_held(&settings_lock);
	list_for_each_entry(s, &settings, list)
		if (s->sbdf == sbdf)
			return s;
	return NULL;
}

static struct settings *find_or_make(u32 sbdf)
{
	struct settings *s = find(sbdf);

	if (s)
		return s;
	s = kzalloc(sizeof(*s), GFP_KERNEL);
	if (!s)
		return NULL;
	s->sbdf = sbdf;
	list_add_tail(&s->list, &settings);
	return s;
}

static void describe_bars(struct pci_dev *dev, struct space_facts *facts)
{
	unsigned int i;

	for (i = 0; i < SPACE_BARS; i++) {
		/* the ROM's resource follows those of the BARs */
		const struct resource *res = &dev->resource[i];

		if (!res->flags || !res->parent || !resource_size(res) ||
		    res->flags & (IORESOURCE_DISABLED | IORESOURCE_UNSET))
			continue;
		facts->bar[i].start = res->start;
		facts->bar[i].size = resource_size(res);
		facts->bar[i].flags = res->flags & PCI_REGION_FLAG_MASK;
	}
}

/*
 * What the guest asks Xen for; a PVH dom0's own IRQ means nothing to either. While MSI is
 * on, the device's IRQ is that of its message.
 */
static u8 interrupt_line(struct pciback_fn *fn)
{
	if (xen_initial_domain() && xen_pvh_domain())
		return max(fn->gsi, 0);
	if (!fn->dev->msi_enabled)
		fn->intx = fn->dev->irq;
	return fn->dev->pin ? fn->intx : 0;
}

/**
 * pciback_is_permissive - may a function's guest write to all that is not virtual?
 * @fn: function
 *
 * Context: any; with @fn's lock held the answer stays
 * Return: true if it may
 */
bool pciback_is_permissive(const struct pciback_fn *fn)
{
	return READ_ONCE(permissive) || READ_ONCE(fn->permissive) ||
	       READ_ONCE(fn->permissive_once);
}

static void read_ids(const struct pci_dev *dev, u16 ids[4])
{
	ids[0] = dev->vendor;
	ids[1] = dev->device;
	ids[2] = dev->subsystem_vendor;
	ids[3] = dev->subsystem_device;
}

/* A function is at the address of the settings: rules for another kind are forgotten. */
static void note_ids(struct settings *s, const struct pci_dev *dev)
{
	u16 ids[4];

	read_ids(dev, ids);
	if (s->known && memcmp(ids, s->ids, sizeof(ids))) {
		if (s->nr_rules)
			pci_warn(dev, "another kind of function was here: its %u rules are forgotten\n",
				 s->nr_rules);
		s->nr_rules = 0;
	}
	memcpy(s->ids, ids, sizeof(ids));
	s->known = true;
}

static void describe(struct pciback_fn *fn, struct space_facts *facts)
{
	struct pci_dev *dev = fn->dev;

	*facts = (struct space_facts) {
		.read = pciback_read_dword,
		.context = fn,
		.size = dev->cfg_size > PCI_CFG_SPACE_SIZE ? SPACE_BYTES : PCI_CFG_SPACE_SIZE,
		.is_vf = dev->is_virtfn,
		.header = dev->hdr_type,
		.vendor = dev->vendor,
		.device = dev->device,
		.irq = interrupt_line(fn),
		.permissive = pciback_is_permissive(fn),
		.irq_control = fn->irq_control,
	};
	describe_bars(dev, facts);
}

/**
 * pciback_policy_apply - make a function's map of the rules that there are now
 * @fn: function
 *
 * Context: @fn's lock is held; sleeps
 * Return: 0; -ENOMEM or what the function's being read failed with, which was said;
 * the map that it had stays then, for reading alone
 */
int pciback_policy_apply(struct pciback_fn *fn)
{
	struct space *built = kzalloc(sizeof(*built), GFP_KERNEL);
	struct space_map *map = space_map_alloc();
	const struct space_map *shared, *old;
	struct space_facts facts;
	struct settings *s;
	const char *why = "no memory";
	int ret = -ENOMEM;

	lockdep_assert_held(&fn->lock);
	if (!built || !map)
		goto free_map;
	mutex_lock(&settings_lock);
	s = find(pciback_sbdf(fn->dev));
	describe(fn, &facts);
	if (s) {
		note_ids(s, fn->dev);
		facts.rules = s->rules;
		facts.nr_rules = s->nr_rules;
	}
	ret = space_build(&facts, map, built, &why);
	mutex_unlock(&settings_lock);
	if (ret)
		goto free_map;
	if (why && !rcu_access_pointer(fn->map))
		pci_info(fn->dev, "configuration space for guests: %s\n", why);
	shared = space_map_share(map);
	old = rcu_replace_pointer(fn->map, shared, lockdep_is_held(&fn->lock));
	if (old)
		space_carry(built, shared, &fn->space, old);
	fn->space = *built;
	fn->frozen = false;
	clear_bit(PCIBACK_NOISY_MAP, &fn->noisy);
	fn->map_permissive = facts.permissive;
	space_map_put(old);
	kfree(built);
	return 0;

free_map:
	fn->frozen = true;
	set_bit(PCIBACK_NOISY_MAP, &fn->noisy);
	pci_err(fn->dev, "no configuration space for guests: %s (%d)%s\n", why, ret,
		rcu_access_pointer(fn->map) ? ": its guest can write nothing" : "");
	space_map_free(map);
	kfree(built);
	return ret;
}

/**
 * pciback_policy_drop - a function needs no map any more
 * @fn: function, which nobody uses
 */
void pciback_policy_drop(struct pciback_fn *fn)
{
	const struct space_map *none = NULL;

	space_map_put(rcu_replace_pointer(fn->map, none, true));
}

/*
 * That nobody is permissive any more is looked at before each write, so that none comes
 * between the operator's saying so and the map that is made of it. What could not be
 * made may be possible now: the function was being reset then.
 */
static bool may_write(struct pciback_fn *fn)
{
	if (fn->frozen ? pciback_fn_may_try(fn, PCIBACK_NOISY_MAP) :
			 fn->map_permissive != pciback_is_permissive(fn))
		pciback_policy_apply(fn);
	return !fn->frozen;
}

/**
 * pciback_policy_access - a guest accesses the configuration space of its function
 * @fn: function
 * @op: access
 *
 * A read may be made in the handler of an event: nothing here sleeps for it.
 *
 * Context: a write: process, @fn's lock is held; a read: any, @fn's lock is held, or
 * its gate is and nobody has its lock. A guest has @fn.
 * Return: how it ended
 */
enum space_status pciback_policy_access(struct pciback_fn *fn, struct space_op *op)
{
	enum space_status status;
	struct space_dword entry;

	if (op->write)
		lockdep_assert_held(&fn->lock);
	else
		lockdep_assert(lockdep_is_held(&fn->lock) ||
			       (lockdep_is_held(&fn->gate) && !fn->busy));
	op->refused = 0;
	if (op->write && !may_write(fn))
		return SPACE_FAILED;
	if (!space_in_range(op->offset, op->size) ||
	    !space_map_entry(&fn->map, op->offset, &entry))
		return SPACE_BAD_RANGE;
	status = space_access(&entry, &fn->space, &pciback_hardware, fn, op);
	if (op->refused || status == SPACE_DENIED)
		trace_xen_pciback_denied(pci_name(fn->dev), fn->guest->domid, op->offset,
					 op->size, op->value, op->refused);
	return status;
}

/* Whatever was changed for an address counts at once if its function is bound. */
static int apply_to(u32 sbdf)
{
	struct pciback_fn *fn = pciback_fn_find(sbdf);
	int ret = 0;

	if (!fn)
		return 0;
	scoped_guard(pciback_fn, fn)
		if (fn->bound && !pci_is_bridge(fn->dev))
			ret = pciback_policy_apply(fn);
	pciback_fn_put(fn);
	return ret;
}

/* The module's parameter has changed: it counts for whoever has a function. */
static void apply_to_all(struct work_struct *work)
{
	struct pciback_fn *fn = NULL;

	while ((fn = pciback_fn_next(fn))) {
		guard(pciback_fn)(fn);
		if (fn->bound && !pci_is_bridge(fn->dev))
			pciback_policy_apply(fn);
	}
}

/**
 * pciback_policy_permissive - make a function permissive, or not
 * @fn: function
 * @on: permissive
 * @stays: until it is unbound or this is undone, whoever has it; else for the guest
 *	that has it, or the next that gets it if none has. Off is off for both.
 *
 * Context: process
 * Return: 0; -ENODEV when it is being unbound; what pciback_policy_apply() failed with
 */
int pciback_policy_permissive(struct pciback_fn *fn, bool on, bool stays)
{
	bool is;

	guard(pciback_fn)(fn);
	if (!fn->bound || pci_is_bridge(fn->dev))
		return -ENODEV;
	is = fn->permissive || (fn->permissive_once && !stays);
	if (on && !is)
		pci_warn(fn->dev, "permissive%s: its guest%s may write to registers that are not known to be safe\n",
			 stays ? " until that is undone" : "", stays ? "s" : "");
	if (stays || !on)
		WRITE_ONCE(fn->permissive, on);
	if (!stays || !on)
		WRITE_ONCE(fn->permissive_once, on);
	return pciback_policy_apply(fn);
}

/**
 * pciback_policy_released - a function has left its guest: what was for that ends
 * @fn: function, which was reset
 *
 * Context: @fn's lock is held; sleeps
 */
void pciback_policy_released(struct pciback_fn *fn)
{
	lockdep_assert_held(&fn->lock);
	if (!fn->irq_control && !fn->permissive_once)
		return;
	fn->irq_control = false;
	WRITE_ONCE(fn->permissive_once, false);
	pciback_policy_apply(fn);
}

/**
 * pciback_policy_count - how many rules there are for a function
 * @fn: function
 *
 * Context: process; @fn's lock may be held
 * Return: their number
 */
unsigned int pciback_policy_count(const struct pciback_fn *fn)
{
	const struct settings *s;

	guard(mutex)(&settings_lock);
	s = find(pciback_sbdf(fn->dev));
	return s ? s->nr_rules : 0;
}

static int find_rule(const struct settings *s, const struct space_rule *rule)
{
	int i;

	for (i = 0; i < s->nr_rules; i++)
		if (space_rule_same(&s->rules[i], rule))
			return i;
	return -ENOENT;
}

static int change_rule(struct settings *s, const struct space_rule *rule, bool add)
{
	int at = find_rule(s, rule);

	if (at >= 0) {
		s->nr_rules--;
		memmove(&s->rules[at], &s->rules[at + 1],
			(s->nr_rules - at) * sizeof(s->rules[0]));
	}
	if (!add)
		return at < 0 ? at : 0;
	if (s->nr_rules == SPACE_RULES_MAX)
		return -ENOSPC;
	s->rules[s->nr_rules++] = *rule;
	return 0;
}

/**
 * pciback_policy_rule - add or remove a rule of a function
 * @sbdf: its address
 * @rule: rule; one about the same that is there is replaced; NULL: all of them
 * @add: add
 *
 * Context: process
 * Return: 0; -ENOENT when there is no such rule to be removed; -ENOSPC when there
 * are too many; -ENOMEM; what pciback_policy_apply() failed with
 */
int pciback_policy_rule(u32 sbdf, const struct space_rule *rule, bool add)
{
	struct pci_dev *dev __free(pci_dev_put) =
		pci_get_domain_bus_and_slot(sbdf >> 16, PCI_BUS_NUM(sbdf), sbdf & 0xff);
	int ret = 0;

	scoped_guard(mutex, &settings_lock) {
		struct settings *s = find_or_make(sbdf);

		if (!s)
			return -ENOMEM;
		/* it need not be bound: the rule is for what is there now */
		if (dev)
			note_ids(s, dev);
		if (rule)
			ret = change_rule(s, rule, add);
		else
			s->nr_rules = 0;
	}
	return ret ?: apply_to(sbdf);
}

/**
 * pciback_policy_show - list the rules of a function
 * @sbdf: its address
 * @buf: a page
 *
 * Return: length
 */
ssize_t pciback_policy_show(u32 sbdf, char *buf)
{
	const struct settings *s;
	ssize_t len = 0;
	char line[64];
	int i;

	guard(mutex)(&settings_lock);
	s = find(sbdf);
	for (i = 0; s && i < s->nr_rules; i++) {
		space_rule_format(&s->rules[i], line, sizeof(line));
		len += sysfs_emit_at(buf, len, "%s\n", line);
	}
	return len;
}

static ssize_t show_quirks(const struct settings *s, char *buf, ssize_t len)
{
	int i;

	for (i = 0; s && i < s->nr_rules; i++) {
		const struct space_rule *rule = &s->rules[i];

		if (rule->scope != SPACE_RULE_BYTES || rule->verdict != SPACE_ALLOW)
			continue;
		len += sysfs_emit_at(buf, len, "\t\t%08x:%01x:%08x\n", rule->first,
				     rule->last - rule->first + 1, rule->mask);
	}
	return len;
}

/**
 * pciback_policy_quirks - list the registers that guests were allowed to write
 * @buf: a page
 *
 * Return: length
 */
ssize_t pciback_policy_quirks(char *buf)
{
	struct pciback_fn *fn = NULL;
	ssize_t len = 0;

	while ((fn = pciback_fn_next(fn))) {
		struct pci_dev *dev = fn->dev;

		len += sysfs_emit_at(buf, len, "%02x:%02x.%01x\n\t%04x:%04x:%04x:%04x\n",
				     dev->bus->number, PCI_SLOT(dev->devfn),
				     PCI_FUNC(dev->devfn), dev->vendor, dev->device,
				     dev->subsystem_vendor, dev->subsystem_device);
		scoped_guard(mutex, &settings_lock)
			len = show_quirks(find(pciback_sbdf(dev)), buf, len);
	}
	return len;
}

/**
 * pciback_policy_exit - forget all rules
 */
void pciback_policy_exit(void)
{
	struct settings *s, *next;

	guard(mutex)(&settings_lock);
	list_for_each_entry_safe(s, next, &settings, list) {
		list_del(&s->list);
		kfree(s);
	}
	rcu_barrier();
}
