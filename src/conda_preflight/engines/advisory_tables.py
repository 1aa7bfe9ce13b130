"""The tables of an advisory database, and how its records are packed."""

from __future__ import annotations

import json
import zlib

from conda_preflight.advisories.osv_form import osv_form
from conda_preflight.advisories.record import parse
from conda_preflight.documents.advisory import Advisory
from conda_preflight.errors import ReadError
from conda_preflight.pattern import lazy_pattern

APPLICATION = 0x43504144
"""What SQLite keeps in the head of the file, by which it is known as ours ("CPAD")."""

VERSION = 1
MILLIONTHS = 1_000_000
_MAX_BODY = 16 * 1024 * 1024
_CVE = lazy_pattern(r"CVE-(\d{4})-(\d{4,9})")
_YEAR = 10**9

TABLES = """
CREATE TABLE feed (name TEXT PRIMARY KEY, facts TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE advisory (
    key INTEGER PRIMARY KEY, feed TEXT NOT NULL, id TEXT NOT NULL, modified TEXT NOT NULL,
    source TEXT NOT NULL, body BLOB NOT NULL, UNIQUE (feed, id));
CREATE TABLE product (
    ecosystem TEXT, name TEXT, advisory INTEGER,
    PRIMARY KEY (ecosystem, name, advisory)) WITHOUT ROWID;
CREATE TABLE refused (
    feed TEXT, id TEXT, modified TEXT NOT NULL, why TEXT NOT NULL,
    PRIMARY KEY (feed, id)) WITHOUT ROWID;
CREATE TABLE exploited (cve INTEGER PRIMARY KEY, added TEXT NOT NULL);
CREATE TABLE likelihood (cve INTEGER PRIMARY KEY, score INTEGER NOT NULL);
"""
"""``score`` is in millionths, ``cve`` as ``cve_number`` says, ``facts`` a Feed as JSON."""

_USUAL = (
    b'{"type":"CVSS_V4","score":"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N'
    b'{"type":"CVSS_V3","score":"CVSS:3.1/AV:L/AC:H/PR:L/UI:R/S:C/C:L/I:L/A:L"}],"severity":['
    b'"version_scheme":"generic"openssl"semver"pep440","precision":"upstream"cpe"vendor"nvd-cpe'
    b'"severity_rating":"LOW"CRITICAL"HIGH"MEDIUM","cvss_score":7.55.39.88.8"Upstream"'
    b'"database_specific":{"source":"bitnami/vulndb"github/advisory-database"pypa/advisory-database'
    b'"references":[{"type":"WEB","url":"https://nvd.nist.gov/vuln/detail/CVE-2024-'
    b'"},{"type":"WEB","url":"https://github.com/advisories/security/commit/pull/issues/releases/tag'
    b" attackers vulnerability allows arbitrary code execution denial of service via a crafted "
    b" malicious package upgrade to version or later. This issue affects versions prior to "
    b'"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"last_affected":"},{"fixed":"1.0.'
    b'"affected":[{"package":{"ecosystem":"PyPI","name":"'
    b'{"id":"GHSA-PYSEC-2025-CVE-2026-","modified":"2025-01-01T00:00:00Z","aliases":["CVE-2025-'
    b'"],"summary":"","details":"'
)
"""What records have in common, so that the packing of each need not learn it; part of VERSION."""


def pack(advisory: Advisory) -> bytes:
    """The advisory as a small blob."""
    text = json.dumps(osv_form(advisory), ensure_ascii=False, separators=(",", ":"))
    packer = zlib.compressobj(9, zdict=_USUAL)
    return packer.compress(text.encode()) + packer.flush()


def unpack(body: bytes) -> Advisory:
    """The advisory of a blob; raises ReadError for what is none."""
    return parse(text_of(body))


def text_of(body: bytes) -> bytes:
    """The record in a blob as JSON; raises ReadError for what is none."""
    unpacker = zlib.decompressobj(zdict=_USUAL)
    try:
        text = unpacker.decompress(body, _MAX_BODY)
    except zlib.error:
        raise ReadError("a record cannot be unpacked") from None
    if not unpacker.eof:
        raise ReadError("a record has no end")
    return text


def cve_number(identifier: str) -> int | None:
    """A CVE id as one number that sorts by year; None for any other id."""
    found = _CVE.fullmatch(identifier)
    return int(found[1]) * _YEAR + int(found[2]) if found else None


def cve_text(number: int) -> str:
    """The CVE id of such a number."""
    return f"CVE-{number // _YEAR}-{number % _YEAR:04d}"
