// SPDX-License-Identifier: GPL-2.0
/*
 * AER service: errors that firmware hands in, with the registers that it read
 * (ACPI APEI, generic hardware error source). They come in any context and are
 * answered later, like those that the kernel gathers itself.
 */
#define pr_fmt(fmt) "AER: " fmt

#include <linux/aer.h>
#include <linux/cper.h>
#include <linux/export.h>
#include <linux/kfifo.h>
#include <linux/pci.h>
#include <linux/printk.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <acpi/ghes.h>

#include "internal.h"

#define AER_FIRMWARE_RECORDS	16

struct aer_firmware_record {
	struct aer_capability_regs *regs;
	int domain;
	int severity;
	u8 bus;
	u8 devfn;
};

static DEFINE_KFIFO(firmware_records, struct aer_firmware_record, AER_FIRMWARE_RECORDS);
static DEFINE_SPINLOCK(firmware_lock);	/* of who puts; only one takes */

/**
 * cper_severity_to_aer - severity of a record of firmware
 * @cper_severity: as in the record
 *
 * Return: %AER_NONFATAL, %AER_FATAL, or %AER_CORRECTABLE
 */
int cper_severity_to_aer(int cper_severity)
{
	if (cper_severity == CPER_SEV_FATAL)
		return AER_FATAL;
	return cper_severity == CPER_SEV_RECOVERABLE ? AER_NONFATAL : AER_CORRECTABLE;
}
EXPORT_SYMBOL_GPL(cper_severity_to_aer);

static void answer(struct pci_dev *dev, const struct aer_firmware_record *fw)
{
	struct aer_record rec;

	pci_print_aer(dev, fw->severity, fw->regs);
	if (fw->severity == AER_CORRECTABLE)
		return;
	aer_record_of_regs(&rec, fw->severity, fw->regs);
	aer_answer(dev, &rec);
}

static void take_records(struct work_struct *work)
{
	struct aer_firmware_record fw;
	struct pci_dev *dev;

	while (kfifo_get(&firmware_records, &fw)) {
		dev = pci_get_domain_bus_and_slot(fw.domain, fw.bus, fw.devfn);
		if (dev)
			answer(dev, &fw);
		else
			pr_err("no pci_dev for %04x:%02x:%02x.%x\n", fw.domain, fw.bus,
			       PCI_SLOT(fw.devfn), PCI_FUNC(fw.devfn));
		pci_dev_put(dev);
		ghes_estatus_pool_region_free((unsigned long)fw.regs, sizeof(*fw.regs));
	}
}

static DECLARE_WORK(firmware_work, take_records);

/**
 * aer_recover_queue - firmware reports an error
 * @domain: PCI segment
 * @bus: bus number
 * @devfn: device and function
 * @severity: %AER_NONFATAL, %AER_FATAL, or %AER_CORRECTABLE
 * @aer_regs: registers, from the pool of the GHES driver; given up
 *
 * Context: any
 */
void aer_recover_queue(int domain, unsigned int bus, unsigned int devfn,
		       int severity, struct aer_capability_regs *aer_regs)
{
	struct aer_firmware_record fw = {
		.regs = aer_regs,
		.domain = domain,
		.severity = severity,
		.bus = bus,
		.devfn = devfn,
	};

	if (kfifo_in_spinlocked(&firmware_records, &fw, 1, &firmware_lock)) {
		schedule_work(&firmware_work);
		return;
	}
	pr_err_ratelimited("buffer overflow in recovery for %04x:%02x:%02x.%x\n", domain, bus,
			   PCI_SLOT(devfn), PCI_FUNC(devfn));
	ghes_estatus_pool_region_free((unsigned long)aer_regs, sizeof(*aer_regs));
}
EXPORT_SYMBOL_GPL(aer_recover_queue);
