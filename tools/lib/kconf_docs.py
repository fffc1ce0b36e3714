# SPDX-License-Identifier: Apache-2.0
"""The tables of docs/KCONFIG.md, from Kconfig and config/mcuboot.txt."""
import os
import re

import kconf_load
import kconfiglib
from kconf_parse import ROOT, parse, show, table

PAGE = os.path.join(ROOT, "docs", "KCONFIG.md")
TYPES = {kconfiglib.BOOL: "bool", kconfiglib.INT: "int", kconfiglib.HEX: "hex", kconfiglib.STRING: "string"}


def own():
    out = ["| symbol | type | default | what it decides |", "|---|---|---|---|"]
    kconf = kconf_load.symbols("microbit")
    by_board = {a.name for board in kconf_load.boards()
                for a in parse(os.path.join(kconf_load.DEFCONFIGS, board + "_defconfig"), [])}
    for node in kconf.node_iter():
        sym = node.item
        if isinstance(sym, kconfiglib.Symbol) and node.prompt:
            needs = "" if node.dep is kconf.y or sym.choice else " Needs `%s`." % kconfiglib.expr_str(
                node.dep, lambda s: ("" if s.is_constant else "CONFIG_") + kconfiglib.standard_sc_expr_str(s))
            default = "by board" if sym.name in by_board else sym.str_value
            out.append("| `CONFIG_%s` | %s | %s | %s.%s |" % (
                sym.name, TYPES[sym.orig_type], default or "-", node.prompt[0], needs.replace("|", "\\|")))
    return out


def fate(row):
    if row.fate == "mapped":
        sets = "`CONFIG_%s`" % row.target if row.when == "*" else "`CONFIG_%s=%s`" % (row.target, row.value or '""')
        return "mapped: %s%s" % ("" if row.when == "*" else "`%s` is " % row.when, sets)
    if row.fate == "always":
        return "always `%s`" % row.what
    if row.fate == "refused":
        return "refused" if row.what == "-" else "refused, unless `%s`" % row.what
    return "the same"


def mcuboot():
    out = ["| MCUboot's symbol | here | why |", "|---|---|---|"]
    for row in table().values():
        out.append("| `CONFIG_%s` | %s | %s |" % (row.name, fate(row), row.why))
    return out


def run(check):
    with open(PAGE, encoding="utf-8") as f:
        old = f.read()
    new = old
    for name, lines in (("own", own()), ("mcuboot", mcuboot())):
        new = re.sub(r"(<!-- table: %s -->\n).*?(<!-- end -->)" % name,
                     lambda m, t="\n".join(lines): m.group(1) + "\n" + t + "\n\n" + m.group(2), new, flags=re.S)
    if check:
        if new != old:
            print("kconfig: %s is stale: run tools/kconfig docs" % show(PAGE))
        return new != old
    with open(PAGE, "w", encoding="utf-8") as f:
        f.write(new)
    return 0
