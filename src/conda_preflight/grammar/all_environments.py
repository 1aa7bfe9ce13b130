"""The names of all environments that the files of a project make."""

from __future__ import annotations

from functools import lru_cache

from conda_preflight.documents import Dockerfile, Project, Script
from conda_preflight.grammar.environment_use import in_image, in_script
from conda_preflight.grammar.written_file import files_of


@lru_cache(maxsize=2)
def made_anywhere(project: Project) -> frozenset[str]:
    """The names that manifests have, and those that a file makes on a command line."""
    found = [in_image(image) for image in project.of(Dockerfile)]
    found += [in_script(script) for script in project.of(Script)]
    named = {made.name for one in found for made in one.made if made.name}
    return files_of(project).environment_names | named
