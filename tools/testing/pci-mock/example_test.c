// SPDX-License-Identifier: GPL-2.0
/*
 * An example: the KUnit tests of a PF driver, on the mock hierarchy. The driver is a
 * small one that keeps a queue for each VF; what it does on the way is what drivers of
 * real devices do. Documentation/PCI/pf-driver.rst goes through it step by step.
 *
 * The mock's own drivers leave it alone, since its functions have IDs of their own.
 */
#include <kunit/test.h>
#include <linux/atomic.h>
#include <linux/bits.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/mod_devicetable.h>
#include <linux/pci.h>
#include <linux/slab.h>

#include "mock_util.h"

/* --- The driver, as it is in its own file --- */

#define EXAMPLE_DEV_PF	0x1001
#define EXAMPLE_DEV_VF	0x1002
#define EXAMPLE_QUEUES	4	/* the device has more VFs than queues for them */

/**
 * struct example - what the driver keeps of a PF
 * @queues: one bit for each queue that a VF has; sriov_configure() alone writes it
 * @errors: calls of the PF's error_detected()
 */
struct example {
	unsigned long queues;
	atomic_t errors;
};

static pci_ers_result_t example_error_detected(struct pci_dev *pf,
					       pci_channel_state_t state)
{
	struct example *ex = pci_get_drvdata(pf);

	atomic_inc(&ex->errors);
	return state == pci_channel_io_perm_failure ? PCI_ERS_RESULT_DISCONNECT :
						      PCI_ERS_RESULT_NEED_RESET;
}

static pci_ers_result_t example_slot_reset(struct pci_dev *pf)
{
	return PCI_ERS_RESULT_RECOVERED;
}

static const struct pci_error_handlers example_err_handler = {
	.error_detected = example_error_detected,
	.slot_reset = example_slot_reset,
};

/* All or none: after a failure no VF has a queue */
static int example_sriov_configure(struct pci_dev *pf, int n)
{
	struct example *ex = pci_get_drvdata(pf);
	int err;

	if (!n) {
		pci_disable_sriov(pf);
		ex->queues = 0;
		return 0;
	}

	/* VFs are probed before pci_enable_sriov() returns, and use their queues */
	ex->queues = GENMASK(n - 1, 0);
	err = pci_enable_sriov(pf, n);
	if (err)
		ex->queues = 0;
	return err ?: n;
}

static int example_probe(struct pci_dev *pf, const struct pci_device_id *id)
{
	struct example *ex;
	int err;

	ex = kzalloc(sizeof(*ex), GFP_KERNEL);
	if (!ex)
		return -ENOMEM;

	err = pci_enable_device_mem(pf);
	if (err)
		goto free;

	err = pci_sriov_set_totalvfs(pf, EXAMPLE_QUEUES);
	if (err)
		goto disable;

	pci_set_master(pf);
	pci_set_drvdata(pf, ex);
	return 0;

disable:
	pci_disable_device(pf);
free:
	kfree(ex);
	return err;
}

static void example_remove(struct pci_dev *pf)
{
	struct example *ex = pci_get_drvdata(pf);

	/* Before the data goes that drivers of VFs reach by pci_iov_get_pf_drvdata() */
	pci_disable_sriov(pf);
	pci_disable_device(pf);
	kfree(ex);
}

static const struct pci_device_id example_ids[] = {
	{ PCI_DEVICE(PCI_MOCK_VENDOR, EXAMPLE_DEV_PF) },
	{ }
};

static struct pci_driver example_driver = {
	.name = "pci-mock-example",
	.id_table = example_ids,
	.probe = example_probe,
	.remove = example_remove,
	.sriov_configure = example_sriov_configure,
	.err_handler = &example_err_handler,
};

/* --- The driver of its VFs --- */

static atomic_t vfs_bound, vf_resets, vf_resumes;

static int example_vf_probe(struct pci_dev *vf, const struct pci_device_id *id)
{
	struct example *ex = pci_iov_get_pf_drvdata(vf, &example_driver);

	if (IS_ERR(ex))
		return PTR_ERR(ex);
	if (!test_bit(pci_iov_vf_id(vf), &ex->queues))
		return -ENXIO;
	atomic_inc(&vfs_bound);
	return 0;
}

static void example_vf_remove(struct pci_dev *vf)
{
	atomic_dec(&vfs_bound);
}

static pci_ers_result_t example_vf_error_detected(struct pci_dev *vf,
						  pci_channel_state_t state)
{
	return PCI_ERS_RESULT_NEED_RESET;
}

static pci_ers_result_t example_vf_slot_reset(struct pci_dev *vf)
{
	atomic_inc(&vf_resets);
	return PCI_ERS_RESULT_RECOVERED;
}

static void example_vf_resume(struct pci_dev *vf)
{
	atomic_inc(&vf_resumes);
}

static const struct pci_error_handlers example_vf_err_handler = {
	.error_detected = example_vf_error_detected,
	.slot_reset = example_vf_slot_reset,
	.resume = example_vf_resume,
};

static const struct pci_device_id example_vf_ids[] = {
	{ PCI_DEVICE(PCI_MOCK_VENDOR, EXAMPLE_DEV_VF) },
	{ }
};

static struct pci_driver example_vf_driver = {
	.name = "pci-mock-example-vf",
	.id_table = example_vf_ids,
	.probe = example_vf_probe,
	.remove = example_vf_remove,
	.err_handler = &example_vf_err_handler,
};

/* --- Its tests --- */

/* The device that the driver is for: IDs of its own, below a Root Port that reports */
static const struct pci_mock_poke example_poke[] = {
	{ PCI_DEVICE_ID, 2, EXAMPLE_DEV_PF },
	{ PCI_MOCK_SRIOV + PCI_SRIOV_VF_DID, 2, EXAMPLE_DEV_VF },
	{ }
};

static void example_params(struct pci_mock_params *p)
{
	mt_params(p, 2 * EXAMPLE_QUEUES);
	p->root_port = true;
	p->irq = true;
	p->pf_poke = example_poke;
}

/* A PF that its driver is bound to; it ends with the test */
static struct pci_dev *example_pf(struct kunit *test, const struct pci_mock_params *p)
{
	struct pci_dev *pf = mt_pf(test, mt_create(test, p), 0);

	KUNIT_ASSERT_PTR_EQ(test, &example_driver, pf->driver);
	return pf;
}

static struct pci_dev *example_device(struct kunit *test)
{
	struct pci_mock_params p;

	example_params(&p);
	return example_pf(test, &p);
}

static unsigned long queues_of(struct pci_dev *pf)
{
	struct example *ex = pci_get_drvdata(pf);

	return ex->queues;
}

static void each_vf_has_its_queue(struct kunit *test)
{
	struct pci_dev *pf = example_device(test);

	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, 3));
	KUNIT_EXPECT_EQ(test, 3, pci_num_vf(pf));
	KUNIT_EXPECT_EQ(test, 3, atomic_read(&vfs_bound));
	KUNIT_EXPECT_EQ(test, 0x7UL, queues_of(pf));

	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, 0));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&vfs_bound));
	KUNIT_EXPECT_EQ(test, 0UL, queues_of(pf));
}

static void no_more_vfs_than_queues(struct kunit *test)
{
	struct pci_dev *pf = example_device(test);

	KUNIT_EXPECT_EQ(test, EXAMPLE_QUEUES, mt_show_uint(pf, "sriov_totalvfs"));
	KUNIT_EXPECT_EQ(test, -ERANGE, mt_set_numvfs(pf, EXAMPLE_QUEUES + 1));
	KUNIT_EXPECT_TRUE(test, mt_last_error_is(pf, "too-many-vfs"));
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, EXAMPLE_QUEUES));
	KUNIT_EXPECT_EQ(test, EXAMPLE_QUEUES, atomic_read(&vfs_bound));
}

/* A device that lets VFs be enabled, and of which VF 2 never answers */
static void a_vf_that_does_not_answer_costs_no_queue(struct kunit *test)
{
	struct pci_mock_fault silent = {
		.kinds = BIT(PCI_MOCK_VF),
		.pf = 0,
		.vf = 2,
		.lo = 0,
		.hi = PCI_CFG_SPACE_EXP_SIZE - 1,
		.dir = PCI_MOCK_READ,
		.nth = 1,
		.sticky = true,
		.action = PCI_MOCK_ERROR,
	};
	struct pci_dev *pf = example_device(test);

	pci_mock_fault_add(pci_mock_of(pf), &silent);
	KUNIT_EXPECT_EQ(test, -ETIMEDOUT, mt_set_numvfs(pf, 4));
	KUNIT_EXPECT_TRUE(test, mt_last_error_is(pf, "vf-not-ready"));
	pci_mock_fault_del(pci_mock_of(pf), &silent);
	KUNIT_EXPECT_GT(test, silent.hits, 0ULL);
	KUNIT_EXPECT_EQ(test, 0, pci_num_vf(pf));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&vfs_bound));
	KUNIT_EXPECT_EQ(test, 0UL, queues_of(pf));

	/* and nothing is left that would keep the next from working */
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, 4));
	KUNIT_EXPECT_EQ(test, 4, atomic_read(&vfs_bound));
}

/* How long it takes is up to the machine: a test that hangs is given up by count */
static bool resumed(int times)
{
	unsigned int looks = 2000;

	while (atomic_read(&vf_resumes) < times && looks--)
		usleep_range(4000, 6000);
	return atomic_read(&vf_resumes) == times;
}

static void an_error_of_a_vf_is_not_the_pfs(struct kunit *test)
{
	struct pci_dev *pf = example_device(test);
	struct example *ex = pci_get_drvdata(pf);

	KUNIT_ASSERT_EQ(test, 0, mt_set_numvfs(pf, 2));
	/* one message arrives at the Root Port */
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(pci_mock_of(pf), 0, 1,
						PCI_ERR_UNC_COMP_ABORT, 0, NULL));
	KUNIT_EXPECT_TRUE(test, resumed(1));
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&vf_resets));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&ex->errors));
	KUNIT_EXPECT_EQ(test, 2, pci_num_vf(pf));
}

/* Removal of the PF ends its VFs first: their driver looks at the PF's data until then */
static void removal_takes_the_vfs_along(struct kunit *test)
{
	struct pci_mock_params p;
	struct pci_mock *mock;
	struct pci_dev *pf;

	example_params(&p);
	mock = mt_create(test, &p);
	pf = pci_mock_get_pf(mock, 0);
	KUNIT_ASSERT_NOT_NULL(test, pf);
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, 2));
	pci_dev_put(pf);
	mt_destroy(test, mock);
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&vfs_bound));
}

static int example_init(struct kunit *test)
{
	atomic_set(&vf_resets, 0);
	atomic_set(&vf_resumes, 0);
	return 0;
}

static int example_suite_init(struct kunit_suite *suite)
{
	int err;

	err = pci_register_driver(&example_driver);
	if (err)
		return err;

	err = pci_register_driver(&example_vf_driver);
	if (err)
		goto unregister;

	err = mt_suite_init(suite);
	if (err)
		goto unregister_vf;
	return 0;

unregister_vf:
	pci_unregister_driver(&example_vf_driver);
unregister:
	pci_unregister_driver(&example_driver);
	return err;
}

static void example_suite_exit(struct kunit_suite *suite)
{
	mt_suite_exit(suite);
	pci_unregister_driver(&example_vf_driver);
	pci_unregister_driver(&example_driver);
}

static struct kunit_case example_cases[] = {
	KUNIT_CASE(each_vf_has_its_queue),
	KUNIT_CASE(no_more_vfs_than_queues),
	KUNIT_CASE_SLOW(a_vf_that_does_not_answer_costs_no_queue),
	KUNIT_CASE(an_error_of_a_vf_is_not_the_pfs),
	KUNIT_CASE(removal_takes_the_vfs_along),
	{ }
};

static struct kunit_suite example_suite = {
	.name = "pci_mock_example",
	.suite_init = example_suite_init,
	.suite_exit = example_suite_exit,
	.init = example_init,
	.test_cases = example_cases,
};

kunit_test_suite(example_suite);
