// SPDX-License-Identifier: GPL-2.0
/*
 * Mock PCI hierarchy: the drivers of its functions. How they behave is up to
 * struct pci_mock.drv.
 *
 *	pci-mock-pf		PFs
 *	pci-mock-vf		VFs
 *	pci-mock-vf-plain	VFs, by driver_override: has no error handlers
 *	pci-mock-vf-dma		VFs, by driver_override: manages DMA itself, as
 *				VFIO does
 *	pci-mock-vf-stub	VFs, by driver_override: keeps them for others, without
 *				error handlers, as pci-stub and pciback do
 */
#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/init.h>
#include <linux/mod_devicetable.h>
#include <linux/pci.h>
#include <linux/workqueue.h>

#include "internal.h"

/* What the calls are counted in. */
static atomic_t *mock_calls_of(struct pci_dev *pdev)
{
	struct pci_mock *mock = pci_mock_of(pdev);
	struct mock_target t;

	t = mock_target(PCI_FUNC(pci_physfn(pdev)->devfn),
			pdev->is_virtfn ? pci_iov_vf_id(pdev) : -1);
	return mock_fn(mock, &t)->calls;
}

static void mock_nap(struct work_struct *work)
{
	msleep(20);
}

/* Without a work in it there is nothing to wait for, and nothing is checked. */
static void mock_flush(struct workqueue_struct *wq)
{
	struct work_struct work;

	INIT_WORK_ONSTACK(&work, mock_nap);
	queue_work(wq, &work);
	flush_workqueue(wq);
	destroy_work_on_stack(&work);
}

static pci_ers_result_t mock_error_detected(struct pci_dev *pdev,
					    pci_channel_state_t state)
{
	struct pci_mock_driver_ctl *drv = &pci_mock_of(pdev)->drv;
	enum mock_call call = MOCK_DETECTED_FAILURE;
	unsigned int ms;

	if (state == pci_channel_io_normal)
		call = MOCK_DETECTED_NORMAL;
	else if (state == pci_channel_io_frozen)
		call = MOCK_DETECTED_FROZEN;
	atomic_inc(&mock_calls_of(pdev)[call]);
	if (drv->delay_vf == PCI_MOCK_ANY_FN ||
	    (pdev->is_virtfn && drv->delay_vf == pci_iov_vf_id(pdev))) {
		for (ms = 0; ms < READ_ONCE(drv->detect_delay_ms); ms += 20)
			msleep(20);
		if (drv->gate)
			wait_for_completion(drv->gate);
	}
	if (drv->flush)
		mock_flush(drv->flush);
	if (drv->rebuild_vfs && !pdev->is_virtfn)
		pci_disable_sriov(pdev);
	return drv->vote;
}

static pci_ers_result_t mock_mmio_enabled(struct pci_dev *pdev)
{
	atomic_inc(&mock_calls_of(pdev)[MOCK_MMIO_ENABLED]);
	return pci_mock_of(pdev)->drv.mmio_vote;
}

static pci_ers_result_t mock_slot_reset(struct pci_dev *pdev)
{
	atomic_inc(&mock_calls_of(pdev)[MOCK_SLOT_RESET]);
	return pci_mock_of(pdev)->drv.slot_vote;
}

static void mock_resume(struct pci_dev *pdev)
{
	struct pci_mock_driver_ctl *drv = &pci_mock_of(pdev)->drv;

	atomic_inc(&mock_calls_of(pdev)[MOCK_RESUME]);
	if (drv->rebuild_vfs && !pdev->is_virtfn)
		pci_enable_sriov(pdev, drv->rebuild_vfs);
}

static void mock_cor_error(struct pci_dev *pdev)
{
	atomic_inc(&mock_calls_of(pdev)[MOCK_COR_ERROR]);
}

static const struct pci_error_handlers mock_err_handler = {
	.error_detected = mock_error_detected,
	.mmio_enabled = mock_mmio_enabled,
	.slot_reset = mock_slot_reset,
	.resume = mock_resume,
	.cor_error_detected = mock_cor_error,
};

/**
 * pci_mock_calls - how often the error handlers of a function were called
 * @mock: mock hierarchy
 * @pf: PF
 * @vf: its VF, or %PCI_MOCK_ANY_FN for the PF itself
 * @out: filled in; counts from the creation of the mock on
 */
void pci_mock_calls(struct pci_mock *mock, unsigned int pf, int vf,
		    struct pci_mock_calls *out)
{
	struct mock_target t = mock_target(pf, vf);
	const atomic_t *calls = mock_fn(mock, &t)->calls;

	*out = (struct pci_mock_calls){
		.detected_normal = atomic_read(&calls[MOCK_DETECTED_NORMAL]),
		.detected_frozen = atomic_read(&calls[MOCK_DETECTED_FROZEN]),
		.detected_failure = atomic_read(&calls[MOCK_DETECTED_FAILURE]),
		.mmio_enabled = atomic_read(&calls[MOCK_MMIO_ENABLED]),
		.slot_reset = atomic_read(&calls[MOCK_SLOT_RESET]),
		.resume = atomic_read(&calls[MOCK_RESUME]),
		.cor_error = atomic_read(&calls[MOCK_COR_ERROR]),
	};
}

static int mock_pf_enable(struct pci_dev *pdev, int num_vfs)
{
	int ret = pci_enable_sriov(pdev, num_vfs);

	return ret ?: num_vfs;
}

static int mock_pf_configure(struct pci_dev *pdev, int num_vfs)
{
	struct pci_mock_driver_ctl *drv = &pci_mock_of(pdev)->drv;

	if (drv->configure_delay_ms)
		msleep(drv->configure_delay_ms);
	if (drv->configure_gate)
		wait_for_completion(drv->configure_gate);
	if (drv->configure_errno)
		return drv->configure_errno;
	if (!num_vfs) {
		pci_disable_sriov(pdev);
		return 0;
	}
	if (drv->configure_max)
		num_vfs = min_t(unsigned int, num_vfs, drv->configure_max);
	return mock_pf_enable(pdev, num_vfs);
}

static int mock_pf_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct pci_mock_driver_ctl *drv = &pci_mock_of(pdev)->drv;
	int ret;

	ret = pci_enable_device_mem(pdev);
	if (ret)
		return ret;
	pci_set_master(pdev);
	if (!drv->probe_vfs)
		return 0;
	ret = mock_pf_enable(pdev, drv->probe_vfs);
	if (ret < 0) {
		pci_disable_device(pdev);
		return ret;
	}
	return 0;
}

static void mock_pf_remove(struct pci_dev *pdev)
{
	if (!pci_mock_of(pdev)->drv.leave_enabled)
		pci_disable_sriov(pdev);
	pci_disable_device(pdev);
}

static int mock_pf_set_msix(struct pci_dev *vf, int count)
{
	struct pci_mock *mock = pci_mock_of(vf);
	struct pci_dev *pf = pci_physfn(vf);

	if (!mock->params.vf_msix)
		return -EOPNOTSUPP;
	/* 0 asks for the default */
	if (!count)
		count = mock->params.vf_msix;
	if (count > mock->drv.msix_total || count > 2048)
		return -EINVAL;
	pci_mock_force(mock, PCI_FUNC(pf->devfn), pci_iov_vf_id(vf),
		       PCI_MOCK_MSIX + PCI_MSIX_FLAGS, 2, count - 1);
	return 0;
}

static u32 mock_pf_total_msix(struct pci_dev *pdev)
{
	return pci_mock_of(pdev)->drv.msix_total;
}

static const struct pci_device_id mock_pf_ids[] = {
	{ PCI_DEVICE(PCI_MOCK_VENDOR, PCI_MOCK_DEV_PF) },
	{ }
};

static struct pci_driver mock_pf_driver = {
	.name = "pci-mock-pf",
	.id_table = mock_pf_ids,
	.probe = mock_pf_probe,
	.remove = mock_pf_remove,
	.sriov_configure = mock_pf_configure,
	.sriov_set_msix_vec_count = mock_pf_set_msix,
	.sriov_get_vf_total_msix = mock_pf_total_msix,
	.err_handler = &mock_err_handler,
};

static int mock_vf_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct pci_mock_driver_ctl *drv = &pci_mock_of(pdev)->drv;

	if (drv->vf_probe_errno)
		return drv->vf_probe_errno;
	if (drv->vf_master)
		pci_set_master(pdev);
	atomic_inc(&drv->vfs_bound);
	return 0;
}

static void mock_vf_remove(struct pci_dev *pdev)
{
	atomic_dec(&pci_mock_of(pdev)->drv.vfs_bound);
}

static const struct pci_device_id mock_vf_ids[] = {
	{ PCI_DEVICE(PCI_MOCK_VENDOR, PCI_MOCK_DEV_VF) },
	{ }
};

static struct pci_driver mock_vf_driver = {
	.name = "pci-mock-vf",
	.id_table = mock_vf_ids,
	.probe = mock_vf_probe,
	.remove = mock_vf_remove,
	.err_handler = &mock_err_handler,
};

static struct pci_driver mock_vf_plain_driver = {
	.name = "pci-mock-vf-plain",
	.probe = mock_vf_probe,
	.remove = mock_vf_remove,
};

static struct pci_driver mock_vf_dma_driver = {
	.name = "pci-mock-vf-dma",
	.probe = mock_vf_probe,
	.remove = mock_vf_remove,
	.err_handler = &mock_err_handler,
	.driver_managed_dma = true,
};

static struct pci_driver mock_vf_stub_driver = {
	.name = "pci-mock-vf-stub",
	.probe = mock_vf_probe,
	.remove = mock_vf_remove,
	.driver_managed_dma = true,
};

static struct pci_driver * const mock_drivers[] = {
	&mock_pf_driver,
	&mock_vf_driver,
	&mock_vf_plain_driver,
	&mock_vf_dma_driver,
	&mock_vf_stub_driver,
};

static int __init mock_drivers_init(void)
{
	unsigned int i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(mock_drivers); i++) {
		ret = pci_register_driver(mock_drivers[i]);
		if (ret)
			goto unregister;
	}
	return 0;

unregister:
	while (i--)
		pci_unregister_driver(mock_drivers[i]);
	return ret;
}
device_initcall(mock_drivers_init);
