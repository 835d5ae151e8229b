// SPDX-License-Identifier: GPL-2.0
/*
 * SR-IOV in sysfs, and why it was refused.
 *
 * Removing a device removes its attributes, and waits for those that are in use.
 * An attribute that waits for what the remover holds would wait for ever: where
 * a store below needs pci_lock_rescan_remove() or a device_lock(), it gives its
 * claim on the attribute up, and looks whether the device is still there when it
 * has the lock. The rescan lock stops every PCI device: it is never held while a
 * store waits for something else, see change_numvfs().
 */

#include <linux/device.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/printk.h>
#include <linux/spinlock.h>
#include <linux/stdarg.h>
#include <linux/sysfs.h>

#include "../pci.h"
#include "internal.h"

/**
 * sriov_refuse - tell why SR-IOV was refused
 * @pf: the PF
 * @reason: why
 * @err: the errno to pass on, 0 for the reason's own
 * @fmt: details, without a new line; printf arguments follow
 *
 * Context: any but interrupts.
 *
 * Return: a negative errno.
 */
int sriov_refuse(struct pci_dev *pf, enum sriov_reason reason, int err,
		 const char *fmt, ...)
{
	struct pci_sriov *iov = pf->sriov;
	char text[SRIOV_ERROR_LEN];
	va_list args;

	va_start(args, fmt);
	vscnprintf(text, sizeof(text), fmt, args);
	va_end(args);

	pci_err(pf, "SR-IOV refused: %s: %s\n", sriov_reason_token(reason),
		text);

	scoped_guard(spinlock, &iov->error_lock) {
		iov->error = reason;
		strscpy(iov->last_error, text, sizeof(iov->last_error));
	}

	return err ?: sriov_reason_errno(reason);
}

/**
 * sriov_refuse_layout - tell that VFs cannot be where the device puts them
 * @pf: the PF
 * @layout: where it puts them
 * @n: for how many VFs
 *
 * Return: a negative errno.
 */
int sriov_refuse_layout(struct pci_dev *pf, const struct sriov_layout *layout,
			unsigned int n)
{
	return sriov_refuse(pf, SRIOV_REASON_LAYOUT, 0,
			    "First VF Offset %u and VF Stride %u are impossible for %u VFs",
			    layout->offset, layout->stride, n);
}

/**
 * sriov_clear_error - what was asked for last was not refused
 * @iov: the PF's SR-IOV state
 */
void sriov_clear_error(struct pci_sriov *iov)
{
	guard(spinlock)(&iov->error_lock);
	iov->error = SRIOV_REASON_NONE;
}

static ssize_t sriov_last_error_show(struct device *dev,
				     struct device_attribute *attr, char *buf)
{
	struct pci_sriov *iov = to_pci_dev(dev)->sriov;

	guard(spinlock)(&iov->error_lock);

	if (iov->error == SRIOV_REASON_NONE)
		return sysfs_emit(buf, "%s\n", sriov_reason_token(iov->error));

	return sysfs_emit(buf, "%s: %s\n", sriov_reason_token(iov->error),
			  iov->last_error);
}
static DEVICE_ATTR_RO(sriov_last_error);

static ssize_t sriov_totalvfs_show(struct device *dev,
				   struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n",
			  pci_sriov_get_totalvfs(to_pci_dev(dev)));
}
static DEVICE_ATTR_RO(sriov_totalvfs);

static ssize_t sriov_offset_show(struct device *dev,
				 struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", to_pci_dev(dev)->sriov->offset);
}
static DEVICE_ATTR_RO(sriov_offset);

static ssize_t sriov_stride_show(struct device *dev,
				 struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", to_pci_dev(dev)->sriov->stride);
}
static DEVICE_ATTR_RO(sriov_stride);

static ssize_t sriov_vf_device_show(struct device *dev,
				    struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%x\n", to_pci_dev(dev)->sriov->vf_device);
}
static DEVICE_ATTR_RO(sriov_vf_device);

static ssize_t sriov_drivers_autoprobe_store(struct device *dev,
					     struct device_attribute *attr,
					     const char *buf, size_t count)
{
	struct pci_dev *pf = to_pci_dev(dev);
	bool choice;

	if (kstrtobool(buf, &choice)) {
		pci_warn(pf, "sriov_drivers_autoprobe takes 0 or 1\n");
		return -EINVAL;
	}

	pci_vf_drivers_autoprobe(pf, choice);
	return count;
}

static ssize_t sriov_drivers_autoprobe_show(struct device *dev,
					    struct device_attribute *attr,
					    char *buf)
{
	const struct pci_sriov *iov = to_pci_dev(dev)->sriov;

	return sysfs_emit(buf, "%d\n", iov->drivers_autoprobe);
}
static DEVICE_ATTR_RW(sriov_drivers_autoprobe);

static ssize_t sriov_numvfs_show(struct device *dev,
				 struct device_attribute *attr, char *buf)
{
	/* One load: nobody who asks has to wait for an enable to end */
	return sysfs_emit(buf, "%u\n", pci_num_vf(to_pci_dev(dev)));
}

/* Let the driver do it, and see that a refusal of its own has a reason, too */
static int ask_driver(struct pci_dev *pf, u16 n)
{
	struct pci_driver *driver = pf->driver;
	struct pci_sriov *iov = pf->sriov;
	int ret;

	ret = driver->sriov_configure(pf, n);
	if (ret < 0 && READ_ONCE(iov->error) == SRIOV_REASON_NONE)
		return sriov_refuse(pf, SRIOV_REASON_DRIVER, ret,
				    "driver %s returned %d", driver->name, ret);
	if (ret >= 0 && ret != n)
		pci_warn(pf, "%u VFs requested; only %d enabled\n", n, ret);

	return min(ret, 0);
}

/* 1 if the driver has to be asked, 0 if nothing changes, or a negative errno */
static int check_numvfs(struct pci_dev *pf, u16 n)
{
	struct pci_sriov *iov = pf->sriov;

	device_lock_assert(&pf->dev);

	if (!pci_dev_is_added(pf))
		return sriov_refuse(pf, SRIOV_REASON_REMOVED, 0,
				    "device was removed");

	sriov_clear_error(iov);
	if (n == iov->num_vfs)
		return 0;
	if (n && iov->num_vfs)
		return sriov_refuse(pf, SRIOV_REASON_BUSY, 0,
				    "%u VFs already enabled. Disable before enabling %u VFs",
				    iov->num_vfs, n);
	if (!pf->driver)
		return sriov_refuse(pf, SRIOV_REASON_NO_DRIVER, 0,
				    "no driver bound to device; cannot configure SR-IOV");
	if (!pf->driver->sriov_configure)
		return sriov_refuse(pf, SRIOV_REASON_NO_CALLBACK, 0,
				    "driver does not support SR-IOV configuration via sysfs");

	return 1;
}

/*
 * With the rescan lock held, nothing is waited for that is not the change
 * itself: neither the device's lock nor the capability's second. False if either
 * would have to be.
 */
static bool try_numvfs(struct pci_dev *pf, u16 n, int *err)
{
	bool ready;

	if (!device_trylock(&pf->dev))
		return false;

	ready = !n || !READ_ONCE(pf->sriov->settling);
	if (ready) {
		*err = check_numvfs(pf, n);
		if (*err > 0)
			*err = ask_driver(pf, n);
	}

	device_unlock(&pf->dev);
	return ready;
}

/*
 * The device's lock may be held for as long as a driver's ->remove() waits for
 * its users, and the rescan lock is everybody's. Removal takes the rescan lock
 * and waits for the device's lock: so neither is waited for with the other held
 * here. What needs no driver is answered under the device's lock alone.
 */
static int change_numvfs(struct pci_dev *pf, u16 n)
{
	bool done;
	int err;

	do {
		if (mutex_lock_killable(&pf->dev.mutex))
			return -EINTR;
		err = check_numvfs(pf, n);
		device_unlock(&pf->dev);
		if (err <= 0)
			return err;

		if (n)
			sriov_settle(pf->sriov);

		pci_lock_rescan_remove();
		done = try_numvfs(pf, n, &err);
		pci_unlock_rescan_remove();
	} while (!done);

	return err;
}

static ssize_t sriov_numvfs_store(struct device *dev,
				  struct device_attribute *attr,
				  const char *buf, size_t count)
{
	struct pci_dev *pf = to_pci_dev(dev);
	struct kernfs_node *node;
	int err;
	u16 n;

	if (kstrtou16(buf, 0, &n))
		return sriov_refuse(pf, SRIOV_REASON_BAD_NUMBER, 0,
				    "sriov_numvfs takes a number from 0 to %d",
				    pci_sriov_get_totalvfs(pf));
	if (n > pci_sriov_get_totalvfs(pf))
		return sriov_refuse(pf, SRIOV_REASON_TOO_MANY, 0,
				    "%u VFs wanted, at most %d are possible", n,
				    pci_sriov_get_totalvfs(pf));

	/* Holds the device, and lets it be removed */
	node = sysfs_break_active_protection(&dev->kobj, &attr->attr);
	if (!node)
		return -ENODEV;

	err = change_numvfs(pf, n);
	sysfs_unbreak_active_protection(node);
	return err ?: count;
}
static DEVICE_ATTR_RW(sriov_numvfs);

#ifdef CONFIG_PCI_MSI
static ssize_t sriov_vf_total_msix_show(struct device *dev,
					struct device_attribute *attr,
					char *buf)
{
	struct pci_dev *pf = to_pci_dev(dev);
	u32 total = 0;

	/* It may be held for as long as VFs are being enabled, or longer */
	if (mutex_lock_killable(&dev->mutex))
		return -EINTR;

	if (pf->driver && pf->driver->sriov_get_vf_total_msix)
		total = pf->driver->sriov_get_vf_total_msix(pf);
	device_unlock(dev);

	return sysfs_emit(buf, "%u\n", total);
}
static DEVICE_ATTR_RO(sriov_vf_total_msix);

static int set_msix_count(struct pci_dev *pf, struct pci_dev *vf, int n)
{
	guard(device)(&pf->dev);

	if (!pf->driver || !pf->driver->sriov_set_msix_vec_count) {
		pci_warn(vf, "PF's driver cannot change the number of MSI-X vectors\n");
		return -EOPNOTSUPP;
	}

	guard(device)(&vf->dev);

	if (!pci_dev_is_added(vf)) {
		pci_warn(vf, "removed before its MSI-X vectors could be changed\n");
		return -ENODEV;
	}
	/* A driver has set itself up for the vectors that there are */
	if (vf->driver) {
		pci_warn(vf, "unbind its driver before changing its MSI-X vectors\n");
		return -EBUSY;
	}

	return pf->driver->sriov_set_msix_vec_count(vf, n);
}

static ssize_t sriov_vf_msix_count_store(struct device *dev,
					 struct device_attribute *attr,
					 const char *buf, size_t count)
{
	struct pci_dev *vf = to_pci_dev(dev);
	struct kernfs_node *node;
	int err, n;

	if (kstrtoint(buf, 0, &n) || n < 0) {
		pci_warn(vf, "sriov_vf_msix_count takes a number of vectors, or 0 for the default\n");
		return -EINVAL;
	}

	/* The VF may be removed by who holds its PF's lock */
	node = sysfs_break_active_protection(&dev->kobj, &attr->attr);
	if (!node)
		return -ENODEV;

	err = set_msix_count(pci_physfn(vf), vf, n);
	sysfs_unbreak_active_protection(node);
	return err ?: count;
}
static DEVICE_ATTR_WO(sriov_vf_msix_count);
#endif /* CONFIG_PCI_MSI */

static struct attribute *sriov_vf_attrs[] = {
#ifdef CONFIG_PCI_MSI
	&dev_attr_sriov_vf_msix_count.attr,
#endif
	NULL
};

static umode_t sriov_vf_attr_visible(struct kobject *kobj,
				     struct attribute *attr, int i)
{
	return to_pci_dev(kobj_to_dev(kobj))->is_virtfn ? attr->mode : 0;
}

const struct attribute_group sriov_vf_dev_attr_group = {
	.is_visible = sriov_vf_attr_visible,
	.attrs = sriov_vf_attrs,
};

static struct attribute *sriov_pf_attrs[] = {
	&dev_attr_sriov_drivers_autoprobe.attr,
	&dev_attr_sriov_last_error.attr,
	&dev_attr_sriov_numvfs.attr,
	&dev_attr_sriov_offset.attr,
	&dev_attr_sriov_stride.attr,
	&dev_attr_sriov_totalvfs.attr,
	&dev_attr_sriov_vf_device.attr,
#ifdef CONFIG_PCI_MSI
	&dev_attr_sriov_vf_total_msix.attr,
#endif
	NULL
};

static umode_t sriov_pf_attr_visible(struct kobject *kobj,
				     struct attribute *attr, int i)
{
	struct pci_dev *pdev = to_pci_dev(kobj_to_dev(kobj));

	if (pdev->is_physfn)
		return attr->mode;

	/* A capability that is broken can still say so */
	if (attr == &dev_attr_sriov_last_error.attr && !pdev->is_virtfn &&
	    pdev->sriov)
		return attr->mode;

	return 0;
}

const struct attribute_group sriov_pf_dev_attr_group = {
	.is_visible = sriov_pf_attr_visible,
	.attrs = sriov_pf_attrs,
};
