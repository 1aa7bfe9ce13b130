"""Settings of a gate, verdicts and questions for tests."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from tests.attesting import signed

from conda_preflight.attesting import envelope, statement
from conda_preflight.report import TargetVerdict, Verdict

DIGEST = "ab" * 32
OTHER = "cd" * 32
IMAGE = f"registry.example.org/nlp/chat@sha256:{DIGEST}"


def verdict(digest=DIGEST, targets=("a100",), key="ours", audited=None, go=Verdict.GO) -> str:
    """A signed verdict about an image, in an envelope."""
    now = audited or datetime.now(UTC).replace(microsecond=0)
    rows = tuple(TargetVerdict(name, go, ()) for name in targets)
    said = signed.report(go, targets=rows)
    about = [statement.Subject("image", digest)]
    return envelope.write(
        signed.envelope(signed.payload(said, now, now, about), signed.private(key))
    )


def settings(folder, more="", policy=""):
    """A folder of settings as a ConfigMap is mounted: names are links into another folder."""
    real = folder / "..2026"
    (folder / "envelopes").mkdir(parents=True)
    real.mkdir()
    (real / "ours.pub").write_bytes(signed.pair("ours", "ed25519")[1])
    (real / "policy.toml").write_text(f'keys = ["ours.pub"]\n{policy}')
    head = 'policy = "policy.toml"\nenvelopes = "envelopes"\n'
    (real / "admission.toml").write_text(head + more)
    (folder / "..data").symlink_to("..2026")
    for name in ("ours.pub", "policy.toml", "admission.toml"):
        (folder / name).symlink_to(f"..data/{name}")
    return folder / "admission.toml"


def keep(file, text, digest=DIGEST, name=""):
    (file.parent / "envelopes" / f"{digest}{name}.dsse.json").write_text(text)


def pod(image=IMAGE, **more):
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "chat"},
        "spec": {"containers": [{"name": "chat", "image": image}], **more},
    }


def templated(kind, inner):
    """An object of a kind around the spec of a pod."""
    if kind == "Pod":
        return {"kind": kind, "spec": inner}
    template = {"spec": inner}
    if kind == "PodTemplate":
        return {"kind": kind, "template": template}
    spec = {"template": template}
    return {"kind": kind, "spec": {"jobTemplate": {"spec": spec}} if kind == "CronJob" else spec}


def review(thing, operation="CREATE", old=None, namespace="nlp", uid="1-2-3") -> bytes:
    request = {
        "uid": uid,
        "operation": operation,
        "namespace": namespace,
        "object": thing,
        "oldObject": old,
    }
    whole = {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": request}
    return json.dumps(whole).encode()
