// SPDX-License-Identifier: GPL-2.0
/*
 * vfctl set, and what is below it: settings.c and settings_apply.c.
 */
#include <errno.h>
#include <linux/if_ether.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "../settings.h"
#include "../text.h"
#include "world.h"
#include "world_link.h"

#define PF "0000:01:00.0"
#define VF1 "0000:01:10.1"
#define MAC "02:00:00:00:00:42"

static struct world *machine_of(unsigned int has, unsigned int nr)
{
	struct world *w = world_new(has);

	memset(&world_driver_faults, 0, sizeof(world_driver_faults));
	world_add_pf(w, PF, nr, "eth0");
	world_set_vfs(w, PF, nr);
	w->s->changes = 0;
	return w;
}

static struct world *machine(void)
{
	return machine_of(WORLD_OURS, 4);
}

/* unlike_before() - a machine whose VF 1 has something of everything */
static struct world *unlike_before(struct vf_link *before)
{
	struct world *w = machine();

	*before = (struct vf_link) {
		.has = LINK_ALL, .mac = { 2, 9, 9, 9, 9, 9 }, .vlan = 9, .qos = 1,
		.proto = ETH_P_8021AD, .min_rate = 9, .max_rate = 99, .spoofchk = true,
		.trust = true, .state = LINK_ENABLE,
	};
	w->s->pf[0].link[1] = *before;
	return w;
}

/* set_all() - set all six of VF 1, to something else than unlike_before() has */
static int set_all(struct world *w)
{
	return world_run(w, "set", VF1, "mac", MAC, "vlan", "100", "rate", "max", "1000",
			 "spoofchk", "off", "trust", "off", "state", "disable", NULL);
}

static const struct vf_link *vf1(struct world *w)
{
	return &w->s->pf[0].link[1];
}

static void assert_same(struct world *w, const struct vf_link *before)
{
	assert_int_equal(link_differs(vf1(w), before), 0);
}

/* refused() - the command ends with this, nothing was changed, and one line says why */
static void refused(struct world *w, int ret, enum vfctl_exit code, const char *why)
{
	assert_int_equal(ret, code);
	assert_string_equal(w->out, "");
	assert_one_line(w->err);
	assert_said(w->err, why);
	assert_int_equal(w->s->changes, 0);
}

static void each_setting_is_set(void **state)
{
	struct world *w = machine();

	assert_int_equal(world_run(w, "set", VF1, "mac", MAC, NULL), EXIT_DONE);
	assert_int_equal(vf1(w)->mac[5], 0x42);
	assert_said(w->out, VF1 ": mac " MAC "\n");
	assert_int_equal(world_run(w, "set", VF1, "mac", "none", NULL), EXIT_DONE);
	assert_true(mac_is_zero(vf1(w)->mac));
	assert_int_equal(world_run(w, "set", "eth0/1", "vlan", "4094", "proto", "802.1ad", "qos",
				   "7", NULL), EXIT_DONE);
	assert_string_equal(w->out, VF1 ": vlan 4094 qos 7 proto 802.1ad\n");
	assert_int_equal(vf1(w)->vlan, 4094);
	assert_int_equal(vf1(w)->qos, 7);
	assert_int_equal(vf1(w)->proto, ETH_P_8021AD);
	assert_int_equal(world_run(w, "set", VF1, "vlan", "5", "proto", "802.1q", NULL),
			 EXIT_DONE);
	assert_int_equal(vf1(w)->qos, 0);
	assert_int_equal(vf1(w)->proto, ETH_P_8021Q);
	assert_int_equal(world_run(w, "set", VF1, "vlan", "none", NULL), EXIT_DONE);
	assert_int_equal(vf1(w)->vlan, 0);
	assert_int_equal(world_run(w, "set", VF1, "rate", "max", "1000", "min", "10", NULL),
			 EXIT_DONE);
	assert_int_equal(vf1(w)->min_rate, 10);
	assert_int_equal(vf1(w)->max_rate, 1000);
	assert_int_equal(world_run(w, "set", VF1, "rate", "min", "7", NULL), EXIT_DONE);
	assert_string_equal(w->out, VF1 ": rate min 7\n");
	assert_int_equal(vf1(w)->max_rate, 0);
	assert_int_equal(world_run(w, "set", VF1, "rate", "none", NULL), EXIT_DONE);
	assert_int_equal(vf1(w)->min_rate, 0);
	assert_int_equal(world_run(w, "set", VF1, "spoofchk", "off", NULL), EXIT_DONE);
	assert_false(vf1(w)->spoofchk);
	assert_int_equal(world_run(w, "set", VF1, "spoofchk", "on", NULL), EXIT_DONE);
	assert_true(vf1(w)->spoofchk);
	assert_int_equal(world_run(w, "set", VF1, "trust", "on", NULL), EXIT_DONE);
	assert_true(vf1(w)->trust);
	assert_int_equal(world_run(w, "set", VF1, "trust", "off", NULL), EXIT_DONE);
	assert_false(vf1(w)->trust);
	assert_int_equal(world_run(w, "set", VF1, "state", "disable", NULL), EXIT_DONE);
	assert_int_equal(vf1(w)->state, LINK_DISABLE);
	assert_int_equal(world_run(w, "set", VF1, "state", "enable", NULL), EXIT_DONE);
	assert_int_equal(vf1(w)->state, LINK_ENABLE);
	assert_int_equal(world_run(w, "set", VF1, "state", "auto", NULL), EXIT_DONE);
	assert_int_equal(vf1(w)->state, LINK_AUTO);
	assert_string_equal(w->err, "");
	world_free(w);
}

static void several_are_set_at_once(void **state)
{
	struct vf_link before, other;
	struct world *w = unlike_before(&before);

	other = w->s->pf[0].link[2];
	assert_int_equal(set_all(w), EXIT_DONE);
	assert_string_equal(w->err, "");
	assert_said(w->out, VF1 ": mac " MAC ", vlan 100, rate max 1000, spoofchk off, ");
	assert_said(w->out, "spoofchk off, trust off, state disable\n");
	assert_int_equal(w->s->changes, 6);
	assert_int_equal(vf1(w)->state, LINK_DISABLE);
	assert_memory_equal(&w->s->pf[0].link[2], &other, sizeof(other));
	assert_int_equal(world_run(w, "set", VF1, "trust", "on", "--quiet", NULL), EXIT_DONE);
	assert_string_equal(w->out, "");
	world_free(w);
}

static void json_has_the_whole_link(void **state)
{
	struct world *w = machine();
	const char *mac, *pf, *interface, *proto, *word;
	int index, vlan, qos, min, max, spoofchk, trust, reload;
	json_t *object;

	assert_int_equal(world_run(w, "--json", "set", VF1, "mac", MAC, "vlan", "3", "qos", "2",
				   NULL), EXIT_DONE);
	object = json_loads(w->out, 0, NULL);
	assert_non_null(object);
	assert_int_equal(json_unpack(object,
				     "{s:s,s:s,s:i,s:b,s:{s:s,s:i,s:i,s:s,s:i,s:i,s:b,s:b,s:s!}}",
				     "pf", &pf, "pf_interface", &interface, "index", &index,
				     "driver_reload_needed", &reload, "link", "mac", &mac, "vlan",
				     &vlan, "qos", &qos, "vlan_protocol", &proto, "min_rate",
				     &min, "max_rate", &max, "spoofchk", &spoofchk, "trust",
				     &trust, "state", &word), 0);
	assert_string_equal(pf, PF);
	assert_string_equal(interface, "eth0");
	assert_string_equal(mac, MAC);
	assert_string_equal(proto, "802.1Q");
	assert_string_equal(word, "auto");
	assert_int_equal(index, 1);
	assert_int_equal(vlan, 3);
	assert_int_equal(qos, 2);
	assert_int_equal(max, 0);
	assert_true(spoofchk);
	assert_false(trust);
	assert_true(reload);
	json_decref(object);
	assert_int_equal(world_run(w, "--json", "set", VF1, "trust", "on", NULL), EXIT_DONE);
	assert_said(w->out, "\"driver_reload_needed\": false");
	world_free(w);
}

static void it_is_said_that_a_driver_has_to_read_its_mac_again(void **state)
{
	struct world *w = machine();

	assert_int_equal(world_run(w, "set", VF1, "mac", MAC, NULL), EXIT_DONE);
	assert_said(w->out, "its driver igbvf may see the new MAC only when it is loaded again\n");
	/* It has this one already */
	assert_int_equal(world_run(w, "set", VF1, "mac", MAC, NULL), EXIT_DONE);
	assert_null(strstr(w->out, "loaded again"));
	world_bind(w, VF1, NULL);
	assert_int_equal(world_run(w, "set", VF1, "mac", "none", NULL), EXIT_DONE);
	assert_null(strstr(w->out, "loaded again"));
	world_bind(w, VF1, "pciback");
	assert_int_equal(world_run(w, "set", VF1, "mac", MAC, NULL), EXIT_DONE);
	assert_null(strstr(w->out, "loaded again"));
	world_give(w, world_add_domain(w, 5, "web"), VF1);
	assert_int_equal(world_run(w, "set", VF1, "mac", "none", "vlan", "4", NULL), EXIT_DONE);
	assert_said(w->out, "in use by");
	assert_said(w->out, "web");
	assert_said(w->out, "loaded again\n");
	assert_int_equal(world_run(w, "set", VF1, "vlan", "5", NULL), EXIT_DONE);
	assert_null(strstr(w->out, "loaded again"));
	world_free(w);
}

static void bad_words_change_nothing(void **state)
{
	static const struct {
		const char *words[8];
		const char *why;
	} bad[] = {
		{ { NULL }, "no setting is given" },
		{ { "color", "red" }, "there is no setting 'color'" },
		{ { "" }, "there is no setting ''" },
		{ { "mac" }, "mac: its value is missing" },
		{ { "mac", "02:00:00:00:00" }, "mac: '02:00:00:00:00' is neither a MAC" },
		{ { "mac", "vlan", "1" }, "mac: 'vlan' is neither a MAC" },
		{ { "mac", "01:00:5e:00:00:01" }, "multicast" },
		{ { "mac", "ff:ff:ff:ff:ff:ff" }, "multicast" },
		{ { "mac", MAC, "mac", MAC }, "mac is given twice" },
		{ { "mac", MAC, MAC }, "there is no setting '" MAC "'" },
		{ { "vlan", "4095" }, "vlan: '4095' is neither a number from 0 to 4094" },
		{ { "vlan", "-1" }, "vlan: '-1'" },
		{ { "vlan", "99999999999999999999999" }, "vlan: '99999999999999999999999'" },
		{ { "vlan", "1.5" }, "vlan: '1.5'" },
		{ { "vlan", "" }, "vlan: ''" },
		{ { "vlan", "1", "qos" }, "vlan: qos: ''" },
		{ { "vlan", "1", "qos", "8" }, "vlan: qos: '8' is not a number from 0 to 7" },
		{ { "vlan", "1", "qos", "1", "qos", "1" }, "there is no setting 'qos'" },
		{ { "vlan", "none", "qos", "1" }, "there is no setting 'qos'" },
		{ { "vlan", "1", "proto", "802.1x" }, "'802.1x' is neither 802.1Q nor 802.1ad" },
		{ { "vlan", "1", "proto" }, "vlan: proto: ''" },
		{ { "rate", "100" }, "rate: '100' is neither max nor min nor none" },
		{ { "rate", "max" }, "rate: max: ''" },
		{ { "rate", "max", "2147483648" }, "rate: max: '2147483648'" },
		{ { "rate", "min", "x" }, "rate: min: 'x'" },
		{ { "rate", "min", "5", "max", "4" }, "rate: min is greater than max" },
		{ { "rate", "min", "5", "min", "4" }, "there is no setting 'min'" },
		{ { "spoofchk", "yes" }, "spoofchk: 'yes' is neither on nor off" },
		{ { "trust", "ON" }, "trust: 'ON' is neither on nor off" },
		{ { "trust" }, "trust: its value is missing" },
		{ { "state", "up" }, "state: 'up' is not auto, enable or disable" },
		{ { "mac", MAC, "trust", "on", "state", "x" }, "state: 'x'" },
	};
	struct world *w = machine();
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		const char *const *a = bad[i].words;

		refused(w, world_run(w, "set", VF1, a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7],
				     NULL), EXIT_USAGE, bad[i].why);
	}
	refused(w, world_run(w, "set", NULL), EXIT_USAGE, "a VF and settings are wanted");
	refused(w, world_run(w, "set", "--force", VF1, "trust", "on", NULL), EXIT_USAGE,
		"unknown option '--force'");
	world_free(w);
}

static void vfs_that_do_not_exist_are_refused(void **state)
{
	struct world *w = machine();

	refused(w, world_run(w, "set", PF, "trust", "on", NULL), EXIT_USAGE, "this is a PF");
	refused(w, world_run(w, "set", "eth0/4", "trust", "on", NULL), EXIT_NOT_FOUND, "4 VFs");
	refused(w, world_run(w, "set", "0000:77:00.0", "trust", "on", NULL), EXIT_NOT_FOUND,
		"no such PCI function");
	refused(w, world_run(w, "set", "0000:zz:00.0", "trust", "on", NULL), EXIT_USAGE,
		"not an address");
	refused(w, world_run(w, "set", "eth0/99999999999", "trust", "on", NULL), EXIT_USAGE,
		"not the number of a VF");
	world_free(w);
}

static void a_pf_without_interface_is_refused(void **state)
{
	struct world *w = machine();

	world_add_pf(w, "0000:02:00.0", 2, NULL);
	world_set_vfs(w, "0000:02:00.0", 2);
	w->s->changes = 0;
	refused(w, world_run(w, "set", "0000:02:00.0/1", "mac", MAC, NULL), EXIT_UNSUPPORTED,
		"0000:02:00.0 (nvme) has no network interface");
	world_free(w);
}

static void a_driver_that_tells_nothing_is_refused(void **state)
{
	struct world *w = machine();

	world_driver_faults.is_blind = true;
	refused(w, world_run(w, "set", VF1, "mac", MAC, NULL), EXIT_UNSUPPORTED,
		"the driver of eth0 (igb) does not tell what is set for its VFs");
	world_free(w);
}

static void a_vf_that_is_cut_off_is_refused(void **state)
{
	struct world *w = machine_of(WORLD_OURS, 200);

	w->s->cut_links = 128;
	refused(w, world_run(w, "set", PF "/128", "mac", MAC, NULL), EXIT_UNSUPPORTED,
		"VF 128 is missing in the kernel's list of the VFs of eth0");
	assert_int_equal(world_run(w, "set", PF "/127", "mac", MAC, NULL), EXIT_DONE);
	assert_int_equal(w->s->pf[0].link[127].mac[5], 0x42);
	world_free(w);
}

/* What is missing of other VFs is of no interest. */
static void a_gap_in_the_list_is_no_harm(void **state)
{
	struct world *w = machine();

	w->s->pf[0].link[0].has = 0;
	world_driver_faults.tells_not = LINK_SPOOFCHK | LINK_TRUST;
	assert_int_equal(world_run(w, "set", VF1, "mac", MAC, NULL), EXIT_DONE);
	assert_int_equal(vf1(w)->mac[5], 0x42);
	w->s->changes = 0;
	refused(w, world_run(w, "set", PF "/0", "mac", MAC, NULL), EXIT_UNSUPPORTED,
		"VF 0 is missing");
	world_free(w);
}

static void the_last_of_many_vfs_is_set(void **state)
{
	static const unsigned int numbers[] = { 127, 128, 255 };
	char name[32];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(numbers); i++) {
		struct world *w = machine_of(0, numbers[i]);

		snprintf(name, sizeof(name), "eth0/%u", numbers[i] - 1);
		assert_int_equal(world_run(w, "set", name, "mac", MAC, NULL), EXIT_DONE);
		assert_int_equal(w->s->pf[0].link[numbers[i] - 1].mac[5], 0x42);
		world_free(w);
	}
}

/* Each errno has its exit code, and the setting that was refused is named. */
static void a_refusal_changes_nothing(void **state)
{
	static const struct {
		int error;
		enum vfctl_exit code;
		const char *why;
	} errors[] = {
		{ EPERM, EXIT_DENIED, "vlan 100: Operation not permitted; this needs root" },
		{ EACCES, EXIT_DENIED, "this needs root" },
		{ EOPNOTSUPP, EXIT_UNSUPPORTED, "vlan 100: Operation not supported" },
		{ EPROTONOSUPPORT, EXIT_UNSUPPORTED, "vlan 100: Protocol not supported" },
		{ ENODEV, EXIT_NOT_FOUND, "No such device" },
		{ EBUSY, EXIT_IN_USE, "busy" },
		{ EINVAL, EXIT_REFUSED, VF1 ": vlan 100: Invalid argument" },
		{ ENOBUFS, EXIT_REFUSED, "No buffer space" },
		{ ETIMEDOUT, EXIT_REFUSED, "timed out" },
	};
	struct vf_link before;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(errors); i++) {
		struct world *w = unlike_before(&before);

		w->s->link_error = errors[i].error;
		assert_int_equal(world_run(w, "set", VF1, "vlan", "100", "trust", "off", NULL),
				 errors[i].code);
		assert_string_equal(w->out, "");
		assert_one_line(w->err);
		assert_said(w->err, errors[i].why);
		assert_same(w, &before);
		/* It was not even tried to put something back */
		assert_int_equal(w->s->changes, 1);
		world_free(w);
	}
}

static void the_drivers_words_are_passed_on(void **state)
{
	struct world *w = machine();

	w->s->link_error = EINVAL;
	world_driver_faults.words = "VF MAC is owned by firmware";
	assert_int_equal(world_run(w, "set", VF1, "mac", MAC, NULL), EXIT_REFUSED);
	assert_said(w->err, "mac " MAC ": Invalid argument (VF MAC is owned by firmware)\n");
	assert_one_line(w->err);
	world_free(w);
}

static void a_rate_that_is_refused_is_explained(void **state)
{
	struct world *w = machine();

	w->s->link_error = EINVAL;
	assert_int_equal(world_run(w, "set", VF1, "rate", "min", "5", NULL), EXIT_REFUSED);
	assert_said(w->err, "rate min 5: Invalid argument: no link");
	assert_one_line(w->err);
	world_free(w);
}

/* Whichever of six settings fails, those before it are put back. */
static void what_went_before_a_failure_is_put_back(void **state)
{
	static const char *const names[] = { "mac", "vlan", "rate", "spoofchk", "trust", "state" };
	struct vf_link before;
	unsigned int i;

	for (i = 1; i <= 6; i++) {
		struct world *w = unlike_before(&before);

		w->s->fail_at = i;
		assert_int_equal(set_all(w), i == 1 ? EXIT_REFUSED : EXIT_ROLLED_BACK);
		assert_string_equal(w->out, "");
		assert_one_line(w->err);
		assert_said(w->err, names[i - 1]);
		assert_said(w->err, "Input/output error");
		if (i > 1)
			assert_said(w->err, "all is set as it was before");
		assert_same(w, &before);
		/* i to set, the last of them in vain, and i - 1 to put back */
		assert_int_equal(w->s->changes, 2 * i - 1);
		world_free(w);
	}
}

static void what_cannot_be_put_back_is_said(void **state)
{
	struct vf_link before;
	unsigned int i;

	for (i = 2; i <= 6; i++) {
		struct world *w = unlike_before(&before);

		w->s->fail_from = i;
		assert_int_equal(set_all(w), EXIT_HALF_DONE);
		assert_one_line(w->err);
		assert_said(w->err, "this could not be put back: mac 02:09:09:09:09:09");
		assert_int_equal(vf1(w)->mac[5], 0x42);
		assert_int_equal(link_differs(vf1(w), &before),
				 (LINK_MAC << (i - 1)) - 1);
		world_free(w);
	}
}

/* One that fails may have done what it failed to do. */
static void half_of_a_setting_is_put_back(void **state)
{
	struct vf_link before;
	unsigned int flag;

	for (flag = LINK_MAC; flag <= LINK_STATE; flag <<= 1) {
		struct world *w = unlike_before(&before);

		world_driver_faults.half = flag;
		assert_int_equal(set_all(w), EXIT_ROLLED_BACK);
		assert_one_line(w->err);
		/* The driver says that putting back failed, too; but it can be seen that it did */
		assert_same(w, &before);
		world_free(w);
	}
}

static void what_a_driver_ignores_is_noticed(void **state)
{
	struct vf_link before;
	struct world *w = unlike_before(&before);
	unsigned int flag;

	world_driver_faults.ignores = LINK_VLAN;
	assert_int_equal(world_run(w, "set", VF1, "vlan", "100", NULL), EXIT_REFUSED);
	assert_one_line(w->err);
	assert_said(w->err, "vlan 100: the driver took it and did not do it, it has vlan 9 qos 1");
	assert_same(w, &before);
	world_free(w);
	for (flag = LINK_MAC; flag <= LINK_STATE; flag <<= 1) {
		w = unlike_before(&before);
		world_driver_faults.ignores = flag;
		assert_int_equal(set_all(w), EXIT_ROLLED_BACK);
		assert_one_line(w->err);
		assert_said(w->err, link_flag_name(flag));
		assert_said(w->err, "all is set as it was before");
		assert_same(w, &before);
		world_free(w);
	}
}

static void a_protocol_that_a_driver_ignores_is_noticed(void **state)
{
	struct vf_link before;
	struct world *w = unlike_before(&before);

	w->s->pf[0].link[1].vlan = 7;
	w->s->pf[0].link[1].qos = 0;
	world_driver_faults.ignores = LINK_VLAN;
	assert_int_equal(world_run(w, "set", VF1, "vlan", "7", NULL), EXIT_REFUSED);
	assert_said(w->err, "it has vlan 7 proto 802.1ad");
	world_free(w);
}

/* Not every driver tells all that it can be asked for. */
static void what_a_driver_does_not_tell_is_believed(void **state)
{
	struct vf_link before;
	struct world *w = unlike_before(&before);

	world_driver_faults.tells_not = LINK_TRUST;
	assert_int_equal(set_all(w), EXIT_DONE);
	assert_false(vf1(w)->trust);
	assert_said(w->out, "trust unknown");
	assert_said(w->out, "set, but the driver of eth0 does not tell: trust off\n");
	world_free(w);
	/* Nor can it be put back */
	w = unlike_before(&before);
	world_driver_faults.tells_not = LINK_TRUST;
	w->s->fail_at = 6;
	assert_int_equal(set_all(w), EXIT_HALF_DONE);
	assert_one_line(w->err);
	assert_said(w->err, "this could not be put back: trust unknown");
	assert_int_equal(link_differs(vf1(w), &before), LINK_TRUST);
	world_free(w);
}

/* What cannot be read any more is put back, but nobody can say that it was. */
static void what_cannot_be_read_back_is_not_believed(void **state)
{
	struct vf_link before;
	struct world *w = unlike_before(&before);

	world_driver_faults.silent_from = 6;
	assert_int_equal(set_all(w), EXIT_HALF_DONE);
	assert_string_equal(w->out, "");
	assert_one_line(w->err);
	assert_said(w->err, "what was set cannot be read back: Input/output error; this could not");
	assert_same(w, &before);
	assert_int_equal(w->s->changes, 12);
	world_free(w);
	/* Nothing can be read from the start: nothing is done */
	w = unlike_before(&before);
	world_driver_faults.silent_from = 1;
	w->s->changes = 1;
	assert_int_equal(set_all(w), EXIT_REFUSED);
	assert_said(w->err, "what eth0 has set for VF 1: Input/output error");
	assert_one_line(w->err);
	assert_int_equal(w->s->changes, 1);
	world_free(w);
}

/* A driver without trust: it does not tell of it, and does not take it either */
static void what_a_driver_does_not_have_is_not_half_done(void **state)
{
	struct vf_link before;
	struct world *w = unlike_before(&before);

	world_driver_faults.tells_not = LINK_TRUST;
	world_driver_faults.cannot = LINK_TRUST;
	assert_int_equal(world_run(w, "set", VF1, "trust", "off", NULL), EXIT_UNSUPPORTED);
	assert_string_equal(w->err, "vfctl: " VF1 ": trust off: Operation not supported\n");
	assert_int_equal(set_all(w), EXIT_ROLLED_BACK);
	assert_same(w, &before);
	world_free(w);
}

static void what_is_so_already_needs_no_driver(void **state)
{
	struct vf_link before;
	struct world *w = unlike_before(&before);

	world_driver_faults.cannot = LINK_TRUST;
	assert_int_equal(world_run(w, "set", VF1, "vlan", "5", "trust", "on", NULL), EXIT_DONE);
	assert_int_equal(vf1(w)->vlan, 5);
	assert_int_equal(world_run(w, "set", VF1, "trust", "off", NULL), EXIT_UNSUPPORTED);
	assert_one_line(w->err);
	assert_true(vf1(w)->trust);
	world_free(w);
}

static void no_mac_leaves_the_choice_to_the_driver(void **state)
{
	struct vf_link before;
	struct world *w = unlike_before(&before);

	world_driver_faults.chooses = true;
	assert_int_equal(world_run(w, "set", VF1, "mac", "none", NULL), EXIT_DONE);
	assert_said(w->out, VF1 ": mac 4e:00:00:00:00:00\n");
	world_free(w);
	w = unlike_before(&before);
	world_driver_faults.ignores = LINK_MAC;
	assert_int_equal(world_run(w, "set", VF1, "mac", "none", NULL), EXIT_REFUSED);
	assert_said(w->err, "mac none: the driver took it and did not do it, it has mac 02:09");
	world_free(w);
}

/* Ctrl-C comes too late for what takes a millisecond; there is nothing half done. */
static void an_interrupt_leaves_nothing_half_done(void **state)
{
	struct vf_link before;
	unsigned int i;

	for (i = 1; i <= 6; i++) {
		struct world *w = unlike_before(&before);

		w->s->interrupt_at = i;
		assert_int_equal(set_all(w), EXIT_DONE);
		assert_int_equal(link_differs(vf1(w), &before), LINK_ALL);
		world_free(w);
	}
}

/* settings_apply() is also called with what was never a command line. */
static void what_no_driver_can_do_is_not_asked_for(void **state)
{
	static const struct {
		struct vf_link wanted;
		const char *why;
	} bad[] = {
		{ { .has = LINK_MAC, .mac = { 1 } }, "multicast" },
		{ { .has = LINK_VLAN, .vlan = 4095, .proto = ETH_P_8021Q }, "4094" },
		{ { .has = LINK_VLAN, .qos = 8, .proto = ETH_P_8021Q }, "qos" },
		{ { .has = LINK_VLAN, .vlan = 1, .proto = 0x9100 }, "proto" },
		{ { .has = LINK_RATE, .max_rate = 0x80000000 }, "rate" },
		{ { .has = LINK_RATE, .min_rate = 2, .max_rate = 1 }, "min" },
		{ { .has = LINK_STATE, .state = 3 }, "state" },
	};
	struct world *w = machine();
	struct inventory inv;
	size_t i;

	assert_int_equal(inventory_read(&w->v, &inv, 0), EXIT_DONE);
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		char *text = NULL;
		size_t len;

		w->v.err = open_memstream(&text, &len);
		assert_int_equal(settings_apply(&w->v, &inv.pf[0]->vf[1], &bad[i].wanted),
				 EXIT_USAGE);
		fclose(w->v.err);
		assert_one_line(text);
		assert_said(text, bad[i].why);
		free(text);
	}
	assert_int_equal(w->s->changes, 0);
	inventory_free(&inv);
	world_free(w);
}

static void differences_are_found(void **state)
{
	struct vf_link have, want, none = { 0 };
	struct world *w = unlike_before(&have);

	want = have;
	assert_int_equal(link_differs(&have, &want), 0);
	assert_int_equal(link_differs(&none, &want), LINK_ALL);
	assert_int_equal(link_differs(&have, &none), 0);
	want.mac[5]++;
	assert_int_equal(link_differs(&have, &want), LINK_MAC);
	want.vlan++;
	want.min_rate++;
	assert_int_equal(link_differs(&have, &want), LINK_MAC | LINK_VLAN | LINK_RATE);
	want.has = LINK_RATE | LINK_TRUST;
	assert_int_equal(link_differs(&have, &want), LINK_RATE);
	/* Without a tag the protocol is of no meaning */
	want = have;
	want.vlan = 0;
	want.qos = 0;
	have.vlan = 0;
	have.qos = 0;
	want.proto = ETH_P_8021Q;
	assert_int_equal(link_differs(&have, &want), 0);
	want.qos = 1;
	have.qos = 1;
	assert_int_equal(link_differs(&have, &want), LINK_VLAN);
	world_free(w);
}

static void some_settings_are_taken_over(void **state)
{
	struct vf_link to = { .has = LINK_TRUST, .trust = false }, from;
	struct world *w = unlike_before(&from);

	link_merge(&to, &from, LINK_MAC | LINK_VLAN);
	assert_int_equal(to.has, LINK_MAC | LINK_VLAN | LINK_TRUST);
	assert_false(to.trust);
	to.has = LINK_MAC | LINK_VLAN;
	assert_int_equal(link_differs(&from, &to), 0);
	from.has = LINK_RATE | LINK_SPOOFCHK | LINK_STATE;
	link_merge(&to, &from, LINK_ALL);
	assert_int_equal(to.has, LINK_ALL & ~LINK_TRUST);
	assert_false(to.trust);
	from.has = LINK_ALL;
	link_merge(&to, &from, LINK_TRUST);
	assert_true(to.trust);
	assert_int_equal(to.max_rate, 99);
	assert_int_equal(to.state, LINK_ENABLE);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_setting_is_set),
		cmocka_unit_test(several_are_set_at_once),
		cmocka_unit_test(json_has_the_whole_link),
		cmocka_unit_test(it_is_said_that_a_driver_has_to_read_its_mac_again),
		cmocka_unit_test(bad_words_change_nothing),
		cmocka_unit_test(vfs_that_do_not_exist_are_refused),
		cmocka_unit_test(a_pf_without_interface_is_refused),
		cmocka_unit_test(a_driver_that_tells_nothing_is_refused),
		cmocka_unit_test(a_vf_that_is_cut_off_is_refused),
		cmocka_unit_test(a_gap_in_the_list_is_no_harm),
		cmocka_unit_test(the_last_of_many_vfs_is_set),
		cmocka_unit_test(a_refusal_changes_nothing),
		cmocka_unit_test(the_drivers_words_are_passed_on),
		cmocka_unit_test(a_rate_that_is_refused_is_explained),
		cmocka_unit_test(what_went_before_a_failure_is_put_back),
		cmocka_unit_test(what_cannot_be_put_back_is_said),
		cmocka_unit_test(half_of_a_setting_is_put_back),
		cmocka_unit_test(what_a_driver_ignores_is_noticed),
		cmocka_unit_test(a_protocol_that_a_driver_ignores_is_noticed),
		cmocka_unit_test(what_a_driver_does_not_tell_is_believed),
		cmocka_unit_test(what_cannot_be_read_back_is_not_believed),
		cmocka_unit_test(what_a_driver_does_not_have_is_not_half_done),
		cmocka_unit_test(what_is_so_already_needs_no_driver),
		cmocka_unit_test(no_mac_leaves_the_choice_to_the_driver),
		cmocka_unit_test(an_interrupt_leaves_nothing_half_done),
		cmocka_unit_test(what_no_driver_can_do_is_not_asked_for),
		cmocka_unit_test(differences_are_found),
		cmocka_unit_test(some_settings_are_taken_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
