/* SPDX-License-Identifier: GPL-2.0 */
/* Work that the test does when it likes */
#ifndef _USER_LINUX_WORKQUEUE_H
#define _USER_LINUX_WORKQUEUE_H

struct work_struct {
	void (*func)(struct work_struct *work);
};

#define DECLARE_WORK(name, function) \
	struct work_struct name = { .func = (function) }

bool schedule_work(struct work_struct *work);

#endif /* _USER_LINUX_WORKQUEUE_H */
