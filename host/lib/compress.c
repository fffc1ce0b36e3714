/* SPDX-License-Identifier: Apache-2.0 */
#include <lzma.h>

#include "airlock/compress.h"

#define HEAD_SIZE 2u /* dictionary code, properties */

/* The chain both sides must agree on; options must outlive it. */
static bool chain_of(lzma_filter chain[3], lzma_options_lzma *options, bool arm_thumb)
{
    lzma_filter *f = chain;

    if (lzma_lzma_preset(options, 9)) {
        return false;
    }
    options->dict_size = 131072;
    options->lc = 3;
    options->lp = 1;
    options->pb = 2;
    if (arm_thumb) {
        *f++ = (lzma_filter){LZMA_FILTER_ARMTHUMB, NULL};
    }
    *f++ = (lzma_filter){LZMA_FILTER_LZMA2, options};
    *f = (lzma_filter){LZMA_VLI_UNKNOWN, NULL};
    return true;
}

int alk_compress(struct alk_buf *out, const uint8_t *data, size_t len, bool arm_thumb, struct alk_why *why)
{
    static const uint8_t head[HEAD_SIZE] = {0x0a, (2 * 5 + 1) * 9 + 3};
    lzma_options_lzma options;
    lzma_filter chain[3];
    size_t room = len + len / 8 + 4096, used = 0;
    uint8_t *at;

    alk_buf_put(out, head, sizeof head);
    at = alk_buf_fill(out, 0, room);
    if (at == NULL) {
        return alk_why(why, ALK_E_MEMORY, "not enough memory");
    }
    if (!chain_of(chain, &options, arm_thumb) ||
        lzma_raw_buffer_encode(chain, NULL, data, len, at, &used, room) != LZMA_OK) {
        return alk_why(why, ALK_E_BUG, "liblzma cannot compress it");
    }
    out->len -= room - used;
    return ALK_OK;
}

static int run(struct alk_buf *out, lzma_stream *s, size_t limit, struct alk_why *why)
{
    lzma_ret r = LZMA_OK;

    while (r == LZMA_OK) {
        uint8_t *at = alk_buf_fill(out, 0, 65536);

        if (at == NULL) {
            return alk_why(why, ALK_E_MEMORY, "not enough memory");
        }
        s->next_out = at;
        s->avail_out = 65536;
        r = lzma_code(s, LZMA_FINISH);
        out->len -= s->avail_out;
        if (out->len > limit) {
            return alk_why(why, ALK_E_SIZE, "decompresses to more than %zu bytes", limit);
        }
    }
    return r == LZMA_STREAM_END ? ALK_OK : alk_why(why, ALK_E_FORMAT, "its compressed payload is damaged");
}

int alk_decompress(struct alk_buf *out, const uint8_t *data, size_t len, bool arm_thumb, size_t limit,
                   struct alk_why *why)
{
    lzma_stream s = LZMA_STREAM_INIT;
    lzma_options_lzma options;
    lzma_filter chain[3];
    int e;

    if (len < HEAD_SIZE) {
        return alk_why(why, ALK_E_FORMAT, "its compressed payload is damaged");
    }
    if (!chain_of(chain, &options, arm_thumb) || lzma_raw_decoder(&s, chain) != LZMA_OK) {
        return alk_why(why, ALK_E_MEMORY, "not enough memory");
    }
    s.next_in = data + HEAD_SIZE;
    s.avail_in = len - HEAD_SIZE;
    e = run(out, &s, limit, why);
    lzma_end(&s);
    return e;
}
