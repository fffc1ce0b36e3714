/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libFuzzer target: any bytes as a file given to the tool.
 *
 * The first byte chooses the reader: Intel HEX, ELF, key, image, bootloader, zips.
 * Claims: nothing is read past the end or leaked; HEX that parses means the
 * same after a round trip; the core and OpenSSL never disagree about an image
 * (else alk_judge_image() says ALK_E_BUG).
 */
#include <stdlib.h>
#include <string.h>

#include "airlock/checklist.h"
#include "airlock/compress.h"
#include "airlock/dfuzip.h"
#include "airlock/rework.h"
#include "airlock/mcuboot_keys.h"
#include "airlock/nrf5.h"

static struct alk_hostkey verify[2], decrypt[1];
static struct alk_imgfile good;

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    struct alk_why why;

    (void)argc, (void)argv;
    if (alk_key_load(&verify[0], ALK_VECTORS "/keys/sign-ecdsa-p256.pub.pem", NULL, &why) != ALK_OK ||
        alk_key_load(&verify[1], ALK_VECTORS "/keys/sign-ed25519.pub.pem", NULL, &why) != ALK_OK ||
        alk_key_load(&decrypt[0], ALK_VECTORS "/keys/enc-ecdsa-p256.pem", NULL, &why) != ALK_OK ||
        alk_imgfile_load(&good, ALK_VECTORS "/img/all_protected.bin", &why) != ALK_OK) {
        abort();
    }
    return 0;
}

static void try_hex(const uint8_t *data, size_t size)
{
    struct alk_hex h = {0}, again = {0};
    struct alk_buf text = {0}, second = {0};
    struct alk_why why;

    if (alk_hex_parse(&h, data, size, &why) == ALK_OK) {
        alk_hex_format(&text, &h);
        if (alk_hex_parse(&again, text.data, text.len, &why) != ALK_OK) {
            abort();
        }
        alk_hex_format(&second, &again);
        if (second.len != text.len || memcmp(second.data, text.data, text.len) != 0) {
            abort();
        }
    }
    alk_hex_free(&h);
    alk_hex_free(&again);
    alk_buf_free(&text);
    alk_buf_free(&second);
}

static void try_elf(const uint8_t *data, size_t size)
{
    struct alk_hex h = {0};
    struct alk_why why;

    alk_elf_parse(&h, data, size, &why);
    alk_hex_free(&h);
}

static void try_key(const uint8_t *data, size_t size)
{
    struct alk_hostkey key;
    struct alk_buf out = {0};
    struct alk_why why;

    if (alk_key_parse(&key, data, size, NULL, &why) == ALK_OK) {
        alk_key_sample(&key);
        alk_key_put_public(&out, &key, ALK_FORM_PEM);
        alk_key_put_minimal(&out, &key, false);
        alk_key_free(&key);
    }
    alk_buf_free(&out);
}

static bool keep_all(void *ctx, const struct alk_tlv *t)
{
    (void)ctx, (void)t;
    return true;
}

static void try_image(const uint8_t *data, size_t size)
{
    struct alk_buf bytes = {0}, out = {0};
    struct alk_imgfile f;
    struct alk_judgement j;
    struct alk_why why;

    alk_buf_put(&bytes, data, size);
    if (alk_imgfile_take(&f, &bytes, &why) != ALK_OK) {
        return;
    }
    alk_judge_image(&j, &f, &(struct alk_judge){verify, 2, decrypt, 1}, &why);
    if (j.verdict == ALK_E_BUG) {
        abort();
    }
    alk_image_filter(&out, &f, keep_all, NULL, &why);
    out.len = 0;
    if (f.img.img_size > 0) {
        alk_decompress(&out, f.data.data + f.img.hdr_size, f.img.img_size, true, 1 << 20, &why);
    }
    alk_imgfile_decrypt(&f, &j);
    alk_imgfile_free(&f);
    alk_buf_free(&out);
}

static void try_bootloader(const uint8_t *data, size_t size)
{
    struct alk_hex h = {0};
    struct alk_board board;
    struct alk_checklist list;
    struct alk_found_keys found;
    struct alk_why why;

    alk_hex_add(&h, 0, data, size);
    alk_keys_search(&found, &h);
    alk_found_keys_free(&found);
    if (alk_board_find(&board, &h, &why) == ALK_OK) {
        alk_checklist_make(&list, &(struct alk_question){&good, &h, &board, NULL});
    }
    alk_hex_free(&h);
}

static void try_zip(const uint8_t *data, size_t size)
{
    struct alk_dfu z;
    struct alk_buf out = {0};
    struct alk_why why;

    if (alk_dfu_parse(&z, data, size, &why) == ALK_OK) {
        alk_dfu_format(&out, &z, &why);
        alk_dfu_free(&z);
        alk_buf_free(&out);
    }
}

static void try_nrf5(const uint8_t *data, size_t size)
{
    struct alk_nrf5 p;
    struct alk_why why;

    if (alk_nrf5_parse(&p, data, size, &why) == ALK_OK) {
        alk_nrf5_check(&p, &verify[0]);
        alk_nrf5_free(&p);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const readers[])(const uint8_t *, size_t) = {try_hex,        try_elf, try_key, try_image,
                                                               try_bootloader, try_zip, try_nrf5};

    if (size > 0) {
        readers[data[0] % 7](data + 1, size - 1);
    }
    return 0;
}
