"""Records as canonical JSON: a small body, and contents that many records share.

The same values give the same bytes: keys are sorted, the text is ASCII. What is bulky
and mostly the same from one record to the next (findings, packages, files, what was asked)
stands in contents named by their SHA-256, so that it is kept once.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from conda_preflight.errors import ReadError
from conda_preflight.ledger.linking import links_of, plain_links
from conda_preflight.ledger.record import Environment, KeptPackage, Mark, ReadFile, Record
from conda_preflight.ledger.store import LedgerError
from conda_preflight.ledger.text import clean
from conda_preflight.plain import document_type

VERSION = 1
_TEXTS = (
    "command",
    "at",
    "user",
    "host",
    "tool",
    "project",
    "name",
    "subject",
    "revision",
    "branch",
    "verdict",
    "report_sha256",
)
Contents = Mapping[str, bytes]


@document_type
class Written:
    """A record as it is kept: its body, the contents it names, and the record read back.

    ``record`` is what the bytes say, with texts cut and cleaned.
    """

    body: str
    contents: Contents
    record: Record


def written(record: Record) -> Written:
    """The bytes of a record; raises ReadError where a value is of another kind."""
    contents: dict[str, bytes] = {}

    def keep(value: object) -> str:
        data = canonical(value).encode("ascii")
        digest = hashlib.sha256(data).hexdigest()
        contents[digest] = data
        return digest

    body: dict[str, Any] = {name: clean(getattr(record, name)) for name in _TEXTS}
    body |= {
        "version": VERSION,
        "dirty": record.dirty,
        "reasons": [clean(each) for each in record.reasons],
        "coverage": dict(record.coverage),
        "targets": [[clean(name), clean(verdict)] for name, verdict in record.targets],
        "facts": {clean(k): _fact(v) for k, v in record.facts.items()},
        "files": keep([[clean(f.path), clean(f.kind), clean(f.sha256)] for f in record.files]),
        "findings": keep([_mark(mark) for mark in record.marks]),
        "scope": keep(_scope(record)),
        "environments": [
            [*map(clean, each.place), keep([_package(one) for one in each.packages])]
            for each in record.environments
        ],
        "report": _kept_report(record, contents),
    }
    if any(each.links for each in record.environments):
        body["links"] = keep([plain_links(each.links) for each in record.environments])
    text = canonical(body)
    return Written(text, contents, read(text, contents.__getitem__))


def read(body: str, content: Callable[[str], bytes]) -> Record:
    """A record from its body; ``content`` gives the bytes of a digest. Raises ReadError."""
    try:
        return _read(json.loads(body), content)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        raise ReadError("this is no record of a ledger") from None


def message(record: Record) -> str:
    """A whole record as one JSON text in ASCII, to be sent to whoever keeps the ledger."""
    told = written(record)
    contents = {name: data.decode("utf-8") for name, data in told.contents.items()}
    return canonical({"body": told.body, "contents": contents})


def received(text: str) -> Record:
    """The record of a message; raises ReadError where it is none, or a digest is not true."""
    try:
        told = json.loads(text)
        body, sent = told["body"], told["contents"]
        contents = {str(name): str(data).encode("utf-8") for name, data in sent.items()}
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        raise ReadError("this is no record of a ledger") from None
    for name, data in contents.items():
        if hashlib.sha256(data).hexdigest() != name:
            raise ReadError("a content is not what its digest says")
    if not isinstance(body, str):
        raise ReadError("this is no record of a ledger")
    return read(body, contents.__getitem__)


def content_digests(body: str) -> list[str]:
    """The digests of the contents that a body names; raises ReadError."""
    try:
        told = json.loads(body)
        found = [told["files"], told["findings"], told["scope"]]
        found += [each[3] for each in told["environments"]]
        found += [each for each in (told.get("links"), told["report"]) if each]
        return [str(each) for each in found]
    except (KeyError, TypeError, ValueError, IndexError, RecursionError):
        raise ReadError("this is no record of a ledger") from None


def wholeness(content: Callable[[str], bytes]) -> Callable[[str], bool]:
    """Tells of the text of a record whether nothing was left out; most share what says so.

    What is damaged does not say it.
    """

    @cache
    def scope_is_whole(digest: str) -> bool:
        return bool(json.loads(content(digest))["whole"])

    def is_whole(body: str) -> bool:
        try:
            return scope_is_whole(str(json.loads(body)["scope"]))
        except (LedgerError, KeyError, TypeError, ValueError, RecursionError):
            return False

    return is_whole


def canonical(value: object) -> str:
    """Plain values as JSON in ASCII, always in the same bytes."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _kept_report(record: Record, contents: dict[str, bytes]) -> str:
    if not record.report:
        return ""
    data = record.report.encode("utf-8", "backslashreplace")
    digest = hashlib.sha256(data).hexdigest()
    contents[digest] = data
    return digest


def _fact(value: object) -> object:
    return value if value is None or isinstance(value, bool | int) else clean(value)


def _scope(record: Record) -> dict[str, object]:
    return {
        "rules": sorted(map(clean, record.rules)),
        "unchecked": sorted([clean(rule), clean(path)] for rule, path in record.unchecked),
        "whole": record.whole,
    }


def _mark(mark: Mark) -> list[object]:
    texts = (mark.rule, mark.severity, mark.about, mark.path)
    more = (mark.message, mark.fingerprint, mark.muted)
    lists = ([clean(one) for one in mark.ids], [clean(one) for one in mark.targets])
    place = (int(mark.column), int(mark.length), clean(mark.excerpt), clean(mark.fix))
    return [*map(clean, texts), int(mark.line), *map(clean, more), *lists, *place]


def _package(one: KeptPackage) -> list[str]:
    return [
        clean(text)
        for text in (one.manager, one.name, one.version, one.build, one.channel, one.digest)
    ]


def _read(told: dict[str, Any], content: Callable[[str], bytes]) -> Record:
    def of(digest: str) -> Any:  # noqa: ANN401  (plain JSON)
        return json.loads(content(digest))

    scope = of(told["scope"])
    linked = of(told["links"]) if told.get("links") else [None] * len(told["environments"])
    return Record(
        **{name: clean(told[name]) for name in _TEXTS},
        dirty=None if told["dirty"] is None else bool(told["dirty"]),
        reasons=tuple(map(clean, told["reasons"])),
        coverage={str(key): int(value) for key, value in told["coverage"].items()},
        targets=tuple((clean(name), clean(verdict)) for name, verdict in told["targets"]),
        facts={str(key): value for key, value in told["facts"].items()},
        files=tuple(ReadFile(*map(clean, each)) for each in of(told["files"])),
        marks=tuple(map(_read_mark, of(told["findings"]))),
        rules=tuple(map(clean, scope["rules"])),
        unchecked=tuple((clean(rule), clean(path)) for rule, path in scope["unchecked"]),
        whole=bool(scope["whole"]),
        environments=tuple(
            _read_environment(row, of(row[3]), links)
            for row, links in zip(told["environments"], linked, strict=True)
        ),
        report=content(told["report"]).decode("utf-8") if told["report"] else "",
    )


def _read_mark(row: list[Any]) -> Mark:
    rule, severity, about, path, line, message, fingerprint, muted, ids, targets, *place = row
    column, length, excerpt, fix = place or (0, 0, "", "")  # the first records had no such
    return Mark(
        rule=clean(rule),
        severity=clean(severity),
        about=clean(about),
        path=clean(path),
        line=int(line),
        message=clean(message),
        fingerprint=clean(fingerprint),
        muted=clean(muted),
        ids=tuple(map(clean, ids)),
        targets=tuple(map(clean, targets)),
        column=int(column),
        length=int(length),
        excerpt=clean(excerpt),
        fix=clean(fix),
    )


def _read_environment(row: list[Any], packages: list[Any], links: object) -> Environment:
    path, name, platform, _ = row
    kept = tuple(map(_read_package, packages))
    return Environment(clean(path), clean(name), clean(platform), kept, links_of(links, len(kept)))


def _read_package(row: list[Any]) -> KeptPackage:
    return KeptPackage(*map(clean, row))
