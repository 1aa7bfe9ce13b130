"""``serve``: where it listens, and its tokens."""

from __future__ import annotations

import json
import stat
import sys

import pytest

from conda_preflight.cli import run
from conda_preflight.errors import UsageError
from conda_preflight.web.tokens import TokenFile, create, read


def test_nobody_else_may_read_without_a_token(capsys):
    assert run(["serve", "--host", "0.0.0.0", "--ledger", "x.db"]) == 2  # noqa: S104
    assert "everybody who reaches it could read" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ["--trusted-proxy", "10.0.0.0/8"],
        ["--proxy-user-header", "X-User", "--trusted-proxy", "nowhere"],
        ["token", "create", "--token-file", "t", "--name", "x", "--scope", "post"],
        ["token", "revoke", "--token-file", "t", "x"],
    ],
)
def test_wrong_use(words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run(["serve", *words]) == 2
    assert list(tmp_path.iterdir()) == []


def test_what_is_missing_is_told(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "jinja2", None)
    assert run(["serve", "--ledger", "x.db"]) == 2
    assert "conda-preflight[serve]" in capsys.readouterr().err


def test_a_token_is_shown_once_and_its_digest_kept(tmp_path, capsys):
    file = tmp_path / "tokens.json"
    words = ["--token-file", str(file), "--name", "ci", "--scope", "post", "--project", "a/*"]
    assert run(["serve", "token", "create", *words]) == 0
    secret = capsys.readouterr().out.strip()
    assert len(secret) > 40
    assert secret not in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    found = TokenFile(file).find(secret)
    assert found
    assert (found.covers("a/b"), found.covers("b/a")) == (True, False)
    assert run(["serve", "token", "list", "--token-file", str(file)]) == 0
    assert "ci  post" in capsys.readouterr().out
    with pytest.raises(UsageError):
        create(file, "ci", "read", ())


@pytest.mark.parametrize("text", ["", "[]", '{"tokens": [1]}', '{"tokens": [{"name": 1}]}'])
def test_a_file_that_is_none_of_tokens(tmp_path, text):
    file = tmp_path / "tokens.json"
    file.write_text(text)
    with pytest.raises(UsageError):
        read(file)


def test_a_file_that_others_can_write(tmp_path):
    file = tmp_path / "tokens.json"
    file.write_text(json.dumps({"tokens": []}))
    file.chmod(0o666)
    with pytest.raises(UsageError):
        read(file)
