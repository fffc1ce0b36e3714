/* SPDX-License-Identifier: Apache-2.0 */
/* group_shell.c - the commands a program registers, and `help`. */
#include <string.h>

#include "airlock/smp_services.h"
#include "core/smp/app.h"

#define TOO_LONG ALK_SMP_ERR(2, 3)
#define EMPTY    ALK_SMP_ERR(3, 3)

enum { WORDS = 12, TEXT = 400, UNKNOWN = -8 };

void alk_smp_shell_print(struct alk_smp_shell *sh, const char *text)
{
    for (; *text != '\0' && sh->len < sh->cap; text++)
        sh->out[sh->len++] = *text;
}

/* Words of one text, cut at spaces.  return: how many words there are now */
static unsigned split(struct alk_cbor_item *word, unsigned n, const struct alk_cbor_item *text)
{
    uint32_t i, from = 0;

    for (i = 0; i <= text->len && n <= WORDS; i++) {
        if (i != text->len && text->data[i] != ' ')
            continue;
        if (i != from) {
            if (n < WORDS)
                word[n] = (struct alk_cbor_item){
                    .type = ALK_CBOR_TEXT, .data = text->data + from, .len = i - from};
            n++;
        }
        from = i + 1;
    }
    return n;
}

static int words(struct alk_cbor_item *word, unsigned *n, const struct alk_cbor_item *argv)
{
    struct alk_cbor list = argv->in;
    struct alk_cbor_item it;
    int r;

    *n = 0;
    if (argv->type == ALK_CBOR_NULL)
        return EMPTY;
    while ((r = alk_cbor_next(&it, &list)) == 1) {
        if (it.type != ALK_CBOR_TEXT)
            return ALK_SMP_RC_INVALID;
        if (*n == 0 && list.p == list.end)
            *n = split(word, 0, &it); /* a whole line as one argument */
        else if ((*n)++ < WORDS)
            word[*n - 1] = it;
        if (*n > WORDS)
            return TOO_LONG;
    }
    return r < 0 ? ALK_SMP_RC_INVALID : *n == 0 ? EMPTY : 0;
}

static uint32_t length(const char *s)
{
    uint32_t n = 0;

    while (s[n] != '\0')
        n++;
    return n;
}

static bool is_word(const struct alk_cbor_item *it, const char *name)
{
    return it->len == length(name) && memcmp(it->data, name, it->len) == 0;
}

static int help(struct alk_smp_shell *sh, const struct alk_smp_shell_cmd *cmd)
{
    for (; cmd->name != NULL; cmd++) {
        alk_smp_shell_print(sh, cmd->name);
        alk_smp_shell_print(sh, "  ");
        alk_smp_shell_print(sh, cmd->help);
        alk_smp_shell_print(sh, "\r\n");
    }
    return 0;
}

static int run(struct alk_smp_shell *sh, const struct alk_smp_shell_cmd *cmds)
{
    const struct alk_smp_shell_cmd *cmd = cmds;

    while (cmd->name != NULL && !is_word(&sh->argv[0], cmd->name))
        cmd++;
    if (cmd->name != NULL)
        return cmd->run(sh);
    return is_word(&sh->argv[0], "help") ? help(sh, cmds) : UNKNOWN;
}

int alk_smp_shell_run(struct alk_smp *s, struct alk_smp_call *c)
{
    static const struct alk_smp_key keys[] = {{"argv", 1u << ALK_CBOR_ARRAY}};
    const struct alk_smp_services *v = alk_smp_app_of(s)->services;
    struct alk_cbor_item argv, word[WORDS];
    char text[TEXT];
    struct alk_smp_shell sh = {.argv = word, .out = text, .cap = sizeof text};
    int rc = alk_smp_args(&argv, c, keys, 1), ret;

    if (v == NULL || v->shell == NULL)
        return ALK_SMP_RC_SUPPORT;
    if (rc == 0)
        rc = words(word, &sh.argc, &argv);
    if (rc != 0)
        return rc;
    sh.ctx = v->ctx;
    ret = run(&sh, v->shell);
    alk_cbor_put_text(&c->out, "o");
    alk_cbor_put_string(&c->out, ALK_CBOR_TEXT, text, sh.len);
    alk_cbor_put_text(&c->out, "ret");
    alk_cbor_put_int(&c->out, ret);
    return 0;
}
