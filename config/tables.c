/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tables.c - some of many: what this build can do is what these rows name.
 * An algorithm or a command that no row names leaves no trace in the binary.
 */
#include "airlock/unwrap.h"
#include "airlock/verify.h"

const struct alk_sig_alg *const alk_sig_algs[] = {
    &alk_sig_p256,
    NULL,
};

const struct alk_wrap_alg *const alk_wrap_algs[] = {
    &alk_wrap_ec256,
    NULL,
};
