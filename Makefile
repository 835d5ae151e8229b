# SPDX-License-Identifier: GPL-2.0
#
# Each target is one script, which says at its top what it does.

.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

help:
	@echo 'Bulkhead: SR-IOV, AER and PCI passthrough that keep one guest'\''s trouble to itself'
	@echo
	@echo '  make run           boot our kernel on two SR-IOV devices, then Xen with two guests and a VF each'
	@echo '  make test          everything that can fail, closing with "N passed, N failed"'
	@echo '  make test-all      what does not fit into that, for hours; interrupted, it goes on'
	@echo '                     with the part it was at, and with FRESH=1 begins anew'
	@echo '  make bench         ours against the stock kernel: a table and a JSON file'
	@echo
	@echo '  make setup         install what is needed from Debian (the others do it when need be)'
	@echo '  make kernel        the base kernel with our folders'
	@echo '  make stock         the same configuration without them'
	@echo '  make debug-kernel  ours with KASAN, lockdep and kmemleak, for KUnit'
	@echo
	@echo '  make check         style, static analysis, other compilers and configurations'
	@echo '  make check ALL=1   with every machine and configuration of scripts/configurations'
	@echo '  make test-user     tests and fuzzers of what is free of hardware, in user space, in seconds'
	@echo '  make test-kunit    KUnit on the debug kernel'
	@echo '  make test-qemu     selftests on the lab'\''s devices'
	@echo '  make test-kvm      selftests of guests of KVM with VFs by vfio-pci'
	@echo '  make test-xen      selftests of Xen guests with VFs; fetches Xen, installs nothing'
	@echo '  make fuzz          the same with ten minutes of each fuzzer'
	@echo '  make mutants       would the tests notice? Wrong changes, which they have to fail by'
	@echo '                     (PART=iov, aer, pciback, vfctl, scripts; ONLY=names)'
	@echo '  make prove         that no input makes the pure files overflow or read out of bounds'
	@echo '  make test-alarms   would the runners notice? A kernel in which everything goes wrong'
	@echo '  one test           make test-user ONLY=routing, test-qemu ONLY=igb, test-xen ONLY=guests,'
	@echo '                     make test-kunit SUITES=pci_iov_routing, all of which may be globs'
	@echo '  make coverage      the lines and branches that tests run, as a table in HACKING.md'
	@echo '  make gdb           the lab'\''s kernel in a debugger, which stops at BREAK=sriov_enable'
	@echo '  make clangd        have clangd know how each of our files is compiled'
	@echo '  make hwtest        try a PF of this machine, PF=0000:01:00.0, and write a report'
	@echo
	@echo '  BASE=7.3 make ...  the same on another kernel of base/: kernel, stock, debug-kernel,'
	@echo '                     test-kunit, test-qemu, test-xen, bench; what is made is in build/7.3'
	@echo
	@echo '  make clean         remove the kernels that were built, keep the unpacked source'
	@echo '  make distclean     remove build/ as a whole'

setup:
	@scripts/setup

kernel stock:
	@scripts/build $@

debug-kernel:
	@scripts/build debug

check:
	@scripts/check

test-user:
	@set -f; tools/testing/user/run $(ONLY)

fuzz:
	@tools/testing/user/run -f 600

test-kunit:
	@tools/testing/kunit/run -n $(if $(SUITES),'$(SUITES)')
	@scripts/build debug
	@tools/testing/kunit/run $(if $(SUITES),'$(SUITES)')

# A name that is none is said before anything is built.
test-qemu:
	@set -f; tools/testing/lab/test -n $(if $(TESTS),TESTS=$(TESTS)) $(ONLY)
	@scripts/build kernel
	@set -f; tools/testing/lab/test $(if $(TESTS),TESTS=$(TESTS)) $(ONLY)

test-kvm:
	@set -f; tools/testing/lab/test -n $(if $(TESTS),TESTS=$(TESTS)) kvm
	@scripts/build kernel
	@set -f; tools/testing/lab/test $(if $(TESTS),TESTS=$(TESTS)) kvm

test-xen:
	@set -f; tools/testing/lab/xen/test -n $(if $(TESTS),TESTS=$(TESTS)) $(ONLY)
	@scripts/build kernel
	@set -f; tools/testing/lab/xen/test $(if $(TESTS),TESTS=$(TESTS)) $(ONLY)

mutants:
	@set -f; tools/testing/mutants/run $(if $(PART),-p '$(PART)') $(if $(ONLY),-o '$(ONLY)')

test-alarms: debug-kernel
	@tools/testing/kunit/alarms

test:
	@scripts/test

test-all:
	@scripts/test-all $(if $(FRESH),--fresh)

prove:
	@set -f; tools/testing/prove/run $(ONLY)

run: kernel
	@tools/testing/lab/run

bench: kernel stock
	@tools/testing/bench/run

hwtest:
	@tools/testing/hw/hwtest $(ARGS) $(PF)

gdb:
	@tools/testing/lab/gdb $(if $(BREAK),'$(BREAK)') $(ONLY)

coverage:
	@tools/testing/coverage/run

clangd:
	@scripts/clangd

clean:
	@scripts/clean

distclean:
	@scripts/clean --all

.PHONY: help setup kernel stock debug-kernel check test-user fuzz test-kunit test-qemu test-kvm test-xen test test-all run bench hwtest clangd gdb mutants test-alarms prove coverage clean distclean
.NOTPARALLEL:
