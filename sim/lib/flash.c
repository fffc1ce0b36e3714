/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/lib/sim.h"

#include <string.h>

static const uint8_t some_bits = 0x24;

bool alk_sim_can(const struct alk_sim_op *op, enum alk_sim_how how)
{
    return op->data == NULL || how < ALK_SIM_LOWER;
}

static void leave_erase(uint8_t *v, uint8_t *a, const struct alk_sim_op *op, enum alk_sim_how how)
{
    uint32_t from = how == ALK_SIM_UPPER ? op->len / 2 : how == ALK_SIM_TOP ? op->len - 16 : 0;
    uint32_t to = how == ALK_SIM_LOWER ? op->len / 2 : op->len;

    for (uint32_t i = from; i < to; i++) {
        a[op->at + i] = how == ALK_SIM_PART ? (uint8_t)(0x5a + 7 * i) : 0xff;
        if (how != ALK_SIM_UNSTABLE)
            v[op->at + i] = a[op->at + i];
    }
}

static void leave_prog(uint8_t *v, uint8_t *a, const struct alk_sim_op *op, enum alk_sim_how how)
{
    for (uint32_t i = 0; i < op->len; i++) {
        uint8_t p = how == ALK_SIM_PART ? op->data[i] | some_bits : op->data[i];

        v[op->at + i] &= p;
        if (how != ALK_SIM_UNSTABLE)
            a[op->at + i] &= p;
    }
}

void alk_sim_leave(uint8_t *v, uint8_t *a, const struct alk_sim_op *op, enum alk_sim_how how)
{
    if (op->data == NULL)
        leave_erase(v, a, op, how);
    else
        leave_prog(v, a, op, how);
}

static void run(struct alk_sim *s, const struct alk_sim_op *op)
{
    if (s->event != NULL)
        s->event(s, op);
    alk_sim_leave(s->v, s->a, op, ALK_SIM_DONE);
    for (uint32_t i = 0; i < op->len; i++)
        s->r[op->at + i] = op->data == NULL ? 0xff : s->r[op->at + i] & op->data[i];
}

static int sim_read(void *dev, uint32_t at, void *buf, size_t len)
{
    struct alk_sim *s = dev;

    if (at > s->size || len > s->size - at || (at < s->dead_to && at + len > s->dead_from))
        return ALK_E_FLASH;
    memcpy(buf, s->r + at, len);
    s->bytes_read += len;
    return ALK_OK;
}

static int sim_prog(void *dev, uint32_t at, const void *buf, size_t len)
{
    struct alk_sim *s = dev;
    const uint8_t *p = buf;

    if (at > s->size || len > s->size - at || (at | len) % s->unit != 0) {
        s->broken(s, "write outside the flash or its units");
        return ALK_E_FLASH;
    }
    for (size_t i = 0; i < len; i++)
        if ((p[i] & ~s->r[at + i]) != 0)
            s->broken(s, ALK_SIM_ONE_OVER_ZERO);
    for (size_t i = 0; i < len; i += s->unit)
        run(s, &(struct alk_sim_op){p + i, at + (uint32_t)i, s->unit});
    s->bytes_written += len;
    return ALK_OK;
}

static int sim_erase(void *dev, uint32_t at, size_t len)
{
    struct alk_sim *s = dev;

    if (at > s->size || len > s->size - at) {
        s->broken(s, "erase outside the flash");
        return ALK_E_FLASH;
    }
    s->erases++;
    run(s, &(struct alk_sim_op){NULL, at, (uint32_t)len});
    return ALK_OK;
}

const struct alk_flash_ops alk_sim_ops = {sim_read, sim_prog, sim_erase};
