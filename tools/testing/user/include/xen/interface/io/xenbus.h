/* SPDX-License-Identifier: GPL-2.0 */
/* The base kernel's own */
#include XENBUS_H
