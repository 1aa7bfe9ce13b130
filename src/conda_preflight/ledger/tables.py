"""The tables, as numbered steps from nothing to what this version needs.

SQLite and PostgreSQL both understand these statements; BYTES is replaced by the type for bytes.
``record`` and ``content`` are the truth, the rest repeats them for quick questions.
"""

from __future__ import annotations

_RECORDS = """
CREATE TABLE content (digest TEXT PRIMARY KEY, body BYTES NOT NULL);
CREATE TABLE series (
  id INTEGER PRIMARY KEY,
  project TEXT NOT NULL,
  subject TEXT NOT NULL,
  name TEXT NOT NULL,
  records INTEGER NOT NULL,
  latest INTEGER NOT NULL,
  audited INTEGER NOT NULL,
  UNIQUE (project, subject)
);
CREATE TABLE record (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  series INTEGER NOT NULL,
  at TEXT NOT NULL,
  errors INTEGER NOT NULL,
  warnings INTEGER NOT NULL,
  notes INTEGER NOT NULL,
  muted INTEGER NOT NULL,
  came INTEGER NOT NULL,
  went INTEGER NOT NULL,
  moved INTEGER NOT NULL,
  body TEXT NOT NULL,
  digest TEXT NOT NULL
);
CREATE INDEX record_series ON record (series, seq);
CREATE INDEX record_digest ON record (digest)
"""
_SPELLS = """
CREATE TABLE finding (
  series INTEGER NOT NULL,
  fingerprint TEXT NOT NULL,
  rule TEXT NOT NULL,
  severity TEXT NOT NULL,
  muted INTEGER NOT NULL,
  about TEXT NOT NULL,
  path TEXT NOT NULL,
  targets TEXT NOT NULL,
  came INTEGER NOT NULL,
  went INTEGER
);
CREATE INDEX finding_there ON finding (series) WHERE went IS NULL;
CREATE INDEX finding_fingerprint ON finding (fingerprint, came);
CREATE INDEX finding_rule ON finding (rule, came);
CREATE TABLE advisory (
  name TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  PRIMARY KEY (name, fingerprint)
);
CREATE TABLE package (
  series INTEGER NOT NULL,
  path TEXT NOT NULL,
  environment TEXT NOT NULL,
  platform TEXT NOT NULL,
  manager TEXT NOT NULL,
  name TEXT NOT NULL,
  version TEXT NOT NULL,
  build TEXT NOT NULL,
  came INTEGER NOT NULL,
  went INTEGER
);
CREATE INDEX package_series ON package (series, name);
CREATE INDEX package_there ON package (series) WHERE went IS NULL;
CREATE INDEX package_name ON package (name, version) WHERE went IS NULL;
CREATE TABLE day (
  day TEXT NOT NULL,
  severity TEXT NOT NULL,
  came INTEGER NOT NULL,
  went INTEGER NOT NULL,
  PRIMARY KEY (day, severity)
)
"""
_STANDING = """
ALTER TABLE series ADD COLUMN command TEXT NOT NULL DEFAULT '';
ALTER TABLE series ADD COLUMN verdict TEXT NOT NULL DEFAULT '';
ALTER TABLE series ADD COLUMN at TEXT NOT NULL DEFAULT '';
CREATE INDEX series_at ON series (at, id);
CREATE INDEX series_name ON series (name, id);
CREATE TABLE waiver (
  series INTEGER NOT NULL,
  until TEXT NOT NULL,
  rule TEXT NOT NULL,
  reason TEXT NOT NULL,
  findings INTEGER NOT NULL
);
CREATE INDEX waiver_series ON waiver (series);
CREATE INDEX waiver_until ON waiver (until, series, rule, reason);
CREATE INDEX finding_rule_there ON finding (rule, series) WHERE went IS NULL;
CREATE INDEX package_name_there ON package (name, series) WHERE went IS NULL
"""
STEPS: tuple[str, ...] = (_RECORDS, _SPELLS, _STANDING)
"""Each step is applied once, whole; a step that was published is never changed.

What the third says of records that were there before is worked out by ``standing``.
"""
