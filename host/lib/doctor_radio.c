/* SPDX-License-Identifier: Apache-2.0 */
/* doctor_radio.c - rules: SMP over Bluetooth. */
#include <string.h>

#include "host/lib/doctor_rule.h"
#include "host/lib/doctor_text.h"

static const struct alk_setting *is_y(const struct alk_exam *x, const char *name)
{
    const struct alk_setting *s = alk_value(x, ALK_ROLE_APP, name);

    return s != NULL && strcmp(s->value, "y") == 0 ? s : NULL;
}

static const struct alk_setting *is_n(const struct alk_exam *x, const char *name)
{
    const struct alk_setting *s = alk_value(x, ALK_ROLE_APP, name);

    return s != NULL && strcmp(s->value, "n") == 0 ? s : NULL;
}

static void open_to_all(struct alk_exam *x)
{
    const struct alk_setting *s = is_y(x, "MCUMGR_TRANSPORT_BT_PERM_RW");
    bool asked = is_y(x, "MCUMGR_TRANSPORT_BT_PERM_RW_ENCRYPT") != NULL ||
                 is_y(x, "MCUMGR_TRANSPORT_BT_PERM_RW_AUTHEN") != NULL;

    if (s == NULL && (is_y(x, "MCUMGR_TRANSPORT_BT") != NULL || is_y(x, "MCUMGR_SMP_BT") != NULL)) {
        s = is_n(x, "MCUMGR_TRANSPORT_BT_AUTHEN");
        s = s == NULL ? is_n(x, "MCUMGR_SMP_BT_AUTHEN") : s;
    }
    if (s == NULL && !asked) {
        s = is_y(x, "NCS_SAMPLE_MCUMGR_BT_OTA_DFU");
    }
    if (s != NULL) {
        alk_say_at(x, s, "%s=%s", s->name, s->value);
    }
}

static bool has_sources(const struct alk_exam *x)
{
    for (size_t i = 0; i < x->d->n_files; i++) {
        if (x->d->files[i].kind == ALK_FILE_SOURCE) {
            return true;
        }
    }
    return false;
}

static void never_writable(struct alk_exam *x)
{
    const struct alk_setting *s = is_y(x, "MCUMGR_TRANSPORT_BT_PERM_RW_AUTHEN");

    s = s == NULL ? is_y(x, "MCUMGR_TRANSPORT_BT_AUTHEN") : s;
    s = s == NULL ? is_y(x, "MCUMGR_SMP_BT_AUTHEN") : s;
    if (s != NULL && has_sources(x) && !x->d->pairs && is_y(x, "BT_FIXED_PASSKEY") == NULL) {
        alk_say_at(x, s, "%s=y, and no source file has a passkey callback", s->name);
    }
}

static void small_buffers(struct alk_exam *x)
{
    const struct alk_setting *mtu = alk_value(x, ALK_ROLE_APP, "BT_L2CAP_TX_MTU");
    const struct alk_setting *rx = alk_value(x, ALK_ROLE_APP, "BT_BUF_ACL_RX_SIZE");
    uint32_t m, r;

    if (mtu != NULL && rx != NULL && alk_doctor_number(&m, mtu->value) && alk_doctor_number(&r, rx->value) &&
        r < m + 4) {
        alk_say_at(x, rx, "BT_BUF_ACL_RX_SIZE=%u for BT_L2CAP_TX_MTU=%u", r, m);
    }
}

const struct alk_rule alk_rules_radio[] = {
    {"D701", ALK_WARNING, "Anybody in radio range may upload, erase and reset",
     "SMP over Bluetooth without authentication. The signature still decides what runs, but not who may fill "
     "the slot, "
     "erase settings, confirm or revert an image, or reset the device again and again.",
     "`CONFIG_MCUMGR_TRANSPORT_BT_PERM_RW_ENCRYPT=y` (pairing) or `..._AUTHEN` (passkey); before Zephyr 4.0 "
     "keep "
     "`..._BT_AUTHEN=y`. If it must be open, start advertising for updates only on a button.",
     open_to_all},
    {"D702", ALK_WARNING, "Authentication is required, and the device cannot pair with a passkey",
     "Without a display, keyboard or fixed passkey pairing is \"Just Works\", which does not authenticate: "
     "the phone "
     "connects, and every upload ends with \"insufficient authentication\". No build step warns.",
     "Register passkey callbacks (`bt_conn_auth_cb_register`), or choose `..._PERM_RW_ENCRYPT`.",
     never_writable},
    {"D703", ALK_ERROR, "The receive buffer is smaller than a packet",
     "A packet of the L2CAP MTU and its 4 bytes of header must fit one ACL receive buffer; else large "
     "uploads stall.",
     "`CONFIG_BT_BUF_ACL_RX_SIZE` = `CONFIG_BT_L2CAP_TX_MTU` + 4 (502 for 498); on the nRF5340 also on the "
     "network core.",
     small_buffers},
    {NULL, ALK_NOTE, NULL, NULL, NULL, NULL},
};
