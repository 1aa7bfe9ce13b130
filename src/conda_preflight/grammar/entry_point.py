"""The little programs that installers write for an entry point, and their first lines.

Sources: what conda, rattler, pip (distlib) and uv write.
"""

from __future__ import annotations

from conda_preflight.pattern import lazy_pattern

MAX_BYTES = 4096
_LINES = (
    r"#.{0,2000}",
    r"'''exec' .{1,2000}",
    r"' '''",
    r"import re",
    r"import sys",
    r"from [\w.]+ import [\w.]+",
    r"""if __name__ == ['"]__main__['"]:""",
    r"\s+sys\.argv\[0\] = re\.sub\(r?'\(-script\\.pyw\??\|\\.exe\)\?\$', '', sys\.argv\[0\]\)",
    r"\s+(?:raise SystemExit|sys\.exit)\([\w.]+\(\)\)",
    r"\s*",
)
_LINE = lazy_pattern("|".join(f"(?:{line})" for line in _LINES))
_SHEBANG = lazy_pattern(r"#!\s*(\S+)(.*)")
_EXEC = lazy_pattern(r"""'''exec' "?([^"\n]+?)"? "\$0" "\$@"$""")


def is_entry_point(data: bytes) -> bool:
    """Whether a program starts one function and does nothing else."""
    text = data.decode("utf-8", "replace")
    lines = text.replace("\r\n", "\n").split("\n")
    return len(data) <= MAX_BYTES and all(_LINE.fullmatch(line) for line in lines)


def interpreter(data: bytes) -> str:
    """What a script is run by: the path after ``#!``, or the one that ``/bin/sh`` is told to.

    Empty where there is none; of ``/usr/bin/env python`` it is the whole line.
    """
    lines = data[:MAX_BYTES].decode("utf-8", "surrogateescape").split("\n")
    found = _SHEBANG.fullmatch(lines[0].rstrip("\r"))
    if not found:
        return ""
    if found[1] == "/bin/sh" and len(lines) > 1 and (told := _EXEC.match(lines[1])):
        return told[1]
    return f"{found[1]}{found[2]}".strip() if found[1].endswith("/env") else found[1]
