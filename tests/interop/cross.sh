#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs cross.py with MCUboot's imgtool from the package index, in a venv kept
# outside the source tree.  Exit 77 (skipped) when it cannot be had.
# usage: cross.sh AIRLOCK VECTORS [cross.py arguments]
set -u
version=2.4.0
here=$(cd "$(dirname "$0")" && pwd)
venv=${XDG_CACHE_HOME:-$HOME/.cache}/airlock/imgtool-$version
if [ ! -f "$venv/ready" ]; then
    mkdir -p "$(dirname "$venv")"
    rm -rf "$venv"
    python3 -m venv "$venv" >"$venv.log" 2>&1 &&
        "$venv/bin/pip" install -q "imgtool==$version" "cryptography==50.0.2" "cbor2==6.2.1" "click==8.5.1" \
            "intelhex==2.3.0" "pyyaml==6.0.3" >>"$venv.log" 2>&1 || {
        echo "SKIPPED: imgtool $version is not to be had from the package index here:"
        tail -3 "$venv.log"
        exit 77
    }
    touch "$venv/ready"
fi
exec "$venv/bin/python" "$here/cross.py" "$@"
