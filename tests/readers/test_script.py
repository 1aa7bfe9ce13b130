from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.growth import LINEAR, growth

from conda_preflight.documents import Script, Source
from conda_preflight.errors import ReadError
from conda_preflight.readers import script


def source(text: str, path: str) -> Source:
    return Source(path, text, "", len(text), "utf-8", "\n", tuple(text.split("\n")))


def read(text: str, path: str) -> Script:
    opened = source(text, path)
    assert script.recognizes(opened)
    return script.read(opened)[0]


def lines(found: Script) -> list[tuple[int, int, str]]:
    return [(c.location.line, c.location.column, " ".join(c.words)) for c in found.commands]


README = """\
# Install

Use `pip install inline`, or:

```bash
conda env create -f environment.yml
conda activate \\
   demo  # the name
```

```python
pip install nothing
```

1. In a list:
   ~~~console
   (base) $ pip install a \\
       b
   Successfully installed pip install output
   user@host:~/x$ conda activate a
   ~~~

    pip install indented

> ```
> pip install quoted
> ```
```
!pip install magic
"""


def test_readme() -> None:
    found = read(README, "docs/x.md")
    assert found.kind == "readme"
    assert lines(found) == [
        (6, 1, "conda env create -f environment.yml"),
        (7, 1, "conda activate demo"),
        (17, 13, "pip install a b"),
        (20, 19, "conda activate a"),
        (23, 5, "pip install indented"),
        (26, 3, "pip install quoted"),
        (29, 2, "pip install magic"),
    ]


def test_rst_readme() -> None:
    text = "Install::\n\n    conda install a\n\n"
    text += ".. code-block:: bash\n   :caption: x\n\n   pip install b\n"
    assert lines(read(text, "README.rst")) == [
        (3, 5, "conda install a"),
        (8, 4, "pip install b"),
    ]


def test_a_page_that_installs_nothing_has_no_commands() -> None:
    assert read("```\nls  # pip\n```\n", "README.md").commands == ()


WORKFLOW = """\
on: push
jobs:
  test:
    steps:
      - uses: actions/checkout@v4
      - uses: conda-incubator/setup-miniconda@v3
        with:
          activate-environment: demo
          environment-file: env/test.yml
      - uses: mamba-org/setup-micromamba@v2
        with: { environment-file: e.yml }
      - run: pip install ${{ matrix.what }} a
      - name: several
        run: |
          conda install b \\
            c

          pip install d
      - run: >-
          pip install
          folded

          pip install g
      - shell: python
        run: pip install no
      - run: "pip install 'e f'"
      - run: &x |
          pip install h
"""


def test_workflow() -> None:
    found = read(WORKFLOW, ".github/workflows/ci.yml")
    assert found.kind == "ci"
    assert lines(found) == [
        (9, 29, "conda env create -f env/test.yml -n demo"),
        (11, 35, "micromamba create -f e.yml"),
        (12, 14, "pip install ${{ matrix.what }} a"),
        (15, 11, "conda install b c"),
        (18, 11, "pip install d"),
        (20, 11, "pip install folded"),
        (23, 11, "pip install g"),
        (26, 15, "pip install e f"),
        (28, 11, "pip install h"),
    ]


@pytest.mark.parametrize(
    ("path", "text", "line"),
    [
        (".gitlab-ci.yml", "a:\n  script:\n    - ls\n    - pip install x\n", 4),
        ("azure-pipelines.yml", "steps:\n- bash: |\n    ls\n    pip install x\n", 4),
        (
            ".circleci/config.yml",
            "jobs:\n a:\n  steps:\n  - run:\n     command: pip install x\n",
            5,
        ),
        (".circleci/config.yml", "jobs:\n a:\n  steps:\n  - run: pip install x\n", 4),
        ("odd.yml", "jobs:\n a:\n  steps:\n  - run: pip install x\n", 4),
        ("Makefile", "x:\n\t@ls $$A \\\n  y\n\t-pip install x\npip install y\n", 4),
        ("a.sh", "#!/bin/sh\nif x; then\n  pip install x\nfi\n", 3),
        ("install", "#!/usr/bin/env bash\npip install x\n", 2),
    ],
)
def test_other_files(path: str, text: str, line: int) -> None:
    found = read(text, path)
    assert [row for row in lines(found) if "pip" in row[2]] == [
        (line, pytest.approx(text.split("\n")[line - 1].index("pip") + 1), "pip install x")
    ]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("environment.yml", "dependencies: [pip]\n"),
        ("notes.md", "nothing to see\n"),
        ("README.png", "pip"),
        ("install.py", "pip"),
        ("x.txt", "pip"),
        ("CHANGES.md", "pip " * 400_000),
    ],
)
def test_not_recognized(path: str, text: str) -> None:
    assert not script.recognizes(source(text, path))


def test_bad_yaml() -> None:
    with pytest.raises(ReadError):
        script.read(source("jobs: [pip\n", ".github/workflows/a.yml"))


PARTS = st.sampled_from(
    ["```", "```sh\n", "~~~\n", "    ", "\t", "$ ", "pip install x\n", ".. code::\n", "::\n"]
)
YAML = st.sampled_from(
    [
        "jobs:\n",
        "- run: ",
        "|\n",
        ">\n",
        "  ",
        "run:",
        "&a ",
        "*a",
        "'",
        "\\\n",
        "> ",
        "<<E\n",
        "\n",
    ]
)


@given(
    st.lists(PARTS | YAML | st.text(max_size=4), max_size=30).map("".join),
    st.sampled_from(["a.md", "README.rst", "Makefile", "a.sh", ".gitlab-ci.yml", "x"]),
)
def test_nothing_but_read_errors(text: str, path: str) -> None:
    opened = source(text, path)
    script.recognizes(opened)
    try:
        (found,) = script.read(opened)
    except ReadError:
        return
    assert all(1 <= c.location.line <= len(opened.lines) for c in found.commands)


@pytest.mark.parametrize(
    "unit", ["```\n", "$ ", "    a\n", "> ", ".. code::\n", "a\n\n    b\n", "`~"]
)
def test_linear(unit: str) -> None:
    def work(size: int) -> None:
        script.read(source(unit * (size // len(unit)), "a.md"))

    assert growth(work, 20_000) < LINEAR


def test_a_script_that_somebody_names_is_bounded_too() -> None:
    with pytest.raises(ReadError):
        script.read(source("pip install a\n" * 100_000, "install.sh"))


@pytest.mark.parametrize("mark", [">", ">-", "|", "|-", "> # pip"])
def test_a_block_without_a_line(mark: str) -> None:
    text = f"jobs:\n  a:\n    steps:\n    - run: {mark}\n    - run: pip install a\n"
    assert lines(read(text, ".github/workflows/ci.yml")) == [(5, 12, "pip install a")]
