"""What a manifest says about CUDA: every line that names a toolkit, and which it would take.

Sources: the names and build strings of the channels pytorch, nvidia and conda-forge; the local
versions and indexes of PyTorch's wheels; the suffixes of NVIDIA's wheels.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from conda_preflight.documents import Location, Manifest, Requirement, Requirements
from conda_preflight.facts.cuda import COMPONENTS, TOOLKITS, Toolkit
from conda_preflight.grammar.asked import Asked, by_conda, by_pip, shown
from conda_preflight.grammar.conda_version import matches
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import document_type

TORCH_FAMILY = ("pytorch", "torchvision", "torchaudio", "torch", "torchtext")
_PLAIN = lazy_pattern(r"={0,2}(\d{1,3})\.(\d{1,3})(?:\.[\d.]*\*?)?")
_NUMBERS = lazy_pattern(r"\d+(?:\.\d+)+")
_LABEL = lazy_pattern(r"(?:^|/)nvidia/label/cuda-(\d{1,3})\.(\d{1,3})")
_DOTTED = lazy_pattern(r"cuda(\d{1,3})\.(\d{1,3})")
_CLOSED = lazy_pattern(r"cuda_?(\d{2})(\d)(?!\d)")
_SHORT = lazy_pattern(r"(?:^|[_*])cu(\d{2})(\d)(?!\d)")
_MAJOR = lazy_pattern(r"cuda_?(1\d)(?=\*|_|$|py)")
_TAG = lazy_pattern(r"cu(\d{2})(\d)(?!\d)")
_IN_URL = lazy_pattern(r"(?:/|\+|%2B)cu(\d{2})(\d)(?=[/.\-]|$)", re.IGNORECASE)
_NAME = lazy_pattern(r"-cu(1\d)$|(?:^|-)cuda(1\d)(?:\d|x)?(?=-|$)")
_JAX = lazy_pattern(r"cuda(1\d)(?:-|$)|cuda(1\d)\.")
_DGL = lazy_pattern(r"dgl-cuda(\d{1,3})\.(\d{1,3})")


@document_type
class CudaRequest:
    """One line that names CUDA, and the toolkits that it would take.

    ``kind`` is "component", "build", "label", "wheel" or "index"; ``family`` is true for the
    packages of PyTorch, which fix the minor number too.
    """

    text: str
    name: str
    half: str
    kind: str
    toolkits: frozenset[Toolkit]
    location: Location
    family: bool = False
    condition: str = ""
    build: str = ""

    @property
    def majors(self) -> frozenset[int]:
        """The major numbers that it would take."""
        return frozenset(major for major, _ in self.toolkits)

    @property
    def wording(self) -> str:
        """``CUDA 11.7`` or ``CUDA 12``."""
        if len(self.toolkits) == 1:
            major, minor = next(iter(self.toolkits))
            return f"CUDA {major}.{minor}"
        return f"CUDA {' or '.join(str(major) for major in sorted(self.majors))}"


def requests(doc: Manifest | Requirements) -> tuple[CudaRequest, ...]:
    """Every line that narrows CUDA down, in file order by half."""
    found = [*_conda(doc), *_wheels(by_pip(doc)), *_indexes(doc.pip)]
    if isinstance(doc, Manifest):
        found.extend(_labels(doc))
    return tuple(r for r in found if r.toolkits and len(r.toolkits) < len(TOOLKITS))


@lru_cache(maxsize=1024)
def toolkits(constraint: str) -> frozenset[Toolkit]:
    """The toolkits whose version, with any patch number, a conda constraint takes."""
    if plain := _PLAIN.fullmatch(constraint):
        return frozenset(kit for kit in TOOLKITS if kit == (int(plain[1]), int(plain[2])))
    written = _NUMBERS.findall(constraint[:200])
    return frozenset(kit for kit in TOOLKITS if _takes(constraint, kit, written))


def index_cuda(req: Requirement) -> Toolkit | None:
    """The CUDA that an index or a page of wheels is for, as ``whl/cu118`` says."""
    found = _IN_URL.search(req.value) if req.kind == "option" else None
    return (int(found[1]), int(found[2])) if found else None


def local_cuda(local: str) -> Toolkit | None:
    """The CUDA of a local version: ``cu118``, ``pt21cu118``."""
    found = _TAG.search(local)
    return (int(found[1]), int(found[2])) if found else None


def _takes(constraint: str, kit: Toolkit, written: list[str]) -> bool:
    stem = f"{kit[0]}.{kit[1]}"
    same = [text for text in written if text == stem or text.startswith(f"{stem}.")]
    return any(matches(constraint, text) for text in (stem, f"{stem}.1", f"{stem}.999", *same))


def _of_major(major: int, least: int = 0) -> frozenset[Toolkit]:
    return frozenset(kit for kit in TOOLKITS if kit[0] == major and kit[1] >= least)


def _one(major: str, minor: str) -> frozenset[Toolkit]:
    return frozenset(((int(major), int(minor)),)) & frozenset(TOOLKITS)


def _conda(doc: Manifest | Requirements) -> Iterator[CudaRequest]:
    for line in by_conda(doc):
        family = line.name in TORCH_FAMILY
        if line.name in COMPONENTS and line.constraint:
            yield _request(line, "component", toolkits(line.constraint))
        elif label := _LABEL.search(line.channel):
            yield _request(line, "component", _one(label[1], label[2]))
        elif dgl := _DGL.fullmatch(line.name):
            yield _request(line, "component", _one(dgl[1], dgl[2]))
        elif line.build and line.name not in COMPONENTS:
            yield _request(line, "build", _of_build(line.build, family=family), family=family)


def _of_build(build: str, *, family: bool) -> frozenset[Toolkit]:
    """``py3.8_cuda11.3_...`` and ``py38_cu113`` are one toolkit, ``cuda118...`` that or a later."""
    if closed := _CLOSED.search(build):
        return _of_major(int(closed[1]), int(closed[2]))
    if exact := _DOTTED.search(build) or _SHORT.search(build):
        return _one(exact[1], exact[2]) if family else _of_major(int(exact[1]))
    found = _MAJOR.search(build)
    return _of_major(int(found[1])) if found else frozenset()


def _wheels(lines: Iterable[Asked]) -> Iterator[CudaRequest]:
    for line in lines:
        if kits := _of_wheel(line):
            yield _request(line, "wheel", kits, family=line.name in TORCH_FAMILY)


def _of_wheel(line: Asked) -> frozenset[Toolkit]:
    tag = local_cuda(line.local)
    if tag is None and (url := _IN_URL.search(line.url)):
        tag = (int(url[1]), int(url[2]))
    if tag is not None:
        return _one(str(tag[0]), str(tag[1])) if line.name in TORCH_FAMILY else _of_major(tag[0])
    if line.name.startswith("nvidia-cuda-runtime") and line.constraint:
        return toolkits(line.constraint)
    if name := _NAME.search(line.name):
        return _of_major(int(name[1] or name[2]))
    words = (*line.extras, line.local) if line.name in ("jax", "jaxlib") else ()
    found = next((m for word in words if (m := _JAX.match(word))), None)
    return _of_major(int(found[1] or found[2])) if found else frozenset()


def _indexes(lines: Iterable[Requirement]) -> Iterator[CudaRequest]:
    for req in lines:
        if kit := index_cuda(req):
            kits = _one(str(kit[0]), str(kit[1]))
            text = shown(req.text)
            yield CudaRequest(text, req.option, "pip", "index", kits, req.location, family=True)


def _labels(manifest: Manifest) -> Iterator[CudaRequest]:
    """Labels of the channel nvidia, which hold one toolkit each; with the plain one all are had."""
    names = [channel.name for channel in manifest.channels]
    for channel in manifest.channels:
        label = _LABEL.search(channel.name)
        if label and "nvidia" not in names:
            kits = _one(label[1], label[2])
            text = shown(channel.text)
            yield CudaRequest(text, channel.name, "conda", "label", kits, channel.location)


def _request(
    line: Asked, kind: str, kits: frozenset[Toolkit], *, family: bool = False
) -> CudaRequest:
    return CudaRequest(
        line.text,
        line.name,
        line.half,
        kind,
        kits,
        line.location,
        family,
        line.condition,
        line.build,
    )
