"""What changed: packages, manifests, sides of any kind, and the command as a person runs it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lock_builder import conda_lock, explicit, installed, package, project

from conda_preflight.answers import changes, diff_json, diff_markdown, diff_text
from conda_preflight.comparison import KINDS, compare, mirrored
from conda_preflight.dependency_graph import graph
from conda_preflight.difference import Difference, difference
from conda_preflight.documents import Source
from conda_preflight.errors import UsageError
from conda_preflight.grammar.version_step import version_step
from conda_preflight.installation import Place
from conda_preflight.manifest_comparison import compare_manifests
from conda_preflight.readers import environment_yml
from conda_preflight.selection import Choice
from conda_preflight.shortest import Ways, tops
from conda_preflight.subject import open_subject
from conda_preflight.writers.ink import Ink

INK = Ink(80, colour=False, unicode=True)
HOSTILE = "\x1b[2J<img src=x>\u202e`|@team"


def changed(old, new):
    """The kind and name of each change between two single installations."""
    found = compare([installed(*old)], [installed(*new)])
    return [(change.kind, change.name) for change in found.changes]


A, B = "a" * 64, "b" * 64


@pytest.mark.parametrize(
    ("kind", "old", "new"),
    [
        ("upgraded", package("x", "1.9"), package("x", "1.10")),
        ("upgraded", package("x", "1.0rc1"), package("x", "1.0")),
        ("downgraded", package("x", "1!1.0"), package("x", "2.0")),
        ("upgraded", project("x", "1.0"), project("x", "1.0.post1")),
        ("downgraded", project("x", "1.0"), project("x", "1.0a1")),
        ("reversioned", project("x", "main"), project("x", "1.0")),
        ("rebuilt", package("x", build="h1_0"), package("x", build="h1_1")),
        ("rebuilt", package("x", build="cpu_0"), package("x", build="cuda_0")),
        ("channel", package("x", build="h1_0"), package("x", build="h2_0", channel="pytorch")),
        ("digest", package("x", sha256=A), package("x", sha256=B)),
        ("digest", package("x", md5=A[:32]), package("x", md5=B[:32])),
        ("manager", package("pytorch", "2.0"), project("torch", "2.1")),
        ("manager", project("torch", "2.1"), package("pytorch", "2.0")),
        ("source", project("x", url="git+https://example.org/x@1"),
         project("x", url="git+https://example.org/x@2")),
        ("rebuilt", project("x", url="https://example.org/x-1-cp311-cp311-linux.whl"),
         project("x", url="https://example.org/x-1-cp312-cp312-linux.whl")),
        ("", package("x", "1.0"), package("x", "1.0.0")),
        ("", package("x", channel="conda-forge"), package("x", channel="mirror/conda-forge")),
        ("", package("x", channel=""), package("x")),
        ("", package("x", sha256=A), package("x", md5=A[:32])),
        ("", project("x", url="https://a.example.org/x-1.whl"),
         project("x", url="https://b.example.org/x-1.whl")),
    ],
)  # fmt: skip
def test_what_happened(kind, old, new):
    assert changed([old], [new]) == ([(kind, new.name)] if kind else [])


def test_added_and_removed():
    assert changed([package("a")], [package("b")]) == [("added", "b"), ("removed", "a")]


def test_a_project_is_handed_over_once():
    old = [package("pytorch"), package("pytorch-gpu"), package("zlib")]
    new = [project("torch"), project("zlib")]
    assert changed(old, new) == [
        ("added", "zlib"),  # conda's zlib is a library
        ("removed", "pytorch-gpu"),
        ("removed", "zlib"),
        ("manager", "torch"),
    ]


def test_the_same_change_stands_once_for_all_platforms():
    def at(platform, version, build, **more):
        return installed(package("x", version, build=build), platform=platform, **more)

    found = compare(
        [at("linux-64", "1", "h1_0"), at("osx-64", "1", "h2_0"), at("win-64", "1", "h3_0")],
        [at("linux-64", "2", "h4_0"), at("osx-64", "2", "h5_0"), at("win-64", "3", "h6_0")],
    )
    every = changes.every_place(found)
    told = [(changes.step(c, verbose=False), changes.where(c, every)) for c in found.changes]
    assert told == [("1 -> 2", "linux-64 and osx-64"), ("1 -> 3", "win-64")]


def test_a_platform_that_is_new_is_no_list_of_packages():
    one = installed(package("x"))
    found = compare([one], [one, installed(package("x"), platform="osx-64")])
    assert not found.changes
    assert not found.empty
    assert changes.total(found.places[1]) == "only in the new: 1 package"


def test_what_holds_one_platform_is_compared_with_that_one():
    whole = [installed(package("x")), installed(package("x"), platform="osx-64")]
    assert compare(whole, [installed(package("x"))], lone=True).empty
    assert not compare(whole, [installed(package("x"))]).empty
    assert compare([installed(package("x"), platform="win-64")], whole[:1]).places[0].old_place == (
        Place("", "win-64")
    )


def test_sizes():
    old = [package("x", "1", size=1_000_000), package("y", size=5), package("u")]
    new = [package("x", "2", size=3_500_000), package("z", size=50), package("u")]
    found = compare([installed(*old)], [installed(*new)])
    assert [changes.growth(c.moves) for c in found.changes] == ["", "", "+2.5 MB"]
    told = "3 packages, 1.0 MB -> 3.5 MB (+2.5 MB) without 1 of unknown size"
    assert changes.total(found.places[0]) == told
    found = compare([installed(*old)], [installed(*new[:2], package("v"))])
    assert changes.total(found.places[0]) == told.replace(" (+2.5 MB)", "")


NAMES = st.sampled_from(["a", "b", "c", "pytorch", "torch", "zlib"])
VERSIONS = st.sampled_from(["1.0", "1.0.0", "2.0", "1!1", "x y", "2024a", ""])
PACKAGES = st.builds(
    lambda make, name, version, more: replace(make(name, version), **more),
    st.sampled_from([package, project]),
    NAMES,
    VERSIONS,
    st.fixed_dictionaries(
        {},
        optional={
            "build": st.sampled_from(["h1_0", "h2_1"]),
            "channel": st.sampled_from(["conda-forge", "pkgs/main", "defaults"]),
            "sha256": st.sampled_from([A, B, ""]),
            "size": st.sampled_from([0, 10, 2_000_000]),
        },
    ),
)
SIDES = st.lists(
    st.builds(
        lambda packages, platform: installed(*packages, platform=platform),
        st.lists(PACKAGES, max_size=8),
        st.sampled_from(["linux-64", "osx-64", "win-64"]),
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda one: one.place,
)


@given(SIDES)
def test_nothing_changes_against_itself(side):
    copy = [replace(one, packages=tuple(map(replace, one.packages))) for one in side]
    assert compare(side, copy).empty


@given(SIDES, SIDES)
def test_a_change_looks_the_same_from_the_other_side(old, new):
    def told(found, turn):
        return sorted(
            (turn(c.kind), repr((c.old, c.new)[:: 1 if turn is str else -1]), len(c.moves))
            for c in found.changes
        )

    assert told(compare(old, new), str) == told(compare(new, old), mirrored)


def packages_only(old, new):
    return Difference("old", "new", (), manifests_compared=False, packages=compare(old, new))


@given(SIDES, SIDES)
def test_every_format_can_tell_it(old, new):
    found = packages_only(old, new)
    assert diff_text.write(found, INK, verbose=True)
    assert diff_markdown.write(found)
    assert json.loads(diff_json.write(found))["differs"] == (not found.empty)


@given(st.text(max_size=12), st.text(max_size=12))
def test_steps_mirror(one, other):
    for manager in ("conda", "pypi"):
        step = version_step(manager, one, other)
        back = version_step(manager, other, one)
        assert step is back is None or step == -back


# ---- manifests


def manifest(text, path="environment.yml"):
    lines = tuple(text.split("\n"))
    source = Source(path, text, "", len(text), "utf-8", "\n", lines)
    return next(doc for doc in environment_yml.read(source) if hasattr(doc, "specs"))


def lines_of(old, new):
    sides = [[(Place(), manifest(text))] for text in (old, new)]
    return compare_manifests(*sides)


OLD = """name: app
channels: [conda-forge, pytorch]
dependencies:
  - python=3.11
  - numpy =1.26
  - cudatoolkit=11.8  # [linux]
  - jupyter
  - pip:
      - torch==2.0.1
      - --extra-index-url https://user:secret@example.org/simple
"""
NEW = """name: api
channels: [pytorch, conda-forge]
dependencies:
  - python = 3.11
  - numpy=2
  - cudatoolkit=12
  - pip:
      - Torch==2.1
"""


def test_lines_of_a_manifest():
    (change,) = lines_of(OLD, NEW)
    assert change.reordered
    assert [(line.part, line.old, line.new) for line in change.lines] == [
        ("name", "app", "api"),
        ("conda", "cudatoolkit=11.8  # [linux]", "cudatoolkit=12"),
        ("conda", "jupyter", ""),
        ("conda", "numpy =1.26", "numpy=2"),
        ("pip", "--extra-index-url https://***:***@example.org/simple", ""),
        ("pip", "torch==2.0.1", "Torch==2.1"),
    ]


def test_a_manifest_against_itself_or_written_otherwise():
    assert not lines_of(OLD, OLD)
    assert not lines_of("dependencies: [numpy=1.26]", "dependencies:\n  - numpy =1.26\n")


def test_other_hashes_of_the_same_requirement():
    text = "dependencies:\n  - pip:\n      - x==1 --hash=sha256:"
    (change,) = lines_of(text + "0" * 64, text + "1" * 64)
    assert change.lines[0].new == "x==1 (other hashes)"


# ---- the command


def run(*arguments, cwd, **environment):
    done = subprocess.run(
        [sys.executable, "-m", "conda_preflight", "diff", *map(str, arguments)],
        cwd=cwd,
        env=os.environ | {"COLUMNS": "80", "PYTHONIOENCODING": "utf-8"} | environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    assert "Traceback" not in done.stderr + done.stdout
    return done


BEFORE = (
    package("python", "3.11.9", build="h1_0_cpython"),
    package("numpy", "1.26.4", build="py311h1_0"),
    package("openssl", "3.3.0", build="h1_0"),
    package("pytorch", "2.1.0", build="cuda_0", channel="pytorch"),
    package("mkl", "2024.1", build="h9_691", channel="pkgs/main"),
    package("blas", "1.0", build="mkl_0"),
    package("zlib", "1.3", build="h1_0", sha256=A),
    project("tokenizers", "0.15.0"),
    project("app", "0.1", url="git+https://example.org/app@1111"),
)
AFTER = (
    package("python", "3.11.9", build="h2_1_cpython"),
    package("numpy", "2.0.1", build="py311h2_0"),
    package("openssl", "3.2.1", build="h1_0"),
    package("mkl", "2024.1", build="h8_691"),
    package("libblas", "3.9.0", build="h1_0"),
    package("zlib", "1.3", build="h1_0", sha256=B),
    project("torch", "2.1.0"),
    project("tokenizers", "0.19.1"),
    project("app", "0.1", url="git+https://example.org/app@2222"),
)
PLATFORMS = ("linux-64", "osx-arm64")


@pytest.fixture
def sides(tmp_path):
    for name, packages, text in (("old", BEFORE, OLD), ("new", AFTER, NEW)):
        (tmp_path / name).mkdir()
        lock = conda_lock(*packages, platforms=PLATFORMS)
        (tmp_path / name / "conda-lock.yml").write_text(lock)
        (tmp_path / name / "environment.yml").write_text(text)
    return tmp_path


ENDINGS = {"text": "txt", "json": "json", "markdown": "md"}


@pytest.mark.parametrize("form", ENDINGS)
def test_the_difference(form, sides, golden):
    done = run("old", "new", "--format", form, cwd=sides)
    assert done.returncode == 0
    golden(f"diff.{ENDINGS[form]}", done.stdout)
    same = run("old", "old", "--format", form, cwd=sides)
    golden(f"diff-same.{ENDINGS[form]}", same.stdout)


def test_the_difference_in_ascii_and_colour(sides, golden):
    files = ("old/conda-lock.yml", "new/conda-lock.yml", "--platform", "linux-64")
    golden("diff-ascii.txt", run(*files, "-v", cwd=sides, PYTHONIOENCODING="ascii").stdout)
    golden("diff-colour.txt", run(*files, "--color", cwd=sides).stdout)


def test_every_kind_is_in_the_golden_files():
    text = (Path(__file__).parent / "golden" / "diff.json").read_text()
    assert {c["change"] for c in json.loads(text)["packages"]} == set(KINDS) - {"reversioned"}


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["old", "old"], 0, "No difference."),
        (["old", "new", "--check"], 1, "upgraded"),
        (["old", "old", "--check"], 0, "No difference."),
        (["old/environment.yml", "new/environment.yml"], 0, "numpy =1.26 → numpy=2"),
        (["old/environment.yml", "new/conda-lock.yml"], 2, "only says what is asked for"),
        (["old", "new/environment.yml"], 0, "Asked for in"),
        (["old", "nowhere"], 2, "neither a path here nor a git revision"),
        (["old", "empty"], 2, "neither a lock nor a manifest"),
        (["old", "broken.yml"], 2, "broken.yml:"),
        (["old"], 2, "Missing argument"),
        (["old", "new", "--platform", "win-64"], 2, "has no platform win-64"),
    ],
)
def test_codes_and_sentences(arguments, code, said, sides):
    (sides / "empty").mkdir()
    (sides / "broken.yml").write_text("a: [")
    done = run(*arguments, cwd=sides)
    assert (done.returncode, said in done.stdout + done.stderr) == (code, True), done


def test_an_explicit_list_and_the_lock_it_was_made_from(sides):
    conda = [replace(p, sha256="") for p in BEFORE if p.manager == "conda"]
    (sides / "conda-linux-64.lock").write_text(explicit(*conda))
    (sides / "conda-lock.yml").write_text(conda_lock(*conda, platforms=PLATFORMS))
    done = run("conda-lock.yml", "conda-linux-64.lock", "--check", cwd=sides)
    assert done.returncode == 0, done.stdout


def test_a_prefix_and_its_lock(sides):
    meta = sides / "env" / "conda-meta"
    meta.mkdir(parents=True)
    for one in BEFORE:
        if one.manager == "conda":
            words = {"name": one.name, "version": one.version, "build": one.build, "size": 7}
            words |= {"channel": one.channel, "subdir": "linux-64"}
            (meta / f"{one.name}.json").write_text(json.dumps(words))
    done = run("old/conda-lock.yml", "env", cwd=sides)
    assert "2 removed" in done.stdout
    assert "tokenizers" in done.stdout
    assert "osx-arm64" not in done.stdout


def test_a_large_comment_is_cut_and_says_so():
    old = installed(*(package(f"package-{n}", "1") for n in range(3000)))
    new = installed(*(package(f"package-{n}", "2") for n in range(3000)))
    text = diff_markdown.write(packages_only([old], [new]))
    assert len(text) < 65_536
    assert "more do not fit into a comment" in text
    assert text.count("<details") == text.count("</details>")


def test_names_that_would_act_are_shown_as_text(sides):
    text = (sides / "new" / "conda-lock.yml").read_text()
    hostile = text.replace("'2.0.1'", json.dumps(f"2 {HOSTILE}"))
    (sides / "new" / "conda-lock.yml").write_text(hostile)
    listing = NEW.replace("numpy=2", json.dumps(HOSTILE)).replace("name: api", '"name": "\\e[2J"')
    (sides / "new" / "environment.yml").write_text(listing)
    for form in ENDINGS:
        done = run("old", "new", "--format", form, cwd=sides)
        assert done.returncode == 0, done
        assert "\x1b" not in done.stdout
        assert "\u202e" not in done.stdout
        assert form != "markdown" or "<img" not in re.sub(r"(`+).*?\1", "", done.stdout)


CORPUS = Path(
    os.environ.get("CONDA_PREFLIGHT_CORPUS", Path(__file__).parents[2] / "shared" / "corpus")
)


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS.is_dir(), reason="no collection of real files here")
def test_real_locks_against_themselves_and_each_other():
    """Every package of every real lock has a reason, and each format can tell each difference."""
    before = None
    for file in sorted((CORPUS / "locks").iterdir()):
        try:
            subject = open_subject(str(file), Choice())
        except UsageError:
            continue
        assert difference(subject, subject).empty, file
        for one in subject.installations:
            links = graph(one)
            assert set(Ways(links, tops(links)).steps) == set(links.packages), file
        if before and before.installations and subject.installations:
            found = difference(before, subject)
            assert json.loads(diff_json.write(found))["places"]
            assert len(diff_markdown.write(found)) < 65_536
            assert diff_text.write(found, INK)
        before = subject
