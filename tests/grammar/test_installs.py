from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conda_preflight.documents import Command, Location
from conda_preflight.grammar.installs import Install, install_of
from conda_preflight.grammar.passage import passage_of
from conda_preflight.grammar.shell import commands

PLACE = Location("f", 1, 1)


def install(text: str) -> Install | None:
    return install_of(commands(passage_of("f", text))[0])


@pytest.mark.parametrize(
    ("text", "tool", "action", "files", "names", "env"),
    [
        (
            "conda create -y -n x 'python=3.10' numpy",
            "conda",
            "create",
            "",
            "python=3.10 numpy",
            "x",
        ),
        ("conda create --name=x --file spec.txt", "conda", "create", "spec.txt", "", "x"),
        ("conda create -f env.yml -p ./e", "conda", "create", "env.yml", "", "./e"),
        ("conda install -f numpy", "conda", "install", "", "numpy", ""),
        ("conda install -yc conda-forge", "conda", "install", "", "conda-forge", ""),
        ("conda env create -f a/env.yml", "conda", "create", "a/env.yml", "", ""),
        ("conda env create", "conda", "create", "environment.yml", "", ""),
        ("conda env update --file e.yml --prune -n b", "conda", "update", "e.yml", "", "b"),
        ("mamba env create -n x -f e.yml", "mamba", "create", "e.yml", "", "x"),
        ("mamba env create -n x python=3.11", "mamba", "create", "", "python=3.11", "x"),
        (
            "micromamba create -f conda-lock.yml -n x",
            "micromamba",
            "create",
            "conda-lock.yml",
            "",
            "x",
        ),
        (
            "micromamba -y install -n base -f /srv/e.yaml",
            "micromamba",
            "install",
            "/srv/e.yaml",
            "",
            "base",
        ),
        ("/opt/conda/bin/conda update --all", "conda", "update", "", "", ""),
        ("$CONDA_DIR/bin/conda install x", "conda", "install", "", "x", ""),
        ("conda activate X", "conda", "activate", "", "", "X"),
        ("source activate X", "conda", "activate", "", "", "X"),
        (". /opt/conda/bin/activate X", "conda", "activate", "", "", "X"),
        ("micromamba activate", "micromamba", "activate", "", "", ""),
        (
            "conda run --no-capture-output -n X python a.py -n 3",
            "conda",
            "run",
            "",
            "python a.py -n 3",
            "X",
        ),
        ("conda run -n X pip install torch", "pip", "install", "", "torch", "X"),
        (
            "conda run -p /e bash -c 'cd x && pip install -r r.txt'",
            "pip",
            "install",
            "r.txt",
            "",
            "/e",
        ),
        (
            "pip install -r a.txt -cc.txt --requirement=b.txt x",
            "pip",
            "install",
            "a.txt c.txt b.txt",
            "x",
            "",
        ),
        ("pip3.11 --no-cache-dir install -U 'torch==2.0'", "pip", "install", "", "torch==2.0", ""),
        ("python3 -u -m pip install .", "pip", "install", "", ".", ""),
        ("pip install -e '.[dev]' --index-url u a", "pip", "install", "", "a", ""),
        ("uv pip install -r r.txt", "uv", "install", "r.txt", "", ""),
        ("uv pip sync r.txt", "uv", "install", "r.txt", "", ""),
        ("uv pip compile r.in -o r.txt", "uv", "lock", "r.in", "", ""),
        ("uv sync --frozen", "uv", "install", "", "", ""),
        ("uv venv --python 3.11 .venv", "uv", "create", "", "", ".venv"),
        ("pixi install -e prod --locked", "pixi", "install", "", "", "prod"),
        ("pixi run -e prod serve --port 1", "pixi", "run", "", "serve --port 1", "prod"),
        ("poetry install --no-root", "poetry", "install", "", "", ""),
        ("conda-lock -f e.yml -p linux-64", "conda-lock", "lock", "e.yml", "", ""),
        ("conda-lock lock --lockfile l.yml", "conda-lock", "lock", "", "", ""),
        (
            "conda-lock install -p /e conda-lock.yml",
            "conda-lock",
            "create",
            "conda-lock.yml",
            "",
            "/e",
        ),
        ("conda lock -f e.yml", "conda-lock", "lock", "e.yml", "", ""),
        ("python -m conda_lock install l.yml", "conda-lock", "create", "l.yml", "", ""),
    ],
)
def test_installs(  # noqa: PLR0917
    text: str, tool: str, action: str, files: str, names: str, env: str
) -> None:
    found = install(text)
    assert found is not None
    assert (found.tool, found.action) == (tool, action)
    assert (" ".join(found.files), " ".join(found.names), found.env) == (files, names, env)


@pytest.mark.parametrize(
    "text",
    [
        "conda clean -afy",
        "conda env export",
        "conda init bash",
        "pip list",
        "python -m venv x",
        "python pip install",
        "source .venv/bin/activate",
        "conda-lock render",
        "conda-lock --version",
        "uv --version",
        "echo pip install x",
        "pixi",
        "conda",
    ],
)
def test_nothing_is_installed(text: str) -> None:
    assert install(text) is None


def test_flags_have_their_long_names() -> None:
    found = install("conda install -y -c conda-forge --override-channels --solver=classic x")
    assert found is not None
    assert found.flags == (
        "--yes",
        "--channel=conda-forge",
        "--override-channels",
        "--solver=classic",
    )


@given(
    st.lists(
        st.sampled_from(
            ["conda", "env", "create", "run", "pip", "install", "-n", "-f", "-m", "python", "--"]
        )
        | st.text(max_size=5)
    )
)
def test_never_raises(words: list[str]) -> None:
    install_of(Command(tuple(words), PLACE))


def test_runs_inside_runs_end() -> None:
    words = ("conda", "run") * 500 + ("pip", "install", "x")
    assert install_of(Command(words, PLACE)) is not None
