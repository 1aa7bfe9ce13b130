"""A channel as it is written."""

from __future__ import annotations

from conda_preflight.documents.place import Location
from conda_preflight.plain import value_type


@value_type
class Channel:
    """A channel as it is written: a bare name, ``name/label/x`` or a URL.

    ``name`` is what people call it: ``conda-forge`` for ``https://host/conda-forge``.
    """

    text: str
    name: str
    location: Location
