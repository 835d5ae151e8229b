/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Containment of PCI functions: the side of those who own one.
 *
 * A function that was given to a guest or to a process has an owner. When the
 * function is in trouble, the AER service quiesces it (bus mastering off),
 * tells the owner, resets it, restores it, tells the owner again. The owner is
 * asked and waited for, but never for longer than it said itself and never with
 * a lock held that anybody else needs.
 *
 * See Documentation/PCI/aer.rst.
 */
#ifndef _LINUX_PCI_CONTAINMENT_H
#define _LINUX_PCI_CONTAINMENT_H

#include <linux/errno.h>
#include <linux/pci.h>
#include <linux/types.h>

/* The longest that an owner's answer is waited for */
#define PCI_OWNER_WAIT_MAX_MS	5000

/**
 * enum pci_trouble - what an owner hears
 * @PCI_TROUBLE_DETECTED: the function had an error; it is quiet now. Asks for
 *	an answer: whether a reset is needed is not up to the owner, but it may
 *	say that its side is gone (%PCI_ERS_RESULT_DISCONNECT).
 * @PCI_TROUBLE_RESET: the function was reset and its configuration restored.
 *	Asks for an answer: %PCI_ERS_RESULT_RECOVERED or
 *	%PCI_ERS_RESULT_DISCONNECT.
 * @PCI_TROUBLE_RESUMED: the function is in service again
 * @PCI_TROUBLE_QUARANTINED: the function is kept from everybody
 * @PCI_TROUBLE_FAILED: the function is gone or could not be reset
 */
enum pci_trouble {
	PCI_TROUBLE_DETECTED,
	PCI_TROUBLE_RESET,
	PCI_TROUBLE_RESUMED,
	PCI_TROUBLE_QUARANTINED,
	PCI_TROUBLE_FAILED,
};

/**
 * struct pci_trouble_report - what happened to a function
 * @what: what the owner is told
 * @ticket: to be handed to pci_owner_answer(); 0 when no answer is wanted
 * @frozen: the error was fatal
 * @status: status bits of the error; 0 when the function itself had none (it is
 *	below a link that has to be reset) or has no AER capability
 */
struct pci_trouble_report {
	enum pci_trouble what;
	u32 ticket;
	bool frozen;
	u32 status;
};

struct pci_owner;

/**
 * struct pci_owner_ops - how an owner is told
 * @trouble: tells it. Runs in process context without locks; must not wait for
 *	the owner's side: the answer may come later, or right from here, by
 *	pci_owner_answer().
 */
struct pci_owner_ops {
	void (*trouble)(struct pci_owner *owner, struct pci_dev *dev,
			const struct pci_trouble_report *report);
};

/**
 * struct pci_owner - who owns a function
 * @ops: how it is told
 * @name: for the log and for sysfs, such as "domain 3"
 * @wait_ms: how long its answers are waited for, %PCI_OWNER_WAIT_MAX_MS at most
 *
 * The caller's; it stays as it is from pci_owner_register() until
 * pci_owner_unregister() returned.
 */
struct pci_owner {
	const struct pci_owner_ops *ops;
	const char *name;
	unsigned int wait_ms;
};

#ifdef CONFIG_PCIEAER
int pci_owner_register(struct pci_dev *dev, struct pci_owner *owner);
void pci_owner_unregister(struct pci_dev *dev, struct pci_owner *owner);
void pci_owner_answer(struct pci_dev *dev, u32 ticket, pci_ers_result_t answer);
bool pci_is_quarantined(struct pci_dev *dev);
void pci_quarantine_refused(struct pci_dev *dev, const char *what);
int pci_quarantine(struct pci_dev *dev, const char *why);
u32 pci_hold_master(const struct pci_dev *dev, int where, u32 val);
void pci_note_master(struct pci_dev *dev, bool on);
#else
static inline int pci_owner_register(struct pci_dev *dev,
				     struct pci_owner *owner)
{
	return 0;
}

static inline void pci_owner_unregister(struct pci_dev *dev,
					struct pci_owner *owner) { }
static inline void pci_owner_answer(struct pci_dev *dev, u32 ticket,
				    pci_ers_result_t answer) { }
static inline bool pci_is_quarantined(struct pci_dev *dev) { return false; }
static inline void pci_quarantine_refused(struct pci_dev *dev, const char *what) { }
static inline int pci_quarantine(struct pci_dev *dev, const char *why)
{
	return -EOPNOTSUPP;
}

static inline u32 pci_hold_master(const struct pci_dev *dev, int where, u32 val)
{
	return val;
}

static inline void pci_note_master(struct pci_dev *dev, bool on) { }
#endif

#endif /* _LINUX_PCI_CONTAINMENT_H */
