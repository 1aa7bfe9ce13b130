"""What an activation would set, from the files of an environment."""

from __future__ import annotations

import pytest

from conda_preflight.imaging.activation import activation

SCRIPT = "etc/conda/activate.d/a.sh"


@pytest.mark.parametrize(
    ("text", "env"),
    [
        ("export A=1\n", {"A": "1"}),
        ("#!/bin/sh\n# why\nexport A='x y'\n", None),
        ("export A='x'\nexport B=\"y\"\n", {"A": "x", "B": "y"}),
        ('export GDAL_DATA="$CONDA_PREFIX/share/gdal"\n', {"GDAL_DATA": "/opt/env/share/gdal"}),
        ("export P=${CONDA_PREFIX}/lib\n", {"P": "/opt/env/lib"}),
        ("export P='${CONDA_PREFIX}/lib'\n", None),
        ("export A=$(uname)\n", None),
        ("export A=`uname`\n", None),
        ('export A="\n', None),
        ("export A=$B\n", None),
        ("if true; then\nexport A=1\nfi\n", None),
        ("", {}),
    ],
)
def test_scripts(text, env):
    found = activation({SCRIPT: text}, "/opt/env")
    assert found.env == (env or {})
    assert found.scripts == ((SCRIPT,) if env is None else ())


def test_variables_of_packages_and_of_people():
    files = {
        "etc/conda/env_vars.d/gdal.json": '{"A": "1", "B": 2, "no name": "x", "C": "a\\nb"}',
        "conda-meta/state": '{"env_vars": {"A": "2", "D": "3"}}',
    }
    assert activation(files, "/opt/env").env == {"A": "2", "D": "3"}


@pytest.mark.parametrize("text", ["", "[", "7", '{"env_vars": 7}', "[" * 100_000])
def test_nonsense_sets_nothing(text):
    files = {"conda-meta/state": text, "etc/conda/env_vars.d/a.json": text}
    assert activation(files, "/opt/env").env == {}
