"""What is written is read as the same lock, and does not depend on the order of packages."""

from __future__ import annotations

from dataclasses import replace

import jsonschema
import pytest
import yaml
from hypothesis import assume, given, settings
from lock_values import HOST, NOWHERE, as_source, facts, locks, virtual

from conda_preflight.documents import Channel, Lock, Package, Requirements
from conda_preflight.errors import WriteError
from conda_preflight.grammar.reach import dependency_name
from conda_preflight.lockfiles import FORMATS, write
from conda_preflight.lockfiles import conda_lock as conda_lock_writer
from conda_preflight.lockfiles import explicit_list as explicit_writer
from conda_preflight.lockfiles import pixi_lock as pixi_writer
from conda_preflight.lockfiles import requirements_txt as requirements_writer
from conda_preflight.readers import conda_lock, explicit_list, pixi_lock, requirements_txt

TEXT = {"type": "string", "minLength": 1}
TEXTS = {"type": "array", "items": TEXT}


def exactly(required: dict[str, object], **optional: object) -> dict[str, object]:
    """A mapping with these keys and no others."""
    properties = {**required, **optional}
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def map_of(value: object) -> dict[str, object]:
    return {"type": "object", "additionalProperties": value}


METADATA = exactly(
    {
        "content_hash": map_of({"type": "string", "pattern": "^[0-9a-f]{64}$"}),
        "channels": {"type": "array", "items": exactly({"url": TEXT, "used_env_vars": TEXTS})},
        "platforms": {**TEXTS, "minItems": 1},
        "sources": {**TEXTS, "minItems": 1},
    },
    custom_metadata=map_of(TEXT),
)
PACKAGE = exactly(
    {
        "name": TEXT,
        "version": TEXT,
        "manager": {"enum": ["conda", "pip"]},
        "platform": TEXT,
        "url": TEXT,
        "hash": {**exactly({}, md5=TEXT, sha256=TEXT), "minProperties": 1},
        "optional": {"type": "boolean"},
    },
    dependencies=map_of({"type": "string"}),
    source=exactly({"type": {"const": "url"}, "url": TEXT}),
    build=TEXT,
    category=TEXT,
)
CEP_37 = jsonschema.Draft202012Validator(
    exactly(
        {"metadata": METADATA, "package": {"type": "array", "items": PACKAGE}}, version={"const": 1}
    )
)
"""The format as CEP 37 words it; mamba wants a digest, a platform and a source besides."""

few = settings(deadline=None, max_examples=settings.default.max_examples * 2 // 5)
"""A whole lock takes a tenth of a second to be made at random."""
ALWAYS = ("url", "sha256")
IN_CONDA_LOCK = (*ALWAYS, "md5", "build", "subdir", "category")
IN_PIXI = (*ALWAYS, "md5", "build", "subdir", "size", "depends", "constrains", "licence")


def only_lock(documents: list[object]) -> Lock:
    (lock,) = documents
    assert isinstance(lock, Lock)
    return lock


def dependency_names(lock: Lock) -> list[tuple[object, ...]]:
    return sorted(
        (p.name, p.platform, tuple(sorted(map(dependency_name, p.depends)))) for p in lock.packages
    )


@few
@given(locks())
def test_conda_lock(lock):
    read = only_lock(conda_lock.read(as_source(conda_lock_writer.write(lock), "conda-lock.yml")))
    assert facts(read, *IN_CONDA_LOCK) == facts(lock, *IN_CONDA_LOCK)
    assert dependency_names(read) == dependency_names(lock)
    assert read.content_hash == lock.content_hash
    assert virtual(read) == virtual(lock)
    assert [s.text for s in read.sources] == [s.text for s in lock.sources]
    assert [c.text for c in read.channels] == [c.text for c in lock.channels]
    assert set(read.platforms) == set(lock.platforms)


@few
@given(locks())
def test_conda_lock_has_the_keys_of_cep_37_and_no_others(lock):
    CEP_37.validate(yaml.safe_load(conda_lock_writer.write(lock)))


@few
@given(locks())
def test_pixi_lock(lock):
    assume(len({p.url for p in lock.packages}) == len({(p.url, p.depends) for p in lock.packages}))
    read = only_lock(pixi_lock.read(as_source(pixi_writer.write([lock]), "pixi.lock")))
    assert facts(read, *IN_PIXI) == facts(lock, *IN_PIXI)
    assert facts(read, "timestamp", "requires_python") == facts(
        lock, "timestamp", "requires_python"
    )
    assert virtual(read) == virtual(lock)
    assert (read.indexes, read.environment) == (lock.indexes, "default")
    assert set(read.platforms) == set(lock.platforms)


@few
@given(locks())
def test_explicit_list(lock):
    conda = replace(lock, packages=tuple(p for p in lock.packages if p.manager == "conda"))
    texts = explicit_writer.write(lock)
    read = [only_lock(explicit_list.read(as_source(t, name))) for name, t in texts.items()]
    together = replace(lock, packages=tuple(p for one in read for p in one.packages))
    assert facts(together, *ALWAYS, "build", "subdir") == facts(conda, *ALWAYS, "build", "subdir")
    assert {p: h for one in read for p, h in one.content_hash.items()} == lock.content_hash
    assert set().union(*map(virtual, read)) == virtual(lock)


@few
@given(locks(most=1))
def test_requirements(lock):
    wanted = sorted(
        (p.name, f"=={p.version}", (f"sha256:{p.sha256}",))
        for p in lock.packages
        if p.manager == "pypi"
    )
    texts = requirements_writer.write(lock)
    assert bool(texts) == bool(wanted)
    for name, text in texts.items():
        source = as_source(text, name)
        assert requirements_txt.recognizes(source)
        (read,) = requirements_txt.read(source)
        assert isinstance(read, Requirements)
        found = [req for req in read.pip if req.kind == "name"]
        assert [(r.name, r.specifier, r.hashes) for r in found] == wanted
        options = [(req.option, req.value) for req in read.pip if req.kind == "option"]
        assert options == [("--index-url", url) for url in lock.indexes]
        assert read.hashed


@few
@given(locks())
@pytest.mark.parametrize("name", FORMATS)
def test_the_text_does_not_depend_on_the_order_of_packages(name, lock):
    packages = tuple(replace(p, depends=(*p.depends, "x")) for p in lock.packages)
    lock = replace(lock, packages=packages)  # a list without dependencies keeps its order
    turned = replace(
        lock, packages=lock.packages[::-1], virtual_packages=lock.virtual_packages[::-1]
    )
    assert write([turned], name) == write([lock], name)


def conda(name: str, *depends: str, **more: object) -> Package:
    url = f"{HOST}/linux-64/{name}-1-0.conda"
    made = Package("conda", name, "1", NOWHERE, "0", platform="linux-64", url=url, depends=depends)
    usual = {"subdir": "linux-64", "channel": "conda-forge", "sha256": "a" * 64}
    return replace(made, **(usual | more))


def pypi(name: str, url: str, *depends: str, **more: object) -> Package:
    made = Package("pypi", name, "1", NOWHERE, platform="linux-64", url=url, depends=depends)
    return replace(made, **more)


def a_lock(*packages: Package, **more: object) -> Lock:
    lock = Lock("a.lock", "pixi.lock", "6", NOWHERE, ("linux-64",), packages)
    return replace(lock, **more)


def test_explicit_lists_name_what_is_needed_first():
    packages = [
        conda("a", "pip >=2", "z"),
        conda("pip", "python"),
        conda("python", "pip", "z"),
        conda("z"),
    ]
    (text,) = explicit_writer.write(a_lock(*packages)).values()
    lines = text.partition("@EXPLICIT\n")[2].splitlines()
    assert [line.rpartition("/")[2].partition("-")[0] for line in lines] == [
        "z",
        "python",
        "pip",
        "a",
    ]


def test_python_comes_before_what_needs_it_though_it_names_pip():
    packages = [conda("a", "python"), conda("pip", "python"), conda("python", "pip")]
    (text,) = explicit_writer.write(a_lock(*packages)).values()
    lines = text.partition("@EXPLICIT\n")[2].splitlines()
    assert [line.rpartition("/")[2].partition("-")[0] for line in lines] == ["python", "a", "pip"]


def test_digests_of_explicit_lists_are_sha256_where_there_is_one():
    both, old, none = conda("a", md5="b" * 32), conda("b", md5="b" * 32), conda("c")
    lock = a_lock(both, replace(old, sha256=""), replace(none, sha256=""))
    (text,) = explicit_writer.write(lock).values()
    tails = [line.partition("#")[2] for line in text.splitlines() if line.startswith("http")]
    assert tails == [f"sha256:{'a' * 64}", "b" * 32, ""]


def test_files_are_named_for_one_platform_and_for_several():
    one = a_lock(conda("a"), pypi("b", ""))
    assert list(write([one], "explicit")) == ["pinned_specs.txt", "pinned_requirements.txt"]
    two = replace(one, platforms=("win-64", "linux-64"))
    names = ["conda-linux-64.lock", "conda-win-64.lock", "requirements-linux-64.txt"]
    assert list(write([two], "explicit")) == names


@pytest.mark.parametrize(
    ("package", "line"),
    [
        (pypi("a", "https://x.example.org/a-1.tar.gz"), "a==1"),
        (
            pypi("a", "https://x.example.org/a-1.tar.gz", direct=True),
            "a @ https://x.example.org/a-1.tar.gz",
        ),
        (pypi("a", "https://x.example.org/v1.zip"), "a @ https://x.example.org/v1.zip"),
        (pypi("a", "git+https://x.example.org/a@c0ffee"), "a @ git+https://x.example.org/a@c0ffee"),
        (pypi("a", "lib/a", editable=True), "-e ./lib/a"),
        (pypi("a", "."), "."),
        (pypi("a", "", sha256="c" * 64), f"a==1 \\\n    --hash=sha256:{'c' * 64}"),
        (
            pypi("a", "", sha256="c" * 64, hashes=(f"sha256:{'b' * 64}", f"sha256:{'c' * 64}")),
            f"a==1 \\\n    --hash=sha256:{'b' * 64} \\\n    --hash=sha256:{'c' * 64}",
        ),
    ],
)
def test_requirement_lines(package, line):
    (text,) = requirements_writer.write(a_lock(package)).values()
    assert text.endswith(f"# platform: linux-64\n{line}\n")


@pytest.mark.parametrize(
    ("name", "lock", "words"),
    [
        ("explicit", a_lock(conda("a", url=f"{HOST}/a-1-0.conda#x")), "characters"),
        ("explicit", a_lock(conda("a", url=f"{HOST}/a\n-1-0.conda")), "characters"),
        ("explicit", a_lock(conda("a", url="./a")), "built from source"),
        ("explicit", a_lock(pypi("a b", "")), "no name"),
        ("explicit", a_lock(pypi("a", "", version="1\n-r x")), "no version"),
        ("explicit", a_lock(pypi("a", "", hashes=("md5:x",))), "sha256:digest"),
        ("explicit", a_lock(pypi("a", "git+https://a b")), "requirements file"),
        ("conda-lock", a_lock(conda("a", url="./a")), "only a path"),
        ("conda-lock", a_lock(replace(conda("a"), sha256="")), "digest"),
        ("conda-lock", a_lock(conda("a", version="")), "a version"),
        ("conda-lock", a_lock(platforms=("",)), "which platform"),
        (
            "conda-lock",
            a_lock(platforms=("p", "linux-64"), subdirs={"p": "linux-64"}),
            "same subdir",
        ),
        ("pixi", a_lock(conda("a", url="./a", subdir="")), "before it is built"),
        ("pixi", a_lock(pypi("a", "")), "URL is not known"),
    ],
)
def test_what_a_format_cannot_say_is_refused(name, lock, words):
    with pytest.raises(WriteError, match=words):
        write([lock], name)


def test_only_pixi_holds_several_environments():
    first, second = a_lock(conda("a")), a_lock(conda("a"), conda("b"), environment="test")
    read = pixi_lock.read(as_source(write([second, first], "pixi")["pixi.lock"], "pixi.lock"))
    assert [(lock.environment, len(lock.packages)) for lock in read] == [
        ("default", 1),
        ("test", 2),
    ]
    with pytest.raises(WriteError, match="several environments"):
        write([first, second], "conda-lock")
    with pytest.raises(WriteError, match="same name"):
        write([first, first], "pixi")


def test_packages_built_from_one_folder_are_told_apart():
    here = [
        conda(name, url=".", version=version)
        for name, version in (("a", "1"), ("a", "2"), ("b", "2"))
    ]
    text = write([a_lock(*here)], "pixi")["pixi.lock"]
    read = only_lock(pixi_lock.read(as_source(text, "pixi.lock")))
    assert sorted((p.name, p.version) for p in read.packages) == [
        ("a", "1"),
        ("a", "2"),
        ("b", "2"),
    ]


def test_channel_names_become_urls_where_packages_tell_them():
    channels = (Channel("conda-forge", "conda-forge", NOWHERE), Channel("other", "other", NOWHERE))
    text = write([a_lock(conda("a"), channels=channels)], "pixi")["pixi.lock"]
    assert f"    - url: {HOST}/\n    - url: other\n" in text


def test_variables_of_channels_are_named():
    channel = Channel("https://$USER:${TOKEN}@x.example.org/c", "c", NOWHERE)
    text = write([a_lock(channels=(channel,))], "conda-lock")["conda-lock.yml"]
    assert "    used_env_vars:\n    - USER\n    - TOKEN\n" in text


def test_pip_dependencies_are_those_of_the_platform():
    depends = (
        'colorama ; sys_platform == "win32"',
        'numpy >=1.26 ; python_version >= "3"',
        "requests[socks] (>=2)",
        'extra ; extra == "dev"',
        "six *",
        "ty >=1,<2 || >2,<3",
        "odd one out",
        "u @ https://x.example.org/u.zip",
    )
    lock = a_lock(
        conda("python", version="3.11.4"),
        pypi("a", "https://x.example.org/a-1.zip", *depends, sha256="a" * 64),
    )
    text = write([lock], "conda-lock")["conda-lock.yml"]
    written = text.partition("  manager: pip\n")[2].partition("  url:")[0].splitlines()[2:]
    assert [line.strip() for line in written] == [
        "numpy: '>=1.26'", "odd: ''", "requests: '>=2'", "six: ''", "ty: '>=1,!=2,<3'", "u: ''",
    ]  # fmt: skip


def test_two_limits_on_one_package_are_both_kept():
    lock = a_lock(conda("a", "b >=1", "b <2", "c 1|2", "c <2", "d * x_*", "d 3", "e", "e *"))
    text = write([lock], "conda-lock")["conda-lock.yml"]
    written = text.partition("dependencies:\n")[2].partition("  url:")[0].splitlines()
    assert [line.strip() for line in written] == [
        "b: '>=1,<2'", "c: (1|2),<2", "d: 3 x_*", "e: '*'",
    ]  # fmt: skip


def test_requires_dist_is_always_pep_508():
    depends = ("b *", "c ^1.2", "d >=1 || <0.5", 'e[x]>=1 ; python_version < "3"')
    text = write([a_lock(pypi("a", "https://x.example.org/a-1.zip", *depends))], "pixi")[
        "pixi.lock"
    ]
    written = text.partition("requires_dist:\n")[2].splitlines()
    assert written == ["  - b", "  - c >=1.2,<2", "  - d", '  - e[x]>=1 ; python_version < "3"']


def test_a_lock_without_hashes_of_manifests_has_those_of_its_packages():
    one, other = a_lock(conda("a")), a_lock(conda("b"))
    texts = [write([lock], "conda-lock")["conda-lock.yml"] for lock in (one, one, other)]
    digests = [text.partition("content_hash:\n")[2].split()[1] for text in texts]
    assert digests[0] == digests[1] != digests[2]
    assert len(digests[0]) == 64


@pytest.mark.parametrize("name", FORMATS)
def test_an_update_of_one_package_changes_its_lines_alone(name):
    before = [conda(n, "z", size=1) for n in ("a", "m", "z")]
    url = f"{HOST}/linux-64/m-2-0.conda"
    after = [before[0], replace(before[1], version="2", url=url, sha256="d" * 64), before[2]]
    hashes = {"linux-64": "c" * 64}
    (old,), (new,) = (
        write([a_lock(*packages, content_hash=hashes)], name).values()
        for packages in (before, after)
    )
    gone = set(old.splitlines()) - set(new.splitlines())
    assert gone
    assert all("m-1-0" in line or "a" * 64 in line or "version: '1'" in line for line in gone)
    assert len(old.splitlines()) == len(new.splitlines())
