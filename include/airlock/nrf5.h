/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nrf5.h - update packages of the older nRF5 SDK (secure DFU): the way from
 * a device that has that bootloader to one that has ours.
 *
 *   manifest.json  {"manifest": {"bootloader": {"bin_file": ..., "dat_file": ...}}}
 *   .dat           protobuf: init command, and ECDSA P-256 over its bytes
 *   .bin           the firmware, whose SHA-256 the init command holds
 *
 * In the .dat hash, r and s are little-endian; here all are big-endian.
 */
#ifndef AIRLOCK_NRF5_H
#define AIRLOCK_NRF5_H

#include "airlock/key.h"

#define ALK_NRF5_SD_REQS 8

enum alk_nrf5_type { ALK_NRF5_APPLICATION, ALK_NRF5_SOFTDEVICE, ALK_NRF5_BOOTLOADER };

struct alk_nrf5 {
    uint32_t type; /* alk_nrf5_type */
    uint32_t fw_version, hw_version;
    uint32_t sd_req[ALK_NRF5_SD_REQS];
    size_t n_sd_req;
    uint32_t size; /* of the firmware */
    bool is_debug;
    uint8_t hash[32];
    uint8_t signature[64]; /* r || s */
    bool is_signed;
    struct alk_buf command; /* the bytes that are signed */
    struct alk_buf firmware;
};

/* Append a package; in: p - all but hash, size, command and signature, which are made with key (P-256). */
int alk_nrf5_format(struct alk_buf *zip, struct alk_nrf5 *p, const struct alk_hostkey *key, long long time,
                    struct alk_why *why);

/*
 * Read a package.
 *
 * return: ALK_OK; ALK_E_FORMAT; ALK_E_AUTH (the hash is not the firmware's)
 */
int alk_nrf5_parse(struct alk_nrf5 *p, const uint8_t *data, size_t len, struct alk_why *why);

/* return: ALK_OK, or ALK_E_AUTH for everything else */
int alk_nrf5_check(const struct alk_nrf5 *p, const struct alk_hostkey *key);

void alk_nrf5_free(struct alk_nrf5 *p);

#endif
