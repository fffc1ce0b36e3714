/* SPDX-License-Identifier: Apache-2.0 */
/* A lamp that can do no more than say its name on the micro:bit's console. */
#include <stdint.h>

#define UART(offset) (*(volatile uint32_t *)(0x40002000u + (offset)))
#define STARTTX      0x008u
#define TXDRDY       0x11cu
#define ENABLE       0x500u
#define PSELTXD      0x50cu
#define TXD          0x51cu
#define BAUDRATE     0x524u

static void say(const char *text)
{
    for (; *text != 0; text++) {
        UART(TXDRDY) = 0;
        UART(TXD) = (uint8_t)*text;
        while (UART(TXDRDY) == 0)
            ;
    }
}

static _Noreturn void reset(void)
{
    UART(PSELTXD) = 24;
    UART(BAUDRATE) = 0x01d7e000u;
    UART(ENABLE) = 4;
    UART(STARTTX) = 1;
    say("lamp " VERSION "\r\n");
    for (;;)
        __asm volatile("wfi");
}

__attribute__((section(".vectors"), used)) static void (*const vectors[48])(void) = {
    (void (*)(void))0x20003ff0,
    reset,
};
