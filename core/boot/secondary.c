/* SPDX-License-Identifier: Apache-2.0 */
#include "airlock/verify.h"

int alk_verify_secondary(struct alk_verdict *v, const struct alk_image *img, struct alk_check *c)
{
    int err = alk_content_open(&c->key, c->buf, img, c->keys);
    bool plain_allowed = (c->keys->policy & ALK_POLICY_REQUIRE_ENCRYPTION) == 0;

    v->word = 0;
    if (err != ALK_OK)
        return err;
    if (c->key.len != 0 || plain_allowed)
        err = alk_verify(v, img, c);
    else
        err = ALK_E_POLICY;
    if (err == ALK_E_AUTH && c->key.len != 0 && (img->flags & ALK_IMAGE_ENCRYPTED) == 0 && plain_allowed) {
        alk_wipe(&c->key, sizeof c->key);
        err = alk_verify(v, img, c);
    }
    return err;
}
