// SPDX-License-Identifier: GPL-2.0
/*
 * A machine for tests: see world.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../commands.h"
#include "../sysfs.h"
#include "../text.h"
#include "world.h"

static struct world *world_of(struct vfctl *v)
{
	return v->world;
}

static bool has(struct world *w, const char *file)
{
	return world_has(w, file);
}

/**
 * world_change() - a change of the machine is about to happen
 * @v: the program
 *
 * Return: 0, or a negative errno if it is to fail.
 */
int world_change(struct vfctl *v)
{
	struct world_state *s = world_of(v)->s;

	s->changes++;
	if (s->die_before == s->changes)
		_exit(WORLD_DIED);
	if (s->interrupt_at == s->changes)
		vfctl_interrupt(2);
	if (s->fail_at == s->changes || (s->fail_from && s->changes >= s->fail_from))
		return -(s->fail_error ? s->fail_error : EIO);
	return 0;
}

/**
 * world_changed() - the change has happened
 * @v: the program
 */
void world_changed(struct vfctl *v)
{
	struct world_state *s = world_of(v)->s;

	if (s->die_after == s->changes)
		_exit(WORLD_DIED);
}

static char *full(struct world *w, const char *path)
{
	char *text;

	assert_true(asprintf(&text, "%s%s", w->root, path) > 0);
	return text;
}

static void make_folders(char *path)
{
	char *slash = path;

	while ((slash = strchr(slash + 1, '/'))) {
		*slash = '\0';
		mkdir(path, 0777);
		*slash = '/';
	}
}

/**
 * world_file() - make a file, or change it
 * @w: the machine
 * @path: from / on
 * @content: what it says
 */
void world_file(struct world *w, const char *path, const char *content)
{
	char *name = full(w, path);
	FILE *file;

	make_folders(name);
	file = fopen(name, "w");
	assert_non_null(file);
	fputs(content, file);
	fclose(file);
	free(name);
}

/**
 * world_read() - what a file says
 * @w: the machine
 * @path: from / on
 *
 * Return: without the end of the last line, to be freed; NULL if there is no such file.
 */
char *world_read(struct world *w, const char *path)
{
	char *name = full(w, path), *text = need(calloc(1, 4096));
	FILE *file = fopen(name, "r");
	size_t len;

	free(name);
	if (!file) {
		free(text);
		return NULL;
	}
	len = fread(text, 1, 4095, file);
	fclose(file);
	while (len && text[len - 1] == '\n')
		text[--len] = '\0';
	return text;
}

/**
 * world_has() - is there such a file?
 * @w: the machine
 * @path: from / on
 */
bool world_has(struct world *w, const char *path)
{
	char *name = full(w, path);
	struct stat info;
	bool there = !lstat(name, &info);

	free(name);
	return there;
}

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *where)
{
	return remove(path);
}

/**
 * world_remove() - remove a file, or a folder with all that is in it
 * @w: the machine
 * @path: from / on
 */
void world_remove(struct world *w, const char *path)
{
	char *name = full(w, path);

	nftw(name, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	free(name);
}

__attribute__((format(printf, 3, 4)))
static void file(struct world *w, const char *content, const char *format, ...)
{
	va_list args;
	char *path;

	va_start(args, format);
	assert_true(vasprintf(&path, format, args) > 0);
	va_end(args);
	world_file(w, path, content);
	free(path);
}

__attribute__((format(printf, 2, 3)))
static char *content(struct world *w, const char *format, ...)
{
	va_list args;
	char *path, *text;

	va_start(args, format);
	assert_true(vasprintf(&path, format, args) > 0);
	va_end(args);
	text = world_read(w, path);
	free(path);
	return text;
}

static void make_link(struct world *w, const char *target, const char *path)
{
	char *name = full(w, path);

	make_folders(name);
	unlink(name);
	assert_int_equal(symlink(target, name), 0);
	free(name);
}

static void set_owner(struct world *w, const char *function, const char *owner)
{
	char path[200];

	snprintf(path, sizeof(path), PCI_DEVICES "/%s/containment/owner", function);
	if (has(w, path))
		world_file(w, path, owner);
}

/**
 * world_bind() - give a function a driver
 * @w: the machine
 * @function: its address
 * @driver: NULL: none
 */
void world_bind(struct world *w, const char *function, const char *driver)
{
	char path[200], target[200], owner[80] = "none\n";

	snprintf(path, sizeof(path), PCI_DEVICES "/%s/driver", function);
	world_remove(w, path);
	if (driver) {
		snprintf(target, sizeof(target), "../../../../bus/pci/drivers/%s", driver);
		make_link(w, target, path);
		file(w, "", PCI_DRIVERS "/%s/bind", driver);
		file(w, "", PCI_DRIVERS "/%s/unbind", driver);
		snprintf(owner, sizeof(owner), "host %s\n", driver);
	}
	set_owner(w, function, owner);
	snprintf(path, sizeof(path), PCI_DEVICES "/%s/pciback", function);
	world_remove(w, path);
	if (driver && !strcmp(driver, "pciback")) {
		file(w, "", PCI_DRIVERS "/pciback/do_flr");
		snprintf(path, sizeof(path), PCI_DEVICES "/%s/containment", function);
		if (has(w, path)) {
			file(w, "", PCI_DEVICES "/%s/pciback/policy", function);
			file(w, "none\n", PCI_DEVICES "/%s/pciback/guest", function);
			file(w, "0\n", PCI_DEVICES "/%s/pciback/permissive", function);
			file(w, "reads 12\nwrites 3\ndenied 1\n",
			     PCI_DEVICES "/%s/pciback/accesses", function);
			file(w, "000-001 virtual\n", PCI_DEVICES "/%s/pciback/layout", function);
		}
	}
}

static bool has_containment(struct world *w)
{
	return has(w, "/containment");
}

static void add_function(struct world *w, const char *name)
{
	file(w, "0x8086\n", PCI_DEVICES "/%s/vendor", name);
	file(w, "\n", PCI_DEVICES "/%s/driver_override", name);
	file(w, "flr\n", PCI_DEVICES "/%s/reset_method", name);
	file(w, "", PCI_DEVICES "/%s/reset", name);
	if (has(w, "/xen_known"))
		file(w, "1\n", PCI_DEVICES "/%s/xen_known", name);
	file(w, "RxErr 0\nTOTAL_ERR_COR 7\n", PCI_DEVICES "/%s/aer_dev_correctable", name);
	file(w, "DLP 0\nTOTAL_ERR_NONFATAL 2\n", PCI_DEVICES "/%s/aer_dev_nonfatal", name);
	file(w, "DLP 0\nTOTAL_ERR_FATAL 0\n", PCI_DEVICES "/%s/aer_dev_fatal", name);
	if (!has_containment(w))
		return;
	file(w, "normal\n", PCI_DEVICES "/%s/containment/state", name);
	file(w, "reset\n", PCI_DEVICES "/%s/containment/policy", name);
	file(w, "none\n", PCI_DEVICES "/%s/containment/owner", name);
	file(w, "", PCI_DEVICES "/%s/containment/release", name);
	file(w, "5\n", PCI_DEVICES "/%s/containment/budget", name);
	file(w, "3600\n", PCI_DEVICES "/%s/containment/budget_window", name);
	file(w, "5\n", PCI_DEVICES "/%s/containment/budget_left", name);
	file(w, "100\n", PCI_DEVICES "/%s/containment/storm_threshold", name);
	file(w, "correctable 7\nnonfatal 2\nfatal 0\ncontained 2\nresets 2\nresets_failed 0\n"
	     "link_resets 0\nquarantines 0\nunanswered 0\nstorms 0\nmuted 0\nlost 0\n"
	     "unattributed 0\nstuck 0\n", PCI_DEVICES "/%s/containment/errors", name);
}

/**
 * world_add_pf() - add a PF, with the driver igb and no VFs
 * @w: the machine
 * @name: its address
 * @total: VFs that it can have
 * @netdev: its network interface; NULL: it is no network card, its driver is nvme
 *
 * Return: the PF.
 */
struct world_pf *world_add_pf(struct world *w, const char *name, unsigned int total,
			      const char *netdev)
{
	struct world_pf *pf = &w->s->pf[w->s->nr_pfs++];
	char number[16];

	assert_true(total <= WORLD_VFS);
	text_copy(pf->name, sizeof(pf->name), name);
	text_copy(pf->netdev, sizeof(pf->netdev), netdev ? netdev : "");
	pf->total = total;
	add_function(w, name);
	snprintf(number, sizeof(number), "%u\n", total);
	file(w, netdev ? "0x10c9\n" : "0x0010\n", PCI_DEVICES "/%s/device", name);
	file(w, number, PCI_DEVICES "/%s/sriov_totalvfs", name);
	file(w, "0\n", PCI_DEVICES "/%s/sriov_numvfs", name);
	file(w, "1\n", PCI_DEVICES "/%s/sriov_drivers_autoprobe", name);
	if (has_containment(w))
		file(w, "none\n", PCI_DEVICES "/%s/sriov_last_error", name);
	if (netdev)
		file(w, "", PCI_DEVICES "/%s/net/%s/address", name, netdev);
	world_bind(w, name, netdev ? "igb" : "nvme");
	return pf;
}

static void vf_name(const struct world_pf *pf, unsigned int index, char name[ADDRESS_SIZE])
{
	struct address address;

	assert_true(address_parse(pf->name, &address));
	address = address_at(address.domain, address_rid(&address) + 128 + index);
	address_format(&address, name);
}

static struct world_pf *pf_called(struct world *w, const char *name)
{
	unsigned int i;

	for (i = 0; i < w->s->nr_pfs; i++)
		if (!strcmp(w->s->pf[i].name, name))
			return &w->s->pf[i];
	return NULL;
}

static unsigned int number_in(struct world *w, const char *pf, const char *name)
{
	char *text = content(w, PCI_DEVICES "/%s/%s", pf, name);
	unsigned int number = atoi(text);

	free(text);
	return number;
}

static void add_vf(struct world *w, struct world_pf *pf, unsigned int index)
{
	char name[ADDRESS_SIZE], path[200], target[64];
	const char *driver;

	vf_name(pf, index, name);
	add_function(w, name);
	/* As the registers of a VF read */
	file(w, "0xffff\n", PCI_DEVICES "/%s/device", name);
	snprintf(path, sizeof(path), PCI_DEVICES "/%s/virtfn%u", pf->name, index);
	snprintf(target, sizeof(target), "../%s", name);
	make_link(w, target, path);
	snprintf(path, sizeof(path), PCI_DEVICES "/%s/physfn", name);
	snprintf(target, sizeof(target), "../%s", pf->name);
	make_link(w, target, path);
	driver = pf->netdev[0] ? "igbvf" : "nvme";
	world_bind(w, name, number_in(w, pf->name, "sriov_drivers_autoprobe") ? driver : NULL);
	pf->link[index] = (struct vf_link) {
		.has = LINK_MAC | LINK_VLAN | LINK_RATE | LINK_SPOOFCHK | LINK_TRUST | LINK_STATE,
		.mac = { 0x52, 0x54, 0, 0, pf - w->s->pf, index },
		.spoofchk = true,
		.proto = 0x8100,
	};
}

/**
 * world_set_vfs() - what a write to sriov_numvfs does
 * @w: the machine
 * @name: address of a PF
 * @nr: VFs
 */
void world_set_vfs(struct world *w, const char *name, unsigned int nr)
{
	unsigned int i, now = number_in(w, name, "sriov_numvfs");
	struct world_pf *pf = pf_called(w, name);
	char text[16], vf[ADDRESS_SIZE], path[200];

	for (i = 0; i < now; i++) {
		vf_name(pf, i, vf);
		snprintf(path, sizeof(path), PCI_DEVICES "/%s", vf);
		world_remove(w, path);
		snprintf(path, sizeof(path), PCI_DEVICES "/%s/virtfn%u", name, i);
		world_remove(w, path);
	}
	if (nr > w->s->fewer_vfs)
		nr -= w->s->fewer_vfs;
	for (i = 0; i < nr; i++)
		add_vf(w, pf, i);
	snprintf(text, sizeof(text), "%u\n", nr);
	file(w, text, PCI_DEVICES "/%s/sriov_numvfs", name);
}

static int refuse_vfs(struct world *w, const char *pf, const char *why, int error)
{
	if (has_containment(w))
		file(w, why, PCI_DEVICES "/%s/sriov_last_error", pf);
	return -error;
}

static int write_numvfs(struct world *w, const char *pf, const char *value)
{
	unsigned int now = number_in(w, pf, "sriov_numvfs");
	unsigned long long nr;

	if (!text_number(value, 0, 65535, &nr))
		return refuse_vfs(w, pf, "bad-number: it is none", EINVAL);
	if (nr > number_in(w, pf, "sriov_totalvfs"))
		return refuse_vfs(w, pf, "too-many-vfs: it has fewer", ERANGE);
	if (now && nr && now != nr)
		return refuse_vfs(w, pf, "already-enabled: disable them first", EBUSY);
	if (nr && w->s->refuse_vfs)
		return refuse_vfs(w, pf, "no-bus-numbers: try pci=assign-busses",
				  w->s->refuse_vfs);
	world_set_vfs(w, pf, nr);
	return refuse_vfs(w, pf, "none", 0);
}

/**
 * world_driver() - which driver has a function?
 * @w: the machine
 * @function: its address
 * @driver: where it goes
 *
 * Return: @driver, "" if it has none.
 */
const char *world_driver(struct world *w, const char *function, char driver[32])
{
	int dir = sysfs_dir(&w->v, PCI_DEVICES "/%s", function);

	sysfs_link(dir, "driver", driver, 32);
	close(dir);
	return driver;
}

/* The stock kernel takes "VFs are not probed unasked" for "VFs are not probed". */
static bool stock_refuses(struct world *w, const char *function)
{
	char *autoprobe = content(w, PCI_DEVICES "/%s/physfn/sriov_drivers_autoprobe", function);
	bool refuses = !has_containment(w) && autoprobe && !strcmp(autoprobe, "0");

	free(autoprobe);
	return refuses;
}

static int write_bind(struct world *w, const char *driver, const char *function, bool bind)
{
	char path[200], now[32], *override;
	bool other;

	snprintf(path, sizeof(path), PCI_DEVICES "/%s", function);
	if (!has(w, path))
		return -ENODEV;
	world_driver(w, function, now);
	if (!bind && strcmp(now, driver))
		return -ENODEV;
	if (bind && now[0])
		return -EBUSY;
	if (!bind && world_owner(w, function))
		return -EBUSY;
	override = content(w, PCI_DEVICES "/%s/driver_override", function);
	other = override[0] ? strcmp(override, driver) : stock_refuses(w, function);
	free(override);
	if (bind && other)
		return -ENODEV;
	world_bind(w, function, bind ? driver : NULL);
	return 0;
}

static int write_release(struct world *w, const char *function, const char *value)
{
	char *state = content(w, PCI_DEVICES "/%s/containment/state", function);
	bool out = !strcmp(state, "quarantined") || !strcmp(state, "failed");

	free(state);
	if (!out || strcmp(value, "1"))
		return -EINVAL;
	if (w->s->reset_fails)
		return -EIO;
	file(w, "normal\n", PCI_DEVICES "/%s/containment/state", function);
	return 0;
}

static bool is_one_of(const char *value, const char *list)
{
	char words[100], *word, *rest = words;

	text_copy(words, sizeof(words), list);
	while ((word = strsep(&rest, " ")))
		if (!strcmp(word, value))
			return true;
	return false;
}

/* write_rule() - add to pciback/policy, or remove; "allow cap=09", "-allow cap=09", "-" */
static int write_rule(struct world *w, const char *function, const char *value)
{
	char *old = content(w, PCI_DEVICES "/%s/pciback/policy", function);
	const char *rule = value[0] == '-' ? value + 1 : value;
	const char *what = strchr(rule, ' ');
	struct text now = { 0 };
	char *line, *rest = old;
	bool found = false;
	int ret = 0;

	if (!what && strcmp(value, "-"))
		ret = -EINVAL;
	if (what && !is_one_of(strndupa(rule, what - rule), "allow ro hide"))
		ret = -EINVAL;
	while (!ret && what && (line = strsep(&rest, "\n"))) {
		if (strchr(line, ' ') && !strcmp(strchr(line, ' '), what))
			found = true;
		else if (line[0])
			text_printf(&now, "%s\n", line);
	}
	if (!ret && value[0] == '-' && what && !found)
		ret = -ENOENT;
	if (!ret && value[0] != '-')
		text_printf(&now, "%s\n", value);
	if (!ret)
		file(w, text_string(&now), PCI_DEVICES "/%s/pciback/policy", function);
	text_free(&now);
	free(old);
	return ret;
}

static int write_number(struct world *w, const char *path, const char *value,
			unsigned long long max)
{
	unsigned long long number;

	if (!text_number(value, 0, max, &number))
		return -EINVAL;
	world_file(w, path, value);
	return 0;
}

static int write_device(struct world *w, const char *path, const char *function,
			const char *name, const char *value)
{
	if (!strcmp(name, "sriov_numvfs"))
		return write_numvfs(w, function, value);
	if (!strcmp(name, "containment/release"))
		return write_release(w, function, value);
	if (!strcmp(name, "pciback/policy"))
		return write_rule(w, function, value);
	if (!strcmp(name, "containment/policy") &&
	    !is_one_of(value, "report reset quarantine"))
		return -EINVAL;
	if (!strcmp(name, "containment/budget"))
		return write_number(w, path, value, 32);
	if (!strcmp(name, "containment/budget_window"))
		return write_number(w, path, value, 2678400);
	if (!strcmp(name, "reset") && w->s->reset_fails)
		return -EIO;
	world_file(w, path, value);
	return 0;
}

static int do_write(struct world *w, const char *path, const char *value)
{
	char one[64], two[64];

	if (!has(w, path))
		return -ENOENT;
	if (sscanf(path, PCI_DRIVERS "/%63[^/]/%63s", one, two) == 2) {
		if (!strcmp(two, "bind") || !strcmp(two, "unbind"))
			return write_bind(w, one, value, !strcmp(two, "bind"));
		if (!strcmp(two, "do_flr"))
			return w->s->reset_fails ? -EIO : 0;
	}
	if (sscanf(path, PCI_DEVICES "/%63[^/]/%63s", one, two) == 2)
		return write_device(w, path, one, two, value);
	world_file(w, path, value);
	return 0;
}

static int world_write(struct vfctl *v, const char *path, const char *value)
{
	struct world *w = world_of(v);
	int ret;

	assert_int_equal(strncmp(path, w->root, strlen(w->root)), 0);
	ret = world_change(v);
	if (!ret)
		ret = do_write(w, path + strlen(w->root), value);
	world_changed(v);
	return ret;
}

/**
 * world_add_domain() - start a guest
 * @w: the machine
 * @id: its number, from 1 on
 * @name: its name
 *
 * Return: the guest.
 */
struct world_domain *world_add_domain(struct world *w, unsigned int id, const char *name)
{
	struct world_domain *domain;

	for (domain = w->s->domain; domain->id; domain++)
		assert_true(domain < w->s->domain + WORLD_DOMAINS - 1);
	domain->id = id;
	text_copy(domain->name, sizeof(domain->name), name);
	return domain;
}

/**
 * world_owner() - which guest has a function?
 * @w: the machine
 * @function: its address
 *
 * Return: the guest, or NULL.
 */
struct world_domain *world_owner(struct world *w, const char *function)
{
	unsigned int i, j;

	for (i = 0; i < WORLD_DOMAINS; i++)
		for (j = 0; j < w->s->domain[i].nr; j++)
			if (!strcmp(w->s->domain[i].functions[j], function))
				return &w->s->domain[i];
	return NULL;
}

/* A VF that changes hands is reset: some PFs forget then what was set for it. */
static void function_changed_hands(struct world *w, const char *function)
{
	char name[ADDRESS_SIZE];
	unsigned int i, j;

	for (i = 0; w->s->links_are_lost && i < w->s->nr_pfs; i++) {
		struct world_pf *pf = &w->s->pf[i];

		for (j = 0; j < pf->total; j++) {
			vf_name(pf, j, name);
			if (strcmp(name, function))
				continue;
			memset(pf->link[j].mac, 0, sizeof(pf->link[j].mac));
			pf->link[j].vlan = 0;
			pf->link[j].qos = 0;
		}
	}
}

/**
 * world_give() - give a function to a guest, as xl pci-attach does
 * @w: the machine
 * @domain: the guest
 * @function: its address
 */
void world_give(struct world *w, struct world_domain *domain, const char *function)
{
	char owner[32], driver[32];

	if (strcmp(world_driver(w, function, driver), "pciback"))
		world_bind(w, function, "pciback");
	assert_true(domain->nr < 16);
	text_copy(domain->functions[domain->nr++], ADDRESS_SIZE, function);
	snprintf(owner, sizeof(owner), "domain %u\n", domain->id);
	set_owner(w, function, owner);
	function_changed_hands(w, function);
}

static void take(struct world *w, struct world_domain *domain, const char *function)
{
	unsigned int i;

	for (i = 0; i < domain->nr; i++) {
		if (strcmp(domain->functions[i], function))
			continue;
		memmove(domain->functions[i], domain->functions[domain->nr - 1], ADDRESS_SIZE);
		domain->nr--;
		break;
	}
	set_owner(w, function, "none\n");
	function_changed_hands(w, function);
}

/* As xl does: what has nothing but digits in it is a number, all else a name */
static struct world_domain *domain_called(struct world *w, const char *name)
{
	bool number = name[0] && !name[strspn(name, "0123456789")];
	unsigned int i;

	for (i = 0; i < WORLD_DOMAINS; i++) {
		struct world_domain *domain = &w->s->domain[i];

		if (domain->id && (number ? domain->id == (unsigned int)atoi(name) :
				   !domain->nameless && !strcmp(domain->name, name)))
			return domain;
	}
	return NULL;
}

static int xl_refuses(struct text *output, const char *why)
{
	text_printf(output, "libxl: error: libxl_pci.c:1: %s\n", why);
	return 1;
}

static int run_list(struct world *w, struct text *output)
{
	unsigned int i;

	/* As xl of Xen 4.17 and 4.20 */
	text_printf(output, "Name                                        ID   Mem VCPUs\tState\tTime(s)\n");
	text_printf(output, "%-40s %5d %5d %5d     %s  %8.1f\n", "Domain-0", 0, 1024, 2, "r-----",
		    60.0);
	for (i = 0; i < WORLD_DOMAINS; i++)
		if (w->s->domain[i].id)
			text_printf(output, "%-40s %5u %5d %5d     %s  %8.1f\n",
				    w->s->domain[i].nameless ? "(null)" : w->s->domain[i].name,
				    w->s->domain[i].id, 256, 1, "-b----", 1.0);
	return 0;
}

static int run_domname(struct world *w, const char *id, struct text *output)
{
	unsigned int i;

	for (i = 0; i < WORLD_DOMAINS; i++) {
		if (!w->s->domain[i].id || w->s->domain[i].id != (unsigned int)atoi(id) ||
		    w->s->domain[i].nameless)
			continue;
		text_printf(output, "%s\n", w->s->domain[i].name);
		return 0;
	}
	return 1;
}

static int run_pci_list(struct world *w, const char *name, struct text *output)
{
	struct world_domain *domain = domain_called(w, name);
	unsigned int i;

	if (!domain)
		return xl_refuses(output, "no such domain");
	if (domain->nr)
		text_printf(output, "Vdev Device\n");
	for (i = 0; i < domain->nr; i++)
		text_printf(output, "0 %s\n", domain->functions[i]);
	return 0;
}

static int run_assignable_list(struct world *w, struct text *output)
{
	struct names names;
	char driver[32];
	size_t i;
	int dir;

	dir = sysfs_dir(&w->v, PCI_DEVICES);
	sysfs_names(dir, ".", &names);
	close(dir);
	for (i = 0; i < names.nr; i++)
		if (!strcmp(world_driver(w, names.name[i], driver), "pciback") &&
		    !world_owner(w, names.name[i]))
			text_printf(output, "%s\n", names.name[i]);
	names_free(&names);
	return 0;
}

static int run_assignable_add(struct world *w, const char *function, struct text *output)
{
	char path[200];

	snprintf(path, sizeof(path), PCI_DEVICES "/%s", function);
	if (!has(w, path))
		return xl_refuses(output, "no such device");
	world_bind(w, function, "pciback");
	function_changed_hands(w, function);
	return 0;
}

static int run_assignable_remove(struct world *w, const char *function, bool rebind,
				 struct text *output)
{
	char driver[32];

	if (strcmp(world_driver(w, function, driver), "pciback"))
		return xl_refuses(output, "not assignable");
	if (world_owner(w, function))
		return xl_refuses(output, "assigned to a domain");
	world_bind(w, function, rebind ? "igbvf" : NULL);
	return 0;
}

static int run_attach(struct world *w, const char *name, const char *function,
		      struct text *output)
{
	struct world_domain *domain = domain_called(w, name);
	char driver[32];

	if (!domain)
		return xl_refuses(output, "no such domain");
	if (domain->no_iommu)
		return xl_refuses(output, "xc_assign_device failed: Operation not supported");
	if (domain->refuses)
		return xl_refuses(output, "the guest does not answer");
	if (strcmp(world_driver(w, function, driver), "pciback"))
		return xl_refuses(output, "PCI device is not assignable");
	if (world_owner(w, function))
		return xl_refuses(output, "PCI device already assigned");
	world_give(w, domain, function);
	return 0;
}

static int run_detach(struct world *w, const char *name, const char *function,
		      struct text *output)
{
	struct world_domain *domain = domain_called(w, name);

	if (!domain || world_owner(w, function) != domain)
		return xl_refuses(output, "PCI device not attached to this domain");
	if (domain->keeps)
		return xl_refuses(output, "timed out waiting for the guest");
	take(w, domain, function);
	return 0;
}

static int run_change(struct world *w, char *const argv[], struct text *output)
{
	const char *command = argv[1];

	if (!strcmp(command, "pci-assignable-add"))
		return run_assignable_add(w, argv[2], output);
	if (!strcmp(command, "pci-assignable-remove"))
		return run_assignable_remove(w, argv[strcmp(argv[2], "-r") ? 2 : 3],
					     !strcmp(argv[2], "-r"), output);
	if (!strcmp(command, "pci-attach"))
		return run_attach(w, argv[2], argv[3], output);
	if (!strcmp(command, "pci-detach"))
		return run_detach(w, argv[2], argv[3], output);
	fail_msg("xl has no command %s", command);
	return -1;
}

static int world_run_program(struct vfctl *v, char *const argv[], enum run_kind kind,
			     struct text *output)
{
	struct world *w = world_of(v);
	struct text nothing = { 0 };
	int ret;

	if (strcmp(argv[0], "xl") || !has(w, "/proc/xen/capabilities"))
		return -ENOENT;
	if (!output)
		output = &nothing;
	if (!strcmp(argv[1], "list"))
		return run_list(w, output);
	if (!strcmp(argv[1], "domname"))
		return run_domname(w, argv[2], output);
	if (!strcmp(argv[1], "pci-list"))
		return run_pci_list(w, argv[2], output);
	if (!strcmp(argv[1], "pci-assignable-list"))
		return run_assignable_list(w, output);
	ret = world_change(v);
	if (!ret)
		ret = run_change(w, argv, output);
	else
		ret = w->s->fail_error == ETIMEDOUT ? -ETIMEDOUT :
		      xl_refuses(output, "fault on request");
	world_changed(v);
	text_free(&nothing);
	return ret;
}

/* Time passes only where the program waits for it. */
static long long passed;

static void world_sleep(struct vfctl *v, unsigned int ms)
{
	passed += ms;
}

static long long world_now(struct vfctl *v)
{
	return passed;
}

static const struct vfctl_ops world_ops = {
	.write = world_write,
	.run = world_run_program,
	.talk = world_talk,
	.sleep = world_sleep,
	.now = world_now,
};

/**
 * world_new() - a machine without any PF
 * @has: WORLD_ flags
 *
 * Return: the machine.
 */
struct world *world_new(unsigned int has)
{
	struct world *w = need(calloc(1, sizeof(*w)));

	/* In memory: hundreds of small files are made and removed for each test. */
	snprintf(w->root, sizeof(w->root), "%s/vfctl-test.XXXXXX",
		 access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm");
	assert_non_null(mkdtemp(w->root));
	w->s = mmap(NULL, sizeof(*w->s), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		    -1, 0);
	assert_ptr_not_equal(w->s, MAP_FAILED);
	w->v = (struct vfctl) { .root = w->root, .ops = &world_ops, .world = w };
	w->out = need(strdup(""));
	w->err = need(strdup(""));
	world_file(w, PCI_DEVICES "/0000:00:00.0/vendor", "0x8086\n");
	world_file(w, "/run/empty", "");
	world_file(w, "/proc/self/empty", "");
	if (has & WORLD_CONTAINMENT)
		world_file(w, "/containment", "");
	if (has & WORLD_KNOWN)
		world_file(w, "/xen_known", "");
	if (has & WORLD_XEN)
		world_file(w, "/proc/xen/capabilities", "control_d\n");
	vfctl_clear_interrupt();
	return w;
}

/**
 * world_free() - the end of a machine
 * @w: the machine
 */
void world_free(struct world *w)
{
	world_remove(w, "");
	munmap(w->s, sizeof(*w->s));
	free(w->out);
	free(w->err);
	free(w);
}

static int run(struct world *w, va_list args)
{
	char *argv[32] = { "vfctl" }, *copy[32];
	int argc = 1, ret, i;

	while (argc < 31 && (argv[argc] = va_arg(args, char *))) {
		/* getopt() puts them in another order */
		copy[argc] = need(strdup(argv[argc]));
		argv[argc] = copy[argc];
		argc++;
	}
	free(w->out);
	free(w->err);
	w->v.json = false;
	w->v.quiet = false;
	w->v.out = open_memstream(&w->out, &w->out_len);
	w->v.err = open_memstream(&w->err, &w->err_len);
	ret = vfctl_main(&w->v, argc, argv);
	fclose(w->v.out);
	fclose(w->v.err);
	w->v.root = w->root;
	for (i = 1; i < argc; i++)
		free(copy[i]);
	return ret;
}

/**
 * world_run() - run the program
 * @w: the machine; has afterwards what was printed
 * @...: the words of the command line after "vfctl", and NULL
 *
 * Return: its exit code.
 */
int world_run(struct world *w, ...)
{
	va_list args;
	int ret;

	va_start(args, w);
	ret = run(w, args);
	va_end(args);
	return ret;
}

/**
 * world_run_in_child() - as world_run(), where the program may die
 * @w: the machine; what was printed goes to stderr
 * @...: the words, and NULL
 *
 * Return: its exit code, or WORLD_DIED.
 */
int world_run_in_child(struct world *w, ...)
{
	va_list args;
	int status;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		va_start(args, w);
		status = run(w, args);
		va_end(args);
		_exit(status);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/**
 * world_assert_said() - this is somewhere in what was said
 * @text: what was said
 * @part: a part of it
 * @file: the test
 * @line: its line
 */
void world_assert_said(const char *text, const char *part, const char *file, int line)
{
	if (strstr(text, part))
		return;
	print_error("'%s' is not in: %s\n", part, text);
	_fail(file, line);
}

/**
 * world_assert_one_line() - what was said ends with one line of an error
 * @text: what was said: lines of progress() may be before it
 * @file: the test
 * @line: its line
 */
void world_assert_one_line(const char *text, const char *file, int line)
{
	const char *said = strstr(text, "vfctl: ");
	const char *end = said ? strchr(said, '\n') : NULL;

	if (end && !end[1] && (said == text || said[-1] == '\n'))
		return;
	print_error("not one line of an error: %s\n", text);
	_fail(file, line);
}
