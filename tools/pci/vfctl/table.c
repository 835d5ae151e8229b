// SPDX-License-Identifier: GPL-2.0
/*
 * Tables as wide as the terminal. Free of the system.
 *
 * Cells are added row by row. Columns are as wide as their widest cell; when all of
 * them do not fit, whole columns are left out by their rank, and the last one that is
 * left is cut off at the edge.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "table.h"
#include "text.h"

#define GAP 2

/**
 * struct cell - of a table
 * @start: where its text begins in the table's
 * @paint: its colour
 */
struct cell {
	unsigned int start;
	enum paint paint;
};

/**
 * struct table - what is to be printed
 * @columns: as they were given
 * @nr_columns: how many
 * @cells: row by row, the first of which has the titles
 * @nr_cells: how many
 * @text: of all cells, each with a NUL: hundreds of strings of their own would take more
 *	time and memory than all else that a table of VFs needs
 */
struct table {
	const struct column *columns;
	size_t nr_columns;
	struct cell *cells;
	size_t nr_cells;
	struct text text;
};

/**
 * table_text() - add the next cell of the row; a full row starts the next
 * @table: the table
 * @paint: its colour, where there are colours
 * @text: as it is, but for control characters
 */
void table_text(struct table *table, enum paint paint, const char *text)
{
	struct cell *cell;

	table->cells = grow(table->cells, table->nr_cells, sizeof(*cell));
	cell = &table->cells[table->nr_cells++];
	cell->start = table->text.len;
	cell->paint = paint;
	text_add(&table->text, text, strlen(text) + 1);
	text_one_line(table->text.data + cell->start);
}

/**
 * table_cell() - as table_text(), by a format
 * @table: the table
 * @paint: its colour, where there are colours
 * @format: of its text
 */
void table_cell(struct table *table, enum paint paint, const char *format, ...)
{
	va_list args;
	char *text;
	int len;

	va_start(args, format);
	len = vasprintf(&text, format, args);
	va_end(args);
	need(len < 0 ? NULL : text);
	table_text(table, paint, text);
	free(text);
}

/**
 * table_new() - start a table
 * @columns: are used until the table is freed
 * @nr: how many, at least one
 *
 * Return: a table without rows.
 */
struct table *table_new(const struct column *columns, size_t nr)
{
	struct table *table = need(calloc(1, sizeof(*table)));
	size_t i;

	table->columns = columns;
	table->nr_columns = nr;
	for (i = 0; i < nr; i++)
		table_text(table, PAINT_DIM, columns[i].title);
	return table;
}

static const char *cell_text(const struct table *table, const struct cell *cell)
{
	return table->text.data + cell->start;
}

/**
 * paint_start() - what starts a colour
 * @paint: the colour
 * @color: are there any?
 *
 * Return: what a terminal takes for it; "" without colours.
 */
const char *paint_start(enum paint paint, bool color)
{
	static const char *const start[] = {
		[PAINT_NONE] = "",
		[PAINT_GOOD] = "\033[32m",
		[PAINT_WARN] = "\033[33m",
		[PAINT_BAD] = "\033[31m",
		[PAINT_DIM] = "\033[2m",
	};

	return color ? start[paint] : "";
}

/**
 * paint_end() - what ends a colour
 * @paint: the colour
 * @color: are there any?
 *
 * Return: what a terminal takes for it; "" without colours.
 */
const char *paint_end(enum paint paint, bool color)
{
	return color && paint != PAINT_NONE ? "\033[0m" : "";
}

/**
 * struct layout - how a table is printed
 * @widths: of the columns
 * @shown: those that are not left out
 * @edge: of the terminal; 0: any
 * @color: colours are wanted
 */
struct layout {
	size_t *widths;
	bool *shown;
	size_t edge;
	bool color;
};

static size_t total_width(const struct layout *layout, size_t nr)
{
	size_t total = 0, i;

	for (i = 0; i < nr; i++)
		if (layout->shown[i])
			total += layout->widths[i] + (total ? GAP : 0);
	return total;
}

/* fit() - leave columns out until the rest is not wider than the terminal */
static void fit(const struct table *table, struct layout *layout)
{
	size_t i, worst;

	while (total_width(layout, table->nr_columns) > layout->edge) {
		worst = table->nr_columns;
		for (i = 0; i < table->nr_columns; i++) {
			if (!layout->shown[i] || !table->columns[i].rank)
				continue;
			if (worst == table->nr_columns ||
			    table->columns[i].rank > table->columns[worst].rank)
				worst = i;
		}
		if (worst == table->nr_columns)
			return;
		layout->shown[worst] = false;
	}
}

static void add_blanks(struct text *line, size_t nr)
{
	static const char blanks[] = "                                ";
	size_t some = sizeof(blanks) - 1;

	for (; nr > some; nr -= some)
		text_add(line, blanks, some);
	text_add(line, blanks, nr);
}

static void add_string(struct text *line, const char *string)
{
	text_add(line, string, strlen(string));
}

/* add_cell() - of column @i, at column @at of the line; where that ends */
static size_t add_cell(struct text *line, const struct table *table, const struct cell *cell,
		       const struct layout *layout, size_t i, size_t at, bool last)
{
	const char *text = cell_text(table, cell);
	size_t len = strlen(text), gap = at ? GAP : 0, wide = layout->widths[i];
	size_t before = table->columns[i].right && wide > len ? wide - len : 0;
	size_t start = at + gap + before;

	if (layout->edge && start >= layout->edge)
		return at;
	if (layout->edge && start + len > layout->edge)
		len = layout->edge - start;
	add_blanks(line, gap + before);
	add_string(line, paint_start(cell->paint, layout->color));
	text_add(line, text, len);
	add_string(line, paint_end(cell->paint, layout->color));
	at = start + len;
	if (!last && !table->columns[i].right && wide > len) {
		add_blanks(line, wide - len);
		at += wide - len;
	}
	return at;
}

static void add_row(struct text *line, const struct table *table, const struct cell *row,
		    const struct layout *layout)
{
	size_t i, last = 0, at = 0;

	for (i = 0; i < table->nr_columns; i++)
		if (layout->shown[i] && cell_text(table, &row[i])[0])
			last = i;
	for (i = 0; i <= last; i++)
		if (layout->shown[i])
			at = add_cell(line, table, &row[i], layout, i, at, i == last);
	text_add(line, "\n", 1);
}

/**
 * table_print() - print all of it
 * @table: rows that are not full are left out
 * @out: where to
 * @width: of the terminal; 0: any
 * @color: colours are wanted
 */
void table_print(const struct table *table, FILE *out, unsigned int width, bool color)
{
	size_t nr = table->nr_columns, i;
	struct layout layout = {
		.widths = need(calloc(nr, sizeof(*layout.widths))),
		.shown = need(calloc(nr, sizeof(*layout.shown))),
		.edge = width,
		.color = color,
	};
	struct text line = { 0 };

	for (i = 0; i < nr; i++)
		layout.shown[i] = true;
	for (i = 0; i < table->nr_cells; i++) {
		size_t len = strlen(cell_text(table, &table->cells[i]));

		if (len > layout.widths[i % nr])
			layout.widths[i % nr] = len;
	}
	if (width)
		fit(table, &layout);
	for (i = 0; i + nr <= table->nr_cells; i += nr) {
		line.len = 0;
		add_row(&line, table, table->cells + i, &layout);
		fwrite(line.data, 1, line.len, out);
	}
	text_free(&line);
	free(layout.shown);
	free(layout.widths);
}

/**
 * table_free() - give the memory back
 * @table: the table
 */
void table_free(struct table *table)
{
	text_free(&table->text);
	free(table->cells);
	free(table);
}
