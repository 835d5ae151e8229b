/* SPDX-License-Identifier: GPL-2.0 */
/* Ours, which is not in the base's tree */
#include "../../../../../../include/uapi/linux/pci_channel.h"
