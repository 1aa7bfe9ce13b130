"""``attest`` and ``verify`` as a person runs them."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from lock_builder import conda_lock, package
from tests.attesting.signed import OTHER, pair, private_pem, public_pem
from tests.imaging.images import layer, layout, member

from conda_preflight import cli

MANIFEST = """\
name: chatbot_infer_prod
channels: [conda-forge]
dependencies:
  - python=3.11.9
  - numpy=2.1.0
"""
PYTHON = package("python", "3.11.9", build="h1_0", sha256="a" * 64)
NUMPY = package("numpy", "2.1.0", "python", build="py311_0", sha256="b" * 64)


def run(*words, cwd, code=0, **environment):
    """The command in this process, which spares a second start of the interpreter."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        with contextlib.chdir(cwd), redirect_stdout(out), redirect_stderr(err):
            found = cli.run([str(word) for word in words])
    done = Done(out.getvalue(), err.getvalue())
    assert found == code, done
    return done


class Done(NamedTuple):
    stdout: str
    stderr: str


@pytest.fixture
def project(tmp_path):
    (tmp_path / "environment.yml").write_text(MANIFEST)
    (tmp_path / "conda-lock.yml").write_text(conda_lock(PYTHON, NUMPY))
    (tmp_path / "preflight.toml").write_text('select = ["input", "manifest", "lock"]\n')
    for name, data in zip(("key.pem", "key.pub"), pair("ours"), strict=True):
        (tmp_path / name).write_bytes(data)
    (tmp_path / "key.pem").chmod(0o600)
    return tmp_path


VERIFY = ("verify", "conda-lock.yml.dsse.json", "--key", "key.pub")
FOR = (*VERIFY, "--lock", "conda-lock.yml")


def test_no_place_on_this_machine_is_signed(project, tmp_path_factory):
    sheet = {"schema": "conda-preflight/host/1", "os": "linux", "arch": "x86_64", "glibc": "2.31"}
    (project / "sheets").mkdir()
    (project / "sheets" / "gpu-node.json").write_text(json.dumps(sheet))
    settings = 'select = ["lock", "target"]\ntargets = ["sheets/gpu-node.json"]\n'
    (project / "preflight.toml").write_text(settings)
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    for path in (project, project / "conda-lock.yml"):
        file = elsewhere / f"{path.name}.json"
        words = ("attest", str(path), "--key", str(project / "key.pem"), "--output", str(file))
        run(*words, cwd=elsewhere)
        payload = base64.b64decode(json.loads(file.read_text())["payload"])
        assert str(project).encode() not in payload
        for name in ("sheets/gpu-node.json", "gpu-node", str(project / "sheets/gpu-node.json")):
            asked = ("--target", name, "--key", str(project / "key.pub"))
            run("verify", str(file), "--digest", digest_of(project), *asked, cwd=elsewhere)


def digest_of(project):
    data = (project / "conda-lock.yml").read_bytes()
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def test_what_is_signed_is_in_the_ledger(project):
    ledger = {"CONDA_PREFLIGHT_LEDGER": str(project / "ledger.db")}
    run("attest", "--key", "key.pem", cwd=project, **ledger)
    run("audit", "--report", "json=report.json", cwd=project, **ledger)
    run("attest", "--key", "key.pem", "--report", "report.json", cwd=project, **ledger)
    run("attest", "--key", "key.pem", "--no-ledger", cwd=project, **ledger)
    words = ("history", "--format", "json", "--ledger", ledger["CONDA_PREFLIGHT_LEDGER"])
    rows = json.loads(run(*words, cwd=project).stdout)["records"]
    told = [(row["command"], row["verdict"], row["moved"], row["went"]) for row in rows]
    assert told == [("attest", "GO", 0, 0), ("audit", "GO", 0, 0), ("attest", "GO", 2, 0)]


def test_signed_and_accepted(project):
    done = run("attest", "--key", "key.pem", cwd=project)
    assert done.stderr == "conda-preflight: GO, signed: conda-lock.yml.dsse.json\n"
    said = run(*FOR, "--require", "lock", cwd=project).stdout.splitlines()
    assert said[0] == "ACCEPTED."
    found = json.loads(run(*FOR, "--format", "json", cwd=project).stdout)
    assert (found["accepted"], found["reason"]) == (True, None)
    assert found["statement"]["subjects"][0]["name"] == "conda-lock.yml"


def test_as_programs_of_their_own(project):
    for words in [("attest", "--key", "key.pem"), FOR]:
        command = [sys.executable, "-m", "conda_preflight", *words]
        done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert "Traceback" not in done.stderr


def test_a_changed_lock_is_refused(project):
    run("attest", "--key", "key.pem", cwd=project)
    with (project / "conda-lock.yml").open("a") as lock:
        lock.write("\n")
    assert "REFUSED: It is not about this lock" in run(*FOR, cwd=project, code=1).stdout


def test_a_no_go_is_signed_and_refused(project):
    (project / "environment.yml").write_text(MANIFEST + "  - scipy\n")
    assert "NO-GO, signed" in run("attest", "--key", "key.pem", cwd=project, code=1).stderr
    assert "The verdict is NO-GO" in run(*FOR, cwd=project, code=1).stdout


def test_an_unknown_is_signed_and_refused(project):
    words = ("--key", "key.pem", "--require", "solve")
    assert "UNKNOWN, signed" in run("attest", *words, cwd=project, code=2).stderr
    assert "The verdict is UNKNOWN" in run(*FOR, cwd=project, code=1).stdout


def test_a_report_that_was_made_before(project):
    run("audit", "--report", "json=report.json", cwd=project)
    os.utime(project / "report.json", (1_700_000_000, 1_700_000_000))
    words = ("attest", "--key", "key.pem", "--report", "report.json")
    run(*words, "--output", "out.intoto.jsonl", cwd=project)
    verify = ("verify", "out.intoto.jsonl", "--key", "key.pub", "--lock", "conda-lock.yml")
    assert "at most 30 days" in run(*verify, cwd=project, code=1).stdout
    run(*verify, "--max-age", "99999", cwd=project)
    refused = run(*words, "--target", "a100", cwd=project, code=2)
    assert "--target is for an audit" in refused.stderr
    (project / "conda-lock.yml").write_text(conda_lock(PYTHON))
    assert "another conda-lock.yml" in run(*words, cwd=project, code=2).stderr


def test_from_another_folder(project, tmp_path_factory):
    here = tmp_path_factory.mktemp("elsewhere")
    run("attest", project, "--key", project / "key.pem", cwd=here)
    words = ("--key", project / "key.pub", "--lock", project / "conda-lock.yml")
    run("verify", "conda-lock.yml.dsse.json", *words, cwd=here)


def test_one_lock_of_several(project):
    (project / "conda-linux-64.lock").write_text("@EXPLICIT\n")
    run("audit", "--report", "json=report.json", cwd=project, code=1)
    words = ("attest", "--key", "key.pem", "--report", "report.json")
    assert "signed: locks.dsse.json" in run(*words, cwd=project, code=1).stderr
    (project / "locks.dsse.json").rename(project / "conda-lock.yml.dsse.json")
    found = json.loads(run(*FOR, "--format", "json", cwd=project, code=1).stdout)
    assert len(found["statement"]["subjects"]) == 2
    run(*words, "--lock", "conda-lock.yml", cwd=project, code=1)
    found = json.loads(run(*FOR, "--format", "json", cwd=project, code=1).stdout)
    assert [s["name"] for s in found["statement"]["subjects"]] == ["conda-lock.yml"]


def test_an_image_of_this_lock(project):
    image = layout(project / "image", [layer(member("a", b"a"))])
    done = run("attest", "--key", "key.pem", "--image", "image", cwd=project)
    assert "does not say which lock it was made from" in done.stderr
    index = json.loads((image / "index.json").read_text())
    digest = index["manifests"][0]["digest"]
    run(*FOR, "--image", "image", "--digest", digest, cwd=project)
    run(*VERIFY, "--image", f"registry.example.org/a@{digest}", cwd=project)
    other = layout(project / "other", [layer(member("b", b"b"))])
    assert "not about this image" in run(*FOR, "--image", other, cwd=project, code=1).stdout


def test_an_image_of_another_lock_is_not_signed(project):
    labels = {"io.conda-preflight.lock": f"sha256:{OTHER}"}
    labels |= {"io.conda-preflight.platform": "linux-64"}
    layout(project / "image", [layer(member("a", b"a"))], config={"Labels": labels})
    done = run("attest", "--key", "key.pem", "--image", "image", cwd=project, code=2)
    assert "image was made from another lock than conda-lock.yml" in done.stderr
    assert not (project / "conda-lock.yml.dsse.json").exists()


def test_an_encrypted_key(project):
    key = ed25519.Ed25519PrivateKey.generate()
    (project / "key.pem").write_bytes(private_pem(key, b"open sesame"))
    (project / "key.pub").write_bytes(public_pem(key))
    words = ("attest", "--key", "key.pem")
    name = "CONDA_PREFLIGHT_KEY_PASSPHRASE"
    assert f"Set {name}" in run(*words, cwd=project, code=2).stderr
    wrong = run(*words, cwd=project, code=2, **{name: "hunter2"})
    assert "The passphrase is wrong" in wrong.stderr
    assert "hunter2" not in wrong.stderr
    run(*words, cwd=project, **{name: "open sesame"})
    run(*FOR, cwd=project)


def test_a_key_that_others_can_read_is_told(project):
    (project / "key.pem").chmod(0o644)
    done = run("attest", "--key", "key.pem", cwd=project)
    assert "Others on this machine can read key.pem: chmod 600 key.pem" in done.stderr


def test_openssl_alone_as_the_page_says(project):
    run("attest", "--key", "key.pem", cwd=project)
    page = (Path(__file__).parents[2] / "docs" / "attest.md").read_text()
    recipe = page.partition("openssl alone")[2].partition("```bash\n")[2].partition("```")[0]
    done = subprocess.run(["bash", "-ec", recipe], cwd=project, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert b"Signature Verified Successfully" in done.stdout
    assert b'"_type": "https://in-toto.io/Statement/v1"' in done.stdout
    signed = (project / "signed").read_bytes()
    (project / "signed").write_bytes(signed[:-1] + b"!")
    last = recipe.splitlines()[1]
    done = subprocess.run(["bash", "-ec", last], cwd=project, capture_output=True, check=False)
    assert done.returncode != 0


POLICY = 'keys = ["../key.pub"]\nmax-age = "2d"\nrequire = "lock"\n'


def test_a_policy_from_a_file(project):
    run("attest", "--key", "key.pem", cwd=project)
    (project / "policy").mkdir()
    file = project / "policy" / "deploy.toml"
    words = ("verify", "conda-lock.yml.dsse.json", "--lock", "conda-lock.yml", "--policy", file)
    file.write_text(POLICY)
    run(*words, cwd=project)
    assert "family vuln" in run(*words, "--require", "vuln", cwd=project, code=1).stdout
    for text, sentence in [
        ("key = 1\n", "Did you mean 'keys'?"),
        ("threshold = 0\n", "above 0"),
        ('max-age = "1w"\n', "not '1w'"),
        ("keys = [\n", "not TOML"),
        (POLICY + "threshold = 2\n", "2 keys must sign, and 1 are trusted"),
    ]:
        file.write_text(text)
        assert sentence in run(*words, cwd=project, code=2).stderr


def test_settings_beside_the_lock_trust_nobody(project):
    (project / "preflight.toml").write_text(POLICY)
    done = run("verify", "x", "--lock", "conda-lock.yml", cwd=project, code=2)
    assert "There is no file x" in done.stderr
    (project / "x").write_text("{}")
    done = run("verify", "x", "--lock", "conda-lock.yml", cwd=project, code=2)
    assert "No key is trusted" in done.stderr


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("attest",), "Name a key"),
        (("attest", "--key", "key.pem", "--keyless"), "Name a key"),
        (("attest", "--key", "nothing"), "nothing: The file cannot be opened"),
        (("attest", "--key", "key.pub"), "no private key"),
        (("attest", "environment.yml", "--key", "key.pem"), "read no lock"),
        (("attest", "--key", "key.pem", "--report", "environment.yml"), "is no report"),
        (("attest", "--key", "key.pem", "--image", "name:latest"), "NAME@sha256:DIGEST"),
        (("attest", "--key", "key.pem", "--image", "environment.yml"), "is no image"),
        (FOR, "There is no file"),
        (("verify", "key.pub", "--key", "key.pub"), "one lock or one image"),
        (("verify", "key.pub", "--digest", "sha256:1"), "64 hexadecimal digits"),
        (("verify", "key.pub", "--digest", OTHER, "--key", "key.pem"), "is a private key"),
        (("verify", "key.pub", "--digest", OTHER, "--identity", "me"), "--issuer together"),
    ],
)
def test_wrong_use_is_told(project, words, sentence):
    done = run(*words, cwd=project, code=2)
    assert sentence in done.stderr
    assert not list(Path(project).glob("*.dsse.json"))


def test_what_is_no_envelope_is_refused(project):
    done = run("verify", "key.pub", "--key", "key.pub", "--digest", OTHER, cwd=project, code=1)
    assert done.stdout == "REFUSED: The envelope is not JSON.\n"
