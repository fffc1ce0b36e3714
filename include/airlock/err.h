/* SPDX-License-Identifier: Apache-2.0 */
/*
 * err.h - the one list of ways to fail.
 *
 * Functions return ALK_OK, a negative alk_err, or (where their contract says
 * so) a positive length.  A code exists only because some caller acts on it
 * differently; detail is for logs.  Numbers are never reused.
 */
#ifndef AIRLOCK_ERR_H
#define AIRLOCK_ERR_H

enum alk_err {
    ALK_OK = 0,
    ALK_E_FLASH = -1,    /* the flash driver failed, or a unit is unreadable */
    ALK_E_RANGE = -2,    /* outside the area, or not aligned to its units */
    ALK_E_FORMAT = -3,   /* not an image, record, packet or file of a known form */
    ALK_E_SIZE = -4,     /* well-formed, but does not fit where it must go */
    ALK_E_KEY = -5,      /* no key here opens it or vouches for it */
    ALK_E_AUTH = -6,     /* hash, tag or signature is wrong */
    ALK_E_POLICY = -7,   /* authentic, but not allowed here (product, slot, version, plain) */
    ALK_E_STATE = -8,    /* not now: something else must end first */
    ALK_E_SUPPORT = -9,  /* an algorithm, plan or command this build lacks */
    ALK_E_IO = -10,      /* host: file or link failed */
    ALK_E_TIMEOUT = -11, /* the peer did not answer in time */
    ALK_E_USAGE = -12,   /* the caller's arguments make no sense */
    ALK_E_MEMORY = -13,  /* host: no memory; device: buffer too small */
    ALK_E_BUG = -14,     /* cannot happen */
};

#endif
