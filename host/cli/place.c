/* SPDX-License-Identifier: Apache-2.0 */
/* place.c - a signed image in a factory file, where the device would have it. */
#include "airlock/chain.h"
#include "airlock/imgfile.h"
#include "airlock/text.h"
#include "host/cli/provision.h"

struct place {
    uint32_t addr, room;
    uint32_t hdr_size; /* 0: any */
    const char *name;
};

static bool find_place(struct place *p, const struct alk_image *img, const struct alk_board *b)
{
    bool fixed = (img->flags & ALK_IMAGE_ROM_FIXED) != 0;

    for (unsigned i = 0; fixed && b->stage_size != 0 && i < 2; i++) {
        if (img->load_addr == b->stage_addr[i]) {
            *p = (struct place){b->stage_addr[i], b->stage_size - ALK_STAGE_MARKS * b->unit,
                                b->stage_hdr_size, i == 0 ? "slot s0" : "slot s1"};
            return true;
        }
    }
    *p = (struct place){b->primary_addr, alk_board_capacity(b), b->hdr_size, "the primary"};
    return !fixed || img->load_addr == b->primary_addr;
}

static int fits(const struct cli *c, struct place *p, const struct alk_imgfile *f, const struct alk_board *b,
                const char *path)
{
    if (!find_place(p, &f->img, b)) {
        return cli_fail(c, CLI_NO, path, "sign it with --rom-fixed and the address of a slot of this board",
                        "is for address 0x%x, where %s has no slot", f->img.load_addr, b->name);
    }
    if (f->img.end > p->room) {
        return cli_fail(c, CLI_NO, path, NULL, "%u bytes do not fit %s, which takes %u", f->img.end, p->name,
                        p->room);
    }
    if (p->hdr_size != 0 && f->img.hdr_size != p->hdr_size) {
        return cli_fail(c, CLI_NO, path, "sign it with --header-size",
                        "its header of %u bytes must be one of %u", f->img.hdr_size, p->hdr_size);
    }
    return CLI_YES;
}

int cli_place_image(const struct cli *c, struct alk_hex *h, const struct alk_board *b, const char *path,
                    const struct cli_keys *verify, const struct cli_keys *decrypt)
{
    struct alk_judge with = {verify->key, verify->n, decrypt->key, decrypt->n};
    struct alk_judgement j = {.verdict = ALK_OK};
    struct alk_imgfile f;
    struct alk_why why;
    struct place p = {0};
    int status, e = alk_imgfile_load(&f, path, &why);

    if (e != ALK_OK) {
        return cli_refuse(c, e, path, &why);
    }
    e = alk_judge_image(&j, &f, &with, &why);
    status = e == ALK_OK ? fits(c, &p, &f, b, path) : cli_refuse(c, e, path, &why);
    if (status == CLI_YES) {
        if (j.encrypted) {
            alk_imgfile_decrypt(&f, &j);
        }
        if (alk_hex_add(h, p.addr, f.data.data, f.img.end) != ALK_OK) {
            status = cli_fail(c, CLI_NO, path, NULL, "something lies in %s already", p.name);
        }
    }
    if (status == CLI_YES) {
        cli_say(c, "%s: into %s", path, p.name);
    }
    alk_wipe(&j, sizeof j);
    alk_imgfile_free(&f);
    return status;
}
