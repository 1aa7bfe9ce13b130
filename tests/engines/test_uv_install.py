from __future__ import annotations

import base64
import filecmp
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from conda_preflight.engines.uv_install import InstallError, hashed_requirements, install, pylock
from conda_preflight.solving.pip_half import Indexes, PipHalf

SECRET = "s3cr3t-of-nobody"  # noqa: S105
VERSION = "{}.{}.{}".format(*sys.version_info[:3])


@pytest.fixture
def prefix(tmp_path: Path) -> Path:
    return make_prefix(tmp_path / "prefix")


def make_prefix(path: Path) -> Path:
    """What ``venv`` makes, in less time."""
    version = "{}.{}".format(*sys.version_info[:2])
    (path / f"lib/python{version}/site-packages").mkdir(parents=True)
    (path / "bin").mkdir()
    real = Path(sys.executable).resolve()
    python(path).symlink_to(real)
    (path / "pyvenv.cfg").write_text(f"home = {real.parent}\nversion = {VERSION}\n")
    return path


def python(prefix: Path) -> Path:
    return prefix / "bin/python"


def site(prefix: Path) -> Path:
    (found,) = prefix.glob("lib/python*/site-packages")
    return found


def resolved(index, *lines: str, **more):
    half = index.resolve(*lines, python=VERSION, **more)
    assert isinstance(half, PipHalf), half
    return half.packages


def names(prefix: Path) -> list[str]:
    return sorted(path.name for path in site(prefix).iterdir())


def test_exactly_the_named_files_are_installed(index, prefix):
    index.wheel("lib", "1", "dep")
    index.wheel("dep", "1")
    (site(prefix) / "from_conda.py").touch()
    packages = resolved(index, "lib")
    install(packages[1:], python(prefix), cache=index.cache)
    assert names(prefix) == ["from_conda.py", "lib-1.dist-info", "lib.py"]
    info = site(prefix) / "lib-1.dist-info"
    assert not (info / "direct_url.json").exists()
    assert (site(prefix) / "lib.py").stat().st_nlink == 1


def test_two_installs_are_the_same_byte_for_byte(index, tmp_path):
    index.wheel("lib", "1", entry_points="[console_scripts]\nlib = lib:main\n")
    packages = resolved(index, "lib")
    trees = []
    for cache in ("one", "two"):
        where = make_prefix(tmp_path / "prefix")
        install(packages, python(where), cache=tmp_path / cache)
        trees.append(where.rename(tmp_path / f"{cache}-tree"))
    found = filecmp.dircmp(*map(site, trees))
    assert not found.left_only + found.right_only + found.diff_files
    one, two = (site(tree) / "lib-1.dist-info" for tree in trees)
    assert {f.name: f.read_bytes() for f in one.iterdir()} == {
        f.name: f.read_bytes() for f in two.iterdir()
    }


def test_bytecode_only_when_asked(index, prefix):
    index.wheel("lib", "1")
    packages = resolved(index, "lib")
    install(packages, python(prefix), cache=index.cache)
    assert "__pycache__" not in names(prefix)
    install(packages, python(make_prefix(prefix.parent / "p2")), cache=index.cache, bytecode=True)
    assert "__pycache__" in names(prefix.parent / "p2")


def test_a_file_with_another_hash_is_not_installed(index, prefix):
    wheel = index.wheel("lib", "1")
    (package,) = resolved(index, "lib")
    wheel.write_bytes(index.wheel("lib", "1", files={"lib.py": b"evil"}).read_bytes())
    with pytest.raises(InstallError, match=r"(Hash|Size) mismatch"):
        install([package], python(prefix), cache=prefix / "fresh")
    with pytest.raises(InstallError, match="Hash mismatch"):
        install([replace(package, size=0)], python(prefix), cache=prefix / "fresh")
    assert names(prefix) == []


def test_a_file_of_the_cache_with_another_hash_is_not_installed(index, prefix):
    index.wheel("lib", "1")
    (package,) = resolved(index, "lib")
    install([package], python(prefix), cache=index.cache)
    other = replace(package, sha256="0" * 64)
    target = make_prefix(prefix.parent / "other")
    with pytest.raises(InstallError, match="Hash mismatch"):
        install([other], python(target), cache=index.cache)
    assert names(target) == []


def test_a_package_without_a_hash_is_refused_before_anything_is_asked(index, prefix):
    index.wheel("lib", "1")
    (package,) = resolved(index, "lib")
    before = len(index.server.requests)
    with pytest.raises(InstallError, match="No sha256 is known for lib"):
        install([replace(package, sha256="")], python(prefix), cache=prefix / "fresh")
    assert len(index.server.requests) == before


def test_packages_without_an_address_are_found_by_version_and_hash(index, prefix):
    index.wheel("lib", "1")
    index.wheel("lib", "2")
    (package,) = resolved(index, "lib==1")
    bare = replace(package, url="", sha256="")
    install([bare], python(prefix), cache=prefix / "fresh", indexes=Indexes(index.url))
    assert "lib-1.dist-info" in names(prefix)
    assert list(hashed_requirements([bare])) == [f"lib==1 \\\n    --hash={bare.hashes[0]}"]
    wrong = replace(bare, hashes=("sha256:" + "0" * 64,))
    target = make_prefix(prefix.parent / "other")
    with pytest.raises(InstallError, match="cannot be installed"):
        install([wrong], python(target), cache=prefix / "f2", indexes=Indexes(index.url))


def test_offline_from_the_cache(index, prefix):
    index.wheel("lib", "1")
    packages = resolved(index, "lib")
    with pytest.raises(InstallError, match=r"[Nn]etwork"):
        install(packages, python(prefix), cache=prefix / "empty", offline=True)
    install(packages, python(prefix), cache=index.cache)
    target = make_prefix(prefix.parent / "other")
    before = len(index.server.requests)
    install(packages, python(target), cache=index.cache, offline=True)
    assert len(index.server.requests) == before
    assert "lib.py" in names(target)


def test_a_private_index_is_asked_with_the_credentials_of_the_settings(index, prefix):
    login = base64.b64encode(f"me:{SECRET}".encode()).decode()
    index.wheel("lib", "1")
    index.fault("*", status=401, unless=f"Basic {login}")
    settings = Indexes(index.url.replace("http://", f"http://me:{SECRET}@"))
    packages = resolved(index, "lib", indexes=settings)
    assert SECRET not in pylock(packages)
    with pytest.raises(InstallError, match="401") as caught:
        install(packages, python(prefix), cache=prefix / "fresh")
    assert SECRET not in caught.value.message + caught.value.hint
    install(packages, python(prefix), cache=prefix / "fresh", indexes=settings)
    assert "lib.py" in names(prefix)
    assert not [p for p in site(prefix).rglob("*") if p.is_file() and SECRET in p.read_text()]


def test_sdists_are_built_only_when_allowed(index, prefix, tmp_path):
    index.built_by_its_own_code("src", "1", tmp_path / "ran")
    (package,) = resolved(index, "src", allow_sdists=True)
    (tmp_path / "ran").unlink()
    with pytest.raises(InstallError, match="cannot be installed"):
        install([package], python(prefix), cache=prefix / "fresh")
    assert names(prefix) == []
    assert not (tmp_path / "ran").exists()
    install([package], python(prefix), cache=prefix / "fresh", allow_sdists=True)
    assert names(prefix) == ["src-1.dist-info", "src.py"]


@pytest.mark.parametrize("what", [{"status": 404}, {"status": 500}, {"cut": True, "after": 100}])
def test_a_server_in_trouble_leaves_nothing(index, prefix, what):
    index.wheel("lib", "1")
    packages = resolved(index, "lib")
    index.fault("/files/*", **what)
    with pytest.raises(InstallError, match="cannot be installed"):
        install(packages, python(prefix), cache=prefix / "fresh")
    assert names(prefix) == []


def test_nothing_to_install_is_done_at_once():
    install([], Path("/nonexistent/python"))


def test_texts_of_a_lock_stay_texts(index):
    index.wheel("lib", "1")
    (package,) = resolved(index, "lib")
    hostile = replace(package, version='1"\n[[packages]]\nname = "evil')
    assert '\n[[packages]]\nname = "evil' not in pylock([hostile])
