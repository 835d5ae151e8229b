// SPDX-License-Identifier: GPL-2.0
/*
 * vfctl status, and who is meant by a name.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../text.h"
#include "../sysfs.h"
#include "fixture.h"

static int bare(void **state)
{
	return begin(WORLD_CONTAINMENT, 2);
}

static json_t *vf_json(json_t *all, int vf)
{
	json_t *pf = json_array_get(json_object_get(all, "pfs"), 0);

	return json_array_get(json_object_get(pf, "vfs"), vf);
}

static void table_of_all(void **state)
{
	struct world_domain *g1 = world_add_domain(w, 3, "g1");

	world_give(w, g1, VF1);
	assert_int_equal(world_run(w, "status", NULL), EXIT_DONE);
	assert_string_equal(w->err, "");
	assert_said(w->out, "PF " PF "  igb  eth0  2 of 7 VFs  normal  errors 7/2/0\n");
	assert_said(w->out, VF0 "  host           normal  igbvf    52:54:00:00:00:00     0   7/2/0"
		    "     5/5  reset   yes    yes\n");
	assert_said(w->out, VF1 "  domain 3 (g1)  normal  pciback  52:54:00:00:00:01     0   7/2/0"
		    "     5/5  reset   yes    yes\n");
}

/* What our kernel says of a VF in one file */
static void summarize(const char *vf, const char *state_line, const char *owner)
{
	char path[200], text[600];

	snprintf(path, sizeof(path), PCI_DEVICES "/%s/containment/summary", vf);
	snprintf(text, sizeof(text),
		 "%s\npolicy reset\nbudget 5\nbudget_window 3600\nbudget_left 5\nowner %s\n"
		 "reset yes\ncorrectable 7\nnonfatal 2\nfatal 0\ncontained 2\nresets 2\n"
		 "resets_failed 0\nlink_resets 0\nquarantines 0\nunanswered 0\nstuck 0\n",
		 state_line, owner);
	world_file(w, path, text);
}

static void summaries_make_no_difference(void **state)
{
	char *before;

	world_give(w, world_add_domain(w, 3, "g1"), VF1);
	world_bind(w, VF0, "vfio-pci");
	assert_int_equal(world_run(w, "status", NULL), EXIT_DONE);
	before = need(strdup(w->out));
	world_file(w, PCI_DEVICES "/" PF "/sriov_offset", "128\n");
	world_file(w, PCI_DEVICES "/" PF "/sriov_stride", "1\n");
	summarize(VF0, "state normal", "assigned vfio-pci");
	summarize(VF1, "state normal", "domain 3");
	assert_int_equal(world_run(w, "status", NULL), EXIT_DONE);
	assert_string_equal(w->out, before);
	free(before);
	/* and it is they that are read */
	summarize(VF1, "state recovering", "domain 3");
	assert_int_equal(world_run(w, "status", NULL), EXIT_DONE);
	assert_said(w->out, "domain 3 (g1)  recovering");
}

static void summaries_that_make_no_sense(void **state)
{
	static const char *const owners[] = {
		"host igbvf", "", "somebody", "domain", "domain x", "domain 99999", "assigned",
		"assigned a driver with a name that is longer than any driver's",
	};
	size_t i;

	world_file(w, PCI_DEVICES "/" PF "/sriov_offset", "128\n");
	world_file(w, PCI_DEVICES "/" PF "/sriov_stride", "1\n");
	for (i = 0; i < ARRAY_SIZE(owners); i++) {
		summarize(VF1, "state recovering", owners[i]);
		assert_int_equal(world_run(w, "status", NULL), EXIT_DONE);
		assert_said(w->out, VF1 "  host   normal  igbvf");
	}
	summarize(VF1, "", "none");
	assert_int_equal(world_run(w, "status", NULL), EXIT_DONE);
	assert_said(w->out, VF1 "  host   normal  igbvf");
	/* A place where no VF is, or none can be */
	summarize(VF1, "state recovering", "none");
	world_file(w, PCI_DEVICES "/" PF "/sriov_stride", "65535\n");
	assert_int_equal(world_run(w, "status", NULL), EXIT_DONE);
	assert_said(w->out, VF1 "  host   normal  igbvf");
	world_file(w, PCI_DEVICES "/" PF "/sriov_stride", "-1\n");
	assert_int_equal(world_run(w, "status", NULL), EXIT_DONE);
	assert_said(w->out, VF1 "  host   normal  igbvf");
}

static void table_fits_the_terminal(void **state)
{
	unsigned int width;

	for (width = 20; width < 140; width += 7) {
		char *line, *rest;

		w->v.width = width;
		assert_int_equal(world_run(w, "status", NULL), EXIT_DONE);
		rest = w->out;
		while ((line = strsep(&rest, "\n")))
			if (strncmp(line, "PF ", 3) && strlen(line) > width)
				fail_msg("wider than %u: %s", width, line);
	}
}

static void one_function(void **state)
{
	world_give(w, world_add_domain(w, 3, "g1"), VF1);
	assert_int_equal(world_run(w, "status", VF1, NULL), EXIT_DONE);
	assert_said(w->out, "VF 1 of " PF ": " VF1);
	assert_said(w->out, "owner        domain 3 (g1)");
	assert_said(w->out, "routing ID   0x0181");
	assert_said(w->out, "5 of 5 errors left in 3600 seconds");
	assert_said(w->out, "Xen          knows it");
	/* The IDs are the PF's: a VF's registers have none. */
	assert_said(w->out, "8086:10c9");
	assert_int_equal(world_run(w, "status", "eth0", NULL), EXIT_DONE);
	assert_said(w->out, "VFs          2 of 7");
	assert_said(w->out, VF0);
}

static void json_of_all(void **state)
{
	json_t *all, *owner, *containment;

	world_give(w, world_add_domain(w, 3, "g1"), VF1);
	world_file(w, "/sys/bus/pci/devices/" VF0 "/containment/budget_left", "unlimited\n");
	assert_int_equal(world_run(w, "status", "--json", NULL), EXIT_DONE);
	all = said_json();
	assert_true(json_is_true(json_object_get(all, "xen")));
	owner = json_object_get(vf_json(all, 1), "owner");
	assert_string_equal(json_string_value(json_object_get(owner, "kind")), "domain");
	assert_int_equal(json_integer_value(json_object_get(owner, "id")), 3);
	assert_string_equal(json_string_value(json_object_get(owner, "name")), "g1");
	containment = json_object_get(vf_json(all, 0), "containment");
	assert_true(json_is_null(json_object_get(containment, "budget_left")));
	assert_int_equal(json_integer_value(json_object_get(vf_json(all, 1), "routing_id")), 0x181);
	json_decref(all);
	assert_int_equal(world_run(w, "-j", "status", "eth0/1", NULL), EXIT_DONE);
	all = said_json();
	assert_string_equal(json_string_value(json_object_get(all, "address")), VF1);
	json_decref(all);
}

static void each_way_to_name_a_function(void **state)
{
	static const char *const vf1[] = { VF1, "01:10.1", PF "/1", "01:00.0/1", "eth0/1", NULL };
	static const char *const pf[] = { PF, "1:0.0", "eth0", NULL };
	int i;

	for (i = 0; vf1[i]; i++) {
		assert_int_equal(world_run(w, "status", vf1[i], NULL), EXIT_DONE);
		assert_said(w->out, "VF 1 of " PF ": " VF1);
	}
	for (i = 0; pf[i]; i++) {
		assert_int_equal(world_run(w, "status", pf[i], NULL), EXIT_DONE);
		assert_said(w->out, "PF " PF);
	}
	world_file(w, "/sys/bus/pci/devices/" VF0 "/net/vf0dev/address", "");
	assert_int_equal(world_run(w, "status", "vf0dev", NULL), EXIT_DONE);
	assert_said(w->out, "VF 0 of " PF);
}

static void names_that_are_none(void **state)
{
	static const struct {
		const char *name;
		int code;
		const char *why;
	} cases[] = {
		{ "eth7", EXIT_NOT_FOUND, "no PF or VF has a network interface of that name" },
		{ "0000:02:00.0", EXIT_NOT_FOUND, "there is no such PCI function" },
		{ "0000:00:00.0", EXIT_UNSUPPORTED, "neither a PF with SR-IOV nor a VF" },
		{ "0000:01:10.8", EXIT_USAGE, "not an address" },
		{ "1:2:3:4", EXIT_USAGE, "not an address" },
		{ "", EXIT_USAGE, "not an address" },
		{ "eth0/2", EXIT_NOT_FOUND, "has 2 VFs enabled" },
		{ "eth0/x", EXIT_USAGE, "'x' is not the number of a VF" },
		{ "eth0/", EXIT_USAGE, "'' is not the number of a VF" },
		{ "eth0/-1", EXIT_USAGE, "'-1' is not the number of a VF" },
		{ "eth0/99999999999999999999", EXIT_USAGE, "is not the number of a VF" },
		{ VF0 "/0", EXIT_USAGE, "this is VF 0 of " PF ", a PF is wanted" },
		{ "/0", EXIT_USAGE, "not an address" },
		{ "--bogus", EXIT_USAGE, "unknown option '--bogus'" },
		{ "../../../etc", EXIT_NOT_FOUND, "no PF or VF has" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		int code = world_run(w, "status", cases[i].name, NULL);

		if (code != cases[i].code)
			fail_msg("'%s': %d, not %d: %s", cases[i].name, code, cases[i].code,
				 w->err);
		assert_said(w->err, cases[i].why);
		assert_one_line(w->err);
		assert_string_equal(w->out, "");
	}
}

static void stock_kernel_says_what_it_lacks(void **state)
{
	json_t *all;

	world_give(w, world_add_domain(w, 3, "g1"), VF1);
	assert_int_equal(world_run(w, "status", NULL), EXIT_DONE);
	/* Who has it is known from xl, and the errors are the AER service's. */
	assert_said(w->out, "domain 3 (g1)");
	assert_said(w->out, "7/2/0");
	assert_said(w->out, "This kernel does not contain errors");
	assert_int_equal(world_run(w, "status", VF1, NULL), EXIT_DONE);
	assert_said(w->out, "containment  none");
	assert_int_equal(world_run(w, "status", "--json", NULL), EXIT_DONE);
	all = said_json();
	assert_true(json_is_null(json_object_get(vf_json(all, 0), "containment")));
	assert_true(json_is_null(json_object_get(vf_json(all, 0), "xen_known")));
	json_decref(all);
}

static void process_that_has_it(void **state)
{
	char *link;

	world_bind(w, VF1, "vfio-pci");
	world_file(w, "/proc/4711/comm", "qemu\033[2J\n");
	world_file(w, "/proc/4711/fd/empty", "");
	assert_true(asprintf(&link, "%s/proc/4711/fd/7", w->root) > 0);
	assert_int_equal(symlink("/dev/vfio/12", link), 0);
	free(link);
	assert_true(asprintf(&link, "%s/sys/bus/pci/devices/" VF1 "/iommu_group", w->root) > 0);
	assert_int_equal(symlink("../../../kernel/iommu_groups/12", link), 0);
	free(link);
	assert_int_equal(world_run(w, "status", NULL), EXIT_DONE);
	/* and what it calls itself is nothing for the terminal */
	assert_said(w->out, "process 4711 (qemu?[2J)");
	assert_int_equal(world_run(w, "status", "--json", NULL), EXIT_DONE);
	assert_said(w->out, "\"qemu?[2J\"");
}

static void vfio_without_a_process(void **state)
{
	world_bind(w, VF1, "vfio-pci");
	assert_int_equal(world_run(w, "status", VF1, NULL), EXIT_DONE);
	assert_said(w->out, "owner        -");
}

static void trouble_is_shown(void **state)
{
	world_file(w, "/sys/bus/pci/devices/" VF0 "/containment/state", "quarantined\n");
	world_file(w, "/sys/bus/pci/devices/" VF0 "/xen_known", "0\n");
	world_file(w, "/sys/bus/pci/devices/" VF0 "/reset_method", "\n");
	world_file(w, "/sys/bus/pci/devices/" PF "/sriov_last_error", "no-bar-space: BAR 0\n");
	assert_int_equal(world_run(w, "status", NULL), EXIT_DONE);
	assert_said(w->out, "quarantined");
	assert_said(w->out, "last refused: no-bar-space: BAR 0");
	assert_int_equal(world_run(w, "status", VF0, NULL), EXIT_DONE);
	assert_said(w->out, "does not know it");
	assert_said(w->out, "it cannot be reset alone");
	w->v.color = true;
	assert_int_equal(world_run(w, "status", NULL), EXIT_DONE);
	assert_said(w->out, "\033[31mquarantined\033[0m");
}

static void netdev(const char *name, const char *port_name, const char *port)
{
	char path[200];

	snprintf(path, sizeof(path), PCI_DEVICES "/" PF "/net/%s/phys_port_name", name);
	world_file(w, path, port_name);
	snprintf(path, sizeof(path), PCI_DEVICES "/" PF "/net/%s/dev_port", name);
	world_file(w, path, port);
}

/* In switchdev mode a PF has the interfaces that stand for its VFs, too */
static void representors_are_not_the_pfs(void **state)
{
	world_remove(w, PCI_DEVICES "/" PF "/net");
	netdev("ens1f0_0", "pf0vf0\n", "0\n");
	netdev("ens1f0_1", "pf0vf1\n", "0\n");
	netdev("ens1f0_2", "pf0sf88\n", "0\n");
	netdev("ens1c1pf0", "c1pf0\n", "0\n");
	netdev("ens1f0np0", "p0\n", "0\n");
	text_copy(w->s->pf[0].netdev, sizeof(w->s->pf[0].netdev), "ens1f0np0");
	assert_int_equal(world_run(w, "status", NULL), EXIT_DONE);
	assert_said(w->out, "PF " PF "  igb  ens1f0np0  2 of 7 VFs");
	assert_int_equal(world_run(w, "status", "ens1f0np0/1", NULL), EXIT_DONE);
	assert_int_equal(world_run(w, "set", VF0, "vlan", "7", NULL), EXIT_DONE);
	assert_int_equal(w->s->pf[0].link[0].vlan, 7);
	assert_int_equal(world_run(w, "status", "ens1f0_0", NULL), EXIT_NOT_FOUND);
	/* The PF's own is somewhere else */
	world_remove(w, PCI_DEVICES "/" PF "/net/ens1f0np0");
	assert_int_equal(world_run(w, "set", VF0, "vlan", "7", NULL), EXIT_UNSUPPORTED);
	assert_said(w->err, "no network interface");
	/* Two ports of one function */
	world_remove(w, PCI_DEVICES "/" PF "/net");
	netdev("a1", "", "1\n");
	netdev("b0", "", "0\n");
	assert_int_equal(world_run(w, "status", NULL), EXIT_DONE);
	assert_said(w->out, "PF " PF "  igb  b0  2 of 7 VFs");
}

/* Anything in the name of an interface but a slash, a colon and white space */
static void nothing_for_the_terminal(void **state)
{
	static const char *const names[] = { "et\033[2Jh", "et\x9bh", "\302\2332J", "a\177b" };
	static const char *const commands[] = { "status", "plan", "policy", "set" };
	char path[200], file[200];
	json_t *all, *pf;
	size_t i, j;

	snprintf(file, sizeof(file), "%s/config", w->root);
	world_file(w, "/config", "{\"version\": 1, \"pfs\": [{\"pf\": \"" PF "\", \"vfs\": 0}]}");
	world_file(w, PCI_DEVICES "/" PF "/sriov_last_error", "bad\033[31m: \302\2332J\n");
	world_file(w, PCI_DEVICES "/" VF0 "/reset_method", "flr\033[2J\n");
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		world_remove(w, PCI_DEVICES "/" PF "/net");
		snprintf(path, sizeof(path), PCI_DEVICES "/" PF "/net/%s/address", names[i]);
		world_file(w, path, "");
		text_copy(w->s->pf[0].netdev, sizeof(w->s->pf[0].netdev), names[i]);
		for (j = 0; j < ARRAY_SIZE(commands); j++) {
			if (!strcmp(commands[j], "plan"))
				world_run(w, "plan", file, NULL);
			else if (!strcmp(commands[j], "set"))
				world_run(w, "set", VF0, "vlan", "3", NULL);
			else
				world_run(w, commands[j], PF, NULL);
			assert_null(strchr(w->out, '\033'));
			assert_null(strstr(w->out, "\xc2\x9b"));
			assert_null(strchr(w->err, '\033'));
		}
		assert_int_equal(world_run(w, "status", NULL), EXIT_DONE);
		assert_null(strchr(w->out, '\033'));
		assert_null(strstr(w->out, "\xc2\x9b"));
		assert_null(strchr(w->out, '\177'));
		assert_int_equal(world_run(w, "status", VF0, NULL), EXIT_DONE);
		assert_null(strchr(w->out, '\033'));
		/* It is still known by its name */
		assert_int_equal(world_run(w, "status", names[i], NULL), EXIT_DONE);
		assert_int_equal(world_run(w, "status", "--json", NULL), EXIT_DONE);
		all = said_json();
		pf = json_array_get(json_object_get(all, "pfs"), 0);
		assert_true(json_is_string(json_object_get(pf, "interface")));
		assert_true(json_is_string(json_object_get(pf, "last_error")));
		json_decref(all);
	}
}

static void function_that_went_away(void **state)
{
	world_remove(w, "/sys/bus/pci/devices/" VF1);
	assert_int_equal(world_run(w, "status", NULL), EXIT_DONE);
	assert_said(w->out, "2 VFs are enabled, 1 can be found");
	assert_said(w->out, VF0);
}

static void files_that_make_no_sense(void **state)
{
	static const char *const files[] = {
		"sriov_numvfs", "sriov_totalvfs", "vendor", "xen_known", "reset_method",
		"containment/state", "containment/errors", "containment/budget_left",
		"containment/owner", "aer_dev_nonfatal",
	};
	static const char *const contents[] = {
		"", "\n", "-1\n", "99999999999999999999999\n", "a b c\n", "domain 99999999999\n",
		"correctable\nnonfatal x\n", "domain -1\n",
	};
	char path[200], *before;
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(files); i++) {
		snprintf(path, sizeof(path), "/sys/bus/pci/devices/" PF "/%s", files[i]);
		before = world_read(w, path);
		for (j = 0; j < ARRAY_SIZE(contents); j++) {
			world_file(w, path, contents[j]);
			assert_int_equal(world_run(w, "status", NULL), EXIT_DONE);
			assert_int_equal(world_run(w, "status", "--json", NULL), EXIT_DONE);
			json_decref(said_json());
		}
		world_file(w, path, before);
		free(before);
	}
}

static void no_pci_at_all(void **state)
{
	world_remove(w, "/sys/bus/pci");
	assert_int_equal(world_run(w, "status", NULL), EXIT_NOT_FOUND);
	assert_one_line(w->err);
}

static void no_pf(void **state)
{
	world_remove(w, "/sys/bus/pci/devices/" PF);
	assert_int_equal(world_run(w, "status", NULL), EXIT_DONE);
	assert_said(w->out, "no PF with SR-IOV");
	assert_int_equal(world_run(w, "status", "--json", NULL), EXIT_DONE);
	json_decref(said_json());
}

static void hundreds_of_vfs(void **state)
{
	json_t *all, *pf;

	world_add_pf(w, "0000:03:00.0", 256, "eth3");
	world_set_vfs(w, "0000:03:00.0", 256);
	assert_int_equal(world_run(w, "status", "--json", NULL), EXIT_DONE);
	all = said_json();
	pf = json_array_get(json_object_get(all, "pfs"), 1);
	assert_int_equal(json_array_size(json_object_get(pf, "vfs")), 256);
	json_decref(all);
	/* on the next bus */
	assert_int_equal(world_run(w, "status", "0000:04:0f.7", NULL), EXIT_DONE);
	assert_said(w->out, "VF 255 of 0000:03:00.0");
}

static void help_of_each_command(void **state)
{
	static const char *const names[] = {
		"status", "enable", "disable", "set", "policy", "assign", "release", "move",
		"recover", "plan", "apply", "schema", "events", "quarantine", NULL
	};
	int i;

	for (i = 0; names[i]; i++) {
		assert_int_equal(world_run(w, names[i], "--help", NULL), EXIT_DONE);
		assert_said(w->out, "usage: vfctl ");
		assert_said(w->out, names[i]);
		assert_int_equal(w->s->changes, 0);
	}
	assert_int_equal(world_run(w, "--help", NULL), EXIT_DONE);
	for (i = 0; names[i]; i++)
		assert_said(w->out, names[i]);
	assert_int_equal(world_run(w, "--version", NULL), EXIT_DONE);
	assert_said(w->out, "vfctl ");
}

static void command_lines_that_make_no_sense(void **state)
{
	assert_int_equal(world_run(w, NULL), EXIT_USAGE);
	assert_one_line(w->err);
	assert_int_equal(world_run(w, "frobnicate", NULL), EXIT_USAGE);
	assert_said(w->err, "there is no command 'frobnicate'");
	assert_int_equal(world_run(w, "status", "--root", NULL), EXIT_USAGE);
	assert_int_equal(world_run(w, "status", "eth0", "eth0", NULL), EXIT_USAGE);
	assert_one_line(w->err);
}

/* As with --root: the machine's files, but neither its rtnetlink nor its xl */
static void files_of_another_root(void **state)
{
	json_t *all, *vf;

	world_give(w, world_add_domain(w, 3, "g1"), VF1);
	w->v.ops = &vfctl_system;
	assert_int_equal(world_run(w, "status", NULL), EXIT_DONE);
	assert_said(w->out, VF1);
	assert_string_equal(w->err, "");
	assert_int_equal(world_run(w, "status", "--json", NULL), EXIT_DONE);
	all = said_json();
	vf = vf_json(all, 0);
	assert_true(json_is_null(json_object_get(vf, "link")));
	json_decref(all);
	assert_int_equal(world_run(w, "set", VF0, "trust", "on", NULL), EXIT_UNSUPPORTED);
	assert_said(w->err, "not with --root");
	assert_one_line(w->err);
	assert_int_equal(world_run(w, "assign", VF0, "--to", "g1", NULL), EXIT_UNSUPPORTED);
	assert_said(w->err, "not with --root");
	assert_one_line(w->err);
	assert_int_equal(world_run(w, "move", VF1, "--to", "g1", NULL), EXIT_UNSUPPORTED);
	assert_said(w->err, "not with --root");
	assert_one_line(w->err);
	assert_int_equal(world_run(w, "assign", VF0, NULL), EXIT_UNSUPPORTED);
	assert_said(w->err, "not with --root");
	assert_one_line(w->err);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(table_of_all, begin_ours, end),
		cmocka_unit_test_setup_teardown(table_fits_the_terminal, begin_ours, end),
		cmocka_unit_test_setup_teardown(summaries_make_no_difference, begin_ours, end),
		cmocka_unit_test_setup_teardown(summaries_that_make_no_sense, begin_ours, end),
		cmocka_unit_test_setup_teardown(one_function, begin_ours, end),
		cmocka_unit_test_setup_teardown(json_of_all, begin_ours, end),
		cmocka_unit_test_setup_teardown(each_way_to_name_a_function, begin_ours, end),
		cmocka_unit_test_setup_teardown(names_that_are_none, begin_ours, end),
		cmocka_unit_test_setup_teardown(stock_kernel_says_what_it_lacks, begin_stock, end),
		cmocka_unit_test_setup_teardown(process_that_has_it, bare, end),
		cmocka_unit_test_setup_teardown(vfio_without_a_process, bare, end),
		cmocka_unit_test_setup_teardown(trouble_is_shown, begin_ours, end),
		cmocka_unit_test_setup_teardown(representors_are_not_the_pfs, begin_ours, end),
		cmocka_unit_test_setup_teardown(nothing_for_the_terminal, begin_ours, end),
		cmocka_unit_test_setup_teardown(function_that_went_away, begin_ours, end),
		cmocka_unit_test_setup_teardown(files_that_make_no_sense, begin_ours, end),
		cmocka_unit_test_setup_teardown(no_pci_at_all, begin_ours, end),
		cmocka_unit_test_setup_teardown(no_pf, begin_ours, end),
		cmocka_unit_test_setup_teardown(hundreds_of_vfs, begin_ours, end),
		cmocka_unit_test_setup_teardown(help_of_each_command, begin_ours, end),
		cmocka_unit_test_setup_teardown(command_lines_that_make_no_sense, begin_ours, end),
		cmocka_unit_test_setup_teardown(files_of_another_root, begin_ours, end),
	};

	return cmocka_run_group_tests_name("status", tests, NULL, NULL);
}
