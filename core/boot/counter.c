/* SPDX-License-Identifier: Apache-2.0 */
#include "airlock/chain.h"
#include "core/bytes.h"

int alk_counter_of(const struct alk_image *img)
{
    uint8_t value[4];
    int err = alk_tlv_get(value, img, ALK_TLV_SEC_CNT, sizeof value);

    if (err <= 0)
        return err;
    return alk_get32(value) <= ALK_COUNTER_MAX ? value[0] : ALK_E_SUPPORT;
}

int alk_counter_read(const struct alk_flash *provision)
{
    unsigned n = ALK_COUNTER_MAX;

    while (n != 0 && !alk_stage_marked(provision, ALK_KEYS_MAX + n))
        n--;
    return (int)n;
}
