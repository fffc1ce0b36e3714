/* SPDX-License-Identifier: Apache-2.0 */
/* nrf.h - the registers of nRF51 and nRF52 this family of ports touches. */
#ifndef PORTS_NRF_NRF_H
#define PORTS_NRF_NRF_H

#include <stdint.h>

static inline volatile uint32_t *nrf_reg(uint32_t address)
{
    return (volatile uint32_t *)address;
}
#define REG(address) (*nrf_reg(address))

/* POWER, CLOCK and, on nRF51, the memory protection unit share a page. */
#define CLOCK_HFCLKSTART 0x40000000u
#define POWER_GPREGRET   0x4000051cu
#define MPU_PROTENSET0   0x40000600u /* a bit for each 4 KiB block */

#define UART_STARTRX  0x40002000u
#define UART_STARTTX  0x40002008u
#define UART_RXDRDY   0x40002108u
#define UART_TXDRDY   0x4000211cu
#define UART_INTENSET 0x40002304u
#define UART_INTENCLR 0x40002308u
#define UART_ERRORSRC 0x40002480u
#define UART_ENABLE   0x40002500u
#define UART_PSELTXD  0x4000250cu
#define UART_PSELRXD  0x40002514u
#define UART_RXD      0x40002518u
#define UART_TXD      0x4000251cu
#define UART_BAUDRATE 0x40002524u
#define UART_INT_RX   (1u << 2)

/* Register value of a rate; 0: there is none. */
#define UART_BAUD(rate)                \
    ((rate) == 9600      ? 0x00275000u \
     : (rate) == 19200   ? 0x004ea000u \
     : (rate) == 38400   ? 0x009d5000u \
     : (rate) == 57600   ? 0x00ebf000u \
     : (rate) == 115200  ? 0x01d7e000u \
     : (rate) == 230400  ? 0x03afb000u \
     : (rate) == 460800  ? 0x075f7000u \
     : (rate) == 1000000 ? 0x10000000u \
                         : 0u)

#define TIMER0           0x40008000u
#define TIMER_START      0x000u
#define TIMER_CLEAR      0x00cu
#define TIMER_COMPARE0   0x140u
#define TIMER_SHORTS     0x200u
#define TIMER_INTENSET   0x304u
#define TIMER_BITMODE    0x508u
#define TIMER_PRESCALER  0x510u
#define TIMER_CC0        0x540u
#define TIMER_CLEAR_AT_0 (1u << 0)
#define TIMER_STOP_AT_0  (1u << 8)
#define TIMER_INT_0      (1u << 16)

#define WDT_RUNSTATUS 0x40010400u
#define WDT_RR(n)     (0x40010600u + 4u * (n)) /* eight reload registers */
#define WDT_RELOAD    0x6e524635u

#define NVMC_READY     0x4001e400u
#define NVMC_CONFIG    0x4001e504u
#define NVMC_ERASEPAGE 0x4001e508u

/* nRF52840: access control lists, four words each, write-once. */
#define ACL_ADDRESS(n) (0x4001e800u + 16u * (n))
#define ACL_SIZE(n)    (0x4001e804u + 16u * (n))
#define ACL_PERM(n)    (0x4001e808u + 16u * (n))
#define ACL_NO_WRITE   (1u << 1)
#define ACL_NO_READ    (1u << 2)

#define GPIO0             0x50000000u
#define GPIO_OUTSET       0x508u
#define GPIO_OUTCLR       0x50cu
#define GPIO_IN           0x510u
#define GPIO_DIRSET       0x518u
#define GPIO_CNF(pin)     (0x700u + 4u * (pin))
#define GPIO_INPUT_PULLUP 0xcu

#define NVIC_ISER   0xe000e100u
#define NVIC_ICER   0xe000e180u
#define NVIC_ICPR   0xe000e280u
#define SCB_VTOR    0xe000ed08u
#define SCB_AIRCR   0xe000ed0cu
#define AIRCR_RESET 0x05fa0004u
#define IRQ_UART    2u
#define IRQ_TIMER0  8u

#endif
