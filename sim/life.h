/* SPDX-License-Identifier: Apache-2.0 */
/*
 * life.h - one small device, what its application may do, what must hold.
 *
 * What must hold, whatever was cut:
 * (L1) every boot ends with a whole image that verifies running from P;
 * (L2) it is the permanent one, or one that was asked for;
 * (L3) an image that ran unconfirmed does not run again and is not kept;
 *      while it runs the permanent one lies whole in S;
 * (L4) an image that was rejected does not run without an upload;
 * (L5) once confirm() has returned, the image stays;
 * (L6) what a Zephyr application reads is true: trial, or nothing pending;
 * (L7) left alone, the device comes to boots that write nothing;
 * (L8) no payload lies unencrypted outside P;
 * (L9) no write breaks the rules of flash.h.
 */
#ifndef ALK_LIFE_H
#define ALK_LIFE_H

#include <setjmp.h>

#include "sim/world.h"

struct life {
    struct shape shape;
    struct alk_sim sim;
    struct world now;
    uint8_t reading[WORLD_MAX];
    jmp_buf failed; /* life_fail() goes here */
    const char *why;
    bool flipped;         /* a bit of the flash is wrong */
    void (*moment)(void); /* power may go just now; called between operations of the application */
};

extern struct life life;

_Noreturn void life_fail(const char *rule);

/* Options of every program: n=, roomy=, ... return: false - arg is none of them. */
bool life_option(const char *arg);

/* Make the device the options ask for. */
void life_begin(void (*event)(struct alk_sim *s, const struct alk_sim_op *op), void (*moment)(void));

/* One boot in `reading`, with all checks; return: tag that runs. */
unsigned life_boot(void);

/* alk_boot_settle() alone; return: its result. */
int life_settle(void);

unsigned life_running(void);

/* Left alone (no events): L7. */
void life_rest(void);

/* What the application may do in this state: choices 0 .. ; false - no such choice. */
bool life_choice(unsigned choice, unsigned running);

void life_confirm(unsigned running);
void life_upload(unsigned tag, unsigned place, uint8_t kind);

void life_show(const struct world *w);

#endif
