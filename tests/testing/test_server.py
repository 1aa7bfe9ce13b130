"""The server of channels: a plain static server, and each fault."""

from __future__ import annotations

import http.client
import math
import threading
import time

import pytest

from conda_preflight.testing.channel import Fault, Server

BODY = bytes(range(256)) * 40


@pytest.fixture
def served(tmp_path):
    (tmp_path / "linux-64").mkdir()
    (tmp_path / "linux-64" / "a.conda").write_bytes(BODY)
    (tmp_path.parent / "outside.txt").write_text("secret")
    with Server(tmp_path) as server:
        yield server


def get(server, path="/linux-64/a.conda", timeout=10, method="GET", **headers):
    """Status, body and headers, errors too; on a connection of its own."""
    place = server.url.removeprefix("http://")
    connection = http.client.HTTPConnection(place, timeout=timeout)
    try:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, headers=names)
        answer = connection.getresponse()
        return answer.status, answer.read(), answer.headers
    finally:
        connection.close()


def test_a_file_is_served_whole_and_counted(served):
    code, body, headers = get(served)
    assert (code, body, headers["Content-Length"]) == (200, BODY, str(len(BODY)))
    assert [(r.method, r.path, r.status) for r in served.requests] == [
        ("GET", "/linux-64/a.conda", 200)
    ]
    assert get(served, method="HEAD")[:2] == (200, b"")


@pytest.mark.parametrize("path", ["/none", "/linux-64", "/../outside.txt", "/%2e%2e/outside.txt"])
def test_what_is_not_a_file_of_the_directory_is_not_found(served, path):
    assert get(served, path)[:2] == (404, b"")


def test_what_is_known_is_not_sent_again(served):
    etag = get(served)[2]["ETag"]
    assert get(served, If_None_Match=etag)[:2] == (304, b"")
    assert get(served, If_None_Match='"other"')[0] == 200


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("bytes=0-9", BODY[:10]),
        ("bytes=100-", BODY[100:]),
        ("bytes=-7", BODY[-7:]),
        (f"bytes=9-{len(BODY) * 2}", BODY[9:]),
        (f"bytes=-{len(BODY) * 2}", BODY),
    ],
)
def test_a_part_is_sent(served, asked, part):
    code, body, headers = get(served, Range=asked)
    assert (code, body) == (206, part)
    start = len(BODY) - len(part) if not asked.startswith("bytes=0") else 0
    assert headers["Content-Range"] == f"bytes {start}-{start + len(part) - 1}/{len(BODY)}"


def test_odd_ranges(served):
    assert get(served, Range=f"bytes={len(BODY)}-")[0] == 416
    assert get(served, Range="bytes=-")[:2] == (200, BODY)
    assert get(served, Range="lines=1-2")[:2] == (200, BODY)
    assert get(served, Range="bytes=0-1", If_Range='"old"')[:2] == (200, BODY)


def test_a_connection_is_kept(served):
    connection = http.client.HTTPConnection(served.url.removeprefix("http://"), timeout=10)
    for _ in range(3):
        connection.request("GET", "/linux-64/a.conda")
        assert connection.getresponse().read() == BODY
    connection.close()


@pytest.mark.parametrize("code", [403, 404, 429, 500, 503])
def test_a_status_so_many_times(served, code):
    served.faults.append(Fault("*.conda", status=code, headers={"Retry-After": "1"}, times=2))
    assert get(served, "/else")[0] == 404
    answers = [get(served) for _ in range(3)]
    assert [answer[0] for answer in answers] == [code, code, 200]
    assert answers[0][2]["Retry-After"] == "1"


def test_a_body_is_cut(served):
    served.faults.append(Fault("*.conda", cut=True, after=100, times=1))
    with pytest.raises(http.client.IncompleteRead) as caught:
        get(served)
    assert caught.value.partial == BODY[:100]
    assert get(served)[1] == BODY


def test_other_bytes_of_the_same_length(served):
    served.faults.append(Fault("/linux-64/a*", corrupt=True))
    _, body, headers = get(served)
    assert len(body) == len(BODY)
    assert sum(a != b for a, b in zip(body, BODY, strict=True)) == 1
    served.faults.clear()
    assert get(served)[2]["ETag"] == headers["ETag"]


def test_another_body(served):
    served.faults.append(Fault("*", status=429, body=b"too many", times=1))
    assert get(served)[:2] == (429, b"too many")
    served.faults.append(Fault("*", body=b""))
    assert get(served)[:2] == (200, b"")


def test_credentials_are_asked_for(served):
    served.faults.append(Fault("*", status=401, unless="Bearer token"))
    assert get(served)[0] == 401
    assert get(served, Authorization="Bearer other")[0] == 401
    assert get(served, Authorization="Bearer token")[0] == 200


def test_an_answer_comes_late(served):
    served.faults.append(Fault("*", stall=0.2, after=50))
    start = time.monotonic()
    assert get(served)[1] == BODY
    assert time.monotonic() - start > 0.2


@pytest.mark.parametrize("after", [0, 50])
def test_an_answer_never_comes(tmp_path, after):
    (tmp_path / "a").write_bytes(BODY)
    with Server(tmp_path, Fault("*", stall=math.inf, after=after)) as server:
        with pytest.raises(TimeoutError):
            get(server, "/a", timeout=0.2)
        ended = []
        waiting = threading.Thread(target=lambda: ended.append(failure(get, server, "/a")))
        waiting.start()
        time.sleep(0.1)
    waiting.join(timeout=5)
    assert ended  # whoever waits is let go when the server is closed


def failure(call, *arguments):
    try:
        return call(*arguments)
    except (OSError, http.client.HTTPException) as error:
        return error


def test_a_closed_server_answers_nobody(tmp_path):
    with Server(tmp_path) as server:
        connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=5)
        connection.request("GET", "/")
        connection.getresponse().read()
    assert isinstance(failure(connection.request, "GET", "/"), OSError) or isinstance(
        failure(connection.getresponse), OSError
    )
    connection.close()
    with pytest.raises(ConnectionRefusedError):
        get(server)
