// SPDX-License-Identifier: GPL-2.0
/*
 * Where a VF is at the moment.
 *
 * The kernel says it in containment/owner where it has that. xl says what it has noted
 * for a guest, which may be before the kernel has done it, or after.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "owner.h"
#include "sysfs.h"
#include "transfer.h"
#include "vfctl.h"
#include "xl.h"

/* How long xl is not believed that a guest has it, while the kernel does not say so */
#define KERNEL_MS 5000

/* From one look to the next */
#define POLL_MS 100

/**
 * can_be_reset() - is there a way to reset the VF?
 * @t: the VF
 *
 * Return: true if the kernel has one.
 */
bool can_be_reset(struct transfer *t)
{
	int dir;
	bool can;

	if (t->vf->fn.reset[0])
		return true;
	/* Before Linux 5.15 there is no reset_method. */
	dir = sysfs_dir(t->v, PCI_DEVICES "/%s", t->j.vf);
	if (dir < 0)
		return false;
	can = !sysfs_has(dir, "reset_method") && sysfs_has(dir, "reset");
	close(dir);
	return can;
}

static bool is_in(const struct address *functions, int nr, const struct address *function)
{
	int i;

	for (i = 0; i < nr; i++)
		if (!address_compare(&functions[i], function))
			return true;
	return false;
}

static bool domain_is_gone(struct vfctl *v, unsigned int id)
{
	struct domains domains;
	bool gone;

	if (xl_domains(v, &domains) < 0)
		return false;
	gone = !domain_by_id(&domains, id);
	domains_free(&domains);
	return gone;
}

/* domain_has() - 1: xl says that the guest has it; 0: not; or -errno */
static int domain_has(struct transfer *t, const struct place *domain)
{
	struct address *functions;
	int nr, has;

	if (!domain->domain)
		return 0;
	nr = xl_functions(t->v, domain->domain, &functions);
	if (nr < 0)
		return domain_is_gone(t->v, domain->domain) ? 0 : nr;
	has = is_in(functions, nr, &t->vf->fn.address);
	free(functions);
	return has;
}

/* ask_xl() - which of the two guests has it, or nobody, as xl has noted */
static int ask_xl(struct transfer *t, struct place *now)
{
	const struct place *const domains[] = { &t->j.from, &t->j.to };
	struct address *functions;
	size_t i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(domains); i++) {
		ret = domain_has(t, domains[i]);
		if (ret < 0)
			return ret;
		if (ret)
			*now = *domains[i];
		if (ret)
			return 0;
	}
	ret = xl_assignable(t->v, &functions);
	if (ret < 0)
		return ret;
	ret = is_in(functions, ret, &t->vf->fn.address) ? 0 : -EBUSY;
	free(functions);
	return ret;
}

static void name_place(const struct transfer *t, struct place *now)
{
	if (now->domain == t->j.from.domain)
		text_copy(now->name, sizeof(now->name), t->j.from.name);
	else if (now->domain == t->j.to.domain)
		text_copy(now->name, sizeof(now->name), t->j.to.name);
	else
		text_copy(now->name, sizeof(now->name), "unknown");
}

/**
 * place_now() - where is the VF?
 * @t: the VF
 * @now: where it goes; only valid if there was no error
 * @sure: it is not only xl who says so
 *
 * Of guests only those that the VF comes from and goes to are known on a kernel that has
 * no containment/owner.
 *
 * Return: 0; -EBUSY if neither has it nor is it assignable; -ENOTCONN if pciback has it, but
 * this is not known to be Xen's dom0; or another -errno.
 */
int place_now(struct transfer *t, struct place *now, bool *sure)
{
	struct function fn = { 0 };
	int dir;

	*now = (struct place) { 0 };
	*sure = true;
	dir = sysfs_dir(t->v, PCI_DEVICES "/%s", t->j.vf);
	if (dir < 0)
		return dir;
	sysfs_link(dir, "driver", fn.driver, sizeof(fn.driver));
	read_kernels_owner(dir, &fn);
	*sure = !sysfs_has(dir, "containment/owner");
	close(dir);
	text_copy(now->name, sizeof(now->name), fn.driver);
	if (fn.owner.kind == OWNER_DOMAIN) {
		*sure = true;
		now->domain = fn.owner.id;
		name_place(t, now);
		return 0;
	}
	if (!driver_is_pciback(fn.driver)) {
		*sure = true;
		return 0;
	}
	/* pciback is there for guests of Xen, whether it can be asked for them or not */
	if (!t->inv.xen)
		return -ENOTCONN;
	return ask_xl(t, now);
}

/**
 * place_wait() - wait until a guest has the VF, or none has
 * @t: the VF
 * @domain: the guest's number; 0: none
 * @ms: how long at most; besides, a look takes as long as xl does
 * @error: what place_now() said last
 *
 * Return: whether it came to that.
 */
bool place_wait(struct transfer *t, unsigned int domain, unsigned int ms, int *error)
{
	long long start = t->v->ops->now(t->v), passed;
	struct place now;
	bool sure;

	while (true) {
		*error = place_now(t, &now, &sure);
		passed = t->v->ops->now(t->v) - start;
		if (!*error && now.domain == domain &&
		    (sure || !domain || passed >= KERNEL_MS))
			return true;
		if (passed >= ms || (*error && *error != -EBUSY))
			return false;
		t->v->ops->sleep(t->v, POLL_MS);
	}
}
