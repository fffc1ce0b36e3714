# SPDX-License-Identifier: Apache-2.0
# A thin front: every rule is a CMake preset or a script of tools/.
.PHONY: all tool setup demo demo-chain check size bench clean microbit nrf52840dk microbit-chain nrf52840dk-chain \
        menuconfig

all: setup
	cmake --preset host >build/host.log || (cat build/host.log; false)
	cmake --build --preset host

# The airlock tool alone.
tool: setup
	cmake --preset host >build/host.log || (cat build/host.log; false)
	cmake --build --preset host --target airlock-cli

# Installs what is missing (Debian packages), or says in one line what to install.
setup:
	@mkdir -p build
	@tools/setup

# CONF="my.conf other.conf": Kconfig fragments on top of the board's defconfig
# (docs/KCONFIG.md); the tool looks at the keys they name.
space := $(subst ,, )
microbit nrf52840dk microbit-chain nrf52840dk-chain: setup $(if $(CONF),tool)
	cmake --preset $@ "-DALK_CONF=$(subst $(space),;,$(strip $(CONF)))" >build/$@.log || (cat build/$@.log; false)
	cmake --build --preset $@

# The same as a menu, kept in one fragment: make menuconfig BOARD=microbit CONF=my.conf
BOARD ?= microbit
menuconfig: setup
	@tools/kconfig menuconfig --board $(BOARD) --conf $(or $(CONF),build/$(BOARD).conf)

demo: all microbit
	@tools/demo

demo-chain: all microbit-chain
	@tools/demo-chain

check: all microbit nrf52840dk microbit-chain
	@tools/check

size: all microbit nrf52840dk microbit-chain nrf52840dk-chain
	@tools/size
	@tools/stack || test $$? = 77

prove: all
	@tools/proof
	@sim/mutants.sh

bench: all microbit nrf52840dk
	@tools/bench
	@tools/bench-image

clean:
	rm -rf build
