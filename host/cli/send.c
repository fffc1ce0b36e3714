/* SPDX-License-Identifier: Apache-2.0 */
#include "host/cli/send.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MAX = 64 << 20 };

/* return: length, or -1 with errno set */
static long read_file(uint8_t **data, const char *path)
{
    FILE *f = fopen(path, "rb");
    size_t len;

    *data = f == NULL ? NULL : malloc(FILE_MAX);
    if (*data == NULL) {
        if (f != NULL)
            fclose(f);
        return -1;
    }
    len = fread(*data, 1, FILE_MAX, f);
    if (ferror(f)) {
        fclose(f);
        return -1;
    }
    fclose(f);
    return (long)len;
}

static int refuse(const struct cli *c, const char *path, int rc)
{
    if (rc == ALK_E_SIZE)
        return cli_fail(c, CLI_NO, path, "copy or sign it again", "the image is cut short");
    return cli_fail(c, CLI_NO, path, "make one with `airlock sign`", "this is not an MCUboot image");
}

int cli_send_open(struct alk_update_image *im, uint8_t **data, const struct cli *c)
{
    const char *path = cli_operand(c, 0);
    long len = read_file(data, path);
    int rc;

    if (len < 0) {
        free(*data);
        *data = NULL;
        return cli_fail(c, CLI_IO, path, NULL, "%s", strerror(errno));
    }
    rc = alk_update_image_open(im, *data, (size_t)len);
    if (rc != ALK_OK) {
        free(*data);
        *data = NULL;
        return refuse(c, path, rc);
    }
    if (im->padding != 0)
        cli_say(c, "%s: the %u bytes of padding after the image stay here", path, (unsigned)im->padding);
    return CLI_YES;
}

bool cli_send_options(struct alk_upload_options *o, const struct cli *c)
{
    unsigned long image = 0, window = 0, packet = 0;

    memset(o, 0, sizeof *o);
    if (!cli_number(c, "image", &image) || !cli_number(c, "window", &window) ||
        !cli_number(c, "packet", &packet))
        return false;
    if (cli_has(c, "packet") && (packet < 192 || packet > ALK_PACKET_MAX)) {
        cli_fail(c, CLI_USAGE, "--packet", NULL, "from 192 to %u bytes", ALK_PACKET_MAX);
        return false;
    }
    if (image > 255 || window > ALK_CLIENT_WINDOW) {
        cli_fail(c, CLI_USAGE, image > 255 ? "--image" : "--window", NULL, "at most %u",
                 image > 255 ? 255u : ALK_CLIENT_WINDOW);
        return false;
    }
    o->image = (uint32_t)image;
    o->window_max = (unsigned)window;
    o->packet_max = packet;
    o->newer_only = cli_has(c, "newer-only");
    return true;
}
