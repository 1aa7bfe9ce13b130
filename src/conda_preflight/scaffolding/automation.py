"""What checks a project without a person: GitHub, GitLab, Jenkins, pre-commit.

The same texts lie in ``ci/`` and ``examples/ci``, written by ``python -m docs.generate``.
"""

from __future__ import annotations

from conda_preflight import __version__

_INSTALL = f"python -m pip install conda-preflight=={__version__}"
CHECKOUT = "actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2"
SETUP_PYTHON = "actions/setup-python@a26af69be951a213d495a4c3e4e4022e16d87065 # v5.6.0"


def github() -> str:
    """The workflow of GitHub: annotations in the change, the report in the job's summary."""
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
    timeout-minutes: 10
    steps:
      - uses: {CHECKOUT}
        with:
          persist-credentials: false
      - uses: {SETUP_PYTHON}
        with:
          python-version: "3.12"
      - run: {_INSTALL}
      - run: conda-preflight audit --offline --format github --report markdown=preflight.md
      - run: cat preflight.md >> "$GITHUB_STEP_SUMMARY"
        if: always() && hashFiles('preflight.md') != ''
"""


def gitlab() -> str:
    """The job of GitLab: findings as tests and as code quality, in the merge request."""
    return f"""\
conda-preflight:
  image: python:3.12-slim
  variables:
    PREFLIGHT_PATH: "."
  script:
    - {_INSTALL}
    - >-
      conda-preflight audit --offline --report junit=preflight.xml
      --report gitlab=gl-code-quality-report.json --report json=preflight.json
      -- "$PREFLIGHT_PATH"
  artifacts:
    when: always
    paths:
      - preflight.json
    reports:
      junit: preflight.xml
      codequality: gl-code-quality-report.json
"""


def jenkins() -> str:
    """The declarative pipeline of Jenkins: findings as tests, reports kept."""
    return f"""\
pipeline {{
    agent {{ docker {{ image 'python:3.12-slim' }} }}
    options {{ timeout(time: 10, unit: 'MINUTES') }}
    environment {{ HOME = "${{env.WORKSPACE_TMP}}" }}
    stages {{
        stage('Preflight') {{
            steps {{
                sh '''
                    python -m venv "$WORKSPACE_TMP/preflight"
                    . "$WORKSPACE_TMP/preflight/bin/activate"
                    {_INSTALL}
                    conda-preflight audit --offline \\\\
                        --report junit=preflight.xml --report html=preflight.html
                '''
            }}
        }}
    }}
    post {{
        always {{
            junit testResults: 'preflight.xml', allowEmptyResults: true
            archiveArtifacts artifacts: 'preflight.xml,preflight.html', allowEmptyArchive: true
        }}
    }}
}}
"""


def pre_commit() -> str:
    """The hook of pre-commit: the audit before each commit."""
    return f"""\
repos:
  - repo: local
    hooks:
      - id: conda-preflight-audit
        name: conda-preflight audit
        entry: >-
          conda-preflight audit --offline --no-ledger --quiet
          --select input,manifest,lock,policy --require manifest
        language: python
        additional_dependencies: [conda-preflight=={__version__}]
        pass_filenames: false
"""
