/* SPDX-License-Identifier: Apache-2.0 */
#include "programs/serve.h"
#include "core/bytes.h"
#include "airlock/crypto.h"
#include "airlock/verify.h"

ALK_APART void serve_pending(struct serve *s)
{
    int byte, len;

    while ((byte = s->link->get(s->link->dev)) >= 0) {
        len = alk_frame_feed(&s->frame, (uint8_t)byte);
        if (len <= 0)
            continue;
        len = alk_smp_handle(s->smp, s->frame.buf + 2, (size_t)len, s->reply, s->reply_cap);
        if (len > 0)
            alk_frame_send(s->reply, (size_t)len, s->link->put, s->link->dev);
    }
}

int serve_check(void *ctx, const struct alk_image *img)
{
    struct serve_judge *j = ctx;
    struct alk_check check = {.keys = &j->keys, .buf = j->buf, .buf_len = j->buf_len};
    int rc = alk_keys_open(&j->keys, &j->map->keys);

    if (rc != ALK_OK || img == NULL)
        return rc;
    rc = alk_admit(img, alk_demand_of(j->map, img), &j->keys);
    if (rc == ALK_OK)
        rc = alk_verify_secondary(&j->verdict, img, &check);
    alk_wipe(&check.key, sizeof(check.key));
    return rc;
}
