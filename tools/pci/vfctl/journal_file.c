// SPDX-License-Identifier: GPL-2.0
/*
 * Journals and locks, in /run/vfctl.
 *
 * The folder is root's alone; what is found in it is nevertheless looked at before it is
 * used. A journal is there as a whole or not at all: it gets its name when it is complete.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "journal.h"
#include "text.h"
#include "vfctl.h"

/* A journal has less than 2 KiB */
#define JOURNAL_MAX 65536

static void make_run(struct vfctl *v)
{
	char *path = sysfs_path(v, "/run");

	mkdir(path, 0755);
	free(path);
}

static int open_folder(struct vfctl *v, bool make)
{
	char *path = sysfs_path(v, JOURNAL_FOLDER);
	struct stat info;
	int folder, ret;

	/* A copy of a machine's files need not have /run */
	if (make && vfctl_has_root(v))
		make_run(v);
	if (make && mkdir(path, 0700) < 0 && errno != EEXIST) {
		ret = -errno;
		free(path);
		return ret;
	}
	folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	ret = folder < 0 ? -errno : folder;
	free(path);
	if (ret < 0)
		return ret;
	/* Somebody else's files are not acted upon */
	if (fstat(folder, &info) < 0 || info.st_uid != geteuid() || (info.st_mode & 022)) {
		close(folder);
		return -EPERM;
	}
	return folder;
}

static bool is_our_file(int fd)
{
	struct stat info;

	return !fstat(fd, &info) && S_ISREG(info.st_mode) && info.st_uid == geteuid();
}

/*
 * open_lock() - the file whose lock means the function; it stays, for a name must not change
 * hands
 */
static int open_lock(struct vfctl *v, const char *function, bool make)
{
	int folder, fd, flags = O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
	char name[ADDRESS_SIZE + 8];

	folder = open_folder(v, make);
	if (folder < 0)
		return folder;
	snprintf(name, sizeof(name), "%s.lock", function);
	fd = openat(folder, name, make ? flags | O_CREAT : flags, 0600);
	if (fd < 0)
		fd = -errno;
	close(folder);
	if (fd >= 0 && !is_our_file(fd)) {
		close(fd);
		fd = -EPERM;
	}
	return fd;
}

static void read_holder(int lock, char *holder, size_t size)
{
	ssize_t len = pread(lock, holder, size - 1, 0);

	holder[len > 0 ? len : 0] = '\0';
	holder[strcspn(holder, "\n")] = '\0';
	text_ascii(holder, '?');
}

/* try_lock() - @how: LOCK_EX or LOCK_SH */
static int try_lock(struct vfctl *v, const char *function, const char *command, int how,
		    int *lock, char *holder, size_t size)
{
	int ret;

	holder[0] = '\0';
	*lock = open_lock(v, function, true);
	if (*lock < 0)
		return *lock;
	if (flock(*lock, how | LOCK_NB) < 0) {
		ret = -errno;
		read_holder(*lock, holder, size);
		close(*lock);
		*lock = -1;
		return ret;
	}
	journal_lock_is(*lock, command);
	return 0;
}

/**
 * journal_try_lock() - have a VF for oneself, if nobody else has it
 * @v: the program
 * @vf: its address
 * @command: what for
 * @lock: where the lock goes, for journal_unlock()
 * @holder: gets who has it otherwise, such as "1234 move"
 * @size: of @holder
 *
 * Return: 0; -EWOULDBLOCK if another process has it; or another -errno.
 */
int journal_try_lock(struct vfctl *v, const char *vf, const char *command, int *lock,
		     char *holder, size_t size)
{
	return try_lock(v, vf, command, LOCK_EX, lock, holder, size);
}

static int lock_or_say(struct vfctl *v, const char *function, const char *command, int how,
		       int *lock)
{
	char holder[64];
	int ret;

	ret = try_lock(v, function, command, how, lock, holder, sizeof(holder));
	if (ret == -EWOULDBLOCK)
		return fail(v, EXIT_IN_USE, "%s: another vfctl is at work on it: process %s",
			    function, holder[0] ? holder : "unknown");
	if (ret == -ELOOP || ret == -ENOTDIR || ret == -EPERM)
		return fail(v, EXIT_DENIED,
			    "%s" JOURNAL_FOLDER ": it, or %s.lock in it, is not what this program made, or not of this user",
			    v->root, function);
	if (ret)
		return fail_errno(v, ret, "%s" JOURNAL_FOLDER "/%s.lock", v->root, function);
	return EXIT_DONE;
}

/**
 * journal_lock() - as journal_try_lock(), and say what is wrong
 * @v: the program
 * @vf: its address
 * @command: what for
 * @lock: where the lock goes
 *
 * Return: an exit code.
 */
int journal_lock(struct vfctl *v, const char *vf, const char *command, int *lock)
{
	return lock_or_say(v, vf, command, LOCK_EX, lock);
}

/**
 * journal_lock_pf() - keep VFs from being enabled or disabled by others
 * @v: the program
 * @pf: the PF's address
 * @command: what for
 * @alone: keep others from working on its VFs as well
 * @lock: where the lock goes, for journal_unlock(); -1 if this fails
 *
 * Return: an exit code; what is wrong has been said.
 */
int journal_lock_pf(struct vfctl *v, const char *pf, const char *command, bool alone, int *lock)
{
	return lock_or_say(v, pf, command, alone ? LOCK_EX : LOCK_SH, lock);
}

/**
 * journal_share_pf_of() - as journal_lock_pf(), not alone, for a VF that may be gone
 * @v: the program
 * @vf: its address
 * @command: what for
 * @lock: where the lock goes; -1 if the VF is gone, or this fails
 *
 * Return: an exit code; what is wrong has been said.
 */
int journal_share_pf_of(struct vfctl *v, const char *vf, const char *command, int *lock)
{
	int dir = sysfs_dir(v, PCI_DEVICES "/%s", vf);
	char pf[ADDRESS_SIZE];

	*lock = -1;
	if (dir < 0)
		return EXIT_DONE;
	sysfs_link(dir, "physfn", pf, sizeof(pf));
	close(dir);
	return pf[0] ? journal_lock_pf(v, pf, command, false, lock) : EXIT_DONE;
}

/**
 * journal_is_locked() - is somebody at work on a VF?
 * @v: the program, which has the PF's lock alone: nobody can begin to work on it
 * @vf: the VF's address
 * @holder: gets who is, such as "1234 move"
 * @size: of @holder
 *
 * Return: true if somebody is, or if it cannot be found out.
 */
bool journal_is_locked(struct vfctl *v, const char *vf, char *holder, size_t size)
{
	int lock = open_lock(v, vf, false);
	bool locked;

	text_copy(holder, size, "unknown");
	if (lock < 0)
		return lock != -ENOENT;
	locked = flock(lock, LOCK_EX | LOCK_NB) < 0;
	if (locked)
		read_holder(lock, holder, size);
	close(lock);
	return locked;
}

/**
 * journal_lock_is() - note in a lock who has it, for others to say
 * @lock: the lock
 * @command: what this process does
 */
void journal_lock_is(int lock, const char *command)
{
	/* It is only talk: the lock is held whether it is noted or not */
	if (!ftruncate(lock, 0) && !lseek(lock, 0, SEEK_SET))
		dprintf(lock, "%d %s\n", getpid(), command);
}

/**
 * journal_unlock() - let others have the VF, or the PF
 * @lock: the lock; children that have it, too, lose it
 */
void journal_unlock(int lock)
{
	if (lock < 0)
		return;
	flock(lock, LOCK_UN);
	close(lock);
}

static int write_new(int folder, const char *name, const char *text)
{
	size_t len = strlen(text);
	int fd, ret = 0;
	ssize_t done;

	/* One that was not finished: the lock is ours, so nobody is at it */
	unlinkat(folder, name, 0);
	fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	done = write(fd, text, len);
	if (done < 0 || fsync(fd) < 0)
		ret = -errno;
	else if ((size_t)done != len)
		ret = -ENOSPC;
	close(fd);
	return ret;
}

/**
 * journal_write() - write a VF's journal, in place of the one that it has
 * @v: the program, which has the VF's lock
 * @journal: what it is to say
 *
 * Return: 0 or -errno: the old one is still there then.
 */
int journal_write(struct vfctl *v, const struct journal *journal)
{
	char new[ADDRESS_SIZE + 16], name[ADDRESS_SIZE + 8], *text;
	int folder, ret;

	folder = open_folder(v, true);
	if (folder < 0)
		return folder;
	snprintf(name, sizeof(name), "%s.json", journal->vf);
	snprintf(new, sizeof(new), "%s.json.new", journal->vf);
	text = journal_format(journal);
	ret = write_new(folder, new, text);
	if (!ret && renameat(folder, new, folder, name) < 0)
		ret = -errno;
	if (ret)
		unlinkat(folder, new, 0);
	else
		fsync(folder);
	free(text);
	close(folder);
	return ret;
}

static int read_file(int folder, const char *name, char **text, size_t *len)
{
	ssize_t got;
	int fd;

	/* O_NONBLOCK: a FIFO would be waited for */
	fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (!is_our_file(fd)) {
		close(fd);
		return -EPERM;
	}
	*text = need(malloc(JOURNAL_MAX));
	*len = 0;
	while ((got = read(fd, *text + *len, JOURNAL_MAX - *len)) > 0)
		*len += got;
	close(fd);
	if (got < 0 || *len == JOURNAL_MAX) {
		free(*text);
		*text = NULL;
		return got < 0 ? -EIO : -EFBIG;
	}
	return 0;
}

static int parse(const char *text, size_t len, const char *vf, struct journal *journal,
		 char *why, size_t size)
{
	if (!journal_parse(text, len, journal, why, size))
		return -EBADMSG;
	if (strcmp(journal->vf, vf)) {
		snprintf(why, size, "it is about another function, %s", journal->vf);
		return -EBADMSG;
	}
	return 0;
}

/**
 * journal_read() - read a VF's journal
 * @v: the program, which has the VF's lock
 * @vf: its address
 * @journal: where it goes
 * @why: what is wrong, in one line
 * @size: of @why
 *
 * Return: 0; -ENOENT if there is none; -EBADMSG if it is none; or another -errno.
 */
int journal_read(struct vfctl *v, const char *vf, struct journal *journal, char *why,
		 size_t size)
{
	char name[ADDRESS_SIZE + 8], *text = NULL;
	int folder, ret;
	size_t len = 0;

	folder = open_folder(v, false);
	ret = folder;
	if (folder >= 0) {
		snprintf(name, sizeof(name), "%s.json", vf);
		ret = read_file(folder, name, &text, &len);
		close(folder);
	}
	if (text) {
		ret = parse(text, len, vf, journal, why, size);
		free(text);
	} else if (ret == -ELOOP) {
		snprintf(why, size, "it is a symbolic link");
	} else if (ret == -EPERM) {
		snprintf(why, size, "it is not a file of this user");
	} else {
		snprintf(why, size, "%s", strerror(-ret));
	}
	return ret;
}

/**
 * journal_remove() - there is nothing to bring back any more
 * @v: the program, which has the VF's lock
 * @vf: its address
 *
 * Return: 0, also if there was none; or -errno.
 */
int journal_remove(struct vfctl *v, const char *vf)
{
	char name[ADDRESS_SIZE + 8];
	int folder, ret = 0;

	folder = open_folder(v, false);
	if (folder < 0)
		return folder == -ENOENT ? 0 : folder;
	snprintf(name, sizeof(name), "%s.json", vf);
	if (unlinkat(folder, name, 0) < 0 && errno != ENOENT)
		ret = -errno;
	close(folder);
	return ret;
}

/* vf_of() - the VF that a file is the journal of; false if it is no journal's name */
static bool vf_of(const char *name, char vf[ADDRESS_SIZE])
{
	size_t len = strlen(name);
	struct address address;
	char text[ADDRESS_SIZE];

	if (len < 5 || len - 5 >= ADDRESS_SIZE || strcmp(name + len - 5, ".json"))
		return false;
	memcpy(vf, name, len - 5);
	vf[len - 5] = '\0';
	if (!address_parse(vf, &address))
		return false;
	address_format(&address, text);
	return !strcmp(text, vf);
}

/**
 * journal_list() - which VFs have a journal?
 * @v: the program
 * @vfs: their addresses; to be given to names_free()
 *
 * Return: 0 or -errno.
 */
int journal_list(struct vfctl *v, struct names *vfs)
{
	size_t i, kept = 0;
	int folder, ret;

	memset(vfs, 0, sizeof(*vfs));
	folder = open_folder(v, false);
	if (folder < 0)
		return folder == -ENOENT ? 0 : folder;
	ret = sysfs_names(folder, ".", vfs);
	close(folder);
	for (i = 0; i < vfs->nr; i++) {
		char vf[ADDRESS_SIZE];
		bool is = vf_of(vfs->name[i], vf);

		free(vfs->name[i]);
		if (is)
			vfs->name[kept++] = need(strdup(vf));
	}
	vfs->nr = kept;
	return ret;
}
