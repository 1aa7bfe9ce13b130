from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.growth import LINEAR, growth

from conda_preflight.documents import Layout, Manifest, Source, Unreadable
from conda_preflight.errors import ReadError
from conda_preflight.intake import read_file
from conda_preflight.opening import open_source
from conda_preflight.readers import environment_yml

CORPUS = Path(
    os.environ.get("CONDA_PREFLIGHT_CORPUS")
    or Path(__file__).resolve().parents[3] / "shared" / "corpus"
)


def source(text: str, path: str = "environment.yml") -> Source:
    return Source(path, text, "0" * 64, len(text), "utf-8", "\n", tuple(text.split("\n")))


def read(text: str) -> Manifest:
    return both(text)[0]


def both(text: str) -> tuple[Manifest, Layout]:
    manifest, layout = environment_yml.read(source(text))
    assert isinstance(manifest, Manifest)
    assert isinstance(layout, Layout)
    return manifest, layout


USUAL = """\
name: chatbot_infer_prod
channels:
  - conda-forge
  - nvidia/label/cuda-12.1.0
dependencies:
  - python=3.11
  - "pytorch=2.4.*=cuda*"  # [linux]
  - pip:
      - torch==2.0.1  # [win]
      - -r requirements.txt
platforms: [linux-64, osx-arm64]
variables:
  HF_HOME: /data
  NOTHING:
prefix: /opt/conda/envs/x
"""


def test_usual_file():
    manifest, layout = both(USUAL)
    assert manifest.name
    assert (manifest.name.text, manifest.name.location.line) == ("chatbot_infer_prod", 1)
    assert [c.name for c in manifest.channels] == ["conda-forge", "nvidia/label/cuda-12.1.0"]
    assert manifest.channels_location
    assert manifest.channels_location.line == 2
    assert [s.name for s in manifest.specs] == ["python", "pytorch"]
    assert [s.selector for s in manifest.specs] == [None, "linux"]
    assert [(r.kind, r.selector) for r in manifest.pip] == [("name", "win"), ("include", None)]
    assert [p.line for p in manifest.pip_locations] == [8]
    assert [p.text for p in manifest.platforms] == ["linux-64", "osx-arm64"]
    assert [v.text for v in manifest.variables] == ["HF_HOME=/data", "NOTHING="]
    assert manifest.prefix
    assert manifest.prefix.location.line == 15
    assert not manifest.partial
    assert (layout.duplicates, layout.unknown, layout.documents) == ((), (), 1)


def test_places_are_those_of_the_text():
    at = read(USUAL).specs[1].location
    line = USUAL.split("\n")[at.line - 1]
    assert line[at.column - 1 : at.column - 1 + at.length] == '"pytorch=2.4.*=cuda*"'


@pytest.mark.parametrize(
    "text",
    [
        "dependencies:\n",
        "dependencies: []\n",
        "dependencies: ~\nchannels:\nname:\n",
        "{dependencies: null, channels: null}",
        "name: x\n",
    ],
)
def test_nothing_asked_for(text):
    manifest = read(text)
    assert (manifest.specs, manifest.pip, manifest.channels) == ((), (), ())


def test_flow_style():
    manifest = read("{name: x, channels: [a, b], dependencies: [python=3.11, {pip: [einops]}]}")
    assert [s.version for s in manifest.specs] == ["=3.11"]
    assert [r.name for r in manifest.pip] == ["einops"]
    assert len(manifest.channels) == 2


def test_channels_as_one_text():
    assert [c.name for c in read("channels: conda-forge\ndependencies: [a]\n").channels] == [
        "conda-forge"
    ]


@pytest.mark.parametrize(
    ("section", "names"),
    [
        ("pip:", []),
        ("pip: einops", ["einops"]),
        ("pip: [einops, numpy]", ["einops", "numpy"]),
        ("pip: ~", []),
    ],
)
def test_pip_sections(section, names):
    manifest = read(f"dependencies:\n  - python\n  - {section}\n")
    assert [r.name for r in manifest.pip] == names
    assert len(manifest.pip_locations) == 1


def test_two_pip_sections():
    manifest = read("dependencies:\n  - pip: [a]\n  - pip: [b]\n")
    assert [r.name for r in manifest.pip] == ["a", "b"]
    assert len(manifest.pip_locations) == 2


def test_mapped_selector():
    manifest = read("dependencies:\n  - sel(linux): gcc=12\n  - sel(win): vs2015_runtime\n")
    assert [(s.name, s.selector) for s in manifest.specs] == [
        ("gcc", "linux"),
        ("vs2015_runtime", "win"),
    ]


@pytest.mark.parametrize(
    ("item", "meant"),
    [("numpy: 1.2", "numpy=1.2"), ("numpy: '>=1.2'", "numpy>=1.2"), ("numpy:", None)],
)
def test_mapping_for_a_package(item, meant):
    (spec,) = read(f"dependencies:\n  - {item}\n").specs
    assert spec.error
    assert (spec.name, spec.meant) == ("numpy", meant)


@pytest.mark.parametrize(
    ("comment", "selector"),
    [
        ("# [linux]", "linux"),
        ("#[not win]", "not win"),
        ("# newest [osx and arm64]", "osx and arm64"),
        ("# see [1]", None),
        ("# [needed for training]", None),
        ("# linux", None),
    ],
)
def test_selectors(comment, selector):
    assert read(f"dependencies:\n  - numpy  {comment}\n").specs[0].selector == selector


def test_versions_stay_as_written():
    assert read("dependencies:\n  - python=3.10\n  - 3.10\n").specs[0].version == "=3.10"
    assert read("name: 1.10\ndependencies: [a]\n").name.text == "1.10"


def test_anchors_and_merge_keys():
    manifest = read(
        "base: &base\n  channels: &c [conda-forge]\n  name: base\n"
        "name: own\n<<: *base\ndependencies: &d [python]\n"
    )
    assert [c.name for c in manifest.channels] == ["conda-forge"]
    assert manifest.name.text == "own"


def test_duplicate_and_unknown_keys():
    manifest, layout = both("dependecies: [a]\ndependencies: [b]\nname: x\ndependencies: [c]\n")
    assert [s.name for s in manifest.specs] == ["c"]
    assert [(d.key, d.first.line, d.location.line) for d in layout.duplicates] == [
        ("dependencies", 2, 4)
    ]
    assert [key.text for key in layout.unknown] == ["dependecies"]


def test_several_documents():
    manifest, layout = both("---\nname: a\n---\nname: b\n")
    assert manifest.name.text == "a"
    assert (layout.documents, layout.second.line) == (2, 3)


def test_unicode_and_comments():
    manifest = read("# Umgebung\nname: größe_模型\ndependencies:\n  - numpy # für alles\n")
    assert manifest.name.text == "größe_模型"
    assert manifest.specs[0].text == "numpy"


def test_fragment_is_partial():
    assert read("dependencies: [numpy]\n").partial
    assert not read("dependencies: [python=3.11]\n").partial
    assert not read("name: x\ndependencies: [numpy]\n").partial


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 0),
        ("# nothing\n", 0),
        ("- a\n- b\n", 1),
        ("just text\n", 1),
        ("name: x\ndependencies: python\n", 2),
        ("name: x\ndependencies:\n  python: 3.11\n", 3),
        ("dependencies:\n  - [numpy]\n", 2),
        ("dependencies:\n  - pip:\n    - [numpy]\n", 3),
        ("dependencies:\n  - pip:\n    - a: b\n", 3),
        ("dependencies:\n\t- numpy\n", 2),
        ("dependencies:\n  - *missing\n", 2),
        ("dependencies:\n  - {{ python }}\n", 2),
        ("{% if gpu %}\nname: x\n", 1),
        ("name: 'open\n", 2),
    ],
)
def test_what_is_no_environment(text, line):
    with pytest.raises(ReadError) as caught:
        environment_yml.read(source(text))
    assert caught.value.line == line


@pytest.mark.parametrize(
    ("encoding", "lead"),
    [("utf-8", b""), ("utf-8-sig", b""), ("utf-16", b""), ("utf-16-le", b""), ("latin-1", b"")],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_encodings_and_line_endings(encoding, lead, newline, tmp_path):
    file = tmp_path / "environment.yml"
    file.write_bytes(lead + USUAL.replace("\n", newline).encode(encoding))
    manifest = environment_yml.read(open_source(file, "environment.yml"))[0]
    assert isinstance(manifest, Manifest)
    assert [s.selector for s in manifest.specs] == [None, "linux"]
    assert manifest.prefix.location.line == 15


@pytest.mark.parametrize(
    ("path", "text", "recognized"),
    [
        ("environment.yml", "name: x\n", True),
        ("gpu.yaml", "dependencies:\n  - a\n", True),
        ("env-gpu.yaml", "", True),
        ("conda.yaml", "channels: [a]\n", True),
        ("environment.txt", "dependencies:\n", False),
        ("meta.yaml", "package:\n  name: x\nrequirements:\n  run: []\n", False),
        ("conda-lock.yml", "version: 1\npackage: []\n", False),
        ("ci.yml", "jobs:\n  a:\n    dependencies: []\n", False),
        ("notes.yml", "  dependencies: x\n", False),
    ],
)
def test_recognizes(path, text, recognized):
    assert environment_yml.recognizes(source(text, path)) is recognized


_LINES = st.sampled_from(
    [
        "name: x",
        "name:",
        "channels:",
        "channels: [a, b]",
        "dependencies:",
        "  - python=3.11",
        "  - numpy  # [linux]",
        "  - pip:",
        "      - torch==2.0 --hash=sha256:0",
        "    - -r x.txt",
        "  - pip: &a [b]",
        "  - *a",
        "  - sel(win): x",
        "  - ? [a]",
        "<<: {name: y}",
        "variables: {A: [1]}",
        "prefix: ~",
        "platforms: linux-64",
        "---",
        "...",
        "\tx",
        "? {a: b}",
        ": c",
        "!!python/object:os.system x",
        "'open",
        "{",
        "\ud800",
        "\x00",
    ]
)


@given(st.one_of(st.text(max_size=60), st.lists(_LINES, max_size=12).map("\n".join)))
@example("dependencies: &a\n  - *a")
@example("? [a]\n: b\ndependencies:\n - ? {}\n")
def test_only_a_read_error_leaves(text):
    environment_yml.recognizes(source(text))
    try:
        documents = environment_yml.read(source(text))
    except ReadError:
        return
    assert [type(doc) for doc in documents] == [Manifest, Layout]


@given(st.binary(max_size=200))
def test_bytes_never_break_it(tmp_path_factory, data):
    file = tmp_path_factory.mktemp("fuzz") / "environment.yml"
    file.write_bytes(data)
    assert read_file(file, "environment.yml")


@pytest.mark.corpus
def test_each_real_file_is_read():
    if not (CORPUS / "env").is_dir():
        pytest.skip("the collection of real files is not here")
    for file in sorted((CORPUS / "env").glob("*.y*ml")):
        first, *documents = read_file(file, "environment.yml")
        assert documents or isinstance(first, Unreadable), file.name
        manifests = [doc for doc in documents if isinstance(doc, Manifest)]
        broken = any(isinstance(doc, Unreadable) for doc in documents)
        assert len(manifests) == 1 or broken, file.name


def test_what_aliases_repeat_is_bounded():
    lines = "\n".join(f"    - p{n}" for n in range(1000))
    text = f"dependencies:\n- pip: &a\n{lines}\n" + "- pip: *a\n" * 1000
    with pytest.raises(ReadError, match="aliases") as caught:
        read(text)
    assert caught.value.line > 1000


def test_a_manifest_that_nobody_needs_is_refused():
    with pytest.raises(ReadError, match="larger than 1 MiB"):
        read("dependencies:\n" + "  - a=1.0\n" * 120_000)


def test_a_line_of_flow_style_is_read_in_linear_time():
    def work(size: int) -> None:
        read("dependencies: [" + "a, " * size + "b] # [linux]\n")

    assert growth(work, 4_000) < LINEAR
