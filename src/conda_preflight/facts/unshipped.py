"""What advisories of a product speak of and its conda packages do not hold."""

from __future__ import annotations

from conda_preflight.plain import value_type

BUNDLED = {
    ("CVE-2023-4863", "pillow"): "libwebp",
    ("CVE-2023-5129", "pillow"): "libwebp",
    ("CVE-2023-4863", "imagecodecs"): "libwebp",
    ("CVE-2023-4863", "opencv-python"): "libwebp",
    ("CVE-2023-4863", "opencv-contrib-python"): "libwebp",
    ("CVE-2023-4863", "opencv-python-headless"): "libwebp",
    ("CVE-2023-4863", "opencv-contrib-python-headless"): "libwebp",
}
"""(flaw of a library, project) where the project's wheels hold a copy of that library.

Sources: https://pillow.readthedocs.io/en/stable/releasenotes/10.0.1.html and the advisories of
these projects in https://github.com/pypa/advisory-database (PYSEC-2023-174, -175, -181 to -184).
"""


@value_type
class Component:
    """A part of a product: ``word`` is how texts call it, in lower case."""

    title: str
    word: str
    packages: frozenset[str]


COMPONENTS = {
    "zlib": (Component("MiniZip", "minizip", frozenset(("zlib", "libzlib"))),),
}
"""Parts that these packages do not hold.

Source: https://github.com/conda-forge/zlib-feedstock (MiniZip is the package ``minizip``).
"""


@value_type
class Languages:
    """The languages that a product is written in: the package's own, and the others."""

    own: frozenset[str]
    others: frozenset[str]


LANGUAGES = {
    "protobuf": Languages(
        frozenset(("c++", "cpp", "protoc", "libprotobuf")),
        frozenset(("java", "kotlin", "python", "ruby", "php", "javascript", "golang", "rust")),
    ),
}
"""Products of one name in several languages. Source: https://protobuf.dev/reference/."""

SPLIT_PRODUCTS = {"cuda-toolkit": "the CUDA Toolkit", "gstreamer": "GStreamer"}
"""Products whose advisories give one range, and which conda splits into packages by part.

Sources: https://docs.nvidia.com/cuda/cuda-toolkit-release-notes/ (the table of components),
https://gstreamer.freedesktop.org/modules/.
"""
