/* SPDX-License-Identifier: Apache-2.0 */
/*
 * watch.c - what runs on that device?  libairlock in one page.
 *
 *   cc watch.c $(pkg-config --cflags --libs --static airlock) -o watch
 *   ./watch 192.168.1.20
 *   ./watch /dev/ttyACM0
 */
#include <stdio.h>

#include <airlock/device.h>

static int complain(const struct alk_smp_reply *r)
{
    struct alk_smp_words w = alk_smp_words(r);

    fprintf(stderr, "watch: %s%s%s\n", w.why, w.way_out != NULL ? "; " : "", w.way_out != NULL ? w.way_out : "");
    return 1;
}

static int show_images(struct alk_client *c)
{
    struct alk_slot_list list;
    struct alk_smp_reply r;

    if (alk_device_images(&list, c, &r) != ALK_OK)
        return complain(&r);
    for (size_t i = 0; i < list.count; i++)
        printf("slot %u: %s%s\n", (unsigned)list.slot[i].slot, list.slot[i].version,
               (list.slot[i].flags & ALK_SLOT_ACTIVE) != 0 ? ", running" : "");
    return 0;
}

int main(int argc, char **argv)
{
    struct alk_transport *t;
    struct alk_client *c;
    int status;

    if (argc != 2) {
        fprintf(stderr, "usage: watch HOST | /dev/TTY\n");
        return 2;
    }
    t = argv[1][0] == '/' ? alk_transport_serial(argv[1], 115200) : alk_transport_udp(argv[1]);
    c = alk_client_new(t);
    if (c == NULL || alk_client_open(c) != ALK_OK) {
        fprintf(stderr, "watch: %s\n", c == NULL ? "no such address" : t->error);
        alk_client_free(c);
        return 3;
    }
    status = show_images(c);
    alk_client_free(c);
    return status;
}
