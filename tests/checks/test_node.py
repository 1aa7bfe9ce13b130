"""Faults of machines: each is told once, by the rule that sees its cause."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conda_preflight.catalog import checks
from conda_preflight.documents import GPU, Host, Location, Project
from conda_preflight.documents.host import UNLIMITED
from conda_preflight.errors import Skip
from conda_preflight.facts.cuda_codes import CODES
from conda_preflight.facts.node_variables import DEBUGGING
from conda_preflight.facts.xids import XIDS
from conda_preflight.report import Severity

H100 = GPU("NVIDIA H100 80GB HBM3", "9.0", 81559)
HERE = Location("this machine")

HEALTHY = {
    "cgroup.version": "2",
    "container.kind": "none",
    "cpu.count": "192",
    "cuda.devices": "8",
    "cuda.init": "0",
    "cuda.version": "12.4",
    "device.char": "yes",
    "device.gpus": "8",
    **{f"device.nvidia{n}": "usable" for n in range(8)},
    "device.nvidia-uvm": "usable",
    "device.nvidiactl": "usable",
    "fabric.manager": "running",
    "fabric.manager.version": "550.54.15",
    "fabric.nvswitches": "4",
    "kernel_log": "read",
    "library.libcuda": "/usr/lib/x86_64-linux-gnu/libcuda.so.1",
    "library.libcuda.version": "550.54.15",
    "library.libnvidia-ml": "/usr/lib/x86_64-linux-gnu/libnvidia-ml.so.1",
    "library.libnvidia-ml.version": "550.54.15",
    "limit.memlock": "unlimited",
    "limit.nofile": "1048576",
    "limit.stack": "8388608",
    "module.nouveau": "not loaded",
    "module.nvidia": "550.54.15",
    "module.nvidia.open": "yes",
    "module.nvidia_uvm": "loaded",
    "module.nvidia_uvm.uvm_disable_hmm": "no",
    "numa.calls": "allowed",
    "nvml": "ok",
    "nvml.cuda": "12.4",
    "nvml.driver": "550.54.15",
    "nvml.gpus": "8",
    "pci.acs": "0 of 12",
    "pci.gpus": "8",
    "pci.gpus.driver.nvidia": "8",
    "pci.nvswitches": "4",
    "tool.cc": "yes",
    "tool.nvcc": "no",
    **{
        f"gpu.{n}.{key}": text
        for n in range(8)
        for key, text in {
            "compute_mode": "default",
            "ecc": "on",
            "ecc.uncorrected": "0",
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
        }.items()
    },
}
DOCKER = {**HEALTHY, "container.kind": "docker", "container.gpu_mounts": "9"}
BARE = {k: v for k, v in DOCKER.items() if not k.startswith(("device.", "gpu.", "nvml", "cuda."))}
BARE |= {"device.gpus": "0", "library.libcuda": "not found", "library.libnvidia-ml": "not found"}
BARE |= {"nvml": "not found: libnvidia-ml.so.1", "nvml.code": "12"}
BARE |= {"cuda.init": "not found: libcuda.so.1", "container.gpu_mounts": "0"}


def without(facts: dict[str, str], *names: str, **changed: str) -> dict[str, str]:
    return {k: v for k, v in facts.items() if k not in names} | changed


def host(facts: dict[str, str], **more) -> Host:
    usual = {
        "gpus": (H100,) * 8 if "nvml.gpus" in facts else None,
        "shm_mib": 500_000,
        "memlock_kib": UNLIMITED,
    }
    return Host(
        path="this machine",
        location=HERE,
        os="linux",
        arch="x86_64",
        node=tuple(sorted(facts.items())),
        **{**usual, **more},
    )


def told(subject: Host, *others: Host) -> dict[str, list[tuple[Severity, str]]]:
    """What the rules about machines say, by rule."""
    project = Project(".", Location("."), (subject, *others))
    found: dict[str, list[tuple[Severity, str]]] = {}
    for check in (c for c in checks() if c.rule.family == "node"):
        needs = [project] if "Project" in check.rule.needs else []
        try:
            problems = list(check.function(subject, *needs))
        except Skip:
            continue
        for problem in problems:
            weight = problem.severity or check.rule.severity
            found.setdefault(check.rule.id, []).append((weight, problem.about))
    return found


def of_weight(subject: Host, weight: Severity) -> set[str]:
    return {rule for rule, rows in told(subject).items() for said, _ in rows if said is weight}


@pytest.mark.parametrize("facts", [HEALTHY, DOCKER], ids=["host", "container"])
def test_a_healthy_machine_has_no_finding(facts):
    assert told(host(facts)) == {}


def test_a_described_target_is_no_machine():
    assert told(Host("x.json", Location("x.json"), os="linux", gpus=(H100,))) == {}


def test_a_machine_without_gpu_has_no_finding():
    facts = {
        "container.kind": "none",
        "cuda.init": "not found: libcuda.so.1",
        "device.gpus": "0",
        "limit.nofile": "65536",
        "module.nvidia": "not loaded",
        "module.nouveau": "not loaded",
        "nvml": "not found: libnvidia-ml.so.1",
        "nvml.code": "12",
        "pci.gpus": "0",
        "tool.cc": "yes",
    }
    assert told(host(facts, gpus=())) == {}


WSL = {
    "container.kind": "none",
    "cuda.init": "0",
    "device.dxg": "usable",
    "device.gpus": "0",
    "library.libcuda": "/usr/lib/wsl/lib/libcuda.so.1",
    "module.nvidia": "not loaded",
    "nvml": "ok",
    "nvml.gpus": "1",
    "os.wsl": "yes",
    "pci.gpus": "0",
    "variable.LD_LIBRARY_PATH": "/usr/lib/wsl/lib",
}


def test_other_kinds_of_driver_have_no_finding():
    assert told(host(WSL, gpus=(GPU("NVIDIA GeForce RTX 4090", "8.9", 24564),))) == {}
    jetson = {"device.nvmap": "usable", "device.tegra": "yes", "device.gpus": "0", "pci.gpus": "0"}
    assert told(host(jetson)) == {}


CAUSES = {
    "err-804, of a library that is seen": (
        {**HEALTHY, "cuda.init": "804", "library.libcuda.version": "560.28.03"},
        "node/driver-mismatch",
    ),
    "both libraries are newer": (
        {
            **without(HEALTHY, "nvml.gpus"),
            "cuda.init": "803",
            "library.libcuda.version": "550.90.07",
            "library.libnvidia-ml.version": "550.90.07",
            "nvml": "RM has detected an NVML/RM version mismatch.",
            "nvml.code": "18",
        },
        "node/driver-mismatch",
    ),
    "err-802": (
        {**HEALTHY, "cuda.init": "802", "fabric.manager": "not running"},
        "node/fabric-not-ready",
    ),
    "err-802, other version": (
        {**HEALTHY, "cuda.init": "802", "fabric.manager.version": "535.104.05"},
        "node/fabric-not-ready",
    ),
    "err-802, seen from a container": (
        {**without(DOCKER, "fabric.manager", "fabric.manager.version"), "cuda.init": "802"},
        "node/cuda-does-not-start",
    ),
    "err-803": (
        {**HEALTHY, "cuda.init": "803", "library.libcuda.version": "550.90.07"},
        "node/driver-mismatch",
    ),
    "err-803, version not known": (
        {**without(HEALTHY, "library.libcuda.version"), "cuda.init": "803"},
        "node/cuda-does-not-start",
    ),
    "err-804": ({**HEALTHY, "cuda.init": "804"}, "node/cuda-does-not-start"),
    "mps": (
        {
            **HEALTHY,
            "cuda.init": "805",
            "mps.control": "not there",
            "variable.CUDA_MPS_PIPE_DIRECTORY": "/x",
        },
        "node/cuda-does-not-start",
    ),
    "nvml-mismatch": (
        {
            **without(HEALTHY, "nvml.gpus"),
            "nvml": "RM has detected an NVML/RM version mismatch.",
            "nvml.code": "18",
            "cuda.init": "803",
        },
        "node/driver-mismatch",
    ),
    "nvml-unknown": (
        {**without(DOCKER, "nvml.gpus"), "nvml": "Unknown Error", "nvml.code": "999"},
        "node/nvml-fails",
    ),
    "err-999-uvm": (
        {**without(HEALTHY, "device.nvidia-uvm"), "cuda.init": "999"},
        "node/no-unified-memory",
    ),
    "visible-devices, of CUDA": (
        {**HEALTHY, "cuda.init": "100", "variable.CUDA_VISIBLE_DEVICES": ""},
        "node/visible-devices",
    ),
    "visible-devices, of the container": (
        {**BARE, "variable.NVIDIA_VISIBLE_DEVICES": "void"},
        "node/hidden-from-container",
    ),
    "visible-devices, capabilities": (
        {
            **DOCKER,
            "library.libcuda": "not found",
            "cuda.init": "not found: libcuda.so.1",
            "variable.NVIDIA_DRIVER_CAPABILITIES": "utility",
        },
        "node/hidden-from-container",
    ),
    "hmm-kaslr": (
        {**HEALTHY, "cuda.init": "3", "kernel_log.uvm_failed": "yes"},
        "node/memory-mapping",
    ),
    "ecc-xid": ({**HEALTHY, "gpu.3.rows.failed": "yes"}, "node/memory-errors"),
    "ecc-xid, in the log": ({**HEALTHY, "xid.79": "1"}, "node/xid"),
    "lost": ({**HEALTHY, "gpu.3.error": "GPU is lost (15)"}, "node/lost-gpu"),
    "mig": ({**HEALTHY, "gpu.0.mig": "on", "gpu.0.mig.instances": "0"}, "node/mig-not-ready"),
    "nouveau": (
        {
            **without(HEALTHY, "nvml.gpus", "device.nvidiactl", "device.nvidia-uvm"),
            "cuda.init": "100",
            "device.gpus": "0",
            "module.nouveau": "loaded",
            "module.nvidia": "not loaded",
            "nvml": "Driver Not Loaded",
            "nvml.code": "9",
        },
        "node/nouveau-loaded",
    ),
    "not loaded": (
        {
            **without(HEALTHY, "nvml.gpus", "device.nvidiactl", "device.nvidia-uvm"),
            "cuda.init": "100",
            "device.gpus": "0",
            "module.nvidia": "not loaded",
            "nvml": "Driver Not Loaded",
            "nvml.code": "9",
        },
        "node/driver-not-loaded",
    ),
    "denied": (
        {
            **without(HEALTHY, "nvml.gpus"),
            "cuda.init": "100",
            "device.nvidia0": "denied",
            "nvml": "Insufficient Permissions",
            "nvml.code": "4",
        },
        "node/denied-device-file",
    ),
    "a file is missing": ({**HEALTHY, "device.gpus": "7"}, "node/missing-device-file"),
    "prohibited": ({**HEALTHY, "gpu.0.compute_mode": "prohibited"}, "node/exclusive-gpu"),
    "CUDA hangs": (
        {**HEALTHY, "cuda.init": "no answer in 30 seconds"},
        "node/cuda-does-not-start",
    ),
    "CUDA crashes": ({**HEALTHY, "cuda.init": "ended by SIGSEGV"}, "node/cuda-does-not-start"),
    "NVML hangs": (
        {**without(HEALTHY, "nvml.gpus"), "nvml": "no answer in 30 seconds after gpu.1.name"},
        "node/nvml-fails",
    ),
}


@pytest.mark.parametrize("fault", CAUSES)
def test_one_cause_is_one_error(fault):
    facts, rule = CAUSES[fault]
    errors = [r for r, rows in told(host(facts)).items() for w, _ in rows if w is Severity.ERROR]
    assert errors == [rule]


def test_forward_compatibility_that_works_is_a_note():
    facts = {**HEALTHY, "library.libcuda.version": "560.28.03"}
    assert told(host(facts)) == {"node/driver-mismatch": [(Severity.NOTE, "libcuda")]}


VALUES = st.sampled_from(
    ["", "0", "1", "yes", "no", "7" * 1000, "18 of", "of 9", "\u0663", "\u00b2"]
)
NAMES = st.sampled_from(
    [*HEALTHY, "xid.79", "xid.x", "xid.", "gpu.9999.error", "gpu..ecc", "user_site.python3.11"]
    + [f"variable.{name}" for name in (*DEBUGGING, "CUDA_VISIBLE_DEVICES", "LD_LIBRARY_PATH")]
)


@given(st.dictionaries(NAMES, VALUES | st.text(max_size=9), max_size=30))
def test_no_fact_makes_a_check_crash(facts):
    found = told(host({**HEALTHY, **facts}))
    assert all(rows for rows in found.values())


def test_a_container_without_gpus_is_one_warning():
    subject = host(BARE)
    assert of_weight(subject, Severity.ERROR) == set()
    assert of_weight(subject, Severity.WARNING) == {"node/no-gpu-in-container"}


WARNINGS = {
    "shm": ({}, {"shm_mib": 64}, "node/small-shared-memory"),
    "memlock": ({"device.infiniband": "yes"}, {"memlock_kib": 64}, "node/low-limit"),
    "nccl-cumem": ({"numa.calls": "denied"}, {}, "node/numa-calls-denied"),
    "p2p-acs": ({"pci.acs": "3 of 12"}, {}, "node/redirected-transfers"),
    "user-site": ({"user_site.python3.11": "4 torch"}, {}, "node/user-site"),
    "cudnn-mismatch": (
        {"variable.LD_LIBRARY_PATH": "/usr/local/cuda/lib64"},
        {},
        "node/shadowing-variable",
    ),
    "no-container-runtime": (
        {"container.engine": "dockerd", "container.toolkit": "no"},
        {},
        "node/container-toolkit",
    ),
    "mig, by name": (
        {"variable.CUDA_VISIBLE_DEVICES": "MIG-***"},
        {},
        "node/visible-devices",
    ),
    "exclusive": ({"gpu.0.compute_mode": "exclusive"}, {}, "node/exclusive-gpu"),
    "pending": ({"gpu.0.rows.pending": "yes"}, {}, "node/memory-errors"),
    "width": ({"gpu.2.pcie.width": "4"}, {}, "node/narrow-link"),
    "debugging": ({"variable.CUDA_LAUNCH_BLOCKING": "1"}, {}, "node/debugging-variable"),
    "mps": (
        {"mps.control": "not there", "variable.CUDA_MPS_PIPE_DIRECTORY": "/x"},
        {},
        "node/mps-not-reached",
    ),
}


@pytest.mark.parametrize("fault", WARNINGS)
def test_what_likely_makes_trouble_is_one_warning(fault):
    facts, more, rule = WARNINGS[fault]
    subject = host({**HEALTHY, **facts}, **more)
    assert of_weight(subject, Severity.WARNING) == {rule}
    assert of_weight(subject, Severity.ERROR) == set()


@pytest.mark.parametrize("code", CODES)
def test_each_code_of_cuda_has_its_cause(code):
    facts = without(HEALTHY, "fabric.manager", "fabric.manager.version")
    rules = of_weight(host({**facts, "cuda.init": code}), Severity.ERROR)
    assert rules == {"node/cuda-does-not-start"}


@pytest.mark.parametrize("code", XIDS)
def test_each_xid_has_its_weight(code):
    rows = told(host({**HEALTHY, f"xid.{code}": "1"}))["node/xid"]
    assert rows == [(Severity.ERROR if XIDS[code].is_hardware else Severity.NOTE, f"Xid {code}")]


def test_an_unknown_xid_is_a_note():
    assert of_weight(host({**HEALTHY, "xid.9999": "1"}), Severity.NOTE) == {"node/xid"}


@pytest.mark.parametrize("name", DEBUGGING)
def test_each_variable_for_debugging_can_be_off(name):
    for value, is_told in (("", False), ("1", None), ("0", None)):
        found = told(host({**HEALTHY, f"variable.{name}": value})).get("node/debugging-variable")
        assert is_told is None or bool(found) is is_told


@pytest.mark.parametrize(
    ("own", "meant", "abouts"),
    [
        ({"gpus": (H100,) * 8}, {"gpus": (H100,) * 8}, []),
        ({"gpus": (H100,) * 7}, {"gpus": (H100,) * 8}, ["GPUs"]),
        ({"gpus": (H100,) * 8}, {"gpus": (GPU("NVIDIA H200", "9.0", 143771),)}, ["GPU 0"]),
        ({"gpus": (H100,)}, {"gpus": (GPU("H100"),)}, []),
        ({"gpus": (H100,)}, {"gpus": (GPU("A100"),)}, ["GPU 0"]),
        ({"gpus": (H100,)}, {"gpus": (GPU("", "10.0"),)}, ["GPU 0"]),
        ({"gpus": (H100,) * 8}, {"gpus": (GPU("A100", "8.0"),) * 8}, ["GPU 0"]),
        ({"gpus": ()}, {"gpus": (H100,)}, ["GPUs"]),
        ({"gpus": None}, {"gpus": (H100,)}, []),
        ({"driver": "550.54.15"}, {"driver": "550"}, []),
        ({"driver": "535.104.05"}, {"driver": "550"}, ["driver"]),
        ({"glibc": "2.9"}, {"glibc": "2.31"}, ["glibc"]),
        ({"archspec": "x86_64_v2"}, {"archspec": "x86_64_v3"}, ["processor"]),
        ({"shm_mib": 64}, {"shm_mib": 1024}, ["shared memory"]),
    ],
)
def test_the_machine_beside_its_description(own, meant, abouts):
    described = Host("planned.json", Location("planned.json"), name="planned", **meant)
    subject = Host("x", HERE, node=(("cpu.count", "8"),), **own)
    found = told(subject, described).get("node/other-than-described", [])
    assert [about for _, about in found] == abouts


def test_several_descriptions_are_not_compared():
    others = [Host(f"{n}.json", Location(f"{n}.json"), glibc="9.9") for n in range(2)]
    subject = Host("x", HERE, glibc="2.31", node=(("cpu.count", "8"),))
    assert "node/other-than-described" not in told(subject, *others)
