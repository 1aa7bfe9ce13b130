"""manifest/extra-index."""

from __future__ import annotations

import re
from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Manifest, Requirement, Requirements
from conda_preflight.facts.wheel_indexes import VENDORS
from conda_preflight.pattern import lazy_pattern
from conda_preflight.report import Problem, Severity

_URL = lazy_pattern(r"(https?)://(?:[^/@\s]*@)?([^/?#\s]+)([^?#\s]*)", re.IGNORECASE)
_LOCAL = lazy_pattern(r"(?:localhost|127\.[\d.]+|\[::1\])(?::\d+)?")
_OPTIONS = ("--index-url", "--pypi-url", "--extra-index-url", "--find-links")
_PYPI = lazy_pattern(r"pypi\.org(?:/simple)?/?")
_HASH = "Give every requirement a hash, and see that each machine can reach the index."
_PIN = "Install each package of it by URL with a hash, or keep one index that mirrors the other."


@check("manifest/extra-index", Severity.ERROR)
def extra_index(
    doc: Manifest | Requirements, *, known: tuple[str, ...] = VENDORS
) -> Iterator[Problem]:
    """Pip is sent to a further index, or to one without protection.

    pip asks all its indexes and takes the highest version, from wherever it comes. Whoever
    registers the name of your private package on a public index decides what you run: this is
    dependency confusion. An index over plain http, or one whose certificate is not checked,
    can be replaced by anybody on the way. Only hashes protect from both.

    Indexes that vendors keep for their own wheels, such as PyTorch's, are only noted, and so is
    PyPI beside one of them: what is newer there comes from there, for another CUDA. The
    setting `known` holds their hosts, or hosts with the beginning of a path; add your own.

    ## Fails

    ```yaml environment.yml
    dependencies:
      - pip
      - pip:
          - --extra-index-url https://wheels.example.org/simple
          - ourmodel==1.0
    ```

    ```yaml environment.yml
    dependencies:
      - pip
      - pip:
          - --index-url http://mirror.example.org/simple
          - numpy==1.26.4
    ```

    ```text requirements.txt
    --trusted-host mirror.example.org
    numpy==1.26.4
    ```

    ## Passes

    ```yaml environment.yml
    dependencies:
      - pip
      - pip:
          - numpy==1.26.4
    ```

    ```text requirements.txt
    --index-url https://pypi.org/simple
    numpy==1.26.4
    ```

    ```text requirements.txt
    --extra-index-url https://pypi.org/simple
    numpy==1.26.4
    ```

    ## Fix

    Keep one index. Give every requirement a hash where a second one is needed.
    """
    named = [req for req in doc.pip if req.kind in ("name", "url", "vcs", "path")]
    hashed = bool(named) and all(req.hashes for req in named)
    for req in doc.pip:
        if req.error:
            continue
        if req.option == "--trusted-host":
            yield _trusted(req)
        elif req.option == "--extra-index-url" and _is_pypi(req):
            yield from _pypi_too(req, _first_index(doc), known, hashed=hashed)
        elif req.option in _OPTIONS:
            yield from _index(req, known, hashed=hashed)


def _address(value: str) -> str:
    """``host/path`` of an index, empty where it is no URL."""
    match = _URL.match(value)
    return f"{match[2].lower()}{match[3]}" if match else ""


def _is_pypi(req: Requirement) -> bool:
    return bool(_PYPI.fullmatch(_address(req.value)))


def _first_index(doc: Manifest | Requirements) -> str:
    """The address of what stands in PyPI's place, empty where PyPI does."""
    named = [req for req in doc.pip if req.option in ("--index-url", "--pypi-url")]
    return _address(named[-1].value) if named and not _is_pypi(named[-1]) else ""


def _pypi_too(
    req: Requirement, first: str, known: tuple[str, ...], *, hashed: bool
) -> Iterator[Problem]:
    """PyPI as the further index of another, which is said of that other."""
    host = first.partition("/")[0]
    if not first:
        return
    if any(_begins(first, place.lower()) for place in known):
        yield Problem(
            f"{req.option} {req.value}",
            f"pip takes the highest version from `{host}` or from PyPI, whose wheels may be for "
            "another CUDA",
            req.location,
            f"Pin what is meant from `{host}` with its local version, as in `torch==2.5.1+cu121`.",
            Severity.NOTE,
        )
    else:
        yield _confused(req, host, Severity.NOTE if hashed else Severity.WARNING)


def _confused(req: Requirement, host: str, severity: Severity) -> Problem:
    message = (
        f"pip takes the highest version from `{host}` or from the public index, "
        "so a stranger can put a package before yours"
    )
    return Problem(f"{req.option} {req.value}", message, req.location, _PIN, severity)


def _trusted(req: Requirement) -> Problem:
    local = _LOCAL.fullmatch(req.value)
    return Problem(
        f"{req.option} {req.value}",
        f"`--trusted-host {req.value}` turns off the check of that server's certificate",
        req.location,
        "Delete the line, and give the server a certificate that pip can check.",
        Severity.NOTE if local else Severity.ERROR,
    )


def _index(req: Requirement, known: tuple[str, ...], *, hashed: bool) -> Iterator[Problem]:
    match = _URL.match(req.value)
    about = f"{req.option} {req.value}"
    if match is None:
        yield _place(req, about)
        return
    scheme, host, path = match[1].lower(), match[2].lower(), match[3]
    address = f"{host}{path}"
    if scheme == "http" and not _LOCAL.fullmatch(host):
        message = f"`{host}` is asked over plain http, so anybody on the way can change the answer"
        yield Problem(about, message, req.location, f"Write `https://{address}`.", Severity.ERROR)
    elif _PYPI.fullmatch(address):
        return  # what pip asks anyway
    elif any(_begins(address, place.lower()) for place in known):
        message = f"Packages come from `{host}` too, a vendor's index that pip asks for every name"
        yield Problem(about, message, req.location, _PIN, Severity.NOTE)
    else:
        yield _unknown(req, about, host, hashed=hashed)


def _place(req: Requirement, about: str) -> Problem:
    message = f"Packages come from `{req.value}`, a place that other machines may not have"
    return Problem(about, message, req.location, _PIN, Severity.WARNING)


def _unknown(req: Requirement, about: str, host: str, *, hashed: bool) -> Problem:
    if req.option == "--extra-index-url":
        # hosts named as public indexes and their mirrors are, serve nothing of one's own
        public = host.startswith("pypi.") and host.endswith(".org")
        severity = Severity.WARNING if public else Severity.ERROR
        return _confused(req, host, Severity.NOTE if hashed else severity)
    message = f"Packages come from `{host}`, which every machine must reach and trust"
    severity = Severity.NOTE if hashed else Severity.WARNING
    return Problem(about, message, req.location, _HASH, severity)


def _begins(address: str, place: str) -> bool:
    return address == place or address.startswith((f"{place}/", f"{place}:"))
