// SPDX-License-Identifier: GPL-2.0
/*
 * AER service: how many lines the log has of a function's errors, and the files in aer/
 * that set it (Documentation/ABI/testing/sysfs-bus-pci-devices-aer*).
 *
 * This is the only limit that a line of the log is subject to. A storm (storm.c) is
 * something else: it keeps the errors themselves from coming, and with them the lines.
 */
#include <linux/array_size.h>
#include <linux/capability.h>
#include <linux/container_of.h>
#include <linux/device.h>
#include <linux/jiffies.h>
#include <linux/kstrtox.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/pci.h>
#include <linux/ratelimit.h>
#include <linux/sysfs.h>

#include "internal.h"

/* What is left out is counted and told by us, not by the limiter. */
static void init_limit(struct ratelimit_state *limit)
{
	ratelimit_state_init(limit, DEFAULT_RATELIMIT_INTERVAL, DEFAULT_RATELIMIT_BURST);
	ratelimit_set_flags(limit, RATELIMIT_MSG_ON_RELEASE);
}

/**
 * aer_init_limits - the limits that a function has unless told otherwise
 * @st: of the function
 */
void aer_init_limits(struct aer_info *st)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(st->log_limit); i++)
		init_limit(&st->log_limit[i]);
	init_limit(&st->recovery_limit);
}

/*
 * struct aer_limit - a file with one number of the limits of the log
 * @attr: attribute
 * @uncor: of uncorrectable errors and recoveries; else of correctable ones
 * @burst: how many; else in what time
 */
struct aer_limit {
	struct device_attribute attr;
	bool uncor;
	bool burst;
};

/* Each sort has a limit of its own, so that none hides another; two share the numbers */
static void set_limits(struct aer_info *st, const struct aer_limit *file, int value)
{
	struct ratelimit_state * const limits[] = {
		&st->log_limit[AER_NONFATAL], &st->log_limit[AER_FATAL],
		&st->recovery_limit, &st->log_limit[AER_CORRECTABLE],
	};
	unsigned int i, first = file->uncor ? 0 : 3, last = file->uncor ? 2 : 3;

	for (i = first; i <= last; i++) {
		if (file->burst)
			WRITE_ONCE(limits[i]->burst, value);
		else
			WRITE_ONCE(limits[i]->interval, value);
	}
}

static ssize_t limit_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	const struct aer_limit *file = container_of(attr, struct aer_limit, attr);
	struct aer_info *st = to_pci_dev(dev)->aer_info;
	const struct ratelimit_state *limit;

	limit = &st->log_limit[file->uncor ? AER_NONFATAL : AER_CORRECTABLE];
	if (file->burst)
		return sysfs_emit(buf, "%d\n", READ_ONCE(limit->burst));
	return sysfs_emit(buf, "%u\n", jiffies_to_msecs(READ_ONCE(limit->interval)));
}

static ssize_t limit_store(struct device *dev, struct device_attribute *attr,
			   const char *buf, size_t count)
{
	const struct aer_limit *file = container_of(attr, struct aer_limit, attr);
	int value;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (kstrtoint(buf, 0, &value))
		return -EINVAL;
	/* the limiter takes negative numbers for a mistake of the kernel's */
	value = max(value, 0);
	if (!file->burst)
		value = min_t(unsigned long, msecs_to_jiffies(value), INT_MAX);
	set_limits(to_pci_dev(dev)->aer_info, file, value);
	return count;
}

static struct aer_limit aer_limits[] = {
	{
		.attr = __ATTR(correctable_ratelimit_interval_ms, 0644, limit_show, limit_store),
	}, {
		.attr = __ATTR(correctable_ratelimit_burst, 0644, limit_show, limit_store),
		.burst = true,
	}, {
		.attr = __ATTR(nonfatal_ratelimit_interval_ms, 0644, limit_show, limit_store),
		.uncor = true,
	}, {
		.attr = __ATTR(nonfatal_ratelimit_burst, 0644, limit_show, limit_store),
		.uncor = true,
		.burst = true,
	},
};

static struct attribute *aer_limit_attrs[] = {
	&aer_limits[0].attr.attr,
	&aer_limits[1].attr.attr,
	&aer_limits[2].attr.attr,
	&aer_limits[3].attr.attr,
	NULL
};

static umode_t aer_limit_visible(struct kobject *node, struct attribute *a, int n)
{
	const struct pci_dev *pdev = to_pci_dev(kobj_to_dev(node));

	return pdev->aer_cap && pdev->aer_info ? a->mode : 0;
}

const struct attribute_group aer_attr_group = {
	.name = "aer",
	.attrs = aer_limit_attrs,
	.is_visible = aer_limit_visible,
};
