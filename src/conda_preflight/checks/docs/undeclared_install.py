"""docs/undeclared-install."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import Skip, check
from conda_preflight.documents import Lock, Manifest, Project, Requirements, Script
from conda_preflight.grammar.installs import install_of
from conda_preflight.report import Problem, Severity


@check("docs/undeclared-install", Severity.NOTE)
def undeclared_install(script: Script, project: Project) -> Iterator[Problem]:
    """A README adds packages to the environment that no manifest and no lock knows.

    What works on the machine of who followed the page fails in the image that is built from the
    lock. Judged are the commands that come after one that makes the environment from a file of
    the project, for that environment. Tools that make environments or judge code, the project
    itself, paths, URLs and names with variables are left out.

    ## Fails

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies: [python=3.11, pip]
    ```

    ````markdown README.md
    ```bash
    conda env create -f environment.yml
    conda activate chatbot_infer_prod
    pip install flash-attn --no-build-isolation
    ```
    ````

    ## Passes

    ```yaml environment.yml
    name: chatbot_infer_prod
    dependencies: [python=3.11, pytorch, pip, pip: [einops]]
    ```

    ````markdown README.md
    ```bash
    pip install conda-lock flash-attn
    conda env create -f environment.yml
    conda activate chatbot_infer_prod
    conda install -n base conda-libmamba-solver
    pip install einops torch pytest pre-commit
    pip install -e . && pip install "$EXTRA" git+https://git.example.org/x.git
    ```
    ````

    ## Fix

    Add them to the manifest, lock again, and take the line out of the README.
    """
    if script.kind != "readme":
        raise Skip("only pages for people are judged")
    if project.path != ".":
        raise Skip("only this file was audited")
    if not any(install.names for command in script.commands if (install := install_of(command))):
        return
    from conda_preflight.facts.names import normalized
    from conda_preflight.grammar.added_over import added
    from conda_preflight.grammar.told_version import told_versions
    from conda_preflight.grammar.unpinned_name import TOOLS, is_ci_tool
    from conda_preflight.grammar.written_file import files_of, some

    files, known = files_of(project), _known(project)
    strange = [
        (one.name, one.location)
        for install, _ in added(script, files)
        for one in told_versions(install)
        if normalized(one.name) not in known
        and one.name not in TOOLS
        and not (is_ci_tool(one.name) or files.is_own(one.name))
    ]
    if strange:
        yield Problem(
            "names",
            "People are told to install what no manifest and no lock knows: "
            f"{some(name for name, _ in strange)}",
            strange[0][1],
            "Add it to the manifest, lock again, and take the line out.",
        )


def _known(project: Project) -> set[str]:
    """Every name that a manifest, a requirements file or a lock has, and what packages bring."""
    from conda_preflight.facts.names import normalized, projects_of
    from conda_preflight.grammar.pip_deviation import brought

    specs = [spec.name for manifest in project.of(Manifest) for spec in manifest.specs]
    locked = [package for lock in project.of(Lock) for package in lock.packages]
    names = {normalized(name) for name in (*specs, *(package.name for package in locked))}
    names |= {name for spec in specs for name in projects_of(spec)}
    names |= {req.name for manifest in project.of(Manifest) for req in manifest.pip}
    names |= {req.name for document in project.of(Requirements) for req in document.pip}
    return names | {name for package in locked for name in brought(package)}
