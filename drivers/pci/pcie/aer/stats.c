// SPDX-License-Identifier: GPL-2.0
/*
 * AER service: counters, and the files in sysfs that have always shown them
 * (Documentation/ABI/testing/sysfs-bus-pci-devices-aer*).
 */
#include <linux/bitops.h>
#include <linux/cleanup.h>
#include <linux/device.h>
#include <linux/lockdep.h>
#include <linux/pci.h>
#include <linux/sysfs.h>
#include <linux/vmcore_info.h>

#include "internal.h"

static void count_record(struct aer_info *st, const struct aer_record *rec)
{
	unsigned long active = aer_active(rec);
	bool cor = rec->severity == AER_CORRECTABLE;
	unsigned int bit;

	lockdep_assert_held(&st->lock);
	st->count.total[rec->severity]++;
	for_each_set_bit(bit, &active, cor ? AER_COR_BITS : AER_UNCOR_BITS) {
		if (cor)
			st->count.cor[bit]++;
		else
			st->count.uncor[rec->severity][bit]++;
	}
}

/* What the kernel as a whole tells of errors that it got over, also after a crash */
static void note_recoverable(const struct aer_record *rec)
{
	struct aer_record advisory;

	if (rec->severity == AER_NONFATAL || aer_advisory_record(rec, &advisory))
		hwerr_log_error_type(HWERR_RECOV_PCI);
}

/**
 * aer_count - count an error of a function, and what it stands for
 * @dev: function
 * @rec: its record
 */
void aer_count(struct pci_dev *dev, const struct aer_record *rec)
{
	struct aer_info *st = dev->aer_info;
	struct aer_record advisory;

	note_recoverable(rec);
	if (!st)
		return;
	guard(spinlock_irqsave)(&st->lock);
	count_record(st, rec);
	if (aer_advisory_record(rec, &advisory))
		count_record(st, &advisory);
}

/**
 * aer_count_root - count a message at a Root Port or RCEC
 * @port: port
 * @event: message
 */
void aer_count_root(struct pci_dev *port, const struct aer_root_event *event)
{
	struct aer_info *st = port->aer_info;

	if (!st)
		return;
	guard(spinlock_irqsave)(&st->lock);
	st->count.root[event->severity]++;
}

/**
 * aer_tally - count something else that happened to a function
 * @dev: function
 * @what: what
 * @n: how often
 */
void aer_tally(struct pci_dev *dev, enum aer_tally what, u64 n)
{
	struct aer_info *st = dev->aer_info;

	if (!st)
		return;
	guard(spinlock_irqsave)(&st->lock);
	st->count.tally[what] += n;
}

/*
 * struct aer_file - a file with counters of one severity
 * @attr: attribute
 * @severity: of what
 * @root: messages received by a Root Port, in one number
 * @field: name of the counters of bits without a name
 * @total: name of the sum
 */
struct aer_file {
	struct device_attribute attr;
	u8 severity;
	bool root;
	const char *field;
	const char *total;
};

static ssize_t errors_show(struct device *dev, struct device_attribute *attr,
			   char *buf)
{
	const struct aer_file *file = container_of(attr, struct aer_file, attr);
	struct aer_info *st = to_pci_dev(dev)->aer_info;
	u64 copy[AER_UNCOR_BITS] = { }, total;
	unsigned int i;
	int len = 0;

	scoped_guard(spinlock_irqsave, &st->lock) {
		total = file->root ? st->count.root[file->severity] :
				     st->count.total[file->severity];
		if (file->severity == AER_CORRECTABLE)
			memcpy(copy, st->count.cor, sizeof(st->count.cor));
		else
			memcpy(copy, st->count.uncor[file->severity], sizeof(copy));
	}
	if (file->root)
		return sysfs_emit(buf, "%llu\n", total);

	for (i = 0; i < AER_UNCOR_BITS; i++) {
		const char *name = aer_bit_name(file->severity, i);

		if (name)
			len += sysfs_emit_at(buf, len, "%s %llu\n", name, copy[i]);
		else if (copy[i])
			len += sysfs_emit_at(buf, len, "%s_bit[%u] %llu\n",
					     file->field, i, copy[i]);
	}
	return len + sysfs_emit_at(buf, len, "TOTAL_%s %llu\n", file->total, total);
}

static struct aer_file aer_files[] = {
	{
		.attr = __ATTR(aer_dev_correctable, 0444, errors_show, NULL),
		.severity = AER_CORRECTABLE,
		.field = "dev_cor_errs",
		.total = "ERR_COR",
	}, {
		.attr = __ATTR(aer_dev_fatal, 0444, errors_show, NULL),
		.severity = AER_FATAL,
		.field = "dev_fatal_errs",
		.total = "ERR_FATAL",
	}, {
		.attr = __ATTR(aer_dev_nonfatal, 0444, errors_show, NULL),
		.severity = AER_NONFATAL,
		.field = "dev_nonfatal_errs",
		.total = "ERR_NONFATAL",
	}, {
		.attr = __ATTR(aer_rootport_total_err_cor, 0444, errors_show, NULL),
		.severity = AER_CORRECTABLE,
		.root = true,
	}, {
		.attr = __ATTR(aer_rootport_total_err_fatal, 0444, errors_show, NULL),
		.severity = AER_FATAL,
		.root = true,
	}, {
		.attr = __ATTR(aer_rootport_total_err_nonfatal, 0444, errors_show, NULL),
		.severity = AER_NONFATAL,
		.root = true,
	},
};

static struct attribute *aer_attrs[] = {
	&aer_files[0].attr.attr,
	&aer_files[1].attr.attr,
	&aer_files[2].attr.attr,
	&aer_files[3].attr.attr,
	&aer_files[4].attr.attr,
	&aer_files[5].attr.attr,
	NULL
};

static umode_t aer_attr_visible(struct kobject *node, struct attribute *a, int n)
{
	const struct pci_dev *pdev = to_pci_dev(kobj_to_dev(node));

	if (!pdev->aer_cap || !pdev->aer_info)
		return 0;
	return !aer_files[n].root || pcie_cap_has_rtctl(pdev) ? a->mode : 0;
}

const struct attribute_group aer_stats_attr_group = {
	.attrs = aer_attrs,
	.is_visible = aer_attr_visible,
};
