"""The pip half, installed by uv into a prefix: each file by its hash, and nothing else."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from conda_preflight.documents import Package
from conda_preflight.engines.uv_process import Ended, run, trust
from conda_preflight.engines.uv_question import strategy, text, toml
from conda_preflight.errors import PreflightError
from conda_preflight.grammar.url import redact
from conda_preflight.solving.pip_half import Indexes

SECONDS = 1800.0


class InstallError(PreflightError):
    """The pip half is not in the prefix, or not all of it."""


def install(
    packages: Sequence[Package],
    python: Path,
    *,
    cache: Path | None = None,
    indexes: Indexes | None = None,
    offline: bool = False,
    allow_sdists: bool = False,
    bytecode: bool = False,
    seconds: float = SECONDS,
) -> None:
    """Install exactly these files beside what the interpreter has; raises InstallError.

    Each package needs a sha256; one without an address is looked for on the indexes by its
    version and hashes. uv compares size and hash of a file before it installs it. Files are
    copied, so that the prefix shares none with the cache.
    """
    chosen = [package for package in packages if package.manager == "pypi"]
    _refuse_unhashed(chosen)
    if not chosen:
        return
    with tempfile.TemporaryDirectory(prefix="conda-preflight-") as scratch:
        folder = Path(scratch)
        name = _write_list(chosen, folder)
        _write_settings(folder, indexes or Indexes(), offline=offline, build=allow_sdists)
        arguments = [
            *("pip", "install", "-r", name, "--config-file", "uv.toml"),
            *("--python", str(python.absolute()), "--no-deps", "--require-hashes"),
            *("--link-mode", "copy", "--cache-dir", str((cache or folder / "cache").absolute())),
            *("--break-system-packages", "--preview-features", "pylock"),
            "--compile-bytecode" if bytecode else "--no-compile-bytecode",
        ]
        ended = run(arguments, folder, trust(indexes or Indexes()), seconds)
    if ended.code:
        raise InstallError(_reason(ended), ended.messages[-2000:])


def pylock(packages: Iterable[Package]) -> str:
    """Packages with addresses as a lock file of PEP 751, which names each file and its hash."""
    lines = ['lock-version = "1.0"', 'created-by = "conda-preflight"']
    for package in packages:
        lines += [
            "[[packages]]",
            f"name = {text(package.name)}",
            f"version = {text(package.version)}",
        ]
        lines.append(_file(package))
    return "\n".join(lines) + "\n"


def hashed_requirements(packages: Iterable[Package]) -> Iterator[str]:
    """Lines of a requirements file that allow these versions and files alone."""
    for package in packages:
        hashes = package.hashes or (f"sha256:{package.sha256}",)
        words = [f"{package.name}=={package.version}", *(f"--hash={each}" for each in hashes)]
        yield " \\\n    ".join(words)


def _file(package: Package) -> str:
    where = "url" if "://" in package.url else "path"
    size = f", size = {package.size}" if package.size else ""
    hashes = f"{{ sha256 = {text(package.sha256)} }}"
    entry = f"{{ {where} = {text(package.url)}{size}, hashes = {hashes} }}"
    is_wheel = package.url.partition("#")[0].partition("?")[0].endswith(".whl")
    return f"wheels = [{entry}]" if is_wheel else f"sdist = {entry}"


def _refuse_unhashed(packages: Iterable[Package]) -> None:
    bare = [p.name for p in packages if not (p.sha256 or (p.hashes and not p.url))]
    if bare:
        raise InstallError(f"No sha256 is known for {', '.join(bare[:5])}", "Make the lock anew.")


def _write_list(packages: Sequence[Package], folder: Path) -> str:
    if all(package.url for package in packages):
        (folder / "pylock.toml").write_text(pylock(packages), encoding="utf-8")
        return "pylock.toml"
    lines = "\n".join(hashed_requirements(packages)) + "\n"
    (folder / "requirements.txt").write_text(lines, encoding="utf-8")
    return "requirements.txt"


def _write_settings(folder: Path, indexes: Indexes, *, offline: bool, build: bool) -> None:
    values: dict[str, object] = {
        "index-strategy": strategy(indexes),
        "no-build": not build,
        "no-index": indexes.no_index,
        "offline": offline,
        "find-links": list(indexes.find_links),
        "allow-insecure-host": list(indexes.trusted_hosts),
        "keyring-provider": "subprocess" if indexes.keyring else "disabled",
    }
    file = folder / "uv.toml"
    file.touch(mode=0o600)
    file.write_text(toml(values, indexes), encoding="utf-8")


def _reason(ended: Ended) -> str:
    words = (line.strip() for line in ended.messages.splitlines())
    told = [w.removeprefix("error: ").removeprefix("cause: ") for w in words if _is_told(w)]
    return redact(f"The pip half cannot be installed: {': '.join(told[:3]) or 'uv says nothing'}")


def _is_told(line: str) -> bool:
    return line.startswith(("error:", "cause:"))
