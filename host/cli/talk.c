/* SPDX-License-Identifier: Apache-2.0 */
#include "host/cli/talk.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

/* Bytes: as text where they are one, else as digits. */
static json_t *bytes(const struct alk_cbor_item *it, bool may_be_text)
{
    char *hex = malloc(2u * it->len + 1u);
    json_t *j;
    uint32_t i;

    for (i = 0; i < it->len && may_be_text && isprint(it->data[i]); i++)
        ;
    if (may_be_text && i == it->len) {
        free(hex);
        return json_stringn((const char *)it->data, it->len);
    }
    if (hex == NULL)
        return json_null();
    hex[0] = '\0';
    for (i = 0; i < it->len; i++)
        sprintf(hex + 2u * i, "%02x", it->data[i]);
    j = json_string(hex);
    free(hex);
    return j;
}

static json_t *to_json(const struct alk_cbor_item *it, bool may_be_text);

static json_t *map_to_json(const struct alk_cbor *map)
{
    struct alk_cbor c = *map;
    struct alk_cbor_item key, value;
    json_t *o = json_object();
    char name[128];

    while (alk_cbor_next(&key, &c) == 1 && alk_cbor_next(&value, &c) == 1) {
        snprintf(name, sizeof name, "%.*s", (int)key.len, (const char *)key.data);
        json_object_set_new(o, name, to_json(&value, strcmp(name, "val") == 0 || strcmp(name, "msg") == 0));
    }
    return o;
}

static json_t *array_to_json(const struct alk_cbor *array)
{
    struct alk_cbor c = *array;
    struct alk_cbor_item value;
    json_t *a = json_array();

    while (alk_cbor_next(&value, &c) == 1)
        json_array_append_new(a, to_json(&value, false));
    return a;
}

static json_t *to_json(const struct alk_cbor_item *it, bool may_be_text)
{
    switch (it->type) {
    case ALK_CBOR_UINT:
        return json_integer(it->value);
    case ALK_CBOR_NINT:
        return json_integer(-1 - (json_int_t)it->value);
    case ALK_CBOR_TEXT:
        return json_stringn((const char *)it->data, it->len);
    case ALK_CBOR_BYTES:
        return bytes(it, may_be_text);
    case ALK_CBOR_BOOL:
        return json_boolean(it->value != 0);
    case ALK_CBOR_MAP:
        return map_to_json(&it->in);
    case ALK_CBOR_ARRAY:
        return array_to_json(&it->in);
    default:
        return json_null();
    }
}

/* A line a value, the way to it in front. */
static void print_value(const char *path, json_t *j)
{
    char deeper[256];
    const char *key;
    json_t *value;
    size_t i;

    if (json_is_object(j)) {
        json_object_foreach(j, key, value)
        {
            snprintf(deeper, sizeof deeper, "%s%s%s", path, *path != '\0' ? "." : "", key);
            print_value(deeper, value);
        }
    } else if (json_is_array(j)) {
        json_array_foreach(j, i, value)
        {
            snprintf(deeper, sizeof deeper, "%s[%zu]", path, i);
            print_value(deeper, value);
        }
    } else if (json_is_string(j)) {
        printf("%-16s %s\n", path, json_string_value(j));
    } else {
        printf("%-16s ", path);
        json_dumpf(j, stdout, JSON_ENCODE_ANY);
        putchar('\n');
    }
}

void cli_print_map(const struct cli *c, const struct alk_cbor *map)
{
    json_t *o = map_to_json(map);

    if (cli_json(c)) {
        json_dumpf(o, stdout, JSON_COMPACT);
        putchar('\n');
    } else {
        print_value("", o);
    }
    json_decref(o);
}

int cli_ask(struct alk_smp_reply *r, struct cli_link *l, const struct cli_request *q,
            struct alk_cbor_out *args)
{
    uint8_t *start = args->end - ALK_CLI_ARGS;
    struct alk_smp_request request = {
        .ask = q->op, .group = q->group, .id = q->id, .payload = start, .timeout_ms = 10000, .retries = 2};

    alk_cbor_close(args);
    request.payload_len = (size_t)(args->p - start);
    if (args->full)
        return cli_fail(l->c, CLI_USAGE, NULL, NULL, "that is too long for a request");
    return alk_client_call(r, l->client, &request) == ALK_OK ? CLI_YES : cli_link_refused(l, r);
}

/* return: CLI_YES, or the exit status after a message */
static int put_operand(struct alk_cbor_out *o, const struct cli *c, const char *key, const char *text)
{
    char *end;
    unsigned long n;

    if (*key == '=') {
        alk_cbor_put_text(o, key + 1);
        alk_cbor_put_bytes(o, (const uint8_t *)text, strlen(text));
    } else if (*key == '#') {
        n = strtoul(text, &end, 0);
        if (*text < '0' || *text > '9' || *end != '\0' || n > UINT32_MAX)
            return cli_fail(c, CLI_USAGE, text, NULL, "no number");
        alk_cbor_put_text(o, key + 1);
        alk_cbor_put_uint(o, (uint32_t)n);
    } else {
        alk_cbor_put_text(o, key);
        alk_cbor_put_text(o, text);
    }
    return CLI_YES;
}

int cli_talk(const struct cli *c, const struct cli_request *q)
{
    uint8_t buf[ALK_CLI_ARGS];
    struct alk_cbor_out args = {buf, buf + sizeof buf, false};
    struct alk_smp_reply r = {0};
    struct cli_link l;
    int status = CLI_YES;

    alk_cbor_open_map(&args);
    for (size_t i = 0; i < cli_operands(c) && i < 3 && q->key[i] != NULL && status == CLI_YES; i++)
        status = put_operand(&args, c, q->key[i], cli_operand(c, i));
    if (status == CLI_YES)
        status = cli_link_open(&l, c);
    if (status != CLI_YES)
        return status;
    status = cli_ask(&r, &l, q, &args);
    if (status == CLI_YES)
        cli_print_map(c, &r.map);
    cli_link_close(&l);
    return status;
}
