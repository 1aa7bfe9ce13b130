"""An index on the loopback interface, and questions about it."""

from __future__ import annotations

import io
import shutil
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from conda_preflight.documents import Location
from conda_preflight.engines.uv import resolve
from conda_preflight.grammar import requirement
from conda_preflight.solving.pip_half import Indexes, PipAnswer, PipQuestion, Provided
from conda_preflight.testing.channel.faults import Fault
from conda_preflight.testing.channel.server import Server
from conda_preflight.testing.channel.simple_index import SimpleIndex
from conda_preflight.testing.channel.wheels import make_sdist, make_wheel


@dataclass
class Index:
    """Projects of a test, served while it is open, and what is asked of them."""

    files: Path
    server: Server
    cache: Path
    yanked: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"{self.server.url}/simple"

    def wheel(self, name: str, version: str, *requires: str, **more: object) -> Path:
        return make_wheel(self.files, name, version, requires, **more)

    def sdist(self, name: str, version: str, *requires: str) -> Path:
        return make_sdist(self.files, name, version, requires)

    def built_by_its_own_code(self, name: str, version: str, trace: Path) -> Path:
        """An sdist that tells nothing of itself unless its code runs, which leaves a trace."""
        wheel = make_wheel(self.files.parent / "hidden", name, version)
        backend = (
            "from pathlib import Path\n"
            f"def build_wheel(folder, config_settings=None, metadata_directory=None):\n"
            f"    Path({str(trace)!r}).touch()\n"
            f"    Path(folder, {wheel.name!r}).write_bytes({wheel.read_bytes()!r})\n"
            f"    return {wheel.name!r}\n"
        )
        project = '[build-system]\nrequires = []\nbuild-backend = "own"\nbackend-path = ["."]\n'
        info = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        file = self.files / f"{name}-{version}.tar.gz"
        with tarfile.open(file, "w:gz") as tar:
            for path, text in (
                ("PKG-INFO", info),
                ("own.py", backend),
                ("pyproject.toml", project),
            ):
                member = tarfile.TarInfo(f"{name}-{version}/{path}")
                member.size = len(text.encode())
                tar.addfile(member, io.BytesIO(text.encode()))
        return file

    def fault(self, pattern: str, **what: object) -> None:
        self.server.faults.append(Fault(pattern, **what))

    @property
    def asked(self) -> set[str]:
        return {request.path for request in self.server.requests}

    def question(self, *lines: str, provided: dict[str, str] | None = None, **more) -> PipQuestion:
        given = {"python": "3.11.7", "platform": "linux-64", "indexes": Indexes(self.url)} | more
        return PipQuestion(
            requirements=tuple(
                requirement.parse(line, Location("environment.yml", row))
                for row, line in enumerate(lines, 1)
            ),
            provided=tuple(Provided(*each) for each in (provided or {}).items()),
            **given,
        )

    def resolve(self, *lines: str, seconds: float = 30, **more) -> PipAnswer:
        return resolve(self.question(*lines, **more), cache=self.cache, seconds=seconds)


@pytest.fixture(scope="session")
def known_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache in which uv has already asked the interpreter about itself."""
    cache = tmp_path_factory.mktemp("uv")
    line = requirement.parse("a", Location(""))
    resolve(PipQuestion((line,), "3.11.7", "linux-64", offline=True), cache=cache)
    return cache


@pytest.fixture
def make_index(
    tmp_path: Path, known_python: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str], Index]]:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    shutil.copytree(known_python, tmp_path / "cache")
    opened: list[Server] = []

    def make(name: str) -> Index:
        files = tmp_path / name
        files.mkdir()
        yanked: dict[str, str] = {}
        server = Server(SimpleIndex(files, yanked=yanked))
        opened.append(server.__enter__())
        return Index(files, server, tmp_path / "cache", yanked)

    yield make
    for server in opened:
        server.__exit__(None, None, None)


@pytest.fixture
def index(make_index: Callable[[str], Index]) -> Index:
    return make_index("index")
