/* SPDX-License-Identifier: GPL-2.0 */
/* Memory comes from kunit_kzalloc(); what is wanted of this is how much that takes. */
#include <linux/overflow.h>
