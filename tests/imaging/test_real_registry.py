"""A build into Debian's registry and out of it, where that, skopeo and buildah are installed."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.channel_locks import lock, packages
from tests.imaging.images import preflight

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (shutil.which("docker-registry") and shutil.which("skopeo")),
        reason="needs Debian's packages docker-registry and skopeo",
    ),
]
CONFIG = """
version: 0.1
log: {{level: error}}
storage: {{filesystem: {{rootdirectory: {place}}}}}
http: {{addr: "127.0.0.1:{port}"}}
"""


@pytest.fixture(scope="module")
def host(tmp_path_factory) -> Iterator[str]:
    place = tmp_path_factory.mktemp("registry")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (place / "config.yml").write_text(CONFIG.format(place=place / "data", port=port))
    words = ["docker-registry", "serve", str(place / "config.yml")]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        for _ in range(100):
            with socket.socket() as asked:
                if not asked.connect_ex(("127.0.0.1", port)):
                    break
            time.sleep(0.1)
        yield f"127.0.0.1:{port}"
        server.terminate()


@pytest.fixture(scope="module")
def project(tmp_path_factory, real_channel) -> Path:
    here = tmp_path_factory.mktemp("locked") / "project"
    return lock(here, packages(real_channel), "python")


def build(project: Path, cache: Path, *words: object) -> list[str]:
    done = preflight("image", "build", project, "--cache", cache, *words)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def skopeo(*words: str) -> str:
    done = subprocess.run(["skopeo", *words], capture_output=True, text=True, check=True)
    return done.stdout


def test_push_read_by_others_and_build_on_it(host, project, tmp_path):
    name, cache = f"{host}/nlp/chat", tmp_path / "cache"
    *_, digest = build(project, cache, "--push", f"{name}:1", "--sbom")
    shown = json.loads(skopeo("inspect", "--tls-verify=false", f"docker://{name}:1"))
    assert shown["Digest"] == digest
    listed = skopeo(
        "inspect", "--raw", "--tls-verify=false", f"docker://{name}:{digest.replace(':', '-')}"
    )
    (about,) = json.loads(listed)["manifests"]
    assert about["artifactType"] == "application/vnd.cyclonedx+json"
    _, sent, again = build(project, cache, "--push", f"{name}:2")
    assert again == digest
    assert ": sent 0 of " in sent

    other = tmp_path / "other"
    *_, first = build(project, other, "--base", f"{name}@{digest}", "--output", tmp_path / "one")
    words = ("--base", f"{name}@{digest}", "--output", tmp_path / "two", "--offline")
    *_, second = build(project, other, *words)
    assert first == second
    raw = json.loads(skopeo("inspect", "--raw", f"oci:{tmp_path / 'one'}:latest"))
    assert raw["annotations"]["org.opencontainers.image.base.digest"] == digest


@pytest.mark.skipif(not shutil.which("buildah"), reason="needs Debian's package buildah")
def test_buildah_pulls_it(host, project, tmp_path):
    build(project, tmp_path / "cache", "--push", f"{host}/nlp/read:1")
    words = ["buildah", "--storage-driver", "vfs", "--root", tmp_path / "s"]
    words += ["--runroot", tmp_path / "r", "pull", "--tls-verify=false", f"{host}/nlp/read:1"]
    done = subprocess.run(list(map(str, words)), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
