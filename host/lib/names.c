/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>

#include "airlock/imgfile.h"

const char *alk_tlv_name(uint16_t type)
{
    static const struct {
        uint16_t type;
        const char *name;
    } names[] = {
        {ALK_TLV_KEYHASH, "KEYHASH"},
        {ALK_TLV_PUBKEY, "PUBKEY"},
        {ALK_TLV_SHA256, "SHA256"},
        {ALK_TLV_SHA384, "SHA384"},
        {ALK_TLV_SHA512, "SHA512"},
        {ALK_TLV_RSA2048, "RSA2048"},
        {ALK_TLV_ECDSA224, "ECDSA224"},
        {ALK_TLV_ECDSA, "ECDSA"},
        {ALK_TLV_RSA3072, "RSA3072"},
        {ALK_TLV_ED25519, "ED25519"},
        {ALK_TLV_SIG_PURE, "SIG_PURE"},
        {ALK_TLV_ENC_RSA2048, "ENC_RSA2048"},
        {ALK_TLV_ENC_KW, "ENC_KW"},
        {ALK_TLV_ENC_EC256, "ENC_EC256"},
        {ALK_TLV_ENC_X25519, "ENC_X25519"},
        {ALK_TLV_ENC_X25519_512, "ENC_X25519_SHA512"},
        {ALK_TLV_DEPENDENCY, "DEPENDENCY"},
        {ALK_TLV_SEC_CNT, "SEC_CNT"},
        {ALK_TLV_BOOT_RECORD, "BOOT_RECORD"},
        {ALK_TLV_DECOMP_SIZE, "DECOMP_SIZE"},
        {ALK_TLV_DECOMP_SHA, "DECOMP_SHA"},
        {ALK_TLV_DECOMP_SIG, "DECOMP_SIGNATURE"},
        {ALK_TLV_COMP_DEC_SIZE, "COMP_DEC_SIZE"},
        {ALK_TLV_UUID_VID, "UUID_VID"},
        {ALK_TLV_UUID_CID, "UUID_CID"},
    };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (names[i].type == type) {
            return names[i].name;
        }
    }
    return (type & 0xff) >= 0xa0 ? "vendor" : "unknown";
}

bool alk_tlv_is_signature(uint16_t type)
{
    return type == ALK_TLV_KEYHASH || type == ALK_TLV_PUBKEY ||
           (type >= ALK_TLV_RSA2048 && type <= ALK_TLV_SIG_PURE);
}
