/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image.h - reading an MCUboot image where it lies in flash.
 *
 *   at                                                        at + end
 *   | header | .. hdr_size | payload, img_size | protected TLVs | TLVs |
 *   0        32            |                   |                |
 *                      hdr_size          tlv_off    tlv_off + prot_size
 *
 * Everything is little-endian.  Offsets count from the start of the image,
 * which need not be the start of the slot (swap-offset images lie one sector
 * in).  On the host the "flash" is a file in memory: the same code answers.
 *
 * (I1) After open(), header, payload and both TLV areas lie inside
 *      [0, limit), hdr_size >= 32, and no sum has wrapped.
 * (I2) A protected area is there exactly if prot_size != 0, and its own
 *      length field equals prot_size.
 * (I3) next() yields entries that lie whole inside their area; an area that
 *      does not end exactly after an entry is ALK_E_FORMAT.
 */
#ifndef AIRLOCK_IMAGE_H
#define AIRLOCK_IMAGE_H

#include <stdbool.h>

#include "airlock/flash.h"

#define ALK_IMAGE_MAGIC    0x96f3b83du
#define ALK_IMAGE_HDR_SIZE 32u
#define ALK_TLV_MAGIC      0x6907u
#define ALK_TLV_PROT_MAGIC 0x6908u

enum alk_image_flag {
    ALK_IMAGE_ENC_AES128 = 0x0004,
    ALK_IMAGE_ENC_AES256 = 0x0008,
    ALK_IMAGE_NON_BOOTABLE = 0x0010,
    ALK_IMAGE_RAM_LOAD = 0x0020,
    ALK_IMAGE_ROM_FIXED = 0x0100,
    ALK_IMAGE_LZMA1 = 0x0200,
    ALK_IMAGE_LZMA2 = 0x0400,
    ALK_IMAGE_ARM_THUMB = 0x0800,
    ALK_IMAGE_ENCRYPTED = ALK_IMAGE_ENC_AES128 | ALK_IMAGE_ENC_AES256,
    ALK_IMAGE_COMPRESSED = ALK_IMAGE_LZMA1 | ALK_IMAGE_LZMA2,
};

enum alk_tlv_type {
    ALK_TLV_KEYHASH = 0x01,
    ALK_TLV_PUBKEY = 0x02,
    ALK_TLV_SHA256 = 0x10,
    ALK_TLV_SHA384 = 0x11,
    ALK_TLV_SHA512 = 0x12,
    ALK_TLV_RSA2048 = 0x20,
    ALK_TLV_ECDSA224 = 0x21, /* withdrawn, still on the allow list */
    ALK_TLV_ECDSA = 0x22,    /* DER; P-256 or P-384 by the key */
    ALK_TLV_RSA3072 = 0x23,
    ALK_TLV_ED25519 = 0x24,
    ALK_TLV_SIG_PURE = 0x25,
    ALK_TLV_ENC_RSA2048 = 0x30,
    ALK_TLV_ENC_KW = 0x31,
    ALK_TLV_ENC_EC256 = 0x32,
    ALK_TLV_ENC_X25519 = 0x33,
    ALK_TLV_ENC_X25519_512 = 0x34,
    ALK_TLV_DEPENDENCY = 0x40,
    ALK_TLV_SEC_CNT = 0x50,
    ALK_TLV_BOOT_RECORD = 0x60,
    ALK_TLV_DECOMP_SIZE = 0x70,
    ALK_TLV_DECOMP_SHA = 0x71,
    ALK_TLV_DECOMP_SIG = 0x72,
    ALK_TLV_COMP_DEC_SIZE = 0x73,
    ALK_TLV_UUID_VID = 0x74,
    ALK_TLV_UUID_CID = 0x75,
};

struct alk_version {
    uint8_t major, minor;
    uint16_t revision;
    uint32_t build;
};
struct alk_image {
    /* The header as it is read: every field at its place, little-endian. */
    uint32_t magic;
    uint32_t load_addr;
    uint16_t hdr_size;
    uint16_t prot_size; /* whole protected TLV area, 0 = none */
    uint32_t img_size;  /* payload only */
    uint32_t flags;     /* alk_image_flag */
    struct alk_version version;
    uint32_t reserved;
    const struct alk_flash *area;
    uint32_t at;      /* start of the image within the area */
    uint32_t tlv_off; /* hdr_size + img_size */
    uint32_t end;     /* length of the whole image, both TLV areas included */
};

_Static_assert(offsetof(struct alk_image, area) == ALK_IMAGE_HDR_SIZE, "the header, without gaps");

/*
 * Take the fields of a header, wherever it came from.  limit: bytes the image may take
 *
 * out:    img - all but area and at; end is limit
 * return: ALK_OK, ALK_E_FORMAT (no image) or ALK_E_SIZE (passes limit)
 */
int alk_image_parse(struct alk_image *img, const uint8_t header[ALK_IMAGE_HDR_SIZE], uint32_t limit);
/* One TLV entry; a zeroed struct stands before the first. */
struct alk_tlv {
    uint32_t off; /* of the value, from the start of the image */
    uint16_t type;
    uint16_t len;
    bool prot; /* lies in the protected (hashed and signed) area */
};

/*
 * Read the header at `at` and find both TLV areas.
 *
 * in:     limit - bytes the image may take from `at`; at + limit <= area size
 * out:    img, complete only on ALK_OK
 * return: ALK_OK, ALK_E_FORMAT (no image, or one that breaks I1, I2),
 *         ALK_E_SIZE (a header, but the image passes limit) or ALK_E_FLASH
 */
int alk_image_open(struct alk_image *img, const struct alk_flash *area, uint32_t at, uint32_t limit);

/*
 * Step to the next TLV entry.
 *
 * in:     t - all zero before the first call, then as left by the last one
 * return: 1 - t is the next entry; 0 - there are no more;
 *         ALK_E_FORMAT or ALK_E_FLASH
 */
int alk_tlv_next(struct alk_tlv *t, const struct alk_image *img);

/* Find the first entry of a type after t (t all zero: from the start).  return: as alk_tlv_next() */
int alk_tlv_find(struct alk_tlv *t, const struct alk_image *img, uint16_t type);

/* Read len bytes at off of the image; ALK_E_RANGE past its end. */
int alk_image_read(void *buf, const struct alk_image *img, uint32_t off, size_t len);
/* Read the value of t, which must be exactly len bytes long (else ALK_E_FORMAT). */
int alk_tlv_read(void *buf, const struct alk_image *img, const struct alk_tlv *t, size_t len);

enum alk_tlv_area { ALK_TLV_PLAIN = 1, ALK_TLV_SIGNED = 2 };
/*
 * Find the first entry of a type and read the first len bytes of its value.
 *
 * return: alk_tlv_area; 0 - there is none; ALK_E_FORMAT (also: shorter than len) or ALK_E_FLASH
 */
int alk_tlv_get(void *buf, const struct alk_image *img, uint16_t type, size_t len);

/* <0, 0, >0 as a is older than, equal to, newer than b; the build number counts. */
int alk_version_compare(const struct alk_version *a, const struct alk_version *b);

#endif
