// SPDX-License-Identifier: GPL-2.0
/*
 * Mock PCI hierarchy: the drivers of its functions. How they behave is up to
 * struct pci_mock.drv.
 */
#include <linux/delay.h>
#include <linux/init.h>
#include <linux/mod_devicetable.h>
#include <linux/pci.h>

#include "internal.h"

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
};

static int mock_vf_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct pci_mock_driver_ctl *drv = &pci_mock_of(pdev)->drv;

	if (drv->vf_probe_errno)
		return drv->vf_probe_errno;
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
};

static int __init mock_drivers_init(void)
{
	int ret;

	ret = pci_register_driver(&mock_pf_driver);
	if (ret)
		return ret;
	ret = pci_register_driver(&mock_vf_driver);
	if (ret)
		pci_unregister_driver(&mock_pf_driver);
	return ret;
}
device_initcall(mock_drivers_init);
