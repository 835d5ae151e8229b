/* SPDX-License-Identifier: GPL-2.0 */
/* A fifo of records, as far as the queue of firmware's errors needs it. */
#ifndef _USER_LINUX_KFIFO_H
#define _USER_LINUX_KFIFO_H

#define DEFINE_KFIFO(name, type, size)						\
	struct { unsigned int in, out; type record[size]; } name

#define kfifo_in_spinlocked(fifo, records, n, lock) ({				\
	typeof(fifo) f = (fifo);						\
	bool room = f->in - f->out < ARRAY_SIZE(f->record);			\
										\
	(void)(lock);								\
	if (room)								\
		f->record[f->in++ % ARRAY_SIZE(f->record)] = *(records);	\
	room ? (n) : 0;								\
})

#define kfifo_get(fifo, into) ({						\
	typeof(fifo) f = (fifo);						\
	bool some = f->in != f->out;						\
										\
	if (some)								\
		*(into) = f->record[f->out++ % ARRAY_SIZE(f->record)];		\
	some;									\
})

#endif /* _USER_LINUX_KFIFO_H */
