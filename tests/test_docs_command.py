"""``conda-preflight docs``: the section in a README, from the command line to the bytes."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pytest
from lock_builder import conda_lock, explicit, package, project

from conda_preflight.actions import docs
from conda_preflight.answers.docs_section import HEADING, day_of
from conda_preflight.cli import run
from conda_preflight.config import settings
from conda_preflight.errors import PreflightError
from conda_preflight.grammar.marked_section import BEGIN, END, marks_of
from conda_preflight.grammar.section_cells import cells
from conda_preflight.readers import script

EXAMPLE = Path(__file__).parents[1] / "examples" / "chatbot_infer_prod"
HASHED = "--no-deps --require-hashes -r requirements.txt"
DAY = date(2026, 11, 24)
LATER = date(2027, 3, 1)

MANIFEST = """\
name: chatbot_infer_prod
channels: [https://user:hunter2@conda.example.org/team, conda-forge]
dependencies:
  - python=3.11
  - pytorch=2.6
  - pip
  - pip:
      - --extra-index-url https://user:hunter2@pypi.example.org/simple
      - transformers==4.57.6
variables:
  HF_TOKEN: hf_aaaaaaaaaaaaaaaaaaaaaaaa
  TOKENIZERS_PARALLELISM: "false"
"""
PYTHON = package("python", "3.11.9", build="h1_0_cpython")
PACKAGES = (
    PYTHON,
    package("pytorch", "2.6.0", build="cuda126_mkl_py311_h8bb5dc9_300"),
    package("cuda-version", "12.6"),
    package("cudnn", "9.10.2.21", build="h1_0"),
    package("nccl", "2.27.3.1", build="h1_0"),
    package("pip", "25.0", build="pyh1_0"),
    project("transformers", "4.57.6"),
)
PREFLIGHT = """\
targets = ["a100-80gb"]
channel-priority = "strict"

[[waivers]]
rule = "manifest/credentials"
reason = "the mirror's | reader"
expires = "2027-01-31"

[[waivers]]
rule = "manifest/unpinned-package"
reason = "over"
expires = "2026-01-31"
"""


def made(root: Path, day: date = DAY) -> docs.Draft:
    return docs.draft(root, settings(root), day)


def text(root: Path) -> str:
    return "\n".join(made(root).lines) + "\n"


def filled(root: Path, **files: str) -> Path:
    for name, content in files.items():
        (root / name.replace("__", ".").replace("_", "-")).write_text(content, encoding="utf-8")
    return root


@pytest.fixture
def chatbot(tmp_path: Path) -> Path:
    return filled(
        tmp_path,
        environment__yml=MANIFEST,
        conda_lock__yml=conda_lock(*PACKAGES),
        preflight__toml=PREFLIGHT,
        README__md="# Chatbot\n\nIt answers.\n",
    )


def test_the_section_of_a_lock(chatbot, golden):
    golden("docs-conda-lock.md", text(chatbot))


def test_the_section_of_lists_for_two_platforms_that_differ(tmp_path, golden):
    cpu = package("pytorch", "2.5.1", build="cpu_mkl_py311_h0_100")
    gpu = package("pytorch", "2.6.0", build="cuda126_mkl_py311_h8bb5dc9_300")
    filled(
        tmp_path,
        environment__yml="name: two\nchannels: [conda-forge]\ndependencies: [python=3.11, pytorch]",
        conda_linux_64__lock=explicit(PYTHON, gpu),
        conda_osx_arm64__lock=explicit(PYTHON, cpu, platform="osx-arm64"),
    )
    golden("docs-explicit.md", text(tmp_path))


def test_the_section_of_a_manifest_without_a_lock(tmp_path, golden):
    golden("docs-manifest.md", text(filled(tmp_path, environment__yml=MANIFEST)))


def test_the_section_of_a_pixi_workspace(tmp_path, golden):
    filled(
        tmp_path,
        pixi__toml="""\
[workspace]
name = "bot"
channels = ["conda-forge"]
platforms = ["linux-64"]
[dependencies]
python = "3.11.*"
[feature.gpu.dependencies]
pytorch = ">=2.6"
[environments]
gpu = ["gpu"]
""",
        pixi__lock="""\
version: 6
environments:
  default:
    channels: [{url: https://conda.anaconda.org/conda-forge/}]
    packages:
      linux-64:
      - conda: https://conda.anaconda.org/conda-forge/linux-64/python-3.11.9-h1_0_cpython.conda
  gpu:
    channels: [{url: https://conda.anaconda.org/conda-forge/}]
    packages:
      linux-64:
      - conda: https://conda.anaconda.org/conda-forge/linux-64/python-3.11.9-h1_0_cpython.conda
      - conda: https://conda.anaconda.org/conda-forge/linux-64/pytorch-2.6.0-cpu_mkl_py311_h0_1.conda
packages:
- conda: https://conda.anaconda.org/conda-forge/linux-64/python-3.11.9-h1_0_cpython.conda
  sha256: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
  size: 30000000
- conda: https://conda.anaconda.org/conda-forge/linux-64/pytorch-2.6.0-cpu_mkl_py311_h0_1.conda
  sha256: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
  size: 1234000000
""",
    )
    golden("docs-pixi.md", text(tmp_path))


def test_no_credential_stands_in_it(chatbot):
    assert "hunter2" not in text(chatbot)
    assert "hf_aaaa" not in text(chatbot)


def test_the_example_is_in_step():
    found = made(EXAMPLE, LATER)
    assert [*docs.faults(found, LATER)] == []
    assert found.in_step


def test_written_checked_and_written_again(chatbot, capsys):
    readme = chatbot / "README.md"
    before = readme.read_bytes()
    assert run(["docs", "--check", str(chatbot)]) == 1
    assert capsys.readouterr().out == "README.md: has no section about the environment\n"
    assert run(["docs", "--diff", str(chatbot)]) == 0
    assert "+| Python | 3.11.9 |" in capsys.readouterr().out
    assert run(["docs", "--dry-run", str(chatbot)]) == 0
    assert "| Python | 3.11.9 |" in capsys.readouterr().out
    assert readme.read_bytes() == before

    assert run(["docs", str(chatbot)]) == 0
    assert "at its end" in capsys.readouterr().err
    written = readme.read_bytes()
    assert written.startswith(before)
    assert HEADING in written.decode()
    assert run(["docs", "--check", str(chatbot)]) == 0
    assert run(["docs", str(chatbot)]) == 0
    assert "is in step" in capsys.readouterr().err
    assert readme.read_bytes() == written


def test_what_is_out_of_date_is_told_cell_by_cell(chatbot, capsys):
    run(["docs", "-q", str(chatbot)])
    newer = [package("python", "3.11.10", build="h1_0_cpython"), *PACKAGES[1:-1]]
    (chatbot / "conda-lock.yml").write_text(conda_lock(*newer))
    capsys.readouterr()
    assert run(["docs", "--check", str(chatbot)]) == 1
    told = capsys.readouterr().out
    line = (chatbot / "README.md").read_text().split("\n").index("| Python | 3.11.9 |") + 1
    assert f"README.md:{line}: Python: was 3.11.9, is 3.11.10\n" in told
    assert re.search(r":\d+: Packages: was 6 conda, 1 pip, is 6 conda\n", told)
    assert re.search(r":\d+: python, Locked: was 3\.11\.9, is 3\.11\.10\n", told)
    assert re.search(r":\d+: SHA-256 of conda-lock\.yml: was \w{64}, is \w{64}\n", told)
    assert "conda-preflight docs` on" not in told


def test_a_section_is_not_out_of_date_by_its_day(chatbot):
    [*docs.written(made(chatbot))]
    later = made(chatbot, date(2026, 12, 24))
    assert later.in_step
    assert day_of(later.lines) == "2026-11-24"
    (chatbot / "environment.yml").write_text(MANIFEST.replace("pytorch=2.6", "pytorch=2.6.0"))
    changed = made(chatbot, date(2026, 12, 24))
    assert day_of(changed.lines) == "2026-12-24"
    told = [*docs.faults(changed, date(2026, 12, 24))]
    assert [line.partition(": ")[2] for line in told] == [
        "pytorch, Asked for: was pytorch=2.6, is pytorch=2.6.0"
    ]


def test_an_exception_that_ends_makes_it_out_of_date(chatbot):
    [*docs.written(made(chatbot))]
    told = [*docs.faults(made(chatbot, LATER), LATER)]
    assert any("manifest/credentials is not there any more" in line for line in told)


def test_a_heading_of_ones_own_is_kept(chatbot):
    [*docs.written(made(chatbot))]
    readme = chatbot / "README.md"
    readme.write_text(readme.read_text().replace(HEADING, "#### Die Umgebung"))
    run(["docs", "-q", str(chatbot)])
    assert "#### Die Umgebung" in readme.read_text()
    assert "##### Build and verify" in readme.read_text()
    bare = f"# Chatbot\n\n{BEGIN}\n{END}\n"
    readme.write_text(bare)
    run(["docs", "-q", str(chatbot)])
    assert HEADING not in readme.read_text()


def test_parts_and_a_page_of_its_own(chatbot, capsys):
    extra = '\n[docs]\nfile = "ENVIRONMENT.md"\nparts = ["audit", "table"]\n'
    (chatbot / "preflight.toml").write_text(PREFLIGHT + extra)
    assert run(["docs", str(chatbot)]) == 0
    assert "ENVIRONMENT.md was made" in capsys.readouterr().err
    rows = (chatbot / "ENVIRONMENT.md").read_text().split("\n")
    assert rows[0] == BEGIN
    assert [row for row in rows if row.startswith("###")] == ["### Verdict"]
    assert (chatbot / "README.md").read_text() == "# Chatbot\n\nIt answers.\n"
    assert run(["docs", "--check", str(chatbot)]) == 0


def template(root: Path, content: str) -> Path:
    (root / "section.md").write_text(content, encoding="utf-8")
    (root / "preflight.toml").write_text(PREFLIGHT + '\n[docs]\ntemplate = "section.md"\n')
    return root


def test_a_template_says_what_is_written(chatbot, golden):
    template(chatbot, "## Umgebung ${name}\n\n${table}\n\n$$5, ${verdict}\n\n${commands}\n")
    golden("docs-template.md", text(chatbot))
    run(["docs", "-q", str(chatbot)])
    assert run(["docs", "--check", str(chatbot)]) == 0


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("${tables}", "asks for 'tables'"),
        ("costs $5", "cannot be read"),
        (f"a\n{END}\nb", "whose end would not be found again"),
        ("```\n${table}", "has no end"),
        ("${table.__class__}", "cannot be read"),
    ],
)
def test_a_template_that_would_do_harm_is_refused(chatbot, content, message):
    with pytest.raises(PreflightError, match=message):
        made(template(chatbot, content))
    assert (chatbot / "README.md").read_text() == "# Chatbot\n\nIt answers.\n"


def test_files_outside_of_the_project_are_neither_read_nor_written(chatbot, capsys):
    (chatbot.parent / "secret.txt").write_text("secret")
    for key, name in (("template", "../secret.txt"), ("file", "../README.md")):
        (chatbot / "preflight.toml").write_text(f'[docs]\n{key} = "{name}"\n')
        assert run(["docs", str(chatbot)]) == 2
        assert "leads out of the project" in capsys.readouterr().err
    assert not (chatbot.parent / "README.md").exists()


@pytest.mark.parametrize(
    ("settings_text", "message"),
    [
        ('[docs]\nparts = ["tables"]', "Did you mean 'table'"),
        ('[docs]\ntemplates = "x"', "Did you mean 'template'"),
        ('[docs]\nfile = "README.rst"', "no Markdown by its name"),
        ("docs = 1", "docs is a table"),
    ],
)
def test_wrong_settings(chatbot, capsys, settings_text, message):
    (chatbot / "preflight.toml").write_text(settings_text)
    assert run(["docs", str(chatbot)]) == 2
    assert message in capsys.readouterr().err


def test_what_cannot_be_told_is_no_success(tmp_path, capsys):
    assert run(["docs", "--check", str(tmp_path)]) == 2
    assert "neither a lock nor a manifest" in capsys.readouterr().err
    filled(tmp_path, environment__yml=MANIFEST, README__md=f"{BEGIN}\n{BEGIN}\n{END}\n")
    assert run(["docs", "--check", str(tmp_path)]) == 2
    assert "README.md:2: A second section" in capsys.readouterr().err
    assert run(["docs", str(tmp_path / "environment.yml")]) == 2
    assert "is no directory" in capsys.readouterr().err
    assert run(["docs", "--check", "--diff", str(tmp_path)]) == 2
    (tmp_path / "README.md").rename(tmp_path / "README.rst")
    assert run(["docs", str(tmp_path)]) == 2
    assert "README.rst is no Markdown" in capsys.readouterr().err


HOSTILE = [
    "<!-- conda-preflight:end -->",
    "a|b`c",
    "``` x",
    "</td></table><script>alert(1)</script>",
    "\n<!-- conda-preflight:end -->\n",
    "$(touch /tmp/x); `id`",
    "\x1b]0;x\x07",
    "[x](javascript:y)",
    "\u202eabc",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_cells_and_nothing_else(tmp_path, name):
    shown = name.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    shown = shown.replace("\x1b", "\\e").replace("\x07", "\\a")
    body = f'name: "{shown}"\nchannels: ["{shown}"]\ndependencies: [python=3.11, "{shown}"]\n'
    filled(tmp_path, environment__yml=body, conda_lock__yml=conda_lock(PYTHON))
    [*docs.written(made(tmp_path))]
    assert made(tmp_path).in_step
    rows = (tmp_path / "README.md").read_text(encoding="utf-8").split("\n")
    marks = marks_of(rows)
    assert marks is not None
    assert marks.end == len(rows) - 1
    plain = [cell.label for cell in cells(rows)]
    assert {"Environment", "Python", "Packages"} <= set(plain)
    assert not any("\x1b" in row or "\u202e" in row for row in rows)
    assert not any(re.search(r"^[^`]*<script", row) for row in rows if row.startswith("|"))


def test_the_commands_are_what_the_kind_of_lock_takes(chatbot):
    shutil.copytree(EXAMPLE, chatbot / "copy", ignore=shutil.ignore_patterns("README.md"))
    found = made(chatbot / "copy").lines
    start = found.index("```bash")
    assert list(found[start + 1 : found.index("```", start)]) == [
        "micromamba create --yes --name chatbot_infer_prod --file conda-lock.yml",
        f"micromamba run --name chatbot_infer_prod python -m pip install {HASHED}",
        "docker build .",
        "conda-preflight lock --check",
        "conda-preflight audit",
        "conda-preflight rebuild",
    ]


def test_a_section_that_another_command_wrote_is_told_as_such(chatbot, capsys):
    (chatbot / "README.md").write_text(f"# A\n\n{BEGIN}\n## Environment\n\nText.\n{END}\n")
    assert run(["docs", "--check", str(chatbot)]) == 1
    out = capsys.readouterr().out
    assert out == "README.md:3: `conda-preflight docs` has not written this section\n"
    assert run(["docs", "-q", str(chatbot)]) == 0
    assert (chatbot / "README.md").read_text().count("## Environment\n") == 1
    assert run(["docs", "--check", str(chatbot)]) == 0


def test_a_page_that_is_too_large_to_be_audited_is_too_large_to_be_written(chatbot):
    (chatbot / "README.md").write_text("x\n" * script.MAX_TEXT)
    with pytest.raises(PreflightError, match="larger than a page"):
        made(chatbot)
