# SPDX-License-Identifier: Apache-2.0
"""What a configuration becomes: .config, config.cmake (lists are chosen by it), alk_config.h (numbers and rows)."""
import os

import kconfiglib
from kconf_parse import ROOT, TABLE


def put(path, text):
    """Write only what differs, so that nothing is built again without need."""
    try:
        with open(path, encoding="utf-8") as f:
            if f.read() == text:
                return
    except OSError:
        pass
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def chosen(load):
    return [sym for sym in load.kconf.unique_defined_syms if sym.orig_type != kconfiglib.UNKNOWN]


def quoted(text):
    return '"%s"' % text.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$")


def cmake(load):
    out = ["# made by tools/kconfig configure: do not edit"]
    for sym in chosen(load):
        value = {"y": "ON", "n": "OFF"}.get(sym.str_value) if sym.orig_type == kconfiglib.BOOL else quoted(sym.str_value)
        out.append("set(CONFIG_%s %s)" % (sym.name, value))
    lists = {
        "ALK_VERIFY_KEYS": [path for path, _ in load.keys.verify],
        "ALK_DECRYPT_KEY": [path for path, _ in load.keys.decrypt],
        "ALK_PROVISION_OPTIONS": provision(load),
        "ALK_CONFIG_INPUTS": [os.path.join(ROOT, name) for name in load.kconf.kconfig_filenames] +
                             [TABLE, load.defconfig] + load.fragments +
                             [path for path, _ in load.keys.verify + load.keys.decrypt],
    }
    for name, items in lists.items():
        out.append("set(%s %s)" % (name, " ".join(quoted(item) for item in items)))
    return "\n".join(out) + "\n"


def provision(load):
    syms = load.kconf.syms
    out = []
    if load.keys.decrypt and syms["ALK_REQUIRE_ENCRYPTION"].str_value == "n":
        out.append("--allow-plain")
    if syms["MCUBOOT_DOWNGRADE_PREVENTION"].str_value == "y":
        out.append("--no-downgrade")
    if syms["ALK_RELEASE"].str_value == "n":
        out.append("--allow-sample-key")
    for option, name in (("--vendor", "ALK_VENDOR"), ("--class", "ALK_CLASS")):
        if syms[name].str_value:
            out += [option, syms[name].str_value]
    return out


def header(load):
    """No strings: no path and no key reaches the compiler."""
    out = ["/* made by tools/kconfig configure: do not edit */", "#ifndef ALK_CONFIG_H", "#define ALK_CONFIG_H", ""]
    for sym in chosen(load):
        if sym.orig_type == kconfiglib.BOOL:
            out.append("#define CONFIG_%s %d" % (sym.name, sym.str_value == "y"))
        elif sym.orig_type in (kconfiglib.INT, kconfiglib.HEX) and sym.str_value:
            out.append("#define CONFIG_%s %s" % (sym.name, sym.str_value))
    return "\n".join(out + ["", "#endif"]) + "\n"


def write_all(load, folder):
    os.makedirs(folder, exist_ok=True)
    put(os.path.join(folder, "alk_config.h"), header(load))
    load.kconf.write_config(os.path.join(folder, ".config"), save_old=False)
    put(os.path.join(folder, "config.cmake"), cmake(load))
