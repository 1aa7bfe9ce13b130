"""imports/missing-in-version."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Project
from conda_preflight.importing.sources import Sources
from conda_preflight.report import Problem, Severity


@check("imports/missing-in-version", Severity.ERROR)
def missing_in_version(project: Project, sources: Sources) -> Iterator[Problem]:
    """The code imports a module that this version of Python or of a package does not have.

    Python 3.12 took `imp`, `distutils` and `asyncore` out, 3.13 nineteen more, and `tomllib`
    came with 3.11. Packages move their modules too. Python's version is that of the lock, or
    the one that the manifest asks for. What packages have is only judged with an installed
    environment (`--prefix`), by the files that their records list. Imports that the code goes
    on without do not count, and tests, tools and functions are warnings.

    ## Fails

    ```yaml environment.yml
    name: chatbot_finetune_dev
    dependencies: [python=3.12]
    ```

    ```python train.py
    import imp
    ```

    ```yaml environment.yml
    name: chatbot_finetune_dev
    dependencies: [python=3.10]
    ```

    ```python train.py
    import tomllib
    ```

    ## Passes

    ```yaml environment.yml
    name: chatbot_finetune_dev
    dependencies: [python=3.12, setuptools, audioop-lts]
    ```

    ```python train.py
    import distutils.version
    import audioop
    import tomllib
    try:
        import imp
    except ImportError:
        import importlib as imp
    ```

    ```yaml environment.yml
    name: chatbot_finetune_dev
    dependencies: [python=3.11]
    ```

    ```python train.py
    import tomllib
    import imp
    ```

    ## Fix

    Import what took its place, or ask for a version that has the module.
    """
    from conda_preflight.importing import missing as judge
    from conda_preflight.importing.imported import imported_by

    yield from judge.missing(imported_by(project, sources), sources.modules)
