from __future__ import annotations

import math

import pytest
from benchmarks.fuzz_readers import NAMES
from benchmarks.fuzz_seeds import dictionary, seeds
from benchmarks.fuzz_target import target

from conda_preflight.readers import PATTERNS


def test_every_reader_is_fuzzed():
    assert {*PATTERNS, "prefix"} < set(NAMES)


@pytest.mark.parametrize("reader", sorted(NAMES))
def test_where_fuzzing_begins_nothing_is_broken(reader):
    one_input = target(reader, math.inf)  # what other tests left may be walked meanwhile
    for seed in seeds(reader):
        one_input(seed)
    assert dictionary(reader).isascii()
