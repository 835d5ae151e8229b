// SPDX-License-Identifier: GPL-2.0
/*
 * What the tests on the mock hierarchy share.
 *
 * The tests run before there is a user space, so sysfs is mounted for the
 * kernel alone. Attributes are then read and written by the very path that a
 * shell would take, with all the locks that come with it.
 */
#include <kunit/resource.h>
#include <kunit/test-bug.h>
#include <kunit/test.h>
#include <linux/console.h>
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kernfs.h>
#include <linux/kobject.h>
#include <linux/kref.h>
#include <linux/minmax.h>
#include <linux/moduleparam.h>
#include <linux/mount.h>
#include <linux/pci.h>
#include <linux/rbtree.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "mock_util.h"

static unsigned int every = 1;
module_param(every, uint, 0444);
MODULE_PARM_DESC(every, "Of a long row of cases, try each Nth only");

static unsigned int first_case;
module_param_named(share, first_case, uint, 0444);
MODULE_PARM_DESC(share, "Which of them: those whose number, divided by N, leaves this");

static struct vfsmount *mt_sysfs;
static unsigned int mt_sysfs_users;

/**
 * mt_every - which share of a long row of cases to try
 *
 * A kernel that checks all it does takes minutes for a row that another goes through
 * in seconds, and what it finds it finds in a part of them.
 *
 * Return: N, to try each Nth; 1 is all of them
 */
unsigned int mt_every(void)
{
	return max(every, 1U);
}

/**
 * mt_share - which of the cases of a long row to begin with
 * @row: number of the row, where there are several of a kind: together they leave less
 *	out than each of them
 *
 * Return: number of the case, from 0; others are mt_every() after each other
 */
unsigned int mt_share(unsigned int row)
{
	return (first_case + row) % mt_every();
}

/**
 * mt_suite_init - mount sysfs for the tests of a suite
 * @suite: suite; suites run one after the other
 *
 * Return: 0, or a negative errno
 */
int mt_suite_init(struct kunit_suite *suite)
{
	struct file_system_type *type;
	struct vfsmount *mnt;

	if (mt_sysfs_users++)
		return 0;
	type = get_fs_type("sysfs");
	if (!type)
		return -ENODEV;
	mnt = kern_mount(type);
	if (IS_ERR(mnt))
		return PTR_ERR(mnt);
	mt_sysfs = mnt;
	return 0;
}

/**
 * mt_suite_exit - undo mt_suite_init()
 * @suite: suite
 */
void mt_suite_exit(struct kunit_suite *suite)
{
	if (--mt_sysfs_users)
		return;
	if (mt_sysfs)
		kern_unmount(mt_sysfs);
	mt_sysfs = NULL;
}

/**
 * mt_params - a well-behaved device whose VFs are ready at once
 * @p: filled in
 * @total_vfs: TotalVFs
 */
void mt_params(struct pci_mock_params *p, u16 total_vfs)
{
	pci_mock_params_init(p, total_vfs);
	p->rtr_us = MT_RTR_US;
}

static void mt_cleanup(void *data)
{
	if (pci_mock_destroy(data))
		kunit_fail_current_test("a reference to a device leaked");
}

static void mt_put_pf(void *data)
{
	pci_dev_put(data);
}

/**
 * mt_create - create a mock that ends with the test
 * @test: test; aborted if there is no mock
 * @p: parameters
 *
 * Return: the mock
 */
struct pci_mock *mt_create(struct kunit *test, const struct pci_mock_params *p)
{
	struct pci_mock *mock = pci_mock_create(p);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, mock);
	KUNIT_ASSERT_EQ(test, 0,
			kunit_add_action_or_reset(test, mt_cleanup, mock));
	return mock;
}

/**
 * mt_destroy - end a mock now, and expect that nothing refers to it
 * @test: test
 * @mock: from mt_create(), with no mt_pf() reference left
 */
void mt_destroy(struct kunit *test, struct pci_mock *mock)
{
	kunit_remove_action(test, mt_cleanup, mock);
	KUNIT_EXPECT_EQ_MSG(test, 0, pci_mock_destroy(mock),
			    "a reference to a device leaked");
}

/**
 * mt_pf - a PF, with a reference that ends with the test
 * @test: test; aborted if there is no such PF
 * @mock: mock hierarchy
 * @pf: number of the PF
 *
 * Return: the PF
 */
struct pci_dev *mt_pf(struct kunit *test, struct pci_mock *mock,
		      unsigned int pf)
{
	struct pci_dev *pdev = pci_mock_get_pf(mock, pf);

	KUNIT_ASSERT_NOT_NULL(test, pdev);
	KUNIT_ASSERT_EQ(test, 0,
			kunit_add_action_or_reset(test, mt_put_pf, pdev));
	return pdev;
}

/**
 * mt_device - a well-behaved device that ends with the test
 * @test: test; aborted if there is no such device
 * @total_vfs: TotalVFs
 * @pf: its PF, with a reference that ends with the test
 *
 * Return: the mock
 */
struct pci_mock *mt_device(struct kunit *test, u16 total_vfs,
			   struct pci_dev **pf)
{
	struct pci_mock_params p;
	struct pci_mock *mock;

	mt_params(&p, total_vfs);
	mock = mt_create(test, &p);
	*pf = mt_pf(test, mock, 0);
	return mock;
}

/**
 * mt_open - open an attribute of a device
 * @pdev: device
 * @attr: name
 * @flags: O_RDONLY or O_WRONLY
 *
 * Return: a file to be closed with __fput_sync(), or ERR_PTR
 */
struct file *mt_open(struct pci_dev *pdev, const char *attr, int flags)
{
	char *dir, *path;
	struct file *file;

	dir = kobject_get_path(&pdev->dev.kobj, GFP_KERNEL);
	if (!dir)
		return ERR_PTR(-ENOMEM);
	path = kasprintf(GFP_KERNEL, "%s/%s", dir + 1, attr);
	kfree(dir);
	if (!path)
		return ERR_PTR(-ENOMEM);
	file = file_open_root_mnt(mt_sysfs, path, flags, 0);
	kfree(path);
	return file;
}

/**
 * mt_write - write to an open attribute
 * @file: from mt_open()
 * @text: what to write
 *
 * Return: 0, or the errno that the attribute gives
 */
int mt_write(struct file *file, const char *text)
{
	loff_t pos = 0;
	ssize_t ret = kernel_write(file, text, strlen(text), &pos);

	return ret < 0 ? ret : 0;
}

static int write_and_close(struct file *file, const char *text)
{
	int ret;

	if (IS_ERR(file))
		return PTR_ERR(file);
	ret = mt_write(file, text);
	__fput_sync(file);
	return ret;
}

/**
 * mt_store - write an attribute
 * @pdev: device
 * @attr: name
 * @text: what to write
 *
 * Return: 0, or the errno that opening it or the attribute gives
 */
int mt_store(struct pci_dev *pdev, const char *attr, const char *text)
{
	return write_and_close(mt_open(pdev, attr, O_WRONLY), text);
}

/**
 * mt_store_path - write a file of sysfs
 * @path: path in sysfs
 * @text: what to write
 *
 * Return: 0, or the errno that opening or writing it gives
 */
int mt_store_path(const char *path, const char *text)
{
	return write_and_close(file_open_root_mnt(mt_sysfs, path, O_WRONLY, 0),
			       text);
}

/* What it says, without the last newline */
static int read_line(struct file *file, char *buf, size_t size)
{
	loff_t pos = 0;
	ssize_t len = kernel_read(file, buf, size - 1, &pos);

	if (len < 0)
		return len;
	buf[len] = '\0';
	if (len && buf[len - 1] == '\n')
		buf[len - 1] = '\0';
	return 0;
}

static int read_and_close(struct file *file, char *buf, size_t size)
{
	int ret;

	buf[0] = '\0';
	if (IS_ERR(file))
		return PTR_ERR(file);
	ret = read_line(file, buf, size);
	__fput_sync(file);
	return ret;
}

/**
 * mt_show - read an attribute
 * @pdev: device
 * @attr: name
 * @buf: what it says, without the last newline
 * @size: bytes of @buf
 *
 * Return: 0, or the errno that opening it or the attribute gives
 */
int mt_show(struct pci_dev *pdev, const char *attr, char *buf, size_t size)
{
	return read_and_close(mt_open(pdev, attr, O_RDONLY), buf, size);
}

/**
 * mt_show_path - read a file of sysfs
 * @path: path in sysfs
 * @buf: what it says, without the last newline
 * @size: bytes of @buf
 *
 * Return: 0, or the errno that opening or reading it gives
 */
int mt_show_path(const char *path, char *buf, size_t size)
{
	return read_and_close(file_open_root_mnt(mt_sysfs, path, O_RDONLY, 0), buf, size);
}

/**
 * mt_read_uint - read an open attribute that holds a number
 * @file: from mt_open()
 *
 * Return: the number, or a negative errno
 */
int mt_read_uint(struct file *file)
{
	char buf[32];
	int ret, num;

	ret = read_line(file, buf, sizeof(buf)) ?: kstrtoint(buf, 0, &num);
	return ret ?: num;
}

/**
 * mt_show_uint - read an attribute that holds a number
 * @pdev: device
 * @attr: name
 *
 * Return: the number, or a negative errno
 */
int mt_show_uint(struct pci_dev *pdev, const char *attr)
{
	char buf[32];
	int ret, num;

	ret = mt_show(pdev, attr, buf, sizeof(buf));
	if (!ret)
		ret = kstrtoint(buf, 0, &num);
	return ret ?: num;
}

/**
 * mt_set_numvfs - what "echo NUM > sriov_numvfs" does
 * @pf: PF
 * @num: number of VFs
 *
 * Return: 0, or the errno that the attribute gives; -ENOENT if there is none
 */
int mt_set_numvfs(struct pci_dev *pf, unsigned int num)
{
	char text[12];

	snprintf(text, sizeof(text), "%u", num);
	return mt_store(pf, "sriov_numvfs", text);
}

/**
 * mt_last_error_is - does the PF name this reason?
 * @pf: PF
 * @token: reason
 *
 * Return: whether sriov_last_error starts with the token
 */
bool mt_last_error_is(struct pci_dev *pf, const char *token)
{
	size_t len = strlen(token);
	char buf[160];

	if (mt_show(pf, "sriov_last_error", buf, sizeof(buf)))
		return false;
	if (!strncmp(buf, token, len) && (!buf[len] || buf[len] == ':'))
		return true;
	pr_info("sriov_last_error is \"%s\", not \"%s\"\n", buf, token);
	return false;
}

static unsigned int count_resources(const struct resource *res)
{
	const struct resource *child;
	unsigned int count = 0;

	for (child = res->child; child; child = child->sibling)
		count += 1 + count_resources(child);
	return count;
}

/* The tree is at rest: no lock, kernfs keeps its own to itself. */
static unsigned int count_nodes(struct kernfs_node *dir)
{
	unsigned int count = 0;
	struct rb_node *rb;

	for (rb = rb_first(&dir->dir.children); rb; rb = rb_next(rb)) {
		struct kernfs_node *kn = rb_entry(rb, struct kernfs_node, rb);

		count++;
		if (kernfs_type(kn) == KERNFS_DIR)
			count += count_nodes(kn);
	}
	return count;
}

static unsigned int count_buses(struct pci_bus *bus)
{
	struct pci_bus *child;
	unsigned int count = 1;

	list_for_each_entry(child, &bus->children, node)
		count += count_buses(child);
	return count;
}

struct device_walk {
	int domain;
	unsigned int count;
};

static int count_device(struct device *dev, void *data)
{
	struct device_walk *walk = data;

	if (pci_domain_nr(to_pci_dev(dev)->bus) == walk->domain)
		walk->count++;
	return 0;
}

/* The PFs and all the VFs that the mock can have, looked up by name. */
static unsigned int count_links(struct pci_mock *mock)
{
	const struct pci_mock_params *p = &mock->params;
	/* Comes without a reference */
	struct kset *bus = bus_get_kset(&pci_bus_type);
	struct kernfs_node *dir, *kn;
	unsigned int first, i, pf, rid, count = 0;
	char name[24];

	dir = kernfs_find_and_get(bus->kobj.sd, "devices");
	for (pf = 0; dir && pf < p->pfs; pf++) {
		first = (p->root_port ? 0x100 : 0) + pf;
		for (i = 0; i <= p->total_vfs; i++) {
			rid = first;
			if (i)
				rid += p->vf_offset + (i - 1) * p->vf_stride;
			snprintf(name, sizeof(name), "%04x:%02x:%02x.%d",
				 mock->domain, rid >> 8, PCI_SLOT(rid & 0xff),
				 PCI_FUNC(rid));
			kn = kernfs_find_and_get(dir, name);
			count += !!kn;
			kernfs_put(kn);
		}
	}
	kernfs_put(dir);
	return count;
}

/*
 * Whoever walks all PCI devices holds each for a moment, as tests beside this one
 * do. A reference that is leaked stays: the fewest of several looks are those.
 */
static unsigned int fewest_refs(struct pci_dev *pdev)
{
	unsigned int i, refs = UINT_MAX;

	for (i = 0; i < 10; i++) {
		refs = min(refs, kref_read(&pdev->dev.kobj.kref));
		usleep_range(1000, 2000);
	}

	return refs;
}

/**
 * mt_count - count all that may leak
 * @mock: mock hierarchy, at rest
 * @counts: filled in
 */
void mt_count(struct pci_mock *mock, struct mt_counts *counts)
{
	struct device_walk walk = { .domain = mock->domain };
	struct pci_dev *pf;

	memset(counts, 0, sizeof(*counts));
	bus_for_each_dev(&pci_bus_type, NULL, &walk, count_device);
	counts->devices = walk.count;
	counts->buses = count_buses(mock->root);
	counts->resources = count_resources(&mock->iomem);
	counts->busn = count_resources(&mock->root->busn_res);
	counts->nodes = count_nodes(mock->parent->kobj.sd);
	counts->links = count_links(mock);
	pf = pci_mock_get_pf(mock, 0);
	if (pf)
		counts->pf_refs = fewest_refs(pf) - 1;
	pci_dev_put(pf);
}

/* What is not as it was, in words. */
static const char *mt_differs(const struct mt_counts *before,
			      const struct mt_counts *after, char *buf,
			      size_t size)
{
	static const struct {
		const char *name;
		size_t offset;
	} fields[] = {
		{ "devices", offsetof(struct mt_counts, devices) },
		{ "buses", offsetof(struct mt_counts, buses) },
		{ "resources", offsetof(struct mt_counts, resources) },
		{ "busn", offsetof(struct mt_counts, busn) },
		{ "nodes", offsetof(struct mt_counts, nodes) },
		{ "links", offsetof(struct mt_counts, links) },
		{ "pf_refs", offsetof(struct mt_counts, pf_refs) },
	};
	unsigned int i, was, is;
	size_t len = 0;

	buf[0] = '\0';
	for (i = 0; i < ARRAY_SIZE(fields); i++) {
		was = *(unsigned int *)((char *)before + fields[i].offset);
		is = *(unsigned int *)((char *)after + fields[i].offset);
		if (was != is)
			len += scnprintf(buf + len, size - len, "%s %u->%u ",
					 fields[i].name, was, is);
	}
	return buf;
}

/* Ten seconds of them on a machine that does nothing else; sleeps are counted, not time */
#define MT_LOOKS	500

/**
 * mt_same - has all come back to what it was?
 * @before: counts from before
 * @mock: mock hierarchy
 * @buf: for the text
 * @size: bytes of @buf
 *
 * What is only on its way gets a moment; what leaked stays.
 *
 * Return: @buf, which tells what differs, empty if nothing does
 */
const char *mt_same(const struct mt_counts *before, struct pci_mock *mock,
		    char *buf, size_t size)
{
	struct mt_counts after;
	unsigned int i;

	for (i = 0; i < MT_LOOKS; i++) {
		mt_count(mock, &after);
		if (!*mt_differs(before, &after, buf, size))
			break;
		msleep(20);
	}
	return buf;
}

/**
 * mt_links_to - is there a link in sysfs that leads to a device?
 * @dir: directory that holds the link
 * @name: its name
 * @target: where it has to lead
 *
 * Return: whether it does
 */
bool mt_links_to(struct kobject *dir, const char *name, struct kobject *target)
{
	struct kernfs_node *kn = kernfs_find_and_get(dir->sd, name);
	bool ok;

	if (!kn)
		return false;
	ok = kernfs_type(kn) == KERNFS_LINK &&
	     kn->symlink.target_kn == target->sd;
	kernfs_put(kn);
	return ok;
}

/**
 * mt_console_level - have the console hear less, or as much as before
 * @level: new level
 *
 * Thousands of VFs, or of errors, have thousands of lines to say, and a serial
 * port takes longer for them than they took. The console may be behind: what was
 * logged before goes out by the old level.
 *
 * Return: the old level
 */
int mt_console_level(int level)
{
	int old = console_loglevel;

	console_lock();
	console_unlock();
	console_loglevel = level;
	return old;
}
