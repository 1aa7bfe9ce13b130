"""The real path to NVML and CUDA: a child process, ctypes, and libraries that are found."""

from __future__ import annotations

import time

import pytest

from conda_preflight.documents import GPU, Host, Source
from conda_preflight.probing import sheet_json
from conda_preflight.readers import host as reader

H100 = GPU("NVIDIA H100 80GB HBM3", "9.0", 81559)


def facts(host: Host) -> dict[str, str]:
    return dict(host.node)


def test_eight_healthy_gpus(asked):
    found = asked()
    assert found.gpus == (H100,) * 8
    assert (found.driver, found.cuda) == ("535.104.05", "12.4")
    node = facts(found)
    assert (node["nvml"], node["cuda.init"], node["cuda.devices"]) == ("ok", "0", "8")
    own = {key.removeprefix("gpu.7."): text for key, text in node.items() if "gpu.7." in key}
    assert own == {
        "compute_mode": "default",
        "ecc": "on",
        "ecc.uncorrected": "0",
        "ecc.uncorrected_ever": "0",
        "fabric.state": "completed",
        "fabric.status": "0",
        "mig": "off",
        "nvlinks": "18 of 18",
        "pcie.width": "16",
        "pcie.width_max": "16",
        "persistence": "on",
        "recovery": "none",
        "rows.failed": "no",
        "rows.pending": "no",
        "rows.uncorrectable": "0",
    }


@pytest.mark.parametrize(
    ("fault", "code"), [("mismatch", "18"), ("unknown", "999"), ("noperm", "4"), ("unloaded", "9")]
)
def test_nvml_refuses(asked, fault, code):
    found = asked(fault)
    assert facts(found)["nvml.code"] == code
    assert facts(found)["nvml"] not in ("ok", "")
    assert found.cuda == "12.4", "CUDA answered on its own"


def test_gpus_that_cannot_be_counted(asked):
    found = asked("uncounted")
    assert facts(found)["nvml"] == "Unknown Error (999)"


def test_one_gpu_is_lost(asked):
    found = asked("lost")
    assert found.gpus == (H100, GPU(""), *(H100,) * 6)
    assert facts(found)["gpu.1.error"] == "GPU is lost (15)"


def test_memory_errors(asked):
    node = facts(asked("ecc-errors"))
    assert (node["gpu.1.ecc.uncorrected"], node["gpu.1.ecc.uncorrected_ever"]) == ("3", "40")
    assert (node["gpu.1.rows.failed"], node["gpu.1.rows.pending"]) == ("yes", "yes")
    assert node["gpu.1.recovery"] == "reset the GPU"
    assert node["gpu.0.rows.failed"] == "no"
    assert facts(asked("retired"))["gpu.3.pages.retired"] == "2"


def test_mig_fabric_modes_and_links(asked):
    node = facts(asked("mig-on no-fabric exclusive lazy narrow"))
    assert (node["gpu.0.mig"], node["gpu.0.mig.instances"]) == ("on", "2")
    assert node["gpu.0.fabric.state"] == "in progress"
    assert "gpu.0.fabric.status" not in node
    assert (node["gpu.0.compute_mode"], node["gpu.0.persistence"]) == ("exclusive", "off")
    assert (node["gpu.1.pcie.width"], node["gpu.1.nvlinks"]) == ("8", "17 of 18")
    assert facts(asked("mig-later"))["gpu.0.mig.pending"] == "on"


def test_what_is_not_supported_is_left_out(asked):
    found = asked("unsupported")
    assert found.gpus == (H100,) * 8
    named = {key.partition(".")[2].partition(".")[2] for key in facts(found) if "gpu.0." in key}
    assert named == {"compute_mode", "nvlinks", "pcie.width", "pcie.width_max", "persistence"}


def test_names_that_are_no_utf8(asked):
    found = asked("bytes")
    assert found.gpus is not None
    assert found.gpus[0].name == "NVIDIA \ufffd\ufffd?[31m"
    assert found.gpus[0].memory_mib == 81559


def test_a_hang_is_told_and_ends(asked):
    begun = time.monotonic()
    found = asked("hang", cuda="hang", seconds=3)
    assert time.monotonic() - begun < 10
    node = facts(found)
    assert node["nvml"] == "no answer in 3 seconds after gpu.1.name"
    assert node["cuda.init"] == "no answer in 3 seconds after cuda.version"
    assert found.gpus is not None
    assert found.gpus[0] == H100, "what was told before the hang is kept"


def test_what_cannot_be_killed_is_left(asked):
    begun = time.monotonic()
    node = facts(asked(cuda="escape", seconds=1))
    assert time.monotonic() - begun < 7
    assert (node["cuda.init"], node["cuda.version"]) == (
        "no answer in 1 seconds after cuda.version",
        "12.4",
    )


def test_a_crash_is_told(asked):
    node = facts(asked("crash", cuda="crash"))
    assert node["nvml"] == "ended by SIGABRT"
    assert node["cuda.init"] == "ended by SIGABRT"


@pytest.mark.parametrize("code", ["100", "802", "803", "804", "805", "999"])
def test_codes_of_cuda(asked, code):
    found = asked("mismatch", cuda=code)
    assert facts(found)["cuda.init"] == code
    assert (found.cuda, "cuda.devices" in facts(found)) == ("", False)


def test_a_library_that_lies_about_the_count(asked):
    found = asked("many")
    assert found.gpus is not None
    assert len(found.gpus) == 128
    read = reader.read(
        Source("x.json", text := sheet_json.write(found), "", len(text), "", "\n", ())
    )
    assert isinstance(read[0], Host)


def test_no_library_at_all(asked, tmp_path):
    node = facts(asked(LD_LIBRARY_PATH=str(tmp_path)))
    if node["library.libcuda"] == "not found":
        assert node["cuda.init"] == "not found: libcuda.so.1"
    if node["library.libnvidia-ml"] == "not found":
        assert node["nvml"] == "not found: libnvidia-ml.so.1"
