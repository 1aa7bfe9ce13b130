"""Code for GPUs, by the rules of binary and PTX compatibility."""

from __future__ import annotations

import pytest

from conda_preflight.documents.stack import Compiled
from conda_preflight.fitting.capability import Code, capability, code_for, listed
from conda_preflight.fitting.toolkit import has_dropped, is_too_old, last_branch


@pytest.mark.parametrize(
    ("gpu", "cubins", "ptx", "code"),
    [
        ((8, 6), ("8.0",), (), Code.CUBIN),
        ((8, 0), ("8.6",), (), Code.NONE),
        ((9, 0), ("8.0", "8.6"), (), Code.NONE),
        ((9, 0), ("8.9",), ("8.9",), Code.PTX),
        ((7, 5), ("8.0",), ("8.0",), Code.NONE),
        ((9, 0), ("9.0a",), (), Code.CUBIN),
        ((10, 3), ("10.0a",), (), Code.NONE),
        ((10, 3), ("10.0f",), (), Code.CUBIN),
        ((10, 3), ("10.0",), (), Code.CUBIN),
        ((12, 1), ("12.0",), (), Code.CUBIN),
        ((12, 0), (), ("10.0f",), Code.NONE),
        ((12, 0), (), ("9.0a",), Code.NONE),
        ((8, 7), ("8.0",), (), Code.RELATED),
        ((8, 7), ("8.7",), (), Code.CUBIN),
        ((13, 0), ("12.0",), ("12.0",), Code.PTX),
    ],
)
def test_what_runs_where(gpu, cubins, ptx, code):
    assert code_for(gpu, Compiled(cubins, ptx)) is code


def test_code_for_some_kernels():
    assert code_for((9, 0), Compiled(("8.0",), (), ("9.0",))) is Code.PARTIAL


@pytest.mark.parametrize("text", ["", "gfx90a", "9", "9.", ".0", "x.y", "9.0.1", "99999999.0"])
def test_what_is_no_capability(text):
    assert capability(text) is None


def test_toolkits_and_gpus():
    assert has_dropped("13.0", (7, 0))
    assert has_dropped("12.1", (3, 7))
    assert not has_dropped("12.9", (7, 0))
    assert not has_dropped("13.0", (7, 5))
    assert is_too_old("12.4", (10, 0))
    assert is_too_old("12.4", (12, 0))
    assert not is_too_old("12.8", (10, 3))
    assert not is_too_old("11.7", (8, 9))
    assert not is_too_old("12", (10, 0))
    assert not is_too_old("13.0", (14, 0))
    assert last_branch((7, 0)) == 580
    assert last_branch((3, 7)) == 470
    assert last_branch((9, 0)) == 0


def test_listed():
    assert listed(["7.5", "8.0", "9.0", "9.0"]) == "7.5, 8.0 and 9.0"
    assert listed(["8.0"]) == "8.0"
    assert listed([]) == "none"
