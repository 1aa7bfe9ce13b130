"""Images out of a registry and into one, and what can go wrong on the way."""

from __future__ import annotations

import base64
import json
from hashlib import sha256
from pathlib import Path

import pytest
from tests.imaging.fake_registry import FakeRegistry, Fault

from conda_preflight.engines.download import FetchError
from conda_preflight.errors import PreflightError, ReadError, UsageError
from conda_preflight.oci import manifest, referrers
from conda_preflight.oci.blobs import Blobs
from conda_preflight.oci.descriptor import INDEX, LAYER, Descriptor, canonical
from conda_preflight.oci.layer import Layer
from conda_preflight.registry.pulling import held, pull
from conda_preflight.registry.pushing import push
from conda_preflight.registry.reference import Reference, is_reference, read_reference
from conda_preflight.registry.repository import PUSH, open_repository

AMD = ("amd64", "")
CONTENT = bytes(range(256)) * 4096


def quiet(*_: object) -> None:
    pass


@pytest.fixture(autouse=True)
def docker_config(tmp_path, monkeypatch) -> Path:
    folder = tmp_path / "docker"
    folder.mkdir()
    monkeypatch.setenv("DOCKER_CONFIG", str(folder))
    return folder / "config.json"


@pytest.fixture
def blobs(tmp_path) -> Blobs:
    return Blobs(tmp_path / "blobs")


def image(blobs: Blobs, *layers: bytes) -> Descriptor:
    rows = [
        Layer("one", blobs.put(data, LAYER), f"sha256:{sha256(data).hexdigest()}")
        for data in layers
    ]
    return manifest.write(blobs, rows, manifest.Run("linux-64"), {}, 0)


def pushed(registry: FakeRegistry, blobs: Blobs, made: Descriptor, *about: Descriptor):
    repository = open_repository(Reference(registry.host, "a/b"), PUSH, pause=0.01)
    return push(repository, "1", blobs, (made, about), quiet)


def pulled(registry: FakeRegistry, place: Path, wanted: str = ":1", machine=AMD):
    reference = read_reference(f"{registry.host}/a/b{wanted}")
    store = Blobs(place)
    return pull(reference, store, machine, quiet, plain_http=False), store


def test_there_and_back(blobs, tmp_path):
    made = image(blobs, CONTENT, b"two")
    with FakeRegistry() as registry:
        first = pushed(registry, blobs, made)
        assert (first.sent, first.blobs) == (3, 3)
        assert registry.manifests["1"][1] == b"".join(blobs.chunks(made))
        again = pushed(registry, blobs, made)
        assert (again.sent, again.bytes) == (0, 0)
        found, store = pulled(registry, tmp_path / "other")
        assert found.digest == made.digest
        assert b"".join(found.layers[0].pieces()) == CONTENT
        asked = len(registry.seen)
        named = read_reference(f"{registry.host}/a/b@{made.digest}")
        assert held(named, store, AMD).digest == made.digest
        assert held(read_reference(f"{registry.host}/a/b:1"), store, AMD) is None
        assert len(registry.seen) == asked


@pytest.mark.parametrize(
    "fault",
    [
        Fault("PATCH *", cut=5000),
        Fault("PATCH *", status=500, times=2),
        Fault("PATCH *", status=404, times=2),
        Fault("PUT */uploads/*", status=503, headers={"Retry-After": "0"}),
        Fault("POST *", status=429, headers={"Retry-After": "0"}, times=2),
        Fault("PUT */manifests/*", status=502),
    ],
    ids=lambda fault: f"{fault.pattern} {fault.status or 'cut'}",
)
def test_a_push_goes_on_after(fault, blobs):
    made = image(blobs, CONTENT)
    with FakeRegistry(fault) as registry:
        pushed(registry, blobs, made)
        assert CONTENT in registry.blobs.values()
        assert fault.times == 0


def test_what_has_arrived_is_not_sent_again(blobs):
    made = image(blobs, CONTENT)
    with FakeRegistry(Fault("PATCH *", cut=len(CONTENT) // 2)) as registry:
        pushed(registry, blobs, made)
        assert CONTENT in registry.blobs.values()
        assert registry.count("POST *") == 2  # one for the config, one for the layer


def test_a_push_gives_up_in_the_end(blobs):
    made = image(blobs, CONTENT)
    with FakeRegistry(Fault("PATCH *", status=500, times=99)) as registry:
        with pytest.raises(FetchError, match="HTTP 500"):
            pushed(registry, blobs, made)
        assert registry.count("PATCH *") <= 8
        assert "1" not in registry.manifests


def test_a_cut_blob_is_taken_up(blobs, tmp_path):
    made = image(blobs, CONTENT)
    with FakeRegistry() as registry:
        pushed(registry, blobs, made)
        layer = f"*{sha256(CONTENT).hexdigest()}"
        registry.faults.append(Fault(f"GET {layer}", cut=1000, times=2))
        found, _ = pulled(registry, tmp_path / "other")
        assert b"".join(found.layers[0].pieces()) == CONTENT
        assert registry.count(f"GET {layer}") == 3


@pytest.mark.parametrize("size", [len(CONTENT), 10, len(CONTENT) * 2])
def test_another_file_than_its_digest_is_refused(size, blobs, tmp_path):
    made = image(blobs, CONTENT)
    with FakeRegistry() as registry:
        pushed(registry, blobs, made)
        bad = Fault(f"GET *{sha256(CONTENT).hexdigest()}", other=b"x" * size, times=99)
        registry.faults.append(bad)
        with pytest.raises(PreflightError):
            pulled(registry, tmp_path / "other")
        assert not list((tmp_path / "other").rglob("draft-*"))


def test_another_manifest_than_its_digest_is_refused(blobs, tmp_path):
    made = image(blobs, CONTENT)
    with FakeRegistry(Fault("GET */manifests/*", other=b"{}")) as registry:
        pushed(registry, blobs, made)
        with pytest.raises(ReadError, match="another file"):
            pulled(registry, tmp_path / "other", f"@{made.digest}")


def test_a_manifest_without_end_is_refused(blobs, tmp_path):
    made = image(blobs, b"x")
    with FakeRegistry(Fault("GET */manifests/*", other=b" " * (5 << 20))) as registry:
        pushed(registry, blobs, made)
        with pytest.raises(FetchError, match="more than"):
            pulled(registry, tmp_path / "other")


def test_an_index_gives_the_image_of_the_machine(blobs, tmp_path):
    rows = []
    with FakeRegistry() as registry:
        for machine, variant in (("amd64", ""), ("arm", "v6"), ("arm", "v7")):
            made = image(blobs, f"{machine}{variant}".encode())
            pushed(registry, blobs, made)
            platform = {"os": "linux", "architecture": machine}
            rows.append({**made.row, "platform": {**platform, "variant": variant}})
        rows.append({**made.row, "platform": {"os": "unknown", "architecture": "unknown"}})
        data = canonical({"schemaVersion": 2, "mediaType": INDEX, "manifests": rows})
        registry.manifests["all"] = (INDEX, data)
        found, _ = pulled(registry, tmp_path / "other", ":all", ("arm", "v7"))
        assert b"".join(found.layers[0].pieces()) == b"armv7"
        with pytest.raises(UsageError, match="not for linux/s390x") as told:
            pulled(registry, tmp_path / "other", ":all", ("s390x", ""))
        assert "linux/amd64" in told.value.hint


def log_in(config: Path, host: str, text: str = "me:secret") -> None:
    auth = base64.b64encode(text.encode()).decode()
    config.write_text(json.dumps({"auths": {f"https://{host}/v2/": {"auth": auth}}}))


@pytest.mark.parametrize("basic", [True, False])
def test_a_login_is_sent_where_it_is_wanted(basic, blobs, docker_config):
    made = image(blobs, CONTENT)
    with FakeRegistry(login="me:secret", basic=basic) as registry:
        log_in(docker_config, registry.host)
        pushed(registry, blobs, made)
        assert registry.manifests["1"]


@pytest.mark.parametrize("basic", [True, False])
@pytest.mark.parametrize("text", ["", "me:no"])
def test_a_wrong_login_is_told_and_not_shown(basic, text, blobs, docker_config):
    made = image(blobs, b"x")
    with FakeRegistry(login="me:secret", basic=basic) as registry:
        if text:
            log_in(docker_config, registry.host, text)
        with pytest.raises(FetchError, match="login") as told:
            pushed(registry, blobs, made)
        assert "me:" not in f"{told.value.message}{told.value.hint}"


def test_a_login_is_not_told_without_encryption_to_others(blobs, docker_config):
    made = image(blobs, b"x")
    with FakeRegistry(login="me:secret") as registry:
        log_in(docker_config, registry.host)
        registry.realm = "http://tokens.example.org/token"
        with pytest.raises(FetchError, match="no safe address"):
            pushed(registry, blobs, made)


def test_a_redirect_takes_no_login_along(blobs, tmp_path, docker_config):
    made = image(blobs, CONTENT)
    with FakeRegistry(login="me:secret") as registry, FakeRegistry() as other:
        log_in(docker_config, registry.host)
        pushed(registry, blobs, made)
        other.blobs = registry.blobs
        where = f"http://{other.host}/v2/a/b/blobs/sha256:{sha256(CONTENT).hexdigest()}"
        leads = Fault(f"GET *{sha256(CONTENT).hexdigest()}", 307, {"Location": where}, times=9)
        registry.faults.append(leads)
        pulled(registry, tmp_path / "other")
        assert [seen.authorization for seen in other.seen] == [""]


def test_a_redirect_in_a_circle_ends(blobs, tmp_path):
    with FakeRegistry() as registry:
        where = f"http://{registry.host}/v2/a/b/manifests/1"
        registry.faults.append(Fault("GET *", 307, {"Location": where}, times=99))
        with pytest.raises(FetchError, match="circle"):
            pulled(registry, tmp_path / "other")


def test_a_helper_gives_the_login(blobs, tmp_path, docker_config, monkeypatch):
    helper = tmp_path / "bin" / "docker-credential-fake"
    helper.parent.mkdir()
    helper.write_text('#!/bin/sh\nread host\necho \'{"Username":"me","Secret":"secret"}\'\n')
    helper.chmod(0o755)
    monkeypatch.setenv("PATH", f"{helper.parent}:/usr/bin:/bin")
    made = image(blobs, b"x")
    with FakeRegistry(login="me:secret") as registry:
        docker_config.write_text(json.dumps({"credsStore": "fake"}))
        pushed(registry, blobs, made)
        docker_config.write_text(json.dumps({"credsStore": "missing"}))
        with pytest.raises(PreflightError, match="cannot be started"):
            pushed(registry, blobs, made)
        docker_config.write_text(json.dumps({"credsStore": "../evil"}))
        with pytest.raises(PreflightError, match="no helper"):
            pushed(registry, blobs, made)


@pytest.mark.parametrize("knows", [True, False])
def test_documents_are_listed_by_the_image(knows, blobs):
    made = image(blobs, b"x")
    about = [referrers.attach(blobs, made, text, "text/plain", "a") for text in (b"1", b"2")]
    with FakeRegistry() as registry:
        registry.has_referrers = knows
        for _ in range(2):
            pushed(registry, blobs, made, *about)
        tag = made.digest.replace(":", "-")
        assert (tag in registry.manifests) is not knows
        if not knows:
            rows = json.loads(registry.manifests[tag][1])["manifests"]
            assert [row["digest"] for row in rows] == [each.digest for each in about]
            assert {row["artifactType"] for row in rows} == {"text/plain"}


def test_what_a_registry_says_is_one_plain_line(tmp_path):
    with FakeRegistry() as registry, pytest.raises(FetchError) as told:
        pulled(registry, tmp_path / "other")
    assert "\x1b" not in told.value.message
    assert "MANIFEST_UNKNOWN" in told.value.message


def test_nobody_there(tmp_path):
    reference = read_reference("127.0.0.1:9/a/b:1")
    with pytest.raises(FetchError, match="cannot be reached"):
        pull(reference, Blobs(tmp_path / "b"), AMD, quiet, plain_http=False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("reg.example.org/a/b:1", Reference("reg.example.org", "a/b", "1")),
        ("docker://localhost:5000/b", Reference("localhost:5000", "b")),
        ("debian:12", Reference("docker.io", "library/debian", "12")),
        ("index.docker.io/a/b", Reference("docker.io", "a/b")),
        (f"r.io/b:1@sha256:{'0' * 64}", Reference("r.io", "b", "1", f"sha256:{'0' * 64}")),
    ],
)
def test_names(text, expected):
    assert read_reference(text) == expected
    assert is_reference(text)


@pytest.mark.parametrize(
    "text", ["", "me:secret@r.io/b:1", "r.io/B:1", "r.io/b:", "r.io/../b", "r.io/b@sha256:0", "a b"]
)
def test_no_names(text):
    with pytest.raises(UsageError) as told:
        read_reference(text)
    assert "secret" not in told.value.message


def test_a_folder_that_is_missing_is_no_name():
    assert not is_reference("rootfs")
    assert not is_reference("work/rootfs")
