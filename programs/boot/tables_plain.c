/* SPDX-License-Identifier: Apache-2.0 */
/* tables_plain.c - the rows of boot-a: one signature, no key wraps. */
#include "airlock/unwrap.h"
#include "airlock/verify.h"

const struct alk_sig_alg *const alk_sig_algs[] = {
    &alk_sig_p256,
    NULL,
};

const struct alk_wrap_alg *const alk_wrap_algs[] = {
    NULL,
};
