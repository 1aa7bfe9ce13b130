"""What attempts are made with: the copy, the places in it, and packages made on the spot."""

from __future__ import annotations

import hashlib
import io
import json
import stat
import tarfile
from collections.abc import Iterator
from pathlib import Path

from conda_preflight.engines.stub_wheel import write_stubs
from conda_preflight.engines.tree_walk import walk
from conda_preflight.freezing.marks import RECORD
from conda_preflight.freezing.record import is_mark
from conda_preflight.plain import document_type
from conda_preflight.prefix_folder import PrefixFolder
from conda_preflight.solving.pip_half import Provided

NEW = "preflight-prove"
"""A project and a package of this name are brought; nobody else calls one so."""

_OTHER = "9999"
_KEPT = frozenset(("pip", "setuptools", "wheel"))
_INDEX = {
    "name": NEW,
    "version": "1.0",
    "build": "0",
    "build_number": 0,
    "depends": [],
    "subdir": "noarch",
    "noarch": "generic",
}
_FILE = f"share/{NEW}.txt"


@document_type
class Ground:
    """``root`` is the copy and ``home`` the folder of who tries.

    ``python`` and ``site`` are empty paths in the copy where it has no Python; ``victim`` is a
    project that pip could remove, ``file`` the one that is edited, by path in the prefix;
    ``wheels`` and ``channel`` hold what is brought.
    """

    root: Path
    home: Path
    wheels: Path
    channel: Path
    site: str
    has_pip: bool
    has_ensurepip: bool
    victim: str
    file: str

    @property
    def python(self) -> Path:
        """The interpreter of the copy."""
        return self.root / "bin" / "python"


def lay(root: Path, work: Path, home: Path) -> Ground:
    """Look at a copy and make what is brought into it, in the folder ``work``."""
    library = next(iter(PrefixFolder(root).libraries()), None)
    site = library / "site-packages" if library and (root / "bin" / "python").exists() else None
    victim = next(_victims(site), "") if site else ""
    wheels, channel = work / "wheels", work / "channel"
    brought = [Provided(NEW, "1.0"), *([Provided(victim, _OTHER)] if victim else [])]
    write_stubs(brought, wheels)
    write_channel(channel)
    return Ground(
        root,
        home,
        wheels,
        channel,
        site=site.relative_to(root).as_posix() if site else "",
        has_pip=bool(site and (site / "pip").is_dir()),
        has_ensurepip=bool(library and (library / "ensurepip" / "__init__.py").is_file()),
        victim=victim,
        file=_file(root),
    )


def _victims(site: Path) -> Iterator[str]:
    """Projects by name that pip knows how to remove."""
    for folder in sorted(site.glob("*.dist-info")):
        name = folder.name.partition("-")[0].lower().replace("_", "-")
        if name not in _KEPT and (folder / "RECORD").is_file():
            yield name


def _file(root: Path) -> str:
    """A file of a package: one that can be written, where there is one."""
    tree = walk(str(root))
    pairs = zip(tree.paths, tree.modes, strict=True)
    files = sorted((not mode & stat.S_IWUSR, p) for p, mode in pairs if stat.S_ISREG(mode))
    owned = (p for _, p in files if not (is_mark(p) or p == RECORD or p.startswith("conda-meta/")))
    return next(owned, "")


def write_channel(channel: Path) -> None:
    """A channel of one package, with one file and no needs."""
    data = _archive()
    name = f"{NEW}-1.0-0.tar.bz2"
    digest = hashlib.sha256(data).hexdigest()
    row = _INDEX | {"sha256": digest, "size": len(data)}
    for subdir, packages in (("noarch", {name: row}), ("linux-64", {})):
        (channel / subdir).mkdir(parents=True)
        text = json.dumps({"info": {"subdir": subdir}, "packages": packages, "packages.conda": {}})
        (channel / subdir / "repodata.json").write_text(text)
    (channel / "noarch" / name).write_bytes(data)


def link_order(ground: Ground) -> bytes:
    """What ``rattler_link`` is told to do: put that package into the copy."""
    file = next((ground.channel / "noarch").glob("*.bz2"))
    row = {
        "file": str(file),
        "index": _INDEX,
        "url": file.as_uri(),
        "name": file.name,
        "channel": ground.channel.as_uri(),
        "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
        "md5": "",
        "size": file.stat().st_size,
        "depends": [],
        "requested": [],
    }
    order = {
        "prefix": str(ground.root),
        "final": None,
        "scratch": str(ground.home / "unpacked"),
        "platform": "linux-64",
        "scripts": False,
        "packages": [row],
    }
    return json.dumps(order).encode() + b"\n"


def _archive() -> bytes:
    content = b"brought by an attempt to change this environment\n"
    digest = hashlib.sha256(content).hexdigest()
    size = len(content)
    path = {"_path": _FILE, "path_type": "hardlink", "sha256": digest, "size_in_bytes": size}
    texts = {
        "info/index.json": json.dumps(_INDEX),
        "info/paths.json": json.dumps({"paths": [path], "paths_version": 1}),
        "info/files": f"{_FILE}\n",
        _FILE: content.decode(),
    }
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:bz2") as tar:
        for name, text in texts.items():
            header = tarfile.TarInfo(name)
            header.size, header.mode = len(text), 0o644
            tar.addfile(header, io.BytesIO(text.encode()))
    return data.getvalue()
