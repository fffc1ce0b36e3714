#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# library_is_usable_through_pkg_config: install, build the example from outside, run it.
# usage: pkgconfig.sh BUILD SOURCE CC
set -e
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cmake --install "$1" --prefix "$dir" >"$dir/log" || { cat "$dir/log"; exit 1; }
pc=$(dirname "$(find "$dir" -name airlock.pc)")
PKG_CONFIG_PATH=$pc${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}
export PKG_CONFIG_PATH
# shellcheck disable=SC2046
"$3" -Wall -Werror "$2/host/example/watch.c" $(pkg-config --cflags --libs --static airlock) -o "$dir/watch"
"$dir/watch" /nowhere/at/all 2>"$dir/said" && { echo "FAILED: no device, exit status 0"; exit 1; }
[ $? -eq 3 ] && grep -q "No such file" "$dir/said" || { echo "FAILED:"; cat "$dir/said"; exit 1; }
