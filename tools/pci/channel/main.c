// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * channel-conformance: does a VF's channel conform to its specification?
 *
 *	channel-conformance [-r] FUNCTION	a VF with a channel
 *	channel-conformance -d N FUNCTION	any mailbox of PCIe, the N-th of the function
 *	channel-conformance -l			say what cases there are
 *
 * FUNCTION is an address, or a directory that has a file "config". With -r the function is
 * reset, which whoever uses it notices. No driver may use the mailbox meanwhile. The output
 * is KTAP; the exit status is 0 if no case failed, 1 if one did, 2 if none could be tried.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conformance.h"

struct counts {
	unsigned int all, pass, fail, skip;
};

static void tell(void *context, const struct conformance_result *result)
{
	struct counts *counts = context;

	counts->all++;
	counts->pass += result->verdict == CONFORMANCE_PASS;
	counts->fail += result->verdict == CONFORMANCE_FAIL;
	counts->skip += result->verdict == CONFORMANCE_SKIP;
	printf("%s %u %s%s%s\n", result->verdict == CONFORMANCE_FAIL ? "not ok" : "ok",
	       counts->all, result->name, result->verdict == CONFORMANCE_SKIP ? " # SKIP " : "",
	       result->verdict == CONFORMANCE_SKIP ? result->why : "");
	if (result->verdict == CONFORMANCE_FAIL)
		printf("# clauses %s: %s\n", result->clauses, result->why);
	fflush(stdout);
}

static int usage(void)
{
	fprintf(stderr, "usage: channel-conformance [-r] FUNCTION | -d N FUNCTION | -l\n");
	return 2;
}

int main(int argc, char **argv)
{
	struct conformance_options options = { 0 };
	struct counts counts = { 0 };
	struct channel_access access;
	unsigned int i;
	int option, ret;

	while ((option = getopt(argc, argv, "rd:l")) != -1) {
		switch (option) {
		case 'r':
			options.reset = true;
			break;
		case 'd':
			options.any_doe = true;
			options.n = strtoul(optarg, NULL, 10);
			break;
		case 'l':
			for (i = 0; i < conformance_count(); i++)
				printf("%s: %s\n", conformance_name(i), conformance_clauses(i));
			return 0;
		default:
			return usage();
		}
	}
	if (optind + 1 != argc)
		return usage();
	ret = channel_sysfs_open(&access, argv[optind]);
	if (ret) {
		fprintf(stderr, "channel-conformance: %s: %s\n", argv[optind], strerror(-ret));
		return 2;
	}
	printf("KTAP version 1\n");
#ifdef PCI_CHANNEL_IDS_ARE_DRAFT
	printf("# the IDs of the channel are a draft: nobody has allotted them\n");
#endif
	ret = conformance_run(&access, &options, tell, &counts);
	channel_sysfs_close(&access);
	if (ret < 0) {
		printf("1..0 # SKIP %s\n", channel_strerror(ret));
		return 2;
	}
	printf("1..%u\n# totals: pass=%u fail=%u skip=%u\n", counts.all, counts.pass, counts.fail,
	       counts.skip);
	return ret ? 1 : 0;
}
