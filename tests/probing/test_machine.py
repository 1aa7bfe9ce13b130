"""Everything that is read from files, below a root that a test makes."""

from __future__ import annotations

import json
import os

import pytest

from conda_preflight.documents import GPU, Host
from conda_preflight.documents.host import UNLIMITED
from conda_preflight.probing import sheet_json
from conda_preflight.probing.sheet import probe

LIMITS = """\
Limit                     Soft Limit           Hard Limit           Units
Max stack size            8388608              unlimited            bytes
Max processes             127189               127189               processes
Max open files            1024                 1048576              files
Max locked memory         {memlock:<20} unlimited            bytes
"""
MODULE = "NVRM version: NVIDIA UNIX {kind} Kernel Module  {version}  Tue Apr  9 12:00:00 UTC 2024\n"
CPU = "processor\t: 0\nmodel name\t: Some CPU\nflags\t\t: fpu lm {flags}\n\nprocessor\t: 1\n"
V2 = "cx16 lahf_lm popcnt sse4_1 sse4_2 ssse3"
V3 = f"{V2} avx avx2 bmi1 bmi2 f16c fma abm movbe xsave"


def facts(host: Host) -> dict[str, str]:
    return dict(host.node)


def pci(address: str, kind: str, vendor: str = "0x10de", driver: str = "") -> dict[str, str]:
    folder = f"/sys/bus/pci/devices/{address}"
    files = {f"{folder}/class": f"{kind}\n", f"{folder}/vendor": f"{vendor}\n"}
    if driver:
        files[f"{folder}/driver"] = f"-> ../../../bus/pci/drivers/{driver}"
    return files


def test_an_empty_root_says_nothing(tree):
    found = probe(tree({}), variables={})
    assert (found.glibc, found.driver, found.cuda, found.gpus) == ("", "", "", None)
    assert (found.archspec, found.shm_mib, found.memlock_kib) == ("", None, None)
    assert facts(found)["nvml"].startswith("not asked")


@pytest.mark.parametrize(
    ("flags", "level"),
    [("", "x86_64"), (V2, "x86_64_v2"), (V3, "x86_64_v3"), (V3.replace("avx2", ""), "x86_64_v2")],
)
def test_processor(tree, flags, level):
    found = probe(tree({"/proc/cpuinfo": CPU.format(flags=flags)}))
    assert found.archspec == level
    assert (facts(found)["cpu.count"], facts(found)["cpu.model"]) == ("2", "Some CPU")


def test_a_processor_of_another_kind(tree):
    found = probe(tree({"/proc/cpuinfo": "processor\t: 0\nFeatures\t: fp asimd sve\n"}))
    assert (found.archspec, facts(found)["cpu.count"]) == ("", "1")


def test_kernel_and_release(tree):
    root = tree(
        {
            "/proc/sys/kernel/osrelease": "5.15.153.1-microsoft-standard-WSL2\n",
            "/etc/os-release": 'NAME="Ubuntu"\nID=ubuntu\nVERSION_ID="22.04"\n',
            "/proc/cmdline": "root=/dev/sda1 password=secret intel_iommu=on iommu=pt nokaslr\n",
        }
    )
    found = probe(root)
    assert found.kernel == "5.15.153.1-microsoft-standard-WSL2"
    node = facts(found)
    assert (node["os.release"], node["os.wsl"]) == ("ubuntu 22.04", "yes")
    assert {k: v for k, v in node.items() if k.startswith("kernel.option.")} == {
        "kernel.option.intel_iommu": "on",
        "kernel.option.iommu": "pt",
        "kernel.option.nokaslr": "yes",
    }
    assert "secret" not in sheet_json.write(found)


def test_limits_and_shared_memory(tree):
    root = tree(
        {
            "/proc/self/limits": LIMITS.format(memlock="65536"),
            "/proc/self/mounts": "shm /dev/shm tmpfs rw,nosuid,size=65536k,inode64 0 0\n",
            "/proc/meminfo": "MemTotal:       16384000 kB\n",
        }
    )
    found = probe(root)
    assert (found.memlock_kib, found.shm_mib) == (64, 64)
    node = facts(found)
    assert (node["limit.nofile"], node["limit.stack"]) == ("1024", "8388608")
    assert node["memory.total_mib"] == "16000"
    (root / "proc/self/limits").write_text(LIMITS.format(memlock="unlimited"))
    assert probe(root).memlock_kib == UNLIMITED


@pytest.mark.parametrize(
    ("files", "version", "bound"),
    [
        (
            {
                "/sys/fs/cgroup/cgroup.controllers": "memory",
                "/proc/self/cgroup": "0::/a/b\n",
                "/sys/fs/cgroup/a/memory.max": "1073741824\n",
                "/sys/fs/cgroup/a/b/memory.max": "max\n",
            },
            "2",
            "1024",
        ),
        (
            {
                "/sys/fs/cgroup/memory/": "",
                "/proc/self/cgroup": "4:memory,hugetlb:/x\n1:cpu:/y\n",
                "/sys/fs/cgroup/memory/x/memory.limit_in_bytes": "536870912\n",
                "/sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
            },
            "1",
            "512",
        ),
        ({"/sys/fs/cgroup/unified/cgroup.controllers": "", "/proc/self/cgroup": ""}, "hybrid", ""),
        ({"/proc/self/cgroup": "0::/../../../etc\n"}, "", ""),
    ],
)
def test_control_groups(tree, files, version, bound):
    node = facts(probe(tree(files)))
    assert (node.get("cgroup.version", ""), node.get("cgroup.memory_mib", "")) == (version, bound)


def test_the_driver_and_its_modules(tree):
    root = tree(
        {
            "/proc/driver/nvidia/version": MODULE.format(kind="Open", version="550.54.15"),
            "/proc/modules": "nvidia_uvm 4096 0 - Live\nnvidia 99 1 nvidia_uvm, Live\n",
            "/sys/module/nvidia_uvm/parameters/uvm_disable_hmm": "N\n",
            "/sys/module/nouveau/refcnt": "0\n",
        }
    )
    found = probe(root)
    assert found.driver == "550.54.15"
    node = facts(found)
    assert (node["module.nvidia"], node["module.nvidia.open"]) == ("550.54.15", "yes")
    assert (node["module.nvidia_uvm"], node["module.nouveau"]) == ("loaded", "loaded")
    assert node["module.nvidia_uvm.uvm_disable_hmm"] == "no"
    assert node["module.nvidia_peermem"] == "not loaded"


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("NVRM version: NVIDIA UNIX x86_64 Kernel Module  470.82.01  Wed Oct 27\n", "470.82.01"),
        (
            "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  535.104.05  Release Build\n",
            "535.104.05",
        ),
        ("NVRM version: nothing of the kind\n", ""),
        ("\x00" * 5000, ""),
    ],
)
def test_texts_of_the_module(tree, text, version):
    assert probe(tree({"/proc/driver/nvidia/version": text})).driver == version


@pytest.mark.skipif(os.geteuid() == 0, reason="root may open everything")
def test_denied_devices(tree):
    root = tree({"/dev/nvidia0": "", "/dev/nvidiactl": ""})
    (root / "dev/nvidia0").chmod(0)
    node = facts(probe(root))
    assert (node["device.nvidia0"], node["device.nvidiactl"]) == ("denied", "usable")


def test_devices(tree):
    node = facts(
        probe(
            tree(
                {
                    "/dev/nvidia0": "",
                    "/dev/nvidia11": "",
                    "/dev/nvidiactl": "",
                    "/dev/nvidia-uvm": "",
                    "/dev/nvidia-caps/": "",
                    "/dev/nvidia0x": "",
                    "/dev/char/195:0": "-> ../nvidia0",
                    "/dev/infiniband/uverbs0": "",
                }
            )
        )
    )
    assert {k: v for k, v in node.items() if k.startswith("device.")} == {
        "device.gpus": "2",
        "device.nvidia0": "usable",
        "device.nvidia11": "usable",
        "device.nvidiactl": "usable",
        "device.nvidia-uvm": "usable",
        "device.char": "yes",
        "device.infiniband": "yes",
    }


def test_the_bus(tree):
    files = {
        **pci("0000:01:00.0", "0x030200", driver="nvidia"),
        **pci("0000:02:00.0", "0x030200", driver="vfio-pci"),
        **pci("0000:03:00.0", "0x030000", vendor="0x1a03"),
        **pci("0000:04:00.0", "0x068000"),
        **pci("0000:05:00.0", "0x040300"),
        "/sys/bus/pci/devices/0000:01:00.0/numa_node": "0\n",
        "/sys/bus/pci/devices/0000:02:00.0/numa_node": "1\n",
        **pci("0000:06:00.0", "0x060400", vendor="0x1000"),
    }
    root = tree(files)
    config = bytearray(4096)
    config[0x100:0x104] = (0x1480_0001).to_bytes(4, "little")
    config[0x148:0x14C] = (0x000D).to_bytes(4, "little")
    config[0x14E] = 0x1D
    bridge = root / "sys/bus/pci/devices/0000:06:00.0/config"
    bridge.write_bytes(config)
    node = facts(probe(root))
    assert {k: v for k, v in node.items() if k.startswith("pci.")} == {
        "pci.gpus": "2",
        "pci.gpus.driver.nvidia": "1",
        "pci.gpus.driver.vfio-pci": "1",
        "pci.gpus.numa": "2",
        "pci.nvswitches": "1",
        "pci.acs": "1 of 1",
    }
    link = root / "sys/bus/pci/devices/0000:02:00.0/driver"
    link.unlink()
    link.symlink_to("no name of a driver")
    assert facts(probe(root))["pci.gpus.driver.none"] == "1"
    config[0x14E] = 1  # validation of sources alone redirects nothing
    bridge.write_bytes(config)
    assert facts(probe(root))["pci.acs"] == "0 of 1"
    config[0x102:0x104] = b"\x00\x10"  # a list that leads to itself
    bridge.write_bytes(config)
    assert facts(probe(root))["pci.acs"] == "0 of 1"
    bridge.write_bytes(bytes(64))
    assert facts(probe(root))["pci.acs"] == "not readable"


@pytest.mark.parametrize(
    ("files", "gpus"),
    [
        ({"/sys/bus/pci/devices/": "", "/dev/null": ""}, ()),
        ({"/dev/null": ""}, None),
        ({"/sys/bus/pci/devices/": ""}, None),
        ({"/sys/bus/pci/devices/": "", "/dev/kfd": ""}, None),
        ({"/sys/bus/pci/devices/": "", "/dev/dxg": ""}, None),
        ({"/sys/bus/pci/devices/": "", "/dev/nvidiactl": ""}, None),
        ({"/dev/null": "", "/etc/nv_tegra_release": "", "/sys/bus/pci/devices/": ""}, None),
        ({**pci("0000:01:00.0", "0x030200"), "/dev/null": ""}, None),
        ({**pci("0000:01:00.0", "0x030000", vendor="0x1234"), "/dev/null": ""}, ()),
    ],
)
def test_no_gpu_is_said_only_when_it_is_sure(tree, files, gpus):
    assert probe(tree(files)).gpus == gpus


def test_libraries_of_the_driver(tree):
    root = tree(
        {
            "/usr/lib/x86_64-linux-gnu/libcuda.so.1": "-> libcuda.so.535.104.05",
            "/usr/lib/x86_64-linux-gnu/libcuda.so.535.104.05": "x",
            "/opt/compat/libcuda.so.1": "-> /opt/compat/libcuda.so.550.54.15",
            "/opt/compat/libcuda.so.550.54.15": "x",
            "/usr/lib64/libnvidia-ml.so.1": "x",
        }
    )
    node = facts(probe(root, variables={}))
    if os.uname().machine == "x86_64":
        assert node["library.libcuda"] == "/usr/lib/x86_64-linux-gnu/libcuda.so.1"
        assert node["library.libcuda.version"] == "535.104.05"
    assert node["library.libnvidia-ml"] == "/usr/lib64/libnvidia-ml.so.1"
    assert "library.libnvidia-ml.version" not in node
    node = facts(probe(root, variables={"LD_LIBRARY_PATH": "relative:/none:/opt/compat/"}))
    assert node["library.libcuda"] == "/opt/compat/libcuda.so.1"
    assert node["library.libcuda.version"] == "550.54.15"


def test_fabric_manager(tree):
    status = (
        "Package: other\nVersion: 1\n\nPackage: nvidia-fabricmanager-535\nStatus: install ok\n"
        "Version: 535.183.01-0ubuntu1\n\n"
    )
    root = tree(
        {
            "/dev/nvidia-nvswitch0": "",
            "/dev/nvidia-nvswitchctl": "",
            "/proc/1/comm": "systemd\n",
            "/proc/77/comm": "bash\n",
            "/var/lib/dpkg/status": status,
        }
    )
    node = facts(probe(root))
    assert (node["fabric.nvswitches"], node["fabric.manager"]) == ("1", "not running")
    assert node["fabric.manager.version"] == "535.183.01"
    (root / "proc/77/comm").write_text("nv-fabricmanage\n")
    assert facts(probe(root))["fabric.manager"] == "running"
    (root / "proc/77/comm").write_text("bash\n")
    (root / "proc/1/comm").write_text("python\n")
    assert "fabric.manager" not in facts(probe(root)), "a container sees no process of its host"


@pytest.mark.parametrize(
    ("files", "variables", "kind"),
    [
        ({}, {}, "none"),
        ({"/.dockerenv": ""}, {}, "docker"),
        ({"/run/.containerenv": ""}, {}, "podman"),
        ({"/proc/1/cgroup": "0::/kubepods/besteffort/pod1\n"}, {}, "kubernetes"),
        ({"/.dockerenv": ""}, {"KUBERNETES_SERVICE_HOST": "10.0.0.1"}, "kubernetes"),
        ({}, {"APPTAINER_CONTAINER": "x.sif"}, "apptainer"),
        ({"/proc/1/environ": "a=b\0container=lxc\0"}, {}, "lxc"),
    ],
)
def test_kinds_of_containers(tree, files, variables, kind):
    assert facts(probe(tree(files), variables=variables))["container.kind"] == kind


def test_the_toolkit_of_a_host(tree):
    root = tree(
        {"/usr/bin/dockerd": "", "/usr/bin/nvidia-ctk": "", "/etc/docker/daemon.json": "{}"}
    )
    for name in ("dockerd", "nvidia-ctk"):
        (root / "usr/bin" / name).chmod(0o755)
    node = facts(probe(root))
    assert (node["container.engine"], node["container.toolkit"]) == ("dockerd", "yes")
    assert node["container.configured"] == "no"
    (root / "etc/docker/daemon.json").write_text('{"runtimes": {"nvidia": {}}}')
    assert facts(probe(root))["container.configured"] == "yes"


def test_messages_of_the_kernel(tree):
    log = (
        "6,1,1,-;NVRM: Xid (PCI:0000:3b:00): 79, pid=1, GPU has fallen off the bus.\n"
        "6,2,2,-;NVRM: Xid (PCI:0000:3b:00): 79, pid=1\n"
        "6,3,3,-;NVRM: Xid (PCI:0000:5e:00): 31, pid=9\n"
        "6,4,4,-;nvidia-uvm: uvm_pmm_gpu.c: failed -34\n"
    )
    node = facts(probe(tree({"/dev/kmsg": log})))
    assert (node["kernel_log"], node["xid.79"], node["xid.31"]) == ("read", "2", "1")
    assert node["kernel_log.uvm_failed"] == "yes"
    assert facts(probe(tree({})))["kernel_log"] == "read"


def test_tools_sharing_and_user_site(tree):
    root = tree(
        {
            "/usr/bin/gcc": "",
            "/opt/cuda/bin/nvcc": "",
            "/opt/cuda/version.json": json.dumps({"cuda": {"name": "CUDA", "version": "12.4.1"}}),
            "/tmp/nvidia-mps/": "",  # noqa: S108
            "/home/someone/.local/lib/python3.11/site-packages/torch-2.4.0.dist-info/": "",
            "/home/someone/.local/lib/python3.11/site-packages/Flask_X-1.0.dist-info/": "",
            "/home/someone/.local/lib/python3.11/site-packages/torch/": "",
        }
    )
    for name in ("usr/bin/gcc", "opt/cuda/bin/nvcc"):
        (root / name).chmod(0o755)
    variables = {"PATH": "/usr/bin:bin", "CUDA_HOME": "/opt/cuda", "HOME": "/home/someone"}
    node = facts(probe(root, variables=variables))
    assert (node["tool.cc"], node["tool.nvcc"], node["tool.nvcc.version"]) == ("yes", "yes", "12.4")
    assert node["mps.control"] == "not there"
    assert node["user_site.python3.11"] == "2 torch"


class Double:  # its names are those of the library
    """NVML in the place of ``pynvml``, with one GPU."""

    def nvmlInit(self):  # noqa: N802
        pass

    def nvmlSystemGetDriverVersion(self):  # noqa: N802
        return "550.54.15"

    def nvmlSystemGetCudaDriverVersion_v2(self):  # noqa: N802
        return 12040

    def nvmlDeviceGetCount(self):  # noqa: N802
        return 1

    def nvmlDeviceGetHandleByIndex(self, index):  # noqa: N802
        return index

    def nvmlDeviceGetName(self, handle):  # noqa: N802
        return "NVIDIA L4"


def test_an_injected_nvml(tree):
    found = probe(tree({}), Double())
    assert found.gpus == (GPU("NVIDIA L4"),)
    assert (found.driver, found.cuda) == ("550.54.15", "12.4")


def test_links_never_lead_out_of_the_root(tree, tmp_path):
    (tmp_path / "secret").write_text("NVRM version: NVIDIA x Kernel Module  999.99.99  x\n")
    root = tree({"/proc/driver/nvidia/version": "-> ../../../../../../../secret"})
    assert probe(root).driver == ""
    loop = tree({"/proc/cpuinfo": "-> cpuinfo"})
    assert probe(loop).archspec == ""


def test_pipes_are_not_waited_for(tree):
    root = tree({"/proc/": "", "/etc/": ""})
    os.mkfifo(root / "proc/cpuinfo")
    os.mkfifo(root / "etc/os-release")
    assert probe(root).archspec == ""
