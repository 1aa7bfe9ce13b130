from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conda_preflight.documents import Manifest, Source
from conda_preflight.errors import ReadError
from conda_preflight.readers import pixi_toml, pyproject_toml


def source(text: str, path: str = "pixi.toml") -> Source:
    return Source(path, text, "", len(text), "utf-8", "\n", tuple(text.split("\n")))


def read(text: str) -> list[Manifest]:
    return pixi_toml.read(source(text))


PIXI = """\
[workspace]
name = "demo"
channels = ["conda-forge", { channel = "pytorch", priority = 1 }]
platforms = ["linux-64", "osx-arm64"]

[dependencies]
python = ">=3.10, <3.12"
numpy = "*"
cudnn = { version = "9.*", build = "*cuda*", channel = "nvidia" }
mine = { git = "https://git.example.org/mine" }

[pypi-dependencies]
torch = "==2.5.1"
flask = { version = ">=2", extras = ["async"] }
local = { path = ".", editable = true }
other = { git = "https://git.example.org/o", rev = "abc" }

[target.linux-64.dependencies]
gcc = "13.*"
[target.unix.dependencies]
bash = "*"
[target.win.dependencies]
vc = "*"

[system-requirements]
cuda = "12"
libc = { family = "glibc", version = "2.28" }

[activation.env]
OMP = "1"

[feature.gpu]
platforms = ["linux-64"]
channels = ["nvidia"]
[feature.gpu.dependencies]
cuda-version = "12.4.*"

[environments]
gpu = ["gpu"]
only = { features = ["gpu"], no-default-feature = true }
"""


def test_pixi() -> None:
    default, gpu, only = read(PIXI)
    assert [m.environment for m in (default, gpu, only)] == ["default", "gpu", "only"]
    assert default.name is not None
    assert (default.name.text, default.name.location.line) == ("demo", 2)
    assert [c.text for c in default.channels] == ["pytorch", "conda-forge"]
    specs = {s.name: s for s in default.specs}
    assert (specs["python"].version, specs["python"].location.line) == (">=3.10,<3.12", 7)
    assert specs["numpy"].version is None
    assert (specs["cudnn"].version, specs["cudnn"].build) == ("9.*", "*cuda*")
    assert specs["cudnn"].channel == "nvidia"
    assert specs["mine"].url == "https://git.example.org/mine"
    assert specs["gcc"].platforms == ("linux-64",)
    assert specs["bash"].platforms == ("linux-64", "osx-arm64")
    assert "vc" not in specs
    assert all(spec.error is None for spec in default.specs)
    assert [(r.kind, r.name, r.specifier, r.editable) for r in default.pip] == [
        ("name", "torch", "==2.5.1", False),
        ("name", "flask", ">=2", False),
        ("path", "local", "", True),
        ("vcs", "other", "", False),
    ]
    virtual = [(v.name, v.version) for v in default.virtual_packages]
    assert virtual == [("__cuda", "12"), ("__glibc", "2.28")]
    assert [name.text for name in default.variables] == ["OMP"]
    assert [c.text for c in gpu.channels] == ["pytorch", "nvidia", "conda-forge"]
    assert [name.text for name in gpu.platforms] == ["linux-64"]
    assert gpu.specs[-1].name == "cuda-version"
    assert gpu.location.line == 39
    assert [s.name for s in only.specs] == ["cuda-version"]


def test_one_environment_has_no_name() -> None:
    (found,) = read("[project]\nname='x'\nchannels=[]\nplatforms=[]\n[dependencies]\na = 3.10\n")
    assert found.environment == ""
    assert found.specs[0].error


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 0),
        ("[workspace]\nname='x'\ndependencies=1\n[environments]\na=['b']\n", 5),
        ("[workspace]\nname='x'\nchannels='a'\n", 3),
        ("dependencies = [1]\n[workspace]\nname='x'\n", 1),
        ("[workspace]\nname='x'\n[environments]\na=1\n", 4),
        ("[workspace\n", 1),
    ],
)
def test_what_pixi_refuses(text: str, line: int) -> None:
    with pytest.raises(ReadError) as caught:
        read(text)
    assert caught.value.line == line


def test_an_undefined_feature_has_a_next_step() -> None:
    with pytest.raises(ReadError, match="needs the feature tests, which is not defined") as caught:
        read("[workspace]\nname='x'\n[environments]\na=['tests']\n")
    assert "write that table" in caught.value.hint


def test_a_package_of_another_workspace() -> None:
    assert read("[package]\nname='x'\n") == []


def test_recognizes() -> None:
    assert pixi_toml.recognizes(source("", "a/pixi.toml"))
    assert pixi_toml.recognizes(source(PIXI, "odd.toml"))
    assert not pixi_toml.recognizes(source("[workspace]\nmembers=[]\n", "Cargo.toml"))


PYPROJECT = """\
[project]
name = "demo"
requires-python = ">=3.11"
dependencies = [
  "torch==2.5.1",
  "numpy",
]
[project.optional-dependencies]
test = ["pytest"]
[dependency-groups]
dev = ["ruff", { include-group = "dev" }]
[tool.pixi.workspace]
channels = ["conda-forge"]
platforms = ["linux-64"]
[tool.pixi.dependencies]
cuda-version = "12.*"
[tool.pixi.environments]
test = ["test", "dev"]
"""


def test_pixi_in_pyproject() -> None:
    default, test = pyproject_toml.read(source(PYPROJECT, "pyproject.toml"))
    assert default.kind == "pyproject.toml"
    assert default.name is not None
    assert default.name.text == "demo"
    assert [(s.name, s.version) for s in default.specs] == [
        ("cuda-version", "12.*"),
        ("python", ">=3.11"),
    ]
    assert [(r.name, r.location.line) for r in default.pip] == [("torch", 5), ("numpy", 6)]
    assert [r.name for r in test.pip] == ["torch", "numpy", "pytest", "ruff"]


CONDA_LOCK = """\
[tool.poetry]
name = "demo"
[tool.poetry.dependencies]
python = "^3.10"
requests = "^2.31"
tomli = { version = "~1.2", optional = true }
[tool.poetry.group.dev.dependencies]
pytest = "*"
[tool.conda-lock]
channels = ["conda-forge", "nvidia"]
platforms = ["linux-64"]
[tool.conda-lock.dependencies]
pytorch = "2.5.*"
ampel = { source = "pypi", version = "==1.0" }
extra = { version = ">=1", optional = true }
"""


def test_conda_lock_in_pyproject() -> None:
    (found,) = pyproject_toml.read(source(CONDA_LOCK, "pyproject.toml"))
    assert [c.text for c in found.channels] == ["conda-forge", "nvidia"]
    assert found.channels_location is not None
    assert found.channels_location.line == 10
    assert [(s.name, s.version, s.optional) for s in found.specs] == [
        ("pytorch", "2.5.*", False),
        ("extra", ">=1", True),
        ("python", ">=3.10,<4", False),
    ]
    assert [(r.name, r.specifier) for r in found.pip] == [
        ("requests", ">=2.31,<3"),
        ("tomli", ">=1.2,<1.3"),
        ("pytest", ""),
        ("ampel", "==1.0"),
    ]


def test_a_plain_pyproject_is_no_manifest() -> None:
    plain = source("[project]\nname='x'\n[tool.conda-preflight]\n", "pyproject.toml")
    assert not pyproject_toml.recognizes(plain)
    assert pyproject_toml.read(plain) == []
    assert pyproject_toml.recognizes(source(PYPROJECT, "pyproject.toml"))
    assert pyproject_toml.recognizes(source(CONDA_LOCK, "pyproject.toml"))


WORDS = st.sampled_from(
    ["[", "]", "{", "}", "=", '"x"', "1", "[feature.a]\n", "a = 1\n", "\n", "[]", "true", ","]
    + [row + "\n" for row in (PIXI + PYPROJECT + CONDA_LOCK).split("\n") if row]
)


@given(st.lists(WORDS, max_size=25).map("".join))
def test_nothing_but_read_errors(text: str) -> None:
    for reader in (pixi_toml, pyproject_toml):
        reader.recognizes(source(text))
        try:
            reader.read(source("[workspace]\nname='x'\n" + text))
        except ReadError:
            continue


KEYS = st.sampled_from(
    [
        "workspace",
        "project",
        "dependencies",
        "feature",
        "environments",
        "target",
        "channels",
        "platforms",
        "tool",
        "pixi",
        "a",
        "conda-lock",
        "name",
        "poetry",
        "pypi-dependencies",
        "system-requirements",
        "activation",
        "env",
        "features",
        "group",
        "version",
        "extras",
        "python",
        "default",
        "dependency-groups",
        "optional-dependencies",
        "linux-64",
    ]
)
TREES = st.recursive(
    st.integers() | st.text("ab*>=1. ", max_size=4) | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=25,
)


def inline(value: object) -> str:
    if isinstance(value, dict):
        pairs = ", ".join(f"{key} = {inline(item)}" for key, item in value.items())
        return "{" + pairs + "}"
    if isinstance(value, list):
        return "[" + ", ".join(inline(item) for item in value) + "]"
    return f'"{value}"' if isinstance(value, str) else str(value).lower()


@given(st.dictionaries(KEYS, TREES, max_size=8))
def test_any_shape(fields: dict[str, object]) -> None:
    text = "\n".join(f"{key} = {inline(value)}" for key, value in fields.items())
    for reader in (pixi_toml, pyproject_toml):
        try:
            reader.read(source(text))
        except ReadError:
            continue


HEAD = '[workspace]\nname = "a"\nchannels = ["c"]\nplatforms = ["linux-64"]\n'
LONG = "0x" + "f" * 4000  # more decimal digits than Python writes


def test_a_number_where_a_word_belongs() -> None:
    text = f"{HEAD}[pypi-dependencies]\na = {{ extras = [{LONG}] }}\n"
    text += f'[system-requirements]\nlibc = {{ family = {LONG}, version = "2.28" }}\n'
    (found,) = read(text)
    assert [(r.name, r.extras) for r in found.pip] == [("a", ())]
    assert [(v.name, v.version) for v in found.virtual_packages] == [("__glibc", "2.28")]


def many(line: str, count: int = 3000) -> str:
    return "".join(line.format(n) for n in range(count))


@pytest.mark.parametrize(
    "text",
    [
        HEAD.replace('"c"', many('"c{}",')),
        HEAD.replace('"linux-64"', many('"p{}",')),
        HEAD + many("[target.p{}.dependencies]\na = '*'\n"),
        HEAD + "[environments]\n" + many("e{} = []\n"),
        HEAD
        + "[dependencies]\n"
        + many("a{} = '*'\n")
        + "[environments]\n"
        + many("e{}=[]\n", 400),
        HEAD
        + "[activation.env]\n"
        + many("a{} = ''\n")
        + "[environments]\n"
        + many("e{}=[]\n", 400),
    ],
)
def test_what_multiplies_is_bounded(text: str) -> None:
    began = time.thread_time()
    with pytest.raises(ReadError, match="more than"):
        read(text)
    assert time.thread_time() - began < 2


def test_groups_that_include_each_other_are_bounded() -> None:
    groups = "a = [" + "'x'," * 3000 + "]\n" + many("g{} = [{{include-group = 'a'}}]\n")
    text = f"[tool.conda-lock]\nchannels = []\n[dependency-groups]\n{groups}"
    with pytest.raises(ReadError, match="more than"):
        pyproject_toml.read(source(text, "pyproject.toml"))


def test_a_group_brings_all_that_it_includes_once() -> None:
    chain = many("g{0} = ['p{0}', {{include-group = 'all'}}]\n", 20)
    groups = "all = [" + many("{{include-group = 'g{}'}},", 20) + "]\n" + chain
    text = f"[tool.conda-lock]\nchannels = []\n[dependency-groups]\n{groups}"
    (found,) = pyproject_toml.read(source(text, "pyproject.toml"))
    assert [r.name for r in found.pip[:20]] == [f"p{n}" for n in range(20)]
