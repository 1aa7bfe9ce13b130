"""Whatever lies below a root, a probe ends with a sheet that can be read."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conda_preflight.documents import Host, Source
from conda_preflight.probing import sheet_json
from conda_preflight.probing.sheet import probe
from conda_preflight.probing.told import heard
from conda_preflight.readers import host as reader

FILES = (
    *("/proc/cpuinfo", "/proc/meminfo", "/proc/modules", "/proc/cmdline", "/proc/self/limits"),
    *("/proc/self/mounts", "/proc/self/cgroup", "/proc/sys/kernel/osrelease", "/proc/1/cgroup"),
    *("/proc/driver/nvidia/version", "/sys/module/nvidia/version", "/etc/os-release", "/dev/kmsg"),
    *("/etc/ld.so.cache", "/var/lib/dpkg/status", "/dev/nvidia-nvswitch0", "/proc/1/environ"),
    *("/sys/bus/pci/devices/0000:01:00.0/class", "/sys/bus/pci/devices/0000:01:00.0/vendor"),
    *("/sys/bus/pci/devices/0000:01:00.0/config", "/usr/lib64/libcuda.so.1", "/lib64/libc.so.6"),
    *("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/cgroup.controllers", "/proc/1/comm"),
)
PARTS = st.sampled_from(
    (
        *(b"flags : lm avx", b"NVRM version: ", b"size=", b"0::/", b"Max locked memory  ", b"\n"),
        *(b"ID=x", b"MemTotal: ", b"9" * 5000, b"0x030200", b"0x10de", b"\x1b[31m", b"\xff"),
        b"NVRM: Xid (x): 1",
    )
)
CONTENT = st.lists(PARTS | st.binary(max_size=40), max_size=12).map(b"".join)


def assert_can_be_read(found: Host) -> None:
    text = sheet_json.write(found)
    source = Source("x.json", text, "", len(text), "utf-8", "\n", tuple(text.split("\n")))
    again, layout = reader.read(source)
    assert isinstance(again, Host)
    assert again.node == found.node
    assert not layout.unknown


@given(st.dictionaries(st.sampled_from(FILES), CONTENT, max_size=len(FILES)))
def test_any_files_make_a_sheet(files):
    with tempfile.TemporaryDirectory() as name:
        for path, content in files.items():
            file = Path(name, path.strip("/"))
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        assert_can_be_read(probe(Path(name), variables={"PATH": "/x", "HOME": "/home/a"}))


@given(st.binary(max_size=300))
def test_any_output_of_a_child_is_heard(output):
    assert all(isinstance(word, str) for fact in heard(output) for word in fact)


@pytest.mark.parametrize("line", [b'["a"]', b'["a","b","c"]', b'{"a":1}', b'["a",1]', b"[" * 9999])
def test_lines_that_are_no_facts(line):
    assert heard(b'["ok","yes"]\n' + line + b'\n["last') == [("ok", "yes")]


def test_a_library_that_answers_nonsense(asked):
    found = asked("odd")
    assert_can_be_read(found)
    assert (found.driver, found.gpus and found.gpus[0].capability) == ("", "")
    node = dict(found.node)
    assert node["gpu.0.recovery"] == node["gpu.0.fabric.state"] == "unknown"
    assert "gpu.0.compute_mode" not in node
