"""What pages show under a command is what the command says, run on what the page is about."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import shutil
import subprocess

import pytest
from docs.generate import TOP
from tests.attesting.signed import pair

from conda_preflight.cli import run

PAGES = [TOP / "README.md", TOP / "README.zh.md", *sorted((TOP / "docs").glob("*.md"))]
INFER = TOP / "examples" / "chatbot_infer_prod"
SESSION = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
VARYING = re.compile(
    r"\b(?:20\d\d-\d\d-\d\d(?: \d\d:\d\d UTC)?|[0-9a-f]{9}|[0-9a-f]{64})\b|(?<=of )\d+(?= checks)|"
    r"\b\d+(?= (?:checks?|not checked|passed|failed|of \d+ checks|crashed)\b)|"
    r"\b\d+(?= 项(?:检查|通过|未通过|未检查))|(?<=运行了 )\d+(?= 项)"
)
"""A time, the name of a commit, a digest; how many checks there are, which a new rule changes."""


def shown(page):
    """Each command of a page's sessions with the output that stands under it."""
    for block in SESSION.findall(page.read_text(encoding="utf-8")):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, output = re.fullmatch(r"((?:.*\\\n)*.*)\n((?:.*\n)*)", part).groups()
            if output.strip():
                yield " ".join(command.replace("\\\n", " ").split()), output


def alike(page, said):
    """Whether an output is the shown one; ``...`` is any part, and spaces do not count."""
    words = ["..." if word == "..." else re.escape(word) for word in _same(page).split()]
    pattern = r"\s+".join(words).replace(r"...\s+", r"(?:.*\s)??").replace(r"\s+...", r"(?:\s.*)??")
    return re.fullmatch(pattern, _same(said).strip(), re.DOTALL) is not None


def _same(text):
    return VARYING.sub("X", text)


def said(command):
    """What a command of ours writes, on both streams, in this process."""
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    words = shlex.split(command)
    assert words[0] == "conda-preflight"
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        run(words[1:])
    return out.buffer.getvalue().decode()


def repository(folder):
    """The folder as the only commit of a repository whose branch is main."""
    commit(folder, "As it was", ("init", "-q", "-b", "main"))
    return folder


def commit(folder, subject, *before):
    who = ("-c", "user.name=Jane Doe", "-c", "user.email=jane@example.org")
    for words in (*before, ("add", "-A"), ("commit", "-q", "-m", subject)):
        subprocess.run(["git", "-C", folder, *who, *words], check=True, capture_output=True)


def changed(file, *pairs):
    text = file.read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8")


DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: chat}
spec:
  template:
    spec:
      containers:
        - name: chat
          image: registry.example.org/nlp/chat:latest
          command: [python, serve.py]
          resources:
            requests: {nvidia.com/gpu: 1}
"""


def checkout(folder):
    (folder / "examples").symlink_to(TOP / "examples")


def an_example(folder):
    shutil.copytree(INFER, folder, dirs_exist_ok=True)


def a_changed_manifest(folder):
    an_example(folder)
    changed(folder / "environment.yml", ("- numpy=2.2", "- numpy=1.26"))
    repository(folder)
    changed(
        folder / "environment.yml",
        ("- numpy=1.26", "- numpy=2.2"),
        ("- accelerate=1.3", "- accelerate"),
    )


def an_old_section(folder):
    an_example(folder)
    older = (("3.12.13", "3.12.12"), ("sentencepiece=0.2", "sentencepiece=0.1"))
    changed(folder / "README.md", *older)


def no_section(folder):
    an_example(folder)
    (folder / "README.md").write_text("# A chat\n", encoding="utf-8")


def two_commits(folder):
    lock = folder / "conda-linux-64.lock"
    url = "https://conda.anaconda.org/conda-forge/linux-64/zlib-{}-h0_0.conda#{}"
    (folder / "environment.yml").write_text("name: x\ndependencies: [zlib]\n")
    lock.write_text("@EXPLICIT\n" + url.format("1.2.12", "a" * 32) + "\n")
    repository(folder)
    lock.write_text("@EXPLICIT\n" + url.format("1.3.1", "b" * 32) + "\n")
    commit(folder, "Newer zlib")


def a_signed_verdict(folder):
    an_example(folder)
    repository(folder)
    private, public = pair("page")
    (folder / "key.pem").write_bytes(private)
    (folder / "key.pem").chmod(0o600)
    (folder / "key.pub").write_bytes(public)
    said("conda-preflight attest --key key.pem")


def a_deployment(folder):
    (folder / "deploy").mkdir()
    (folder / "deploy" / "chat.yaml").write_text(DEPLOYMENT, encoding="utf-8")


def nothing(folder):
    pass


SCENES = {
    ("README.md", "conda-preflight audit examples/chatbot_finetune_dev"): checkout,
    ("README.zh.md", "conda-preflight audit --lang zh examples/chatbot_finetune_dev"): checkout,
    ("index.md", "conda-preflight audit examples/chatbot_finetune_dev"): checkout,
    ("why.md", "conda-preflight why cuda-nvrtc examples/chatbot_infer_prod"): checkout,
    ("since.md", "conda-preflight audit --since main"): a_changed_manifest,
    (
        "attest.md",
        "conda-preflight verify conda-lock.yml.dsse.json --key key.pub --lock conda-lock.yml",
    ): a_signed_verdict,
    ("docs-command.md", "conda-preflight docs"): no_section,
    ("docs-command.md", "conda-preflight docs --check"): an_old_section,
    ("history.md", "conda-preflight history --git"): two_commits,
    (
        "images.md",
        "conda-preflight audit . --select image,joint/unmade-environment -q",
    ): a_deployment,
    (
        "init.md",
        "conda-preflight init chatbot --stage infer --purpose prod --task nlp --hardware a100",
    ): nothing,
}
"""What is made in an empty folder before the command is run there."""
ELSEWHERE = {
    "advisory-database.md": "public advisories of one day",
    "clean.md": "the caches of one home",
    "diff.md": "locks of real packages with their sizes",
    "history.md": "users and times of one ledger",
    "images.md": "a system, a registry and real wheels",
    "lock.md": "channels with records of one day",
    "rebuild.md": "real packages, and how long they took",
    "serve.md": "a server, which runs on",
}
"""Pages whose other outputs come from what a test cannot have at hand; they were taken by hand."""
BLOCKS = [
    pytest.param(page.name, command, output, id=f"{page.name}-{command.partition(' ')[2]}")
    for page in PAGES
    for command, output in shown(page)
    if (page.name, command) in SCENES
]


def test_every_output_has_its_scene_or_a_reason_why_it_has_none():
    found = {(page.name, command) for page in PAGES for command, _ in shown(page)}
    assert SCENES.keys() <= found
    assert {name for name, command in found - SCENES.keys()} == ELSEWHERE.keys()


@pytest.mark.parametrize(("page", "command", "output"), BLOCKS)
def test_the_page_shows_what_is_said(page, command, output, tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.chdir(tmp_path)
    SCENES[page, command](tmp_path)
    real = said(command)
    assert alike(output, real), real


def test_alike_is_not_too_kind():
    assert alike("a\n  b c\n...\nz", "a b\nc\nd e\nz\n")
    assert alike("a\n...\nz", "a\nz")
    assert alike("at 2026-11-24  064cfda42", "at 2025-01-02 1b2c3d4e5")
    assert alike("85 of 291 checks ran", "86 of 294 checks ran")
    for wrong in ("a b\nc\nd e", "a b d\nz", "x a b\nc\nz"):
        assert not alike("a\n  b c\n...\nz", wrong)
