/* SPDX-License-Identifier: Apache-2.0 */
#define OPENSSL_SUPPRESS_DEPRECATED /* engines: what Debian 12 has */
#include <stdlib.h>
#include <string.h>

#include <openssl/engine.h>
#include <openssl/err.h>
#include <openssl/provider.h>
#include <openssl/store.h>

#include "airlock/crypto.h"
#include "host/lib/key_pkcs11.h"

static EVP_PKEY *first_key(OSSL_STORE_CTX *store)
{
    EVP_PKEY *pkey = NULL;

    while (pkey == NULL && !OSSL_STORE_eof(store)) {
        OSSL_STORE_INFO *info = OSSL_STORE_load(store);

        if (info != NULL && OSSL_STORE_INFO_get_type(info) == OSSL_STORE_INFO_PKEY) {
            pkey = OSSL_STORE_INFO_get1_PKEY(info);
        }
        OSSL_STORE_INFO_free(info);
    }
    return pkey;
}

/* The provider reads the PIN from the URI. */
static EVP_PKEY *by_provider(const char *uri)
{
    OSSL_STORE_CTX *store = NULL;
    EVP_PKEY *pkey = NULL;

    if (OSSL_PROVIDER_try_load(NULL, "pkcs11", 1) != NULL) {
        store = OSSL_STORE_open(uri, NULL, NULL, NULL, NULL);
    }
    if (store != NULL) {
        pkey = first_key(store);
        OSSL_STORE_close(store);
    }
    ERR_clear_error();
    return pkey;
}

static void give_pin(ENGINE *e, const char *uri, const struct alk_pass *pass)
{
    char pin[128];

    if (strstr(uri, "pin-value=") == NULL && strstr(uri, "pin-source=") == NULL && pass != NULL &&
        pass->get != NULL && pass->get(pass->ctx, pin, sizeof pin) > 0) {
        ENGINE_ctrl_cmd_string(e, "PIN", pin, 0);
    }
    alk_wipe(pin, sizeof pin);
}

static EVP_PKEY *by_engine(const char *uri, const struct alk_pass *pass, bool *have_engine)
{
    const char *module = getenv("PKCS11_MODULE_PATH");
    EVP_PKEY *pkey = NULL;
    ENGINE *e;

    ENGINE_load_dynamic();
    e = ENGINE_by_id("pkcs11");
    *have_engine = e != NULL;
    if (e == NULL) {
        return NULL;
    }
    if ((module == NULL || ENGINE_ctrl_cmd_string(e, "MODULE_PATH", module, 0)) && ENGINE_init(e)) {
        give_pin(e, uri, pass);
        pkey = ENGINE_load_private_key(e, uri, NULL, NULL);
        ENGINE_finish(e);
    }
    ENGINE_free(e);
    ERR_clear_error();
    return pkey;
}

int alk_pkcs11_load(void **pkey, const char *uri, const struct alk_pass *pass, struct alk_why *why)
{
    bool have_engine = false;

    *pkey = by_provider(uri);
    if (*pkey == NULL) {
        *pkey = by_engine(uri, pass, &have_engine);
    }
    if (*pkey != NULL) {
        return ALK_OK;
    }
    if (!have_engine) {
        alk_why(why, ALK_E_SUPPORT, "OpenSSL here has neither a pkcs11 provider nor a pkcs11 engine");
        return alk_way_out(why, ALK_E_SUPPORT, "Debian: pkcs11-provider, or libengine-pkcs11-openssl");
    }
    alk_why(why, ALK_E_KEY, "no such private key in the token, or a wrong PIN");
    return alk_way_out(why, ALK_E_KEY, "PKCS11_MODULE_PATH names the token's module");
}
