/* SPDX-License-Identifier: Apache-2.0 */
#include "programs/demo/say.h"
#include "airlock/mailbox.h"
#include "airlock/port.h"
#include "programs/demo/leds.h"
#include "programs/demo/licence.h"

static void put(const char *text)
{
    size_t len = 0;

    while (text[len] != '\0')
        len++;
    alk_port_link.put(alk_port_link.dev, (const uint8_t *)text, len);
}

void say(const char *a, const char *b, const char *c)
{
    const char *const pieces[] = {a, b, c};

    for (unsigned i = 0; i < 3; i++)
        if (pieces[i] != NULL)
            put(pieces[i]);
}

void say_who(void)
{
    say("\r\nairlock demo ", DEMO_VERSION, "\r\n");
    for (unsigned y = 0; y < LEDS_SIDE; y++) {
        char row[2 * LEDS_SIDE + 1] = {0};

        for (unsigned x = 0; x < LEDS_SIDE; x++) {
            row[2 * x] = ' ';
            row[2 * x + 1] = (demo_film.frame[0][y] >> (LEDS_SIDE - 1 - x) & 1) != 0 ? '#' : '.';
        }
        say(row, "\r\n", NULL);
    }
}

static void say_state(void)
{
    struct alk_mailbox m;

    say_who();
    if (alk_mailbox_read(&m, &alk_port_map.primary) != ALK_OK)
        say("the mailbox is unreadable\r\n", NULL, NULL);
    else
        say(m.magic == ALK_SET && m.image_ok != ALK_SET ? "on trial" : "confirmed", "\r\n", NULL);
}

static int get(void *dev)
{
    int byte = alk_port_link.get(dev);

    if (byte == '?')
        say_state();
    if (byte == '!')
        alk_port_link.put(dev, demo_licence, (size_t)(demo_licence_end - demo_licence));
    return byte;
}

static void send(void *dev, const uint8_t *p, size_t len)
{
    alk_port_link.put(dev, p, len);
}

static void wait(void *dev)
{
    alk_port_link.wait(dev);
}

const struct alk_link say_link = {.get = get, .put = send, .wait = wait};
