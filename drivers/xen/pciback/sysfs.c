// SPDX-License-Identifier: GPL-2.0
/*
 * Files of the driver, as the tools know them, and of each function that is bound
 * to it. Documentation/ABI/testing/sysfs-driver-xen-pciback describes them.
 */
#define pr_fmt(fmt) "xen-pciback: " fmt
#define dev_fmt pr_fmt

#include <linux/cleanup.h>
#include <linux/device.h>
#include <linux/kstrtox.h>
#include <linux/pci.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "internal.h"

/* One function's address, as written to a file of the driver */
static int parse_one(const char *buf, u32 *sbdf)
{
	struct address address;

	if (!address_parse_all(buf, &address) || address.slot < 0 || address.func < 0) {
		pr_warn("'%.*s' is no address of a function\n", (int)strcspn(buf, "\n"), buf);
		return -EINVAL;
	}
	*sbdf = PCIBACK_SBDF(address.segment, address.bus,
			     PCI_DEVFN(address.slot, address.func));
	return 0;
}

/* The same, of a function that is bound: with a reference */
static struct pciback_fn *parse_fn(const char *buf, int *ret)
{
	struct pciback_fn *fn;
	u32 sbdf;

	*ret = parse_one(buf, &sbdf);
	if (*ret)
		return NULL;
	fn = pciback_fn_find(sbdf);
	if (!fn) {
		pr_warn("%.*s is not bound to this driver\n", (int)strcspn(buf, "\n"), buf);
		*ret = -ENODEV;
	}
	return fn;
}

/* The same, of one that the toolstack makes ready for a guest: for the next one by now */
static struct pciback_fn *parse_ready_fn(const char *buf, int *ret)
{
	struct pciback_fn *fn = parse_fn(buf, ret);

	if (fn)
		pciback_wait_for_last(fn, NULL);
	return fn;
}

static ssize_t new_slot_store(struct device_driver *drv, const char *buf, size_t count)
{
	return pciback_slots_change(buf, true) ?: count;
}
static DRIVER_ATTR_WO(new_slot);

static ssize_t remove_slot_store(struct device_driver *drv, const char *buf, size_t count)
{
	return pciback_slots_change(buf, false) ?: count;
}
static DRIVER_ATTR_WO(remove_slot);

static ssize_t slots_show(struct device_driver *drv, char *buf)
{
	return pciback_slots_show(buf);
}
static DRIVER_ATTR_RO(slots);

static ssize_t do_flr_store(struct device_driver *drv, const char *buf, size_t count)
{
	struct pciback_fn *fn;
	int ret;

	fn = parse_ready_fn(buf, &ret);
	if (!fn)
		return ret;
	ret = pciback_fn_reset_of(fn, NULL);
	pciback_fn_put(fn);
	return ret ?: count;
}
static DRIVER_ATTR_WO(do_flr);

static ssize_t quirks_store(struct device_driver *drv, const char *buf, size_t count)
{
	struct address_quirk quirk;
	struct space_rule rule;

	if (!address_parse_quirk(buf, &quirk)) {
		pr_warn("'%.*s' is no ADDRESS-OFFSET:SIZE:MASK of a register\n",
			(int)strcspn(buf, "\n"), buf);
		return -EINVAL;
	}
	rule = (struct space_rule) {
		.verdict = SPACE_ALLOW,
		.scope = SPACE_RULE_BYTES,
		.first = quirk.offset,
		.last = quirk.offset + quirk.size - 1,
		.mask = quirk.mask,
	};
	return pciback_policy_rule(quirk.sbdf, &rule, true) ?: count;
}

static ssize_t quirks_show(struct device_driver *drv, char *buf)
{
	return pciback_policy_quirks(buf);
}
static DRIVER_ATTR_RW(quirks);

/* xl writes it for the guest that is about to get the function. */
static ssize_t permissive_store(struct device_driver *drv, const char *buf, size_t count)
{
	struct pciback_fn *fn;
	int ret;

	fn = parse_ready_fn(buf, &ret);
	if (!fn)
		return ret;
	ret = pciback_policy_permissive(fn, true, false);
	pciback_fn_put(fn);
	return ret ?: count;
}

/* list(): lines for the functions that a test is true of */
static ssize_t list(char *buf, bool (*test)(struct pciback_fn *fn))
{
	struct pciback_fn *fn = NULL;
	ssize_t len = 0;

	while ((fn = pciback_fn_next(fn)))
		if (test(fn))
			len += sysfs_emit_at(buf, len, "%s\n", pci_name(fn->dev));
	return len;
}

static bool is_permissive(struct pciback_fn *fn)
{
	return pciback_is_permissive(fn);
}

static ssize_t permissive_show(struct device_driver *drv, char *buf)
{
	return list(buf, is_permissive);
}
static DRIVER_ATTR_RW(permissive);

/* For a device model in a domain of its own. Lost when the function leaves the guest. */
static ssize_t allow_interrupt_control_store(struct device_driver *drv, const char *buf,
					     size_t count)
{
	struct pciback_fn *fn;
	int ret;

	fn = parse_ready_fn(buf, &ret);
	if (!fn)
		return ret;
	scoped_guard(pciback_fn, fn) {
		fn->irq_control = true;
		ret = fn->bound && !pci_is_bridge(fn->dev) ? pciback_policy_apply(fn) : -ENODEV;
	}
	pciback_fn_put(fn);
	return ret ?: count;
}

static bool has_irq_control(struct pciback_fn *fn)
{
	return READ_ONCE(fn->irq_control);
}

static ssize_t allow_interrupt_control_show(struct device_driver *drv, char *buf)
{
	return list(buf, has_irq_control);
}
static DRIVER_ATTR_RW(allow_interrupt_control);

static ssize_t irq_handlers_show(struct device_driver *drv, char *buf)
{
	struct pciback_fn *fn = NULL;
	ssize_t len = 0;

	while ((fn = pciback_fn_next(fn)))
		len += sysfs_emit_at(buf, len, "%s:%s:%sing:%lu\n", pci_name(fn->dev),
				     READ_ONCE(fn->irq) ? "on" : "off",
				     READ_ONCE(fn->answers_irq) ? "ack" : "not ack",
				     READ_ONCE(fn->irqs));
	return len;
}
static DRIVER_ATTR_RO(irq_handlers);

static ssize_t irq_handler_state_store(struct device_driver *drv, const char *buf,
				       size_t count)
{
	struct pciback_fn *fn;
	int ret;

	fn = parse_fn(buf, &ret);
	if (!fn)
		return ret == -ENODEV ? -ENOENT : ret;
	scoped_guard(pciback_fn, fn)
		WRITE_ONCE(fn->answers_irq, fn->irq && !fn->answers_irq);
	pciback_fn_put(fn);
	return count;
}
static DRIVER_ATTR_WO(irq_handler_state);

static struct attribute *driver_attrs[] = {
	&driver_attr_new_slot.attr,
	&driver_attr_remove_slot.attr,
	&driver_attr_slots.attr,
	&driver_attr_do_flr.attr,
	&driver_attr_quirks.attr,
	&driver_attr_permissive.attr,
	&driver_attr_allow_interrupt_control.attr,
	&driver_attr_irq_handlers.attr,
	&driver_attr_irq_handler_state.attr,
	NULL
};

static const struct attribute_group driver_group = {
	.attrs = driver_attrs,
};

const struct attribute_group *pciback_driver_groups[] = {
	&driver_group,
	NULL
};

static u32 sbdf_of(struct device *dev)
{
	return pciback_sbdf(to_pci_dev(dev));
}

static ssize_t policy_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return pciback_policy_show(sbdf_of(dev), buf);
}

/* "allow cap=09" adds, "-allow cap=09" removes, "-" removes all */
static ssize_t policy_store(struct device *dev, struct device_attribute *attr,
			    const char *buf, size_t count)
{
	const char *why = "too long";
	struct space_rule rule;
	bool add = *buf != '-';
	char text[64];
	int ret;

	if (!add)
		buf++;
	ret = strscpy(text, buf, sizeof(text)) < 0 ? -E2BIG : 0;
	if (!ret && !add && !*strim(text))
		return pciback_policy_rule(sbdf_of(dev), NULL, false) ?: count;
	if (!ret)
		ret = space_rule_parse(strim(text), &rule, &why);
	if (!ret) {
		ret = pciback_policy_rule(sbdf_of(dev), &rule, add);
		why = ret == -ENOENT ? "there is no such rule" :
		      ret == -ENOSPC ? "there are too many rules" : "it cannot be applied";
	}
	if (ret)
		dev_warn(dev, "rule '%.*s': %s\n", (int)strcspn(buf, "\n"), buf, why);
	return ret ?: count;
}
static DEVICE_ATTR_RW(policy);

static ssize_t layout_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct pciback_fn *fn = dev_get_drvdata(dev);
	const struct space_map *map;
	unsigned int from = 0;
	ssize_t len = 0;
	char line[80];

	guard(pciback_fn)(fn);
	map = rcu_dereference_protected(fn->map, lockdep_is_held(&fn->lock));
	/* a bridge has none, and a function that was claimed at boot none yet */
	while (map && space_list(map, &from, line, sizeof(line)) > 0)
		len += sysfs_emit_at(buf, len, "%s\n", line);
	return len;
}
static DEVICE_ATTR_RO(layout);

static ssize_t accesses_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct pciback_fn *fn = dev_get_drvdata(dev);

	guard(pciback_fn)(fn);
	return sysfs_emit(buf, "reads %llu\nwrites %llu\ndenied %llu\n", fn->space.reads,
			  fn->space.writes, fn->space.denied);
}
static DEVICE_ATTR_RO(accesses);

static ssize_t guest_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct pciback_fn *fn = dev_get_drvdata(dev);
	u32 key;

	guard(pciback_fn)(fn);
	key = fn->key;
	if (!fn->guest)
		return sysfs_emit(buf, "none\n");
	return sysfs_emit(buf, "%u %04x:%02x:%02x.%x\n", fn->guest->domid, key >> 16,
			  key >> 8 & 0xff, PCI_SLOT(key), PCI_FUNC(key));
}
static DEVICE_ATTR_RO(guest);

static ssize_t fn_permissive_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct pciback_fn *fn = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%d\n", pciback_is_permissive(fn));
}

static ssize_t fn_permissive_store(struct device *dev, struct device_attribute *attr,
				   const char *buf, size_t count)
{
	bool on;

	return kstrtobool(buf, &on) ?:
	       pciback_policy_permissive(dev_get_drvdata(dev), on, true) ?: count;
}

static struct device_attribute dev_attr_fn_permissive =
	__ATTR(permissive, 0644, fn_permissive_show, fn_permissive_store);

static struct attribute *device_attrs[] = {
	&dev_attr_policy.attr,
	&dev_attr_layout.attr,
	&dev_attr_accesses.attr,
	&dev_attr_guest.attr,
	&dev_attr_fn_permissive.attr,
	NULL
};

static const struct attribute_group device_group = {
	.name = "pciback",
	.attrs = device_attrs,
};

const struct attribute_group *pciback_device_groups[] = {
	&device_group,
	NULL
};
