/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where something is in a JSON text. Free of the system.
 */
#ifndef VFCTL_LOCATE_H
#define VFCTL_LOCATE_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct path - the way to a value, such as pfs[0].vf[1].vlan
 * @up: the way to the object or the list that it is in; NULL: that is all of the text
 * @key: in an object; NULL: it is in a list
 * @index: in a list, from 0 on
 *
 * Keys come from files and may have any character in them: a path is no text.
 */
struct path {
	const struct path *up;
	const char *key;
	size_t index;
};

/**
 * struct spot - of a character in a text
 * @offset: in bytes, from 0 on
 * @line: from 1 on
 * @column: in characters of UTF-8, from 1 on
 */
struct spot {
	size_t offset;
	unsigned int line;
	unsigned int column;
};

enum locate_part {
	LOCATE_VALUE,
	LOCATE_KEY,		/* of the value, which is in an object */
};

void spot_of(const char *text, size_t len, size_t offset, struct spot *place);
bool locate(const char *text, size_t len, const struct path *path, enum locate_part part,
	    struct spot *place);
size_t locate_token(const char *text, size_t len, size_t end);

#endif /* VFCTL_LOCATE_H */
