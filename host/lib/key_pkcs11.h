/* SPDX-License-Identifier: Apache-2.0 */
/* key_pkcs11.h - keys that stay in hardware: named by a PKCS#11 URI (RFC 7512). */
#ifndef AIRLOCK_HOST_KEY_PKCS11_H
#define AIRLOCK_HOST_KEY_PKCS11_H

#include "airlock/key.h"

/*
 * The private key of a URI as an EVP_PKEY, through OpenSSL's pkcs11 provider
 * or, without one, its pkcs11 engine; the module is PKCS11_MODULE_PATH's or
 * OpenSSL's own configuration's.  The PIN is the URI's pin-value, or asked for.
 *
 * return: ALK_OK; ALK_E_SUPPORT (neither provider nor engine); ALK_E_KEY
 */
int alk_pkcs11_load(void **pkey, const char *uri, const struct alk_pass *pass, struct alk_why *why);

#endif
