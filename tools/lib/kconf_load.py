# SPDX-License-Identifier: Apache-2.0
"""A configuration: defconfig and fragments through kconfiglib, each assignment checked afterwards."""
import difflib
import os
import sys

from kconf_keys import Keys
from kconf_parse import ROOT, parse, show, table

try:
    import kconfiglib
except ImportError:
    sys.path.append("/usr/lib/python3/dist-packages")
    try:
        import kconfiglib
    except ImportError:
        sys.exit("kconfig: kconfiglib is not installed (Debian: sudo apt-get install python3-kconfiglib)")

DEFCONFIGS = os.path.join(ROOT, "config", "defconfigs")
BAUDS = ("9600", "19200", "38400", "57600", "115200", "230400", "460800", "1000000")
NAMES = {kconfiglib.BOOL: "y or n", kconfiglib.INT: "a number", kconfiglib.HEX: "a number like 0x1f",
         kconfiglib.STRING: 'a string in quotes: "..."'}


def boards():
    return sorted(name[:-10] for name in os.listdir(DEFCONFIGS) if name.endswith("_defconfig"))


def symbols(board):
    os.environ.update(srctree=ROOT, ALK_BOARD=board, CONFIG_="CONFIG_")
    return kconfiglib.Kconfig("Kconfig", warn=False)


class Load:
    def __init__(self, board, fragments):
        self.errors, self.notes = [], []
        if board not in boards():
            self.errors.append("board %s: there is no config/defconfigs/%s_defconfig; there are: %s" % (
                board, board, ", ".join(boards())))
            return
        self.board, self.kconf, self.rows = board, symbols(board), table()
        self.defconfig = os.path.join(DEFCONFIGS, board + "_defconfig")
        self.fragments = [os.path.abspath(path) for path in fragments]
        self.applied = []  # (assignment, symbol, value), in order; mapped ones under the symbol they set
        for path in [self.defconfig] + self.fragments:
            for a in parse(path, self.errors):
                self.apply(a)
        self.check()

    # Taking assignments -------------------------------------------------------

    def known(self, name):
        sym = self.kconf.syms.get(name)
        return sym if sym is not None and sym.nodes else None

    def apply(self, a):
        row, sym, value = self.rows.get(a.name), self.known(a.name), a.value
        if row is not None and row.fate in ("always", "refused"):
            self.take_constant(a, row)
            return
        if row is not None and row.fate == "mapped":
            sym = self.known(row.target)
            if row.when != "*" and value != row.when:
                if not (value == "n" and sym.choice is not None):
                    self.applied.append((a, sym, None))
                return
            value = row.value if row.value is not None else value
        if sym is None:
            self.unknown(a)
        elif self.fits(a, sym, value):
            sym.set_value(value)
            self.applied.append((a, sym, value))

    def take_constant(self, a, row):
        if a.value == row.what:
            return
        if row.fate == "always":
            self.errors.append("%s: has no effect, it is always %s here. %s." % (a, row.what, row.why))
        else:
            self.errors.append("%s: is not to be had here. %s." % (a, row.why))

    def unknown(self, a):
        names = {name for name, sym in self.kconf.syms.items() if sym.nodes} | set(self.rows)
        near = difflib.get_close_matches(a.name, names, 3, 0.6)
        hint = "did you mean %s?" % " or ".join("CONFIG_" + n for n in near) if near else (
            "docs/KCONFIG.md lists all; a symbol of the application belongs into the application's prj.conf")
        self.errors.append("%s: there is no such symbol; %s" % (a, hint))

    def fits(self, a, sym, value):
        want = sym.orig_type
        good = {kconfiglib.BOOL: value in ("y", "n") and not a.quoted, kconfiglib.STRING: a.quoted or value == ""}
        if want in (kconfiglib.INT, kconfiglib.HEX):
            try:
                int(value, 10 if want == kconfiglib.INT else 16)
                good[want] = not a.quoted
            except ValueError:
                good[want] = False
        if not good[want]:
            self.errors.append("%s: is not %s" % (a, NAMES[want]))
        return good[want]

    # Did they take effect? ----------------------------------------------------

    def subject(self, sym, value):
        return sym.choice if sym.choice is not None and value == "y" else sym

    def check(self):
        last = {}
        for a, sym, value in self.applied:
            before = last.get(self.subject(sym, value))
            if before is not None and value is not None and (before[1], before[2]) != (sym, value):
                self.overridden(before[0], a)
            if value is None:
                self.follows(a, sym)
            else:
                last[self.subject(sym, value)] = (a, sym, value)
        for a, sym, value in last.values():
            if (a.path != self.defconfig or not self.fragments) and not same(sym, value):
                self.ineffective(a, sym, value)
        baud = self.kconf.syms["ALK_UART_BAUD"]
        if baud.str_value and baud.str_value not in BAUDS:
            a = self.given("ALK_UART_BAUD")
            self.errors.append("%s: the UART has no such rate; it has %s" % (a, ", ".join(BAUDS)))

    def follows(self, a, sym):
        row = self.rows[a.name]
        if sym.str_value == row.value:
            self.errors.append("%s: has no effect, it follows from CONFIG_%s=%s. %s" % (
                a, sym.name, sym.str_value, (row.why or "Delete the line") + "."))

    def overridden(self, earlier, later):
        if earlier.path == self.defconfig:
            return
        text = "%s: is overridden by %s" % (earlier, later)
        if earlier.path == later.path:
            self.errors.append(text + ": delete one of the two")
        else:
            self.notes.append(text)

    def given(self, name):
        """The last assignment to that symbol, or None."""
        found = [a for a, sym, value in self.applied if sym.name == name and value is not None]
        return found[-1] if found else None

    def ineffective(self, a, sym, value):
        prompts = [node.prompt for node in sym.nodes if node.prompt]
        text = "%s: did not take effect, it is %s" % (a, '"%s"' % sym.str_value if a.quoted else sym.str_value or "unset")
        outside = [r for r in sym.ranges if kconfiglib.expr_value(r[2])] if sym.visibility else []
        if outside:
            low, high = outside[0][0].str_value, outside[0][1].str_value
            self.errors.append("%s: it must be from %s to %s" % (text, low, high))
        elif not prompts:
            self.errors.append("%s: it follows from %s; set that, or delete the line" % (text, self.causes(sym)))
        else:
            unmet = [self.need(e) for e in kconfiglib.split_expr(prompts[0][1], kconfiglib.AND)
                     if kconfiglib.expr_value(e) == 0]
            self.errors.append("%s: it needs %s; see to that, or delete the line" % (text, " and ".join(unmet)))

    def causes(self, sym):
        names = {s.name for _, cond in sym.defaults for s in kconfiglib.expr_items(cond) if s is not self.kconf.y}
        return " and ".join("CONFIG_" + name + self.state(name) for name in sorted(names))

    def need(self, e):
        """An unmet condition in words."""
        if isinstance(e, tuple) and e[0] == kconfiglib.UNEQUAL and e[2].str_value == "":
            return 'a value for CONFIG_%s, which is ""' % e[1].name
        if isinstance(e, kconfiglib.Symbol):
            return "CONFIG_%s=y%s" % (e.name, self.state(e.name))
        return kconfiglib.expr_str(e, lambda s: ("" if s.is_constant else "CONFIG_") +
                                   kconfiglib.standard_sc_expr_str(s))

    def state(self, name):
        a = self.given(name)
        value = self.kconf.syms[name].str_value
        return ", which is %s (%s)" % (value or '""', a.where() if a and same(self.kconf.syms[name], a.value) else
                                       "its default, or what it depends on")

    # Keys ---------------------------------------------------------------------

    def check_keys(self, tool):
        self.keys = Keys(self, tool) if not self.errors else None


def same(sym, value):
    if sym.orig_type in (kconfiglib.INT, kconfiglib.HEX) and sym.str_value:
        return int(sym.str_value, 0) == int(value, 10 if sym.orig_type == kconfiglib.INT else 16)
    return sym.str_value == value
