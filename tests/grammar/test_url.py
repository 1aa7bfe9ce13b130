from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conda_preflight.grammar.url import has_credentials, is_plain_http, redact

TOKEN = "ghp_" + "a1B2" * 9


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://user:pass@h/x", "https://***:***@h/x"),
        ("https://u:p/a@ss@h/x", "https://***:***@h/x"),
        ("https://:secret@h", "https://:***@h"),
        (f"git+https://{TOKEN}@h/x", "git+https://***@h/x"),
        ("https://0123456789abcdef@h/x", "https://***@h/x"),
        ("https://{{ user }}:hunter2@h", "https://***:***@h"),
        ("https://h/t/ab-123/conda-forge", "https://h/t/***/conda-forge"),
        ("https://h/x?token=abc&a=1", "https://h/x?token=***&a=1"),
        ("https://h/x?a=1&X-Amz-Signature=abc", "https://h/x?a=1&X-Amz-Signature=***"),
        (f"https://h/{TOKEN}/x", "https://h/***/x"),
    ],
)
def test_credentials_of_urls(text, shown):
    assert has_credentials(text)
    assert redact(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "https://u:${PASS}@h/x",
        "https://${USER}:$PASS@h",
        "https://{{ user }}:{{ password }}@h",
        "https://%USER%:%PASS%@h",
        "https://<user>:<password>@h",
        "https://git@h/o/r@v1",
        "git+ssh://git@h:o/r@v1",
        "https://me%40example.org@h",
        "https://h/t/${TOKEN}/x",
        "https://h/t/<TOKEN>/x",
        "https://h/x?token=$TOKEN",
        "http://h:8080/x@v1",
        "conda-token=0.4.0",
        "numpy==1.0",
    ],
)
def test_placeholders_are_no_credentials(text):
    assert not has_credentials(text)
    assert redact(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "pip --password hunter2 --x",
        "curl -u me:hunter2 https://h",
        "ENV PIP_TOKEN=hunter2",
        'password: "hunter2"',
        "Authorization: Bearer hunter2",
        '{"client_secret": "hunter2"}',
        "AWS_SECRET_ACCESS_KEY = hunter2",
    ],
)
def test_words_beside_a_secret(text):
    assert "hunter2" not in redact(text)


@pytest.mark.parametrize(
    "secret",
    [
        TOKEN,
        "hf_" + "aB3d" * 8,
        "pypi-AgEIcHlwaS5vcmcCJ" + "aB3" * 8,
        "AKIA" + "ABCD2345" * 2,
        "glpat-" + "a" * 20,
    ],
)
def test_shapes_of_tokens(secret):
    assert secret not in redact(f"see {secret}, please")


@pytest.mark.parametrize("text", ["the token of X is gone", "token: true", "see <https://h> a@b"])
def test_plain_sentences_stay(text):
    assert redact(text) == text


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("http://h/x", True),
        ("HTTP://h", True),
        ("git+http://h/x", True),
        ("http://u:p@h:80/x", True),
        ("http://127.0.0.1@h/x", True),
        ("https://h", False),
        ("http://localhost:8000", False),
        ("http://127.0.0.1/", False),
        ("http://[::1]:80/", False),
        ("file:///x", False),
        ("http:", False),
        ("", False),
    ],
)
def test_plain_http(url, plain):
    assert is_plain_http(url) is plain


@given(st.text() | st.from_regex(r"[a-z:/@?&=${}<>%t'\" -]{0,60}", fullmatch=True))
def test_never_raises_and_settles(text):
    once = redact(text)
    assert redact(once) == once
    assert is_plain_http(text) in (True, False)
    assert has_credentials(text) in (True, False)


@given(
    st.from_regex(r"[A-Za-z0-9._~-]{1,20}", fullmatch=True),
    st.from_regex(r"[A-Za-z0-9._~!+-]{8,30}", fullmatch=True),
)
def test_no_password_is_shown(user, password):
    secret = f"{password}Zq7"
    assert secret not in redact(f"could not open https://{user}:{secret}@h/x today")


@pytest.mark.parametrize(
    "piece",
    ["//a:b", "//u@", "token=", "pypi-", "a_", "/t/", "://x/t", "-a", "{{", "//{{a}}", "-u a:"],
)
def test_is_linear(piece):
    started = time.thread_time()
    redact(piece * 20_000)
    assert time.thread_time() - started < 3


@pytest.mark.parametrize(
    "word", ["PA\u017f\u017fword", "TO\u212aEN", "Credent\u0131als", "API_\u212aEY"]
)
def test_letters_that_fold_to_others_hide_no_secret(word):
    assert redact(f"{word}=hunter2") == f"{word}=***"
