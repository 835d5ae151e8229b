/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The machine that most tests begin with, and what they look at in it.
 */
#ifndef VFCTL_FIXTURE_H
#define VFCTL_FIXTURE_H

#include <jansson.h>

#include "world.h"

/* Its PF, which is eth0, and the first of its VFs */
#define PF "0000:01:00.0"
#define VF0 "0000:01:10.0"
#define VF1 "0000:01:10.1"
#define VF2 "0000:01:10.2"

/* The machine of the test that runs */
extern struct world *w;

int begin(unsigned int has, unsigned int vfs);
int begin_ours(void **state);
int begin_stock(void **state);
int end(void **state);

void assert_file(const char *path, const char *wanted);
json_t *said_json(void);

#endif /* VFCTL_FIXTURE_H */
