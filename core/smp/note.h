/* SPDX-License-Identifier: Apache-2.0 */
/*
 * note.h - an upload session written down, to go on with after a reset.
 *
 *   last sector of the secondary
 *   | .. mark 2 | mark 1 | mark 0 | void | record | mailbox |  <- end of the slot
 *          u        u        u       u    48, whole units
 *
 * Mark i is set (any bit 0) after sectors i * 2^order .. (i + 1) * 2^order - 1
 * are whole in flash; order is the least that makes room for all marks.
 *
 * (N1) Record, void and marks share a sector with the mailbox's magic: with a
 *      request consumed or a slot erased they are gone too.
 * (N2) A mark that reads set is true: it was begun after its sectors were whole.
 * (N3) What a torn erase may leave of an old note is caught by the CRC, and at
 *      the end by the hash of the whole file read back from flash.
 */
#ifndef ALK_CORE_SMP_NOTE_H
#define ALK_CORE_SMP_NOTE_H

#include "airlock/smp.h"

/*
 * Take up the session that flash tells of.
 *
 * in:     sha - of the file that is offered
 * out:    s->upload - as it was at the last mark, or as before
 */
void alk_note_restore(struct alk_smp *s, const uint8_t sha[32]);

/*
 * Write s->upload down, its last sector just erased.
 *
 * cuts:   no note, or this one
 */
void alk_note_begin(const struct alk_smp *s);

/* cuts:   mark for mark */
void alk_note_progress(const struct alk_smp *s, uint32_t before);

/*
 * The session of a file of len bytes has ended.
 *
 * cuts:   the note, or a void one
 */
void alk_note_end(const struct alk_smp *s, uint32_t len);

#endif
