// SPDX-License-Identifier: GPL-2.0
/*
 * Mock PCI hierarchy: errors, what a function logs of them, the messages that
 * tell the Root Port or Root Complex Event Collector, and its interrupt.
 *
 * PCIe r6.0, sec 6.2 (error signaling and logging), 7.8.4 (AER), 9.4 (what a VF
 * has of it: status, and the rest is its PF's).
 *
 * The interrupt is the mock's own: irq_sim hands its interrupts to
 * handle_simple_irq(), which forgets one that comes while the handler runs on
 * another CPU. A real MSI is not forgotten, and as the next one comes only
 * after the status was cleared, none would follow.
 */
#include <linux/bitops.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irq_work.h>
#include <linux/lockdep.h>
#include <linux/numa.h>
#include <linux/pci.h>
#include <linux/spinlock.h>

#include "internal.h"

static void mock_irq_fire(struct irq_work *work)
{
	struct pci_mock *mock = container_of(work, struct pci_mock, irq_work);

	generic_handle_irq(mock->virq);
}

static void mock_irq_ack(struct irq_data *data)
{
}

static int mock_irq_retrigger(struct irq_data *data)
{
	struct pci_mock *mock = irq_data_get_irq_chip_data(data);

	irq_work_queue(&mock->irq_work);
	return 1;
}

static struct irq_chip mock_irq_chip = {
	.name = "pci-mock",
	.irq_ack = mock_irq_ack,
	.irq_retrigger = mock_irq_retrigger,
};

/* An interrupt for the port. It needs no domain: nothing translates to it. */
int mock_irq_alloc(struct pci_mock *mock)
{
	int virq = irq_alloc_desc(NUMA_NO_NODE);

	if (virq <= 0)
		return -ENOMEM;
	mock->irq_work = IRQ_WORK_INIT_HARD(mock_irq_fire);
	irq_set_chip_and_handler(virq, &mock_irq_chip, handle_edge_irq);
	irq_set_chip_data(virq, mock);
	irq_modify_status(virq, IRQ_NOREQUEST, IRQ_NOPROBE);
	mock->virq = virq;
	return 0;
}

/* Nothing can reach the registers of the mock any more. */
void mock_irq_free(struct pci_mock *mock)
{
	if (!mock->virq)
		return;
	irq_work_sync(&mock->irq_work);
	irq_free_desc(mock->virq);
}

/* Is there a message that the Root Error Command register wants told? */
bool mock_root_asks(const struct pci_mock *mock)
{
	u32 command, status;

	if (!mock->params.aer)
		return false;
	command = mock_image_get(mock->port,
				 PCI_MOCK_AER + PCI_ERR_ROOT_COMMAND, 4);
	status = mock_image_get(mock->port,
				PCI_MOCK_AER + PCI_ERR_ROOT_STATUS, 4);
	return (command & PCI_ERR_ROOT_CMD_COR_EN &&
		status & PCI_ERR_ROOT_COR_RCV) ||
	       (command & PCI_ERR_ROOT_CMD_NONFATAL_EN &&
		status & PCI_ERR_ROOT_NONFATAL_RCV) ||
	       (command & PCI_ERR_ROOT_CMD_FATAL_EN &&
		status & PCI_ERR_ROOT_FATAL_RCV);
}

/* After a change of these registers; @before: mock_root_asks() before it. */
void mock_root_edge(struct pci_mock *mock, bool before)
{
	if (before || !mock->virq || !mock_root_asks(mock))
		return;
	mock->stats.interrupts++;
	irq_work_queue(&mock->irq_work);
}

/* What counts for a function that detects an error. */
struct error_rules {
	u32 uncor_mask;
	u32 severity;
	u32 cor_mask;
	u16 devctl;
	bool serr;
};

static void rules_of(const struct pci_mock *mock, const struct mock_target *t,
		     struct error_rules *r)
{
	const struct mock_image *img = mock->port;

	if (t->kind != PCI_MOCK_PORT)
		img = &mock->pf[t->pf]->image;
	*r = (struct error_rules){ .severity = MOCK_SEVERITY };
	r->devctl = mock_image_get(img, PCI_MOCK_EXP + PCI_EXP_DEVCTL, 2);
	r->serr = mock_image_get(img, PCI_COMMAND, 2) & PCI_COMMAND_SERR;
	if (!mock->params.aer)
		return;
	r->uncor_mask = mock_image_get(img, PCI_MOCK_AER + PCI_ERR_UNCOR_MASK,
				       4);
	r->severity = mock_image_get(img, PCI_MOCK_AER + PCI_ERR_UNCOR_SEVER,
				     4);
	r->cor_mask = mock_image_get(img, PCI_MOCK_AER + PCI_ERR_COR_MASK, 4);
}

static bool reports(u16 devctl, bool serr, enum pci_mock_msg msg)
{
	switch (msg) {
	case PCI_MOCK_COR:
		return devctl & PCI_EXP_DEVCTL_CERE;
	case PCI_MOCK_NONFATAL:
		return serr || devctl & PCI_EXP_DEVCTL_NFERE;
	default:
		return serr || devctl & PCI_EXP_DEVCTL_FERE;
	}
}

/* Does a message from below the Root Port get through it? */
static bool port_forwards(const struct pci_mock *mock, enum pci_mock_msg msg)
{
	const struct mock_image *img = mock->port;

	if (!mock->params.root_port)
		return true;
	return mock_image_get(img, PCI_BRIDGE_CONTROL, 2) & PCI_BRIDGE_CTL_SERR ||
	       reports(mock_image_get(img, PCI_MOCK_EXP + PCI_EXP_DEVCTL, 2),
		       mock_image_get(img, PCI_COMMAND, 2) & PCI_COMMAND_SERR,
		       msg);
}

/* A message gets to the port. */
static void receive(struct pci_mock *mock, u16 source, enum pci_mock_msg msg)
{
	struct mock_target port = mock_target(PCI_MOCK_PORT_FN, 0);
	bool asked = mock_root_asks(mock);
	u32 *status, *id;

	mock->stats.messages[msg]++;
	if (!mock->params.aer)
		return;
	status = mock_word(mock, &port, PCI_MOCK_AER + PCI_ERR_ROOT_STATUS);
	id = mock_word(mock, &port, PCI_MOCK_AER + PCI_ERR_ROOT_ERR_SRC);
	if (msg == PCI_MOCK_COR) {
		if (*status & PCI_ERR_ROOT_COR_RCV)
			*status |= PCI_ERR_ROOT_MULTI_COR_RCV;
		else
			*id = (*id & 0xffff0000) | source;
		*status |= PCI_ERR_ROOT_COR_RCV;
	} else {
		if (*status & PCI_ERR_ROOT_UNCOR_RCV) {
			*status |= PCI_ERR_ROOT_MULTI_UNCOR_RCV;
		} else {
			*id = (*id & 0xffff) | (u32)source << 16;
			if (msg == PCI_MOCK_FATAL)
				*status |= PCI_ERR_ROOT_FIRST_FATAL;
		}
		*status |= PCI_ERR_ROOT_UNCOR_RCV;
		*status |= msg == PCI_MOCK_FATAL ? PCI_ERR_ROOT_FATAL_RCV :
						   PCI_ERR_ROOT_NONFATAL_RCV;
	}
	mock_root_edge(mock, asked);
}

static int send(struct pci_mock *mock, const struct mock_target *t,
		const struct error_rules *r, enum pci_mock_msg msg)
{
	int source;

	if (!mock->port || !reports(r->devctl, r->serr, msg))
		return 0;
	source = mock_source_id(mock, t);
	if (t->kind != PCI_MOCK_PORT &&
	    (mock->params.neighbour || source < 0 || mock_is_gone(mock, t) ||
	     !port_forwards(mock, msg)))
		return 0;
	if (mock->params.hides_ids)
		source = READ_ONCE(mock->params.hidden_id);
	receive(mock, source, msg);
	return 1;
}

static void set_bits(struct pci_mock *mock, const struct mock_target *t,
		     unsigned int where, u32 bits)
{
	u32 *word = mock_word(mock, t, where);

	if (!WARN_ON_ONCE(!word))
		*word |= bits;
}

/* The registers that tell of uncorrectable errors. */
static void log_uncor(struct pci_mock *mock, const struct mock_target *t,
		      const struct error_rules *r, u32 uncor,
		      const u32 header[4])
{
	u32 *status, *cap, *log;
	unsigned int i;
	bool occupied;

	status = mock_word(mock, t, PCI_MOCK_AER + PCI_ERR_UNCOR_STATUS);
	cap = mock_word(mock, t, PCI_MOCK_AER + PCI_ERR_CAP);
	if (WARN_ON_ONCE(!status || !cap))
		return;
	occupied = *status & ~r->uncor_mask;
	*status |= uncor;
	uncor &= ~r->uncor_mask;
	if (occupied || !uncor)
		return;
	*cap = (*cap & ~0x1fU) | __ffs(uncor);
	for (i = 0; i < 4; i++) {
		log = mock_word(mock, t,
				PCI_MOCK_AER + PCI_ERR_HEADER_LOG + i * 4);
		if (!WARN_ON_ONCE(!log))
			*log = header ? header[i] : 0;
	}
}

/**
 * pci_mock_raise_locked - pci_mock_raise() for observers
 * @mock: mock hierarchy
 * @pf: as there
 * @vf: as there
 * @uncor: as there
 * @cor: as there
 * @header: as there
 *
 * Context: under pci_mock.lock, as an observer runs. The interrupt comes when
 * interrupts are on again, or on another CPU.
 *
 * Return: as pci_mock_raise()
 */
int pci_mock_raise_locked(struct pci_mock *mock, unsigned int pf, int vf,
			  u32 uncor, u32 cor, const u32 header[4])
{
	struct mock_target t = mock_target(pf, vf);
	u32 advisory = 0, logged = uncor;
	struct error_rules r;
	u16 devsta = 0;
	int sent = 0;
	bool aer;

	lockdep_assert_held(&mock->lock);
	if (!mock_target_exists(mock, &t))
		return 0;
	rules_of(mock, &t, &r);
	aer = t.kind == PCI_MOCK_VF ? mock_vf_aer(&mock->params) :
				      mock->params.aer;

	if (cor & PCI_ERR_COR_ADV_NFAT)
		advisory = uncor & ~r.severity;
	if (cor)
		devsta |= PCI_EXP_DEVSTA_CED;
	if (uncor & ~r.severity & ~advisory)
		devsta |= PCI_EXP_DEVSTA_NFED;
	if (uncor & r.severity)
		devsta |= PCI_EXP_DEVSTA_FED;
	if (uncor & PCI_ERR_UNC_UNSUP)
		devsta |= PCI_EXP_DEVSTA_URD;
	set_bits(mock, &t, PCI_MOCK_EXP + PCI_EXP_DEVCTL, (u32)devsta << 16);

	if (aer) {
		set_bits(mock, &t, PCI_MOCK_AER + PCI_ERR_COR_STATUS, cor);
		if (r.cor_mask & PCI_ERR_COR_ADV_NFAT)
			logged &= ~advisory;
		log_uncor(mock, &t, &r, logged, header);
	}

	uncor &= ~r.uncor_mask & ~advisory;
	if (!r.serr && !(r.devctl & PCI_EXP_DEVCTL_URRE))
		uncor &= ~PCI_ERR_UNC_UNSUP;
	if (cor & ~r.cor_mask)
		sent += send(mock, &t, &r, PCI_MOCK_COR);
	if (uncor & ~r.severity)
		sent += send(mock, &t, &r, PCI_MOCK_NONFATAL);
	if (uncor & r.severity)
		sent += send(mock, &t, &r, PCI_MOCK_FATAL);
	return sent;
}

/**
 * pci_mock_raise - a function detects errors
 * @mock: mock hierarchy
 * @pf: PF, or %PCI_MOCK_PORT_FN for the Root Port, RCEC or neighbour itself
 * @vf: its VF, or negative for the PF itself
 * @uncor: bits of the Uncorrectable Error Status register
 * @cor: bits of the Correctable Error Status register
 * @header: what goes to the header log; %NULL: zeros
 *
 * The function logs the errors, masked ones too, and sends one message for each
 * class (correctable, non-fatal, fatal, in this order) that has an error which
 * is not masked, if it is to report that class. Masks, severities and enables
 * are those of the PF for its VFs as well. Unsupported Request needs Unsupported
 * Request Reporting Enable besides, or SERR# Enable. Of several uncorrectable
 * errors that come at once the lowest bit is the first one.
 *
 * With %PCI_ERR_COR_ADV_NFAT in @cor the non-fatal errors in @uncor are
 * advisory: signaled as correctable, and only logged if that bit is not masked.
 *
 * Without AER a function sets bits in Device Status only, and sends messages by
 * the default severities, or by those of its PF.
 *
 * A message arrives if the function can be reached, and its PF reports to the
 * port. The Root Port lets messages of a class through if Bridge Control has
 * SERR# Enable set, or else if it is to report that class itself.
 *
 * Context: any but NMI.
 *
 * Return: how many messages arrived, none if there is no such function
 */
int pci_mock_raise(struct pci_mock *mock, unsigned int pf, int vf, u32 uncor,
		   u32 cor, const u32 header[4])
{
	unsigned long flags;
	int ret;

	raw_spin_lock_irqsave(&mock->lock, flags);
	ret = pci_mock_raise_locked(mock, pf, vf, uncor, cor, header);
	raw_spin_unlock_irqrestore(&mock->lock, flags);
	return ret;
}

/**
 * pci_mock_message_locked - pci_mock_message() for observers
 * @mock: mock hierarchy
 * @source_id: as there
 * @msg: as there
 *
 * Context: under pci_mock.lock, as an observer runs.
 *
 * Return: as pci_mock_message()
 */
int pci_mock_message_locked(struct pci_mock *mock, u16 source_id,
			    enum pci_mock_msg msg)
{
	lockdep_assert_held(&mock->lock);
	if (!mock->port)
		return 0;
	receive(mock, source_id, msg);
	return 1;
}

/**
 * pci_mock_message - an error message arrives at the port, whoever sent it
 * @mock: mock hierarchy
 * @source_id: who claims to have sent it
 * @msg: which one
 *
 * Context: any but NMI.
 *
 * Return: how many messages arrived: 1, or 0 if there is no port
 */
int pci_mock_message(struct pci_mock *mock, u16 source_id,
		     enum pci_mock_msg msg)
{
	unsigned long flags;
	int ret;

	raw_spin_lock_irqsave(&mock->lock, flags);
	ret = pci_mock_message_locked(mock, source_id, msg);
	raw_spin_unlock_irqrestore(&mock->lock, flags);
	return ret;
}
