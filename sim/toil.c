/* SPDX-License-Identifier: Apache-2.0 */
/*
 * toil.c - random lives of a device with nothing replaced: real keys, real
 * images, the shipped verify, unwrap and engine, cuts at any operation.
 *
 * A life: updates (TEST or PERM, to either place), confirms, going back,
 * foreign and damaged images, power cut at random moments, torn and unstable.
 * After each boot that ran through an image runs, and only one that may; in
 * every content reached no payload lies unencrypted outside the primary.
 * P-256 is the shipped code; its answers are remembered by their arguments.
 *
 *   toil [lives=200] [seed=1] [unit=4]
 */
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "airlock/crypto.h"
#include "tests/support/board.h"

enum { ONE = 1, TWO, THREE, STRANGER, IMAGES = 4 };

static struct board b;
static uint64_t rng;
static jmp_buf cut;
static long until;
static unsigned long cuts, boots, updates, searched;
static unsigned seed = 1;

/* --- P-256, remembered ------------------------------------------------------ */

struct answer {
    uint8_t in[160], out[32];
    int err;
};

static struct answer answers[512];
static unsigned known;

static struct answer *recall(bool *found, const void *a, size_t a_len, const void *c, size_t c_len)
{
    struct answer ask;

    memset(&ask, 0, sizeof ask);
    memcpy(ask.in, a, a_len);
    memcpy(ask.in + a_len, c, c_len);
    *found = true;
    for (unsigned i = 0; i < known; i++)
        if (memcmp(answers[i].in, ask.in, sizeof ask.in) == 0)
            return &answers[i];
    *found = false;
    if (known == 512)
        known = 0;
    answers[known] = ask;
    return &answers[known++];
}

int __real_alk_p256_verify(uint8_t r[32], const uint8_t sig[64], const uint8_t pub[64],
                           const uint8_t hash[32]);
int __wrap_alk_p256_verify(uint8_t r[32], const uint8_t sig[64], const uint8_t pub[64],
                           const uint8_t hash[32]);
int __real_alk_p256_ecdh(uint8_t secret[32], const uint8_t priv[32], const uint8_t pub[64]);
int __wrap_alk_p256_ecdh(uint8_t secret[32], const uint8_t priv[32], const uint8_t pub[64]);

int __wrap_alk_p256_verify(uint8_t r[32], const uint8_t sig[64], const uint8_t pub[64],
                           const uint8_t hash[32])
{
    uint8_t key[96];
    bool found;
    struct answer *a;

    memcpy(key, pub, 64);
    memcpy(key + 64, hash, 32);
    a = recall(&found, sig, 64, key, sizeof key);
    if (!found)
        a->err = __real_alk_p256_verify(a->out, sig, pub, hash);
    memcpy(r, a->out, 32);
    return a->err;
}

int __wrap_alk_p256_ecdh(uint8_t secret[32], const uint8_t priv[32], const uint8_t pub[64])
{
    bool found;
    struct answer *a = recall(&found, priv, 32, pub, 64);

    if (!found)
        a->err = __real_alk_p256_ecdh(a->out, priv, pub);
    memcpy(secret, a->out, 32);
    return a->err;
}

/* --- cuts --------------------------------------------------------------------- */

static uint32_t draw(uint32_t below)
{
    rng ^= rng << 13;
    rng ^= rng >> 7;
    rng ^= rng << 17;
    return (uint32_t)(rng >> 32) % below;
}

static _Noreturn void fail(const char *rule)
{
    printf("FAILED: %s (result %d); replay with lives=1 seed=%u unit=%u\n", rule, b.result, seed, b.sim.unit);
    exit(1);
}

static void event(struct alk_sim *s, const struct alk_sim_op *op)
{
    enum alk_sim_how how = draw(ALK_SIM_HOWS);

    if (until-- != 0)
        return;
    cuts++;
    if (draw(4) != 0 && alk_sim_can(op, how))
        alk_sim_leave(s->v, s->a, op, how);
    longjmp(cut, 1);
}

/* Unstable cells read old or new, each run of them by its own chance. */
static void power_on(void)
{
    bool fresh = false, was = false;

    for (uint32_t i = 0; i < b.size; i++) {
        bool differs = b.v[i] != b.a[i];

        if (differs && (!was || draw(64) == 0))
            fresh = draw(2) != 0;
        was = differs;
        b.r[i] = fresh && differs ? b.a[i] : b.v[i];
    }
}

static void search(void)
{
    uint32_t at;

    searched++;
    at = board_plaintext(&b);
    if (at != 0) {
        fprintf(stderr, "toil: payload in the clear at %u\n", at);
        fail("plaintext outside the primary");
    }
}

static unsigned runs(void)
{
    for (unsigned i = 0; i < IMAGES; i++)
        if (memcmp(b.r, b.image[i].running.data, b.image[i].running.len) == 0)
            return i + 1;
    return 0;
}

static unsigned boot(void)
{
    static uint8_t buf[512];
    struct alk_settle work;
    uint32_t vectors;
    unsigned x;

    boots++;
    b.boot = (struct alk_boot){.map = &b.map, .buf = buf, .buf_len = 256};
    b.result = alk_boot_settle(&b.boot, &work);
    if (b.broken != 0)
        fail("a rule of flash.h was broken");
    if (b.result != ALK_OK || alk_gate_open(&vectors, &b.boot) != ALK_OK)
        fail("nothing may run");
    x = runs();
    if (x == 0)
        fail("what runs is not whole");
    if (x == STRANGER)
        fail("a stranger's image runs");
    return x;
}

/* --- lives --------------------------------------------------------------------- */

static unsigned good, trial; /* permanent; ran unconfirmed */
static bool maybe;           /* a confirm was cut */

static void judge(unsigned x)
{
    struct alk_mailbox m;

    alk_mailbox_read(&m, &b.map.primary);
    if (trial != 0 && maybe && x != good)
        good = trial;
    if (trial != 0 && x == trial && good != trial)
        fail("an unconfirmed image runs again");
    maybe = false;
    trial = 0;
    if (x == good)
        return;
    if (m.magic == ALK_SET && m.image_ok == ALK_UNSET)
        trial = x;
    else
        good = x;
}

static void upload(unsigned image, unsigned place)
{
    const struct alk_buf *sent = &b.image[image - 1].sent;
    uint32_t unit = b.sim.unit, len = (uint32_t)sent->len;

    alk_flash_erase(&b.map.secondary, b.n);
    for (uint32_t pos = 0; pos * b.sector < len; pos++) {
        uint8_t sector[2048];
        uint32_t from = pos * b.sector, n = len - from < b.sector ? len - from : b.sector;

        memset(sector, 0xff, sizeof sector);
        memcpy(sector, sent->data + from, n);
        if (draw(40) == 0)
            sector[draw(n)] ^= 1; /* damaged on the way */
        alk_flash_erase(&b.map.secondary, pos + place);
        alk_flash_prog(&b.map.secondary, (pos + place) * b.sector, sector, (n + unit - 1) / unit * unit);
    }
}

static void application(unsigned x)
{
    unsigned image = 1 + draw(IMAGES), act = draw(4);

    if (act == 0 && trial != 0) {
        maybe = true;
        if (alk_mailbox_confirm(&b.map.primary) == ALK_OK) {
            good = trial;
            trial = 0;
        }
        maybe = false;
    } else if (act == 1 && trial == 0) {
        alk_mailbox_request(&b.map.secondary, ALK_REQ_TEST); /* the old one again */
    } else if (act > 1 && trial == 0 && image != x) {
        updates++;
        upload(image, draw(2));
        alk_mailbox_request(&b.map.secondary, draw(2) ? ALK_REQ_TEST : ALK_REQ_PERM);
    }
}

static void live(uint16_t unit)
{
    board_open(&b, unit, 1024, 3, ALK_POLICY_REQUIRE_ENCRYPTION);
    board_make(&b, BOARD_SEALED, 1, 2500);
    board_make(&b, BOARD_SEALED, 2, 1500 + 900 * (seed % 2));
    board_make(&b, BOARD_SEALED, 3, 2350);
    board_make(&b, BOARD_STRANGER, 4, 2300);
    board_burn(&b, ONE);
    good = ONE;
    trial = 0;
    maybe = false;
    b.sim.event = event;
    for (unsigned day = 0; day < 30; day++) {
        unsigned x;

        until = draw(3) != 0 ? (long)draw(draw(2) ? 60 : 2600 / unit) : -1;
        if (setjmp(cut) == 0) {
            power_on();
            x = boot();
            judge(x);
            application(x);
        }
        search();
    }
    board_close(&b);
}

int main(int argc, char **argv)
{
    static unsigned lives = 200, unit = 4;

    for (int i = 1; i < argc; i++) {
        if (sscanf(argv[i], "lives=%u", &lives) != 1 && sscanf(argv[i], "seed=%u", &seed) != 1 &&
            sscanf(argv[i], "unit=%u", &unit) != 1) {
            fprintf(stderr, "toil: no option %s (see the head of sim/toil.c)\n", argv[i]);
            return 2;
        }
        printf("%s ", argv[i]);
    }
    for (; lives > 0; lives--, seed++) {
        rng = seed * 0x9e3779b97f4a7c15u + 1;
        for (unsigned i = 0; i < 8; i++)
            draw(2);
        live((uint16_t)unit);
    }
    printf(": cuts %lu, boots %lu, updates %lu, contents searched %lu: ok\n", cuts, boots, updates, searched);
    return 0;
}
