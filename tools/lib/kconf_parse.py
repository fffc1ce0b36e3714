# SPDX-License-Identifier: Apache-2.0
"""Lines of .conf files and of config/mcuboot.txt, each with the place it came from."""
import os
import re

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TABLE = os.path.join(ROOT, "config", "mcuboot.txt")
FATES = ("same", "mapped", "always", "refused")


class Assignment:
    """CONFIG_name=value at path:line; quoted if it was a string."""

    def __init__(self, name, value, quoted, path, line):
        self.name, self.value, self.quoted, self.path, self.line = name, value, quoted, path, line

    def where(self):
        return "%s:%d" % (show(self.path), self.line)

    def text(self):
        return "CONFIG_%s=%s" % (self.name, '"%s"' % self.value if self.quoted else self.value)

    def __str__(self):
        return "%s: %s" % (self.where(), self.text())


class Row:
    """What becomes of one of MCUboot's symbols."""

    def __init__(self, name, fate, what, why):
        self.name, self.fate, self.what, self.why = name, fate, what, why
        self.when, self.target, self.value = None, None, None
        if fate == "mapped":
            self.when, to = (part.strip() for part in what.split("->"))
            self.target, _, self.value = to.partition("=")
            if self.when == "*":
                self.value = None


def show(path):
    """A path as the user would write it: relative when that is shorter."""
    relative = os.path.relpath(path)
    return relative if len(relative) < len(path) else path


def table():
    rows = {}
    with open(TABLE, encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            if line.startswith("#") or not line.strip():
                continue
            parts = [part.strip() for part in line.split("|")]
            if len(parts) != 4 or parts[1] not in FATES or parts[0] in rows:
                raise SystemExit("kconfig: %s:%d: no row, or the second for its symbol" % (show(TABLE), number))
            rows[parts[0]] = Row(*parts)
    return rows


def parse_line(line):
    """(name, value, quoted), None for a line without assignment, or a string: what is wrong with it."""
    text = line.strip()
    unset = re.fullmatch(r"# CONFIG_(\w+) is not set", text)
    if unset:
        return unset.group(1), "n", False
    if not text or text.startswith("#"):
        return None
    if text.startswith("SB_CONFIG_"):
        name = re.match(r"SB_(CONFIG_\w+)", text).group(1)
        return "this is a symbol of sysbuild, which is not asked here; write %s=... instead" % name
    found = re.fullmatch(r"CONFIG_(\w+)=(.*)", text)
    if not found:
        loose = re.fullmatch(r"(?:CONFIG_)?(\w+)\s*[=:]\s*(.*)", text)
        if loose:
            return "no assignment: write CONFIG_%s=%s, without blanks" % loose.groups()
        return "no assignment: lines are CONFIG_NAME=value, or begin with #"
    name, value = found.groups()
    if value.startswith('"'):
        string = re.fullmatch(r'"((?:[^"\\]|\\.)*)"', value)
        if not string:
            return "the string has no end, or something stands behind it"
        return name, re.sub(r"\\(.)", r"\1", string.group(1)), True
    if "#" in value:
        return "a remark cannot stand behind a value; give it a line of its own"
    return name, value, False


def parse(path, errors):
    """The assignments of a file; lines that are none are errors."""
    out = []
    try:
        with open(path, encoding="utf-8") as f:
            lines = f.read().splitlines()
    except (OSError, UnicodeDecodeError) as why:
        errors.append("%s: cannot be read: %s; it was looked for as %s" % (show(path), getattr(why, "strerror", None) or why, path))
        return out
    for number, line in enumerate(lines, 1):
        found = parse_line(line)
        if isinstance(found, str):
            errors.append("%s:%d: %s: %s" % (show(path), number, line.strip(), found))
        elif found is not None:
            out.append(Assignment(*found, path, number))
    return out
