// SPDX-License-Identifier: GPL-2.0
/*
 * The hostile PCI frontend: its commands, in /sys/kernel/debug/xen-hostile
 *
 * run      "NAME COUNT SEED": make an attack; the write returns when it has ended
 * report   what came of the last attack; waits for one that goes on
 * op       "read OFFSET SIZE", "write OFFSET SIZE VALUE", "msi", "msi-off",
 *          "msix COUNT" and "msix-off": one operation on the guest's function;
 *          reads "ERR VALUE", or "unanswered"
 * state    both ends' states and the function
 */

#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/math64.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "hostile.h"

#define LINE	80

/* take_line(): what was written, as one line of text */
static int take_line(char *line, const char __user *from, size_t size)
{
	if (size >= LINE)
		return -EINVAL;
	if (copy_from_user(line, from, size))
		return -EFAULT;
	line[size] = 0;
	strim(line);
	return 0;
}

static ssize_t run_write(struct file *file, const char __user *from, size_t size, loff_t *pos)
{
	struct hostile *hostile;
	char line[LINE], name[16];
	u32 count, seed;
	int err;

	err = take_line(line, from, size);
	if (err)
		return err;
	if (sscanf(line, "%15s %u %u", name, &count, &seed) != 3)
		return -EINVAL;
	hostile = hostile_get();
	if (!hostile)
		return -ENODEV;
	err = hostile_attack(hostile, name, count, seed);
	hostile_put();
	return err ?: size;
}

static const struct file_operations run_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = run_write,
};

static void show_report(struct seq_file *seq, struct hostile *hostile)
{
	struct hostile_report *report = &hostile->report;
	u64 answered = report->done - report->unanswered;

	seq_printf(seq, "attack %s\nseed %u\n", report->name[0] ? report->name : "none",
		   report->seed);
	seq_printf(seq, "done %llu\nunanswered %llu\n", report->done, report->unanswered);
	seq_printf(seq, "ms %llu\nper-second %llu\n", div_u64(report->microseconds, 1000),
		   div64_u64(answered * USEC_PER_SEC, max(report->microseconds, 1ULL)));
	for (int i = 0; i < HOSTILE_CODES && report->times[i]; i++)
		seq_printf(seq, "err %d %llu\n", report->codes[i], report->times[i]);
	seq_printf(seq, "err other %llu\n", report->more);
	seq_printf(seq, "aer-asked %u\naer-answered %u\n", hostile->aer_asked,
		   hostile->aer_answered);
}

static int report_show(struct seq_file *seq, void *unused)
{
	struct hostile *hostile = hostile_get();

	if (!hostile)
		return -ENODEV;
	show_report(seq, hostile);
	hostile_put();
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(report);

/* parse_op(): the command's words, and how many numbers have to follow */
static int parse_op(const char *line, struct xen_pci_op *op)
{
	static const struct {
		const char *name;
		u32 cmd;
		int numbers;
	} commands[] = {
		{ "read", XEN_PCI_OP_conf_read, 2 },
		{ "write", XEN_PCI_OP_conf_write, 3 },
		{ "msi", XEN_PCI_OP_enable_msi, 0 },
		{ "msi-off", XEN_PCI_OP_disable_msi, 0 },
		{ "msix", XEN_PCI_OP_enable_msix, 1 },
		{ "msix-off", XEN_PCI_OP_disable_msix, 0 },
	};
	s64 number[3] = {};
	char name[16];
	int have;

	have = sscanf(line, "%15s %lli %lli %lli", name, &number[0], &number[1], &number[2]);
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		if (have < 1 || strcmp(commands[i].name, name))
			continue;
		if (have != commands[i].numbers + 1)
			return -EINVAL;
		op->cmd = commands[i].cmd;
		if (commands[i].numbers == 1) {
			op->value = number[0];
		} else {
			op->offset = number[0];
			op->size = number[1];
			op->value = number[2];
		}
		return 0;
	}
	return -EINVAL;
}

static int do_by_hand(struct hostile *hostile, struct xen_pci_op *op)
{
	int err = hostile_learn(hostile);

	if (err)
		return err;
	op->domain = hostile->args.domain;
	op->bus = hostile->args.bus;
	op->devfn = hostile->args.devfn;
	for (u32 i = 0; i < SH_INFO_MAX_VEC; i++)
		op->msix_entries[i].entry = i;
	err = hostile_do_op(hostile, op);
	hostile->by_hand = *op;
	return err;
}

static ssize_t op_write(struct file *file, const char __user *from, size_t size, loff_t *pos)
{
	struct xen_pci_op op = {};
	struct hostile *hostile;
	char line[LINE];
	int err;

	err = take_line(line, from, size) ?: parse_op(line, &op);
	if (err)
		return err;
	hostile = hostile_get();
	if (!hostile)
		return -ENODEV;
	err = do_by_hand(hostile, &op);
	hostile_put();
	return err ?: size;
}

static int op_show(struct seq_file *seq, void *unused)
{
	struct hostile *hostile = hostile_get();

	if (!hostile)
		return -ENODEV;
	seq_printf(seq, "%d %#x\n", hostile->by_hand.err, hostile->by_hand.value);
	hostile_put();
	return 0;
}

static int op_open(struct inode *inode, struct file *file)
{
	return single_open(file, op_show, NULL);
}

static const struct file_operations op_fops = {
	.owner = THIS_MODULE,
	.open = op_open,
	.read = seq_read,
	.write = op_write,
	.llseek = seq_lseek,
	.release = single_release,
};

static int state_show(struct seq_file *seq, void *unused)
{
	struct hostile *hostile = hostile_get();

	if (!hostile)
		return -ENODEV;
	seq_printf(seq, "frontend %d\nbackend %d\n",
		   hostile_state_at(hostile->xdev->nodename),
		   hostile_state_at(hostile->xdev->otherend));
	if (!hostile_learn(hostile))
		seq_printf(seq, "function %04x:%02x:%02x.%x\nexpress %#x\n",
			   hostile->args.domain, hostile->args.bus, hostile->args.devfn >> 3,
			   hostile->args.devfn & 7, hostile->args.express);
	hostile_put();
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(state);

/**
 * hostile_control_init() - make the files
 *
 * Context: may sleep, once, before there is a frontend
 * Return: 0, or the error of debugfs: without files there is no attack
 */
int hostile_control_init(void)
{
	struct dentry *folder = debugfs_create_dir("xen-hostile", NULL);

	if (IS_ERR(folder))
		return PTR_ERR(folder);
	debugfs_create_file("run", 0200, folder, NULL, &run_fops);
	debugfs_create_file("report", 0400, folder, NULL, &report_fops);
	debugfs_create_file("op", 0600, folder, NULL, &op_fops);
	debugfs_create_file("state", 0400, folder, NULL, &state_fops);
	return 0;
}
