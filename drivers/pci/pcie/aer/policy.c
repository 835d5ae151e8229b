// SPDX-License-Identifier: GPL-2.0
/*
 * Containment: the operator's files, containment/ in each function's folder
 * (Documentation/ABI/testing/sysfs-bus-pci-containment).
 */
#define dev_fmt(fmt) "containment: " fmt

#include <linux/cleanup.h>
#include <linux/device.h>
#include <linux/kstrtox.h>
#include <linux/pci.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include <linux/timekeeping.h>

#include "internal.h"

#define AER_WINDOW_MAX	(31 * 24 * 3600)	/* seconds */
#define AER_STORM_MAX	1000000			/* errors in a second */

static const char * const policy_names[AER_POLICIES] = {
	[AER_POLICY_REPORT] = "report",
	[AER_POLICY_RESET] = "reset",
	[AER_POLICY_QUARANTINE] = "quarantine",
};

static struct aer_info *stats_of(struct device *dev)
{
	return to_pci_dev(dev)->aer_info;
}

/* A number from user space; what is no number, or out of range, is refused. */
static int parse(struct device *dev, struct device_attribute *attr, const char *buf,
		 unsigned int lo, unsigned int hi, unsigned int *val)
{
	int ret = kstrtouint(buf, 0, val);

	if (!ret && (*val < lo || *val > hi))
		ret = -EINVAL;
	if (ret)
		pci_info(to_pci_dev(dev), "%s takes a number from %u to %u\n",
			 attr->attr.name, lo, hi);
	return ret;
}

static ssize_t store_limit(struct device *dev, struct device_attribute *attr, const char *buf,
			   size_t count, unsigned int lo, unsigned int hi, u32 *limit)
{
	unsigned int val;
	int ret = parse(dev, attr, buf, lo, hi, &val);

	if (ret)
		return ret;
	guard(spinlock_irqsave)(&stats_of(dev)->lock);
	*limit = val;
	return count;
}

static ssize_t policy_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n", policy_names[READ_ONCE(stats_of(dev)->policy)]);
}

static ssize_t policy_store(struct device *dev, struct device_attribute *attr,
			    const char *buf, size_t count)
{
	int policy = sysfs_match_string(policy_names, buf);

	if (policy < 0) {
		pci_info(to_pci_dev(dev), "policy takes report, reset or quarantine\n");
		return policy;
	}
	WRITE_ONCE(stats_of(dev)->policy, policy);
	return count;
}
static DEVICE_ATTR_RW(policy);

static ssize_t state_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n", aer_state_name(READ_ONCE(stats_of(dev)->state)));
}
static DEVICE_ATTR_RO(state);

static ssize_t release_store(struct device *dev, struct device_attribute *attr,
			     const char *buf, size_t count)
{
	unsigned int one;
	int ret = parse(dev, attr, buf, 1, 1, &one);

	if (ret)
		return ret;
	ret = aer_release(to_pci_dev(dev));
	if (ret == -EINVAL)
		pci_info(to_pci_dev(dev), "there is nothing to release: the function is in service\n");
	else if (ret == -EBUSY)
		pci_info(to_pci_dev(dev), "not released: its recovery is still under way\n");
	else if (ret)
		pci_info(to_pci_dev(dev), "not released: the function does not come back\n");
	return ret ?: count;
}
static DEVICE_ATTR_WO(release);

static ssize_t budget_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", READ_ONCE(stats_of(dev)->budget.limit));
}

static ssize_t budget_store(struct device *dev, struct device_attribute *attr,
			    const char *buf, size_t count)
{
	return store_limit(dev, attr, buf, count, 0, AER_BUDGET_MAX,
			   &stats_of(dev)->budget.limit);
}
static DEVICE_ATTR_RW(budget);

static ssize_t budget_window_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", READ_ONCE(stats_of(dev)->budget.seconds));
}

static ssize_t budget_window_store(struct device *dev, struct device_attribute *attr,
				   const char *buf, size_t count)
{
	return store_limit(dev, attr, buf, count, 1, AER_WINDOW_MAX,
			   &stats_of(dev)->budget.seconds);
}
static DEVICE_ATTR_RW(budget_window);

static int emit_budget_left(struct aer_info *st, char *buf, int at)
{
	u32 left;

	scoped_guard(spinlock_irqsave, &st->lock)
		left = aer_budget_left(&st->budget, ktime_get_boottime_seconds());
	if (left == U32_MAX)
		return sysfs_emit_at(buf, at, "unlimited\n");
	return sysfs_emit_at(buf, at, "%u\n", left);
}

static ssize_t budget_left_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return emit_budget_left(stats_of(dev), buf, 0);
}
static DEVICE_ATTR_RO(budget_left);

static ssize_t storm_threshold_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", READ_ONCE(stats_of(dev)->storm.threshold));
}

static ssize_t storm_threshold_store(struct device *dev, struct device_attribute *attr,
				     const char *buf, size_t count)
{
	return store_limit(dev, attr, buf, count, 0, AER_STORM_MAX,
			   &stats_of(dev)->storm.threshold);
}
static DEVICE_ATTR_RW(storm_threshold);

static ssize_t storm_masked_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct aer_info *st = aer_masks_of(to_pci_dev(dev))->aer_info;

	return sysfs_emit(buf, "%08x\n", st ? READ_ONCE(st->storm.masked) : 0);
}
static DEVICE_ATTR_RO(storm_masked);

static int emit_owner(struct pci_dev *dev, char *buf, int at)
{
	char name[64];

	aer_owner_name(dev, name, sizeof(name));
	if (*name)
		return sysfs_emit_at(buf, at, "%s\n", name);
	if (!READ_ONCE(dev->dev.driver))
		return sysfs_emit_at(buf, at, "none\n");
	return sysfs_emit_at(buf, at, "%s %s\n", aer_role_of(dev) == AER_ROLE_ASSIGNED ?
			     "assigned" : "host", dev_driver_string(&dev->dev));
}

static ssize_t owner_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return emit_owner(to_pci_dev(dev), buf, 0);
}
static DEVICE_ATTR_RO(owner);

static const char * const tally_names[AER_TALLIES] = {
	[AER_TALLY_CONTAINED] = "contained",
	[AER_TALLY_RESETS] = "resets",
	[AER_TALLY_RESETS_FAILED] = "resets_failed",
	[AER_TALLY_LINK_RESETS] = "link_resets",
	[AER_TALLY_QUARANTINES] = "quarantines",
	[AER_TALLY_UNANSWERED] = "unanswered",
	[AER_TALLY_STORMS] = "storms",
	[AER_TALLY_MUTED] = "muted",
	[AER_TALLY_LOST] = "lost",
	[AER_TALLY_UNATTRIBUTED] = "unattributed",
	[AER_TALLY_STUCK] = "stuck",
};

static int emit_errors(struct aer_info *st, char *buf, int at)
{
	u64 total[3], tally[AER_TALLIES];
	unsigned int i;
	int len;

	scoped_guard(spinlock_irqsave, &st->lock) {
		memcpy(total, st->count.total, sizeof(total));
		memcpy(tally, st->count.tally, sizeof(tally));
	}
	len = sysfs_emit_at(buf, at, "correctable %llu\nnonfatal %llu\nfatal %llu\n",
			    total[AER_CORRECTABLE], total[AER_NONFATAL], total[AER_FATAL]);
	for (i = 0; i < AER_TALLIES; i++)
		len += sysfs_emit_at(buf, at + len, "%s %llu\n", tally_names[i], tally[i]);
	return len;
}

static ssize_t errors_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return emit_errors(stats_of(dev), buf, 0);
}
static DEVICE_ATTR_RO(errors);

/*
 * All at once, for who lists thousands of functions: a file costs three system calls,
 * and a table of 127 VFs took half a second of a dom0's time.
 */
static ssize_t summary_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct pci_dev *pdev = to_pci_dev(dev);
	struct aer_info *st = stats_of(dev);
	int len;

	len = sysfs_emit(buf, "state %s\npolicy %s\nbudget %u\nbudget_window %u\nbudget_left ",
			 aer_state_name(READ_ONCE(st->state)),
			 policy_names[READ_ONCE(st->policy)], READ_ONCE(st->budget.limit),
			 READ_ONCE(st->budget.seconds));
	len += emit_budget_left(st, buf, len);
	len += sysfs_emit_at(buf, len, "owner ");
	len += emit_owner(pdev, buf, len);
	len += sysfs_emit_at(buf, len, "reset %s\n", pci_reset_supported(pdev) ? "yes" : "no");
	return len + emit_errors(st, buf, len);
}
static DEVICE_ATTR_RO(summary);

static struct attribute *containment_attrs[] = {
	&dev_attr_policy.attr,
	&dev_attr_state.attr,
	&dev_attr_release.attr,
	&dev_attr_budget.attr,
	&dev_attr_budget_window.attr,
	&dev_attr_budget_left.attr,
	&dev_attr_storm_threshold.attr,
	&dev_attr_storm_masked.attr,
	&dev_attr_owner.attr,
	&dev_attr_errors.attr,
	&dev_attr_summary.attr,
	NULL
};

static umode_t containment_visible(struct kobject *kobj, struct attribute *a, int n)
{
	return to_pci_dev(kobj_to_dev(kobj))->aer_info ? a->mode : 0;
}

const struct attribute_group pci_containment_attr_group = {
	.name = "containment",
	.attrs = containment_attrs,
	.is_visible = containment_visible,
};
