"""The solver's tree of reasons: what it says, and texts that are none."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conda_preflight.solving.tree import MAX_LINES, Reason, reasons

VIRTUAL = """cuda-lib * cannot be installed because there are no viable options:
├─ cuda-lib 13.0 would require
│  └─ __cuda >=13, for which no candidates were found.
└─ cuda-lib 12.4 would require
   └─ __cuda >=12, for which no candidates were found.
"""
CONSTRAINED = """The following packages are incompatible
├─ cuda-lib 12.* can be installed with any of the following options:
│  └─ cuda-lib 12.4
└─ torchx * cannot be installed because there are no viable options:
   └─ torchx 2.0 would constrain
      └─ cuda-lib 13.*, which conflicts with any installable versions previously reported
"""
CONFLICTING = """The following packages are incompatible
├─ python 3.13.* cannot be installed because there are no viable options:
│  └─ python 3.13.1, which conflicts with the versions reported above.
└─ torch * cannot be installed because there are no viable options:
   └─ torch 2.7 would require
      └─ python 3.12.*, which cannot be installed because there are no viable options:
         └─ python 3.12.1, which conflicts with the versions reported above.
"""
NESTED = """pytorch-gpu * cannot be installed because there are no viable options:
└─ pytorch-gpu 2.12.0 would require
   └─ pytorch ==2.12.0 cuda*, which cannot be installed because there are no viable options:
      └─ pytorch 2.12.0 would require
         └─ __cuda *, for which no candidates were found.
"""


@pytest.mark.parametrize(
    ("tree", "found"),
    [
        (
            VIRTUAL,
            [
                Reason("needs", "__cuda >=13", "cuda-lib 13.0", depth=2),
                Reason("needs", "__cuda >=12", "cuda-lib 12.4", depth=2),
            ],
        ),
        (CONSTRAINED, [Reason("constrains", "cuda-lib 13.*", "torchx 2.0", depth=3)]),
        (NESTED, [Reason("needs", "__cuda *", "pytorch 2.12.0", depth=4)]),
        (CONFLICTING, [Reason("needs", "python 3.12.*", "torch 2.7", depth=4)]),
        ("No candidates were found for lightning *.\n", [Reason("absent", "lightning *")]),
        (
            "a 1.0 is excluded because the package is uploaded after the cutoff",
            [Reason("excluded", "a 1.0", why="the package is uploaded after the cutoff")],
        ),
    ],
)
def test_ends_of_a_tree(tree, found):
    assert list(reasons(tree)) == found


@given(st.text(max_size=400))
def test_any_text_has_reasons_or_none(text):
    for reason in reasons(text):
        assert reason.kind in {"needs", "constrains", "absent", "excluded"}


PARTS = st.sampled_from(
    [
        "│  ",
        "├─ ",
        "└─ ",
        "a 1.0 would require",
        "b *, for which no candidates were found.",
        ", which cannot be installed because there are no viable options:",
        "No candidates were found for ",
        " is excluded because ",
        "which conflicts with",
        "\n",
        "   ",
    ]
)


@given(st.lists(PARTS, max_size=60))
def test_parts_of_trees_in_any_order(parts):
    reasons("".join(parts))


@pytest.mark.parametrize(
    "text",
    [
        "a" * 2_000_000,
        "a, which " * 200_000,
        "a, for which " * 200_000 + "\n",
        "│  " * 300_000 + "a 1 would require\n",
        VIRTUAL * 20_000,
        " is excluded because" * 100_000,
        "No candidates were found for " * 100_000 + ".",
        "x would require\n" * 4 + "├─ " * 4_000 + "y, which conflicts with z reported" * 4_000,
    ],
)
def test_a_huge_text_takes_no_time(text):
    start = time.process_time()
    reasons(text)
    assert time.process_time() - start < 2


def test_lines_are_bounded():
    rows = "".join(
        f"p{n} 1 would require\n└─ q{n} *, for which no candidates were found.\n"
        for n in range(MAX_LINES)
    )
    assert len(reasons(rows)) == MAX_LINES // 2
