// SPDX-License-Identifier: GPL-2.0
/* What the AER tests on the mock hierarchy share. */
#include <kunit/resource.h>
#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/minmax.h>
#include <linux/pci.h>
#include <linux/string.h>

#include "aer_util.h"

/**
 * at_params - a PF with VFs below a Root Port that reports errors
 * @p: filled in
 * @vfs: TotalVFs
 */
void at_params(struct pci_mock_params *p, u16 vfs)
{
	mt_params(p, vfs);
	p->root_port = true;
	p->irq = true;
}

static void at_put(void *data)
{
	at_forget(data);
}

/**
 * at_forget - drop the references to all functions
 * @at: device
 */
void at_forget(struct at *at)
{
	at_drop_vfs(at);
	pci_dev_put(at->pf);
	pci_dev_put(at->port);
	at->pf = NULL;
	at->port = NULL;
}

/**
 * at_drop_vfs - drop the references to the VFs
 * @at: device
 */
void at_drop_vfs(struct at *at)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(at->vf); i++) {
		pci_dev_put(at->vf[i]);
		at->vf[i] = NULL;
	}
	at->vfs = 0;
}

/**
 * at_find_vfs - look for the VFs that there are
 * @at: device, without references to VFs
 */
void at_find_vfs(struct at *at)
{
	struct pci_dev *dev = NULL;
	int id;

	for_each_pci_dev(dev) {
		if (!dev->is_virtfn || pci_physfn(dev) != at->pf)
			continue;
		id = pci_iov_vf_id(dev);
		if (id < 0 || id >= (int)ARRAY_SIZE(at->vf))
			continue;
		at->vf[id] = pci_dev_get(dev);
		at->vfs++;
	}
}

/**
 * at_create - create a device and enable its VFs; all ends with the test
 * @test: test; aborted if that fails
 * @p: parameters
 *
 * Return: the device
 */
struct at *at_create(struct kunit *test, const struct pci_mock_params *p)
{
	unsigned int vfs = min_t(unsigned int, p->total_vfs, 64);
	struct at *at = kunit_kzalloc(test, sizeof(*at), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, at);
	at->mock = mt_create(test, p);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, at_put, at));
	at->port = pci_mock_get_port(at->mock);
	at->pf = pci_mock_get_pf(at->mock, 0);
	KUNIT_ASSERT_NOT_NULL(test, at->port);
	KUNIT_ASSERT_NOT_NULL(test, at->pf);
	if (!vfs)
		return at;
	KUNIT_ASSERT_EQ(test, 0, mt_set_numvfs(at->pf, vfs));
	at_find_vfs(at);
	KUNIT_ASSERT_EQ(test, at->vfs, vfs);
	pci_mock_stats_reset(at->mock);
	return at;
}

/**
 * at_device - a well-behaved device
 * @test: test
 *
 * Return: a PF and %AT_VFS VFs
 */
struct at *at_device(struct kunit *test)
{
	struct pci_mock_params p;

	at_params(&p, AT_VFS);
	return at_create(test, &p);
}

/*
 * A test that hangs is given up after so many looks with a sleep in between. How long
 * these take is up to the machine, and nothing that a test is about.
 */
#define AT_LOOKS	2000U
#define AT_SLEEP_MS	5

/**
 * at_until - wait for something
 * @cond: whether it is there
 * @ctx: for @cond
 * @ms: 0: look once; anything else: wait. It is no bound, for what is slower on a
 *	machine that has other things to do is not wrong: of what is known to take long
 *	it is how long, at least, to sleep before the test is given up.
 *
 * Return: whether it came
 */
bool at_until(bool (*cond)(void *ctx), void *ctx, unsigned int ms)
{
	unsigned int i;

	for (i = 0; ms && i < max(AT_LOOKS, ms / AT_SLEEP_MS); i++) {
		if (cond(ctx))
			return true;
		usleep_range(4000, 6000);
	}
	return cond(ctx);
}

struct at_called {
	struct at *at;
	int vf;
};

static bool was_called(void *ctx)
{
	struct at_called *c = ctx;

	return at_calls(c->at, c->vf);
}

/**
 * at_is_told - wait until a function's driver has been called about an error
 * @at: device
 * @vf: VF, or %AT_PF
 *
 * Return: whether it was. Other than a state this does not pass.
 */
bool at_is_told(struct at *at, int vf)
{
	struct at_called c = { .at = at, .vf = vf };

	return at_until(was_called, &c, 1);
}

struct at_wait {
	struct pci_dev *dev;
	const char *what;
	u64 count;
};

static bool in_state(void *ctx)
{
	struct at_wait *w = ctx;
	char buf[32];

	return !mt_show(w->dev, "containment/state", buf, sizeof(buf)) &&
	       !strcmp(buf, w->what);
}

/**
 * at_state_is - wait for a function to be in a state
 * @dev: function
 * @state: as containment/state says it
 * @ms: see at_until()
 *
 * Return: whether it is
 */
bool at_state_is(struct pci_dev *dev, const char *state, unsigned int ms)
{
	struct at_wait w = { .dev = dev, .what = state };

	return at_until(in_state, &w, ms);
}

/* The number behind a word at the beginning of a line. */
static u64 number_of(struct pci_dev *dev, const char *attr, const char *key)
{
	char *line, *rest, buf[768];
	size_t len = strlen(key);
	u64 val;

	if (mt_show(dev, attr, buf, sizeof(buf)))
		return U64_MAX;
	rest = buf;
	while ((line = strsep(&rest, "\n")))
		if (!strncmp(line, key, len) && line[len] == ' ' &&
		    !kstrtou64(line + len + 1, 10, &val))
			return val;
	return U64_MAX;
}

/**
 * at_errors - a number of containment/errors
 * @dev: function
 * @key: which
 *
 * Return: the number, %U64_MAX if there is none
 */
u64 at_errors(struct pci_dev *dev, const char *key)
{
	return number_of(dev, "containment/errors", key);
}

static bool errors_reach(void *ctx)
{
	struct at_wait *w = ctx;
	u64 count = at_errors(w->dev, w->what);

	return count != U64_MAX && count >= w->count;
}

/**
 * at_errors_reach - wait for a number of containment/errors
 * @dev: function
 * @key: which
 * @count: at least that
 * @ms: see at_until()
 *
 * Return: whether it is reached
 */
bool at_errors_reach(struct pci_dev *dev, const char *key, u64 count, unsigned int ms)
{
	struct at_wait w = { .dev = dev, .what = key, .count = count };

	return at_until(errors_reach, &w, ms);
}

/**
 * at_bit - a number of one of the files that have always been there
 * @dev: function
 * @attr: file
 * @name: which
 *
 * Return: the number, %U64_MAX if there is none
 */
u64 at_bit(struct pci_dev *dev, const char *attr, const char *name)
{
	return number_of(dev, attr, name);
}

/**
 * at_bind - unbind a function, and bind it to another driver
 * @test: test; aborted if that fails
 * @dev: function
 * @driver: driver, "" for none
 */
void at_bind(struct kunit *test, struct pci_dev *dev, const char *driver)
{
	if (dev->dev.driver)
		device_release_driver(&dev->dev);
	if (!*driver)
		return;
	KUNIT_ASSERT_EQ(test, 0, mt_store(dev, "driver_override", driver));
	KUNIT_ASSERT_GE(test, device_attach(&dev->dev), 0);
	KUNIT_ASSERT_NOT_NULL(test, dev->dev.driver);
	KUNIT_ASSERT_STREQ(test, dev->dev.driver->name, driver);
}

static bool all_normal(void *ctx)
{
	struct at *at = ctx;
	unsigned int i;

	if (!at_state_is(at->pf, "normal", 0))
		return false;
	for (i = 0; i < at->vfs; i++)
		if (!at_state_is(at->vf[i], "normal", 0))
			return false;
	return true;
}

/**
 * at_settled - wait until all functions are in service
 * @at: device
 *
 * Return: whether they are
 */
bool at_settled(struct at *at)
{
	return at_until(all_normal, at, 10000);
}

/**
 * at_calls - how often a function's driver was called about errors
 * @at: device
 * @vf: VF, or %AT_PF
 *
 * Return: calls of all handlers
 */
u32 at_calls(struct at *at, int vf)
{
	struct pci_mock_calls c;

	pci_mock_calls(at->mock, 0, vf, &c);
	return c.detected_normal + c.detected_frozen + c.detected_failure +
	       c.mmio_enabled + c.slot_reset + c.resume + c.cor_error;
}

/**
 * at_command - COMMAND register of a function, without an access
 * @at: device
 * @vf: VF, or %AT_PF
 *
 * Return: the register
 */
u16 at_command(struct at *at, int vf)
{
	return pci_mock_peek(at->mock, 0, vf, PCI_COMMAND, 2);
}

/**
 * at_set_fatal - make errors fatal, for the PF and its VFs
 * @at: device
 * @bits: uncorrectable errors
 */
void at_set_fatal(struct at *at, u32 bits)
{
	u32 fatal = pci_mock_peek(at->mock, 0, AT_PF, PCI_MOCK_AER + PCI_ERR_UNCOR_SEVER, 4);

	pci_mock_force(at->mock, 0, AT_PF, PCI_MOCK_AER + PCI_ERR_UNCOR_SEVER, 4, fatal | bits);
}
