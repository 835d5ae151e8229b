// SPDX-License-Identifier: GPL-2.0
/*
 * Files of the kernel, below the root that tests put before them.
 *
 * A function's folder is opened once and its files are opened in it: resolving a path
 * for each of ten files of a hundred VFs is most of what a listing would cost.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sysfs.h"
#include "text.h"
#include "vfctl.h"

static char *path_of(const struct vfctl *v, const char *format, va_list args)
{
	char *below, *path;

	need(vasprintf(&below, format, args) < 0 ? NULL : below);
	need(asprintf(&path, "%s%s", v->root, below) < 0 ? NULL : path);
	free(below);
	return path;
}

/**
 * sysfs_path() - where a file is
 * @v: the program
 * @format: of the path, from / on
 *
 * Return: the path with the root before it, to be freed.
 */
char *sysfs_path(const struct vfctl *v, const char *format, ...)
{
	va_list args;
	char *path;

	va_start(args, format);
	path = path_of(v, format, args);
	va_end(args);
	return path;
}

/**
 * sysfs_dir() - open a folder
 * @v: the program
 * @format: of its path, from / on
 *
 * Return: a descriptor, to be closed, or -errno.
 */
int sysfs_dir(const struct vfctl *v, const char *format, ...)
{
	va_list args;
	char *path;
	int fd;

	va_start(args, format);
	path = path_of(v, format, args);
	va_end(args);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		fd = -errno;
	free(path);
	return fd;
}

/* read_open() - what a file says, without white space at its end */
static int read_open(int fd, char *value, size_t size)
{
	ssize_t len = read(fd, value, size - 1);

	if (len < 0)
		len = -errno;
	else
		while (len && (value[len - 1] == '\n' || value[len - 1] == ' ' ||
			       !value[len - 1]))
			len--;
	value[len < 0 ? 0 : len] = '\0';
	return len;
}

/**
 * sysfs_read() - read a file
 * @dir: the folder
 * @name: in it, may have folders of its own
 * @value: what it says, without white space at its end; "" if it cannot be read
 * @size: of @value; what does not fit is left out
 *
 * Return: the length, or -errno.
 */
int sysfs_read(int dir, const char *name, char *value, size_t size)
{
	int fd, len;

	value[0] = '\0';
	fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	len = read_open(fd, value, size);
	close(fd);
	return len;
}

/**
 * sysfs_read_of_many() - read one of many files, as sysfs_read()
 * @dir: the folder
 * @name: in it, may have folders of its own
 * @value: what it says, without white space at its end; "" if it cannot be read
 * @size: of @value; what does not fit is left out
 * @open: has none before the first; to be given to sysfs_close_many() after the last
 *
 * A third of the system calls is saved: the files are closed together.
 *
 * Return: the length, or -errno.
 */
int sysfs_read_of_many(int dir, const char *name, char *value, size_t size,
		       struct open_files *open)
{
	int fd;

	value[0] = '\0';
	if (open->nr == OPEN_FILES_MAX)
		sysfs_close_many(open);
	fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	open->fd[open->nr++] = fd;
	return read_open(fd, value, size);
}

/**
 * sysfs_close_many() - close what sysfs_read_of_many() left open
 * @open: has none afterwards
 */
void sysfs_close_many(struct open_files *open)
{
	unsigned int first, next;

	/* Most follow each other; a descriptor between them may be somebody else's. */
	for (first = 0; first < open->nr; first = next) {
		for (next = first + 1; next < open->nr; next++)
			if (open->fd[next] != open->fd[next - 1] + 1)
				break;
		if (!close_range(open->fd[first], open->fd[next - 1], 0))
			continue;
		/* A kernel before 5.9 */
		for (; first < next; first++)
			close(open->fd[first]);
	}
	open->nr = 0;
}

/**
 * sysfs_number() - read a file with a number in it
 * @dir: the folder
 * @name: in it
 * @value: where it goes; untouched unless there is one
 *
 * Return: 0, -EINVAL if it is none, or another -errno.
 */
int sysfs_number(int dir, const char *name, long long *value)
{
	char text[32], *end;
	long long number;
	int len;

	len = sysfs_read(dir, name, text, sizeof(text));
	if (len < 0)
		return len;
	errno = 0;
	number = strtoll(text, &end, 0);
	if (errno || !len || *end)
		return -EINVAL;
	*value = number;
	return 0;
}

/**
 * sysfs_link() - the last part of where a link points to, such as a driver's name
 * @dir: the folder
 * @name: of the link
 * @value: where it goes; "" if there is no link
 * @size: of @value
 *
 * Return: 0 or -errno.
 */
int sysfs_link(int dir, const char *name, char *value, size_t size)
{
	char target[4096];
	const char *last;
	ssize_t len;

	value[0] = '\0';
	len = readlinkat(dir, name, target, sizeof(target) - 1);
	if (len < 0)
		return -errno;
	target[len] = '\0';
	last = strrchr(target, '/');
	text_copy(value, size, last ? last + 1 : target);
	return 0;
}

/**
 * sysfs_has() - is there such a file?
 * @dir: the folder
 * @name: in it
 *
 * Return: true if there is.
 */
bool sysfs_has(int dir, const char *name)
{
	return !faccessat(dir, name, F_OK, 0);
}

static int by_name(const void *a, const void *b)
{
	return strverscmp(*(char *const *)a, *(char *const *)b);
}

/**
 * sysfs_names() - list a folder
 * @dir: a folder
 * @name: a folder in it, or "."
 * @names: what is in that, sorted, numbers by their value; to be given to names_free()
 *
 * Return: 0 or -errno; @names is empty then.
 */
int sysfs_names(int dir, const char *name, struct names *names)
{
	struct dirent *entry;
	DIR *stream;
	int fd;

	memset(names, 0, sizeof(*names));
	fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	stream = fdopendir(fd);
	if (!stream) {
		close(fd);
		return -ENOMEM;
	}
	while ((entry = readdir(stream))) {
		if (entry->d_name[0] == '.')
			continue;
		names->name = grow(names->name, names->nr, sizeof(*names->name));
		names->name[names->nr++] = need(strdup(entry->d_name));
	}
	closedir(stream);
	if (names->nr)
		qsort(names->name, names->nr, sizeof(*names->name), by_name);
	return 0;
}

/**
 * names_free() - give back what sysfs_names() took
 * @names: is empty afterwards
 */
void names_free(struct names *names)
{
	while (names->nr)
		free(names->name[--names->nr]);
	free(names->name);
	names->name = NULL;
}

/**
 * sysfs_write() - write to a file
 * @v: the program
 * @value: as sysfs wants it
 * @format: of the path, from / on
 *
 * Return: 0 or -errno.
 */
int sysfs_write(struct vfctl *v, const char *value, const char *format, ...)
{
	va_list args;
	char *path;
	int ret;

	va_start(args, format);
	path = path_of(v, format, args);
	va_end(args);
	ret = v->ops->write(v, path, value);
	free(path);
	return ret;
}
