"""Files for CI services, as ``init`` writes them, in ``ci/`` and in the example."""

from __future__ import annotations

from conda_preflight.scaffolding import automation


def ci_files() -> dict[str, str]:
    """Each file by its path below the repository."""
    return {
        "ci/gitlab.yml": automation.gitlab(),
        "ci/Jenkinsfile": automation.jenkins(),
        "examples/ci/.github/workflows/preflight.yml": automation.github(),
        "examples/ci/.gitlab-ci.yml": automation.gitlab(),
        "examples/ci/Jenkinsfile": automation.jenkins(),
        "examples/ci/.pre-commit-config.yaml": automation.pre_commit(),
    }
