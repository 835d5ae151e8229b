/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What Xen's own tool is asked and told. libxl itself is tied to one version of Xen; xl
 * is there on each host.
 */
#ifndef VFCTL_XL_H
#define VFCTL_XL_H

#include <stddef.h>
#include <stdbool.h>

#include "address.h"
#include "text.h"

struct vfctl;

/**
 * struct domain - a guest that exists
 * @id: its number
 * @name: its name, as xl list shows it: it may have anything in it
 */
struct domain {
	unsigned int id;
	char *name;
};

/**
 * struct domains - the guests that exist
 * @domain: each
 * @nr: how many
 * @odd: lines that are none of a guest's by themselves: names have so many ends of a line in
 *	them, and all names were asked for one by one
 */
struct domains {
	struct domain *domain;
	size_t nr;
	unsigned int odd;
};

bool xl_is_dom0(struct vfctl *v);
int xl_domains(struct vfctl *v, struct domains *domains);
void domains_free(struct domains *domains);
int xl_find_domain(struct vfctl *v, struct domains *domains, const char *name,
		   const struct domain **found);
const struct domain *domain_by_name(const struct domains *domains, const char *name);
bool domain_has_name(const char *name);
const struct domain *domain_by_id(const struct domains *domains, unsigned int id);
int xl_functions(struct vfctl *v, unsigned int domain, struct address **functions);
int xl_assignable(struct vfctl *v, struct address **functions);

int xl_make_assignable(struct vfctl *v, const struct address *function, struct text *said);
int xl_take_back(struct vfctl *v, const struct address *function, bool rebind,
		 struct text *said);
int xl_attach(struct vfctl *v, unsigned int domain, const struct address *function,
	      struct text *said);
int xl_detach(struct vfctl *v, unsigned int domain, const struct address *function,
	      struct text *said);

#endif /* VFCTL_XL_H */
