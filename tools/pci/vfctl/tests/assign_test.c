// SPDX-License-Identifier: GPL-2.0
/*
 * vfctl assign, vfctl release.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../sysfs.h"
#include "../text.h"
#include "scenario.h"

static struct world *make_ours(void)
{
	return scenario_world(WORLD_OURS);
}

static struct world *make_stock(void)
{
	return scenario_world(WORLD_XEN);
}

/* make_manual() - the stock kernel, VFs get no driver unasked */
static struct world *make_manual(void)
{
	struct world *made = scenario_world(WORLD_XEN);

	world_file(made, PCI_DEVICES "/" PF "/sriov_drivers_autoprobe", "0\n");
	world_bind(made, VF1, NULL);
	needs_override = true;
	return made;
}

static struct world *make_assignable(void)
{
	struct world *made = scenario_world(WORLD_OURS);

	world_bind(made, VF1, "pciback");
	return made;
}

static struct world *make_guests(void)
{
	struct world *made = scenario_world(WORLD_OURS);

	world_give(made, &made->s->domain[0], VF1);
	world_file(made, PCI_DRIVERS "/nvme/bind", "");
	return made;
}

/* make_kvm() - no Xen, but vfio-pci */
static struct world *make_kvm(void)
{
	struct world *made = scenario_world(0);

	world_file(made, PCI_DRIVERS "/vfio-pci/bind", "");
	world_file(made, "/sys/bus/pci/drivers_probe", "");
	return made;
}

static struct world *make_vfio(void)
{
	struct world *made = make_kvm();

	world_bind(made, VF1, "vfio-pci");
	world_file(made, PCI_DEVICES "/" VF1 "/driver_override", "vfio-pci\n");
	return made;
}

static bool host_has_it(struct world *world)
{
	return driver_has_it(world, "igbvf") && override_is(world, "");
}

static bool nvme_has_it(struct world *world)
{
	return driver_has_it(world, "nvme") && override_is(world, "");
}

static bool nothing_has_it(struct world *world)
{
	return driver_has_it(world, "") && override_is(world, "");
}

static bool is_assignable(struct world *world)
{
	return driver_has_it(world, "pciback") && override_is(world, "");
}

static bool g1_has_it(struct world *world)
{
	return guest_has_it(world, "g1") && override_is(world, "");
}

static bool vfio_has_it(struct world *world)
{
	return driver_has_it(world, "vfio-pci") && override_is(world, "vfio-pci");
}

static const struct scenario assign_only = {
	make_ours, { "assign", VF1 }, host_has_it, is_assignable
};

static const struct scenario assign_to = {
	make_ours, { "assign", VF1, "--to", "g1" }, host_has_it, g1_has_it
};

static const struct scenario assign_to_stock = {
	make_stock, { "assign", "-t", "3", VF1 }, host_has_it, g1_has_it
};

static const struct scenario assign_manual = {
	make_manual, { "assign", VF1, "--to", "g1" }, nothing_has_it, g1_has_it
};

static const struct scenario attach_only = {
	make_assignable, { "assign", VF1, "--to", "g1" }, is_assignable, g1_has_it
};

static const struct scenario release_assignable = {
	make_assignable, { "release", VF1 }, is_assignable, host_has_it
};

static const struct scenario release_guests = {
	make_guests, { "release", VF1 }, g1_has_it, host_has_it
};

static const struct scenario release_to_driver = {
	make_guests, { "release", VF1, "--driver", "nvme" }, g1_has_it, nvme_has_it
};

static const struct scenario release_keep = {
	make_guests, { "release", "--keep", VF1 }, g1_has_it, is_assignable
};

static const struct scenario assign_kvm = {
	make_kvm, { "assign", VF1 }, host_has_it, vfio_has_it
};

static const struct scenario release_vfio = {
	make_vfio, { "release", VF1 }, vfio_has_it, host_has_it
};

static int ours(void **state)
{
	w = make_ours();
	return 0;
}

static int guests(void **state)
{
	w = make_guests();
	return 0;
}

static int kvm(void **state)
{
	w = make_kvm();
	return 0;
}

static void assert_nothing_changed(void)
{
	assert_one_line(w->err);
	assert_int_equal(w->s->changes, 0);
	assert_true(settings_are_as_before(w));
	assert_false(world_has(w, JOURNAL));
}

static void all_faults(void **state)
{
	const struct scenario *s = *state;

	assert_true(scenario_faults(s) >= 4);
}

static void killed_with_keeper(void **state)
{
	scenario_with_keeper(&assign_to);
	scenario_with_keeper(&release_guests);
}

static void assign_says(void **state)
{
	assert_int_equal(scenario_run(w, &assign_to), EXIT_DONE);
	assert_said(w->out, VF1 ": host (igbvf) -> domain 3 (g1), ");
	assert_said(w->err, "making it assignable\n");
	assert_int_equal(scenario_run(w, &assign_to), EXIT_DONE);
	assert_said(w->out, VF1 ": domain 3 (g1), as before");
	assert_int_equal(world_run(w, "assign", VF0, NULL), EXIT_DONE);
	assert_said(w->out, VF0 ": host (igbvf) -> assignable, ");
	assert_int_equal(world_run(w, "assign", VF0, NULL), EXIT_DONE);
	assert_said(w->out, VF0 ": assignable, as before");
	assert_int_equal(world_run(w, "assign", VF0, "--to", "g1", "--json", NULL), EXIT_DONE);
	assert_said(w->out, "\"driver\": \"pciback\"");
	assert_said(w->out, "\"total_ms\": ");
	assert_ptr_equal(world_owner(w, VF0), &w->s->domain[0]);
}

static void others_have_it(void **state)
{
	assert_int_equal(world_run(w, "assign", VF1, "--to", "g2", NULL), EXIT_IN_USE);
	assert_said(w->err, "domain 3 (g1) has it; vfctl move");
	assert_nothing_changed();
	assert_int_equal(world_run(w, "assign", VF1, NULL), EXIT_IN_USE);
	assert_said(w->err, "domain 3 (g1) has it");
	assert_nothing_changed();
	assert_true(g1_has_it(w));
}

/* The kernel does not know of the guest, xl does: not to be reset under its feet */
static void xl_says_it_is_in_use(void **state)
{
	world_file(w, PCI_DEVICES "/" VF1 "/containment/owner", "none\n");
	assert_int_equal(world_run(w, "assign", VF1, "--to", "g2", NULL), EXIT_IN_USE);
	assert_said(w->err, "xl does not list it as assignable");
	assert_nothing_changed();
}

static void words_that_make_no_sense(void **state)
{
	static const char *const bad[] = { "", "../igbvf", "a/b", ".", "..", "a b",
					   "a-name-of-more-than-thirty-one-letters" };
	size_t i;

	assert_int_equal(world_run(w, "assign", NULL), EXIT_USAGE);
	assert_int_equal(world_run(w, "assign", VF1, VF0, NULL), EXIT_USAGE);
	assert_int_equal(world_run(w, "assign", VF1, "--to", NULL), EXIT_USAGE);
	assert_int_equal(world_run(w, "assign", VF1, "--bogus", NULL), EXIT_USAGE);
	assert_int_equal(world_run(w, "assign", PF, NULL), EXIT_USAGE);
	assert_int_equal(world_run(w, "release", NULL), EXIT_USAGE);
	assert_int_equal(world_run(w, "release", VF1, "--driver", NULL), EXIT_USAGE);
	assert_int_equal(world_run(w, "release", VF1, "--bogus", NULL), EXIT_USAGE);
	assert_int_equal(world_run(w, "release", VF1, "--keep", "--driver", "nvme", NULL),
			 EXIT_USAGE);
	assert_int_equal(world_run(w, "release", VF1, "--driver", "pciback", NULL), EXIT_USAGE);
	assert_int_equal(world_run(w, "release", VF1, "--driver", "vfio-pci", NULL), EXIT_USAGE);
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		assert_int_equal(world_run(w, "release", VF1, "--driver", bad[i], NULL),
				 EXIT_USAGE);
		assert_one_line(w->err);
	}
	assert_int_equal(world_run(w, "release", VF1, "--driver", "nope", NULL), EXIT_NOT_FOUND);
	assert_int_equal(world_run(w, "assign", VF1, "--to", "g9", NULL), EXIT_NOT_FOUND);
	assert_int_equal(world_run(w, "assign", "0000:09:00.1", NULL), EXIT_NOT_FOUND);
	assert_int_equal(world_run(w, "release", "eth7/1", NULL), EXIT_NOT_FOUND);
	assert_nothing_changed();
}

static void out_of_service(void **state)
{
	world_file(w, PCI_DEVICES "/" VF1 "/containment/state", "quarantined\n");
	assert_int_equal(world_run(w, "assign", VF1, NULL), EXIT_REFUSED);
	assert_said(w->err, "vfctl quarantine release " VF1);
	assert_nothing_changed();
	world_bind(w, VF1, "pciback");
	assert_int_equal(world_run(w, "release", VF1, NULL), EXIT_REFUSED);
	assert_said(w->err, "vfctl quarantine release " VF1);
	assert_nothing_changed();
	world_file(w, PCI_DEVICES "/" VF1 "/containment/state", "normal\n");
	world_file(w, PCI_DEVICES "/" VF1 "/xen_known", "0\n");
	assert_int_equal(world_run(w, "assign", VF1, "--to", "g1", NULL), EXIT_UNSUPPORTED);
	assert_nothing_changed();
	/* What Xen does not know the host can have. */
	assert_int_equal(world_run(w, "release", VF1, NULL), EXIT_DONE);
	assert_true(host_has_it(w));
}

static void cannot_be_reset(void **state)
{
	world_file(w, PCI_DEVICES "/" VF1 "/reset_method", "\n");
	assert_int_equal(world_run(w, "assign", VF1, "--to", "g1", NULL), EXIT_REFUSED);
	assert_said(w->err, "--force");
	assert_nothing_changed();
	assert_int_equal(world_run(w, "assign", "-f", VF1, "--to", "g1", NULL), EXIT_DONE);
	assert_true(g1_has_it(w));
	assert_int_equal(world_run(w, "release", "-f", VF1, NULL), EXIT_DONE);
	assert_true(host_has_it(w));
	/* The host's driver has means of its own */
	world_bind(w, VF1, "pciback");
	assert_int_equal(world_run(w, "release", VF1, NULL), EXIT_DONE);
	assert_true(host_has_it(w));
}

static void settings_are_unknown(void **state)
{
	w->s->cut_links = 1;
	assert_int_equal(world_run(w, "assign", VF1, NULL), EXIT_UNSUPPORTED);
	assert_said(w->err, "VF 1 is missing in the kernel's list");
	assert_nothing_changed();
	world_bind(w, VF1, "pciback");
	assert_int_equal(world_run(w, "release", VF1, NULL), EXIT_UNSUPPORTED);
	assert_nothing_changed();
	assert_int_equal(world_run(w, "release", "--force", VF1, NULL), EXIT_DONE);
	assert_true(host_has_it(w));
}

static void nothing_to_release(void **state)
{
	assert_int_equal(world_run(w, "release", VF1, NULL), EXIT_DONE);
	assert_said(w->out, VF1 ": host (igbvf), as before");
	assert_int_equal(world_run(w, "release", "--keep", VF1, NULL), EXIT_DONE);
	world_bind(w, VF1, NULL);
	assert_int_equal(world_run(w, "release", VF1, NULL), EXIT_DONE);
	assert_said(w->out, VF1 ": no driver, as before");
	assert_int_equal(w->s->changes, 0);
}

static void another_driver(void **state)
{
	world_file(w, PCI_DRIVERS "/nvme/bind", "");
	assert_int_equal(world_run(w, "release", VF1, "--driver", "nvme", NULL), EXIT_DONE);
	assert_said(w->out, VF1 ": host (igbvf) -> host (nvme), ");
	assert_true(nvme_has_it(w));
}

/* xl does not remember any driver, and the kernel has none either */
static void no_driver_for_it(void **state)
{
	w->s->domain[0].nr = 0;
	world_bind(w, VF1, "pciback");
	world_file(w, PCI_DEVICES "/" VF1 "/driver_override", "none-such\n");
	xl_lies_about = "pci-assignable-remove";
	assert_int_equal(world_run(w, "release", VF1, NULL), EXIT_ROLLED_BACK);
	assert_said(w->err, "the driver pciback still has it");
	assert_one_line(w->err);
	assert_true(driver_has_it(w, "pciback"));
	assert_true(override_is(w, "none-such"));
}

static void xl_is_not_there(void **state)
{
	xl_lacks = "pci-assignable-add";
	assert_int_equal(scenario_run(w, &assign_only), EXIT_ROLLED_BACK);
	/* Nothing of what xl says can do something to the terminal */
	assert_said(w->err, "making it assignable: xl refused: xl: no such command; rolled back: host (igbvf) has it as before");
	assert_null(strchr(w->err, '\033'));
	assert_true(host_has_it(w));
}

static void says_that_there_is_no_xen(void **state)
{
	assert_int_equal(world_run(w, "assign", VF1, "--to", "g1", NULL), EXIT_UNSUPPORTED);
	assert_said(w->err, "not the initial domain of Xen (dom0)");
	assert_nothing_changed();
	assert_int_equal(scenario_run(w, &assign_kvm), EXIT_DONE);
	assert_said(w->err, "this host does not run on Xen: for vfio-pci");
	assert_said(w->out, VF1 ": host (igbvf) -> host (vfio-pci), ");
	assert_int_equal(scenario_run(w, &assign_kvm), EXIT_DONE);
	assert_said(w->out, "as before");
	world_remove(w, PCI_DRIVERS "/vfio-pci");
	assert_int_equal(world_run(w, "assign", VF0, NULL), EXIT_UNSUPPORTED);
	assert_said(w->err, "modprobe vfio-pci");
	assert_one_line(w->err);
}

static void process_has_it(void **state)
{
	char link[200];

	world_bind(w, VF1, "vfio-pci");
	snprintf(link, sizeof(link), "%s" PCI_DEVICES "/" VF1 "/iommu_group", w->root);
	assert_int_equal(symlink("../../../kernel/iommu_groups/17", link), 0);
	world_file(w, "/proc/4242/comm", "qemu\n");
	world_file(w, "/proc/4242/fd/0", "");
	snprintf(link, sizeof(link), "%s/proc/4242/fd/9", w->root);
	assert_int_equal(symlink("/dev/vfio/17", link), 0);
	assert_int_equal(world_run(w, "release", "--force", VF1, NULL), EXIT_IN_USE);
	assert_said(w->err, "process 4242 (qemu) has it; it has to end first");
	assert_nothing_changed();
	assert_int_equal(world_run(w, "assign", VF1, NULL), EXIT_IN_USE);
	assert_nothing_changed();
}

#define faults(s) { #s, all_faults, NULL, NULL, (void *)&(s) }
#define ours(test) cmocka_unit_test_setup_teardown(test, ours, end)
#define guests(test) cmocka_unit_test_setup_teardown(test, guests, end)
#define kvm(test) cmocka_unit_test_setup_teardown(test, kvm, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		faults(assign_only),
		faults(assign_to),
		faults(assign_to_stock),
		faults(assign_manual),
		faults(attach_only),
		faults(release_assignable),
		faults(release_guests),
		faults(release_to_driver),
		faults(release_keep),
		faults(assign_kvm),
		faults(release_vfio),
		cmocka_unit_test(killed_with_keeper),
		ours(assign_says),
		guests(others_have_it),
		guests(xl_says_it_is_in_use),
		ours(words_that_make_no_sense),
		ours(out_of_service),
		ours(cannot_be_reset),
		ours(settings_are_unknown),
		ours(nothing_to_release),
		ours(another_driver),
		guests(no_driver_for_it),
		ours(xl_is_not_there),
		kvm(says_that_there_is_no_xen),
		kvm(process_has_it),
	};

	return cmocka_run_group_tests_name("assign", tests, NULL, NULL);
}
