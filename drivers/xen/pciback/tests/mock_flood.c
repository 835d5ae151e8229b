// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of what a guest can have the host write to its log, by doing the same again and
 * again: messages of ours, and those of the PCI core that it causes by way of us.
 */
#include <kunit/test.h>
#include <linux/bitops.h>
#include <linux/errno.h>
#include <linux/irq.h>
#include <linux/jiffies.h>
#include <linux/pci.h>
#include <linux/pci_regs.h>
#include <linux/printk.h>
#include <linux/workqueue.h>

#include "../internal.h"
#include "mock_driver.h"
#include "mock_util.h"

#define VFS		2
#define ROUNDS		200
#define DEVCTL		(PCI_MOCK_EXP + PCI_EXP_DEVCTL)
#define PMCSR		(PCI_MOCK_PM + PCI_PM_CTRL)

/* What may be said of one function: some messages, and how many were left out */
#define FEW		(PCIBACK_LIMIT_LINES + 1)

struct flood {
	struct pci_mock *mock;
	struct pci_dev *dev;
	struct pciback_guest *guest;
	struct pciback_fn *fn;
	u64 log;
};

/* A VF, or the PF, with a guest that is about to do something again and again */
static void begin(struct kunit *test, struct flood *f, const struct pci_mock_params *p,
		  bool vf)
{
	struct pci_dev *pf;

	md_begin(test);
	f->mock = mt_create(test, p);
	pf = mt_pf(test, f->mock, 0);
	if (vf)
		KUNIT_ASSERT_EQ(test, 0, mt_set_numvfs(pf, VFS));
	f->dev = vf ? md_vf(test, pf, 0) : pf;
	f->fn = md_take(test, f->dev);
	f->guest = md_guest(test, 7);
	md_give(test, f->guest, f->dev);
	f->log = md_log_end();
}

/* Of the function and the guest: what else the machine says meanwhile does not count. */
static unsigned int lines(struct flood *f)
{
	return md_log_lines(f->log, pci_name(f->dev), dev_name(&f->guest->xdev->dev), "");
}

static unsigned int lines_with(struct flood *f, const char *what)
{
	return md_log_lines(f->log, pci_name(f->dev), NULL, what);
}

static void expect_lines(struct kunit *test, struct flood *f, unsigned int most)
{
	KUNIT_EXPECT_LE(test, lines(f), most);
}

static void reset_on_and_on(struct flood *f, unsigned int times)
{
	while (times--)
		md_write_config(f->fn, DEVCTL, 2, PCI_EXP_DEVCTL_BCR_FLR);
}

/* As with a quirk that says that the function's reset does not work */
static void resets_without_a_method(struct kunit *test)
{
	struct pci_mock_params p;
	struct flood f;

	mt_params(&p, VFS);
	begin(test, &f, &p, true);
	f.dev->reset_methods[0] = 0;
	reset_on_and_on(&f, ROUNDS);
	KUNIT_EXPECT_GT(test, lines(&f), 0);
	expect_lines(test, &f, FEW);

	/* the operator is told that it cannot be reset, and how much was not told before */
	f.log = md_log_end();
	KUNIT_EXPECT_EQ(test, -ENOTTY, md_write(MD_PCIBACK "do_flr", f.dev));
	KUNIT_EXPECT_EQ(test, 2, lines(&f));
	KUNIT_EXPECT_EQ(test, 1, lines_with(&f, "could not be reset"));

	/* and when the guest loses it */
	reset_on_and_on(&f, ROUNDS);
	f.log = md_log_end();
	pciback_release(f.fn, f.guest);
	KUNIT_EXPECT_EQ(test, 3, lines(&f));
	KUNIT_EXPECT_EQ(test, 1, lines_with(&f, "could not be reset"));

	/* the next begins anew */
	md_give(test, f.guest, f.dev);
	f.log = md_log_end();
	reset_on_and_on(&f, 1);
	KUNIT_EXPECT_EQ(test, 1, lines(&f));
}

/* The PCI core says so each time that it enables a VF. */
static void enabling_and_disabling(struct kunit *test)
{
	struct pci_mock_params p;
	struct flood f;
	int i;

	mt_params(&p, VFS);
	begin(test, &f, &p, true);
	for (i = 0; i < ROUNDS; i++) {
		md_write_config(f.fn, PCI_COMMAND, 2, PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
		KUNIT_EXPECT_TRUE(test, f.dev->is_busmaster);
		md_write_config(f.fn, PCI_COMMAND, 2, 0);
		KUNIT_EXPECT_FALSE(test, f.dev->is_busmaster);
	}
	expect_lines(test, &f, 1);

	/* a reset in between is no way to have it said again */
	for (i = 0; i < 5; i++) {
		md_write_config(f.fn, PCI_COMMAND, 2, PCI_COMMAND_MEMORY);
		reset_on_and_on(&f, 1);
		pciback_fn_reset_of(f.fn, f.guest);
	}
	expect_lines(test, &f, 1);
	KUNIT_EXPECT_TRUE(test, pci_is_enabled(f.dev));
	pciback_release(f.fn, f.guest);
	KUNIT_EXPECT_FALSE(test, pci_is_enabled(f.dev));
}

/* A BAR that has no address, which the PCI core says each time */
static void enabling_that_fails(struct kunit *test)
{
	struct pci_mock_params p;
	struct flood f;
	int i;

	mt_params(&p, VFS);
	begin(test, &f, &p, false);
	f.dev->resource[0].flags |= IORESOURCE_UNSET;
	for (i = 0; i < ROUNDS; i++)
		KUNIT_EXPECT_EQ(test, SPACE_FAILED,
				md_write_config(f.fn, PCI_COMMAND, 2, PCI_COMMAND_MEMORY));
	f.dev->resource[0].flags &= ~IORESOURCE_UNSET;
	KUNIT_EXPECT_FALSE(test, pci_is_enabled(f.dev));
	/* the first, which shows how it is, and what may be tried then; two lines each */
	KUNIT_EXPECT_GT(test, lines_with(&f, "can't enable"), 0);
	expect_lines(test, &f, 2 * (1 + PCIBACK_LIMIT_TRIES));
}

static void expect_few_resets(struct kunit *test, struct flood *f)
{
	/* the first, which shows how it is, and what may be tried then; three lines each */
	unsigned int most = FEW + 3 * (1 + PCIBACK_LIMIT_TRIES);

	reset_on_and_on(f, 25);
	expect_lines(test, f, most);
	KUNIT_EXPECT_EQ(test, SPACE_FAILED,
			md_write_config(f->fn, DEVCTL, 2, PCI_EXP_DEVCTL_BCR_FLR));
}

static void resets_that_wait_for_transactions(struct kunit *test)
{
	struct pci_mock_params p;
	struct flood f;

	mt_params(&p, VFS);
	p.pending = true;
	begin(test, &f, &p, true);
	expect_few_resets(test, &f);
}

/* Its frontend disconnects in between, when the function has nothing under way. */
static void resets_with_a_disconnect_in_between(struct kunit *test)
{
	struct pci_mock_params p;
	struct flood f;
	int i;

	mt_params(&p, VFS);
	begin(test, &f, &p, true);
	for (i = 0; i < 8; i++) {
		f.mock->params.pending = true;
		reset_on_and_on(&f, 1);
		f.mock->params.pending = false;
		KUNIT_EXPECT_EQ(test, 0, pciback_fn_reset_of(f.fn, f.guest));
	}
	KUNIT_EXPECT_GT(test, lines_with(&f, "is not reset for its guest"), 0);
	expect_lines(test, &f, FEW + 3 * (1 + PCIBACK_LIMIT_TRIES));
}

static void resets_that_take_long(struct kunit *test)
{
	struct pci_mock_params p;
	struct flood f;

	mt_params(&p, VFS);
	begin(test, &f, &p, true);
	f.mock->params.flr_ms = 1300;
	expect_few_resets(test, &f);
	f.mock->params.flr_ms = 0;
}

static void power_states(struct kunit *test, enum pci_mock_action action, u8 dir,
			 unsigned int most)
{
	struct pci_mock_fault fault = {
		.kinds = BIT(PCI_MOCK_PF),
		.pf = 0,
		.vf = PCI_MOCK_ANY_FN,
		.lo = PMCSR,
		.hi = PMCSR + 1,
		.dir = dir,
		.nth = 1,
		.sticky = true,
		.action = action,
	};
	struct pci_mock_params p;
	struct flood f;
	int i;

	mt_params(&p, VFS);
	begin(test, &f, &p, false);
	pci_mock_fault_add(f.mock, &fault);
	for (i = 0; i < ROUNDS; i++) {
		md_write_config(f.fn, PMCSR, 2, (__force u16)PCI_D3hot);
		md_write_config(f.fn, PMCSR, 2, (__force u16)PCI_D0);
	}
	pci_mock_fault_del(f.mock, &fault);
	expect_lines(test, &f, most);
	KUNIT_EXPECT_GT(test, fault.hits, 0);
}

static void power_states_of_what_does_not_answer(struct kunit *test)
{
	power_states(test, PCI_MOCK_ERROR, PCI_MOCK_READ, 0);
}

static void power_states_that_are_refused(struct kunit *test)
{
	power_states(test, PCI_MOCK_DROP, PCI_MOCK_WRITE, 1 + PCIBACK_LIMIT_TRIES);
}

/* A function that is not ready until then */
struct late {
	struct delayed_work ready;
	struct pci_mock *mock;
	struct pci_mock_fault fault;
};

static void is_ready(struct work_struct *work)
{
	struct late *late = container_of(to_delayed_work(work), struct late, ready);

	pci_mock_fault_del(late->mock, &late->fault);
}

static void power_states_that_take_long(struct kunit *test)
{
	const struct pci_mock_poke poke[] = {
		{ .where = PMCSR, .size = 2, .val = 0 },
		{ },
	};
	struct late late = {
		.fault = {
			.kinds = BIT(PCI_MOCK_PF),
			.pf = 0,
			.vf = PCI_MOCK_ANY_FN,
			.lo = PCI_COMMAND,
			.hi = PCI_COMMAND + 1,
			.dir = PCI_MOCK_READ,
			.nth = 1,
			.sticky = true,
			.action = PCI_MOCK_ERROR,
		},
	};
	struct pci_mock_params p;
	struct flood f;
	int i;

	mt_params(&p, VFS);
	/* without No_Soft_Reset */
	p.pf_poke = poke;
	begin(test, &f, &p, false);
	late.mock = f.mock;
	INIT_DELAYED_WORK_ONSTACK(&late.ready, is_ready);
	for (i = 0; i < 12; i++) {
		md_write_config(f.fn, PMCSR, 2, (__force u16)PCI_D3hot);
		pci_mock_fault_add(f.mock, &late.fault);
		schedule_delayed_work(&late.ready, msecs_to_jiffies(1300));
		md_write_config(f.fn, PMCSR, 2, (__force u16)PCI_D0);
		flush_delayed_work(&late.ready);
	}
	destroy_delayed_work_on_stack(&late.ready);
	KUNIT_EXPECT_GT(test, lines_with(&f, "not ready"), 0);
	/* the first, which shows how it is, and what may be tried then; two lines each */
	expect_lines(test, &f, 2 * (1 + PCIBACK_LIMIT_TRIES));
}

static void interrupts_that_cannot_be_had(struct kunit *test)
{
	struct xen_msix_entry entry = { };
	struct pci_mock_params p;
	struct flood f;
	u32 value;
	int i;

	mt_params(&p, VFS);
	begin(test, &f, &p, true);
	for (i = 0; i < ROUNDS; i++) {
		guard(pciback_fn)(f.fn);
		KUNIT_EXPECT_NE(test, 0, pciback_enable_msi(f.fn, &value));
		KUNIT_EXPECT_NE(test, 0, pciback_enable_msix(f.fn, &entry, 1, &value));
	}
	expect_lines(test, &f, FEW);
}

static unsigned int startups;

/* As Xen's, which may have something to log then */
static unsigned int start_up(struct irq_data *data)
{
	startups++;
	return 0;
}

static void ignore(struct irq_data *data)
{
}

static struct irq_chip pirq_chip = {
	.name = "xen-pirq",
	.irq_startup = start_up,
	.irq_shutdown = ignore,
	.irq_mask = ignore,
	.irq_unmask = ignore,
};

static void handlers_for_intx(struct kunit *test)
{
	struct pci_mock_params p;
	struct flood f;
	unsigned int was;
	int irq, i;

	mt_params(&p, VFS);
	begin(test, &f, &p, false);
	irq = irq_alloc_desc(NUMA_NO_NODE);
	KUNIT_ASSERT_GT(test, irq, 0);
	irq_set_chip_and_handler(irq, &pirq_chip, handle_level_irq);
	was = f.dev->irq;
	f.dev->irq = irq;
	f.dev->pin = 1;
	startups = 0;
	for (i = 0; i < ROUNDS; i++) {
		md_write_config(f.fn, PCI_COMMAND, 2, PCI_COMMAND_MEMORY);
		md_write_config(f.fn, PCI_COMMAND, 2, 0);
	}
	KUNIT_EXPECT_EQ(test, 1, startups);
	/* a reset in between is no way to have it anew */
	for (i = 0; i < 3; i++) {
		reset_on_and_on(&f, 1);
		md_write_config(f.fn, PCI_COMMAND, 2, PCI_COMMAND_MEMORY);
		KUNIT_EXPECT_EQ(test, irq, f.fn->irq);
		KUNIT_EXPECT_TRUE(test, f.fn->answers_irq);
	}
	KUNIT_EXPECT_EQ(test, 1, startups);
	pciback_release(f.fn, f.guest);
	KUNIT_EXPECT_EQ(test, 0, f.fn->irq);
	f.dev->irq = was;
	f.dev->pin = 0;
	irq_free_desc(irq);
}

/* One guest does not use up what is there to say about another. */
static void each_guest_has_its_own_limit(struct kunit *test)
{
	struct pciback_guest *other;
	struct pci_mock_params p;
	struct flood f;
	int i;

	mt_params(&p, VFS);
	begin(test, &f, &p, true);
	other = md_guest(test, 8);
	for (i = 0; i < ROUNDS; i++) {
		pciback_guest_err(f.guest, "domain %u: %d\n", f.guest->domid, i);
		pciback_fn_warn(f.fn, "%d\n", i);
	}
	expect_lines(test, &f, 2 * PCIBACK_LIMIT_LINES);
	f.log = md_log_end();
	pciback_guest_err(other, "domain %u: heard\n", other->domid);
	/* what others have to say takes nothing from it, either */
	pr_info("not about any of them\n");
	KUNIT_EXPECT_EQ(test, 1, md_log_lines(f.log, dev_name(&other->xdev->dev), NULL, ""));
}

/* A frontend that connects again and again, and so has functions reset, has to wait. */
static void connects_with_a_function_that_is_hard_to_reset(struct kunit *test)
{
	struct pciback_guest *other;
	struct pci_mock_params p;
	struct flood f;
	int i;

	mt_params(&p, VFS);
	begin(test, &f, &p, true);
	for (i = 0; i < ROUNDS; i++)
		KUNIT_EXPECT_TRUE(test, pciback_guest_may_try(f.guest));
	set_bit(PCIBACK_NOISY_MSI, &f.fn->noisy);
	KUNIT_EXPECT_TRUE(test, pciback_guest_may_try(f.guest));
	set_bit(PCIBACK_NOISY_RESET, &f.fn->noisy);
	for (i = 0; i < PCIBACK_LIMIT_TRIES; i++)
		KUNIT_EXPECT_TRUE(test, pciback_guest_may_try(f.guest));
	KUNIT_EXPECT_FALSE(test, pciback_guest_may_try(f.guest));
	other = md_guest(test, 8);
	KUNIT_EXPECT_TRUE(test, pciback_guest_may_try(other));

	/* a minute later */
	f.guest->tries.since_ns -= PCIBACK_LIMIT_NS;
	KUNIT_EXPECT_TRUE(test, pciback_guest_may_try(f.guest));
	for (i = 1; i < PCIBACK_LIMIT_TRIES; i++)
		pciback_guest_may_try(f.guest);
	KUNIT_EXPECT_FALSE(test, pciback_guest_may_try(f.guest));
	clear_bit(PCIBACK_NOISY_RESET, &f.fn->noisy);
	KUNIT_EXPECT_TRUE(test, pciback_guest_may_try(f.guest));
	set_bit(PCIBACK_NOISY_POWER, &f.fn->noisy);
	KUNIT_EXPECT_FALSE(test, pciback_guest_may_try(f.guest));
}

/* One that was told to wait is looked at again by itself. */
static void who_waits_is_looked_at_again(struct kunit *test)
{
	struct pciback_guest *guest;

	md_begin(test);
	guest = md_guest(test, 7);
	/* it makes no step, which would take a xenstore, and leaves what there is to do */
	WRITE_ONCE(guest->gone, true);
	queue_delayed_work(pciback_wq, &guest->again, 1);
	flush_delayed_work(&guest->again);
	flush_work(&guest->step);
	KUNIT_EXPECT_EQ(test, BIT(PCIBACK_CHANGED_FRONTEND), guest->changes);
}

static struct kunit_case flood_cases[] = {
	KUNIT_CASE(resets_without_a_method),
	KUNIT_CASE(enabling_and_disabling),
	KUNIT_CASE(enabling_that_fails),
	KUNIT_CASE(resets_that_wait_for_transactions),
	KUNIT_CASE(resets_with_a_disconnect_in_between),
	KUNIT_CASE(resets_that_take_long),
	KUNIT_CASE(power_states_of_what_does_not_answer),
	KUNIT_CASE(power_states_that_are_refused),
	KUNIT_CASE(power_states_that_take_long),
	KUNIT_CASE(interrupts_that_cannot_be_had),
	KUNIT_CASE(handlers_for_intx),
	KUNIT_CASE(each_guest_has_its_own_limit),
	KUNIT_CASE(connects_with_a_function_that_is_hard_to_reset),
	KUNIT_CASE(who_waits_is_looked_at_again),
	{ }
};

static struct kunit_suite flood_suite = {
	.name = "pciback_mock_flood",
	.suite_init = mt_suite_init,
	.suite_exit = mt_suite_exit,
	.test_cases = flood_cases,
};

kunit_test_suite(flood_suite);
