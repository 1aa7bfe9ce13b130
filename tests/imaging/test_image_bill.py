"""``sbom`` of images."""

from __future__ import annotations

import json

from tests.imaging.images import environment, folder, layer, layout, link, member
from tests.imaging.images import preflight as ran

FILES = {"lib/greet.txt": b"hello\n"}
SYSTEM = [
    member("usr/lib/os-release", b"ID=debian\n"),
    folder("usr/lib"),
    link("lib", "usr/lib"),
]


def test_every_environment_of_an_image_is_in_its_bill(tmp_path):
    members = [*SYSTEM, *environment("opt/env", FILES), *environment("opt/other", FILES)]
    place = layout(tmp_path / "image", [layer(*members)])
    done = ran("sbom", place)
    assert done.returncode == 0, done.stderr
    bill = json.loads(done.stdout)
    assert bill["components"]
    assert all(part["purl"].startswith("pkg:conda/") for part in bill["components"])
    assert ran("sbom", place).stdout == done.stdout


def test_an_image_without_an_environment_has_no_bill(tmp_path):
    place = layout(tmp_path / "image", [layer(*SYSTEM)])
    done = ran("sbom", place)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
