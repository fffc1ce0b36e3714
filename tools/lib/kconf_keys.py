# SPDX-License-Identifier: Apache-2.0
"""The key files a configuration names: found, of the right kind and half, and nobody else's."""
import json
import os
import subprocess

from kconf_parse import ROOT, show

MAKE = {"BOOT_SIGNATURE_KEY_FILE": "airlock keygen sign.pem", "BOOT_ENCRYPTION_KEY_FILE": "airlock keygen --encryption enc.pem"}


class Keys:
    def __init__(self, load, tool):
        self.load, self.tool = load, tool
        self.verify = self.take("BOOT_SIGNATURE_KEY_FILE")
        self.decrypt = self.take("BOOT_ENCRYPTION_KEY_FILE")
        if len(self.decrypt) > 1:
            self.refuse("BOOT_ENCRYPTION_KEY_FILE", "names %d files; a device has one private key" % len(self.decrypt))
        if {told["sha256"] for _, told in self.verify} & {told["sha256"] for _, told in self.decrypt}:
            self.refuse("BOOT_ENCRYPTION_KEY_FILE", "is the key that signs: every device would hold the private key "
                        "that makes updates; make another: airlock keygen --encryption enc.pem")

    def refuse(self, name, text):
        self.load.errors.append("%s: %s" % (self.load.given(name), text))

    def take(self, name):
        """[(absolute path, what the tool tells about it)]"""
        out = []
        a = self.load.given(name)
        value = self.load.kconf.syms[name].str_value
        for part in [p.strip() for p in value.split(",") if p.strip()] if a else []:
            path = self.find(name, part, os.path.dirname(os.path.abspath(a.path)))
            told = path and self.ask(name, part, path)
            if told and self.fits(name, part, told):
                out.append((path, told))
        return out

    def find(self, name, part, folder):
        path = os.path.normpath(os.path.join(folder, part))
        if os.path.isfile(path):
            return path
        if part.startswith("~") or "$" in part:
            why = "~ and variables are not expanded; write the whole path"
        elif os.path.isdir(path):
            why = "%s is a folder; name the file in it" % path
        else:
            why = "there is no file %s" % path
            if not os.path.isabs(part):
                why += " (a relative path begins at the folder of the file that holds the line)"
            why += self.meant(name, part, folder, path)
        self.refuse(name, '"%s": %s' % (part, why))
        return None

    def meant(self, name, part, folder, path):
        """Where a file of that name is, else how to make one."""
        slashed = part.replace("\\", "/")
        for base in (folder, os.getcwd(), ROOT):
            for tail in (slashed, os.path.basename(slashed)):
                there = os.path.normpath(os.path.join(base, tail))
                if os.path.isfile(there):
                    return '; did you mean "%s"?' % os.path.relpath(there, folder)
        near = [n for n in (os.listdir(os.path.dirname(path)) if os.path.isdir(os.path.dirname(path)) else [])
                if n.endswith((".pem", ".der"))]
        if near:
            return "; there are in that folder: %s" % ", ".join(sorted(near)[:5])
        return "; make one: %s" % MAKE[name]

    def ask(self, name, part, path):
        if not os.access(self.tool, os.X_OK):
            self.refuse(name, "there is no %s to look at the key with; build it first (make), or name one "
                        "(-DALK_TOOL=...)" % show(self.tool))
            return None
        done = subprocess.run([self.tool, "inspect", "--json", path], stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=60, check=False)
        try:
            told = json.loads(done.stdout)
        except ValueError:
            told = {}
        if done.returncode != 0 or told.get("kind") != "key":
            said = told.get("error", {}).get("why") or "it is not one, but: %s" % told.get("kind", "unreadable")
            self.refuse(name, '"%s": is no key file that can be read here (%s); of a key with a pass-phrase give '
                        "the public half" % (part, said))
            return None
        return told

    def fits(self, name, part, told):
        errors = len(self.load.errors)
        sign = name == "BOOT_SIGNATURE_KEY_FILE"
        if told["type"] != "ecdsa-p256":
            chosen = "CONFIG_BOOT_SIGNATURE_TYPE_ECDSA_P256=y" if sign else "CONFIG_BOOT_ENCRYPT_EC256=y"
            self.refuse(name, '"%s": is a key of type %s, and %s asks for ecdsa-p256; make one: %s' % (
                part, told["type"], chosen, MAKE[name]))
        elif not sign and not told["private"]:
            self.refuse(name, '"%s": is a public key, and the device could open nothing with it; give the private half '
                        "(the file that keygen wrote beside it)" % part)
        if told.get("sample") and self.load.kconf.syms["ALK_RELEASE"].str_value == "y":
            self.refuse(name, '"%s": is MCUboot\'s sample key %s, whose private half everybody has; make your own: %s '
                        "(or, on a desk only: CONFIG_ALK_RELEASE=n)" % (part, told["sample"], MAKE[name]))
        return len(self.load.errors) == errors
