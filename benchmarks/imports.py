"""Who brings a module: exact by files, nearly so by names, and deptry beside it.

``python -m benchmarks.imports [PROJECT ...]`` fetches the sources of ten projects and wheels of
what they need, parses the former and runs none of either. It prints two tables: owners against
the true ones, looked up file by file in the RECORDs by other code than ours, and undeclared
imports against those that deptry tells.
"""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import Distribution, distributions
from pathlib import Path

from conda_preflight import code_folder
from conda_preflight.documents.code import Code, Import, Modules
from conda_preflight.facts.names import normalized
from conda_preflight.grammar import module_index
from conda_preflight.importing.local_modules import LocalModules
from conda_preflight.importing.owners import by_files, by_names
from conda_preflight.readers import inventory

PROJECTS = {
    "datasets": "vision,audio",
    "evaluate": "evaluator",
    "google-cloud-aiplatform": "",
    "gradio": "",
    "librosa": "display",
    "llama-index-core": "",
    "mlflow": "",
    "optuna": "",
    "papermill": "s3,gcs,azure",
    "streamlit": "all",
}
"""The projects, with the extras that are installed too, so that more imports have an owner."""

_ENDS = ("/__init__.py", ".py", ".pyi")
_STDLIB = sys.stdlib_module_names


@dataclass
class Truth:
    """Which distribution lists which file of a site-packages, read from the RECORDs."""

    owners: dict[str, set[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, site: Path) -> Truth:
        truth = cls()
        for each in distributions(path=[str(site)]):
            for file in each.files or ():
                truth.owners.setdefault(str(file), set()).add(normalized(each.metadata["Name"]))
        return truth

    def of_import(self, each: Import) -> set[str]:
        """The owners of the file that the import reaches; none where there is no file."""
        module = each.module.replace(".", "/")
        for path in (f"{module}/{each.name}", module) if each.name else (module,):
            for candidate in (*(path + suffix for suffix in _ENDS), *self._extensions(path)):
                if candidate in self.owners:
                    return self.owners[candidate]
        return set()

    def _extensions(self, path: str) -> Iterator[str]:
        suffix = sysconfig.get_config_var("EXT_SUFFIX") or ".so"
        yield from (path + suffix, f"{path}.abi3.so", f"{path}.so")


@dataclass
class Case:
    """One project: its code, its environment, and what its metadata asks for."""

    name: str
    code: Code
    modules: Modules
    truth: Truth
    installed: frozenset[str]
    declared: frozenset[str]
    local: LocalModules
    folder: Path
    bin: Path

    def owned(self) -> Iterator[tuple[Import, set[str]]]:
        """The imports that somebody else's installed file meets, each once, with the owners."""
        seen = set()
        for each in self.code.imports:
            owners = self.truth.of_import(each)
            key = (each.module, each.name)
            if owners and normalized(self.name) not in owners and key not in seen:
                seen.add(key)
                yield each, owners


def case(name: str, folder: Path) -> Case:
    """Fetch a project and what it needs below a folder; what is there already is kept."""
    sources, venv = folder / name / "sources", folder / name / "venv"
    if not sources.exists():
        _fetch(name, folder / name)
    if not (venv / "complete").exists():
        _install(name, venv)
    site = next(venv.glob("lib/python*/site-packages"))
    modules = module_index.index(inventory.read(venv, name))
    found = {normalized(d.metadata["Name"]): d for d in distributions(path=[str(site)])}
    code = code_folder.read(sources)
    return Case(
        name=name,
        code=code,
        modules=modules,
        truth=Truth.of(site),
        installed=frozenset(found),
        declared=frozenset(_declared(found[normalized(name)])),
        local=LocalModules(code.files, (*code.names, name)),
        folder=sources,
        bin=venv / "bin",
    )


def _fetch(name: str, folder: Path) -> None:
    options = ("--quiet", "--no-deps", "--no-binary", ":all:", "--dest", str(folder))
    subprocess.run([sys.executable, "-m", "pip", "download", *options, name], check=True)
    with tarfile.open(next(folder.glob("*.tar.gz"))) as archive:
        archive.extractall(folder / "unpacked", filter="data")
    next((folder / "unpacked").iterdir()).rename(folder / "sources")


def _install(name: str, venv: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True)
    pip = [sys.executable, "-m", "pip", "--python", str(venv / "bin" / "python")]
    extras = f"[{PROJECTS.get(name, '')}]" if PROJECTS.get(name) else ""
    what = ("--quiet", "--no-compile", "--only-binary", ":all:", f"{name}{extras}", "deptry")
    subprocess.run([*pip, "install", *what], check=True)
    (venv / "complete").touch()


def _declared(project: Distribution) -> Iterator[str]:
    from packaging.requirements import Requirement

    return (normalized(Requirement(text).name) for text in project.requires or ())


@dataclass
class Score:
    """How often owners were right: by files, and by names alone; what was wrong by names."""

    imports: int = 0
    by_files: int = 0
    by_names: int = 0
    wrong: list[str] = field(default_factory=list)


def owners(one: Case) -> Score:
    """Compare our owners with the true ones; each of ours that is there must be true."""
    score = Score()
    for each, true in one.owned():
        score.imports += 1
        score.by_files += set(by_files(each, one.modules).projects) == true
        guess = set(by_names(each, one.installed).projects) & one.installed
        right = bool(guess) and guess <= true and not one.local.surely(each)
        score.by_names += right
        if not right:
            at = f"{each.location.path}:{each.location.line}"
            score.wrong.append(f"{each.module} {each.name} {at}: {guess}, truly {true}")
    return score


@dataclass
class Undeclared:
    """The modules told as undeclared, and those of them that are declared, local or Python's."""

    told: set[str]
    wrong: set[str]
    missed: set[str]


def ours(one: Case) -> Undeclared:
    """The top modules that are not declared, by names alone."""
    told = set()
    for each in one.code.imports:
        is_own = each.top in _STDLIB or one.local.surely(each)
        if each.how == "never" or is_own:
            continue
        found = by_names(each, one.installed | one.declared)
        unseen = one.local.perhaps(each.top) and not found.known
        if one.declared.isdisjoint(found.projects) and not unseen:
            told.add(each.top)
    return _against_truth(one, told)


def theirs(one: Case) -> Undeclared:
    """What deptry tells as missing or transitive, given the same environment and declarations."""
    with tempfile.TemporaryDirectory() as folder:
        report, declared, empty = (Path(folder, name) for name in ("out.json", "asked", "empty"))
        declared.write_text("\n".join(sorted(one.declared)), encoding="utf-8")
        empty.touch()
        options = ("--config", str(empty), "--requirements-files", str(declared), "--no-ansi")
        excluded = ("--exclude", "^$", "--known-first-party", one.name.replace("-", "_"))
        command = (str(one.bin / "deptry"), ".", "--json-output", str(report))
        run = (*command, *options, *excluded)
        subprocess.run(run, cwd=one.folder, check=False, capture_output=True)
        found = json.loads(report.read_bytes())
    codes = ("DEP001", "DEP003")
    told = {row["module"].partition(".")[0] for row in found if row["error"]["code"] in codes}
    return _against_truth(one, told)


def _against_truth(one: Case, told: set[str]) -> Undeclared:
    true, fine = set(), set()
    for each in one.code.imports:
        if each.how == "never":
            continue
        found = one.truth.of_import(each) - {normalized(one.name)}
        if found and found.isdisjoint(one.declared):
            true.add(each.top)
        elif found or each.top in _STDLIB or _is_beside(each, one.folder):
            fine.add(each.top)
    return Undeclared(told, told & (fine - true), true - told - _STDLIB)


def _is_beside(each: Import, folder: Path) -> bool:
    """Whether the module lies in the folder of a file, or in one above it, that is no package."""
    parents = [folder / parent for parent in Path(each.location.path).parents]
    above = [at for at in parents if not (at / "__init__.py").exists()]
    return any((at / f"{each.top}.py").is_file() or (at / each.top).is_dir() for at in above)


def main() -> None:
    """Print both tables."""
    names = sys.argv[1:] or list(PROJECTS)
    folder = Path(tempfile.gettempdir()) / "conda-preflight-imports"
    cases = [case(name, folder) for name in names]
    print("| project | Python files | imports | right by files | right by names |")
    for one in cases:
        score = owners(one)
        row = (one.name, one.code.read, score.imports, score.by_files, score.by_names)
        print("| " + " | ".join(map(str, row)) + " |")
        for line in score.wrong:
            print(f"    {line}")
    print("| project | ours: told | wrong | missed | deptry: told | wrong | missed |")
    for one in cases:
        told = [len(part) for u in (ours(one), theirs(one)) for part in (u.told, u.wrong, u.missed)]
        print(f"| {one.name} | " + " | ".join(map(str, told)) + " |")


if __name__ == "__main__":
    main()
