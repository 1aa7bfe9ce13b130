"""Packages and channels made here: the same bytes each time, and a real solver takes them."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
import time
import zipfile

import pytest
import zstandard

from conda_preflight.testing.channel import (
    Artifact,
    Entry,
    Fault,
    Server,
    index_channel,
    on_platforms,
    read_record,
    record,
    write_artifact,
    write_benchmark_channel,
    write_channel,
    write_installable_channel,
)
from conda_preflight.testing.channel.artifact import PLACEHOLDER

TOOL = Artifact(
    "tool",
    "1.0",
    "h0_1",
    build_number=1,
    depends=["lib >=1", "__glibc >=2.17"],
    constrains=["other <2"],
    license="BSD-3-Clause",
    files={
        "bin/tool": Entry(f"#!{PLACEHOLDER}/bin/sh\n".encode(), 0o755, placeholder=PLACEHOLDER),
        "bin/tool2": Entry(link="tool"),
        "lib/tool.bin": Entry(
            b"\1" + PLACEHOLDER.encode() + b"/lib\0\2", placeholder=PLACEHOLDER, binary=True
        ),
        "lib/out": Entry(link="../../elsewhere"),
        "share/late": Entry(lambda: b"read when it is written"),
    },
    index={"purls": ["pkg:pypi/tool@1.0"], "track_features": "gpu"},
    about={"summary": "A tool"},
    info={"licenses/LICENSE": b"Do what you like.\n"},
)
NAMES = ["bin/tool", "bin/tool2", "lib/out", "lib/tool.bin", "share/late"]


def bytes_of(folder):
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def unpacked(file):
    """The members of a package by name: content, mode and link."""
    if file.suffix == ".bz2":
        return members(file.open("rb"))
    found = {}
    with zipfile.ZipFile(file) as container:
        assert json.loads(container.read("metadata.json")) == {"conda_pkg_format_version": 2}
        for name in container.namelist()[1:]:
            packed = zstandard.ZstdDecompressor().stream_reader(container.read(name))
            found |= members(io.BytesIO(packed.read()))
    return found


def members(content):
    with content, tarfile.open(fileobj=content) as archive:
        return {
            m.name: (archive.extractfile(m).read() if m.isfile() else b"", m.mode, m.linkname)
            for m in archive
        }


@pytest.mark.parametrize("ending", [".conda", ".tar.bz2"])
def test_a_package_holds_what_was_asked(tmp_path, ending):
    file = write_artifact(TOOL, tmp_path, ending)
    assert file == tmp_path / "linux-64" / f"tool-1.0-h0_1{ending}"
    content = unpacked(file)
    index = json.loads(content["info/index.json"][0])
    assert index == TOOL.record()
    assert index["build_number"] == 1
    assert index["track_features"] == "gpu"
    assert content["info/files"][0].decode().split() == NAMES
    assert content["info/licenses/LICENSE"][0] == b"Do what you like.\n"
    assert content["bin/tool"][1] == 0o755
    assert content["bin/tool2"][2] == "tool"
    rows = {row["_path"]: row for row in json.loads(content["info/paths.json"][0])["paths"]}
    assert rows["bin/tool"]["file_mode"] == "text"
    assert rows["lib/tool.bin"]["file_mode"] == "binary"
    assert rows["bin/tool2"]["path_type"] == "softlink"
    assert rows["bin/tool2"]["sha256"] == rows["bin/tool"]["sha256"]
    for name in ("bin/tool", "lib/tool.bin", "share/late"):
        assert rows[name]["sha256"] == hashlib.sha256(content[name][0]).hexdigest()
        assert rows[name]["size_in_bytes"] == len(content[name][0])


def test_a_channel_made_twice_is_the_same_to_the_byte(tmp_path):
    for name in ("a", "b"):
        write_artifact(TOOL, tmp_path / name)
        write_artifact(TOOL, tmp_path / name, ".tar.bz2")
        index_channel(tmp_path / name)
        time.sleep(0.01)
    assert bytes_of(tmp_path / "a") == bytes_of(tmp_path / "b")


def test_a_placeholder_must_be_there(tmp_path):
    with pytest.raises(ValueError, match="bin/x does not contain its placeholder"):
        write_artifact(Artifact("x", "1", files={"bin/x": Entry(b"", placeholder="/p")}), tmp_path)


def test_repodata_tells_what_packages_hold(tmp_path):
    file = write_artifact(TOOL, tmp_path)
    write_artifact(Artifact("old", "1"), tmp_path, ".tar.bz2")
    write_artifact(Artifact("any", "1", noarch="generic"), tmp_path)
    index_channel(tmp_path)
    repodata = json.loads((tmp_path / "linux-64/repodata.json").read_text())
    row = repodata["packages.conda"][file.name]
    assert row == {key: value for key, value in read_record(file).items() if key != "fn"}
    assert row["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert row["size"] == file.stat().st_size
    assert "indexed_timestamp" not in row
    assert list(repodata["packages"]) == ["old-1-0.tar.bz2"]
    packed = (tmp_path / "linux-64/repodata.json.zst").read_bytes()
    assert json.loads(zstandard.ZstdDecompressor().decompress(packed)) == repodata
    noarch = json.loads((tmp_path / "noarch/repodata.json").read_text())
    assert list(noarch["packages.conda"]) == ["any-1-0.conda"]


def test_what_is_no_package_is_refused(tmp_path):
    (tmp_path / "linux-64").mkdir()
    with tarfile.open(tmp_path / "linux-64" / "x-1-0.tar.bz2", "w:bz2"):
        pass
    with pytest.raises(ValueError, match=r"info/index\.json"):
        index_channel(tmp_path)


def test_a_package_is_installed_as_it_was_made(tmp_path, rattler):
    tool = write_artifact(TOOL, tmp_path / "c")
    write_artifact(Artifact("lib", "1"), tmp_path / "c")
    index_channel(tmp_path / "c")
    found = rattler([tmp_path / "c"], ["tool"], prefix := tmp_path / "prefix")
    assert [
        "tool",
        "1.0",
        "linux-64",
        f"{(tmp_path / 'c').as_uri()}/",
        tool.stat().st_size,
    ] in found
    assert (prefix / "bin/tool").read_text() == f"#!{prefix}/bin/sh\n"
    assert (prefix / "bin/tool").stat().st_mode & 0o777 == 0o755
    assert (prefix / "bin/tool2").readlink().name == "tool"
    binary = (prefix / "lib/tool.bin").read_bytes()
    assert binary.startswith(f"\1{prefix}/lib\0".encode())
    assert len(binary) == len(TOOL.files["lib/tool.bin"].read())
    installed = json.loads((prefix / "conda-meta/tool-1.0-h0_1.json").read_text())
    assert installed["purls"] == ["pkg:pypi/tool@1.0"]


STACK = [
    record("torch", "2.1.0", build="cpu_0", depends=["numpy <2"]),
    record("torch", "2.1.0", build="cuda118_0", depends=["numpy <2", "cudart 11.8.*"]),
    record("cudart", "11.8", constrains=["gcc <12"], size=5_000_000),
    record("numpy", "1.26"),
    record("numpy", "2.0", timestamp=1_800_000_000_000),
    record("tzdata", "1", noarch="generic"),
]


def test_a_synthetic_channel_is_made_at_once(synthetic_channel, tmp_path):
    start = time.perf_counter()
    synthetic_channel(*STACK)
    assert time.perf_counter() - start < 0.5
    write_channel(tmp_path / "again", STACK)
    assert bytes_of(tmp_path / "channel") == bytes_of(tmp_path / "again")


def test_a_synthetic_channel_is_solved(synthetic_channel, rattler):
    main = synthetic_channel(*STACK, name="main", platforms=("linux-64", "osx-arm64"))
    first = synthetic_channel(record("numpy", "1.0"), name="first")
    found = rattler([main], ["torch * cuda*", "tzdata"])
    assert {(name, version) for name, version, *_ in found} == {
        ("torch", "2.1.0"),
        ("cudart", "11.8"),
        ("numpy", "1.26"),
        ("tzdata", "1"),
    }
    assert next(size for name, *_, size in found if name == "cudart") == 5_000_000
    found = rattler([first, main], ["torch", "numpy"])
    assert next(version for name, version, *_ in found if name == "numpy") == "1.0"
    with pytest.raises(RuntimeError, match="gcc"):
        rattler([main], ["torch * cuda*", "gcc"])


def test_records_for_several_platforms(tmp_path, rattler):
    write_channel(tmp_path, on_platforms(["linux-64", "osx-arm64"], STACK))
    found = rattler([tmp_path], ["torch", "tzdata"], platforms=("osx-arm64", "noarch"))
    assert {subdir for _, _, subdir, *_ in found} == {"osx-arm64", "noarch"}


def test_digests_of_records_differ(tmp_path):
    rows = list(on_platforms(["linux-64", "osx-arm64"], STACK))
    assert len(rows) == 11
    assert len({row["sha256"] for row in rows}) == len(rows)


def test_an_installable_channel_over_http(installable_channel, tmp_path, rattler):
    channel = installable_channel(*STACK, record("old", "1", ending=".tar.bz2"))
    with Server(channel) as server:
        rattler([server.url], ["torch * cpu*", "old"], prefix := tmp_path / "prefix")
        assert (prefix / "share/torch.txt").read_text() == "2.1.0 cpu_0\n"
        assert (prefix / "share/old.txt").exists()
        other = (channel / "linux-64/cudart-11.8-0.conda").read_bytes()
        server.faults.append(Fault("*/tzdata-*", body=other))
        with pytest.raises(RuntimeError, match="hash mismatch"):
            rattler([server.url], ["tzdata"], tmp_path / "other")
    write_installable_channel(tmp_path / "again", [*STACK, record("old", "1", ending=".tar.bz2")])
    assert bytes_of(channel) == bytes_of(tmp_path / "again")


def test_a_large_channel_is_made_quickly_and_solved(tmp_path, rattler):
    start = time.process_time()
    file = write_benchmark_channel(tmp_path / "big") / "linux-64" / "repodata.json"
    assert time.process_time() - start < 5
    with file.open(encoding="utf-8") as lines:
        assert sum(line.startswith(('"', ',"')) for line in lines) >= 199_999
    found = rattler([tmp_path / "big"], ["package-99"])
    assert {version for _, version, *_ in found} == {"1.19.0"}
    assert 50 < len(found) <= 100


def test_a_large_channel_is_the_same_for_the_same_seed(tmp_path):
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        write_benchmark_channel(tmp_path / name, 1_010, seed=seed)
    assert bytes_of(tmp_path / "a") == bytes_of(tmp_path / "b") != bytes_of(tmp_path / "c")
    rows = json.loads((tmp_path / "a/linux-64/repodata.json").read_text())["packages.conda"]
    assert len(rows) == 1_010
    assert all(name == f"{r['name']}-{r['version']}-{r['build']}.conda" for name, r in rows.items())
