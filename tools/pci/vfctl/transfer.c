// SPDX-License-Identifier: GPL-2.0
/*
 * A VF on its way from one owner to another, and back if something goes wrong.
 *
 *   find, lock, check -> journal -> steps -> the journal is removed
 *                                     |
 *                      failure, Ctrl-C, death: the steps from where the VF is now to
 *                      where it was; then the journal is removed
 *
 * Removing the journal is what makes it final: whoever finds one brings the VF back. The
 * way back does not undo step by step. It looks where the VF is, so it is the same
 * whatever happened, and can be tried again.
 *
 * How long it takes: xl is killed after 60 s, and who has the VF is waited for 10 s, so
 * a step takes 70 s at most (besides, xl is asked who has what; and the kernel waits a
 * minute at most for a VF that does not come back from its reset). No step is begun more
 * than FORWARD_MS after the first.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "json.h"
#include "settings.h"
#include "sysfs.h"
#include "transfer.h"
#include "vfctl.h"
#include "xl.h"

#define FORWARD_MS 90000

/* What came of the way back */
enum outcome {
	BROUGHT_BACK,
	LEFT_ASSIGNABLE,	/* its guest is gone */
	LEFT_ELSEWHERE,		/* somebody else has it by now */
	VF_GONE,
	NOT_BACK,
};

/**
 * transfer_steps() - what has to be done
 * @now: where the VF is
 * @target: where it is to be
 *
 * Return: a bit for each step.
 */
unsigned int transfer_steps(const struct place *now, const struct place *target)
{
	unsigned int steps = 1 << STEP_SETTINGS | 1 << STEP_VERIFY;
	bool pciback = !now->domain && !strcmp(now->name, DRIVER_PCIBACK);

	if (place_same(now, target))
		return steps;
	steps |= 1 << STEP_RESET;
	if (now->domain)
		steps |= 1 << STEP_DETACH;
	if (target->domain || !strcmp(target->name, DRIVER_PCIBACK)) {
		if (!now->domain && !pciback)
			steps |= 1 << STEP_TAKE;
		if (target->domain)
			steps |= 1 << STEP_ATTACH;
		return steps;
	}
	if (!now->domain && !pciback && now->name[0])
		steps |= 1 << STEP_UNBIND;
	return steps | 1 << STEP_BIND;
}

/* look() - read all functions anew, and find the VF among them */
static int look(struct transfer *t, const struct address *address)
{
	int ret;

	inventory_free(&t->inv);
	t->vf = NULL;
	ret = inventory_read(t->v, &t->inv, READ_ALL);
	if (!ret)
		t->vf = vf_at(&t->inv, address);
	return ret;
}

/**
 * transfer_arguments() - read the words of a command that has --to and --force
 * @v: the program
 * @command: the command
 * @argc: how many words
 * @argv: the words
 * @words: what they mean
 *
 * Return: an exit code; what is wrong has been said.
 */
int transfer_arguments(struct vfctl *v, const struct command *command, int argc, char **argv,
		       struct transfer_arguments *words)
{
	static const struct option options[] = {
		{ "to", required_argument, NULL, 't' },
		{ "force", no_argument, NULL, 'f' },
		{ NULL }
	};
	int option;

	memset(words, 0, sizeof(*words));
	while ((option = getopt_long(argc, argv, ":t:f", options, NULL)) != -1) {
		if (option == 't')
			words->to = optarg;
		else if (option == 'f')
			words->force = true;
		else
			return usage_option(v, command, option, argv[optind - 1]);
	}
	if (argc - optind != 1)
		return usage(v, command, "one VF is wanted");
	words->vf = argv[optind];
	return EXIT_DONE;
}

/**
 * transfer_find() - find the VF that somebody means
 * @t: gets it; to be given to transfer_end(), whatever is returned
 * @v: the program
 * @name: of the VF
 *
 * Return: an exit code; what is wrong has been said.
 */
int transfer_find(struct transfer *t, struct vfctl *v, const char *name)
{
	int ret;

	memset(t, 0, sizeof(*t));
	t->v = v;
	t->lock = -1;
	t->pf_lock = -1;
	ret = inventory_read(v, &t->inv, READ_ALL);
	if (!ret)
		ret = find_vf(v, &t->inv, name, &t->vf);
	if (!ret)
		text_copy(t->j.vf, sizeof(t->j.vf), t->vf->fn.name);
	return ret;
}

/**
 * transfer_end() - give back what a transfer has
 * @t: the VF; nobody else could have it until now
 */
void transfer_end(struct transfer *t)
{
	inventory_free(&t->inv);
	text_free(&t->why);
	journal_unlock(t->lock);
	journal_unlock(t->pf_lock);
	t->lock = -1;
	t->pf_lock = -1;
}

/**
 * transfer_begin() - have the VF for oneself, and bring back what is left half way
 * @t: the VF, from transfer_find()
 * @command: what is to be done
 *
 * Return: an exit code; what is wrong has been said.
 */
int transfer_begin(struct transfer *t, const char *command)
{
	struct address address = t->vf->fn.address;
	struct journal left;
	char why[200];
	int ret;

	ret = journal_lock_pf(t->v, t->vf->pf->fn.name, command, false, &t->pf_lock);
	if (!ret)
		ret = journal_lock(t->v, t->j.vf, command, &t->lock);
	if (ret)
		return ret;
	text_copy(t->j.command, sizeof(t->j.command), command);
	if (journal_read(t->v, t->j.vf, &left, why, sizeof(why)) != -ENOENT) {
		fprintf(t->v->err, "%s: it was left half way; it is brought back first\n",
			t->j.vf);
		ret = transfer_recover(t->v, t->j.vf, t->lock);
		if (ret)
			return ret;
	}
	/* It may have changed hands before the lock was ours. */
	ret = look(t, &address);
	if (!ret && !t->vf)
		ret = fail(t->v, EXIT_NOT_FOUND, "%s: it went away meanwhile", t->j.vf);
	if (ret)
		return ret;
	t->j.link = t->vf->link;
	driver_override_read(t->v, t->j.vf, t->j.override, sizeof(t->j.override));
	text_copy(t->settle, sizeof(t->settle), t->j.override);
	return EXIT_DONE;
}

static int check_settings(struct transfer *t)
{
	const struct pf *pf = t->vf->pf;
	const char *invalid = settings_invalid(&t->j.link);

	if (invalid)
		return fail(t->v, EXIT_UNSUPPORTED,
			    "%s: what is set for it could not be set again: %s", t->j.vf,
			    invalid);
	if (t->j.link.has || !pf->fn.netdev[0] || !pf->link_status ||
	    pf->link_status == -EOPNOTSUPP || t->force)
		return EXIT_DONE;
	if (pf->link_status == -EMSGSIZE)
		return fail(t->v, EXIT_UNSUPPORTED,
			    "%s: VF %u is missing in the kernel's list of the VFs of %s, so its MAC, VLAN and so on might be lost; --force does it nevertheless",
			    t->j.vf, t->vf->index, pf->fn.netdev);
	return fail_errno(t->v, pf->link_status,
			  "%s: its MAC, VLAN and so on might be lost (--force does it nevertheless), for %s does not tell them",
			  t->j.vf, pf->fn.netdev);
}

/**
 * transfer_check() - can this VF be given to somebody?
 * @t: the VF
 * @to_be_used: it is to be somebody's, not only to wait for that
 *
 * Return: an exit code; what is wrong has been said.
 */
int transfer_check(struct transfer *t, bool to_be_used)
{
	bool for_guests = place_is_for_guests(&t->j.to);
	const struct function *fn = &t->vf->fn;

	if (!strcmp(fn->state, "recovering"))
		return fail(t->v, EXIT_REFUSED,
			    "%s: it had an error, and is being recovered: try again later",
			    t->j.vf);
	if (to_be_used && (!strcmp(fn->state, "quarantined") || !strcmp(fn->state, "failed")))
		return fail(t->v, EXIT_REFUSED,
			    "%s: it is %s, nobody can have it before: vfctl quarantine release %s",
			    t->j.vf, fn->state, t->j.vf);
	if (to_be_used && for_guests && !fn->xen_known)
		return fail(t->v, EXIT_UNSUPPORTED,
			    "%s: Xen does not know it, so no guest can have it; the kernel's log says why",
			    t->j.vf);
	/* A driver of the host resets what it gets by its own means. */
	if (for_guests && !can_be_reset(t) && !t->force)
		return fail(t->v, EXIT_REFUSED,
			    "%s: there is no way to reset it alone, so the next owner could find what the last has left; --force does it nevertheless",
			    t->j.vf);
	return check_settings(t);
}

static int no_domains(struct vfctl *v, int error)
{
	if (error == -ENOENT)
		return fail(v, EXIT_UNSUPPORTED, "there is no xl, by which Xen is told");
	if (error == -EIO)
		return fail(v, EXIT_REFUSED, "xl list does not work; is xenstored running?");
	if (error == -EPROTO)
		return fail(v, EXIT_REFUSED, "xl list prints something else than guests");
	return fail_errno(v, error, "xl list");
}

/* name_guest() - note a guest's name, and what xl prints for none if it is empty */
static bool name_guest(struct place *place, const struct domain *domain)
{
	return text_escape(place->name, sizeof(place->name),
			   domain->name[0] ? domain->name : "(null)");
}

static int not_found(struct transfer *t, const char *name, int error)
{
	if (!name)
		return fail(t->v, EXIT_NOT_FOUND,
			    "%s: domain %u has it, which xl does not list: it is going away, try again",
			    t->j.vf, t->vf->fn.owner.id);
	if (error == -ENOTUNIQ)
		return fail(t->v, EXIT_REFUSED,
			    "%s: it is not clear which guest that is: another one has the same name, or has that as its number",
			    name);
	if (error == -ENOENT)
		return fail(t->v, EXIT_NOT_FOUND, "%s: there is no guest of that name or number",
			    name);
	return fail_errno(t->v, error, "%s: xl domname", name);
}

/**
 * transfer_domain() - find the guest that somebody means
 * @t: the VF
 * @name: the guest's name or number; NULL: the one that has the VF
 * @place: where it goes
 *
 * Return: an exit code; what is wrong has been said.
 */
int transfer_domain(struct transfer *t, const char *name, struct place *place)
{
	const struct domain *domain;
	struct domains domains;
	int ret;

	ret = xl_domains(t->v, &domains);
	if (ret < 0)
		return no_domains(t->v, ret);
	if (name) {
		ret = xl_find_domain(t->v, &domains, name, &domain);
	} else {
		domain = domain_by_id(&domains, t->vf->fn.owner.id);
		ret = domain ? 0 : -ENOENT;
	}
	if (ret) {
		ret = not_found(t, name, ret);
	} else {
		place->domain = domain->id;
		if (!name_guest(place, domain))
			ret = fail(t->v, EXIT_UNSUPPORTED,
				   "%s: the name of domain %u is too long to be noted", t->j.vf,
				   domain->id);
	}
	domains_free(&domains);
	return ret;
}

static json_t *steps_and_times(const struct transfer *t)
{
	json_t *array = json_array();
	unsigned int i;

	for (i = 0; i < NR_STEPS; i++)
		if (t->j.done & 1 << i)
			json_array_append_new(array, json_pack("{s:s, s:I}", "name", step_name(i),
							       "ms", (json_int_t)t->ms[i]));
	return array;
}

/* report() - say what was done, or that there was nothing to do */
static int report(struct transfer *t, const struct place *to, long long ms)
{
	char from_text[300], to_text[300];
	json_t *object;

	progress_end(t->v);
	if (t->v->json) {
		object = json_pack("{s:s, s:o, s:o, s:b, s:o, s:I}", "vf", t->j.vf,
				   "from", place_json(&t->j.from), "to", place_json(to),
				   "changed", t->j.done != 0, "steps", steps_and_times(t),
				   "total_ms", (json_int_t)ms);
		return json_print(t->v, object);
	}
	if (t->v->quiet)
		return EXIT_DONE;
	place_text(to, to_text, sizeof(to_text));
	if (t->j.done)
		fprintf(t->v->out, "%s: %s -> %s, %lld ms\n", t->j.vf,
			place_text(&t->j.from, from_text, sizeof(from_text)), to_text, ms);
	else
		fprintf(t->v->out, "%s: %s, as before\n", t->j.vf, to_text);
	return EXIT_DONE;
}

/**
 * transfer_same() - say that the VF is where it is wanted
 * @t: the VF, with where it is
 *
 * Return: an exit code: EXIT_DONE if it could be said.
 */
int transfer_same(struct transfer *t)
{
	return report(t, &t->j.from, 0);
}

static void because(struct transfer *t, const char *what)
{
	struct text why = { 0 };

	text_printf(&why, t->why.len ? "%s: %s" : "%s", what, text_string(&t->why));
	text_free(&t->why);
	t->why = why;
}

/* may_begin() - is there a reason not to begin this step? */
static bool may_begin(struct transfer *t, enum step step)
{
	int ret;

	if (t->undoing)
		return true;
	text_free(&t->why);
	if (vfctl_interrupted()) {
		because(t, "interrupted");
		return false;
	}
	if (t->v->ops->now(t->v) - t->start > FORWARD_MS) {
		because(t, "it took too long so far");
		return false;
	}
	t->j.begun |= 1 << step;
	ret = journal_write(t->v, &t->j);
	if (!ret)
		return true;
	text_printf(&t->why, "%s" JOURNAL_FOLDER "/%s.json: %s", t->v->root, t->j.vf,
		    strerror(-ret));
	return false;
}

static bool do_steps(struct transfer *t, unsigned int steps, const struct place *target)
{
	long long start;
	char text[400], before[420];
	unsigned int i;

	t->stays = !(steps & 1 << STEP_RESET);
	for (i = 0; i < NR_STEPS; i++) {
		if (!(steps & 1 << i))
			continue;
		step_text(t, i, target, text, sizeof(text));
		if (!may_begin(t, i)) {
			snprintf(before, sizeof(before), "before %s", text);
			because(t, before);
			return false;
		}
		progress(t->v, "%s: %s%s", t->j.vf, t->undoing ? "rolling back: " : "", text);
		start = t->v->ops->now(t->v);
		text_free(&t->why);
		if (!step_run(t, i, target)) {
			because(t, text);
			return false;
		}
		if (t->undoing)
			continue;
		t->ms[i] = t->v->ops->now(t->v) - start;
		t->j.done |= 1 << i;
	}
	return true;
}

static bool is_called(const struct domain *domain, const struct place *place)
{
	struct place now;

	return name_guest(&now, domain) && !strcmp(now.name, place->name);
}

/*
 * domain_now() - the number that a guest has now: it may have been rebooted, or be gone
 *
 * A number may be another guest's by now, and two guests may have the same name: it is the
 * same guest if it has both, or if it alone has the name.
 */
static void domain_now(const struct domains *domains, struct place *place)
{
	const struct domain *same = domain_by_id(domains, place->domain);
	unsigned int nr = 0, id = 0;
	size_t i;

	if (!place->domain || (same && is_called(same, place)))
		return;
	place->domain = 0;
	for (i = 0; domain_has_name(place->name) && i < domains->nr; i++) {
		if (!is_called(&domains->domain[i], place))
			continue;
		id = domains->domain[i].id;
		nr++;
	}
	if (nr == 1)
		place->domain = id;
}

/* find_domains_again() - the guests' numbers of now; false if it cannot be known which there are */
static bool find_domains_again(struct transfer *t)
{
	struct domains domains;
	int ret;

	if (!t->j.from.domain && !t->j.to.domain)
		return true;
	ret = xl_domains(t->v, &domains);
	if (ret < 0) {
		text_free(&t->why);
		text_printf(&t->why, "xl does not list the guests: %s", error_text(ret));
		return false;
	}
	domain_now(&domains, &t->j.from);
	domain_now(&domains, &t->j.to);
	domains_free(&domains);
	return true;
}

/* is_elsewhere() - has somebody got it who has nothing to do with this? */
static bool is_elsewhere(const struct transfer *t, const struct owner *owner)
{
	if (owner->kind == OWNER_PROCESS || owner->kind == OWNER_NETNS)
		return true;
	return owner->kind == OWNER_DOMAIN && owner->id != t->j.from.domain &&
	       owner->id != t->j.to.domain;
}

/* look_again() - as look(), but what is wrong goes to t->why */
static bool look_again(struct transfer *t, const struct address *address)
{
	struct vfctl *v = t->v, quiet = *v;
	char *said = NULL;
	size_t len;
	int ret;

	quiet.err = need(open_memstream(&said, &len));
	quiet.color = false;
	quiet.width = 0;
	t->v = &quiet;
	ret = look(t, address);
	t->v = v;
	fclose(quiet.err);
	if (ret) {
		said[strcspn(said, "\n")] = '\0';
		text_free(&t->why);
		text_printf(&t->why, "%s", said);
	}
	free(said);
	return !ret;
}

/*
 * bring_back() - have the VF where it was, whatever happened
 *
 * t->j.from and t->j.to have the guests' numbers of now, afterwards.
 */
static enum outcome bring_back(struct transfer *t)
{
	bool by_guest = t->j.from.domain;
	struct place now, target;
	struct address address;
	bool sure;
	int error;

	t->undoing = true;
	/* Once it has begun, this is to be finished. */
	vfctl_clear_interrupt();
	text_copy(t->settle, sizeof(t->settle), t->j.override);
	address_parse(t->j.vf, &address);
	if (!look_again(t, &address))
		return NOT_BACK;
	if (!t->vf)
		return VF_GONE;
	if (!find_domains_again(t))
		return NOT_BACK;
	if (is_elsewhere(t, &t->vf->fn.owner))
		return LEFT_ELSEWHERE;
	target = t->j.from;
	if (by_guest && !target.domain)
		target = (struct place) { .name = DRIVER_PCIBACK };
	error = place_now(t, &now, &sure);
	if (error) {
		text_free(&t->why);
		text_printf(&t->why, "it cannot be told who has it: %s", error_text(error));
		return NOT_BACK;
	}
	if (!do_steps(t, transfer_steps(&now, &target), &target))
		return NOT_BACK;
	return by_guest && !t->j.from.domain ? LEFT_ASSIGNABLE : BROUGHT_BACK;
}

/* stands() - how things stand, in a sentence */
static const char *stands(struct transfer *t, char *text, size_t size)
{
	struct place now;
	char place[300];
	bool sure;

	if (!t->vf)
		snprintf(text, size, "the VF is gone");
	else if (t->undoing && is_elsewhere(t, &t->vf->fn.owner))
		snprintf(text, size, "%s has it",
			 owner_text(&t->vf->fn.owner, place, sizeof(place)));
	else if (place_now(t, &now, &sure))
		snprintf(text, size, "it cannot be told who has it");
	else if (!now.domain && !strcmp(now.name, DRIVER_PCIBACK))
		snprintf(text, size, "no guest has it, it is assignable");
	else if (!now.domain && !now.name[0])
		snprintf(text, size, "nobody has it, it has no driver");
	else
		snprintf(text, size, "%s has it", place_text(&now, place, sizeof(place)));
	return text;
}

/* final() - there is nothing more to bring back: remove the journal */
static int final(struct transfer *t)
{
	int ret = journal_remove(t->v, t->j.vf);

	if (!ret)
		return EXIT_DONE;
	return fail(t->v, EXIT_HALF_DONE,
		    "%s: it is where it should be, but %s" JOURNAL_FOLDER "/%s.json has to be removed by hand, or the VF will be brought back: %s",
		    t->j.vf, t->v->root, t->j.vf, strerror(-ret));
}

/*
 * say_outcome() - one line about what happened, and what came of the way back
 * @cause: why it was necessary
 * @code: exit code for a VF that is as it was
 */
static int say_outcome(struct transfer *t, enum outcome what, const char *cause,
		       enum vfctl_exit code)
{
	char now[400];

	stands(t, now, sizeof(now));
	switch (what) {
	case BROUGHT_BACK:
		if (code == EXIT_DONE) {
			if (!t->v->quiet && !t->v->json)
				fprintf(t->v->err, "%s: %s; it was brought back: %s\n", t->j.vf,
					cause, now);
			return code;
		}
		return fail(t->v, code, "%s: %s; rolled back: %s as before", t->j.vf, cause, now);
	case LEFT_ASSIGNABLE:
		return fail(t->v, EXIT_HALF_DONE,
			    "%s: %s; the guest %s, which had it, is gone: %s: vfctl assign %s --to DOMAIN",
			    t->j.vf, cause, t->j.from.name, now, t->j.vf);
	case LEFT_ELSEWHERE:
		return fail(t->v, EXIT_HALF_DONE, "%s: %s; it was left where it is: %s", t->j.vf,
			    cause, now);
	case VF_GONE:
		return fail(t->v, EXIT_NOT_FOUND, "%s: %s; the VF is gone", t->j.vf, cause);
	default:
		return fail(t->v, EXIT_HALF_DONE,
			    "%s: %s; rolling back failed, too: %s; now %s; try: vfctl recover %s",
			    t->j.vf, cause, text_string(&t->why), now, t->j.vf);
	}
}

static int roll_back(struct transfer *t)
{
	struct text cause = t->why;
	enum outcome outcome;
	int ret;

	memset(&t->why, 0, sizeof(t->why));
	outcome = bring_back(t);
	ret = outcome == NOT_BACK ? EXIT_DONE : final(t);
	if (!ret)
		ret = say_outcome(t, outcome, text_string(&cause), EXIT_ROLLED_BACK);
	text_free(&cause);
	return ret;
}

static int run(struct transfer *t)
{
	struct place to = t->j.to;
	int ret;

	ret = journal_write(t->v, &t->j);
	if (ret)
		return fail_errno(t->v, ret, "%s" JOURNAL_FOLDER "/%s.json", t->v->root, t->j.vf);
	ret = keeper_start(t->v, t->j.vf, t->lock, &t->keeper);
	if (ret) {
		journal_remove(t->v, t->j.vf);
		return fail_errno(t->v, ret, "%s: no process could be started to watch over it",
				  t->j.vf);
	}
	if (do_steps(t, transfer_steps(&t->j.from, &t->j.to), &to)) {
		ret = final(t);
		if (!ret)
			ret = report(t, &to, t->v->ops->now(t->v) - t->start);
	} else {
		ret = roll_back(t);
	}
	keeper_dismiss(&t->keeper);
	return ret;
}

/**
 * transfer_run() - take the VF from t->j.from to t->j.to
 * @t: the VF, which was checked
 *
 * Return: an exit code: EXIT_ROLLED_BACK if it failed and all is as before,
 * EXIT_HALF_DONE if not; what is wrong has been said.
 */
int transfer_run(struct transfer *t)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN }, before;
	bool steady = t->v->steady;
	int ret;

	if (vfctl_interrupted())
		return fail(t->v, EXIT_INTERRUPTED, "%s: interrupted; nothing was changed",
			    t->j.vf);
	/* That nobody reads the progress is no reason to stop half way. */
	sigaction(SIGPIPE, &ignore, &before);
	t->start = t->v->ops->now(t->v);
	t->v->steady = true;
	ret = run(t);
	t->v->steady = steady;
	sigaction(SIGPIPE, &before, NULL);
	return ret;
}

static int broken(struct vfctl *v, const char *vf, int error, const char *why)
{
	return fail(v, error == -EACCES ? EXIT_DENIED : EXIT_BAD_FILE,
		    "%s" JOURNAL_FOLDER "/%s.json: %s; nothing was done; see who has the VF, then: vfctl recover --discard %s",
		    v->root, vf, why, vf);
}

/**
 * transfer_recover() - bring back what another process left half way
 * @v: the program
 * @vf: the VF's address
 * @lock: its lock, which stays, as that of its PF does
 *
 * Return: EXIT_DONE, also if there is nothing to bring back; EXIT_HALF_DONE if it is not
 * as it was; or another exit code; what is wrong has been said.
 */
int transfer_recover(struct vfctl *v, const char *vf, int lock)
{
	struct transfer t = { .v = v, .lock = lock, .pf_lock = -1 };
	char from[300], to[300], cause[700], why[200];
	bool steady = v->steady;
	enum outcome outcome;
	int ret;

	ret = journal_read(v, vf, &t.j, why, sizeof(why));
	if (ret == -ENOENT)
		return EXIT_DONE;
	if (ret)
		return broken(v, vf, ret, why);
	snprintf(cause, sizeof(cause), "%s from %s to %s was cut short", t.j.command,
		 place_text(&t.j.from, from, sizeof(from)), place_text(&t.j.to, to, sizeof(to)));
	v->steady = true;
	outcome = bring_back(&t);
	progress_end(v);
	ret = outcome == NOT_BACK ? EXIT_DONE : final(&t);
	if (!ret)
		ret = say_outcome(&t, outcome, cause, EXIT_DONE);
	v->steady = steady;
	inventory_free(&t.inv);
	text_free(&t.why);
	return ret;
}
