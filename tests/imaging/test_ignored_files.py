"""``--app`` leaves out what ``.dockerignore`` says, and what no image should have."""

import pytest

from conda_preflight.actions.image_application import application
from conda_preflight.errors import UsageError


def service(folder, **files):
    for name, text in {"main.py": "", "notes/plan.md": "", ".env": "KEY=1", **files}.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return folder


def names(folder):
    return sorted(e.path for e in application(folder, "/app") if e.kind == "file")


def test_without_a_file_the_usual_is_left_out(tmp_path):
    service(tmp_path, **{".git/HEAD": "", "pkg/__pycache__/a.pyc": "", "pkg/.env": ""})
    assert names(tmp_path) == ["app/main.py", "app/notes/plan.md"]


def test_the_file_decides_beside_it(tmp_path):
    service(tmp_path, **{".dockerignore": "notes\n!.env\n", "data/w.bin": ""})
    assert names(tmp_path) == ["app/.env", "app/data/w.bin", "app/main.py"]


def test_a_file_that_is_no_text_is_refused(tmp_path):
    service(tmp_path)
    (tmp_path / ".dockerignore").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError, match="cannot be read"):
        names(tmp_path)
