"""The tool's own image: built by buildah from a clean checkout, and run there.

Needs Debian's packages buildah and debootstrap, root, a mirror of Debian and a package index.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

import conda_preflight

TOOLS = ("buildah", "debootstrap", "unshare", "chroot")
TOP = Path(__file__).parents[2]
PROGRAM = "/opt/preflight/bin/conda-preflight"
ANYBODY = 1_000_660_000
"""A user as OpenShift numbers them, of whom the image knows nothing."""
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not all(map(shutil.which, TOOLS)) or os.geteuid() != 0,
        reason="needs buildah, debootstrap and root",
    ),
]
ON_A_ROOT_THAT_NOBODY_WRITES = """
mount --bind "$1" /mnt && mount -o remount,bind,ro /mnt && mount --bind "$2" /mnt/work
mount -o remount,bind,ro /mnt/work && mount -t proc proc /mnt/proc && mount --bind /dev /mnt/dev
shift 2 && exec chroot "$@"
"""


@pytest.fixture(scope="module")
def buildah(tmp_path_factory):
    """Buildah with a storage of its own."""
    folder = tmp_path_factory.mktemp("storage")
    driver = os.environ.get("STORAGE_DRIVER", "overlay")
    words = ["buildah", "--storage-driver", driver]
    words += ["--root", folder / "root", "--runroot", folder / "run"]

    def call(*more, cwd=None):
        command = [str(word) for word in (*words, *more)]
        done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        return done.stdout.strip()

    yield call
    call("rm", "--all")
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def base(tmp_path_factory, buildah):
    """A small Debian with Python, in the place of the image that BASE names."""
    folder = tmp_path_factory.mktemp("debian")
    packages = "--include=python3,python3-venv,ca-certificates"
    command = ["debootstrap", "--variant=minbase", packages, "bookworm", folder / "root"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no mirror of Debian: {done.stdout[-200:]}")
    (folder / "Dockerfile").write_text("FROM scratch\nCOPY root /\n")
    buildah("bud", "--isolation", "chroot", "--tag", "localhost/base", folder)
    return "localhost/base"


@pytest.fixture(scope="module")
def image(checkout, base, buildah):
    """Where the root file system of the image lies."""
    certificates = "/etc/ssl/certs:/etc/ssl/certs:ro"
    buildah(
        *("bud", "--isolation", "chroot", "--volume", certificates, "--tag", "localhost/preflight"),
        *("--build-arg", f"BASE={base}", "--file", "container/Dockerfile", "."),
        cwd=checkout,
    )
    container = buildah("from", "localhost/preflight").splitlines()[-1]
    return Path(buildah("mount", container))


def called(image, folder, *words):
    """As a user of whom nothing is known, on a root that is read-only, a folder of it at /work."""
    variables = (f"PATH={Path(PROGRAM).parent}:/usr/bin:/bin", "HOME=/tmp")
    command = ["unshare", "--mount", "sh", "-euc", ON_A_ROOT_THAT_NOBODY_WRITES, "sh"]
    command += [image, folder, f"--userspec={ANYBODY}:0", "/mnt", "env", "-i", *variables]
    words = [str(word) for word in (*command, PROGRAM, *words)]
    return subprocess.run(words, capture_output=True, text=True, check=False, timeout=120)


def test_it_judges_for_anybody_on_a_read_only_root(image):
    done = called(image, TOP / "examples", "--version")
    assert done.stdout == f"conda-preflight {conda_preflight.__version__}\n"
    bad = called(image, TOP / "examples", "audit", "--no-ledger", "/work/chatbot_finetune_dev")
    assert (bad.returncode, bad.stderr) == (1, "")
    assert bad.stdout.splitlines()[-1].startswith("NO-GO")
    good = called(image, TOP / "examples", "audit", "--no-ledger", "/work/chatbot_infer_prod")
    assert (good.returncode, good.stderr) == (0, "")


def test_it_answers_for_a_node(image):
    done = called(image, TOP / "examples", "fleet", "--here")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["sheet"]["os"] == "linux"


def test_git_is_there(image):
    assert (image / "usr" / "bin" / "git").exists()


def test_it_starts_as_nobody_without_a_shell(image, buildah):
    told = json.loads(buildah("inspect", "--type", "image", "localhost/preflight"))["OCIv1"]
    config = told["config"]
    assert (config["User"], config["Entrypoint"]) == ("65532:65532", [PROGRAM])
    assert config["Labels"]["org.opencontainers.image.base.name"] == "localhost/base"


def test_its_byte_code_is_valid_at_any_time(image):
    (folder,) = (image / "opt" / "preflight" / "lib").glob("python*/site-packages/conda_preflight")
    compiled = sorted(folder.glob("__pycache__/*.pyc"))
    assert len(compiled) == len(sorted(folder.glob("*.py")))
    assert {file.read_bytes()[4:8] for file in compiled} == {b"\x01\x00\x00\x00"}
