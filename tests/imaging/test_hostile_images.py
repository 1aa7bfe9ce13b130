"""Images from nobody knows where: refused with a sentence, and nothing is written outside."""

from __future__ import annotations

import gzip
import json
import shutil
import tarfile
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.imaging.images import docker_archive, environment, folder, layer, layout, link, member

from conda_preflight.errors import ReadError
from conda_preflight.oci import stored, unpacking
from conda_preflight.oci.tree import Node, Tree

ENV = list(environment("opt/env", {"bin/greet": b"hello\n"}))


def told(*_):
    pass


def unpacked(place: Path, target: Path) -> dict[str, bytes]:
    """The files that an audit would look at, by path."""
    image = stored.open_image(place)
    tree = unpacking.index(image, told)
    target.mkdir()
    unpacking.unpack(image, tree, unpacking.prefixes(tree), target, told)
    files = (file for file in target.rglob("*") if file.is_file() and not file.is_symlink())
    return {str(file.relative_to(target)): file.read_bytes() for file in files}


def test_layers_lie_on_each_other(tmp_path):
    first = layer(*ENV, member("opt/env/lib/old.py", b"old"), member("opt/env/share/a", b"a"))
    second = layer(
        member("opt/env/lib/.wh.old.py"),
        member("opt/env/share/b", b"b"),
        member("opt/env/share/.wh..wh..opq"),
        member("opt/env/bin/greet", b"changed\n"),
    )
    found = unpacked(layout(tmp_path / "image", [first, second]), tmp_path / "out")
    assert "opt/env/lib/old.py" not in found
    assert "opt/env/share/a" not in found
    assert found["opt/env/share/b"] == b"b"
    assert found["opt/env/bin/greet"] == b"changed\n"


def test_folders_that_are_links_are_followed_inside(tmp_path):
    first = layer(folder("usr/lib"), link("lib", "usr/lib"), link("lib64", "/usr/lib"), *ENV)
    second = layer(member("lib/libz.so.1", b"one"), member("lib64/libm.so.6", b"two"))
    found = unpacked(layout(tmp_path / "image", [first, second]), tmp_path / "out")
    assert found["usr/lib/libz.so.1"] == b"one"
    assert found["usr/lib/libm.so.6"] == b"two"


def test_nothing_is_written_through_a_link(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    hostile = layer(
        *ENV,
        link("opt/env/evil", str(outside)),
        member("opt/env/evil/file", b"x"),
        link("opt/env/up", "../../../../.."),
        member(f"opt/env/up{outside}/file2", b"x"),
    )
    found = unpacked(layout(tmp_path / "image", [hostile]), tmp_path / "out")
    assert not list(outside.iterdir())
    assert all(data != b"x" or not path.startswith("opt/env/evil") for path, data in found.items())


@pytest.mark.parametrize("name", ["../evil", "a/../../evil", "opt/env/../../../evil"])
def test_paths_that_lead_out(tmp_path, name):
    place = layout(tmp_path / "image", [layer(*ENV, member(name, b"x"))])
    with pytest.raises(ReadError, match="outside"):
        unpacked(place, tmp_path / "out")


def test_absolute_paths_are_below_the_root(tmp_path):
    place = layout(tmp_path / "image", [layer(*ENV, member("/opt/env/lib/a", b"x"))])
    assert unpacked(place, tmp_path / "out")["opt/env/lib/a"] == b"x"


def test_devices_and_pipes_are_never_made(tmp_path):
    odd = [
        member("opt/env/null", type=tarfile.CHRTYPE, devmajor=1, devminor=3),
        member("opt/env/disk", type=tarfile.BLKTYPE, devmajor=8, devminor=0),
        member("opt/env/pipe", type=tarfile.FIFOTYPE),
    ]
    place = layout(tmp_path / "image", [layer(*ENV, *odd)])
    unpacked(place, tmp_path / "out")
    names = {file.name for file in (tmp_path / "out" / "opt" / "env").iterdir()}
    assert names == {"bin", "conda-meta"}


def test_hard_links_and_modes(tmp_path):
    hard = member("opt/env/bin/same", type=tarfile.LNKTYPE, linkname="opt/env/bin/greet")
    secret = member("opt/env/secret", b"s", mode=0o4000)
    place = layout(tmp_path / "image", [layer(*ENV, secret), layer(hard)])
    found = unpacked(place, tmp_path / "out")
    assert found["opt/env/bin/same"] == b"hello\n"
    assert (tmp_path / "out/opt/env/secret").stat().st_mode & 0o7777 == 0o600


def test_links_without_end_lead_nowhere(tmp_path):
    loop = layer(*ENV, link("a", "b"), link("b", "a"), member("a/file", b"x"))
    with pytest.raises(ReadError, match="leads nowhere"):
        unpacked(layout(tmp_path / "image", [loop]), tmp_path / "out")


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.ZstdCompressor(level=19).compress])
def test_a_bomb(tmp_path, pack):
    zeros = bytes(400 << 20)
    place = layout(tmp_path / "image", [zeros], packed=[pack(zeros)])
    with pytest.raises(ReadError, match="unpacks to more than"):
        unpacked(place, tmp_path / "out")


def test_a_description_that_would_fill_the_memory(tmp_path):
    head = tarfile.TarInfo("././@PaxHeader")
    head.type, head.size = tarfile.XHDTYPE, 1 << 33
    data = head.tobuf(tarfile.GNU_FORMAT) + bytes(10_240)
    with pytest.raises(ReadError, match="too large to be true"):
        unpacked(layout(tmp_path / "image", [data]), tmp_path / "out")


def test_a_changed_blob(tmp_path):
    place = layout(tmp_path / "image", [layer(*ENV)])
    manifest = json.loads((place / "index.json").read_bytes())["manifests"][0]["digest"][7:]
    rows = json.loads((place / "blobs/sha256" / manifest).read_bytes())
    blob = place / "blobs/sha256" / rows["layers"][0]["digest"][7:]
    blob.write_bytes(gzip.compress(layer(*ENV, member("opt/env/more", b"x"))))
    with pytest.raises(ReadError, match="is damaged"):
        unpacked(place, tmp_path / "out")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "no mapping"),
        ("{}", "no image"),
        ('{"manifests": [{"digest": "sha256:../../etc/passwd", "size": 1}]}', "is none"),
        ('{"manifests": [{"digest": "sha256:' + "0" * 64 + '", "size": 1}]}', "has no blobs"),
    ],
)
def test_an_index_that_is_none(tmp_path, text, why):
    place = layout(tmp_path / "image", [layer(*ENV)])
    (place / "index.json").write_text(text)
    with pytest.raises(ReadError, match=why):
        stored.open_image(place)


def test_two_images_in_one_layout(tmp_path):
    place = layout(tmp_path / "image", [layer(*ENV)])
    other = layout(tmp_path / "other", [layer(*ENV)], author="another")
    rows = [json.loads((p / "index.json").read_bytes())["manifests"][0] for p in (place, other)]
    shutil.copytree(other / "blobs", place / "blobs", dirs_exist_ok=True)
    (place / "index.json").write_text(json.dumps({"manifests": rows}))
    with pytest.raises(ReadError, match="several images"):
        stored.open_image(place)
    machines = [{"architecture": name} for name in ("amd64", "arm64")]
    rows = [{**row, "platform": one} for row, one in zip(rows, machines, strict=True)]
    (place / "index.json").write_text(json.dumps({"manifests": rows}))
    assert stored.open_image(place, "arm64").config["author"] == "another"


def test_a_docker_archive_with_layers_that_are_links(tmp_path):
    first = layer(*ENV)
    file = docker_archive(tmp_path / "image.tar", [first, layer(member("a", b"a")), first])
    assert stored.is_image(file)
    assert unpacked(file, tmp_path / "out")["opt/env/bin/greet"] == b"hello\n"


def test_an_archive_that_is_compressed_says_so(tmp_path):
    file = docker_archive(tmp_path / "image.tar", [layer(*ENV)])
    packed = tmp_path / "image.tar.gz"
    packed.write_bytes(gzip.compress(file.read_bytes()))
    assert not stored.is_image(packed)
    with pytest.raises(ReadError, match="compressed as a whole"):
        stored.open_image(packed)


def test_whiteouts_of_what_is_not_there():
    tree = Tree()
    rows = [".wh.nothing", "a/.wh.nothing", "b/.wh..wh..opq", ".wh."]
    tree.lay(unpacking.Member(name, "file", 0o644, 0, "", n) for n, name in enumerate(rows))
    assert not list(tree.files())


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 12_000), st.binary(min_size=1, max_size=40), st.booleans())
def test_any_damage_is_told_or_harmless(tmp_path_factory, at, noise, cut):
    place = tmp_path_factory.mktemp("damaged")
    data = bytearray(docker_archive(place / "image.tar", [layer(*ENV)]).read_bytes())
    if cut:
        del data[at:]
    else:
        data[at : at + len(noise)] = noise
    (place / "image.tar").write_bytes(data)
    try:
        image = stored.open_image(place / "image.tar")
        tree = unpacking.index(image, told)
    except ReadError:
        return
    assert all(isinstance(path, str) for path, node in tree.files() if isinstance(node, Node))
