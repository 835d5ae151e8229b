// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of whom a function is permissive for, and how long rules last: over guests,
 * over being unbound, and over another function that comes to the same address.
 */
#include <kunit/test.h>
#include <linux/cleanup.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/pci.h>
#include <linux/pci_regs.h>
#include <linux/workqueue.h>

#include "../internal.h"
#include "../maps.h"
#include "mock_driver.h"
#include "mock_util.h"

#define VFS		2
#define GAP		(PCI_MOCK_PM + PCI_PM_SIZEOF)	/* between two capabilities */
#define PARAMETER	"module/xen_pciback/parameters/permissive"
#define RULE		"allow bytes=88-8b"

/* May the guest write where only a permissive function, or a rule, lets it? */
static bool is_open(struct pciback_fn *fn)
{
	struct space_dword entry;

	return space_map_entry(&fn->map, GAP, &entry) && entry.write;
}

static struct pciback_fn *begin(struct kunit *test, struct pci_dev **pf)
{
	struct pciback_fn *fn;

	md_begin(test);
	mt_device(test, VFS, pf);
	KUNIT_ASSERT_EQ(test, 0, mt_set_numvfs(*pf, VFS));
	fn = md_take(test, md_vf(test, *pf, 0));
	KUNIT_EXPECT_FALSE(test, is_open(fn));
	return fn;
}

static void set_parameter(struct kunit *test, bool on)
{
	KUNIT_EXPECT_EQ(test, 0, mt_store_path(PARAMETER, on ? "1" : "0"));
	flush_workqueue(pciback_wq);
}

static void the_parameter_counts_at_once(struct kunit *test)
{
	struct pci_dev *pf;
	struct pciback_fn *fn = begin(test, &pf);
	struct pciback_guest *guest = md_guest(test, 7);

	md_give(test, guest, fn->dev);
	set_parameter(test, true);
	KUNIT_EXPECT_TRUE(test, is_open(fn));
	KUNIT_EXPECT_EQ(test, 1, mt_show_uint(fn->dev, "pciback/permissive"));
	set_parameter(test, false);
	KUNIT_EXPECT_FALSE(test, is_open(fn));
	KUNIT_EXPECT_EQ(test, 0, mt_show_uint(fn->dev, "pciback/permissive"));
}

/* As a guest's operation, which may be a reset and take a minute; then it writes */
struct operation {
	struct work_struct work;
	struct completion began;
	struct completion goes_on;
	struct pciback_fn *fn;
	enum space_status status;
	bool was_open;
	bool is_open;
};

static void operate(struct work_struct *work)
{
	struct operation *o = container_of(work, struct operation, work);
	struct space_op op = {
		.offset = GAP,
		.size = 4,
		.write = true,
		.value = 1,
	};

	guard(pciback_fn)(o->fn);
	complete(&o->began);
	wait_for_completion(&o->goes_on);
	o->was_open = is_open(o->fn);
	o->status = pciback_policy_access(o->fn, &op);
	o->is_open = is_open(o->fn);
}

/* It holds nobody up who writes the parameter, which counts for it nevertheless. */
static void the_parameter_waits_for_no_operation(struct kunit *test)
{
	struct pci_dev *pf;
	struct operation o = { .fn = begin(test, &pf) };

	md_give(test, md_guest(test, 7), o.fn->dev);
	set_parameter(test, true);
	init_completion(&o.began);
	init_completion(&o.goes_on);
	INIT_WORK_ONSTACK(&o.work, operate);
	schedule_work(&o.work);
	wait_for_completion(&o.began);
	KUNIT_EXPECT_EQ(test, 0, mt_store_path(PARAMETER, "0"));
	complete(&o.goes_on);
	flush_work(&o.work);
	destroy_work_on_stack(&o.work);
	KUNIT_EXPECT_TRUE(test, o.was_open);
	KUNIT_EXPECT_EQ(test, SPACE_OK, o.status);
	KUNIT_EXPECT_FALSE(test, o.is_open);
	flush_workqueue(pciback_wq);
}

/* Who goes through all functions leaves none out because another goes meanwhile. */
static void a_function_that_goes_hides_no_other(struct kunit *test)
{
	struct pci_dev *pf;
	struct pciback_fn *first = begin(test, &pf), *fn;
	struct pciback_fn *second = md_take(test, md_vf(test, pf, 1));

	fn = pciback_fn_next(NULL);
	KUNIT_EXPECT_PTR_EQ(test, first, fn);
	md_unbind(first->dev);
	fn = pciback_fn_next(fn);
	KUNIT_EXPECT_PTR_EQ(test, second, fn);
	KUNIT_EXPECT_NULL(test, pciback_fn_next(fn));
}

/* The function cannot be read while it is to be forbidden: nothing is written then. */
static void what_cannot_be_forbidden_is_frozen(struct kunit *test)
{
	struct pci_mock_fault fault = {
		.kinds = BIT(PCI_MOCK_VF),
		.pf = 0,
		.vf = 0,
		.lo = 0,
		.hi = PCI_CFG_SPACE_EXP_SIZE - 1,
		.dir = PCI_MOCK_READ,
		.nth = 1,
		.sticky = true,
		.action = PCI_MOCK_ERROR,
	};
	struct pci_dev *pf;
	struct pciback_fn *fn = begin(test, &pf);
	struct pciback_guest *guest = md_guest(test, 7);
	u64 log;
	int i;

	md_give(test, guest, fn->dev);
	set_parameter(test, true);
	KUNIT_EXPECT_EQ(test, SPACE_OK, md_write_config(fn, GAP, 4, 1));
	pci_mock_fault_add(pci_mock_of(pf), &fault);
	set_parameter(test, false);
	KUNIT_EXPECT_EQ(test, SPACE_FAILED, md_write_config(fn, GAP, 4, 1));
	pci_mock_fault_del(pci_mock_of(pf), &fault);

	/* when it can be read again it thaws by itself, and is as it is to be */
	KUNIT_EXPECT_EQ(test, SPACE_OK, md_write_config(fn, PCI_COMMAND, 2, PCI_COMMAND_MASTER));
	KUNIT_EXPECT_FALSE(test, is_open(fn));

	/* a guest does not have it tried, and logged, on and on */
	pci_mock_fault_add(pci_mock_of(pf), &fault);
	log = md_log_end();
	set_parameter(test, true);
	for (i = 0; i < 20; i++)
		KUNIT_EXPECT_EQ(test, SPACE_FAILED, md_write_config(fn, GAP, 4, 1));
	KUNIT_EXPECT_LE(test, md_log_lines(log, pci_name(fn->dev), NULL, "for guests"),
			1 + PCIBACK_LIMIT_TRIES);
	set_parameter(test, false);
	pci_mock_fault_del(pci_mock_of(pf), &fault);

	/* the next guest finds it as it is to be */
	pciback_release(fn, guest);
	md_give(test, guest, fn->dev);
	KUNIT_EXPECT_FALSE(test, is_open(fn));
	KUNIT_EXPECT_EQ(test, SPACE_OK, md_write_config(fn, PCI_COMMAND, 2, 0));
}

/* xl writes the driver's file before the guest has the function. */
static void what_xl_says_is_for_that_guest(struct kunit *test)
{
	struct pci_dev *pf;
	struct pciback_fn *fn = begin(test, &pf);
	struct pciback_guest *a = md_guest(test, 7), *b = md_guest(test, 8);

	KUNIT_EXPECT_EQ(test, 0, md_write(MD_PCIBACK "permissive", fn->dev));
	md_give(test, a, fn->dev);
	KUNIT_EXPECT_TRUE(test, is_open(fn));
	pciback_fn_reset_of(fn, a);
	KUNIT_EXPECT_TRUE(test, is_open(fn));
	pciback_release(fn, a);
	KUNIT_EXPECT_FALSE(test, is_open(fn));
	KUNIT_EXPECT_EQ(test, 0, mt_show_uint(fn->dev, "pciback/permissive"));
	md_give(test, b, fn->dev);
	KUNIT_EXPECT_FALSE(test, is_open(fn));

	/* and while it has it */
	KUNIT_EXPECT_EQ(test, 0, md_write(MD_PCIBACK "permissive", fn->dev));
	KUNIT_EXPECT_TRUE(test, is_open(fn));
	pciback_release(fn, b);
	KUNIT_EXPECT_FALSE(test, is_open(fn));
}

/* xl resets it first for each guest: a guest that was not made leaves nothing. */
static void a_guest_that_did_not_start_leaves_nothing(struct kunit *test)
{
	struct pci_dev *pf;
	struct pciback_fn *fn = begin(test, &pf);

	KUNIT_EXPECT_EQ(test, 0, md_write(MD_PCIBACK "permissive", fn->dev));
	KUNIT_EXPECT_TRUE(test, is_open(fn));
	KUNIT_EXPECT_EQ(test, 0, md_write(MD_PCIBACK "do_flr", fn->dev));
	KUNIT_EXPECT_FALSE(test, is_open(fn));
}

/* Has the device lock until the end of the last guest waits for it, and longer */
struct holder {
	struct work_struct work;
	struct completion has_it;
	struct pci_dev *dev;
};

static void hold_device(struct work_struct *work)
{
	struct holder *holder = container_of(work, struct holder, work);

	device_lock(&holder->dev->dev);
	complete(&holder->has_it);
	msleep(200);
	device_unlock(&holder->dev->dev);
}

/*
 * A guest restarts, and xl is faster than the reset: what it says for the next life is
 * not lost with the last.
 */
static void what_xl_says_while_the_last_guest_ends(struct kunit *test)
{
	struct pci_dev *pf;
	struct pciback_fn *fn = begin(test, &pf);
	struct pciback_guest *a = md_guest(test, 7), *b = md_guest(test, 8);
	struct holder holder = { .dev = fn->dev };

	md_give(test, a, fn->dev);
	init_completion(&holder.has_it);
	INIT_WORK_ONSTACK(&holder.work, hold_device);
	schedule_work(&holder.work);
	wait_for_completion(&holder.has_it);
	WRITE_ONCE(a->gone, true);
	kref_get(&a->ref);
	queue_work(pciback_wq, &a->end);
	KUNIT_EXPECT_EQ(test, 0, md_write(MD_PCIBACK "permissive", fn->dev));
	KUNIT_EXPECT_EQ(test, 0, md_write(MD_PCIBACK "allow_interrupt_control", fn->dev));
	flush_work(&holder.work);
	destroy_work_on_stack(&holder.work);
	flush_work(&a->end);
	KUNIT_EXPECT_NULL(test, fn->guest);
	md_give(test, b, fn->dev);
	KUNIT_EXPECT_TRUE(test, is_open(fn));
	KUNIT_EXPECT_TRUE(test, fn->irq_control);
	pciback_release(fn, b);
	KUNIT_EXPECT_FALSE(test, is_open(fn));
}

static void what_the_operator_says_stays_while_it_is_bound(struct kunit *test)
{
	struct pci_dev *pf;
	struct pciback_fn *fn = begin(test, &pf);
	struct pciback_guest *a = md_guest(test, 7), *b = md_guest(test, 8);

	KUNIT_EXPECT_EQ(test, 0, mt_store(fn->dev, "pciback/permissive", "1"));
	md_give(test, a, fn->dev);
	pciback_release(fn, a);
	md_give(test, b, fn->dev);
	KUNIT_EXPECT_TRUE(test, is_open(fn));
	KUNIT_EXPECT_EQ(test, 0, mt_store(fn->dev, "pciback/permissive", "0"));
	KUNIT_EXPECT_FALSE(test, is_open(fn));
	pciback_release(fn, b);

	/* off is off, also for what xl has said */
	KUNIT_EXPECT_EQ(test, 0, md_write(MD_PCIBACK "permissive", fn->dev));
	KUNIT_EXPECT_EQ(test, 0, mt_store(fn->dev, "pciback/permissive", "0"));
	KUNIT_EXPECT_FALSE(test, is_open(fn));

	KUNIT_EXPECT_EQ(test, 0, mt_store(fn->dev, "pciback/permissive", "1"));
	fn = md_take(test, fn->dev);
	KUNIT_EXPECT_FALSE(test, is_open(fn));

	KUNIT_EXPECT_EQ(test, 0, mt_store(fn->dev, "pciback/permissive", "1"));
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, 0));
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, VFS));
	KUNIT_EXPECT_FALSE(test, is_open(md_take(test, md_vf(test, pf, 0))));
}

static u16 command_of(struct pci_dev *dev)
{
	u16 command = 0;

	pci_read_config_word(dev, PCI_COMMAND, &command);
	return command;
}

/* A function without No_Soft_Reset forgets COMMAND in D3hot; what its guest sees of it stays. */
static void command_comes_back_with_d0(struct kunit *test)
{
	const int pmcsr = PCI_MOCK_PM + PCI_PM_CTRL;
	const u16 on = PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER;
	struct pciback_fn *fn;
	struct pci_dev *pf;

	md_begin(test);
	mt_device(test, VFS, &pf);
	fn = md_take(test, pf);
	md_give(test, md_guest(test, 7), pf);
	KUNIT_EXPECT_EQ(test, SPACE_OK, md_write_config(fn, PCI_COMMAND, 2, on));
	KUNIT_EXPECT_EQ(test, on, command_of(pf) & on);
	md_write_config(fn, pmcsr, 2, (__force u16)PCI_D3hot);
	pci_write_config_word(pf, PCI_COMMAND, 0);
	md_write_config(fn, pmcsr, 2, (__force u16)PCI_D0);
	KUNIT_EXPECT_EQ(test, on, command_of(pf) & on);

	/* whatever took it away, the guest can have it back */
	KUNIT_EXPECT_EQ(test, SPACE_OK, md_write_config(fn, PCI_COMMAND, 2, 0));
	pci_write_config_word(pf, PCI_COMMAND, 0);
	KUNIT_EXPECT_EQ(test, SPACE_OK, md_write_config(fn, PCI_COMMAND, 2, on));
	KUNIT_EXPECT_EQ(test, on, command_of(pf) & on);

	/* and no more than it asks for */
	KUNIT_EXPECT_EQ(test, SPACE_OK,
			md_write_config(fn, PCI_COMMAND, 2, PCI_COMMAND_MEMORY));
	md_write_config(fn, pmcsr, 2, (__force u16)PCI_D3hot);
	pci_write_config_word(pf, PCI_COMMAND, 0);
	md_write_config(fn, pmcsr, 2, (__force u16)PCI_D0);
	KUNIT_EXPECT_EQ(test, PCI_COMMAND_MEMORY, command_of(pf) & on);
}

static void rules_stay_for_the_kind_of_function(struct kunit *test)
{
	struct pci_dev *pf, *vf;
	struct pciback_fn *fn = begin(test, &pf);
	struct pciback_guest *guest = md_guest(test, 7);
	u16 device;

	vf = fn->dev;
	KUNIT_EXPECT_EQ(test, 0, mt_store(vf, "pciback/policy", RULE));
	md_give(test, guest, vf);
	KUNIT_EXPECT_TRUE(test, is_open(fn));
	pciback_release(fn, guest);
	KUNIT_EXPECT_TRUE(test, is_open(md_take(test, vf)));

	/* as if another had been plugged in there */
	device = vf->subsystem_device++;
	KUNIT_EXPECT_FALSE(test, is_open(md_take(test, vf)));
	vf->subsystem_device = device;
	KUNIT_EXPECT_FALSE(test, is_open(md_take(test, vf)));
}

/* The device's IRQ is that of its message while MSI is on. */
static void a_rule_keeps_interrupt_line(struct kunit *test)
{
	struct pci_dev *pf;
	struct pciback_fn *fn = begin(test, &pf);
	struct pci_dev *dev = fn->dev;
	unsigned int irq = dev->irq;

	scoped_guard(pciback_fn, fn) {
		dev->pin = 1;
		dev->irq = 20;
		KUNIT_EXPECT_EQ(test, 0, pciback_policy_apply(fn));
		KUNIT_EXPECT_EQ(test, 20, fn->space.initial[PCI_INTERRUPT_LINE / 4] & 0xff);
		dev->irq = 49;
		dev->msi_enabled = 1;
		KUNIT_EXPECT_EQ(test, 0, pciback_policy_apply(fn));
		KUNIT_EXPECT_EQ(test, 20, fn->space.initial[PCI_INTERRUPT_LINE / 4] & 0xff);
		dev->msi_enabled = 0;
		dev->irq = irq;
		dev->pin = 0;
	}
}

static void end(struct kunit *test)
{
	mt_store_path(PARAMETER, "0");
}

static struct kunit_case permissive_cases[] = {
	KUNIT_CASE(the_parameter_counts_at_once),
	KUNIT_CASE(the_parameter_waits_for_no_operation),
	KUNIT_CASE(a_function_that_goes_hides_no_other),
	KUNIT_CASE(what_cannot_be_forbidden_is_frozen),
	KUNIT_CASE(what_xl_says_is_for_that_guest),
	KUNIT_CASE(a_guest_that_did_not_start_leaves_nothing),
	KUNIT_CASE(what_xl_says_while_the_last_guest_ends),
	KUNIT_CASE(what_the_operator_says_stays_while_it_is_bound),
	KUNIT_CASE(command_comes_back_with_d0),
	KUNIT_CASE(rules_stay_for_the_kind_of_function),
	KUNIT_CASE(a_rule_keeps_interrupt_line),
	{ }
};

static struct kunit_suite permissive_suite = {
	.name = "pciback_mock_permissive",
	.suite_init = mt_suite_init,
	.suite_exit = mt_suite_exit,
	.exit = end,
	.test_cases = permissive_cases,
};

kunit_test_suite(permissive_suite);
