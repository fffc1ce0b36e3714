/* SPDX-License-Identifier: Apache-2.0 */
#include "host/cli/send.h"

#include <string.h>

static int refuse(const struct cli *c, const char *path, int rc)
{
    if (rc == ALK_E_SIZE)
        return cli_fail(c, CLI_NO, path, "copy or sign it again", "the image is cut short");
    return cli_fail(c, CLI_NO, path, "make one with `airlock sign`", "this is not an MCUboot image");
}

int cli_send_open(struct alk_update_image *im, struct alk_buf *file, const struct cli *c)
{
    const char *path = cli_operand(c, 0);
    struct alk_why why = {.text = ""};
    int rc = alk_file_read(file, path, &why);

    if (rc != ALK_OK) {
        alk_buf_free(file);
        return cli_fail(c, CLI_IO, path, why.way_out[0] == '\0' ? NULL : why.way_out, "%s", why.text);
    }
    rc = alk_update_image_open(im, file->data, file->len);
    if (rc != ALK_OK) {
        alk_buf_free(file);
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
