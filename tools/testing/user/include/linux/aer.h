/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's, from below the folder of the base tree that is searched. */
#include <../../include/linux/aer.h>
