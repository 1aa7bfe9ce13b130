"""Values of a ``.condarc`` as conda reads them."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.documents import Condarc, Location, Setting

_TRUE = frozenset(("true", "yes", "on", "y"))
_FALSE = frozenset(("false", "off", "n", "no", "non", "none"))
_MAX_NUMBER = 40


def switch(setting: Setting | None) -> bool | None:
    """True or False as conda takes the text of a switch, None where it is neither or empty.

    Capitals, quotes and YAML's version do not matter, a number is true unless it is 0;
    source: ``boolify`` in conda.auxlib.type_coercion.
    """
    if setting is None or not isinstance(setting.value, str):
        return None
    word = setting.value.strip().lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    digits = word.replace(".", "", 1)
    if digits.isascii() and digits.isdecimal() and len(digits) <= _MAX_NUMBER:
        return bool(digits.strip("0"))
    return None


def texts(setting: Setting | None) -> Iterator[tuple[str, str, Location]]:
    """Each text of a setting with the key below the setting that it stands under, and its place.

    The key is empty for a scalar and for the items of a plain list; empty texts are left out.
    """
    if setting is None:
        return
    values = (setting.value,) if isinstance(setting.value, str) else setting.value
    for value, place in zip(values, setting.places, strict=False):
        key, text = ("", value) if isinstance(value, str) else value
        if text.strip():
            yield key, text.strip(), place


def plain_place(setting: Setting) -> Location | None:
    """Where the text of a scalar stands as it is, None where it is quoted or on another line."""
    if not isinstance(setting.value, str) or not setting.places:
        return None
    place = setting.places[0]
    plain = place.length == len(setting.value) and place.line == setting.location.line
    return place if plain else None


def is_fragment(condarc: Condarc) -> bool:
    """Whether the file is one of several in a ``condarc.d``, which conda merges."""
    return "condarc.d/" in condarc.path.lower()


def is_mamba_only(condarc: Condarc) -> bool:
    """Whether conda itself does not read the file."""
    return condarc.path.lower().endswith(".mambarc")
