// SPDX-License-Identifier: GPL-2.0
/*
 * AER operations on their way to a guest.
 *
 * The page has room for one. The others wait, each for as long as those before it
 * take, and a guest that does not answer is given up on after a time: it costs its
 * own functions their answers and nobody anything else.
 */
#define dev_fmt(fmt) "xen-pciback: " fmt

#include <linux/bitops.h>
#include <linux/cleanup.h>
#include <linux/jiffies.h>
#include <linux/pci.h>
#include <linux/pci-containment.h>
#include <linux/string.h>
#include <xen/events.h>

#include "internal.h"

static struct pciback_letter *first_letter(struct pciback_mail *mail)
{
	return &mail->letter[mail->first];
}

/* Hand the first letter over, if the guest has none in hand. */
static void send_first(struct pciback_guest *guest)
{
	struct pciback_mail *mail = &guest->mail;
	struct xen_pcie_aer_op *op;
	struct pciback_letter *letter;

	lockdep_assert_held(&mail->lock);
	if (mail->sent || mail->closed || !mail->count)
		return;
	letter = first_letter(mail);
	op = &guest->shared->aer_op;
	WRITE_ONCE(op->cmd, letter->op);
	WRITE_ONCE(op->err, letter->state);
	WRITE_ONCE(op->domain, letter->key >> 16);
	WRITE_ONCE(op->bus, letter->key >> 8 & 0xff);
	WRITE_ONCE(op->devfn, letter->key & 0xff);
	/* the frontend reads it when it sees the flag */
	wmb();
	set_bit(_XEN_PCIB_active, (unsigned long *)&guest->shared->flags);
	mail->sent = true;
	notify_remote_via_irq(guest->irq);
	mod_delayed_work(pciback_wq, &mail->late, msecs_to_jiffies(PCI_OWNER_WAIT_MAX_MS));
}

/* The first letter is dealt with: the next. */
static struct pciback_letter take_first(struct pciback_guest *guest)
{
	struct pciback_mail *mail = &guest->mail;
	struct pciback_letter letter = *first_letter(mail);

	mail->first = (mail->first + 1) % PCIBACK_MAIL_SLOTS;
	mail->count--;
	mail->sent = false;
	return letter;
}

static bool is_answered(struct pciback_guest *guest)
{
	return guest->mail.sent && !(READ_ONCE(guest->shared->flags) & XEN_PCIB_active);
}

/**
 * pciback_mail_answered - has a frontend answered?
 * @guest: guest, which is connected
 *
 * Context: any
 * Return: true when there is an answer to collect
 */
bool pciback_mail_answered(struct pciback_guest *guest)
{
	guard(spinlock_irqsave)(&guest->mail.lock);
	return is_answered(guest);
}

static bool makes_sense(s32 answer)
{
	return answer >= (__force s32)PCI_ERS_RESULT_NONE &&
	       answer <= (__force s32)PCI_ERS_RESULT_NO_AER_DRIVER;
}

/**
 * pciback_mail_collect - take a frontend's answer, if there is one
 * @guest: guest, which is connected
 *
 * Context: process
 */
void pciback_mail_collect(struct pciback_guest *guest)
{
	struct pciback_mail *mail = &guest->mail;
	struct pciback_letter letter;
	s32 answer;

	scoped_guard(spinlock_irqsave, &mail->lock) {
		if (!is_answered(guest))
			return;
		answer = READ_ONCE(guest->shared->aer_op.err);
		letter = take_first(guest);
		send_first(guest);
		if (!mail->sent)
			cancel_delayed_work(&mail->late);
	}
	if (!makes_sense(answer)) {
		atomic_long_inc(&guest->stats.invalid);
		answer = (__force s32)PCI_ERS_RESULT_DISCONNECT;
	}
	if (letter.ticket)
		pciback_trouble_answer(letter.fn, letter.ticket,
				       (__force pci_ers_result_t)answer);
	pciback_fn_put(letter.fn);
}

static void give_up(struct work_struct *work)
{
	struct pciback_guest *guest = container_of(to_delayed_work(work), struct pciback_guest,
						   mail.late);
	struct pciback_letter letter;

	scoped_guard(spinlock_irqsave, &guest->mail.lock) {
		/* answered at the last moment: the event for it is on its way */
		if (!guest->mail.sent || guest->mail.closed || is_answered(guest))
			return;
		clear_bit(_XEN_PCIB_active, (unsigned long *)&guest->shared->flags);
		letter = take_first(guest);
		send_first(guest);
	}
	atomic_long_inc(&guest->stats.unanswered);
	pciback_fn_warn(letter.fn, "domain %u does not answer\n", guest->domid);
	pciback_fn_put(letter.fn);
}

/**
 * pciback_mail_init - a guest is new
 * @guest: guest
 */
void pciback_mail_init(struct pciback_guest *guest)
{
	spin_lock_init(&guest->mail.lock);
	INIT_DELAYED_WORK(&guest->mail.late, give_up);
	guest->mail.closed = true;
}

/**
 * pciback_mail_open - a guest's frontend is connected
 * @guest: guest
 */
void pciback_mail_open(struct pciback_guest *guest)
{
	guard(spinlock_irqsave)(&guest->mail.lock);
	guest->mail.closed = false;
}

/**
 * pciback_mail_close - a guest's frontend is about to be gone, with all letters to it
 * @guest: guest
 *
 * Context: sleeps
 */
void pciback_mail_close(struct pciback_guest *guest)
{
	struct pciback_letter letter;

	for (;;) {
		scoped_guard(spinlock_irqsave, &guest->mail.lock) {
			guest->mail.closed = true;
			letter.fn = NULL;
			if (guest->mail.count)
				letter = take_first(guest);
		}
		if (!letter.fn)
			break;
		if (letter.ticket)
			pci_owner_answer(letter.fn->dev, letter.ticket,
					 PCI_ERS_RESULT_DISCONNECT);
		pciback_fn_put(letter.fn);
	}
	cancel_delayed_work_sync(&guest->mail.late);
}

/**
 * pciback_mail_send - tell a guest of a function
 * @guest: guest
 * @letter: what; its function's reference is the caller's
 *
 * Context: any
 * Return: false when it cannot be told: it is not connected, has no handler, or does
 * not keep up
 */
bool pciback_mail_send(struct pciback_guest *guest, const struct pciback_letter *letter)
{
	struct pciback_mail *mail = &guest->mail;

	guard(spinlock_irqsave)(&mail->lock);
	if (mail->closed || mail->count == PCIBACK_MAIL_SLOTS ||
	    !(READ_ONCE(guest->shared->flags) & XEN_PCIB_AERHANDLER))
		return false;
	mail->letter[(mail->first + mail->count) % PCIBACK_MAIL_SLOTS] = *letter;
	kref_get(&letter->fn->ref);
	mail->count++;
	send_first(guest);
	return true;
}
