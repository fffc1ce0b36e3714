/* SPDX-License-Identifier: Apache-2.0 */
/* smp_words.c - codes of SMP servers in words, each with a way out where there is one. */
#include "airlock/device.h"

#include "host/lib/smp_wire.h"

#define ROWS(a) (sizeof(a) / sizeof(a)[0])

#define CONFIRM_OR_RESET                                                                                 \
    "the running image is on trial or a swap is asked for: `airlock image confirm`, `airlock reset` to " \
    "finish it, "                                                                                        \
    "or `airlock image erase`"
#define LIST  "see `airlock image list`"
#define AGAIN "send it again"

struct row {
    uint16_t rc;
    struct alk_smp_words words;
};

static const struct row smp_rows[] = {
    {1, {"UNKNOWN", "the device met an error it has no code for", AGAIN}},
    {2, {"NO_MEMORY", "the device has no free buffer", "wait a little, or use --window 1"}},
    {3, {"INVALID", "the device does not understand the request", NULL}},
    {4, {"TIMEOUT", "something inside the device took too long", AGAIN}},
    {5, {"NO_ENTRY", "the device has nothing of that name or hash", LIST}},
    {6, {"BAD_STATE", "the device cannot do that now", CONFIRM_OR_RESET}},
    {7, {"TOO_LONG", "the message or its answer is too long for the device", "use a smaller --packet"}},
    {8, {"NOT_SUPPORTED", "the device has no such command", "its firmware must be built with it"}},
    {9, {"CORRUPT", "the device received a damaged or cut message", "use a smaller --packet"}},
    {10, {"BUSY", "the device is busy", "wait, or use --force"}},
    {11, {"ACCESS_DENIED", "the device does not allow that over this link", NULL}},
    {12, {"TOO_OLD", "the device wants a newer version of the protocol", NULL}},
    {13, {"TOO_NEW", "the device wants an older version of the protocol", NULL}},
};

static const struct row os_rows[] = {
    {2,
     {"INVALID_FORMAT", "the device does not know one of the format letters",
      "letters: s n r v b m p i o a"}},
    {3, {"NO_ANSWER", "the device has no answer to that query", NULL}},
    {4, {"RTC_NOT_SET", "the clock of the device is not set", NULL}},
    {5, {"RTC_FAILED", "the clock of the device failed", NULL}},
    {6, {"INVALID_VALUE", "the answer of the device would not be valid", NULL}},
};

static const struct row image_rows[] = {
    {2, {"FLASH_CONFIG_QUERY_FAIL", "the device cannot find out about its flash", NULL}},
    {3, {"NO_IMAGE", "there is no image in that slot", LIST}},
    {4, {"NO_TLVS", "the image there has no trailer records", "upload it again"}},
    {5, {"INVALID_TLV", "the image there has a damaged trailer record", "upload it again"}},
    {6, {"MULTIPLE_HASHES", "the image there has more than one hash", "sign it again"}},
    {7, {"INVALID_TLV_SIZE", "the image there has a trailer record of a wrong size", "sign it again"}},
    {8, {"HASH_NOT_FOUND", "no slot holds an image with that hash", LIST}},
    {9, {"NO_FREE_SLOT", "both slots are in use", CONFIRM_OR_RESET}},
    {10, {"FLASH_OPEN_FAILED", "the device cannot open that part of its flash", NULL}},
    {11, {"FLASH_READ_FAILED", "the device cannot read its flash", NULL}},
    {12, {"FLASH_WRITE_FAILED", "the device cannot write its flash", AGAIN}},
    {13, {"FLASH_ERASE_FAILED", "the device cannot erase its flash", AGAIN}},
    {14, {"INVALID_SLOT", "the device has no such slot", LIST}},
    {15, {"NO_FREE_MEMORY", "the device has no memory for the upload", "reset it and try again"}},
    {16, {"FLASH_CONTEXT_ALREADY_SET", "another upload is under way", "reset the device and try again"}},
    {17, {"FLASH_CONTEXT_NOT_SET", "no upload is under way", AGAIN}},
    {18, {"NO_FLASH_DEVICE", "the flash of that slot is not there", NULL}},
    {19, {"INVALID_PAGE_OFFSET", "a position is not at a page of the flash", NULL}},
    {20, {"INVALID_OFFSET", "the position of the chunk is missing or wrong", NULL}},
    {21, {"INVALID_LENGTH", "the length of the image is missing", NULL}},
    {22, {"INVALID_IMAGE_HEADER", "the first chunk holds no whole image header", "use a larger --packet"}},
    {23,
     {"INVALID_IMAGE_MAGIC", "this is not an MCUboot image for the device", "sign it with `airlock sign`"}},
    {24,
     {"INVALID_HASH",
      "the device does not vouch for this image: damaged, or signed with a key it does not have",
      "look at it with `airlock verify`"}},
    {25, {"INVALID_FLASH_ADDRESS", "the image is linked for another address", "build it for this slot"}},
    {26, {"VERSION_GET_FAILED", "the device cannot read the version of what it runs", NULL}},
    {27,
     {"CURRENT_VERSION_IS_NEWER", "the device runs a version that is not older",
      "raise --version when signing"}},
    {28, {"IMAGE_ALREADY_PENDING", "another image is already asked for", CONFIRM_OR_RESET}},
    {29, {"INVALID_VECTOR_TABLE", "the image does not begin with a vector table", "check its header size"}},
    {30, {"IMAGE_TOO_LARGE", "the image does not fit the slot", "compare its size with `airlock info`"}},
    {31, {"DATA_OVERRUN", "more was sent than was announced", AGAIN}},
    {32,
     {"CONFIRMATION_DENIED",
      "the device takes no image for good now: it has no keys, or wants to try it first",
      "`airlock provision` for the keys, `airlock image test` for a trial"}},
    {33, {"TEST_OF_ACTIVE_DENIED", "that image is running already", LIST}},
    {34, {"ACTIVE_SLOT_UNKNOWN", "the device does not know which slot runs", NULL}},
};

static struct alk_smp_words find(const struct row *rows, size_t count, uint32_t rc)
{
    for (size_t i = 0; i < count; i++)
        if (rows[i].rc == rc)
            return rows[i].words;
    return (struct alk_smp_words){"OTHER", "the device refused with a code of its own", NULL};
}

static struct alk_smp_words link_words(int result)
{
    switch (result) {
    case ALK_E_TIMEOUT:
        return (struct alk_smp_words){"NO_ANSWER", "the device does not answer",
                                      "is it on, is the address right, does its firmware have SMP?"};
    case ALK_E_IO:
        return (struct alk_smp_words){"LINK", "the link is gone",
                                      "check that the device is on, and connected or in reach"};
    case ALK_E_STATE:
        return (struct alk_smp_words){"STOPPED", "stopped", NULL};
    case ALK_E_AUTH:
        return (struct alk_smp_words){"WRONG_DATA", "the device has received other bytes than were sent",
                                      AGAIN};
    case ALK_E_SIZE:
        return (struct alk_smp_words){"TOO_LONG", "the request is too long for this link", NULL};
    case ALK_E_FORMAT:
        return (struct alk_smp_words){"ANSWER", "the answer of the device is not SMP as it should be", NULL};
    default:
        return (struct alk_smp_words){"FAILED", "the request failed here", NULL};
    }
}

struct alk_smp_words alk_smp_words(const struct alk_smp_reply *r)
{
    if (r->rc == 0)
        return link_words(r->result);
    if (!r->grouped)
        return find(smp_rows, ROWS(smp_rows), r->rc);
    if (r->rc == 1)
        return smp_rows[0].words;
    if (r->group == SMP_OS)
        return find(os_rows, ROWS(os_rows), r->rc);
    return find(image_rows, r->group == SMP_IMAGE ? ROWS(image_rows) : 0, r->rc);
}

const char *alk_boot_mode_words(int32_t mode)
{
    static const char *const words[] = {
        "single slot",          "swap with scratch", "overwrite",
        "swap without scratch", "direct execution",  "direct execution with revert",
        "load into RAM",        "firmware loader",
    };

    if (mode < 0)
        return "not told";
    return (size_t)mode < ROWS(words) ? words[mode] : "swap or newer";
}
