"""What checks a new project without a person: workflows of GitHub and GitLab, pre-commit."""

from __future__ import annotations

from conda_preflight import __version__

_INSTALL = f"python -m pip install conda-preflight=={__version__}"


def github() -> str:
    """The workflow of GitHub."""
    return f"""\
name: preflight
on:
  push:
  pull_request:
permissions:
  contents: read
jobs:
  audit:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
      - run: {_INSTALL}
      - run: conda-preflight audit --format github
"""


def gitlab() -> str:
    """The pipeline of GitLab."""
    return f"""\
preflight:
  image: python:3.12-slim
  script:
    - {_INSTALL}
    - conda-preflight audit --report junit=preflight.xml
  artifacts:
    when: always
    reports:
      junit: preflight.xml
"""


def pre_commit() -> str:
    """The hook of pre-commit."""
    return f"""\
repos:
  - repo: local
    hooks:
      - id: conda-preflight
        name: conda-preflight
        entry: conda-preflight audit
        language: python
        additional_dependencies: [conda-preflight=={__version__}]
        pass_filenames: false
"""
