"""The modules that come with Python itself, by minor version.

Source: ``sys.stdlib_module_names`` of CPython 3.10 to 3.13, for older versions the listing of
their library folder, and the "What's New" pages (https://docs.python.org/3/whatsnew/) for what
each version added and removed, 3.14 among them. Names that begin with ``_`` are left out, but
for ``__future__`` and ``_thread``.
"""

from __future__ import annotations

_SINCE_3_6 = """
    __future__ _thread abc aifc antigravity argparse array ast asynchat asyncio asyncore atexit
    audioop base64 bdb binascii binhex bisect builtins bz2 cProfile calendar cgi cgitb chunk cmath
    cmd code codecs codeop collections colorsys compileall concurrent configparser contextlib copy
    copyreg crypt csv ctypes curses datetime dbm decimal difflib dis distutils doctest
    dummy_threading email encodings ensurepip enum errno faulthandler fcntl filecmp fileinput
    fnmatch formatter fractions ftplib functools gc genericpath getopt getpass gettext glob grp
    gzip hashlib heapq hmac html http idlelib imaplib imghdr imp importlib inspect io ipaddress
    itertools json keyword lib2to3 linecache locale logging lzma macpath macurl2path mailbox
    mailcap marshal math mimetypes mmap modulefinder msilib msvcrt multiprocessing netrc nis
    nntplib nt ntpath nturl2path numbers opcode operator optparse os ossaudiodev parser pathlib
    pdb pickle pickletools pipes pkgutil platform plistlib poplib posix posixpath pprint profile
    pstats pty pwd py_compile pyclbr pydoc pydoc_data pyexpat queue quopri random re readline
    reprlib resource rlcompleter runpy sched secrets select selectors shelve shlex shutil signal
    site smtpd smtplib sndhdr socket socketserver spwd sqlite3 sre_compile sre_constants sre_parse
    ssl stat statistics string stringprep struct subprocess sunau symbol symtable sys sysconfig
    syslog tabnanny tarfile telnetlib tempfile termios test textwrap this threading time timeit
    tkinter token tokenize trace traceback tracemalloc tty turtle turtledemo types typing
    unicodedata unittest urllib uu uuid venv warnings wave weakref webbrowser winreg winsound
    wsgiref xdrlib xml xmlrpc zipapp zipfile zipimport zlib
"""

ADDED = {
    "contextvars": 7,
    "dataclasses": 7,
    "graphlib": 9,
    "zoneinfo": 9,
    "tomllib": 11,
    "annotationlib": 14,
    "compression": 14,
}
"""Modules that 3.6 did not have, and the minor version that brought them."""

_REMOVED_BY = {
    7: "macurl2path",
    8: "macpath",
    9: "dummy_threading",
    10: "formatter parser symbol",
    11: "binhex",
    12: "asynchat asyncore distutils imp smtpd",
    13: """
        aifc audioop cgi cgitb chunk crypt imghdr lib2to3 mailcap msilib nis nntplib ossaudiodev
        pipes sndhdr spwd sunau telnetlib uu xdrlib
    """,
}

REMOVED = {name: minor for minor, names in _REMOVED_BY.items() for name in names.split()}
"""Modules that are gone, and the first minor version without them."""

INSTEAD = {
    **{name: (f"standard-{name}",) for name in _REMOVED_BY[13].split()},
    "distutils": ("setuptools",),
    "imp": ("zombie-imp",),
    "asynchat": ("pyasynchat", "standard-asynchat"),
    "asyncore": ("pyasyncore", "standard-asyncore"),
    "smtpd": ("standard-smtpd",),
    "crypt": ("legacycrypt", "crypt-r", "standard-crypt"),
    "audioop": ("audioop-lts", "standard-audioop"),
    "cgi": ("legacy-cgi",),
    "cgitb": ("legacy-cgi",),
    "tomllib": ("tomli",),
    "dataclasses": ("dataclasses",),
    "contextvars": ("contextvars",),
    "graphlib": ("graphlib-backport",),
    "zoneinfo": ("backports-zoneinfo",),
}
"""PyPI projects that bring such a module to a Python without it.

Sources: setuptools' documentation of its distutils, and the projects' own pages on PyPI.
"""

ALWAYS_THERE = frozenset(_SINCE_3_6.split()) - frozenset(REMOVED)
"""Modules of every version from 3.6 to 3.14."""

EVER = frozenset((*ALWAYS_THERE, *ADDED, *REMOVED))
"""Modules of any of these versions."""


def has(name: str, minor: int | None) -> bool:
    """Whether Python 3.minor has a module of that name; any version where it is None."""
    if minor is None:
        return name in EVER
    if name in ADDED:
        return minor >= ADDED[name]
    if name in REMOVED:
        return minor < REMOVED[name]
    return name in ALWAYS_THERE
