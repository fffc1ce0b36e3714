/* SPDX-License-Identifier: Apache-2.0 */
/* doctor_near.c - names: known ones, renamed ones, and those that are nearly right. */
#include <stdlib.h>
#include <string.h>

#include "host/lib/doctor_rule.h"

#define NAME_MAX_LEN 80u

/* Zephyr 3.3 (SDK 2.3) gave MCUmgr's options new names. */
const struct alk_rename alk_renames[] = {
    {"MCUMGR_CMD_IMG_MGMT", "MCUMGR_GRP_IMG"},
    {"MCUMGR_CMD_OS_MGMT", "MCUMGR_GRP_OS"},
    {"MCUMGR_CMD_FS_MGMT", "MCUMGR_GRP_FS"},
    {"MCUMGR_CMD_SHELL_MGMT", "MCUMGR_GRP_SHELL"},
    {"MCUMGR_CMD_STAT_MGMT", "MCUMGR_GRP_STAT"},
    {"MCUMGR_GRP_ZEPHYR_BASIC", "MCUMGR_GRP_ZBASIC"},
    {"MCUMGR_SMP_BT", "MCUMGR_TRANSPORT_BT"},
    {"MCUMGR_SMP_BT_AUTHEN", "MCUMGR_TRANSPORT_BT_AUTHEN"},
    {"MCUMGR_SMP_UART", "MCUMGR_TRANSPORT_UART"},
    {"MCUMGR_SMP_UDP", "MCUMGR_TRANSPORT_UDP"},
    {"MCUMGR_SMP_SHELL", "MCUMGR_TRANSPORT_SHELL"},
    {"MCUMGR_SMP_DUMMY", "MCUMGR_TRANSPORT_DUMMY"},
    {"MCUMGR_SMP_REASSEMBLY_BT", "MCUMGR_TRANSPORT_BT_REASSEMBLY"},
    {"MCUMGR_BUF_COUNT", "MCUMGR_TRANSPORT_NETBUF_COUNT"},
    {"MCUMGR_BUF_SIZE", "MCUMGR_TRANSPORT_NETBUF_SIZE"},
    {"MCUMGR_BUF_USER_DATA_SIZE", "MCUMGR_TRANSPORT_NETBUF_USER_DATA_SIZE"},
    {"MCUMGR_SMP_WORKQUEUE_STACK_SIZE", "MCUMGR_TRANSPORT_WORKQUEUE_STACK_SIZE"},
    {"MCUMGR_SMP_WORKQUEUE_THREAD_PRIO", "MCUMGR_TRANSPORT_WORKQUEUE_THREAD_PRIO"},
    {"OS_MGMT_MCUMGR_PARAMS", "MCUMGR_GRP_OS_MCUMGR_PARAMS"},
    {NULL, NULL},
};

const struct alk_symbol *alk_symbol_named(const char *name, unsigned where)
{
    for (const struct alk_symbol *s = alk_symbols; s->name != NULL; s++) {
        int order = strcmp(s->name, name);

        if (order >= 0) {
            return order == 0 && (s->where & where) != 0 ? s : NULL;
        }
    }
    return NULL;
}

/* Edits (insert, delete, replace) that make one of the other, at most max; max + 1: more. */
static unsigned distance(const char *a, const char *b, unsigned max)
{
    unsigned row[NAME_MAX_LEN + 1];
    size_t la = strlen(a), lb = strlen(b);

    if (la > NAME_MAX_LEN || lb > NAME_MAX_LEN || la > lb + max || lb > la + max) {
        return max + 1;
    }
    for (unsigned j = 0; j <= lb; j++) {
        row[j] = j;
    }
    for (unsigned i = 1; i <= la; i++) {
        unsigned corner = row[0];

        row[0] = i;
        for (unsigned j = 1; j <= lb; j++) {
            unsigned best = corner + (a[i - 1] != b[j - 1]);

            best = row[j] + 1 < best ? row[j] + 1 : best;
            best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
            corner = row[j];
            row[j] = best;
        }
    }
    return row[lb];
}

/* Only names of our families: of others we do not know which exist. */
static bool ours(const char *name)
{
    static const char *const families[] = {
        "BOOT_SIG", "BOOT_ENC", "BOOT_SWAP", "BOOT_UPG", "BOOT_DIR", "BOOT_VAL", "BOOT_MAX", "BOOT_SER",
        "BOOTLOAD", "MCUBOOT_", "SECURE_B",  "SINGLE_A", "UPDATEAB", "MCUMGR_T", "PARTITIO", "PM_EXTER",
        "NETCORE_", "DFU_ZIP",  "MCU_BOOT",  "MCUBOT_",  "SB_SIGNI", "SB_PUBLI", "BOOT_IMG"};

    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++) {
        if (strncmp(name, families[i], strlen(families[i])) == 0) {
            return true;
        }
    }
    return false;
}

/* Words that stand one for the other in names people remember. */
static bool same_words(const char *a, const char *b)
{
    char x[NAME_MAX_LEN + 1] = "", y[NAME_MAX_LEN + 1] = "";
    const char *const names[2] = {a, b};
    char *const out[2] = {x, y};

    for (int k = 0; k < 2; k++) {
        size_t n = 0;

        for (const char *p = names[k]; *p != 0 && n < NAME_MAX_LEN; p++) {
            if (*p != '_') {
                out[k][n++] = *p;
            }
        }
    }
    return strcmp(x, y) == 0;
}

const char *alk_symbol_near(const char *name, bool sb)
{
    size_t len = strlen(name);
    unsigned max = len < 12 ? 1 : 2, best = max + 1;
    const char *near = NULL;

    if (!ours(name)) {
        return NULL;
    }
    for (const struct alk_symbol *s = alk_symbols; s->name != NULL; s++) {
        unsigned d;

        if (((s->where & ALK_IN_SB) != 0) != sb &&
            (s->where & (sb ? ALK_IN_SB : ALK_IN_APP | ALK_IN_BOOT)) == 0) {
            continue;
        }
        d = same_words(name, s->name) ? 0 : distance(name, s->name, max);
        if (d < best) {
            best = d;
            near = s->name;
        }
    }
    return near;
}
