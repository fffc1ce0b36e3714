/* SPDX-License-Identifier: Apache-2.0 */
/*
 * answers.c - P-256 of the host's build, remembered: thousands of boots ask
 * the same few questions.  Linked with --wrap, so that the core's own calls
 * come here.
 */
#include <string.h>

#include "airlock/crypto.h"

#define QUESTION 160u /* sig | pub | hash, or priv | pub */
#define MEMORY   32u

int __real_alk_p256_verify(uint8_t x[32], const uint8_t sig[64], const uint8_t pub[64],
                           const uint8_t hash[32]);
int __wrap_alk_p256_verify(uint8_t x[32], const uint8_t sig[64], const uint8_t pub[64],
                           const uint8_t hash[32]);
int __real_alk_p256_ecdh(uint8_t secret[32], const uint8_t priv[32], const uint8_t pub[64]);
int __wrap_alk_p256_ecdh(uint8_t secret[32], const uint8_t priv[32], const uint8_t pub[64]);

struct answer {
    uint8_t question[QUESTION], out[32];
    int rc;
};

struct memory {
    struct answer answer[MEMORY];
    unsigned count;
};

static struct memory verified, agreed;

static struct answer *recall(struct memory *m, const uint8_t question[QUESTION])
{
    for (unsigned i = 0; i < m->count && i < MEMORY; i++)
        if (memcmp(m->answer[i].question, question, QUESTION) == 0)
            return &m->answer[i];
    return NULL;
}

static struct answer *keep(struct memory *m, const uint8_t question[QUESTION])
{
    struct answer *a = &m->answer[m->count++ % MEMORY];

    memcpy(a->question, question, QUESTION);
    memset(a->out, 0, sizeof a->out);
    return a;
}

int __wrap_alk_p256_verify(uint8_t x[32], const uint8_t sig[64], const uint8_t pub[64],
                           const uint8_t hash[32])
{
    uint8_t question[QUESTION];
    struct answer *a;

    memcpy(question, sig, 64);
    memcpy(question + 64, pub, 64);
    memcpy(question + 128, hash, 32);
    a = recall(&verified, question);
    if (!a) {
        a = keep(&verified, question);
        a->rc = __real_alk_p256_verify(a->out, sig, pub, hash);
    }
    memcpy(x, a->out, 32);
    return a->rc;
}

int __wrap_alk_p256_ecdh(uint8_t secret[32], const uint8_t priv[32], const uint8_t pub[64])
{
    uint8_t question[QUESTION] = {0};
    struct answer *a;

    memcpy(question, priv, 32);
    memcpy(question + 32, pub, 64);
    a = recall(&agreed, question);
    if (!a) {
        a = keep(&agreed, question);
        a->rc = __real_alk_p256_ecdh(a->out, priv, pub);
    }
    memcpy(secret, a->out, 32);
    return a->rc;
}
