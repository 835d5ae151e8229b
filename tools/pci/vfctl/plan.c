// SPDX-License-Identifier: GPL-2.0
/*
 * What has to be changed so that the machine is as a file wants it. Free of the system:
 * from what there is, and what is wanted, to a list of changes.
 *
 * The number of VFs comes first, for all PFs: a VF's address is not known before it is
 * there. Of VFs that are not there yet the plan says what is wanted of them; what has to
 * be done for that is decided anew when they are.
 *
 * Order within a VF. A driver of the host comes after the settings, for it reads its MAC
 * when it is bound. Pciback comes before them: the reset that goes with it may cost the
 * VF what was set before. Rules are there once pciback is. The guest comes last, so that
 * it finds all as it is to be.
 */
#include <stdlib.h>
#include <string.h>

#include "driver.h"
#include "plan.h"
#include "settings.h"
#include "text.h"

/**
 * struct planner - what a plan is made from
 * @config: what is wanted
 * @machine: what there is
 * @plan: where it goes
 * @problem: why there is none
 */
struct planner {
	const struct config *config;
	const struct machine *machine;
	struct plan *plan;
	struct problem *problem;
};

/**
 * struct target - one VF that is worked on
 * @config: its PF in the file
 * @pf: its PF
 * @vf: what is there of it, or NULL
 * @rules: of it; NULL if @vf is
 * @index: its number
 * @wanted: what it is to be like
 */
struct target {
	const struct config_pf *config;
	struct pf *pf;
	struct vf *vf;
	const struct rules *rules;
	unsigned int index;
	struct wanted wanted;
};

static const char *const names[] = {
	[ACTION_TAKE] = "take",
	[ACTION_AUTOPROBE] = "autoprobe",
	[ACTION_DISABLE] = "vfs",
	[ACTION_ENABLE] = "vfs",
	[ACTION_DRIVER] = "driver",
	[ACTION_LINK] = "link",
	[ACTION_POLICY] = "policy",
	[ACTION_BUDGET] = "budget",
	[ACTION_BUDGET_WINDOW] = "budget_window",
	[ACTION_RULES] = "rules",
	[ACTION_DOMAIN] = "domain",
};

/**
 * action_name() - the word for a kind of change
 * @kind: of change
 *
 * Return: the word, as in the file.
 */
const char *action_name(enum action_kind kind)
{
	return names[kind];
}

static char *copy(const char *text)
{
	return need(strdup(text));
}

static char *number_text(long long number)
{
	char *text;

	need(asprintf(&text, "%lld", number) < 0 ? NULL : text);
	return text;
}

static struct action *add(struct planner *p, enum action_kind kind,
			  const struct config_pf *config, struct pf *pf)
{
	struct plan *plan = p->plan;
	struct action *action;

	plan->action = grow(plan->action, plan->nr, sizeof(*action));
	action = &plan->action[plan->nr++];
	action->kind = kind;
	action->config = config;
	action->pf = pf;
	return action;
}

static void set_texts(struct action *action, char *from, char *to)
{
	action->from = from;
	action->to = to;
}

static struct action *add_for_vf(struct planner *p, enum action_kind kind,
				 const struct target *t, char *from, char *to)
{
	struct action *action = add(p, kind, t->config, t->pf);

	action->of_vf = true;
	action->vf = t->vf;
	action->index = t->index;
	set_texts(action, from, to);
	return action;
}

static void add_loss(struct planner *p, struct action *action, const struct vf *vf,
		     const char *why)
{
	struct plan *plan = p->plan;

	plan->loss = grow(plan->loss, plan->nr_losses, sizeof(*plan->loss));
	plan->loss[plan->nr_losses++] = (struct loss) { .vf = vf, .why = why };
	action->in_use++;
}

static char *owner_name(const struct owner *owner)
{
	char text[100];

	return copy(owner_text(owner, text, sizeof(text)));
}

static char *guest_name(const struct owner *owner)
{
	return owner->name[0] ? copy(owner->name) : owner_name(owner);
}

/* add_take() - a guest has to give a VF back; the kernel does not take it from there */
static void add_take(struct planner *p, const struct target *t, const char *why)
{
	struct action *action = add_for_vf(p, ACTION_TAKE, t, owner_name(&t->vf->fn.owner),
					   copy("nobody"));

	add_loss(p, action, t->vf, why);
}

static void plan_disable(struct planner *p, const struct config_pf *config, struct pf *pf)
{
	struct action *action;
	unsigned int i;

	for (i = 0; i < pf->nr_found; i++) {
		struct target t = {
			.config = config, .pf = pf, .vf = &pf->vf[i], .index = pf->vf[i].index,
		};

		if (pf->vf[i].fn.owner.kind == OWNER_DOMAIN)
			add_take(p, &t, "all VFs of the PF have to be disabled");
	}
	action = add(p, ACTION_DISABLE, config, pf);
	set_texts(action, number_text(pf->nr), number_text(0));
	for (i = 0; i < pf->nr_found; i++)
		if (pf->vf[i].fn.owner.kind != OWNER_DOMAIN && in_use(&pf->vf[i].fn))
			add_loss(p, action, &pf->vf[i], "all VFs of the PF have to be disabled");
}

static bool plan_pf(struct planner *p, const struct config_pf *config, struct pf *pf)
{
	const struct pf_entry *entry = config->entry;
	struct action *action;

	if ((entry->has & 1U << PF_AUTOPROBE) && entry->autoprobe != pf->autoprobe) {
		action = add(p, ACTION_AUTOPROBE, config, pf);
		action->number = entry->autoprobe;
		set_texts(action, copy(pf->autoprobe ? "on" : "off"),
			  copy(entry->autoprobe ? "on" : "off"));
	}
	if (!(entry->has & 1U << PF_VFS) || entry->vfs == pf->nr)
		return true;
	if (entry->vfs > pf->total)
		return pf_problem(p->config, config, PF_VFS, EXIT_UNSUPPORTED, p->problem,
				  "vfs: %s can have %u VFs, not %u", pf->fn.name, pf->total,
				  entry->vfs);
	if (pf->nr)
		plan_disable(p, config, pf);
	if (entry->vfs) {
		action = add(p, ACTION_ENABLE, config, pf);
		action->number = entry->vfs;
		set_texts(action, number_text(0), number_text(entry->vfs));
	}
	return true;
}

static bool has(const struct target *t, enum vf_key key)
{
	return t->wanted.set.has & 1U << key;
}

/* vf_name() - for errors */
static const char *vf_name(const struct target *t, char name[64])
{
	snprintf(name, 64, "VF %u of %s", t->index, t->pf->fn.name);
	return name;
}

static enum vf_key host_key(const struct target *t)
{
	return has(t, VF_DOMAIN) ? VF_DOMAIN : VF_DRIVER;
}

/* can_have_pciback() - is there what the backend needs? */
static bool can_have_pciback(struct planner *p, const struct target *t)
{
	char name[64];

	if (!p->machine->inv.xen)
		return vf_problem(p->config, &t->wanted, host_key(t), EXIT_UNSUPPORTED, p->problem,
				  "%s: this is not the initial domain of Xen",
				  vf_keys[host_key(t)].name);
	if (t->vf && t->vf->fn.xen_known == 0)
		return vf_problem(p->config, &t->wanted, host_key(t), EXIT_UNSUPPORTED, p->problem,
				  "%s: Xen does not know %s: see the kernel's log",
				  vf_keys[host_key(t)].name, vf_name(t, name));
	if (has(t, VF_DOMAIN) && p->machine->domains_error)
		return vf_problem(p->config, &t->wanted, VF_DOMAIN, EXIT_UNSUPPORTED, p->problem,
				  "domain: xl does not say which guests there are: %s",
				  error_text(p->machine->domains_error));
	return true;
}

static bool can_have_link(struct planner *p, const struct target *t)
{
	unsigned int key;

	if (!t->wanted.link.has || t->pf->fn.netdev[0])
		return true;
	for (key = VF_MAC; key < VF_STATE && !has(t, key); key++)
		;
	return vf_problem(p->config, &t->wanted, key, EXIT_UNSUPPORTED, p->problem,
			  "%s: %s has no network interface", vf_keys[key].name, t->pf->fn.name);
}

static bool can_be_contained(struct planner *p, const struct target *t)
{
	static const enum vf_key keys[] = { VF_POLICY, VF_BUDGET, VF_BUDGET_WINDOW };
	const struct function *fn = t->vf ? &t->vf->fn : &t->pf->fn;
	unsigned int i;

	for (i = 0; i < 3; i++)
		if (has(t, keys[i]) && !fn->contained)
			return vf_problem(p->config, &t->wanted, keys[i], EXIT_UNSUPPORTED,
					  p->problem, "%s: this kernel has no containment/ for %s",
					  vf_keys[keys[i]].name, fn->name);
	if (has(t, VF_RULES) && t->vf && driver_is_pciback(t->vf->fn.driver) && !t->rules->known)
		return vf_problem(p->config, &t->wanted, VF_RULES, EXIT_UNSUPPORTED, p->problem,
				  "rules: this kernel's pciback has no rules for %s", fn->name);
	return true;
}

/* is_clear() - is there at most one guest of the name? */
static bool is_clear(struct planner *p, const struct target *t)
{
	const struct domains *domains = &p->machine->domains;
	unsigned int nr = 0;
	size_t i;

	for (i = 0; has(t, VF_DOMAIN) && i < domains->nr; i++)
		nr += !strcmp(domains->domain[i].name, t->wanted.set.domain);
	if (nr < 2)
		return true;
	return vf_problem(p->config, &t->wanted, VF_DOMAIN, EXIT_REFUSED, p->problem,
			  "domain: %u guests are called %s", nr, t->wanted.set.domain);
}

static bool possible(struct planner *p, const struct target *t)
{
	if (t->wanted.driver && driver_is_pciback(t->wanted.driver) && !can_have_pciback(p, t))
		return false;
	return is_clear(p, t) && can_have_link(p, t) && can_be_contained(p, t);
}

static const char *present_driver(const struct target *t)
{
	if (!t->vf)
		return "";
	return t->vf->fn.driver[0] ? t->vf->fn.driver : "none";
}

/* has_driver() - is the driver as it is wanted? */
static bool has_driver(const struct target *t)
{
	const struct pf_entry *entry = t->config->entry;
	bool autoprobe = entry->has & 1U << PF_AUTOPROBE ? entry->autoprobe : t->pf->autoprobe;

	if (!t->wanted.driver)
		return true;
	if (!t->vf)
		return !autoprobe && !strcmp(t->wanted.driver, "none");
	return !strcmp(present_driver(t), t->wanted.driver);
}

/* in_service() - can it be given to another driver or guest? */
static bool in_service(struct planner *p, const struct target *t)
{
	const struct function *fn = &t->vf->fn;

	if (strcmp(fn->state, "quarantined") && strcmp(fn->state, "failed"))
		return true;
	return vf_problem(p->config, &t->wanted, host_key(t), EXIT_REFUSED, p->problem,
			  "%s: VF %u of %s (%s) is %s: vfctl quarantine release %s",
			  vf_keys[host_key(t)].name, t->index, t->pf->fn.name, fn->name, fn->state,
			  fn->name);
}

/* wanted_domain() - the guest that is to have it, if it runs */
static const struct domain *wanted_domain(const struct planner *p, const struct target *t)
{
	return domain_by_name(&p->machine->domains, t->wanted.set.domain);
}

/* has_domain() - by its number: the name that the owner has is for people */
static bool has_domain(const struct planner *p, const struct target *t)
{
	const struct domain *domain = wanted_domain(p, t);
	const struct owner *owner = &t->vf->fn.owner;

	return owner->kind == OWNER_DOMAIN && domain && owner->id == domain->id;
}

/* goes_elsewhere() - is it another guest's than the one that has it, or none's? */
static bool goes_elsewhere(const struct planner *p, const struct target *t)
{
	return has(t, VF_DOMAIN) && !has_domain(p, t);
}

/*
 * plan_take() - has a guest the VF that is not to have it?
 *
 * If it goes to another guest, and that one runs, it is moved in one step that can be
 * undone.
 */
static bool plan_take(struct planner *p, const struct target *t)
{
	bool elsewhere = goes_elsewhere(p, t);
	bool of_domain = t->vf->fn.owner.kind == OWNER_DOMAIN;
	bool runs_there = elsewhere && wanted_domain(p, t);

	if (has_driver(t) && !(elsewhere && (of_domain || runs_there)))
		return true;
	if (!in_service(p, t))
		return false;
	if (of_domain && !runs_there)
		add_take(p, t, elsewhere ? "it is for another domain" :
					   "it is for another driver");
	return true;
}

static void plan_driver(struct planner *p, const struct target *t)
{
	struct action *action;

	if (has_driver(t))
		return;
	action = add_for_vf(p, ACTION_DRIVER, t, copy(present_driver(t)), copy(t->wanted.driver));
	if (t->vf && t->vf->fn.owner.kind != OWNER_DOMAIN && in_use(&t->vf->fn))
		add_loss(p, action, t->vf, "it is for another driver");
}

static void plan_link(struct planner *p, const struct target *t)
{
	const struct vf_link *wanted = &t->wanted.link;
	unsigned int differs = t->vf ? link_differs(&t->vf->link, wanted) : wanted->has;
	char from[SETTINGS_SIZE] = "", to[SETTINGS_SIZE];
	struct action *action;

	if (!differs)
		return;
	if (t->vf)
		settings_text(&t->vf->link, differs & t->vf->link.has, from);
	settings_text(wanted, differs, to);
	action = add_for_vf(p, ACTION_LINK, t, copy(from), copy(to));
	link_merge(&action->link, wanted, differs);
}

static void plan_policy(struct planner *p, const struct target *t)
{
	const char *wanted = policy_words[t->wanted.set.policy];
	const char *present = t->vf ? t->vf->fn.policy : "";

	if (has(t, VF_POLICY) && strcmp(present, wanted))
		add_for_vf(p, ACTION_POLICY, t, copy(present), copy(wanted));
}

static void plan_number(struct planner *p, const struct target *t, enum vf_key key,
			enum action_kind kind, unsigned int wanted, long long present)
{
	struct action *action;

	if (!has(t, key) || (t->vf && present == wanted))
		return;
	action = add_for_vf(p, kind, t, t->vf ? number_text(present) : copy(""),
			    number_text(wanted));
	action->number = wanted;
}

static char *rules_text(const struct rules *rules)
{
	struct text text = { 0 };
	char rule[RULE_SIZE];
	size_t i;

	for (i = 0; i < rules->nr; i++) {
		rule_format(&rules->rule[i], rule);
		text_printf(&text, "%s%s", i ? "; " : "", rule);
	}
	return text.data ?: copy("none");
}

static void plan_rules(struct planner *p, const struct target *t)
{
	bool known = t->vf && t->rules->known;
	const struct rules *wanted = &t->wanted.rules;
	struct action *action;
	size_t i;

	if (!has(t, VF_RULES) || (known && rules_equal(t->rules, wanted)))
		return;
	/* None are wanted of a function that starts without any */
	if (!known && !wanted->nr)
		return;
	action = add_for_vf(p, ACTION_RULES, t, known ? rules_text(t->rules) : copy(""),
			    rules_text(wanted));
	action->rules.known = true;
	for (i = 0; i < wanted->nr; i++) {
		action->rules.rule = grow(action->rules.rule, i, sizeof(struct rule));
		action->rules.rule[action->rules.nr++] = wanted->rule[i];
	}
}

static void plan_domain(struct planner *p, const struct target *t)
{
	struct plan *plan = p->plan;
	const char *domain = t->wanted.set.domain;

	if (!has(t, VF_DOMAIN))
		return;
	if (t->vf && has_domain(p, t))
		return;
	if (wanted_domain(p, t)) {
		bool moves = t->vf && t->vf->fn.owner.kind == OWNER_DOMAIN;
		struct action *action;

		action = add_for_vf(p, ACTION_DOMAIN, t,
				    moves ? guest_name(&t->vf->fn.owner) :
				    copy(t->vf ? "nobody" : ""), copy(domain));
		if (moves)
			add_loss(p, action, t->vf, "it is for another domain");
		return;
	}
	plan->waiting = grow(plan->waiting, plan->nr_waiting, sizeof(*plan->waiting));
	plan->waiting[plan->nr_waiting++] = (struct waiting) {
		.pf = t->pf, .index = t->index, .domain = copy(domain),
	};
}

static bool plan_target(struct planner *p, const struct target *t)
{
	bool host = t->wanted.driver && !driver_is_pciback(t->wanted.driver);
	const struct vf_entry *set = &t->wanted.set;
	const struct function *fn = t->vf ? &t->vf->fn : NULL;

	if (!possible(p, t))
		return false;
	if (t->vf && !plan_take(p, t))
		return false;
	if (!host)
		plan_driver(p, t);
	plan_link(p, t);
	if (host)
		plan_driver(p, t);
	plan_policy(p, t);
	plan_number(p, t, VF_BUDGET, ACTION_BUDGET, set->budget, fn ? fn->budget : 0);
	plan_number(p, t, VF_BUDGET_WINDOW, ACTION_BUDGET_WINDOW, set->budget_window,
		    fn ? fn->budget_window : 0);
	plan_rules(p, t);
	plan_domain(p, t);
	return true;
}

static struct vf *found_vf(struct pf *pf, unsigned int index)
{
	unsigned int i;

	/* It is there at its own place unless one before it is missing. */
	if (index < pf->nr_found && pf->vf[index].index == index)
		return &pf->vf[index];
	for (i = 0; i < pf->nr_found; i++)
		if (pf->vf[i].index == index)
			return &pf->vf[i];
	return NULL;
}

/* enough_vfs() - is there each VF that has an entry, where the file does not say how many? */
static bool enough_vfs(struct planner *p, const struct config_pf *config, const struct pf *pf)
{
	struct wanted wanted;
	unsigned int last;

	if (!config->nr || (config->entry->has & 1U << PF_VFS))
		return true;
	last = config->range[config->nr - 1].last;
	if (last < pf->nr)
		return true;
	config_wanted(config, last, &wanted);
	wanted_free(&wanted);
	return vf_problem(p->config, &wanted, wanted.own & 1U << VF_INDEX ? VF_INDEX : VF_INDEXES,
			  EXIT_NOT_FOUND, p->problem,
			  "%s: there is no VF %u: %s has %u VFs, and vfs does not say how many it is to have",
			  vf_keys[wanted.own & 1U << VF_INDEX ? VF_INDEX : VF_INDEXES].name, last,
			  pf->fn.name, pf->nr);
}

static bool plan_vf(struct planner *p, const struct config_pf *config, struct pf *pf,
		    unsigned int index, bool stays)
{
	struct target t = { .config = config, .pf = pf, .index = index };
	unsigned int i;
	bool done;

	config_wanted(config, index, &t.wanted);
	if (stays)
		t.vf = found_vf(pf, index);
	for (i = 0; t.vf && p->machine->inv.pf[i] != pf; i++)
		;
	if (t.vf)
		t.rules = &p->machine->rules[i][t.vf - pf->vf];
	if (stays && !t.vf && t.wanted.set.has)
		done = vf_problem(p->config, &t.wanted, VF_INDEX, EXIT_REFUSED, p->problem,
				  "VF %u of %s is enabled, but cannot be found", index,
				  pf->fn.name);
	else
		done = plan_target(p, &t);
	wanted_free(&t.wanted);
	return done;
}

static bool plan_vfs(struct planner *p, const struct config_pf *config, struct pf *pf)
{
	bool counted = config->entry->has & 1U << PF_VFS;
	unsigned int nr = counted ? config->entry->vfs : pf->nr, i;

	if (!enough_vfs(p, config, pf))
		return false;
	for (i = 0; i < nr; i++)
		if (!plan_vf(p, config, pf, i, nr == pf->nr))
			return false;
	return true;
}

static struct pf *find(const struct planner *p, const struct config_pf *config)
{
	struct pf *pf = pf_by_name(&p->machine->inv, config->entry->pf);

	if (!pf)
		pf_problem(p->config, config, PF_PF, EXIT_NOT_FOUND, p->problem,
			   "pf: there is no PF %s", config->entry->pf);
	return pf;
}

/* all_differ() - is each PF in the file once, by whatever name? */
static bool all_differ(struct planner *p)
{
	const struct config *config = p->config;
	size_t i, j;

	for (i = 0; i < config->nr; i++) {
		struct pf *pf = pf_by_name(&p->machine->inv, config->pf[i].entry->pf);

		for (j = 0; pf && j < i; j++)
			if (pf_by_name(&p->machine->inv, config->pf[j].entry->pf) == pf)
				return pf_problem(config, &config->pf[i], PF_PF, EXIT_BAD_FILE,
						  p->problem, "pf: %s is %s, which is there already",
						  config->pf[i].entry->pf, pf->fn.name);
	}
	return true;
}

/* can_be() - is there a plan for this PF? Else its fault is noted */
static bool can_be(struct planner *p, const struct config_pf *config)
{
	struct problem problem = { 0 };
	struct plan alone = { 0 }, *plan = p->plan;
	struct planner trial = *p;
	struct fault *fault;
	struct pf *pf;
	bool can;

	trial.plan = &alone;
	trial.problem = &problem;
	pf = find(&trial, config);
	can = pf && plan_pf(&trial, config, pf) && plan_vfs(&trial, config, pf);
	plan_free(&alone);
	if (can)
		return true;
	plan->fault = grow(plan->fault, plan->nr_faults, sizeof(*fault));
	fault = &plan->fault[plan->nr_faults++];
	*fault = (struct fault) { .number = config->number, .problem = problem };
	return false;
}

static bool has_fault(const struct plan *plan, const struct config_pf *config)
{
	size_t i;

	for (i = 0; i < plan->nr_faults; i++)
		if (plan->fault[i].number == config->number)
			return true;
	return false;
}

static bool plan_all(struct planner *p)
{
	size_t i;

	if (!all_differ(p))
		return false;
	for (i = 0; i < p->config->nr; i++) {
		const struct config_pf *config = &p->config->pf[i];

		if (can_be(p, config))
			plan_pf(p, config, find(p, config));
	}
	p->plan->nr_first = p->plan->nr;
	for (i = 0; i < p->config->nr; i++) {
		const struct config_pf *config = &p->config->pf[i];

		if (!has_fault(p->plan, config))
			plan_vfs(p, config, find(p, config));
	}
	return true;
}

/**
 * plan_make() - what has to be changed?
 * @config: what is wanted
 * @machine: what there is; the plan points into both
 * @plan: where it goes; to be given to plan_free(), unless this fails
 * @problem: what is wrong with the file as a whole
 *
 * What is wanted of a PF and cannot be is a fault of that PF, of which there are no changes
 * in the plan then.
 *
 * Return: whether there is a plan.
 */
bool plan_make(const struct config *config, const struct machine *machine, struct plan *plan,
	       struct problem *problem)
{
	struct planner p = {
		.config = config, .machine = machine, .plan = plan, .problem = problem,
	};

	memset(plan, 0, sizeof(*plan));
	memset(problem, 0, sizeof(*problem));
	return plan_all(&p);
}

/**
 * plan_free() - give back what plan_make() took
 * @plan: is empty afterwards
 */
void plan_free(struct plan *plan)
{
	size_t i;

	for (i = 0; i < plan->nr; i++) {
		free(plan->action[i].from);
		free(plan->action[i].to);
		rules_free(&plan->action[i].rules);
	}
	for (i = 0; i < plan->nr_waiting; i++)
		free(plan->waiting[i].domain);
	free(plan->action);
	free(plan->loss);
	free(plan->waiting);
	free(plan->fault);
	memset(plan, 0, sizeof(*plan));
}
