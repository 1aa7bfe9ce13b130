"""Files that are known by their names: kustomization.yaml and what it tags, .dockerignore."""

from __future__ import annotations

from conda_preflight.documents import Source
from conda_preflight.grammar.kustomization import replaced_images
from conda_preflight.readers import dockerignore, kustomization
from conda_preflight.testing import project_of

TEXT = """\
resources: [../base]
images:
  - {name: Chat, newTag: "1.4"}
  - name: registry.example.org/log
    digest: sha256:0123
  - {name: other, newName: registry.example.org/other}
  - {name: moving, newTag: latest}
  - word
"""


def source(text: str, path: str = "overlays/kustomization.yaml") -> Source:
    return Source(path, text, "", len(text), "utf-8", "\n", tuple(text.split("\n")))


def test_it_is_known_by_its_name():
    assert kustomization.recognizes(source(TEXT))
    assert not kustomization.recognizes(source(TEXT, "overlays/images.yaml"))
    (layout,) = kustomization.read(source(TEXT))
    assert layout.kind == "kustomization.yaml"


def test_images_that_get_a_tag_or_a_digest():
    assert replaced_images(project_of(source(TEXT))) == {"chat", "registry.example.org/log"}


def test_a_broken_one_replaces_nothing():
    for text in ("images: [", "images: {a: b}", "- images", "images:\n  - {{ .Values.image }}\n"):
        assert replaced_images(project_of(source(text))) == frozenset()


def test_a_dockerignore_is_known_by_its_name():
    assert dockerignore.recognizes(source("", "docker/Dockerfile.dockerignore"))
    assert not dockerignore.recognizes(source("", "ignore.txt"))
    (layout,) = dockerignore.read(source(".git\n", ".dockerignore"))
    assert layout.kind == ".dockerignore"
