// SPDX-License-Identifier: GPL-2.0
/*
 * vfctl recover: bring back the VFs that a vfctl left half way.
 *
 * Usually there are none: a vfctl that is killed has a process that does it at once.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "json.h"
#include "transfer.h"

/**
 * struct recovery - what is to be done with what is left
 * @list: only say what there is
 * @discard: remove the journal, leave the VF
 * @all: no VF was named: those that others are at work on are not meant
 * @array: for JSON
 */
struct recovery {
	bool list;
	bool discard;
	bool all;
	json_t *array;
};

static void print_steps(struct vfctl *v, unsigned int steps)
{
	unsigned int i;

	for (i = 0; i < NR_STEPS; i++)
		if (steps & 1 << i)
			fprintf(v->out, " %s", step_name(i));
}

/* list_one() - @holder: who is at work on it, "" if nobody is */
static int list_one(struct vfctl *v, const char *vf, const char *holder, json_t *array)
{
	char from[300], to[300], why[200];
	struct journal j;
	int ret;

	ret = journal_read(v, vf, &j, why, sizeof(why));
	if (ret == -ENOENT)
		return EXIT_DONE;
	if (ret)
		return fail(v, ret == -EACCES ? EXIT_DENIED : EXIT_BAD_FILE,
			    "%s" JOURNAL_FOLDER "/%s.json: %s", v->root, vf, why);
	if (v->json) {
		json_t *object = json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:b}", "vf", vf,
					   "command", j.command, "from", place_json(&j.from),
					   "to", place_json(&j.to), "begun", steps_json(j.begun),
					   "done", steps_json(j.done),
					   "running", holder[0] != '\0');

		json_array_append_new(array, object);
		return EXIT_DONE;
	}
	fprintf(v->out, "%s: %s from %s to %s; begun:", vf, j.command,
		place_text(&j.from, from, sizeof(from)), place_text(&j.to, to, sizeof(to)));
	print_steps(v, j.begun);
	fprintf(v->out, holder[0] ? "; process %s is at work on it\n" : "\n", holder);
	return EXIT_DONE;
}

/* with_lock() - nobody is at work on it: it is ours to bring back */
static int with_lock(struct vfctl *v, const char *vf, int lock, const struct recovery *what)
{
	int ret;

	if (what->list)
		return list_one(v, vf, "", what->array);
	if (!what->discard)
		return transfer_recover(v, vf, lock);
	ret = journal_remove(v, vf);
	if (ret)
		return fail_errno(v, ret, "%s" JOURNAL_FOLDER "/%s.json", v->root, vf);
	return EXIT_DONE;
}

/* recover_free() - if nobody is at work on it */
static int recover_free(struct vfctl *v, const char *vf, const struct recovery *what)
{
	char holder[64];
	int lock, ret;

	if (!what->all && !what->list) {
		ret = journal_lock(v, vf, "recover", &lock);
		if (ret)
			return ret;
	} else {
		ret = journal_try_lock(v, vf, "recover", &lock, holder, sizeof(holder));
		if (ret == -EWOULDBLOCK)
			return what->list ? list_one(v, vf, holder[0] ? holder : "?",
						     what->array) : EXIT_DONE;
		if (ret)
			return fail_errno(v, ret, "%s" JOURNAL_FOLDER "/%s.lock", v->root, vf);
	}
	ret = with_lock(v, vf, lock, what);
	journal_unlock(lock);
	return ret;
}

static int recover_one(struct vfctl *v, const char *vf, const struct recovery *what)
{
	int pf_lock = -1, ret = EXIT_DONE;

	if (!what->list)
		ret = journal_share_pf_of(v, vf, "recover", &pf_lock);
	if (!ret)
		ret = recover_free(v, vf, what);
	journal_unlock(pf_lock);
	return ret;
}

static int recover_all(struct vfctl *v, const struct recovery *what)
{
	int ret, worst = EXIT_DONE;
	struct names vfs;
	size_t i;

	ret = journal_list(v, &vfs);
	if (ret)
		return fail_errno(v, ret, "%s" JOURNAL_FOLDER, v->root);
	/* One that does not succeed does not keep the others from it. */
	for (i = 0; i < vfs.nr; i++) {
		ret = recover_one(v, vfs.name[i], what);
		worst = worst ?: ret;
	}
	if (!vfs.nr && !v->json && !v->quiet)
		fprintf(v->out, "nothing was left half way\n");
	names_free(&vfs);
	return worst;
}

/* recover_named() - the VF itself may be gone */
static int recover_named(struct vfctl *v, const char *name, const struct recovery *what)
{
	struct address address;
	char vf[ADDRESS_SIZE];
	struct journal j;
	struct transfer t;
	char why[200];
	int ret = EXIT_DONE;

	if (address_parse(name, &address)) {
		address_format(&address, vf);
	} else {
		ret = transfer_find(&t, v, name);
		text_copy(vf, sizeof(vf), t.j.vf);
		transfer_end(&t);
	}
	if (ret)
		return ret;
	if (journal_read(v, vf, &j, why, sizeof(why)) == -ENOENT) {
		if (!v->json && !v->quiet)
			fprintf(v->out, "%s: it was not left half way\n", vf);
		return EXIT_DONE;
	}
	return recover_one(v, vf, what);
}

static int recover(struct vfctl *v, int argc, char **argv)
{
	static const struct option options[] = {
		{ "list", no_argument, NULL, 'l' },
		{ "discard", no_argument, NULL, 'd' },
		{ NULL }
	};
	struct recovery what = { 0 };
	int option, ret, printed;

	while ((option = getopt_long(argc, argv, ":ld", options, NULL)) != -1) {
		if (option == 'l')
			what.list = true;
		else if (option == 'd')
			what.discard = true;
		else
			return usage_option(v, &command_recover, option, argv[optind - 1]);
	}
	what.all = argc == optind;
	if (argc - optind > 1)
		return usage(v, &command_recover, "one VF is wanted, or none for all");
	if (what.list && what.discard)
		return usage(v, &command_recover, "--list and --discard exclude each other");
	if (what.discard && what.all)
		return usage(v, &command_recover, "--discard wants a VF");
	what.array = json_array();
	ret = what.all ? recover_all(v, &what) : recover_named(v, argv[optind], &what);
	if (what.list && v->json) {
		printed = json_print(v, what.array);
		return ret ?: printed;
	}
	json_decref(what.array);
	return ret;
}

const struct command command_recover = {
	.name = "recover",
	.arguments = "[--list] [--discard] [VF]",
	.summary = "Bring back VFs that a vfctl which was killed left half way",
	.help = "Without a VF, all of them.\n"
		"\n"
		"  -l, --list      only say which there are\n"
		"  -d, --discard   forget about it, and leave the VF as it is\n",
	.run = recover,
};
