"""target/unmatched-protobuf."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Lock, Prefix
from conda_preflight.fitting.side_by_side import Together, judged, release
from conda_preflight.grammar.conda_version import matches
from conda_preflight.report import Problem, Severity

_OLD_CODE = {
    "tensorflow": "<2.12",
    "tensorflow-gpu": "<2.12",
    "tensorflow-cpu": "<2.12",
    "onnx": "<1.13",
    "tensorboard": "<2.9.1",
    "sentencepiece": "<0.1.97",
}


@check("target/unmatched-protobuf", Severity.ERROR)
def unmatched_protobuf(lock: Lock | Prefix) -> Iterator[Problem]:
    """Protobuf 4 or later stands beside a wheel whose generated code is older.

    The import ends with "Descriptors cannot be created directly. If this call came from a
    _pb2.py file, your generated code is out of date". Wheels of tensorflow before 2.12, onnx
    before 1.13 and tensorboard before 2.9.1 need protobuf 3.20 or older, as their metadata say
    (protocolbuffers/protobuf issue 10051).

    ## Fails

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip tensorflow==2.8.0
    # pip protobuf==4.21.1
    ```

    ## Passes

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip tensorflow==2.8.0
    # pip protobuf==3.20.3
    ```

    ```text conda-linux-64.lock
    @EXPLICIT
    # pip tensorflow==2.17.0
    # pip protobuf==4.25.3
    ```

    ## Fix

    Take `protobuf<4`, or a later release of the package.
    """
    return judged(lock, _problems)


def _problems(env: Together) -> Iterator[Problem]:
    protobuf = env.any("protobuf")
    if protobuf is None or not matches(">=4", protobuf.version):
        return
    for name, old in _OLD_CODE.items():
        package = env.pip.get(name)
        if package and matches(old, release(package.version)):
            yield Problem(
                "protobuf",
                f"`{name}` {package.version} was made with an older protobuf and fails on import "
                f"with {protobuf.version}",
                protobuf.location,
                f"Take `protobuf<4`, or {name} {old[1:]} or later.",
            )
            return
