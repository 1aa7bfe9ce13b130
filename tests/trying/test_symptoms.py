"""What programs say is recognized, in any length of output, in little time."""

from __future__ import annotations

import time

import pytest

from conda_preflight.facts.symptoms import recognized, symptoms

SAID = {
    "The NVIDIA driver on your system is too old (found version 12080)": "driver-too-old",
    "RuntimeError: CUDA error: no kernel image is available for execution on the device": (
        "no-kernel-image"
    ),
    "CUDA error: the provided PTX was compiled with an unsupported toolchain.": "ptx-unsupported",
    "Error 802: system not yet initialized (Triggered internally at ...)": "err-802",
    "AssertionError: Torch not compiled with CUDA enabled": "cpu-torch-solved",
    "ImportError: /x/libcusparse.so.12: undefined symbol: __nvJitLinkComplete_12_4": "nvjitlink",
    "ImportError: libcudart.so.12: cannot open shared object file: No such file": (
        "two-cuda-runtimes"
    ),
    "ImportError: libcuda.so.1: cannot open shared object file: No such file": "visible-devices",
    "ImportError: libfoo.so.3: cannot open shared object file: No such file or directory": (
        "library-missing"
    ),
    "/lib/libstdc++.so.6: version `GLIBCXX_3.4.30' not found": "glibcxx",
    "/lib/libc.so.6: version `GLIBC_2.34' not found": "glibc-too-old",
    "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB": "gpu-out-of-memory",
}


@pytest.mark.parametrize("text", SAID)
def test_said_in_earnest(text):
    assert recognized(f"before\n{text}\nafter")[0].id == SAID[text]


@pytest.mark.parametrize("symptom", symptoms().values(), ids=lambda symptom: symptom.id)
def test_each_text_is_found_by_itself(symptom):
    for text in symptom.texts:
        whole = text.replace("…", " anything ")
        assert symptom.id in [found.id for found in recognized(whole)]
        apart = text.replace("…", "\n")
        if apart != text:
            assert symptom.id not in [found.id for found in recognized(apart)]
    assert symptom.source.startswith("https://")
    assert symptom.fix.endswith(".")
    assert not symptom.cause.endswith(".")


@pytest.mark.parametrize(
    "text", ["version `GLIBC_ ", ".so cannot open\n", "a", "nccl warn cumem\n"]
)
def test_a_long_output_takes_little_time(text):
    begun = time.process_time()
    recognized(text * (1_000_000 // len(text)))
    assert time.process_time() - begun < 0.5


def test_what_all_is_well_says_is_no_symptom():
    assert not recognized("2026-11-24 I tensorflow/core: oneDNN custom operations are on.")
