/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_upgrade.c - one command from a signed file to a confirmed, running image; `upload` is its first half.
 */
#include "host/cli/link.h"

#include "host/cli/commands.h"
#include "host/cli/progress.h"
#include "host/cli/send.h"

#include <stdio.h>

#include <jansson.h>

struct job {
    const struct cli *c;
    struct cli_progress progress;
    enum alk_upgrade_stage told; /* the last stage talked about */
    bool over;
};

static const struct {
    const char *name, *talk;
    const char *stopped; /* what Ctrl-C leaves, and how to go on */
} stages[] = {
    [ALK_STAGE_ASK] = {"ask", NULL, "nothing has changed on the device"},
    [ALK_STAGE_ERASE] = {"erase", "erasing an image that waits there",
                         "the slot may be half erased: run it again"},
    [ALK_STAGE_UPLOAD] = {"upload", "uploading",
                          "the device keeps what it has: run the same command to go on"},
    [ALK_STAGE_MARK] = {"mark", "asking for the new image",
                        "see `airlock image list`; run it again to go on"},
    [ALK_STAGE_RESET] = {"reset", "resetting", "the device installs the image; see `airlock image list`"},
    [ALK_STAGE_SWAP] = {"swap", "waiting for the swap",
                        "the device installs the image; see `airlock image list`"},
    [ALK_STAGE_TRIAL] =
        {"trial", "the new image runs; waiting for it to confirm itself",
         "the new image is on trial: `airlock image confirm` keeps it, a reset takes it back"},
    [ALK_STAGE_CONFIRM] = {"confirm", "it has not; confirming it", "see `airlock image list`"},
    [ALK_STAGE_DONE] = {"done", NULL, NULL},
};

static void print_event(const char *name)
{
    json_t *o = json_pack("{s:s}", "event", name);

    json_dumpf(o, stdout, JSON_COMPACT);
    putchar('\n');
    fflush(stdout);
    json_decref(o);
}

static void event(void *ctx, const struct alk_upgrade_state *s)
{
    struct job *j = ctx;

    j->over = s->over;
    if (s->stage != j->told) {
        cli_progress_end(&j->progress);
        j->told = s->stage;
        if (cli_json(j->c) && s->stage != ALK_STAGE_DONE)
            print_event(stages[s->stage].name);
        else if (stages[s->stage].talk != NULL)
            cli_say(j->c, "%s", stages[s->stage].talk);
    }
    if (s->stage == ALK_STAGE_UPLOAD && s->off > 0)
        cli_progress_show(&j->progress, s->off, s->len);
}

static bool is_over(void *ctx)
{
    return ((const struct job *)ctx)->over;
}

/* ---- how it ended ---- */

static void version_text(char out[40], const struct alk_version *v)
{
    int n = snprintf(out, 40, "%u.%u.%u", v->major, v->minor, v->revision);

    if (v->build != 0)
        snprintf(out + n, 40 - (size_t)n, "+%u", (unsigned)v->build);
}

static const char *confirmed_by(const struct alk_upgrade_state *s, enum alk_upgrade_mode mode)
{
    if (mode == ALK_UPGRADE_PERMANENT)
        return "request";
    if (mode != ALK_UPGRADE_TEST_AND_CONFIRM)
        return NULL;
    return s->already && !s->by_application ? "earlier" : s->by_application ? "application" : "airlock";
}

static void print_done(const struct alk_upgrade_state *s, const char *version, enum alk_upgrade_mode mode)
{
    json_t *o = json_pack("{s:s, s:s, s:b, s:s*}", "event", "done", "version", version, "already_running",
                          (int)s->already, "confirmed_by", confirmed_by(s, mode));

    json_dumpf(o, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(o);
}

static int tell_done(const struct job *j, const struct alk_upgrade_state *s,
                     const struct alk_update_image *im, enum alk_upgrade_mode mode)
{
    static const char *const ends[] = {
        [ALK_UPGRADE_TEST_AND_CONFIRM] = "runs and is confirmed",
        [ALK_UPGRADE_TEST_ONLY] = "runs on trial: `airlock image confirm` keeps it, a reset takes it back",
        [ALK_UPGRADE_PERMANENT] = "runs, for good",
        [ALK_UPGRADE_UPLOAD_ONLY] = "is on the device; `airlock image test` asks for it",
    };
    char version[40];
    const char *by = s->by_application ? " (by itself)" : "";

    version_text(version, &im->version);
    if (cli_json(j->c))
        print_done(s, version, mode);
    else if (s->already)
        cli_say(j->c, "%s runs already", version);
    else
        cli_say(j->c, "%s %s%s", version, ends[mode], mode == ALK_UPGRADE_TEST_AND_CONFIRM ? by : "");
    return CLI_YES;
}

static int tell_failure(const struct cli_link *l, const struct alk_upgrade_state *s)
{
    const struct alk_transport *t = alk_client_transport(l->client);
    const char *way_out = s->way_out[0] == '\0' ? NULL : s->way_out;
    int status = cli_link_status(s->result);

    if (s->refusal.rc != 0)
        return cli_fail(l->c, status, t->name, way_out, "%s (%s %u)", s->why, alk_smp_words(&s->refusal).name,
                        (unsigned)s->refusal.rc);
    if (status == CLI_IO && t->error[0] != '\0')
        return cli_fail(l->c, status, t->name, way_out, "%s: %s", s->why, t->error);
    return cli_fail(l->c, status, t->name, way_out, "%s", s->why);
}

static int drive(struct cli_link *l, const struct alk_update_image *im, const struct alk_upgrade_options *o)
{
    struct job j = {.c = l->c, .told = ALK_STAGE_ASK};
    const struct alk_upgrade_state *s;
    struct alk_upgrade *u;
    int rc, status;

    cli_progress_begin(&j.progress, l->c);
    u = alk_upgrade_begin(l->client, im, o, event, &j);
    if (u == NULL)
        return cli_fail(l->c, CLI_IO, NULL, NULL, "no memory");
    s = alk_upgrade_look(u);
    rc = alk_loop_run(&l->client, 1, l->stop_fd, is_over, &j);
    cli_progress_end(&j.progress);
    if (rc != ALK_OK)
        status = cli_fail(l->c, CLI_IO, NULL, stages[s->stage].stopped, "stopped");
    else if (s->result != ALK_OK)
        status = tell_failure(l, s);
    else
        status = tell_done(&j, s, im, o->mode);
    alk_upgrade_free(u);
    return status;
}

static int send_file(const struct cli *c, struct alk_upgrade_options *o)
{
    struct alk_update_image im;
    struct cli_link l;
    struct alk_buf file = {.data = NULL};
    int status = cli_send_open(&im, &file, c);

    if (status != CLI_YES)
        return status;
    o->image = o->upload.image;
    status = cli_link_open(&l, c);
    if (status == CLI_YES) {
        status = drive(&l, &im, o);
        cli_link_close(&l);
    }
    alk_buf_free(&file);
    return status;
}

/* ---- options ---- */

static bool read_seconds(uint32_t *ms, const struct cli *c, const char *name, unsigned long otherwise)
{
    unsigned long s = otherwise;

    if (!cli_number(c, name, &s))
        return false;
    if (s > 86400) {
        cli_fail(c, CLI_USAGE, name, NULL, "a day is enough");
        return false;
    }
    *ms = (uint32_t)s * 1000u;
    return true;
}

static bool read_mode(enum alk_upgrade_mode *mode, const struct cli *c)
{
    static const struct {
        const char *name;
        enum alk_upgrade_mode mode;
    } rows[] = {{"test-only", ALK_UPGRADE_TEST_ONLY},
                {"confirm-only", ALK_UPGRADE_PERMANENT},
                {"permanent", ALK_UPGRADE_PERMANENT},
                {"upload-only", ALK_UPGRADE_UPLOAD_ONLY}};
    unsigned given = 0;

    *mode = ALK_UPGRADE_TEST_AND_CONFIRM;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (!cli_has(c, rows[i].name))
            continue;
        given += given == 0 || *mode != rows[i].mode;
        *mode = rows[i].mode;
    }
    if (given <= 1)
        return true;
    cli_fail(c, CLI_USAGE, NULL, NULL, "of --test-only, --confirm-only and --upload-only only one");
    return false;
}

static int run_upgrade(struct cli *c)
{
    struct alk_upgrade_options o = {.link_wait_ms = 0};

    if (!cli_send_options(&o.upload, c) || !read_mode(&o.mode, c) ||
        !read_seconds(&o.confirm_wait_ms, c, "confirm-wait", 10) ||
        !read_seconds(&o.swap_wait_ms, c, "swap-wait", 0))
        return CLI_USAGE;
    return send_file(c, &o);
}

static int run_upload(struct cli *c)
{
    struct alk_upgrade_options o = {.mode = ALK_UPGRADE_UPLOAD_ONLY};

    return cli_send_options(&o.upload, c) ? send_file(c, &o) : CLI_USAGE;
}

static const struct cli_opt upgrade_options[] = {
    {"test-only", 0, NULL, "Try it and leave the confirmation to others.", false, false},
    {"confirm-only", 0, NULL, "Install it for good at once: no trial, no way back.", false, false},
    {"permanent", 0, NULL, "The same as --confirm-only.", false, false},
    {"upload-only", 0, NULL, "Only bring it onto the device, like `airlock upload`.", false, false},
    {"confirm-wait", 0, "SECONDS", "Give the new image so long to confirm itself; 10 if not given.", false,
     false},
    {"swap-wait", 0, "SECONDS",
     "Wait at most so long for the device to come back; if not given, by the size.", false, false},
    CLI_SEND_OPTIONS,
    {NULL, 0, NULL, NULL, false, false},
};

static const struct cli_opt upload_options[] = {
    CLI_SEND_OPTIONS,
    {NULL, 0, NULL, NULL, false, false},
};

const struct cli_cmd cli_cmd_upgrade = {
    .name = "upgrade",
    .operands = "FILE",
    .summary = "Bring a signed image onto a device, try it there, and confirm it",
    .detail = "Uploads the image (or goes on with an upload that was broken off), asks for a trial, resets "
              "the device,\n"
              "waits through the swap and asks which image runs.  If it is the new one, the application has\n"
              "--confirm-wait seconds to confirm itself; only then airlock does it.  If the old one runs "
              "again the\n"
              "exit status is 1.\n\n"
              "Ctrl-C at any moment leaves the device well; the message says how to go on.",
    .examples = "airlock upgrade app.signed.bin --serial /dev/ttyACM0\n"
                "airlock upgrade app.signed.bin --udp 192.168.1.20 --test-only",
    .options = upgrade_options,
    .shared = cli_link_options,
    .min_operands = 1,
    .max_operands = 1,
    .run = run_upgrade,
};

const struct cli_cmd cli_cmd_upload = {
    .name = "upload",
    .operands = "FILE",
    .summary = "Bring a signed image onto a device and leave it there",
    .detail = "An upload that was broken off goes on where it stopped.",
    .examples = "airlock upload app.signed.bin --serial /dev/ttyACM0",
    .options = upload_options,
    .shared = cli_link_options,
    .min_operands = 1,
    .max_operands = 1,
    .run = run_upload,
};
