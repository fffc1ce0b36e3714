/* SPDX-License-Identifier: Apache-2.0 */
/* kept.c - an upload that outlives a reset, and costs a token to start. */
#include <string.h>

#include "airlock/keys.h"
#include "core/smp/app.h"
#include "core/smp/image.h"
#include "core/smp/note.h"

enum { OFF, SHA, DATA, KEYS };

#define NOT_BEGUN 0xffu /* no sha is that long */

static bool is_session(const struct alk_smp_upload *u, const struct alk_cbor_item *sha)
{
    return u->len != 0 && sha->len != 0 && sha->len == u->sha_len && memcmp(u->sha, sha->data, sha->len) == 0;
}

/* What the bootloader would refuse for its version is refused before it is sent. */
static int check_version(const struct alk_smp *s, const struct alk_cbor_item *data)
{
    const struct alk_map *map = s->cfg->map;
    struct alk_image img, running;
    struct alk_keys keys;

    if (data->len < ALK_IMAGE_HDR_SIZE || alk_image_parse(&img, data->data, UINT32_MAX) != ALK_OK ||
        alk_keys_open(&keys, &map->keys) != ALK_OK || (keys.policy & ALK_POLICY_NO_DOWNGRADE) == 0 ||
        alk_image_open(&running, &map->primary, 0, map->demand.max_size) != ALK_OK)
        return 0;
    return alk_version_compare(&img.version, &running.version) < 0 ? ALK_IMG_OLDER : 0;
}

/* A new session: it is worth a token once it has erased. */
static int begin(struct alk_smp *s, struct alk_smp_call *c, const struct alk_cbor_item *v)
{
    struct alk_smp_upload *u = &s->upload;
    int rc = alk_smp_pace_ready(s);

    if (rc == 0)
        rc = check_version(s, &v[DATA]);
    if (rc != 0)
        return rc;
    u->sha_len = NOT_BEGUN;
    rc = alk_smp_image_upload(s, c);
    if (u->sha_len == NOT_BEGUN)
        return rc;
    (void)alk_smp_pace_take(s);
    if (u->len != 0 && u->sha_len == sizeof u->sha) {
        alk_note_begin(s);
        alk_note_progress(s, 0);
    }
    return rc;
}

int alk_smp_image_upload_kept(struct alk_smp *s, struct alk_smp_call *c)
{
    static const struct alk_smp_key keys[KEYS] = {
        {"off", ALK_SMP_UINT}, {"sha", ALK_SMP_BYTES}, {"data", ALK_SMP_BYTES}};
    struct alk_smp_upload *u = &s->upload;
    struct alk_cbor_item v[KEYS];
    uint32_t before, len;
    int rc = alk_smp_args(v, c, keys, KEYS);

    if (rc == 0 && alk_smp_given(&v[OFF]) && v[OFF].value == 0 && !is_session(u, &v[SHA])) {
        if (v[SHA].len == sizeof u->sha)
            alk_note_restore(s, v[SHA].data);
        if (!is_session(u, &v[SHA]))
            return begin(s, c, v);
    }
    before = u->off;
    len = u->len;
    rc = alk_smp_image_upload(s, c);
    if (len == 0 || u->sha_len != sizeof u->sha)
        return rc;
    if (u->len == 0)
        alk_note_end(s, len);
    else
        alk_note_progress(s, before);
    return rc;
}
