/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* The registers and objects: one file for all that speaks or answers */
#include "../../../include/uapi/linux/pci_channel.h"
