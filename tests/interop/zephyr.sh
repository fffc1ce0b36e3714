#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# real_firmware_goes_all_the_way: a Zephyr build from the package index through
# hex, sign, encrypt, compress, verify, decrypt, extract, zip.  Exit 77
# (skipped) when it cannot be had.
# usage: zephyr.sh AIRLOCK VECTORS
set -eu
airlock=$1 keys=$2/keys
name=zephyr_4_4_0_hci_usb_nrf52840dk_default version=0.1.5
cache=${XDG_CACHE_HOME:-$HOME/.cache}/airlock/$name-$version
if [ ! -f "$cache/firmware.hex" ]; then
    mkdir -p "$cache"
    python3 -m pip download -q --no-deps -d "$cache" "$name==$version" >"$cache/log" 2>&1 &&
        python3 -m zipfile -e "$cache"/*.whl "$cache/unpacked" &&
        cp "$cache/unpacked/$name/firmware.hex" "$cache/firmware.hex" || {
        echo "SKIPPED: $name $version is not to be had from the package index here:"
        tail -2 "$cache/log"
        exit 77
    }
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cp "$cache/firmware.hex" .
sign="$keys/sign-ecdsa-p256.pem" enc="$keys/enc-ecdsa-p256"
set -- -q -H 0x200 --pad-header -k "$sign" -E "$enc.pub.pem" -v 4.4.0 -x 0xc000

"$airlock" hex merge firmware.hex -o firmware.bin
for how in disabled lzma2 lzma2armthumb; do
    "$airlock" sign firmware.hex "$@" --compression $how -o "$how.hex"
    "$airlock" sign firmware.bin "$@" --compression $how -o "$how.bin"
    for image in "$how.hex" "$how.bin"; do
        "$airlock" verify "$image" --key "$keys/sign-ecdsa-p256.pub.pem" --decrypt-key "$enc.pem" >verdict
        "$airlock" inspect "$image" --json >picture
        "$airlock" extract "$image" -k "$enc.pem" -o back.bin -q
        head -c "$(wc -c <firmware.bin)" back.bin | cmp - firmware.bin
    done
done
grep -q "bootloader's own code" verdict && { echo "FAILED: the bootloader does not decompress"; exit 1; }
"$airlock" dfu make disabled.bin -o dfu.zip
"$airlock" dfu check dfu.zip -k "$keys/sign-ecdsa-p256.pub.pem" --decrypt-key "$enc.pem" -q
echo "$(wc -c <firmware.bin) bytes of Zephyr, $(wc -c <lzma2armthumb.bin) when compressed: all the way and back"
