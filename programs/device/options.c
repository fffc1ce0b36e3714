/* SPDX-License-Identifier: Apache-2.0 */
#include "programs/device/options.h"

#include "airlock/smp.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
    "usage: airlock-device [options]\n"
    "A virtual device: the bootloader's and an application server's own code on\n"
    "a flash chip in a file.  It powers on, finishes what the journal says, checks\n"
    "the primary, then serves SMP as the application would, or as recovery when\n"
    "nothing may run.  A reset command starts it over; the links stay.\n"
    "\n"
    "  --flash FILE         the flash chip, made if missing (default: in memory)\n"
    "  --board NAME         layout of microbit (default) or nrf52840dk\n"
    "  --keys FILE          burn a key area (airlock provision) if that is blank\n"
    "  --image FILE         burn a signed image into the primary if that is blank\n"
    "  --pty                serve on a pseudo terminal, console framing; prints its path\n"
    "  --pty-link PATH      the same, and make PATH a symbolic link to it\n"
    "  --udp [PORT]         serve on UDP (default, port 1337; 0: any free port)\n"
    "  --bind ADDRESS       address for UDP (default 127.0.0.1)\n"
    "  --ble [NAME]         serve on Bluetooth LE through BlueZ, as NAME (default airlock)\n"
    "  --ble-adapter HCI    adapter for it (default hci0; is switched on and named)\n"
    "  --ble-security WHAT  the link must be `authenticated` (default), or only\n"
    "                       `encrypted` (then it can be read from, not updated),\n"
    "                       or nothing: `none`, open to everybody in reach\n"
    "  --ble-pairing HOW    `passkey` (default: six digits on stdout), `compare` (say y\n"
    "                       on stdin), `just-works` or `none`\n"
    "  --ble-rearm MS       advertise anew that often while nobody is connected; for\n"
    "                       virtual radios that send each advertisement once\n"
    "  --confirm-after SEC  confirm the running image that long after its start\n"
    "  --no-confirm         do not (default)\n"
    "  --recovery           stay in recovery after power-on\n"
    "  --cut N              the power goes in flash operation N, torn: exit status 9\n"
    "  --settings FILE      the flash of the settings, made if missing (default: in memory)\n"
    "  --files DIR          serve the files of this directory (default: none)\n"
    "  --open WHAT          open on all links what is closed: `destructive` (settings, files,\n"
    "                       storage) or `dangerous` (shell); may be given twice\n"
    "  --pace SEC           resets and erases: 30 at once, then one each SEC seconds\n"
    "                       (default 60; 0: no limit)\n"
    "  --buffers SIZExCOUNT buffers as told to clients (default 1024x4)\n"
    "\n"
    "stdout, a line each: `pty PATH`, `udp ADDRESS PORT`, `running VERSION`,\n"
    "`recovery REASON`, `confirmed`, `reset`, `advertising NAME`, `connected`,\n"
    "`disconnected`, `passkey DIGITS`, `compare DIGITS`.\n";

enum {
    FLASH = 256,
    BOARD,
    KEYS,
    IMAGE,
    PTY,
    PTY_LINK,
    UDP,
    BIND,
    CONFIRM,
    NO_CONFIRM,
    RECOVERY,
    CUT,
    OPEN,
    PACE,
    SETTINGS,
    FILES,
    BUFFERS,
    BLE,
    BLE_ADAPTER,
    BLE_SECURITY,
    BLE_PAIRING,
    BLE_REARM,
    HELP
};

static const struct option rows[] = {
    {"flash", required_argument, NULL, FLASH},
    {"board", required_argument, NULL, BOARD},
    {"keys", required_argument, NULL, KEYS},
    {"image", required_argument, NULL, IMAGE},
    {"pty", no_argument, NULL, PTY},
    {"pty-link", required_argument, NULL, PTY_LINK},
    {"udp", optional_argument, NULL, UDP},
    {"bind", required_argument, NULL, BIND},
    {"confirm-after", required_argument, NULL, CONFIRM},
    {"no-confirm", no_argument, NULL, NO_CONFIRM},
    {"recovery", no_argument, NULL, RECOVERY},
    {"cut", required_argument, NULL, CUT},
    {"settings", required_argument, NULL, SETTINGS},
    {"files", required_argument, NULL, FILES},
    {"open", required_argument, NULL, OPEN},
    {"pace", required_argument, NULL, PACE},
    {"buffers", required_argument, NULL, BUFFERS},
    {"ble", optional_argument, NULL, BLE},
    {"ble-adapter", required_argument, NULL, BLE_ADAPTER},
    {"ble-security", required_argument, NULL, BLE_SECURITY},
    {"ble-pairing", required_argument, NULL, BLE_PAIRING},
    {"ble-rearm", required_argument, NULL, BLE_REARM},
    {"help", no_argument, NULL, HELP},
    {0},
};

_Noreturn static void refuse(const char *what, const char *why)
{
    fprintf(stderr, "airlock-device: %s: %s (see --help)\n", what, why);
    exit(2);
}

static unsigned long number(const char *text, unsigned long max)
{
    char *end;
    unsigned long n = strtoul(text, &end, 0);

    if (*text < '0' || *text > '9' || *end != '\0' || n > max)
        refuse(text, "no number in range");
    return n;
}

static const struct device_layout *board(const char *name)
{
    static const struct device_layout *const all[] = {&device_microbit, &device_nrf52840dk};

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strcmp(name, all[i]->board) == 0)
            return all[i];
    refuse(name, "no such board: microbit, nrf52840dk");
}

static void buffers(struct device_options *o, const char *text)
{
    char tail;

    if (sscanf(text, "%lux%lu%c", &o->buf_size, &o->buf_count, &tail) != 2 || o->buf_size < 64 ||
        o->buf_size > 60000 || o->buf_count < 1 || o->buf_count > 255)
        refuse(text, "buffers are SIZExCOUNT, 64 to 60000 bytes, 1 to 255 of them");
}

/* `--udp PORT` as well as `--udp=PORT` */
static void take_next(char *const *argv)
{
    if (optarg == NULL && argv[optind] != NULL && argv[optind][0] != '-')
        optarg = argv[optind++];
}

static unsigned word(const char *text, const char *const words[4])
{
    for (unsigned i = 0; i < 4 && words[i] != NULL; i++)
        if (strcmp(text, words[i]) == 0)
            return i;
    refuse(text, "no such word");
}

static void take_bluetooth(struct device_options *o, int row, char *const *argv)
{
    static const char *const levels[4] = {"none", "encrypted", "authenticated"};
    static const char *const ways[4] = {"passkey", "compare", "just-works", "none"};

    switch (row) {
    case BLE:
        take_next(argv);
        o->bluetooth.name = optarg != NULL ? optarg : "airlock";
        if (strlen(o->bluetooth.name) > 29)
            refuse(optarg, "a name of more than 29 bytes fits no advertisement");
        break;
    case BLE_ADAPTER:
        o->bluetooth.adapter = optarg;
        break;
    case BLE_SECURITY:
        o->bluetooth.security = (enum alk_bluez_security)word(optarg, levels);
        break;
    case BLE_PAIRING:
        o->bluetooth.pairing = (enum alk_bluez_pairing)word(optarg, ways);
        break;
    case BLE_REARM:
        o->bluetooth.rearm_ms = (unsigned)number(optarg, 60000);
        break;
    default:
        exit(2); /* getopt has said why */
    }
}

static uint8_t classes(const char *text)
{
    if (strcmp(text, "destructive") == 0)
        return ALK_SMP_CLASS_DESTRUCTIVE;
    if (strcmp(text, "dangerous") == 0)
        return ALK_SMP_CLASS_DANGEROUS;
    refuse(text, "open what? destructive, dangerous");
}

static void take_number(struct device_options *o, int row, char *const *argv)
{
    switch (row) {
    case UDP:
        take_next(argv);
        o->port = optarg != NULL ? (int)number(optarg, 65535) : 1337;
        break;
    case CONFIRM:
        o->confirm_after = atof(optarg);
        break;
    case NO_CONFIRM:
        o->confirm_after = -1;
        break;
    case CUT:
        o->cut = number(optarg, ~0ul);
        break;
    case BUFFERS:
        buffers(o, optarg);
        break;
    case HELP:
        fputs(help, stdout);
        exit(0);
    default:
        take_bluetooth(o, row, argv);
    }
}

static void take(struct device_options *o, int row, char *const *argv)
{
    switch (row) {
    case FLASH:
        o->flash = optarg;
        break;
    case BOARD:
        o->layout = board(optarg);
        break;
    case KEYS:
        o->keys = optarg;
        break;
    case IMAGE:
        o->image = optarg;
        break;
    case PTY_LINK:
        o->link = optarg;
        o->pty = true;
        break;
    case PTY:
        o->pty = true;
        break;
    case BIND:
        o->bind = optarg;
        break;
    case RECOVERY:
        o->recovery = true;
        break;
    case SETTINGS:
        o->settings = optarg;
        break;
    case FILES:
        o->files = optarg;
        break;
    case OPEN:
        o->open |= classes(optarg);
        break;
    case PACE:
        o->pace = atof(optarg);
        break;
    default:
        take_number(o, row, argv);
    }
}

void device_options_parse(struct device_options *o, int argc, char **argv)
{
    int row;

    *o = (struct device_options){.layout = &device_microbit,
                                 .bind = "127.0.0.1",
                                 .port = -1,
                                 .confirm_after = -1,
                                 .pace = 60,
                                 .buf_size = 1024,
                                 .buf_count = 4,
                                 .bluetooth = {.adapter = "hci0", .security = ALK_BLUEZ_AUTHENTICATED}};
    while ((row = getopt_long(argc, argv, "", rows, NULL)) != -1)
        take(o, row, argv);
    if (optind != argc)
        refuse(argv[optind], "unexpected");
    if (!o->pty && o->port < 0 && o->bluetooth.name == NULL)
        o->port = 1337;
}
