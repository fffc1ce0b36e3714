/* SPDX-License-Identifier: Apache-2.0 */
#include "core/smp/note.h"

#include <string.h>

#include "core/bytes.h"
#include "core/crc.h"
#include "core/smp/image.h"

#define MAGIC 0x554b4c41u /* "ALKU" */

enum { AT_MAGIC = 0, AT_LEN = 4, AT_SHA = 8, AT_IMAGE = 40, AT_CRC = 44, SIZE = 48, ROOM = 64 };

struct place {
    uint32_t record, end; /* offsets in the slot: of the record, of the void unit */
    unsigned order;       /* sectors a mark, as a power of two */
};

/* return: is there room for a note beside a file of len bytes? */
static bool find_place(struct place *p, const struct alk_flash *f, uint32_t len)
{
    uint32_t size = alk_flash_size(f), least = alk_align_up(len, f->unit), sectors, room;

    if (f->sectors < 2 || len == 0 || len > size)
        return false;
    if (least < size - f->sector_size)
        least = size - f->sector_size;
    room = alk_mailbox_size(f) + alk_align_up(SIZE, f->unit) + f->unit;
    if (room > size - least)
        return false;
    p->end = size - room;
    p->record = p->end + f->unit;
    room = alk_shift(p->end - least, f->unit);
    sectors = alk_shift(len - 1u, f->sector_size);
    for (p->order = 0; sectors >> p->order >= room && p->order < 16; p->order++)
        ;
    return p->order < 16;
}

static void clear_unit(const struct alk_flash *f, uint32_t at)
{
    static const uint8_t zeros[ALK_MAX_UNIT];

    (void)alk_flash_prog(f, at, zeros, f->unit); /* the worst: the upload can not be resumed */
}

static bool is_blank(const struct alk_flash *f, uint32_t at)
{
    uint8_t unit[ALK_MAX_UNIT];
    uint32_t i;

    if (alk_flash_read(unit, f, at, f->unit) != ALK_OK)
        return false;
    for (i = 0; i < f->unit && unit[i] == 0xff; i++)
        ;
    return i == f->unit;
}

/* May what the slot holds be the beginning of an upload? */
static bool is_free(const struct alk_smp *s)
{
    struct alk_slots l;

    return alk_slots_look(&l, s->cfg->map) == 0 && !l.fallback && l.secondary.magic == ALK_UNSET;
}

static bool read_record(uint8_t r[SIZE], struct place *p, const struct alk_flash *f)
{
    return find_place(p, f, 1) && alk_flash_read(r, f, p->record, SIZE) == ALK_OK &&
           alk_get32(r + AT_MAGIC) == MAGIC && alk_crc32(0, r, AT_CRC) == alk_get32(r + AT_CRC) &&
           is_blank(f, p->end) && find_place(p, f, alk_get32(r + AT_LEN));
}

void alk_note_restore(struct alk_smp *s, const uint8_t sha[32])
{
    const struct alk_flash *f = s->target;
    struct alk_smp_upload *u = &s->upload;
    struct place p;
    uint8_t r[SIZE];
    uint32_t len, off, mark;

    if (!read_record(r, &p, f) || memcmp(r + AT_SHA, sha, sizeof u->sha) != 0 || !is_free(s))
        return;
    len = alk_get32(r + AT_LEN);
    mark = p.end;
    for (off = 0; off < len && !is_blank(f, mark - f->unit); mark -= f->unit)
        off += f->sector_size << p.order;
    if (off == 0 || off >= len)
        return;
    memset(u, 0, sizeof *u);
    u->off = off;
    u->len = len;
    u->sha_len = sizeof u->sha;
    memcpy(u->sha, sha, sizeof u->sha);
}

void alk_note_begin(const struct alk_smp *s)
{
    const struct alk_flash *f = s->target;
    struct place p;
    uint8_t r[ROOM];

    if (!find_place(&p, f, s->upload.len))
        return;
    memset(r, 0xff, sizeof r);
    alk_put32(r + AT_MAGIC, MAGIC);
    alk_put32(r + AT_LEN, s->upload.len);
    memcpy(r + AT_SHA, s->upload.sha, sizeof s->upload.sha);
    alk_put32(r + AT_IMAGE, 0);
    alk_put32(r + AT_CRC, alk_crc32(0, r, AT_CRC));
    (void)alk_flash_prog(f, p.record, r, alk_align_up(SIZE, f->unit));
}

void alk_note_progress(const struct alk_smp *s, uint32_t before)
{
    const struct alk_flash *f = s->target;
    struct place p;
    uint32_t i, to;

    if (!find_place(&p, f, s->upload.len))
        return;
    to = alk_shift(s->upload.off, f->sector_size) >> p.order;
    for (i = alk_shift(before, f->sector_size) >> p.order; i < to; i++)
        clear_unit(f, p.end - (i + 1u) * f->unit);
}

void alk_note_end(const struct alk_smp *s, uint32_t len)
{
    struct place p;

    if (find_place(&p, s->target, len))
        clear_unit(s->target, p.end);
}
