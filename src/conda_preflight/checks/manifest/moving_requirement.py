"""manifest/moving-requirement."""

from __future__ import annotations

import re
from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Manifest, Requirement, Requirements
from conda_preflight.pattern import lazy_pattern
from conda_preflight.report import Problem, Severity

_FULL = lazy_pattern(r"[0-9a-f]{40}|[0-9a-f]{64}", re.IGNORECASE)
_SHORT = lazy_pattern(r"[0-9a-f]{7,39}", re.IGNORECASE)
_TAG = lazy_pattern(r"v?\d+(?:[._-][\w.+-]*)?|[\w.-]+[-_]v?\d+(?:\.\d+)+", re.IGNORECASE)
_BRANCH_ARCHIVE = lazy_pattern(
    r"/(?:tarball|zipball|archive|tree)/(?:refs/heads/)?(?:main|master|develop|dev|head)\b"
    r"|/refs/heads/|/latest/",
    re.IGNORECASE,
)
_COMMIT = "@<the full 40 letters and digits of a commit>"


@check("manifest/moving-requirement", Severity.ERROR)
def moving_requirement(doc: Manifest | Requirements) -> Iterator[Problem]:
    r"""A requirement from a repository or a URL can be another one tomorrow.

    Without a commit, pip takes the newest state of the default branch on the day of the
    installation. A branch moves by design (error); a tag can be moved, and an abbreviated
    commit can come to mean two (warning). What lies behind a plain URL can be replaced, and
    only a hash notices (warning).

    ## Fails

    ```yaml environment.yml
    dependencies:
      - pip
      - pip:
          - git+https://github.com/huggingface/transformers
    ```

    ```yaml environment.yml
    dependencies:
      - pip
      - pip:
          - -e git+https://github.com/openai/CLIP.git@main#egg=clip
    ```

    ```yaml environment.yml
    dependencies:
      - pip
      - pip:
          - requests @ https://example.org/requests-2.31.0-py3-none-any.whl
    ```

    ## Passes

    ```yaml environment.yml
    dependencies:
      - pip
      - pip:
          - git+https://github.com/openai/CLIP.git@dcba3cb2e2827b402d2701e7e1c7d9fed8a20ef1
    ```

    ```text requirements.txt
    requests @ https://example.org/requests-2.31.0-py3-none-any.whl \
        --hash=sha256:58cd2187c01e70e6e26505bca751777aa9f2ee0b7f4300988b709f44e013003f
    ```

    ## Fix

    Write `@` and the full commit behind the repository, or `#sha256=` and the digest behind
    the URL.
    """
    for req in doc.pip:
        if req.error:
            continue
        if req.kind == "vcs":
            yield from _repository(req)
        elif req.kind == "url" and not req.url.lower().startswith("file:"):
            yield from _address(req)


def _repository(req: Requirement) -> Iterator[Problem]:
    about = req.name or _without_revision(req.url)
    revision = _revision(req.url)
    if _FULL.fullmatch(revision) or (req.url.startswith("svn+") and revision.isdigit()):
        return
    shown = f"`{_title(req)}`"
    if not revision:
        text, severity = f"{shown} is whatever the repository holds that day", Severity.ERROR
    elif _SHORT.fullmatch(revision) and not revision.isdigit():
        text = f"{shown} names an abbreviated commit, `{revision}`"
        severity = Severity.WARNING
    elif _TAG.fullmatch(revision):
        text, severity = f"{shown} names the tag `{revision}`, which can be moved", Severity.WARNING
    else:
        text, severity = f"{shown} follows the branch `{revision}`", Severity.ERROR
    fix = f"Write `{_without_revision(req.url)}{_COMMIT}`."
    yield Problem(about, text, req.location, fix, severity)


def _address(req: Requirement) -> Iterator[Problem]:
    if req.hashes:
        return
    about = req.name or req.url
    shown = f"`{about[:120]}`"
    if _BRANCH_ARCHIVE.search(req.url):
        text = f"{shown} is an archive of a branch, which changes with every commit"
        severity = Severity.ERROR
    elif req.editable:
        return
    else:
        text = f"{shown} comes from a URL without a hash, and what lies there can change"
        fixed = re.search(r"/[0-9a-f]{40}\b", req.url)
        severity = Severity.NOTE if fixed else Severity.WARNING
    fix = "Name the archive of one commit or release, with `#sha256=` and its digest behind it."
    yield Problem(about, text, req.location, fix, severity)


def _title(req: Requirement) -> str:
    return req.name or _without_revision(req.url).rpartition("/")[2].removesuffix(".git")


def _revision(url: str) -> str:
    """What follows the @ of the path; one in the authority belongs to a login."""
    path = url.partition("#")[0].partition("?")[0].partition("://")[2] or url
    return path.partition("/")[2].rpartition("@")[2] if "@" in path.partition("/")[2] else ""


def _without_revision(url: str) -> str:
    plain = url.partition("#")[0]
    revision = _revision(url)
    return plain[: -len(revision) - 1] if revision and plain.endswith(f"@{revision}") else plain
