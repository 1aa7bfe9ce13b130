"""Why a package is there: chains, extras, circles, and the command as a person runs it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from itertools import count, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lock_builder import conda_lock, explicit, installed, package, project
from tests.growth import LINEAR, growth

from conda_preflight.chains import near_names, why
from conda_preflight.dependency_graph import graph
from conda_preflight.shortest import MAX_COUNT, Ways, tops

HOSTILE = "\x1b[2J<img src=x>\u202e`|@team"


def chains(name, *installations, limit=50):
    """Each chain as text, of the only explanation."""
    (explanation,) = why(name, installations, limit).explanations
    return [" > ".join(n.name for n in c.nodes) for c in explanation.reason.chains]


def reason(name, *installations, limit=50):
    (explanation,) = why(name, installations, limit).explanations
    return explanation.reason


def test_the_shortest_chains_from_what_is_asked_for():
    here = installed(
        package("torch-app", "1.0", "mid >=1", "numpy >=1.2"),
        package("other", "1.0", "mid"),
        package("mid", "1.0", "numpy"),
        package("numpy", "1.26", "libblas 3.*"),
        package("libblas", "3.9"),
        asked=[("conda", "torch-app"), ("conda", "other")],
    )
    assert chains("numpy", here) == ["torch-app > numpy"]
    assert chains("libblas", here) == ["torch-app > numpy > libblas"]
    assert chains("torch-app", here) == ["torch-app"]
    assert [n.constraint for n in reason("libblas", here).chains[0].nodes] == ["", ">=1.2", "3.*"]
    assert [n.name for n in reason("numpy", here).dependents] == ["mid", "torch-app"]


def test_all_shortest_chains_in_the_order_of_what_is_asked_for():
    here = installed(
        package("b", "1", "y", "x"),
        package("a", "1", "x"),
        package("x", "1", "z"),
        package("y", "1", "z"),
        package("z"),
        asked=[("conda", "b"), ("conda", "a")],
    )
    assert chains("z", here) == ["b > y > z", "b > x > z", "a > x > z"]
    assert chains("z", here, limit=2) == ["b > y > z", "b > x > z"]
    assert reason("z", here, limit=1).total == 3


def test_without_a_wish_chains_begin_at_what_nothing_needs():
    here = installed(package("top", "1", "low"), package("low", "1"))
    found = reason("low", here)
    assert (found.asked, found.chains[0].ask, found.chains[0].circle) == (None, None, False)
    assert chains("low", here) == ["top > low"]


def test_what_nobody_asked_for_is_told_from_what_is_not_recorded():
    here = installed(
        package("left", "1", "low"), package("low"), package("app"), asked=[("conda", "app")]
    )
    assert reason("low", here).asked is False
    assert chains("low", here) == ["left > low"]


def test_a_circle_has_a_beginning():
    here = installed(
        package("a", "1", "b"), package("b", "1", "c"), package("c", "1", "a", "d"), package("d")
    )
    assert chains("d", here) == ["a > b > c > d"]
    assert reason("d", here).chains[0].circle


def test_pip_needs_what_conda_brings():
    here = installed(
        package("pytorch", "2.1", "python >=3.9"),
        package("python", "3.11"),
        project("accelerate", "0.2", "torch>=1.10", "Ruamel.YAML ; python_version < '3'"),
        package("ruamel.yaml"),
        asked=[("pypi", "accelerate")],
    )
    assert chains("pytorch", here) == ["accelerate > pytorch"]
    assert chains("torch", here) == ["accelerate > pytorch"]
    assert chains("python", here) == ["accelerate > pytorch > python"]
    assert reason("ruamel.yaml", here).asked is False


def test_a_marker_is_judged_for_the_platform_and_python_of_the_lock():
    needs = ("colorama ; sys_platform == 'win32'", "tomli>=1 ; python_version < '3.11'")
    packages = (
        package("python", "3.11.4"), project("app", "1", *needs), project("colorama"),
        project("tomli"),
    )  # fmt: skip
    on_linux = installed(*packages, asked=[("pypi", "app")])
    on_windows = installed(*packages, asked=[("pypi", "app")], platform="win-64")
    assert reason("colorama", on_linux).asked is False
    assert reason("colorama", on_windows).asked is True
    assert reason("tomli", on_linux).asked is False


UVICORN = project("uvicorn", "1", "h11", "httptools>=0.5 ; extra == 'standard'", "gone; extra=='x'")
LONELY = (UVICORN, project("h11"), project("httptools"))


def test_an_extra_counts_when_somebody_asks_for_it():
    here = installed(*LONELY, asked=[("pypi", "uvicorn", "standard")])
    assert chains("httptools", here) == ["uvicorn > httptools"]
    assert reason("httptools", here).chains[0].nodes[1].constraint == ">=0.5 (for [standard])"


def test_an_extra_is_asked_for_by_a_dependency():
    here = installed(*LONELY, project("app", "1", "uvicorn[standard]>=1"), asked=[("pypi", "app")])
    assert chains("httptools", here) == ["app > uvicorn > httptools"]


def test_an_extra_of_itself():
    both = project("tool", "1", "tool[a] ; extra == 'all'", "low ; extra == 'a'")
    here = installed(both, project("low"), asked=[("pypi", "tool", "all")])
    assert chains("low", here) == ["tool > low"]


def test_an_extra_is_supposed_when_all_of_it_is_there_and_nobody_else_needs_it():
    assert chains("httptools", installed(*LONELY)) == ["uvicorn > httptools"]
    partly = project("uvicorn", "1", "httptools ; extra == 's'", "uvloop ; extra == 's'")
    assert chains("httptools", installed(partly, project("httptools"))) == ["httptools"]


def test_virtual_packages_are_needed_too():
    here = installed(package("ucx", "1", "__cuda >=12", "__glibc >=2.17,<3.0.a0"))
    assert chains("__cuda", here) == ["ucx > __cuda"]
    assert not why("__osx", [here], 5).explanations


def test_the_same_reason_stands_once_for_all_platforms():
    def at(platform, build):
        return installed(
            package("a", "1", "b", build=build), package("b", build=build), platform=platform
        )

    one = why("b", [at("linux-64", "h1_0"), at("osx-64", "h2_0")], 5)
    assert [p.platform for p in one.explanations[0].places] == ["linux-64", "osx-64"]
    other = why("b", [at("linux-64", "h1_0"), installed(package("c"), platform="win-64")], 5)
    assert [p.platform for p in other.elsewhere] == ["win-64"]


def test_names_that_may_have_been_meant():
    assert why("nunpy", [installed(package("numpy"))], 5).near == ("numpy",)
    assert near_names("x" * 10_000, ["numpy"] * 50_000) == ()


def test_both_a_conda_package_and_a_project_of_one_name():
    here = installed(package("numpy", "1.26"), project("numpy", "2.0"))
    found = why("NumPy", [here], 5).explanations
    assert [(e.target.manager, e.target.version) for e in found] == [
        ("conda", "1.26"),
        ("pypi", "2.0"),
    ]


def packages_of(edges):
    needs = {}
    for one, other in edges:
        needs.setdefault(one, []).append(f"p{other}")
    return [package(f"p{n}", "1", *needs.get(n, ())) for n in sorted({n for e in edges for n in e})]


EDGES = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=1, max_size=30)


@given(EDGES)
def test_every_package_has_a_reason_and_every_chain_is_shortest(edges):
    links = graph(installed(*packages_of(edges)))
    ways = Ways(links, tops(links))
    assert set(ways.steps) == set(links.packages)
    for target in links.packages:
        total, found = ways.to(target)
        every = list(found)
        assert len(every) == len(set(every)) == total >= 1
        for way in every:
            assert way[-1] is target
            assert len(way) == ways.steps[target] + 1
            assert all(after in links.needs[before] for before, after in pairwise(way))


@given(EDGES, st.lists(st.integers(0, 8), max_size=3))
def test_whatever_is_asked_for(edges, wishes):
    here = installed(*packages_of(edges), asked=[("conda", f"p{n}") for n in wishes])
    reached = Ways(graph(here), [p for p, _ in graph(here).asked]).steps
    for target in graph(here).packages:
        found = reason(target.name, here)
        asked = target.name in {p.name for p in reached}
        assert found.asked == (asked if reached else None)
        assert all((chain.ask is not None) == asked for chain in found.chains)


@given(EDGES)
def test_tops_are_the_fewest(edges):
    links = graph(installed(*packages_of(edges)))
    for top in tops(links):
        others = [t for t in tops(links) if t is not top]
        assert top not in Ways(links, others).steps


def ring(size):
    members = [package(f"n{i}", "1", f"n{(i + 1) % size}", f"n{i * 7 % size}") for i in range(size)]
    return installed(*members, asked=[("conda", "n0")])


def line(size):
    return installed(*(package(f"n{i}", "1", f"n{i + 1}") for i in range(size)))


@pytest.mark.parametrize("made", [ring, line])
def test_a_large_graph_takes_linear_time(made):
    graphs = {size: made(size) for size in (2_500, 20_000)}
    assert growth(lambda size: why(f"n{size - 1}", [graphs[size]], 500), 2_500) < LINEAR


def test_one_package_needed_ever_again_takes_linear_time():
    numbers = count()  # never the same twice, since what was parsed is remembered

    def work(size):
        needs = (f"numpy >={next(numbers)}" for _ in range(size))
        why("numpy", [installed(package("a", "1", *needs), package("numpy"))], 5)

    assert growth(work, 12_500) < LINEAR


def test_so_many_chains_that_nobody_can_count_them():
    layers = [
        package(f"l{depth}s{side}", "1", *(f"l{depth + 1}s{s}" for s in range(10)))
        for depth in range(30)
        for side in range(10)
    ]
    found = reason("l29s0", installed(*layers), limit=3)
    assert len(found.chains) == 3
    assert found.total == MAX_COUNT


# ---- the command


def run(*arguments, cwd, **environment):
    done = subprocess.run(
        [sys.executable, "-m", "conda_preflight", "why", *map(str, arguments)],
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


MANIFEST = """name: app
channels: [conda-forge]
dependencies:
  - pytorch=2.1
  - pip:
      - accelerate
"""
PACKAGES = (
    package("pytorch", "2.1.0", "numpy >=1.19,<2", "python >=3.10,<3.11.0a0", build="py310_cuda_0"),
    package("numpy", "1.26.4", "python >=3.10,<3.11.0a0", "libblas >=3.9.0,<4.0a0"),
    package("python", "3.10.12"),
    package("libblas", "3.9.0"),
    project("accelerate", "0.24.1", "numpy >=1.17", "torch >=1.10.0"),
)


@pytest.fixture
def app(tmp_path):
    (tmp_path / "environment.yml").write_text(MANIFEST)
    text = conda_lock(*PACKAGES, platforms=("linux-64", "osx-arm64"))
    (tmp_path / "conda-lock.yml").write_text(text)
    return tmp_path


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_the_answer(form, app, golden):
    ending = {"text": "txt", "json": "json", "markdown": "md"}[form]
    for name in ("numpy", "nunpy"):
        golden(f"why-{name}.{ending}", run(name, "--format", form, cwd=app).stdout)


def test_the_answer_in_ascii(app, golden):
    golden("why-ascii.txt", run("libblas", cwd=app, PYTHONIOENCODING="ascii").stdout)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["numpy"], 0, "numpy 1.26.4 (conda-forge)"),
        (["numpy", "conda-lock.yml"], 0, "nothing else needs it"),
        (["numpy", "conda-lock.yml", "--manifest", "environment.yml"], 0, "environment.yml:4"),
        (["nunpy"], 1, "Did you mean numpy?"),
        (["pytorch", "environment.yml"], 0, "environment.yml:4"),
        (["numpy", "environment.yml"], 2, "without a lock"),
        (["numpy", "nowhere"], 2, "neither a path here nor a git revision"),
        (["numpy", "--platform", "win-64"], 2, "Known are: linux-64, osx-arm64."),
        (["numpy", "--lock", "none.yml"], 2, "There is no lock none.yml here"),
        (["numpy", "--prefix", "."], 2, "is no conda prefix"),
        ([], 2, "Missing argument"),
    ],
)
def test_codes_and_sentences(arguments, code, said, app):
    done = run(*arguments, cwd=app)
    assert (done.returncode, said in done.stdout + done.stderr) == (code, True), done


def test_one_platform(app):
    answer = json.loads(run("numpy", "--platform", "osx-arm64", "--format", "json", cwd=app).stdout)
    assert answer["explanations"][0]["places"] == [{"environment": "", "platform": "osx-arm64"}]


def test_an_explicit_list_does_not_know(app):
    (app / "conda-linux-64.lock").write_text(explicit(*PACKAGES[:3]))
    done = run("numpy", "conda-linux-64.lock", cwd=app)
    assert done.returncode == 2
    assert "--depends-from" in done.stdout
    done = run("numpy", "conda-linux-64.lock", "--depends-from", "conda-lock.yml", cwd=app)
    assert done.returncode == 0
    assert ">=1.19,<2" in done.stdout
    assert run("scipy", "conda-linux-64.lock", cwd=app).returncode == 1


def test_what_is_asked_for_and_not_locked(app):
    text = MANIFEST.replace("accelerate", "accelerate\n      - deepspeed==0.12")
    (app / "environment.yml").write_text(text)
    done = run("DeepSpeed", cwd=app)
    assert done.returncode == 1
    assert "though environment.yml:7 asks for `deepspeed==0.12`" in " ".join(done.stdout.split())


def test_a_pip_half_beside_the_lock(app):
    (app / "conda-lock.yml").write_text(conda_lock(*PACKAGES[:4]))
    pins = ("accelerate==0.24.1", "psutil==5.9")
    text = "".join(f"{pin} --hash=sha256:{'1' * 64}\n" for pin in pins)
    (app / "requirements.txt").write_text(text)
    assert "asked for by `accelerate`" in run("accelerate", cwd=app).stdout
    done = run("psutil", cwd=app)
    assert done.returncode == 2
    assert "psutil 5.9 (pip)" in done.stdout
    assert "nothing else needs it" not in done.stdout
    (app / "full").mkdir()
    whole = conda_lock(project("psutil", "5.9"), project("accelerate", "0.24.1", "psutil"))
    (app / "full" / "conda-lock.yml").write_text(whole)
    done = run("psutil", "--depends-from", "full", cwd=app)
    assert (done.returncode, done.stderr) == (0, "")
    assert "asked for by `accelerate`" in done.stdout


def test_of_several_locks_one_must_be_chosen(app):
    (app / "gpu.conda-lock.yml").write_text(conda_lock(*PACKAGES))
    done = run("numpy", cwd=app)
    assert done.returncode == 2
    assert "conda-lock.yml, gpu.conda-lock.yml" in done.stderr
    assert "--lock FILE" in done.stderr
    assert run("numpy", "--lock", "gpu.conda-lock.yml", cwd=app).returncode == 0


def test_the_lock_of_all_platforms_goes_before_lists_made_from_it(app):
    for platform in ("linux-64", "osx-arm64"):
        (app / f"conda-{platform}.lock").write_text(explicit(*PACKAGES[:3], platform=platform))
    assert run("numpy", cwd=app).returncode == 0
    (app / "conda-lock.yml").unlink()
    done = run("numpy", "--depends-from", "conda-linux-64.lock", cwd=app)
    assert "numpy 1.26.4 (conda-forge) on linux-64 and osx-arm64" in done.stdout


RECORD = {"build": "h0_0", "build_number": 0, "channel": "conda-forge", "subdir": "linux-64"}


@pytest.fixture
def prefix(tmp_path):
    meta = tmp_path / "env" / "conda-meta"
    meta.mkdir(parents=True)
    for name, depends, wish in (("python", [], "python=3.11"), ("openssl", [], "")):
        record = RECORD | {"name": name, "version": "3.11", "depends": depends}
        record |= {"requested_spec": wish} if wish else {"depends": ["python >=3"]}
        (meta / f"{name}.json").write_text(json.dumps(record))
    info = tmp_path / "env" / "lib" / "python3.11" / "site-packages" / "app-1.dist-info"
    info.mkdir(parents=True)
    text = "Name: app\nVersion: 1\nRequires-Dist: openssl>=3\nRequires-Dist: x; extra == 'y'\n\n"
    (info / "METADATA").write_text(text)
    return tmp_path / "env"


def test_a_prefix(prefix):
    done = run("python", prefix, cwd=prefix.parent)
    assert done.returncode == 0
    assert "asked for by `python=3.11`" in done.stdout
    done = run("python", "--prefix", "auto", cwd=prefix.parent, CONDA_PREFIX=str(prefix))
    assert "asked for by `python=3.11`" in done.stdout


def test_pixi_environments(tmp_path):
    one = "- conda: https://example.org/conda-forge/linux-64/{0}-1-h0_0.conda\n"
    text = "version: 6\nenvironments:\n"
    for name, packages in (("default", "ab"), ("test", "abc")):
        text += f"  {name}:\n    channels: [{{url: conda-forge}}]\n    packages:\n      linux-64:\n"
        text += "".join("      " + one.format(p) for p in packages)
    text += "packages:\n" + "".join(
        f"{one.format(p)}  depends: [{'b' if p != 'b' else ''}]\n" for p in "abc"
    )
    (tmp_path / "pixi.lock").write_text(text)
    done = run("b", cwd=tmp_path)
    assert "in default on linux-64" in done.stdout
    assert "in test on linux-64" in done.stdout
    assert "c 1" not in run("b", "--environment", "default", cwd=tmp_path).stdout
    assert "no environment dev" in run("b", "--environment", "dev", cwd=tmp_path).stderr


def test_names_that_would_act_are_shown_as_text(tmp_path):
    hostile = json.dumps(HOSTILE)
    text = conda_lock(package("a", "1", "b >=1"), package("b"))
    text = text.replace("'>=1'", json.dumps(f">=1 {HOSTILE}")).replace("'1'", hostile)
    (tmp_path / "conda-lock.yml").write_text(text)
    for form in ("text", "markdown", "json"):
        done = run("b", "--format", form, cwd=tmp_path)
        assert done.returncode == 0, done
        for raw in ("\x1b", "\u202e"):
            assert raw not in done.stdout
        assert form != "markdown" or "<img" not in re.sub(r"(`+).*?\1", "", done.stdout)
    done = run(HOSTILE, cwd=tmp_path)
    assert "\x1b" not in done.stdout + done.stderr
    assert done.returncode == 1


def test_a_folder_that_has_a_manifest_alone_is_called_by_its_name(tmp_path):
    (tmp_path / "chat").mkdir()
    (tmp_path / "chat" / "environment.yml").write_text("dependencies: [python=3.11]\n")
    told = run("numpy", "chat", cwd=tmp_path).stdout
    assert told.startswith("chat does not ask for numpy itself")
    assert run("numpy", cwd=tmp_path / "chat").stdout.startswith("This directory does not ask for")
