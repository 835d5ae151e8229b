/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Addresses of PCI functions. Free of the system.
 */
#ifndef VFCTL_ADDRESS_H
#define VFCTL_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

/* "ffffffff:ff:1f.7" and its end */
#define ADDRESS_SIZE 17

/**
 * struct address - where a PCI function is
 * @domain: the PCI segment, usually 0
 * @bus: 0 to 255
 * @device: 0 to 31
 * @function: 0 to 7
 */
struct address {
	uint32_t domain;
	uint8_t bus;
	uint8_t device;
	uint8_t function;
};

bool address_parse(const char *text, struct address *address);
bool address_looks_like(const char *text);
struct address address_at(uint32_t domain, uint16_t rid);
void address_format(const struct address *address, char text[ADDRESS_SIZE]);
int address_compare(const struct address *a, const struct address *b);
uint16_t address_rid(const struct address *address);

#endif /* VFCTL_ADDRESS_H */
