/* SPDX-License-Identifier: Apache-2.0 */
/* session.h - a smallest SMP client for the boot program's recovery, over the emulated UART. */
#ifndef AIRLOCK_TESTS_EMU_SESSION_H
#define AIRLOCK_TESTS_EMU_SESSION_H

#include "tests/emu/rig.h"

/*
 * Upload an image to a board that waits in recovery, chunk by chunk.
 *
 * return: 0 - every byte acknowledged; the answer's rc; or -1 - no answer
 */
int alk_session_upload(struct alk_rig *r, const uint8_t *image, size_t len);

/* Ask for a reset. return: how the boot after it ended */
enum alk_emu_end alk_session_reset(struct alk_rig *r);

#endif
