/* SPDX-License-Identifier: Apache-2.0 */
/* sign.h - the parts of `airlock sign`: options, input, output. */
#ifndef AIRLOCK_CLI_SIGN_H
#define AIRLOCK_CLI_SIGN_H

#include "airlock/build.h"
#include "host/cli/use.h"

#define SIGN_EXTRAS 32

struct sign {
    const struct cli *c;
    const char *in, *out;
    struct alk_build b;
    struct cli_keys signers, recipients;
    struct alk_random random;
    uint8_t vendor[16], class[16];
    struct alk_extra_tlv extra[SIGN_EXTRAS];
    struct alk_buf extra_data[SIGN_EXTRAS];
    size_t n_extra;
    struct alk_buf fixed; /* signature made elsewhere */
    struct alk_board board;
    bool has_board;
    bool has_header; /* -H was given */
    struct alk_trailer trailer;
    bool pad;
    int layout; /* alk_layout; -1: as imgtool counts */
    uint32_t sector_size;
    struct alk_buf payload;
    struct alk_built plain; /* of a compressed image */
    struct alk_extra_tlv known[4];
    uint8_t decomp_size[4], comp_size[4];
    uint32_t base; /* where the image starts, for hex */
    bool has_base;
};

/* Identity, layout and TLVs of the call into s->b and s->trailer. */
int sign_read_options(struct sign *s);
/* Signers and recipients, signature from elsewhere. */
int sign_read_keys(struct sign *s);
/* The program, and where its header goes. */
int sign_read_input(struct sign *s);
/* Does the image fit the slot?  Yes when no slot is known. */
int sign_check_fit(struct sign *s, const struct alk_built *built);
/* Compress the payload, if asked to. */
int sign_compress(struct sign *s);
/* Pad, and write the image, the signature. */
int sign_write(struct sign *s, struct alk_built *built);
void sign_free(struct sign *s);

#endif
