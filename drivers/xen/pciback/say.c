// SPDX-License-Identifier: GPL-2.0
/*
 * What is written to the log of what a guest does, and what is tried for it although
 * it makes the PCI core write something there.
 *
 * A guest can repeat whatever it does for as long as it runs, and so fill the host's
 * log (XSA-130). Each function and each guest has limits of its own: no guest uses up
 * what is there to say about another.
 */
#define dev_fmt(fmt) "xen-pciback: " fmt

#include <linux/bitops.h>
#include <linux/cleanup.h>
#include <linux/device.h>
#include <linux/pci.h>
#include <linux/spinlock.h>
#include <linux/timekeeping.h>

#include "internal.h"

static void pciback_fn_left_out(struct pciback_fn *fn, unsigned int left_out)
{
	if (left_out)
		pci_warn(fn->dev, "%u more messages about it were left out\n", left_out);
}

/**
 * pciback_fn_may_say - may something that its guest can cause be said of a function?
 * @fn: function
 *
 * How many messages were left out is said before the next.
 *
 * Context: any
 * Return: true if it may
 */
bool pciback_fn_may_say(struct pciback_fn *fn)
{
	unsigned int left_out;
	bool may;

	scoped_guard(spinlock_irqsave, &fn->say_lock)
		may = pciback_limit_open(&fn->messages, PCIBACK_LIMIT_LINES,
					 ktime_get_mono_fast_ns(), &left_out);
	pciback_fn_left_out(fn, left_out);
	return may;
}

/**
 * pciback_fn_say_left_out - say how many messages were left out, and allow as many anew
 * @fn: function, of which the host itself has something to say now
 *
 * Context: any
 */
void pciback_fn_say_left_out(struct pciback_fn *fn)
{
	unsigned int left_out;

	scoped_guard(spinlock_irqsave, &fn->say_lock)
		left_out = pciback_limit_end(&fn->messages);
	pciback_fn_left_out(fn, left_out);
}

/**
 * pciback_fn_say_rest - a function changes hands: what was left out, and begin anew
 * @fn: function
 *
 * Context: any
 */
void pciback_fn_say_rest(struct pciback_fn *fn)
{
	scoped_guard(spinlock_irqsave, &fn->say_lock) {
		pciback_limit_end(&fn->tries);
		fn->noisy = 0;
	}
	pciback_fn_say_left_out(fn);
}

/**
 * pciback_fn_may_try - may something be tried that others write to the log about?
 * @fn: function
 * @what: PCIBACK_NOISY_*
 *
 * Context: any
 * Return: true if nobody had anything to say the last time, or not too often
 */
bool pciback_fn_may_try(struct pciback_fn *fn, unsigned int what)
{
	unsigned int left_out;

	if (!test_bit(what, &fn->noisy))
		return true;
	guard(spinlock_irqsave)(&fn->say_lock);
	return pciback_limit_open(&fn->tries, PCIBACK_LIMIT_TRIES, ktime_get_mono_fast_ns(),
				  &left_out);
}

/**
 * pciback_guest_may_say - may something that it can cause be said of a guest?
 * @guest: guest
 *
 * How many messages were left out is said before the next.
 *
 * Context: any
 * Return: true if it may
 */
bool pciback_guest_may_say(struct pciback_guest *guest)
{
	unsigned int left_out;
	bool may;

	scoped_guard(spinlock_irqsave, &guest->say_lock)
		may = pciback_limit_open(&guest->messages, PCIBACK_LIMIT_LINES,
					 ktime_get_mono_fast_ns(), &left_out);
	if (left_out)
		dev_err(&guest->xdev->dev, "domain %u: %u more messages about it were left out\n",
			guest->domid, left_out);
	return may;
}

static bool pciback_guest_is_noisy(struct pciback_guest *guest)
{
	struct pciback_fn *fn;
	unsigned long key;
	bool noisy = false;

	xa_lock_irq(&guest->functions);
	xa_for_each(&guest->functions, key, fn)
		noisy |= test_bit(PCIBACK_NOISY_RESET, &fn->noisy) ||
			 test_bit(PCIBACK_NOISY_POWER, &fn->noisy);
	xa_unlock_irq(&guest->functions);
	return noisy;
}

/**
 * pciback_guest_may_try - may a guest's frontend connect, and so cause resets when it
 * goes?
 * @guest: guest
 *
 * Context: process
 * Return: true if its functions are easily reset, or it did not connect too often
 */
bool pciback_guest_may_try(struct pciback_guest *guest)
{
	unsigned int left_out;

	if (!pciback_guest_is_noisy(guest))
		return true;
	guard(spinlock_irqsave)(&guest->say_lock);
	return pciback_limit_open(&guest->tries, PCIBACK_LIMIT_TRIES, ktime_get_mono_fast_ns(),
				  &left_out);
}
