"""Which packages bring which others, as far as indexes and lock files told it.

``tables/conda_needs.csv`` was made by ``benchmarks/needs_tables.py`` from public ``pixi.lock`` and
``conda-lock.yml`` files and snapshots of indexes (conda-forge, main, pytorch, nvidia and smaller
channels, 2018 to 2026), ``tables/pip_needs.csv`` from the metadata of wheels in such locks. A row
holds what every build needs that was seen of a range of releases on one platform at least. What
comes with every environment is left out; that list, and the one of libraries that nobody asks for
by themselves, are judgements.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from conda_preflight.facts.table import FOLDER
from conda_preflight.facts.version_range import numbers
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import value_type

_WITH_ALL = lazy_pattern(
    r"_.+|lib(?:gcc|stdcxx|gomp|gfortran\d?|cxx|cxxabi|winpthread)(?:-ng|-devel)?(?:_.+)?|ld_impl_.+"
    r"|vc|vc1\d_runtime|vcomp14|vs20\d\d_runtime|ucrt|msvc_runtime|m2w64-.+|msys2-.+|python_abi"
    r"|sysroot_.+|kernel-headers_.+|pthread-stubs|.+-proto|xorg-.+"
)
_LIBRARY = lazy_pattern(r"lib.+|mkl_.+|mkl-.+|gst-.+|qt-.+|cuda-(?!version|toolkit|nvcc).+|aws-.+")
_LIBRARIES_WORDS = """
    alsa-lib aom blas bzip2 c-ares ca-certificates cairo dav1d dbus double-conversion expat
    fontconfig freetype fribidi gdk-pixbuf gettext giflib glib gmp gnutls gobject-introspection
    graphite2 gstreamer harfbuzz hdf4 hdf5 icu intel-openmp jpeg jpeg-turbo jxrlib keyutils krb5
    lame lcms2 lerc llvm-openmp lz4-c mkl mpc mpfr mpir ncurses nettle nghttp2 nspr nss numpy-base
    openh264 openjpeg openssl pango pcre pcre2 pixman qhull readline s2n sip snappy sqlite svt-av1
    tbb tk tzdata x264 x265 xz yaml zeromq zlib zstd qtwebkit
    backports backports.functools_lru_cache backports.zoneinfo brotli brotli-python brotlipy
    certifi cffi chardet charset-normalizer cryptography dataclasses entrypoints idna
    importlib-metadata importlib_metadata importlib-resources importlib_resources munkres olefile
    pexpect ptyprocess pycparser pyopenssl pysocks python-tzdata setuptools six sniffio
    typing typing-extensions typing_extensions wcwidth webencodings wheel win_inet_pton zipp
    sphinxcontrib-applehelp sphinxcontrib-devhelp sphinxcontrib-htmlhelp sphinxcontrib-jsmath
    sphinxcontrib-qthelp sphinxcontrib-serializinghtml
"""
_LIBRARIES = frozenset(_LIBRARIES_WORDS.split())
_ALSO = {"numpy": ("mkl_fft", "mkl_random"), "libtiff": ("lz4-c",)}
"""What the channel main's builds need besides; source: its recipes (AnacondaRecipes on GitHub)."""
_NVIDIA_WHEEL = lazy_pattern(
    r"nvidia-[a-z0-9-]+-cu\d\d|nvidia-(?:cublas|cufft|cufile|curand|cusolver|cusparse|nvjitlink"
    r"|nvtx|cuda-(?:cupti|nvrtc|runtime))"
)


@value_type
class Needs:
    """What the releases from ``first`` to ``last`` (major and minor number) need."""

    first: str
    last: str
    names: frozenset[str]


Table = Mapping[str, tuple[Needs, ...]]


@cache
def conda_needs() -> Table:
    """What conda packages need, by name."""
    return _read("conda_needs")


@cache
def pip_needs() -> Table:
    """What projects of PyPI need, by normalized name."""
    return _read("pip_needs")


def needs_at(rows: tuple[Needs, ...], version: str) -> frozenset[str]:
    """What a release needs; between two ranges, or beyond all, only what both or all need."""
    have = numbers(version)[:2]
    held = [row for row in rows if numbers(row.first) <= have <= numbers(row.last)]
    before = [row for row in rows if numbers(row.last) < have][-1:]
    after = [row for row in rows if numbers(row.first) > have][:1]
    beside = [*before, *after] if before and after else list(rows)
    chosen = held or beside
    return frozenset.intersection(*(row.names for row in chosen)) if chosen else frozenset()


def needs_ever(rows: tuple[Needs, ...]) -> frozenset[str]:
    """What any release needs that was seen."""
    return frozenset().union(*(row.names for row in rows))


def comes_with_all(name: str) -> bool:
    """Whether a conda package comes with all others, such as the runtime of a compiler."""
    return bool(_WITH_ALL.fullmatch(name))


def is_only_needed(name: str) -> bool:
    """Whether a package is a library that nobody asks for but by asking for another one."""
    return name in _LIBRARIES or bool(_LIBRARY.fullmatch(name))


def is_part_of_torch(project: str) -> bool:
    """Whether a project of PyPI is a library of CUDA that torch's wheel is bound to."""
    return project in ("triton", "pytorch-triton") or bool(_NVIDIA_WHEEL.fullmatch(project))


def _read(name: str) -> Table:
    found: dict[str, list[Needs]] = defaultdict(list)
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            needs = Needs(row["first"], row["last"], frozenset(row["needs"].split()))
            found[row["package"]].append(needs)
    for package, names in _ALSO.items() if name == "conda_needs" else ():
        found[package] = [replace(n, names=n.names.union(names)) for n in found[package]]
    return {key: tuple(rows) for key, rows in found.items()}
