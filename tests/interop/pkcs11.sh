#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# key_in_hardware_signs: SoftHSM holds a P-256 and an RSA-2048 key that never
# leave it.  Exit 77 (skipped) without softhsm2, opensc and OpenSSL's engine.
# usage: pkcs11.sh AIRLOCK VECTORS
set -eu
airlock=$1 payload=$2/payload_hdr512.bin
module=$(find /usr/lib -name libsofthsm2.so 2>/dev/null | head -1)
engine=$(find /usr/lib -name pkcs11.so \( -path '*engines-3*' -o -path '*ossl-modules*' \) 2>/dev/null | head -1)
[ -n "$module" ] && [ -n "$engine" ] && command -v softhsm2-util pkcs11-tool >/dev/null || {
    echo "SKIPPED: softhsm2, opensc or libengine-pkcs11-openssl is not installed"
    exit 77
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir tokens
echo "directories.tokendir = $work/tokens" >conf
export SOFTHSM2_CONF="$work/conf" PKCS11_MODULE_PATH="$module"
softhsm2-util --init-token --free --label release --pin 1234 --so-pin 5678 >/dev/null
id=00
for kind in EC:prime256v1 rsa:2048; do
    id=0$((id + 1))
    pkcs11-tool --module "$module" -l -p 1234 --token-label release --keypairgen --key-type $kind \
        --label "key-${kind%:*}" --id "$id" >log 2>&1 || { cat log; exit 1; }
    uri="pkcs11:token=release;object=key-${kind%:*};type=private"
    echo 1234 >pin
    "$airlock" pubkey "$uri" --passphrase-file pin -o pub.pem
    "$airlock" sign "$payload" -H 0x200 -v 1.2.3 -k "$uri" --passphrase-file pin -o image.bin -q
    "$airlock" verify image.bin -k pub.pem
    "$airlock" sign "$payload" -H 0x200 -v 1.2.3 -k "$uri?pin-value=1234" -o image2.bin -q
    "$airlock" verify image2.bin -k pub.pem >/dev/null
done
echo 9999 >pin
"$airlock" sign "$payload" -H 0x200 -v 1.2.3 -k "$uri" --passphrase-file pin -o bad.bin 2>said && exit 1
[ $? -eq 1 ] && grep -q "wrong PIN" said && [ ! -f bad.bin ] || { cat said; exit 1; }
