/* SPDX-License-Identifier: Apache-2.0 */
/* group_enum.c - which groups there are: the table of commands, read. */
#include "airlock/smp_services.h"
#include "core/smp/app.h"

#define NO_INDEX ALK_SMP_ERR(4, 1)

/* Rows of a group stand together.  return: the first row of the next group */
static const struct alk_smp_cmd *next_group(const struct alk_smp_cmd *cmd)
{
    const uint16_t group = cmd->group;

    while (cmd->run != NULL && cmd->group == group)
        cmd++;
    return cmd;
}

int alk_smp_enum_count(struct alk_smp *s, struct alk_smp_call *c)
{
    const struct alk_smp_cmd *cmd;
    uint32_t n = 0;

    for (cmd = s->cfg->cmds; cmd->run != NULL; cmd = next_group(cmd))
        n++;
    alk_smp_put(c, "count", n);
    return 0;
}

int alk_smp_enum_list(struct alk_smp *s, struct alk_smp_call *c)
{
    const struct alk_smp_cmd *cmd;

    alk_cbor_put_text(&c->out, "groups");
    alk_cbor_open_array(&c->out);
    for (cmd = s->cfg->cmds; cmd->run != NULL; cmd = next_group(cmd))
        alk_cbor_put_uint(&c->out, cmd->group);
    alk_cbor_close(&c->out);
    return 0;
}

int alk_smp_enum_one(struct alk_smp *s, struct alk_smp_call *c)
{
    static const struct alk_smp_key keys[] = {{"index", ALK_SMP_UINT}};
    const struct alk_smp_cmd *cmd = s->cfg->cmds;
    struct alk_cbor_item index;
    int rc = alk_smp_args(&index, c, keys, 1);

    if (rc != 0)
        return rc;
    for (; index.value != 0 && cmd->run != NULL; index.value--)
        cmd = next_group(cmd);
    if (cmd->run == NULL)
        return NO_INDEX;
    alk_smp_put(c, "group", cmd->group);
    if (next_group(cmd)->run == NULL) {
        alk_cbor_put_text(&c->out, "end");
        alk_cbor_put_bool(&c->out, true);
    }
    return 0;
}

static bool asked_for(const struct alk_cbor_item *groups, uint32_t group)
{
    struct alk_cbor list = groups->in;
    struct alk_cbor_item it;

    if (groups->type == ALK_CBOR_NULL)
        return true;
    while (alk_cbor_next(&it, &list) == 1)
        if (it.type == ALK_CBOR_UINT && it.value == group)
            return true;
    return false;
}

static const char *name_of(uint16_t group)
{
    static const struct {
        uint16_t group;
        char name[18];
    } row[] = {
        {ALK_SMP_OS, "os mgmt"},
        {ALK_SMP_IMAGE, "img mgmt"},
        {ALK_SMP_STAT, "stat mgmt"},
        {ALK_SMP_SETTINGS, "settings mgmt"},
        {ALK_SMP_LOG, "log mgmt"},
        {ALK_SMP_FS, "fs mgmt"},
        {ALK_SMP_SHELL, "shell mgmt"},
        {ALK_SMP_ENUM, "enum mgmt"},
        {ALK_SMP_BASIC, "zephyr basic mgmt"},
        {ALK_SMP_AIRLOCK, "airlock"},
    };
    unsigned i;

    for (i = 0; i < sizeof row / sizeof *row; i++)
        if (row[i].group == group)
            return row[i].name;
    return "";
}

/* Highest command number + 1. */
static uint32_t handlers(const struct alk_smp_cmd *cmd)
{
    const uint16_t group = cmd->group;
    uint32_t n = 0;

    for (; cmd->run != NULL && cmd->group == group; cmd++)
        if (cmd->id >= n)
            n = cmd->id + 1u;
    return n;
}

int alk_smp_enum_details(struct alk_smp *s, struct alk_smp_call *c)
{
    static const struct alk_smp_key keys[] = {{"groups", 1u << ALK_CBOR_ARRAY}};
    const struct alk_smp_cmd *cmd;
    struct alk_cbor_item groups;
    int rc = alk_smp_args(&groups, c, keys, 1);

    if (rc != 0)
        return rc;
    alk_cbor_put_text(&c->out, "groups");
    alk_cbor_open_array(&c->out);
    for (cmd = s->cfg->cmds; cmd->run != NULL; cmd = next_group(cmd)) {
        if (!asked_for(&groups, cmd->group))
            continue;
        alk_cbor_open_map(&c->out);
        alk_smp_put(c, "group", cmd->group);
        alk_cbor_put_text(&c->out, "name");
        alk_cbor_put_text(&c->out, name_of(cmd->group));
        alk_smp_put(c, "handlers", handlers(cmd));
        alk_cbor_close(&c->out);
    }
    alk_cbor_close(&c->out);
    return 0;
}
