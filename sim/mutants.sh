#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Does the proof notice?  Break the engine in one place at a time; each mutant
# must be caught, and the check that caught it is named.
# usage: sim/mutants.sh [name part]
set -u
cd "$(dirname "$0")/.."
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cc=${CC:-cc}
total=0 survived=0

compile() { # program
    local own="$dir/core/update/*.c $dir/core/boot/settle.c" extra lib=build/host
    [ -e "$dir/$1" ] && return
    case $1 in
    sym) extra="$dir/core/update/plans.c" own="" ;;
    test_settle) # real keys and images: the mutant's objects come before the libraries'
        extra="tests/unit/test_settle.c tests/support/board.c tests/support/keyring.c sim/lib/flash.c
            -Itests/support -DALK_VECTORS=\"$PWD/tests/vectors\"" ;;
    *) [ "$1" = prove ] && extra="sim/store.c"
        extra="$extra sim/life.c sim/world.c sim/toy.c sim/crc.c sim/lib/flash.c core/boot/place.c core/image/*.c core/flash.c" ;;
    esac
    local libs=""
    if [ "$1" = test_settle ]; then
        libs="-Wl,--start-group $lib/host/libairlock.a $lib/libairlock_tables.a $lib/libairlock_core.a
            $lib/adapters/libairlock_crypto.a $lib/adapters/libairlock_memory.a -Wl,--end-group -lcmocka -lcrypto -llzma -lzip -ljansson"
        [ -e $lib/libairlock_core.a ] || return 1
        set -- "$1" tests/unit/test_settle.c
    else
        set -- "$1" "sim/$1.c"
    fi
    # shellcheck disable=SC2086
    $cc -std=gnu11 -O2 -w -Iinclude -I. -o "$dir/$1" ${2#tests/unit/test_settle.c} $own $extra $libs 2>"$dir/log"
}

# Each check in turn; the first that fails has caught it.
check() {
    local run out
    for run in "sym" "wander lives=300 misuse=2" "test_settle" \
        "wander lives=600 misuse=2 n=3 sector=64 banks=3 end1=152 end2=128" \
        "prove n=1 unstable=0 seconds=10" "flips n=2 sector=64 banks=2 unit=4 end1=88 end2=80 lives=1" \
        "wander lives=20000 n=3 sector=64 banks=2 unit=4 roomy=1 end1=130 end2=90 misuse=0" \
        "prove n=1 misuse=0 seconds=60"; do
        compile "${run%% *}" || { [ "$run" = test_settle ] && continue; echo "does not compile"; return; }
        # shellcheck disable=SC2086
        out=$(cd "$dir" && ulimit -t 60 && ./$run 2>&1 | grep -aE -m1 'FAILED|sym: life')
        [ -n "$out" ] && { out=${out##*FAILED: }; echo "${run%% *}: ${out##*] }"; return; }
    done
}

mutant() { # name file perl-expression
    [[ "$1" == *"$only"* ]] || return
    rm -rf "${dir:?}"/*
    mkdir "$dir/core"
    cp -r core/update core/boot "$dir/core"
    perl -0pi -e "$3" "$dir/core/$2"
    total=$((total + 1))
    if cmp -s "core/$2" "$dir/core/$2"; then
        echo "STALE     $1: the expression changes nothing"
        survived=$((survived + 1))
        return
    fi
    local by
    by=$(check)
    if [ -n "$by" ] && [ "$by" != "does not compile" ]; then
        echo "caught    $1 [${by%%; replay*}]"
    else
        echo "SURVIVED  $1 $by"
        survived=$((survived + 1))
    fi
}

only=${1:-}
mutant "mark before the copy" update/steps.c 's/err = copy\(u, &v\[role\], pos\);\s+if \(err == ALK_OK\)\s+err = alk_journal_mark\(&u->j\);/err = alk_journal_mark(&u->j); u->j.progress--; if (err == ALK_OK) err = copy(u, &v[role], pos); u->j.progress++;/'
mutant "walk the other way" update/plans.c 's/r->place != 0 \? at/r->place == 0 ? at/'
mutant "steps of a pair swapped" update/plans.c 's/k % 2 == 0 \? ALK_OUT/k % 2 != 0 ? ALK_OUT/'
mutant "old image to its own place" update/plans.c 's/r->place \^ role/r->place/'
mutant "older record preferred" update/journal.c 's/\) > 0\)\) \{/) < 0)) {/'
mutant "record without CRC" update/record.c 's/return false;/return true;/'
mutant "no wrong bit mended" update/record.c 's/if \(c == difference\)/if (0)/'
mutant "one blank bit sets a mark" update/journal.c 's/return zeros > 4;/return zeros > 0;/'
mutant "no erase before the record" update/journal.c 's/err = alk_flash_erase\(j->area, sector\+\+\);/sector++;/'
mutant "record written over the current one" update/journal.c 's/j->bank \^= 1;/j->bank ^= j->sealed ? 0 : 1;/'
mutant "seal not asked for" boot/settle.c 's/if \(!j->sealed\)\s+return alk_journal_seal\(j\);//'
mutant "other bank may hold a ghost" boot/settle.c 's/!j->paired \|\| //'
mutant "resume without a new record" boot/settle.c 's/ \|\| \(beyond <= 0 && !s->fresh\)//'
mutant "D1 not written again" boot/settle.c 's/j->progress--;\s+return mark_pair/return mark_pair/'
mutant "done marked before the mailboxes" boot/settle.c 's/err = alk_install_finish\(&s->u\);\s+return err != ALK_OK \? err : mark_pair\(s, DONE\);/err = mark_pair(s, DONE); return alk_install_finish(&s->u) == ALK_OK ? err : ALK_E_FLASH;/'
mutant "one done mark only" boot/settle.c 's/int err = alk_journal_mark\(&s->u.j\);\s+if \(err == ALK_OK\)\s+err = alk_journal_mark\(&s->u.j\);/int err = alk_journal_mark(&s->u.j); s->u.j.progress++;/'
mutant "confirmed by the mailbox alone" boot/settle.c 's/reads_confirmed\(&p\) \? mark_pair\(s, ALK_OK\)/reads_confirmed(&p) ? rest(s)/'
mutant "old image not verified before the way back" boot/settle.c 's/int err = look_at\(s, !r->place\);\s+if \(err != ALK_OK\)\s+return err;/look_at(s, !r->place); s->place = !r->place;/'
mutant "left-over sector stays" update/steps.c 's/int err = alk_flash_erase\(s, slide == .r->place == 0. \? 0 : n\);/int err = ALK_OK;/'
mutant "request stays" update/steps.c 's/err = alk_install_clear\(s\);/err = ALK_OK;/'
mutant "nothing to copy, nothing to erase" update/steps.c 's/int err = alk_flash_erase\(to, sink\);/int err = at < end ? alk_flash_erase(to, sink) : ALK_OK;/'
mutant "keystream from the chunk" update/steps.c 's/alk_image_crypt\(buf, n, &v->img, at, v->key\)/alk_image_crypt(buf, n, &v->img, at ? at + 1 : 0, v->key)/'
mutant "old image kept in the clear" update/steps.c 's/alk_image_crypt\(buf/if (v->role == ALK_IN) alk_image_crypt(buf/'
mutant "lost image stops the slide" update/steps.c 's/if \(lost != ALK_OK\)\s+v\[ALK_IN\].img.end = 0;/if (lost != ALK_OK) return lost;/'
mutant "stale flags stay in the secondary" boot/settle.c 's/return alk_install_clear\(secondary\);\n\}\n\n\/\* Read the table/return RUN;\n}\n\n\/* Read the table/'

echo "mutants $total, caught $((total - survived)), survived $survived"
[ "$survived" = 0 ]
