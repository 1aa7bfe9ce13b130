"""Joints between files, on small projects: Dockerfiles, CI, pages and scripts beside manifests."""

from __future__ import annotations

import json
import time

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conda_preflight.cli import main
from conda_preflight.report import Status
from conda_preflight.testing import audit_files

RULES = (
    "missing-copy",
    "names-disagree",
    "other-file",
    "python-disagrees",
    "readme-disagrees",
    "unlocked-install",
    "unmade-environment",
)
MINICONDA = "FROM continuumio/miniconda3:24.7.1-0\n"
LOCK = (
    "@EXPLICIT\nhttps://conda.example.org/conda-forge/linux-64/"
    "python-3.11.9-h1_0_cpython.conda#00000000000000000000000000000000\n"
)
CI = ".github/workflows/test.yml"


def manifest(name: str, python: str = "3.11") -> str:
    return f"name: {name}\nchannels: [conda-forge]\ndependencies: [python={python}]\n"


def steps(*texts: str) -> str:
    return "".join(f"      - {text}\n" for text in texts)


def job(*texts: str) -> str:
    return f"on: push\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    steps:\n{steps(*texts)}"


def jobs(**texts: tuple[str, ...]) -> str:
    found = (f"  {name}:\n    steps:\n{steps(*lines)}" for name, lines in texts.items())
    return "on: push\njobs:\n" + "".join(found)


def readme(*lines: str) -> str:
    return "# Page\n\n```bash\n" + "\n".join(lines) + "\n```\n"


@pytest.fixture
def said(tmp_path):
    """Audits a project with one rule: (severity, about, path, line) of each finding."""

    def audit(rule: str, files: dict[str, str]) -> list[tuple[str, str, str, int]]:
        report = audit_files(files, tmp_path, f"joint/{rule}")
        assert not [o.reason for o in report.outcomes if o.status is Status.CRASHED]
        return [
            (
                finding.severity.value,
                finding.problem.about,
                finding.problem.location.path,
                finding.problem.location.line,
            )
            for finding in report.findings
        ]

    return audit


class TestNamesDisagree:
    """joint/names-disagree."""

    rule = "names-disagree"

    def test_an_image_that_works_in_another_environment(self, said):
        image = MINICONDA + (
            "COPY environment.yml .\nRUN conda env create\n"
            'CMD ["conda", "run", "-n", "chat", "python", "serve.py"]\n'
        )
        files = {"environment.yml": manifest("chat_infer_prod"), "Dockerfile": image}
        assert said(self.rule, files) == [("error", "chat", "Dockerfile", 4)]

    @pytest.mark.parametrize(("env", "faults"), [("docs_env", 0), ("app_env", 1)])
    def test_the_path_that_is_copied_says_which_manifest(self, said, env, faults):
        image = MINICONDA + (
            "COPY docs/environment.yml /tmp/\nRUN conda env create -f /tmp/environment.yml\n"
            f"RUN conda run -n {env} sphinx-build docs out\n"
        )
        files = {
            "environment.yml": manifest("app_env"),
            "docs/environment.yml": manifest("docs_env"),
            "docker/Dockerfile": image,
        }
        assert len(said(self.rule, files)) == faults

    @pytest.mark.parametrize(("env", "faults"), [("root_env", 0), ("image_env", 1)])
    def test_the_context_is_where_most_of_what_is_copied_lies(self, said, env, faults):
        image = MINICONDA + (
            "COPY environment.yml .\nCOPY services/run.sh /app/run.sh\n"
            f"RUN conda env create -f environment.yml && conda run -n {env} python -V\n"
        )
        files = {
            "environment.yml": manifest("root_env"),
            "docker/environment.yml": manifest("image_env"),
            "services/run.sh": "conda activate root_env\n",
            "docker/Dockerfile": image,
        }
        assert len(said(self.rule, files)) == faults

    @pytest.mark.parametrize("env", ["root_env", "image_env"])
    def test_two_possible_contexts_are_not_judged(self, said, env):
        image = MINICONDA + (
            "COPY environment.yml .\n"
            f"RUN conda env create -f environment.yml && conda run -n {env} python -V\n"
        )
        files = {
            "environment.yml": manifest("root_env"),
            "docker/environment.yml": manifest("image_env"),
            "docker/Dockerfile": image,
        }
        assert said(self.rule, files) == []

    def test_a_whole_folder_keeps_the_paths_in_it(self, said):
        image = MINICONDA + (
            "WORKDIR /app\nCOPY . .\n"
            "RUN cd envs && conda env create -f gpu.yml && conda run -n gpu_env python -V\n"
        )
        files = {
            "gpu.yml": manifest("other_env"),
            "envs/gpu.yml": manifest("gpu_env"),
            "Dockerfile": image,
        }
        assert said(self.rule, files) == []

    def test_ci_of_a_part_does_not_mean_a_manifest_elsewhere(self, said):
        travis = (
            "install:\n  - patch environment.yml fix.patch\n"
            "  - conda env create -f environment.yml\n  - conda activate part\n"
        )
        files = {"docker/environment.yml": manifest("image_env"), "part/.travis.yml": travis}
        assert said(self.rule, files) == []

    def test_a_job_is_not_excused_by_another(self, said):
        ci = jobs(
            lint=("run: conda create -n lint python=3.11", "run: conda run -n lint ruff check"),
            test=("run: conda env create -f environment.yml", "run: conda run -n lint pytest"),
        )
        files = {"environment.yml": manifest("app_env"), CI: ci}
        assert said(self.rule, files) == [("error", "lint", CI, 10)]

    @pytest.mark.parametrize(
        "other",
        [
            ("run: conda run -n lint pytest",),  # restored from a cache of the other job
            ("uses: ./.github/actions/environment", "run: conda run -n tools pytest"),
            ("uses: ./.github/actions/setup", "run: conda env create", "run: conda run -n t x"),
            ("run: conda create -n lint python", "run: conda run -n lint pytest"),
        ],
    )
    def test_jobs_that_pass(self, said, other):
        ci = jobs(lint=("run: conda create -n lint python=3.11",), test=other)
        assert said(self.rule, {"environment.yml": manifest("app_env"), CI: ci}) == []

    def test_jobs_share_hidden_ones_and_anchors(self, said):
        shared = (
            ".conda:\n  before_script:\n    - conda env create -f environment.yml\n"
            "test:\n  extends: .conda\n  script:\n    - conda activate app_env\n"
        )
        anchored = (
            ".s: &setup\n  - conda env create -f environment.yml\n"
            "a:\n  before_script: *setup\n  script:\n    - conda create -n x python\n"
            "b:\n  before_script: *setup\n  script:\n    - conda activate app_env\n"
        )
        for text in (shared, anchored):
            files = {"environment.yml": manifest("app_env"), ".gitlab-ci.yml": text}
            assert said(self.rule, files) == []

    @pytest.mark.parametrize(("image", "faults"), [("team/tools:1", 0), ("ubuntu:24.04", 1)])
    def test_a_container_may_bring_environments(self, said, image, faults):
        ci = f"on: push\njobs:\n  test:\n    container: {image}\n    steps:\n" + steps(
            "run: conda env create", "run: conda run -n tools pytest"
        )
        assert len(said(self.rule, {"environment.yml": manifest("app"), CI: ci})) == faults

    def test_setup_actions_make_what_they_are_asked_for(self, said):
        named = "{uses: conda-incubator/setup-miniconda@v3, with: {activate-environment: tools}}"
        filed = (
            "{uses: conda-incubator/setup-miniconda@v3, with: {environment-file: environment.yml}}"
        )
        passing = job(named, filed, *(f"run: conda run -n {n} x" for n in ("tools", "app", "test")))
        files = {"environment.yml": manifest("app"), CI: passing}
        assert said(self.rule, files) == []
        files[CI] = job(named, "run: conda run -n tool x")
        assert said(self.rule, files) == [("error", "tool", CI, 7)]

    def test_a_lock_at_a_path_with_variables_has_no_name(self, said):
        ci = job(
            "run: conda-lock install --name test ${PART}/conda-lock.yml",
            "run: conda-lock install --name test lockfiles/conda-lock.yml",
        )
        lock = "version: 1\nmetadata: {platforms: [linux-64], sources: [environment.yml]}\n"
        files = {"a/environment.yml": manifest("a"), "a/conda-lock.yml": lock + "package: []\n"}
        assert said(self.rule, {**files, CI: ci}) == []

    def test_a_script_of_the_project_may_make_environments(self, said):
        image = (
            "FROM ubuntu:24.04\n"
            "RUN git clone https://git.example.org/chat && cd chat && "
            "source scripts/install_chat_conda.sh && conda activate chat\n"
        )
        assert said(self.rule, {"Dockerfile": image}) == []
        by_itself = "FROM ubuntu:24.04\nRUN bash Miniconda3.sh -b && conda activate chat\n"
        assert said(self.rule, {"Dockerfile": by_itself}) == [("error", "chat", "Dockerfile", 2)]

    def test_an_image_on_an_unknown_one_gets_a_note(self, said):
        image = (
            "FROM registry.example.org/base:1\nCOPY environment.yml .\nRUN conda env create\n"
            'SHELL ["conda", "run", "-n", "old_env", "bash", "-c"]\n'
        )
        files = {"environment.yml": manifest("new_env"), "Dockerfile": image}
        assert said(self.rule, files) == [("note", "old_env", "Dockerfile", 4)]

    @pytest.mark.parametrize(
        ("header", "faults"),
        [
            ("# Name: chat_train\n", 1),
            ("# environment: chat_train\n", 1),
            ("# packages in environment at /opt/conda/envs/chat_train:\n", 1),
            ("# Name: chat_infer\n", 0),
            ("# packages in environment at /opt/conda/envs/chat_infer:\n", 0),
            ("# packages in environment at /opt/conda:\n", 0),
            ("# Name: base\n", 0),
            ("# $ conda create --name <env> --file <this file>\n", 0),
        ],
    )
    def test_the_name_that_a_lock_states(self, said, header, faults):
        files = {
            "environment.yml": manifest("chat_infer"),
            "conda-linux-64.lock": header + LOCK,
        }
        found = said(self.rule, files)
        assert [severity for severity, *_ in found] == ["warning"] * faults


class TestUnmadeEnvironment:
    """joint/unmade-environment."""

    rule = "unmade-environment"

    def test_scripts_that_make_none(self, said):
        files = {
            "environment.yml": manifest("chat_env"),
            "train.sh": "#!/bin/bash\nconda activate chat\npython train.py\n",
            "tools.sh": "#!/bin/bash\nNAME=tools\nsetup -n tools\nconda activate tools\n",
            "made.sh": "#!/bin/bash\nconda create -n here python\n",
            "uses.sh": "#!/bin/bash\nconda activate here\n",
        }
        assert said(self.rule, files) == [("note", "chat", "train.sh", 2)]

    def test_environments_of_pixi(self, said):
        pixi = (
            '[workspace]\nname = "chat"\nchannels = ["conda-forge"]\nplatforms = ["linux-64"]\n'
            '[feature.gpu.dependencies]\npython = "3.11.*"\n[environments]\ngpu = ["gpu"]\n'
        )
        matrix = "{uses: prefix-dev/setup-pixi@v0.9, with: {environments: '${{ matrix.env }}'}}"
        fine = ("run: pixi run -e gpu t", "run: pixi run -e default t", "run: pixi run -e $E t")
        other = "run: pixi run --manifest-path sub/pixi.toml -e x t"
        files = {
            "pixi.toml": pixi,
            CI: job(matrix, *fine, other, "run: pixi global install -e x y"),
        }
        assert said(self.rule, files) == []
        files[CI] = job("run: pixi run -e cuda pytest")
        assert said(self.rule, files) == [("error", "cuda", CI, 6)]


class TestMissingCopy:
    """joint/missing-copy."""

    rule = "missing-copy"

    @pytest.mark.parametrize(
        "lines",
        [
            "RUN conda env create -f environment.yml",
            "WORKDIR /app\nCOPY environment.yml /tmp/\nRUN conda env create -f environment.yml",
            "COPY environment.yml /app/\nRUN cd /tmp && conda env create -f environment.yml",
            "COPY environment.yml /tmp/\nRUN conda env create -f /app/environment.yml",
            "COPY envs /app/envs\nRUN conda env create -f /app/environment.yml",
        ],
    )
    def test_fails(self, said, lines):
        found = said(self.rule, {"environment.yml": manifest("x"), "Dockerfile": MINICONDA + lines})
        assert [severity for severity, *_ in found] == ["error"]

    @pytest.mark.parametrize(
        "lines",
        [
            "WORKDIR /app\nCOPY environment.yml ./\nRUN conda env create",
            "COPY environment.yml /app/\nRUN cd /app && conda env create -f environment.yml",
            "COPY a.txt environment.yml /tmp/x/\nRUN conda env create -f /tmp/x/environment.yml",
            "COPY environment.yml $HOME/\nRUN conda env create -f /root/environment.yml",
            "COPY e.yml /a/\nRUN cp /a/e.yml /b && conda env create -f /b/e.yml",
            "COPY environment.yml /a/\nRUN cd $X && conda env create -f environment.yml",
            "COPY environment.yml /a/\nRUN conda env create -f environment.yml",
            "ADD . /opt/x/\nRUN conda env create -f /opt/x/environment.yml",
        ],
    )
    def test_passes(self, said, lines):
        files = {"environment.yml": manifest("x"), "Dockerfile": MINICONDA + lines}
        assert said(self.rule, files) == []

    def test_a_stage_that_a_variable_names(self, said):
        image = (
            f"{MINICONDA[:-1]} AS amd64\nCOPY environment.yml /locks/\n"
            "FROM ${TARGETARCH}\nRUN conda env create -f /locks/environment.yml\n"
        )
        assert said(self.rule, {"environment.yml": manifest("x"), "Dockerfile": image}) == []


class TestOtherFile:
    """joint/other-file."""

    rule = "other-file"

    def test_a_file_that_was_moved(self, said):
        files = {
            "envs/environment.yml": manifest("x"),
            "ci/other.yml": manifest("y"),
            CI: job("run: conda env create -f ci/environment.yml"),
        }
        assert said(self.rule, files) == [("error", "ci/environment.yml", CI, 6)]

    def test_another_ending_is_named(self, tmp_path):
        image = MINICONDA + "COPY . /app/\nRUN conda env create -f /app/environment.yaml\n"
        files = {"environment.yml": manifest("x"), "Dockerfile": image}
        report = audit_files(files, tmp_path, f"joint/{self.rule}")
        assert [f.problem.fix for f in report.findings] == [
            "Write `environment.yml`, which is there."
        ]

    def test_a_file_of_an_image_that_was_renamed(self, said):
        image = MINICONDA + "COPY docker/env.yml /tmp/\nRUN conda env create -f /tmp/env.yml\n"
        files = {"docker/environment.yml": manifest("x"), "docker/Dockerfile": image}
        assert said(self.rule, files) == [("error", "docker/env.yml", "docker/Dockerfile", 3)]

    @pytest.mark.parametrize(
        "ci",
        [
            job(
                "{shell: 'python {0}', run: 'write(\"made.yml\")'}",
                "run: conda env create -f made.yml",
            ),
            job(
                "{uses: actions/checkout@v4, with: {path: Chat}}",
                "run: conda env create -f Chat/environment.yml",
            ),
            job("{run: conda env create -f environment.yml, working-directory: envs}"),
            job("run: patch made.yml fix.patch", "run: conda env create -f made.yml"),
        ],
    )
    def test_passes(self, said, ci):
        assert said(self.rule, {"envs/environment.yml": manifest("x"), CI: ci}) == []

    def test_a_trigger_or_a_cache_key_writes_nothing(self, said):
        ci = "on:\n  push:\n    paths:\n      - gone.yml\njobs:\n  test:\n    steps:\n" + steps(
            "{uses: actions/cache@v4, with: {key: \"${{ hashFiles('gone.yml') }}\"}}",
            "run: conda env create -f gone.yml",
        )
        found = said(self.rule, {"environment.yml": manifest("x"), CI: ci})
        assert [about for _, about, *_ in found] == ["gone.yml"]


class TestReadmeDisagrees:
    """joint/readme-disagrees."""

    rule = "readme-disagrees"

    @pytest.mark.parametrize(
        ("lines", "about"),
        [
            (("conda env create -f environment.yml", "conda activate chat", "python a.py"), "chat"),
            (("conda env create -f env-gpu.yml",), "env-gpu.yml"),
            (("conda env create -f environment.yml", "source activate CHAT-ENV2"), "CHAT-ENV2"),
        ],
    )
    def test_fails(self, said, lines, about):
        files = {"environment.yml": manifest("CHAT-ENV"), "README.md": readme(*lines)}
        assert [(s, a) for s, a, *_ in said(self.rule, files)] == [("warning", about)]

    @pytest.mark.parametrize(
        "lines",
        [
            ("conda env create -n <ENV NAME> -f <your file>.yml", "conda activate <ENV NAME>"),
            ("conda env create -n <name> -f environment.yml", "conda activate other"),
            ("conda env create", "./setup_env.sh", "conda activate other"),
            ("make env", "conda env create", "conda activate other"),
            ("conda env create", "conda activate NAME"),
            ("cd chat", "conda env create -f environment.yml", "conda activate chat_env"),
        ],
    )
    def test_passes(self, said, lines):
        files = {"environment.yml": manifest("chat_env"), "README.md": readme(*lines)}
        assert said(self.rule, files) == []

    def test_a_page_that_makes_its_own(self, said):
        lines = ("conda create -n tv python=3.11", "conda activate tv", "conda activate vt")
        files = {"environment.yml": manifest("chat_env"), "README.md": readme(*lines)}
        assert said(self.rule, files) == [("note", "vt", "README.md", 6)]
        files["README.md"] = readme("conda create -n tv python=3.11", "conda activate chat_env")
        assert said(self.rule, files) == []


class TestUnlockedInstall:
    """joint/unlocked-install."""

    rule = "unlocked-install"

    @pytest.mark.parametrize(("folder", "faults"), [("a", 1), ("b", 0)])
    def test_the_lock_beside_the_manifest_that_is_meant(self, said, folder, faults):
        files = {
            "a/environment.yml": manifest("a_env"),
            "a/conda-linux-64.lock": LOCK,
            "b/environment.yml": manifest("b_env"),
            CI: job(f"{{run: conda env create, working-directory: {folder}}}"),
        }
        found = said(self.rule, files)
        assert [severity for severity, *_ in found] == ["error"] * faults

    def test_the_manifest_that_a_context_holds(self, said):
        image = MINICONDA + "COPY environment.yml .\nRUN conda env create -f environment.yml\n"
        files = {
            "environment.yml": manifest("root_env"),
            "services/chat/environment.yml": manifest("chat_env"),
            "services/chat/conda-linux-64.lock": LOCK,
            "services/chat/Dockerfile": image.replace("COPY e", "COPY serve.yaml e"),
            "services/chat/serve.yaml": "a: 1\n",
        }
        assert said(self.rule, files)[0][:2] == ("error", "environment.yml")

    @pytest.mark.parametrize(
        "ci",
        [
            jobs(a=("run: conda env create",), b=("run: conda install numpy",)),
            job("run: conda env create", "run: uv tool install prek", "run: pixi global install x"),
            job("run: uv venv v", "run: uv pip install flash-attn"),
            job("run: conda env create", "run: pip install readme-renderer 'chat-model[extra]'"),
        ],
    )
    def test_passes_in_ci(self, said, ci):
        pixi = '[project]\nname = "chat-model"\n[tool.conda-lock]\nchannels = ["conda-forge"]\n'
        files = {"environment.yml": manifest("x"), "pyproject.toml": pixi, CI: ci}
        assert said(self.rule, files) == []

    def test_names_on_top_in_the_same_job(self, said):
        ci = jobs(
            a=("run: ls",), b=("run: conda env create", "run: conda install numpy scipy=1.14")
        )
        files = {"environment.yml": manifest("x"), CI: ci}
        assert said(self.rule, files) == [("warning", "names", CI, 9)]

    def test_the_own_package_in_any_version_in_an_image(self, said):
        image = MINICONDA + "RUN conda create -n x python=3.11 && conda run -n x pip install chat\n"
        own = '[project]\nname = "chat"\n[tool.conda-lock]\nchannels = ["conda-forge"]\n'
        found = said(self.rule, {"pyproject.toml": own, "Dockerfile": image})
        assert found == [("error", "names", "Dockerfile", 2)]


class TestPythonDisagrees:
    """joint/python-disagrees."""

    rule = "python-disagrees"
    image = "FROM python:3.8-slim\nRUN pip install -r requirements.txt\n"

    @pytest.mark.parametrize(
        ("place", "faults"), [("Dockerfile", 1), ("envs/app/Dockerfile", 1), ("web/Dockerfile", 0)]
    )
    def test_an_image_below_the_manifest(self, said, place, faults):
        folder = "" if place == "Dockerfile" else "envs/"
        files = {f"{folder}environment.yml": manifest("x", "3.11"), place: self.image}
        assert len(said(self.rule, files)) == faults

    def test_a_page_for_the_environment_of_the_manifest(self, said):
        page = readme("conda create -n x python=3.8", "conda create -n y python=3.8")
        files = {"environment.yml": manifest("x"), "README.md": page}
        assert said(self.rule, files) == [("warning", "python=3.8", "README.md", 4)]


def test_the_command_line_tells_them(tmp_path):
    image = MINICONDA + "COPY environment.yml .\nRUN conda env create && conda activate other\n"
    (tmp_path / "environment.yml").write_text(manifest("app"))
    (tmp_path / "Dockerfile").write_text(image)
    arguments = ["audit", str(tmp_path), "--select", "joint", "--format", "json"]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 1, result.output
    found = {(f["rule"], f["severity"]) for f in json.loads(result.stdout)["findings"]}
    assert found == {("joint/names-disagree", "error"), ("joint/unlocked-install", "error")}


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.sampled_from(
            [
                *("cd ..", "cd /", "cd a/b", "cd", "popd", "cd $X", "cd '", "conda activate x"),
                *("conda env create -f ../../../e.yml", "conda env create -f /e.yml"),
                *("conda env create -f ''", "conda run -n '' x", "pixi run -e ? x", "<a <b> >"),
            ]
        ),
        max_size=12,
    ),
    st.text(max_size=20).filter(lambda text: text.isprintable()),
)
def test_nothing_crashes(said, lines, odd):
    text = "\n".join([*lines, f"conda env create -f '{odd}' -n '{odd}'"])
    files = {
        "environment.yml": manifest("x"),
        "Dockerfile": "FROM ubuntu:24.04\n" + "\n".join(f"RUN {line}" for line in lines),
        "README.md": readme(text),
        "run.sh": text,
        CI: job(*(json.dumps({"run": line}) for line in lines)),
    }
    for rule in RULES:
        said(rule, files)


def test_many_changes_of_folder_take_no_time(said):
    lines = ["cd a/b/c/d/e"] * 3000 + ["conda env create -f environment.yml"] * 500
    files = {"a/b/c/d/environment.yml": manifest("x"), "a/b/c/d/README.md": readme(*lines)}
    start = time.perf_counter()
    said("readme-disagrees", files)
    assert time.perf_counter() - start < 5
