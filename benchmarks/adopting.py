"""What ``init --from`` makes of whole exports, and of real projects with their code.

``python -m benchmarks.adopting exports FOLDER`` adopts each file of a folder of manifests that pins
at least 50 builds, or of which at least 150 lines are exact; it tells how many lines are left, what
the audit of the result says, and of each package that was left out whether another one is there
that needs it, by the tables. ``python -m benchmarks.adopting projects FOLDER NAME...`` downloads
sdists from PyPI, installs what they need into a prefix without any mark of who asked for it, adopts
that, and compares with the imports that Python's own parser finds in the code.
"""

from __future__ import annotations

import argparse
import ast
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import Distribution, distributions
from pathlib import Path

from conda_preflight.actions.adopt import take
from conda_preflight.adopting import written
from conda_preflight.adopting.choice import Choice, choose
from conda_preflight.adopting.found import CONDA
from conda_preflight.adopting.imports import declared
from conda_preflight.audit import audit
from conda_preflight.config import Settings
from conda_preflight.documents import Manifest
from conda_preflight.errors import PreflightError
from conda_preflight.facts.brought import comes_with_all
from conda_preflight.facts.names import normalized, projects_of
from conda_preflight.grammar.reach import dependency_name
from conda_preflight.intake import read_file
from conda_preflight.project import open_project
from conda_preflight.report import Severity

Records = dict[tuple[str, str], set[str]]
LEAST_BUILDS, SOME_BUILDS, LEAST_EXACT = 50, 20, 150
_BESIDE = re.compile(r"(?:^|/)(?:tests?|docs?|examples?|scripts?|ci|utils|contrib)/|setup\.py$")


def exports(folder: Path) -> Iterator[Path]:
    """The manifests that are whole exports."""
    for file in sorted(folder.iterdir()):
        try:
            found = [d for d in read_file(file, file.name) if isinstance(d, Manifest)]
        except PreflightError:
            continue
        if len(found) == 1 and _is_export(found[0]):
            yield file


def _is_export(manifest: Manifest) -> bool:
    builds = sum(1 for spec in manifest.specs if spec.build and "*" not in spec.build)
    exact = sum(1 for line in manifest.pip if line.specifier.startswith("=="))
    return builds >= LEAST_BUILDS or (builds >= SOME_BUILDS and builds + exact >= LEAST_EXACT)


def adopted(source: Path, project: Path) -> tuple[str, tuple[Choice, ...]]:
    """The short manifest, and the choice for each line."""
    taken = take(source, project)
    choices = choose(taken.found, taken.imported)
    platforms = taken.found.platforms or ("linux-64",)
    made = written.write(taken.found, choices, "adopted_infer_dev", platforms, taken.new)
    return made.text, choices


def errors(text: str) -> list[str]:
    """The errors that an audit of the manifest alone finds."""
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "environment.yml"
        file.write_text(text, encoding="utf-8")
        report = audit(open_project(file, Settings()), Settings(), datetime.now(UTC).date())
    bad = [f for f in report.findings if f.severity is Severity.ERROR]
    return [f"{finding.rule}: {finding.problem.about}" for finding in bad]


def unexplained(choices: tuple[Choice, ...]) -> list[str]:
    """What was left out although nothing that is there is known to need it."""
    names = {choice.line.name for choice in choices}
    return [
        choice.line.name
        for choice in choices
        if not choice.kept
        and choice.why.removesuffix(" needs it") not in names
        and choice.why != "comes with python"
        and not (choice.line.half == CONDA and comes_with_all(choice.line.name))
    ]


def lines_of(file: Path) -> int:
    """The lines of a file that hold something."""
    return sum(1 for line in text_of(file).splitlines() if line.strip())


def confirmed(choices: tuple[Choice, ...], records: Records) -> Counter[str]:
    """By what it is known that something there needs the conda packages that were left out."""
    here = [choice.line for choice in choices if choice.line.half == CONDA]
    same = {n for line in here for n in records.get((line.name, line.version), set()) - {line.name}}
    any_release = {n for line in here for n in records.get((line.name, ""), set()) - {line.name}}
    told = Counter[str]()
    for choice in choices:
        name = choice.line.name
        if choice.line.half == CONDA and not choice.kept:
            by_rule = "a rule alone" if name not in any_release else "a record of another release"
            told["a record of that release" if name in same else by_rule] += 1
    return told


def records_of(channels: Path) -> Records:
    """What the builds of each release need, and those of any under an empty version."""
    found: Records = {}
    for file in sorted(channels.rglob("repodata.json")):
        index = json.loads(file.read_text(encoding="utf-8"))
        for part in ("packages", "packages.conda"):
            for record in index.get(part, {}).values():
                names = {dependency_name(text).lower() for text in record["depends"]}
                for version in (record["version"], ""):
                    found.setdefault((record["name"], version), set()).update(names)
    return found


def show_exports(folder: Path, channels: Path | None) -> None:
    records = records_of(channels) if channels else {}
    known = Counter[str]()
    print("| export | lines | left | fewer | packages kept | errors before | after | unexplained |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    for file in exports(folder):
        text, choices = adopted(file, folder / "none")
        before, after = lines_of(file), len(text.splitlines())
        old = errors(text_of(file))
        new = errors(text)
        kept = sum(choice.kept for choice in choices)
        known += confirmed(choices, records)
        print(
            f"| {file.name} | {before} | {after} | {1 - after / before:.0%} | {kept} of "
            f"{len(choices)} | {len(old)} | {len(new)} {' '.join(new)} | {unexplained(choices)} |"
        )
    if channels:
        print(f"\nconda packages left out, known to be needed by: {dict(known)}")


def text_of(file: Path) -> str:
    """A file that may be in UTF-16."""
    data = file.read_bytes()
    return data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "replace")


def prefix_of(project: str, folder: Path) -> tuple[Path, Path]:
    """The code of an sdist, and a prefix with all that it needs and no mark of who asked."""
    folder.mkdir(parents=True)
    pip = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")
    get = ("download", "--no-deps", "--no-binary", ":all:", "--dest", str(folder), project)
    subprocess.run((*pip, *get), check=True)
    archive = next(folder.glob("*.tar.gz"))
    with tarfile.open(archive) as stream:
        stream.extractall(folder / "code", filter="data")
    code = next((folder / "code").iterdir())
    prefix = folder / "prefix"
    subprocess.run(
        (*pip, "install", "--ignore-installed", "--prefix", str(prefix), code), check=True
    )
    site = next(prefix.glob("lib/python*/site-packages"))
    for mark in site.glob("*.dist-info/REQUESTED"):
        mark.unlink()
    version = ".".join(map(str, sys.version_info[:3]))
    record = {"name": "python", "version": version, "build": "h0_0_cpython", "build_number": 0}
    record |= {"subdir": "linux-64", "channel": "conda-forge", "depends": [], "files": []}
    meta = prefix / "conda-meta"
    meta.mkdir()
    (meta / f"python-{version}-h0_0_cpython.json").write_text(json.dumps(record))
    return code, prefix


def imported(code: Path) -> set[str]:
    """The top names of all imports that are at the top level of modules of the project."""
    found: set[str] = set()
    for file in code.rglob("*.py"):
        if _BESIDE.search(file.relative_to(code).as_posix()):
            continue
        for node in ast.parse(file.read_bytes()).body:
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.partition(".")[0])
    return found - set(sys.stdlib_module_names)


def show_projects(folder: Path, names: list[str]) -> None:
    print("| project | packages | kept | imported projects | lost |\n|---|---:|---:|---:|---|")
    for name in names:
        code, prefix = prefix_of(name, folder / name)
        text, choices = adopted(prefix, code)
        owners = _owners(next(prefix.glob("lib/python*/site-packages")))
        own = normalized(re.split(r"[=<>]", name)[0])
        wanted = {top: owners[top] - {own} for top in imported(code) if top in owners}
        manifest = declared(take(prefix, code).found)
        there = _names(text, folder / name)
        lost = sorted(top for top, projects in wanted.items() if projects and not projects & there)
        count = sum(1 for projects in wanted.values() if projects)
        kept = sum(choice.kept for choice in choices)
        total = len(manifest.specs) + len(manifest.pip)
        print(f"| {name} | {total} | {kept} | {count} | {', '.join(lost) or 'none'} |")


def _owners(site: Path) -> dict[str, set[str]]:
    """The projects that bring each top module, by the records of their files."""
    found: dict[str, set[str]] = {}
    for each in distributions(path=[str(site)]):
        for top in _tops(each):
            found.setdefault(top, set()).add(normalized(each.metadata["Name"]))
    return found


def _tops(distribution: Distribution) -> set[str]:
    parts = (str(file).split("/") for file in distribution.files or ())
    names = (p[0] if len(p) > 1 else p[0].partition(".")[0] for p in parts if p[-1].endswith(".py"))
    return {name for name in names if name.isidentifier()}


def _names(text: str, folder: Path) -> set[str]:
    file = folder / "environment.yml"
    file.write_text(text)
    manifest = next(d for d in read_file(file, file.name) if isinstance(d, Manifest))
    conda = {name for spec in manifest.specs for name in (*projects_of(spec.name), spec.name)}
    return conda | {line.name for line in manifest.pip}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("exports", "projects"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--channels", type=Path, help="real records, to confirm what is left out")
    given = parser.parse_args()
    if given.what == "exports":
        show_exports(given.folder, given.channels)
    else:
        show_projects(given.folder, given.names)


if __name__ == "__main__":
    main()
