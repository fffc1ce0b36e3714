/* SPDX-License-Identifier: Apache-2.0 */
#include "host/cli/progress.h"

#include "airlock/client.h"

#include <stdio.h>
#include <unistd.h>

#include <jansson.h>

enum { WIDTH = 32, EVERY_MS = 100, RATE_MS = 200 };

void cli_progress_begin(struct cli_progress *p, const struct cli *c)
{
    *p = (struct cli_progress){.c = c, .first = UINT32_MAX};
    p->bar = isatty(STDERR_FILENO) && !cli_json(c) && !cli_has(c, "quiet");
}

struct figures {
    unsigned percent;
    double rate;   /* bytes a second */
    unsigned left; /* seconds */
};

static struct figures figure(const struct cli_progress *p, uint32_t off, uint32_t len, uint64_t now)
{
    uint64_t ms = now - p->began_ms;
    struct figures f = {.percent = len == 0 ? 100 : (unsigned)((uint64_t)off * 100u / len)};

    if (ms >= RATE_MS && off > p->first)
        f.rate = (off - p->first) * 1000.0 / (double)ms;
    if (f.rate > 0)
        f.left = (unsigned)((len - off) / f.rate + 0.5);
    return f;
}

static void draw(struct cli_progress *p, const struct figures *f, uint32_t off, uint32_t len)
{
    char bar[WIDTH + 1];
    unsigned full = len == 0 ? WIDTH : (unsigned)((uint64_t)off * WIDTH / len);

    for (unsigned i = 0; i < WIDTH; i++)
        bar[i] = i < full ? '#' : '.';
    bar[WIDTH] = '\0';
    fprintf(stderr, "\r  [%s%s%s] %3u %%  %6.1f kB/s  %u:%02u left ", cli_color(p->c) ? "\033[32m" : "", bar,
            cli_color(p->c) ? "\033[0m" : "", f->percent, f->rate / 1000, f->left / 60, f->left % 60);
    fflush(stderr);
    p->open = true;
}

static void print_json(const struct figures *f, uint32_t off, uint32_t len)
{
    json_t *o = json_pack("{s:s, s:I, s:I, s:I}", "event", "progress", "off", (json_int_t)off, "len",
                          (json_int_t)len, "bytes_per_s", (json_int_t)f->rate);

    json_dumpf(o, stdout, JSON_COMPACT);
    putchar('\n');
    fflush(stdout);
    json_decref(o);
}

static void say_tenth(struct cli_progress *p, const struct figures *f, uint32_t off, uint32_t len)
{
    if (f->percent / 10 <= p->tenth && off != len)
        return;
    p->tenth = f->percent / 10;
    if (cli_json(p->c))
        print_json(f, off, len);
    else if (f->rate > 0)
        cli_say(p->c, "  %3u %%  %.1f kB/s", f->percent, f->rate / 1000);
    else
        cli_say(p->c, "  %3u %%", f->percent);
}

void cli_progress_show(struct cli_progress *p, uint32_t off, uint32_t len)
{
    uint64_t now = alk_loop_now_ms();
    struct figures f;

    if (p->first == UINT32_MAX) {
        p->first = off;
        p->began_ms = now;
        p->shown_ms = 0;
    }
    f = figure(p, off, len, now);
    if (!p->bar)
        say_tenth(p, &f, off, len);
    else if (now - p->shown_ms >= EVERY_MS || off == len)
        draw(p, &f, off, len);
    if (now - p->shown_ms >= EVERY_MS)
        p->shown_ms = now;
}

void cli_progress_end(struct cli_progress *p)
{
    if (p->open)
        fputc('\n', stderr);
    p->open = false;
}
