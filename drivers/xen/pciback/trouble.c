// SPDX-License-Identifier: GPL-2.0
/*
 * Errors of a function that a guest has: what the AER service says, as pciif's AER
 * operations to the guest, and what user space of the host hears of it.
 *
 * The AER service resets the function whatever the guest says. The guest is asked
 * so that its driver may stop and start in time, and need not be: an HVM guest, one
 * without a handler or one that does not answer gets its function reset as well.
 */
#define dev_fmt(fmt) "xen-pciback: " fmt

#include <linux/cleanup.h>
#include <linux/kobject.h>
#include <linux/pci.h>
#include <linux/pci-containment.h>
#include <linux/string.h>
#include <xen/xenbus.h>

#include "internal.h"

static const char * const names[] = {
	[PCI_TROUBLE_DETECTED] = "detected",
	[PCI_TROUBLE_RESET] = "reset",
	[PCI_TROUBLE_RESUMED] = "resumed",
	[PCI_TROUBLE_QUARANTINED] = "quarantined",
	[PCI_TROUBLE_FAILED] = "failed",
};

static void tell_later(struct pciback_fn *fn)
{
	kref_get(&fn->ref);
	if (!queue_work(pciback_wq, &fn->tell))
		pciback_fn_put(fn);
}

/**
 * pciback_trouble_answer - a guest has answered, or cannot
 * @fn: function
 * @ticket: of the AER service's question
 * @answer: answer
 *
 * Context: any
 */
void pciback_trouble_answer(struct pciback_fn *fn, u32 ticket, pci_ers_result_t answer)
{
	if (answer == PCI_ERS_RESULT_NONE || answer == PCI_ERS_RESULT_DISCONNECT) {
		WRITE_ONCE(fn->guest_failed, true);
		tell_later(fn);
	}
	pci_owner_answer(fn->dev, ticket, answer);
}

static void write_letter(const struct pci_trouble_report *report, struct pciback_letter *letter)
{
	letter->ticket = report->ticket;
	letter->state = (__force u32)pci_channel_io_normal;
	switch (report->what) {
	case PCI_TROUBLE_DETECTED:
		letter->op = XEN_PCI_OP_aer_detected;
		if (report->frozen)
			letter->state = (__force u32)pci_channel_io_frozen;
		break;
	case PCI_TROUBLE_RESET:
		letter->op = XEN_PCI_OP_aer_slotreset;
		break;
	case PCI_TROUBLE_RESUMED:
		letter->op = XEN_PCI_OP_aer_resume;
		break;
	default:
		letter->op = XEN_PCI_OP_aer_detected;
		letter->state = (__force u32)pci_channel_io_perm_failure;
	}
}

/*
 * A function comes back from quarantine, where its guest was told that it is gone for
 * good. Drivers leave everything as it is then and wait for their removal; many would
 * start what was never stopped if they were told to resume, and igbvf dies of it
 * (napi_enable()). So they are asked to stop first, as after any error.
 */
static void ask_to_stop(struct pciback_guest *guest, struct pciback_fn *fn)
{
	const struct pciback_letter letter = {
		.fn = fn,
		.key = fn->key,
		.op = XEN_PCI_OP_aer_detected,
		.state = (__force u32)pci_channel_io_frozen,
	};

	pciback_mail_send(guest, &letter);
}

/* Called by the AER service, in process context without locks; takes no mutex of ours. */
static void trouble(struct pci_owner *owner, struct pci_dev *dev,
		    const struct pci_trouble_report *report)
{
	struct pciback_fn *fn = container_of(owner, struct pciback_fn, owner);
	struct pciback_guest *guest = pciback_fn_guest(fn);
	struct pciback_letter letter = { .fn = fn, .key = fn->key };
	bool sent = false;

	WRITE_ONCE(fn->trouble, report->what);
	tell_later(fn);
	write_letter(report, &letter);
	if (guest) {
		if (report->what == PCI_TROUBLE_DETECTED)
			atomic_long_inc(&guest->stats.errors);
		if (report->what == PCI_TROUBLE_RESET && !fn->guest_stopped)
			ask_to_stop(guest, fn);
		sent = pciback_mail_send(guest, &letter);
		pciback_guest_put(guest);
	}
	fn->guest_stopped = report->what == PCI_TROUBLE_DETECTED ||
			    report->what == PCI_TROUBLE_RESET;
	if (!sent && report->ticket)
		pciback_trouble_answer(fn, report->ticket, PCI_ERS_RESULT_NONE);
}

const struct pci_owner_ops pciback_owner_ops = {
	.trouble = trouble,
};

static void uevent(struct pciback_fn *fn, const char *what, struct pciback_guest *guest)
{
	char trouble_env[40], domain_env[24], *env[3];

	snprintf(trouble_env, sizeof(trouble_env), "XEN_TROUBLE=%s", what);
	snprintf(domain_env, sizeof(domain_env), "XEN_DOMAIN=%u", guest->domid);
	env[0] = trouble_env;
	env[1] = domain_env;
	env[2] = NULL;
	kobject_uevent_env(&fn->dev->dev.kobj, KOBJ_CHANGE, env);
}

/**
 * pciback_trouble_work - tell user space of the host what a function's trouble is
 * @work: of the function, whose reference it holds
 *
 * "trouble/0000-01-10-0" in the backend's folder of xenstore is the last that was heard
 * of function 0000:01:10.0; "aerState" is "aerfail" when the guest could not deal with it, as
 * it always was.
 */
void pciback_trouble_work(struct work_struct *work)
{
	struct pciback_fn *fn = container_of(work, struct pciback_fn, tell);
	const char *what = names[READ_ONCE(fn->trouble)];
	struct pciback_guest *guest = pciback_fn_guest(fn);
	char node[40];

	if (guest) {
		/* xenstore takes neither colons nor points */
		snprintf(node, sizeof(node), "trouble/%s", pci_name(fn->dev));
		strreplace(strreplace(node, ':', '-'), '.', '-');
		pciback_guest_note(guest, node, what);
		if (xchg(&fn->guest_failed, false))
			pciback_guest_note(guest, "aerState", "aerfail");
		uevent(fn, what, guest);
		pciback_guest_put(guest);
	}
	pciback_fn_put(fn);
}
