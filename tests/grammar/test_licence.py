"""Licences as packages write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from license_expression import get_spdx_licensing

from conda_preflight.facts.licence_spellings import COMMON, spellings
from conda_preflight.grammar.licence import MAX_TEXT, licence_of, licences_in, rank

KNOWN = {
    "MIT": "MIT",
    "mit": "MIT",
    "The MIT License": "MIT",
    "BSD 3-Clause": "BSD-3-Clause",
    "BSD": "LicenseRef-BSD",
    "Apache 2.0": "Apache-2.0",
    "GPLv3+": "GPL-3.0-or-later",
    "GPL-2.0+": "GPL-2.0-or-later",
    "MIT and PSF-2.0": "MIT AND PSF-2.0",
    "GPL 2 and LGPL3": "GPL-2.0-only AND LGPL-3.0-only",
    "MIT OR (GPL-2.0-only AND BSD-3-Clause)": "MIT OR (GPL-2.0-only AND BSD-3-Clause)",
    "GPL-3.0-only WITH GCC-exception-3.1": "GPL-3.0-only WITH GCC-exception-3.1",
    "LicenseRef-cuDNN-Software-License-Agreement": "LicenseRef-cuDNN-Software-License-Agreement",
    "License :: OSI Approved :: MIT License": "MIT",
    "License :: OSI Approved; License :: OSI Approved :: ISC License (ISCL)": "ISC",
}
UNKNOWN = (
    "",
    "FOSS",
    "MIT, BSD",
    "MIT OR",
    "Unlimited",
    "GPL-3.0-only WITH nothing-known",
    "License :: OSI Approved :: MIT License; License :: OSI Approved :: Apache Software License",
    "(" * 400 + "MIT" + ")" * 400,
    "MIT OR " * 500 + "MIT",
    "\x1b[31mMIT",
)


@pytest.mark.parametrize(("text", "expression"), KNOWN.items())
def test_usual_texts_are_known(text, expression):
    assert licence_of(text).expression == expression


@pytest.mark.parametrize("text", UNKNOWN)
def test_what_is_unknown_stays_so(text):
    assert licence_of(text).expression == ""


def test_the_tables_hold_what_the_library_writes():
    licensing = get_spdx_licensing()
    for known in {*spellings().values(), *COMMON.values()}:
        assert str(licensing.parse(known)) == known
        assert licence_of(known).expression == known


def test_a_choice_takes_the_best_side_and_the_rest_the_worst():
    order = {"MIT": 0, "GPL-2.0-only": 2, "BSD-3-Clause": 1}.__getitem__
    assert rank("MIT OR GPL-2.0-only", order) == 0
    assert rank("MIT AND GPL-2.0-only", order) == 2
    assert rank("GPL-2.0-only OR (MIT AND BSD-3-Clause)", order) == 1
    assert licences_in("MIT OR MIT AND ISC") == ("MIT", "ISC")


@given(st.text(alphabet="MIT ()ANDORWITH+-:;.BSD3\n\x00é", max_size=120))
def test_any_text_has_an_answer(text):
    found = licence_of(text)
    assert len(found.text) <= MAX_TEXT
    if found.expression:
        assert licence_of(found.expression).expression == found.expression
        assert licences_in(found.expression)
