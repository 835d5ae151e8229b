/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tables as wide as the terminal. Free of the system.
 */
#ifndef VFCTL_TABLE_H
#define VFCTL_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum paint {
	PAINT_NONE,
	PAINT_GOOD,
	PAINT_WARN,
	PAINT_BAD,
	PAINT_DIM,
};

/**
 * struct column - of a table
 * @title: in capitals, above it
 * @rank: 0 stays whatever the width; of the others the greatest is left out first when
 *	the table is too wide
 * @right: numbers end at the same column
 */
struct column {
	const char *title;
	unsigned int rank;
	bool right;
};

struct table;

struct table *table_new(const struct column *columns, size_t nr);
void table_text(struct table *table, enum paint paint, const char *text);
void table_cell(struct table *table, enum paint paint, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void table_print(const struct table *table, FILE *out, unsigned int width, bool color);
void table_free(struct table *table);
const char *paint_start(enum paint paint, bool color);
const char *paint_end(enum paint paint, bool color);

#endif /* VFCTL_TABLE_H */
