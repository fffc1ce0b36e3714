/* SPDX-License-Identifier: Apache-2.0 */
/* make_keys FILE - the key area of a test device: sign-ecdsa-p256 vouches, enc-ecdsa-p256 opens. */
#include <stdio.h>

#include "keyring.h"

int main(int argc, char **argv)
{
    static struct keyring ring;
    FILE *f = argc == 2 ? fopen(argv[1], "wb") : NULL;

    keyring_usual(&ring, 0);
    if (f == NULL || fwrite(ring.bytes, 1, 1024, f) != 1024 || fclose(f) != 0)
        return 3;
    return 0;
}
