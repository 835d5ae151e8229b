// SPDX-License-Identifier: GPL-2.0
/*
 * Mock PCI hierarchy: /sys/kernel/debug/pci-mock, for tests in shell.
 *
 *	create	write "key=value ..." (see create_keys, PCI_MOCK defaults for
 *		the rest), read the addresses of the PFs created last
 *	destroy	write a domain in hex, or "all"
 *	DDDD/	a directory for each mock, by domain:
 *	  stats		counters; any write sets them to zero
 *	  fault		write "key=value ..." (see fault_keys) to arm a fault,
 *			"clear" to disarm all
 *	  driver	write "key=value ..." (see driver_keys)
 *	  raise		write "key=value ..." (see struct raise) to have errors:
 *			pf (default 0; -1: the port), vf (default: the PF
 *			itself), uncor and cor (in hex), count (default 1)
 *	  params	write offset=, stride=, flr_ms= and pending= to change
 *			the device's mind
 *	  unplug	1: surprise removal, 0: bring back
 *
 * Lock order: dbg_lock, then the rescan lock. The files of a mock take neither
 * dbg_lock, as debugfs_remove() waits for them, nor more than dbg_mock.lock.
 */
#include <linux/cleanup.h>
#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "internal.h"

#define DBG_INPUT_MAX	512

/* A mock that came into being through debugfs. */
struct dbg_mock {
	struct list_head node;
	struct pci_mock *mock;
	struct dentry *dir;
	struct mutex lock;	/* faults */
	struct list_head faults;
};

struct dbg_fault {
	struct list_head node;
	struct pci_mock_fault fault;
};

static struct dentry *dbg_root;
static DEFINE_MUTEX(dbg_lock);	/* dbg_mocks, dbg_last */
static LIST_HEAD(dbg_mocks);
static struct dbg_mock *dbg_last;

/* Splits "key=value ..." and hands each pair to @set. */
static int parse_pairs(char *input, void *ctx,
		       int (*set)(void *ctx, const char *key, const char *val))
{
	char *word;
	int ret;

	while ((word = strsep(&input, " \t\n"))) {
		char *val;

		if (!*word)
			continue;
		val = strchr(word, '=');
		if (!val)
			return -EINVAL;
		*val++ = '\0';
		ret = set(ctx, word, val);
		if (ret)
			return ret;
	}
	return 0;
}

static char *get_input(const char __user *ubuf, size_t len)
{
	if (len > DBG_INPUT_MAX)
		return ERR_PTR(-E2BIG);
	return memdup_user_nul(ubuf, len);
}

/* A number in a structure, told by where it is in a model of that structure. */
struct dbg_key {
	const char *name;
	const void *at;
	size_t size;
};

#define KEY(key, field) { key, &(field), sizeof(field) }

/* Only their fields' places and sizes matter. */
static const struct pci_mock_params params_model;
static const struct pci_mock_fault fault_model;
static const struct pci_mock_driver_ctl driver_model;

static int set_key(const struct dbg_key *keys, size_t count, const void *model,
		   void *base, const char *name, const char *val)
{
	void *field;
	s64 num;
	int ret;

	for (; count; count--, keys++)
		if (!strcmp(keys->name, name))
			break;
	if (!count)
		return -EINVAL;
	ret = kstrtos64(val, 0, &num);
	if (ret)
		return ret;

	field = base + (keys->at - model);
	switch (keys->size) {
	case 1:
		*(u8 *)field = num;
		break;
	case 2:
		*(u16 *)field = num;
		break;
	case 4:
		*(u32 *)field = num;
		break;
	default:
		*(u64 *)field = num;
	}
	return 0;
}

static const struct dbg_key create_keys[] = {
	KEY("root_port", params_model.root_port),
	KEY("neighbour", params_model.neighbour),
	KEY("rcec", params_model.rcec),
	KEY("irq", params_model.irq),
	KEY("pfs", params_model.pfs),
	KEY("no_sriov", params_model.no_sriov),
	KEY("total", params_model.total_vfs),
	KEY("initial", params_model.initial_vfs),
	KEY("vfm", params_model.vfm),
	KEY("offset", params_model.vf_offset),
	KEY("stride", params_model.vf_stride),
	KEY("link", params_model.link_to),
	KEY("ari", params_model.ari),
	KEY("pgsz", params_model.sup_pgsize),
	KEY("below_page", params_model.bar_below_page),
	KEY("msix", params_model.vf_msix),
	KEY("aer", params_model.aer),
	KEY("vf_no_aer", params_model.vf_no_aer),
	KEY("no_flr", params_model.no_flr),
	KEY("flr_ms", params_model.flr_ms),
	KEY("rtr_us", params_model.rtr_us),
	KEY("ready_ms", params_model.vf_ready_ms),
	KEY("bus_end", params_model.bus_end),
	KEY("mem32", params_model.mem32_size),
	KEY("mem64", params_model.mem64_size),
};

/* barN=SIZE[,64][,pref]: a BAR of the VFs; size 0 takes it away */
static int set_bar(struct pci_mock_params *p, unsigned int bar, const char *val)
{
	char size[24];
	size_t len = strcspn(val, ",");

	if (bar >= PCI_SRIOV_NUM_BARS || len >= sizeof(size))
		return -EINVAL;
	memcpy(size, val, len);
	size[len] = '\0';
	p->vf_bar[bar].is64 = strstr(val, ",64");
	p->vf_bar[bar].pref = strstr(val, ",pref");
	return kstrtou64(size, 0, &p->vf_bar[bar].size);
}

/* What is asked for; unless it is given, InitialVFs follows TotalVFs. */
struct create_ctx {
	struct pci_mock_params params;
	struct pci_mock_driver_ctl drv;
	bool initial_given;
};

static int create_set(void *data, const char *key, const char *val)
{
	struct create_ctx *ctx = data;

	if (!strncmp(key, "bar", 3) && key[3] && !key[4])
		return set_bar(&ctx->params, key[3] - '0', val);
	if (!strcmp(key, "initial"))
		ctx->initial_given = true;
	return set_key(create_keys, ARRAY_SIZE(create_keys), &params_model,
		       &ctx->params, key, val);
}

static const struct dbg_key fault_keys[] = {
	KEY("kinds", fault_model.kinds),
	KEY("pf", fault_model.pf),
	KEY("vf", fault_model.vf),
	KEY("lo", fault_model.lo),
	KEY("hi", fault_model.hi),
	KEY("dir", fault_model.dir),
	KEY("nth", fault_model.nth),
	KEY("sticky", fault_model.sticky),
	KEY("data", fault_model.data),
	KEY("mask", fault_model.mask),
};

static const char * const fault_actions[] = {
	[PCI_MOCK_DATA] = "data",
	[PCI_MOCK_DROP] = "drop",
	[PCI_MOCK_ERROR] = "error",
	[PCI_MOCK_GONE] = "gone",
	[PCI_MOCK_LINK_DOWN] = "link_down",
};

static int fault_set(void *data, const char *key, const char *val)
{
	struct pci_mock_fault *f = data;
	int action;

	if (!strcmp(key, "act")) {
		action = match_string(fault_actions, ARRAY_SIZE(fault_actions),
				      val);
		if (action < 0)
			return action;
		f->action = action;
		return 0;
	}
	return set_key(fault_keys, ARRAY_SIZE(fault_keys), &fault_model, f, key,
		       val);
}

static void faults_clear(struct dbg_mock *dm)
{
	struct dbg_fault *df, *tmp;

	guard(mutex)(&dm->lock);
	list_for_each_entry_safe(df, tmp, &dm->faults, node) {
		pci_mock_fault_del(dm->mock, &df->fault);
		list_del(&df->node);
		kfree(df);
	}
}

static ssize_t fault_write(struct file *file, const char __user *ubuf,
			   size_t len, loff_t *ppos)
{
	struct dbg_mock *dm = file->private_data;
	struct dbg_fault *df;
	char *input;
	int ret;

	input = get_input(ubuf, len);
	if (IS_ERR(input))
		return PTR_ERR(input);
	if (sysfs_streq(input, "clear")) {
		faults_clear(dm);
		kfree(input);
		return len;
	}

	ret = -ENOMEM;
	df = kzalloc(sizeof(*df), GFP_KERNEL);
	if (!df)
		goto free_input;
	df->fault = (struct pci_mock_fault){
		.pf = PCI_MOCK_ANY_FN,
		.vf = PCI_MOCK_ANY_FN,
		.hi = MOCK_CFG_SIZE - 1,
		.dir = PCI_MOCK_READ | PCI_MOCK_WRITE,
		.nth = 1,
	};
	ret = parse_pairs(input, &df->fault, fault_set);
	if (ret) {
		kfree(df);
		goto free_input;
	}
	scoped_guard(mutex, &dm->lock) {
		list_add_tail(&df->node, &dm->faults);
		pci_mock_fault_add(dm->mock, &df->fault);
	}
	ret = len;
free_input:
	kfree(input);
	return ret;
}

static const struct file_operations fault_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = fault_write,
};

static const struct dbg_key driver_keys[] = {
	KEY("configure_errno", driver_model.configure_errno),
	KEY("configure_max", driver_model.configure_max),
	KEY("configure_delay_ms", driver_model.configure_delay_ms),
	KEY("probe_vfs", driver_model.probe_vfs),
	KEY("leave_enabled", driver_model.leave_enabled),
	KEY("vf_probe_errno", driver_model.vf_probe_errno),
	KEY("msix_total", driver_model.msix_total),
	KEY("vote", driver_model.vote),
	KEY("mmio_vote", driver_model.mmio_vote),
	KEY("slot_vote", driver_model.slot_vote),
	KEY("detect_delay_ms", driver_model.detect_delay_ms),
	KEY("delay_vf", driver_model.delay_vf),
};

static int driver_set(void *drv, const char *key, const char *val)
{
	return set_key(driver_keys, ARRAY_SIZE(driver_keys), &driver_model, drv,
		       key, val);
}

static const struct dbg_key params_keys[] = {
	KEY("offset", params_model.vf_offset),
	KEY("stride", params_model.vf_stride),
	KEY("flr_ms", params_model.flr_ms),
	KEY("pending", params_model.pending),
};

static int params_set(void *params, const char *key, const char *val)
{
	return set_key(params_keys, ARRAY_SIZE(params_keys), &params_model,
		       params, key, val);
}

static ssize_t pairs_write(const char __user *ubuf, size_t len, void *ctx,
			   int (*set)(void *, const char *, const char *))
{
	char *input = get_input(ubuf, len);
	int ret;

	if (IS_ERR(input))
		return PTR_ERR(input);
	ret = parse_pairs(input, ctx, set);
	kfree(input);
	return ret ?: len;
}

static ssize_t driver_write(struct file *file, const char __user *ubuf,
			    size_t len, loff_t *ppos)
{
	struct dbg_mock *dm = file->private_data;

	return pairs_write(ubuf, len, &dm->mock->drv, driver_set);
}

static const struct file_operations driver_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = driver_write,
};

static ssize_t params_write(struct file *file, const char __user *ubuf,
			    size_t len, loff_t *ppos)
{
	struct dbg_mock *dm = file->private_data;

	return pairs_write(ubuf, len, &dm->mock->params, params_set);
}

static const struct file_operations params_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = params_write,
};

static ssize_t unplug_write(struct file *file, const char __user *ubuf,
			    size_t len, loff_t *ppos)
{
	struct dbg_mock *dm = file->private_data;
	bool unplug;
	int ret;

	ret = kstrtobool_from_user(ubuf, len, &unplug);
	if (ret)
		return ret;
	if (unplug)
		pci_mock_unplug(dm->mock);
	else
		pci_mock_replug(dm->mock);
	return len;
}

static const struct file_operations unplug_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = unplug_write,
};

struct raise {
	unsigned int pf;
	int vf;
	u32 uncor;
	u32 cor;
	u32 count;
};

static const struct raise raise_model;

static const struct dbg_key raise_keys[] = {
	KEY("pf", raise_model.pf),
	KEY("vf", raise_model.vf),
	KEY("count", raise_model.count),
};

static int raise_set(void *data, const char *key, const char *val)
{
	struct raise *raise = data;

	if (!strcmp(key, "uncor"))
		return kstrtou32(val, 16, &raise->uncor);
	if (!strcmp(key, "cor"))
		return kstrtou32(val, 16, &raise->cor);
	return set_key(raise_keys, ARRAY_SIZE(raise_keys), &raise_model, raise,
		       key, val);
}

static ssize_t raise_write(struct file *file, const char __user *ubuf,
			   size_t len, loff_t *ppos)
{
	struct raise raise = { .vf = PCI_MOCK_ANY_FN, .count = 1 };
	struct dbg_mock *dm = file->private_data;
	bool arrived = false;
	ssize_t ret;

	ret = pairs_write(ubuf, len, &raise, raise_set);
	if (ret < 0)
		return ret;
	while (raise.count--) {
		if (pci_mock_raise(dm->mock, raise.pf, raise.vf, raise.uncor,
				   raise.cor, NULL))
			arrived = true;
		if (fatal_signal_pending(current))
			break;
		cond_resched();
	}
	return arrived ? ret : -EIO;
}

static const struct file_operations raise_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = raise_write,
};

static int stats_show(struct seq_file *m, void *v)
{
	static const char * const kinds[PCI_MOCK_KINDS] = {
		"none", "port", "pf", "vf",
	};
	static const char * const messages[PCI_MOCK_MSGS] = {
		"cor", "nonfatal", "fatal",
	};
	struct dbg_mock *dm = m->private;
	struct pci_mock_stats stats;
	unsigned int i;

	pci_mock_stats_read(dm->mock, &stats);
	for (i = 0; i < PCI_MOCK_KINDS; i++)
		seq_printf(m, "%s_reads %llu\n%s_writes %llu\n", kinds[i],
			   stats.reads[i], kinds[i], stats.writes[i]);
	seq_printf(m, "early_sriov %llu\n", stats.early_sriov);
	seq_printf(m, "early_vf %llu\n", stats.early_vf);
	for (i = 0; i < PCI_MOCK_MSGS; i++)
		seq_printf(m, "%s_messages %llu\n", messages[i],
			   stats.messages[i]);
	seq_printf(m, "interrupts %llu\n", stats.interrupts);
	seq_printf(m, "vfs_bound %d\n", atomic_read(&dm->mock->drv.vfs_bound));
	return 0;
}

static int stats_open(struct inode *inode, struct file *file)
{
	return single_open(file, stats_show, inode->i_private);
}

static ssize_t stats_write(struct file *file, const char __user *ubuf,
			   size_t len, loff_t *ppos)
{
	struct seq_file *m = file->private_data;
	struct dbg_mock *dm = m->private;

	pci_mock_stats_reset(dm->mock);
	return len;
}

static const struct file_operations stats_fops = {
	.owner = THIS_MODULE,
	.open = stats_open,
	.read = seq_read,
	.write = stats_write,
	.llseek = seq_lseek,
	.release = single_release,
};

static int create_show(struct seq_file *m, void *v)
{
	unsigned int i;

	guard(mutex)(&dbg_lock);
	for (i = 0; dbg_last && i < dbg_last->mock->params.pfs; i++) {
		struct pci_dev *pf = pci_mock_get_pf(dbg_last->mock, i);

		if (pf)
			seq_printf(m, "%s\n", pci_name(pf));
		pci_dev_put(pf);
	}
	return 0;
}

static int create_open(struct inode *inode, struct file *file)
{
	return single_open(file, create_show, NULL);
}

static int dbg_create(char *input)
{
	struct create_ctx *ctx __free(kfree) = kzalloc(sizeof(*ctx), GFP_KERNEL);
	struct dbg_mock *dm;
	char name[8];
	int ret;

	if (!ctx)
		return -ENOMEM;
	pci_mock_params_init(&ctx->params, 7);
	ret = parse_pairs(input, ctx, create_set);
	if (ret)
		return ret;
	if (!ctx->initial_given)
		ctx->params.initial_vfs = ctx->params.total_vfs;

	dm = kzalloc(sizeof(*dm), GFP_KERNEL);
	if (!dm)
		return -ENOMEM;
	mutex_init(&dm->lock);
	INIT_LIST_HEAD(&dm->faults);
	dm->mock = pci_mock_create(&ctx->params);
	if (IS_ERR(dm->mock)) {
		ret = PTR_ERR(dm->mock);
		kfree(dm);
		return ret;
	}

	snprintf(name, sizeof(name), "%04x", dm->mock->domain);
	dm->dir = debugfs_create_dir(name, dbg_root);
	debugfs_create_file("stats", 0600, dm->dir, dm, &stats_fops);
	debugfs_create_file("fault", 0200, dm->dir, dm, &fault_fops);
	debugfs_create_file("driver", 0200, dm->dir, dm, &driver_fops);
	debugfs_create_file("raise", 0200, dm->dir, dm, &raise_fops);
	debugfs_create_file("params", 0200, dm->dir, dm, &params_fops);
	debugfs_create_file("unplug", 0200, dm->dir, dm, &unplug_fops);

	guard(mutex)(&dbg_lock);
	list_add_tail(&dm->node, &dbg_mocks);
	dbg_last = dm;
	return 0;
}

static ssize_t create_write(struct file *file, const char __user *ubuf,
			    size_t len, loff_t *ppos)
{
	char *input = get_input(ubuf, len);
	int ret;

	if (IS_ERR(input))
		return PTR_ERR(input);
	ret = dbg_create(input);
	kfree(input);
	return ret ?: len;
}

static const struct file_operations create_fops = {
	.owner = THIS_MODULE,
	.open = create_open,
	.read = seq_read,
	.write = create_write,
	.llseek = seq_lseek,
	.release = single_release,
};

static int dbg_destroy(struct dbg_mock *dm)
{
	int ret;

	debugfs_remove(dm->dir);
	faults_clear(dm);
	ret = pci_mock_destroy(dm->mock);
	kfree(dm);
	return ret;
}

static ssize_t destroy_write(struct file *file, const char __user *ubuf,
			     size_t len, loff_t *ppos)
{
	char *input __free(kfree) = get_input(ubuf, len);
	struct dbg_mock *dm, *tmp;
	int domain = -1;
	int ret = 0;
	LIST_HEAD(doomed);

	if (IS_ERR(input))
		return PTR_ERR(no_free_ptr(input));
	if (!sysfs_streq(input, "all")) {
		ret = kstrtoint(input, 16, &domain);
		if (ret)
			return ret;
	}
	scoped_guard(mutex, &dbg_lock) {
		list_for_each_entry_safe(dm, tmp, &dbg_mocks, node) {
			if (domain >= 0 && dm->mock->domain != domain)
				continue;
			list_move_tail(&dm->node, &doomed);
			if (dbg_last == dm)
				dbg_last = NULL;
		}
	}
	if (domain >= 0 && list_empty(&doomed))
		return -ENOENT;
	list_for_each_entry_safe(dm, tmp, &doomed, node) {
		list_del(&dm->node);
		ret = dbg_destroy(dm) ?: ret;
	}
	return ret ?: len;
}

static const struct file_operations destroy_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = destroy_write,
};

static int __init dbg_init(void)
{
	dbg_root = debugfs_create_dir("pci-mock", NULL);
	debugfs_create_file("create", 0600, dbg_root, NULL, &create_fops);
	debugfs_create_file("destroy", 0200, dbg_root, NULL, &destroy_fops);
	return 0;
}
late_initcall(dbg_init);
