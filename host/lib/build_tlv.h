/* SPDX-License-Identifier: Apache-2.0 */
/* build_tlv.h - entries into a TLV area under construction. */
#ifndef AIRLOCK_HOST_BUILD_TLV_H
#define AIRLOCK_HOST_BUILD_TLV_H

#include "airlock/build.h"

void alk_tlv_add(struct alk_buf *area, uint16_t type, const uint8_t *value, size_t len, bool big_endian);

/* As above; imgtool writes the type of a custom entry as a number, of a known one as a byte. */
void alk_tlv_add_custom(struct alk_buf *area, const struct alk_extra_tlv *t, bool big_endian);

/* CBOR map of software type, version, signer, hash and room for the measurement; false: type too long. */
bool alk_tlv_add_boot_record(struct alk_buf *area, const struct alk_build *b, enum alk_hash hash);

/* The info header and the entries; nothing for an empty protected area. */
void alk_tlv_area(struct alk_buf *out, const struct alk_buf *area, uint16_t magic, bool big_endian);

#endif
