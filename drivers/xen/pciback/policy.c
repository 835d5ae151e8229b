// SPDX-License-Identifier: GPL-2.0
/*
 * The operator's rules for a function's configuration space, and the map that is
 * made of them.
 *
 * Rules are kept by the function's address, and outlive its being unbound and
 * bound again. A new map takes the place of the old one while the guest runs; what
 * the guest has written to virtual registers stays.
 */
#define dev_fmt(fmt) "xen-pciback: " fmt

#include <linux/cleanup.h>
#include <linux/err.h>
#include <linux/list.h>
#include <linux/moduleparam.h>
#include <linux/pci.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include <xen/xen.h>

#include "internal.h"
#include "maps.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

/* What is kept of a function by its address, whoever it is bound to */
struct settings {
	struct list_head list;
	u32 sbdf;
	bool permissive;
	unsigned int nr_rules;
	struct space_rule rules[SPACE_RULES_MAX];
};

static DEFINE_MUTEX(settings_lock);	/* of the list below; after a function's lock */
static LIST_HEAD(settings);

static bool permissive;
module_param(permissive, bool, 0644);
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

/* What the guest asks Xen for; a PVH dom0's own IRQ means nothing to either */
static u8 interrupt_line(const struct pciback_fn *fn)
{
	if (xen_initial_domain() && xen_pvh_domain())
		return max(fn->gsi, 0);
	return fn->dev->pin ? fn->dev->irq : 0;
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
		.permissive = fn->permissive || READ_ONCE(permissive),
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
 * the map that it had stays then
 */
int pciback_policy_apply(struct pciback_fn *fn)
{
	struct space *built = kzalloc(sizeof(*built), GFP_KERNEL);
	struct space_map *map = space_map_alloc();
	const struct space_map *shared, *old;
	const struct settings *s;
	struct space_facts facts;
	const char *why = "no memory";
	int ret = -ENOMEM;

	lockdep_assert_held(&fn->lock);
	if (!built || !map)
		goto free_map;
	mutex_lock(&settings_lock);
	s = find(pciback_sbdf(fn->dev));
	fn->permissive = s && s->permissive;
	describe(fn, &facts);
	if (s) {
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
	space_map_put(old);
	kfree(built);
	return 0;

free_map:
	pci_err(fn->dev, "no configuration space for guests: %s (%d)\n", why, ret);
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

/**
 * pciback_policy_access - a guest accesses the configuration space of its function
 * @fn: function
 * @op: access
 *
 * Context: @fn's lock is held, and a guest has it
 * Return: how it ended
 */
enum space_status pciback_policy_access(struct pciback_fn *fn, struct space_op *op)
{
	enum space_status status;
	struct space_dword entry;

	op->refused = 0;
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

/**
 * pciback_policy_permissive - let a function's guests write to what is not virtual
 * @sbdf: its address
 * @on: let them
 *
 * Context: process
 * Return: 0; -ENOMEM; what pciback_policy_apply() failed with
 */
int pciback_policy_permissive(u32 sbdf, bool on)
{
	scoped_guard(mutex, &settings_lock) {
		struct settings *s = find_or_make(sbdf);

		if (!s)
			return -ENOMEM;
		s->permissive = on;
	}
	return apply_to(sbdf);
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
	int ret = 0;

	scoped_guard(mutex, &settings_lock) {
		struct settings *s = find_or_make(sbdf);

		if (!s)
			return -ENOMEM;
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
