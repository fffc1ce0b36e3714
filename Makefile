# SPDX-License-Identifier: Apache-2.0
# A thin front: every rule is a CMake preset or a script of tools/.
.PHONY: all setup demo check size bench clean microbit nrf52840dk

all: setup
	cmake --preset host >build/host.log || (cat build/host.log; false)
	cmake --build --preset host

# Installs what is missing (Debian packages), or says in one line what to install.
setup:
	@mkdir -p build
	@tools/setup

microbit nrf52840dk: setup
	cmake --preset $@ >build/$@.log || (cat build/$@.log; false)
	cmake --build --preset $@

demo: all microbit
	@tools/demo

check: all microbit nrf52840dk
	@tools/check

size: all microbit nrf52840dk
	@tools/size
	@tools/stack || test $$? = 77

bench: all microbit nrf52840dk
	@tools/bench
	@tools/bench-image

clean:
	rm -rf build
