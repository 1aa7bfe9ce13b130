"""The model that will run: how large it is."""

from __future__ import annotations

from conda_preflight.documents.place import Location
from conda_preflight.plain import document_type


@document_type
class Model:
    """How many parameters and bytes it has; ``stated`` says in words where that is from.

    ``weights`` are the bytes of its parameters as they will be loaded; ``cache`` those of
    keys and values of one token, 0 unknown; ``tokens`` are so many at once, 0 not stated;
    ``dtype`` is what it is computed in, empty unknown. Of a file that is no model here,
    ``fault`` says why.
    """

    path: str
    location: Location
    parameters: int = 0
    weights: int = 0
    dtype: str = ""
    cache: int = 0
    tokens: int = 0
    stated: str = ""
    fault: str = ""
