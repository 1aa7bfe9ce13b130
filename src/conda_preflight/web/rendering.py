"""Templates: every value is escaped, and what is hidden or acts in a name is shown as an escape."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from conda_preflight import __version__
from conda_preflight.answers.phrases import size
from conda_preflight.documents import Location
from conda_preflight.families import family_of, named
from conda_preflight.pictures.writing import style
from conda_preflight.web.shown import KeptFinding
from conda_preflight.web.sparkline import sparkline
from conda_preflight.writers.escaping import visible, with_code
from conda_preflight.writers.excerpt import excerpt

_MINUTE = 16
_WIDTH = 96
ASSETS = {"style.css": "text/css", "board.js": "text/javascript", "icon.svg": "image/svg+xml"}
_WORDS = {"NO_GO": "NO-GO", "": "no verdict"}


@cache
def asset(name: str) -> bytes:
    """The bytes of a file of ASSETS; the style has that of pictures too."""
    data = files(__package__).joinpath("static", name).read_bytes()
    return data + style().encode() if name == "style.css" else data


@cache
def asset_address(name: str) -> str:
    """Where a file of ASSETS is; another text has another address, so that it can be kept."""
    return f"/static/{name}?{sha256(asset(name)).hexdigest()[:12]}"


@cache
def _templates() -> Environment:
    made = Environment(
        loader=PackageLoader(__package__),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    made.filters |= {
        "time": time,
        "verdict": verdict,
        "number": number,
        "source": source,
        "with_code": lambda text: Markup(with_code(text)),  # noqa: S704  (escaped there)
        "size": size,
    }
    made.globals |= {
        "asset": asset_address,
        "sparkline": sparkline,
        "version": __version__,
        "family": lambda rule: named(family_of(rule)),
    }
    return made


def render(template: str, context: Mapping[str, Any], path: str, query: Mapping[str, str]) -> str:
    """A page; ``link`` in a template is this page with other values in its address."""

    def link(**changes: object) -> str:
        kept = {**query, **{name: str(value) for name, value in changes.items()}}
        told = urlencode({name: value for name, value in kept.items() if value})
        return f"{path}?{told}" if told else path

    return _templates().get_template(template).render(**context, link=link, path=path, query=query)


def _shown(value: object) -> object:
    plain = isinstance(value, str) and not isinstance(value, Markup)
    return visible(str(value)) if plain else value


def time(at: str) -> Markup:
    """A time in UTC to the minute, for people and for programs."""
    try:
        datetime.fromisoformat(at)
    except ValueError:
        return escape(visible(at))
    shown = at[:_MINUTE].replace("T", " ")
    return Markup('<time datetime="{}">{}</time>').format(at, shown)


def verdict(word: str) -> Markup:
    """A verdict as a badge: a word, and a colour beside it."""
    kind = word.lower().replace("_", "-") if word in {"GO", "NO_GO", "UNKNOWN"} else "none"
    shown = visible(_WORDS.get(word, word))
    return Markup('<span class="verdict {}">{}</span>').format(kind, shown)


def number(value: int) -> str:
    """A number with commas."""
    return f"{value:,}"


def source(finding: KeptFinding) -> Markup:
    """The line of the source with its span marked; empty where it was not kept."""
    if not finding.excerpt.strip():
        return Markup("")
    at = Location(finding.path, finding.line, finding.column, finding.length)
    part = excerpt(finding.excerpt, at, _WIDTH)
    line = Markup('<span class="line">{}</span>').format(finding.line or "")
    marked = Markup("<mark>{}</mark>").format(part.span) if part.carets else escape(part.span)
    inner = Markup("{}{}{}{}").format(line, part.before, marked, part.after)
    return Markup('<pre class="source" tabindex="0"><code>{}</code></pre>').format(inner)
