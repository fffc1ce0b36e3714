/* SPDX-License-Identifier: Apache-2.0 */
/*
 * firmware.S - routines whose effect and length are known by construction.
 * The test starts one by making it the reset vector.  ARMv6-M code only, so
 * that both cores run it.  Each ends in a breakpoint, its answer in r0.
 */
        .syntax unified
        .cpu    cortex-m0
        .thumb

        .equ    NVMC,      0x4001e000
        .equ    READY,     0x400
        .equ    CONFIG,    0x504
        .equ    ERASEPAGE, 0x508
        .equ    UART,      0x40002000
        .equ    TIMER,     0x40008000
        .equ    PAGE,      0x3000

        .section .vectors, "a"
        .word   0x20001000
        .word   count

        .text

        .macro  routine name
        .global \name
        .type   \name, %function
        .thumb_func
\name:
        .endm

/* 3 + 100 * 3 + 1 instructions, counting the breakpoint. */
        routine count
        movs    r0, #100
        movs    r1, #0
        nop
1:      adds    r1, r1, #1
        subs    r0, r0, #1
        bne     1b
        bkpt    0

/* Set NVMC CONFIG to r0. */
config: ldr     r1, =NVMC + CONFIG
        str     r0, [r1]
        bx      lr
        .ltorg

/* Wait until NVMC is ready. */
ready:  ldr     r1, =NVMC + READY
        ldr     r1, [r1]
        cmp     r1, #0
        beq     ready
        bx      lr
        .ltorg

/* Erase the page, write 0xffff0f0f and then 0x0fffffff over it: 0x0fff0f0f remains. */
        routine nor
        movs    r0, #2
        bl      config
        ldr     r1, =NVMC + ERASEPAGE
        ldr     r2, =PAGE
        str     r2, [r1]
        movs    r0, #1
        bl      config
        ldr     r0, =0xffff0f0f
        str     r0, [r2]
        ldr     r0, =0x0fffffff
        str     r0, [r2]
        bl      ready
        ldr     r0, [r2]
        bkpt    0
        .ltorg

/* Write and erase without permission, and a half word with: three misuses, no change. */
        routine rules
        ldr     r2, =PAGE
        movs    r3, #0
        str     r3, [r2]
        movs    r0, #1
        bl      config
        ldr     r1, =NVMC + ERASEPAGE
        str     r2, [r1]
        strh    r3, [r2]
        bl      ready
        ldr     r0, [r2]
        bkpt    0
        .ltorg

/* Echo each byte plus one; waits by WFI, never ends. */
        routine echo
        cpsid   i
        ldr     r4, =UART
        movs    r5, #1
        str     r5, [r4]
        str     r5, [r4, #8]
        ldr     r6, =UART + 0x500
1:      movs    r0, #0x41
        lsls    r0, r0, #2
        adds    r0, r0, #4
        ldr     r1, [r4, r0]
        cmp     r1, #0
        bne     2f
        wfi
        b       1b
2:      movs    r1, #0
        str     r1, [r4, r0]
        ldr     r1, [r6, #0x18]
        adds    r1, r1, #1
        str     r1, [r6, #0x1c]
        b       1b
        .ltorg

/* The same, but polls and never sleeps. */
        routine poll
        ldr     r4, =UART
        movs    r5, #1
        str     r5, [r4]
1:      ldr     r0, =0x108
        ldr     r1, [r4, r0]
        cmp     r1, #0
        beq     1b
        ldr     r2, =UART + 0x500
        ldr     r0, [r2, #0x18]
        bkpt    0
        .ltorg

/* First start: leave words in RAM and GPREGRET, reset.  Second: answer RAM + GPREGRET + RESETREAS. */
        routine reset
        ldr     r4, =0x20000100
        ldr     r5, =0x40000000
        ldr     r6, =0x51c
        ldr     r0, [r5, r6]
        cmp     r0, #0
        bne     1f
        movs    r0, #0x30
        str     r0, [r5, r6]
        ldr     r0, =0x12340000
        str     r0, [r4]
        ldr     r0, =0x05fa0004
        ldr     r1, =0xe000ed0c
        str     r0, [r1]
        b       .
1:      ldr     r1, [r4]
        adds    r0, r0, r1
        movs    r2, #0x40
        lsls    r2, r2, #4
        ldr     r1, [r5, r2]
        adds    r0, r0, r1
        bkpt    0
        .ltorg

/* Sleep until TIMER0 compares 100 us after its start, stopped by its short. */
        routine timer
        cpsid   i
        ldr     r4, =TIMER
        ldr     r0, =0x540
        movs    r1, #100
        str     r1, [r4, r0]
        ldr     r0, =0x510
        movs    r1, #4
        str     r1, [r4, r0]
        ldr     r0, =0x200
        lsls    r1, r1, #6
        str     r1, [r4, r0]
        movs    r1, #1
        str     r1, [r4]
        wfi
        ldr     r0, =0x140
        ldr     r0, [r4, r0]
        bkpt    0
        .ltorg

/* Put 64 bytes on the stack, clear the RAM below 0x20000f00, then jump into the slot at 0x4000. */
        routine leave
        sub     sp, #60
        push    {r0}
        movs    r0, #0
        ldr     r1, =0x20000200
        ldr     r2, =0x20000f00
1:      stmia   r1!, {r0}
        cmp     r1, r2
        bne     1b
        ldr     r0, =0x4001
        bx      r0
        .ltorg

/* Jump into the slot, but not as Thumb code. */
        routine stray
        ldr     r0, =0x4000
        bx      r0
        .ltorg

/* r0 = tapped(20) + 1; tapped doubles, unless the test answers for it. */
        routine tapped
        adds    r0, r0, r0
        bx      lr

        routine calls
        movs    r0, #20
        bl      tapped
        adds    r0, #1
        bkpt    0

        routine undefined
        udf     #1

        routine bus
        ldr     r0, =0x60000000
        ldr     r0, [r0]
        bkpt    0
        .ltorg

        routine forever
        b       .
