#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Foreign clients from PyPI against airlock-device, in a venv of pinned
# versions kept outside the clone.  Exit 77: skipped, with the reason.
# usage: foreign.sh AIRLOCK DEVICE MAKE_KEYS KEYS_DIR
set -eu
here=$(dirname "$0")
venv=${XDG_CACHE_HOME:-$HOME/.cache}/airlock/venv-smpmgr-0.17.0

skip() {
    echo "SKIPPED: $1"
    exit 77
}

if ! [ -f "$venv/complete" ]; then
    mkdir -p "$venv"
    python3 -m venv "$venv" >"$venv/log" 2>&1 || skip "no venv: $(tail -1 "$venv/log")"
    "$venv/bin/pip" install --quiet --disable-pip-version-check --retries 1 --timeout 20 \
        smpmgr==0.17.0 smpclient==6.1.0 smp==4.2.0 >"$venv/log" 2>&1 ||
        skip "PyPI gives no smpmgr 0.17.0: $(tail -1 "$venv/log")"
    touch "$venv/complete"
fi
exec "$venv/bin/python" "$here/foreign.py" "$venv/bin/smpmgr" "$@"
