"""The attempts, in their order: by pip, uv, conda's installers and by hand."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from dataclasses import field
from pathlib import Path

from conda_preflight.engines.uv_process import MissingUvError, binary
from conda_preflight.plain import document_type
from conda_preflight.proving.copied import User
from conda_preflight.proving.ground import NEW, Ground, link_order

CONDAS = ("conda", "mamba", "micromamba", "pixi")
_HAND = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]);"
    "from conda_preflight.proving.hands import main; main()"
)


@document_type
class Attempt:
    """One attempt: what is run, or why it cannot be.

    ``by_hand`` is true for a program of ours, which becomes the other user by itself;
    ``is_beyond`` for what no file in a prefix can refuse.
    """

    name: str
    tool: str
    words: tuple[str, ...] = ()
    stdin: bytes = b""
    missing: str = ""
    by_hand: bool = False
    is_beyond: bool = False
    probe: tuple[str, ...] = field(default=())


def attempts(ground: Ground, user: User, path: str) -> Iterator[Attempt]:
    """All of them; ``path`` is where conda's programs are looked for."""
    yield from _pip(ground)
    yield from _uv(ground)
    yield _rattler(ground, user)
    yield from _condas(ground, path)
    yield from _hands(ground, user)
    yield from _beyond(ground, user)


def _pip(ground: Ground) -> Iterator[Attempt]:
    missing = "" if ground.has_pip else "the environment has no pip"
    base = (str(ground.python), "-m", "pip")
    install = (*base, "install", "--no-index", "--find-links", str(ground.wheels), "--no-cache-dir")
    forced = "--break-system-packages"
    site = str(ground.root / ground.site)
    rows = [
        ("pip install", (*install, NEW)),
        ("pip install --user", (*install, "--user", NEW)),
        (f"pip install --user {forced}", (*install, "--user", forced, NEW)),
        (f"pip install {forced}", (*install, forced, NEW)),
        ("pip install --target site-packages", (*install, "--target", site, NEW)),
        ("pip install --prefix PREFIX", (*install, "--prefix", str(ground.root), NEW)),
    ]
    yield from (Attempt(name, "pip", words, missing=missing) for name, words in rows)
    none = missing or ("" if ground.victim else "the environment has no project to remove")
    remove = (*base, "uninstall", "--yes")
    rows = [
        ("pip install, another version", (*install, "--upgrade", ground.victim)),
        ("pip uninstall", (*remove, ground.victim)),
        (f"pip uninstall {forced}", (*remove, forced, ground.victim)),
    ]
    yield from (Attempt(name, "pip", words, missing=none) for name, words in rows)
    switched = ("/usr/bin/env", "PIP_REQUIRE_VIRTUALENV=0", *install, forced, NEW)
    yield Attempt(f"pip install {forced}, settings overridden", "pip", switched, missing=missing)
    none = "" if ground.has_ensurepip else "the environment has no ensurepip"
    words = (str(ground.python), "-m", "ensurepip", "--upgrade")
    yield Attempt("python -m ensurepip", "pip", words, missing=none)


def _uv(ground: Ground) -> Iterator[Attempt]:
    missing = "" if ground.site else "the environment has no Python"
    try:
        program = binary()
    except MissingUvError as error:
        program, missing = "uv", error.message
    base = (program, "pip", "install", "--offline", "--no-index", "--find-links")
    install = (*base, str(ground.wheels), "--python", str(ground.python))
    forced = "--break-system-packages"
    site = str(ground.root / ground.site)
    remove = (program, "pip", "uninstall", "--python", str(ground.python))
    rows = [
        ("uv pip install", (*install, NEW)),
        ("uv pip install --system", (*install, "--system", NEW)),
        (f"uv pip install {forced}", (*install, forced, NEW)),
        ("uv pip install --target site-packages", (*install, "--target", site, NEW)),
        ("uv pip install --prefix PREFIX", (*install, "--prefix", str(ground.root), NEW)),
    ]
    yield from (Attempt(name, "uv", words, missing=missing) for name, words in rows)
    none = missing or ("" if ground.victim else "the environment has no project to remove")
    rows = [
        ("uv pip uninstall", (*remove, ground.victim)),
        (f"uv pip uninstall {forced}", (*remove, forced, ground.victim)),
    ]
    yield from (Attempt(name, "uv", words, missing=none) for name, words in rows)


def _rattler(ground: Ground, user: User) -> Attempt:
    order = _order(user, "link", ground.root) + link_order(ground)
    return Attempt("py-rattler adds a package", "py-rattler", _hand(), order, by_hand=True)


def _condas(ground: Ground, path: str) -> Iterator[Attempt]:
    channel = ("--override-channels", "--channel", ground.channel.as_uri())
    for tool in CONDAS:
        program = shutil.which(tool, path=path)
        missing = "" if program else "it is not installed"
        if tool == "pixi":
            missing = missing or "it changes environments of its own projects alone"
        words = (program or tool, "install", "--yes", "--offline", "--prefix", str(ground.root))
        probe = (program or tool, "--version")
        yield Attempt(
            f"{tool} install", tool, (*words, *channel, NEW), missing=missing, probe=probe
        )


def _hands(ground: Ground, user: User) -> Iterator[Attempt]:
    site = "" if ground.site else "the environment has no Python"
    none = "" if ground.file else "the environment has no file"
    rows = [
        ("a .pth file", "write", f"{ground.site}/{NEW}.pth", site),
        ("a sitecustomize.py", "write", f"{ground.site}/sitecustomize.py", site),
        ("a program in bin", "write", f"bin/{NEW}", ""),
        ("a file edited in place", "append", ground.file, none),
        ("a file replaced by another", "replace", ground.file, none),
        ("a file deleted", "delete", ground.file, none),
    ]
    for name, doing, path, missing in rows:
        order = _order(user, doing, ground.root / path)
        yield Attempt(name, "by hand", _hand(), order, missing, by_hand=True)


def _beyond(ground: Ground, user: User) -> Iterator[Attempt]:
    """What rights in a file system do not bind."""
    path = ground.root / (ground.site or "bin") / f"{NEW}.pth"
    order = _order(user, "regain", path)
    yield Attempt("its owner, after chmod", "owner", _hand(), order, by_hand=True, is_beyond=True)
    order = _order(User("root", None), "write", path)
    missing = "" if user.ids else "it was not tried as root"
    yield Attempt("root", "root", _hand(), order, missing, by_hand=True, is_beyond=True)


def _hand() -> tuple[str, ...]:
    return sys.executable, "-c", _HAND, json.dumps(sys.path)


def _order(user: User, doing: str, path: Path) -> bytes:
    return json.dumps({"user": user.ids, "do": doing, "path": str(path)}).encode() + b"\n"
