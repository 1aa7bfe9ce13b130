"""What a manifest comes to as a question: specs, channels and the machine."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conda_preflight.documents import GPU, Host, Location, Manifest
from conda_preflight.facts.virtual_packages import DEFAULTS
from conda_preflight.opening import source_of
from conda_preflight.readers import environment_yml, pixi_toml
from conda_preflight.solving.site import Site, machine, of_host, question, unreadable
from conda_preflight.solving.tiers import ALIAS, tier_of, without_credentials

PLACE = Location("environment.yml")


def manifest(text, name="environment.yml"):
    reader = pixi_toml if name.endswith(".toml") else environment_yml
    return next(d for d in reader.read(source_of(text.encode(), name)) if isinstance(d, Manifest))


def lines(*specs, channels="[conda-forge]"):
    rows = "".join(f"  - {spec}\n" for spec in specs)
    return manifest(f"name: x\nchannels: {channels}\ndependencies:\n{rows}")


def asked(*specs, platform="linux-64", channels="[conda-forge]", **site):
    return question(lines(*specs, channels=channels), platform, Site(folder="/work", **site))


@pytest.mark.parametrize(
    ("text", "urls", "name"),
    [
        ("conda-forge", [f"{ALIAS}/conda-forge"], "conda-forge"),
        ("conda-forge/label/dev", [f"{ALIAS}/conda-forge/label/dev"], "conda-forge/label/dev"),
        ("conda-forge/linux-64", [f"{ALIAS}/conda-forge"], "conda-forge"),
        ("https://host.example.org/c/", ["https://host.example.org/c"], "c"),
        ("https://host.example.org/c/noarch", ["https://host.example.org/c"], "c"),
        ("pkgs/main", ["https://repo.anaconda.com/pkgs/main"], "pkgs/main"),
        (
            "defaults",
            ["https://repo.anaconda.com/pkgs/main", "https://repo.anaconda.com/pkgs/r"],
            "defaults",
        ),
        ("./c", ["file:///work/c"], "./c"),
        ("../c", ["file:///work/../c"], "../c"),
        ("/abs/c d", ["file:///abs/c%20d"], "/abs/c d"),
        ("file:///abs/c", ["file:///abs/c"], "abs/c"),
        ("oci://ghcr.example.org/c", ["oci://ghcr.example.org/c"], "c"),
        ("s3://bucket/c", ["s3://bucket/c"], "c"),
    ],
)
def test_a_channel_has_an_address(text, urls, name):
    tier = tier_of(text, "linux-64", folder="/work")
    assert (list(tier.urls), tier.name) == (urls, name)


def test_an_alias_moves_bare_names_and_what_anaconda_licenses():
    assert tier_of("c", "linux-64", "https://mirror.example.org/").urls == (
        "https://mirror.example.org/c",
    )
    assert tier_of("pkgs/main", "linux-64", "https://mirror.example.org").urls == (
        "https://mirror.example.org/pkgs/main",
    )
    assert tier_of("https://h.example.org/c", "linux-64", "https://mirror.example.org").urls == (
        "https://h.example.org/c",
    )


def test_windows_has_one_default_channel_more():
    assert tier_of("defaults", "win-64").urls[-1].endswith("/pkgs/msys2")


def test_channels_by_falling_priority_each_once():
    found = asked("a", "z::b", channels="[x, conda-forge, nodefaults, x]")
    assert [tier.name for tier in found.tiers] == ["x", "conda-forge", "z"]
    same = asked("a", channels="[conda-forge, https://conda.anaconda.org/conda-forge/linux-64]")
    assert len(same.tiers) == 1


def test_without_channels_there_are_the_defaults():
    assert [tier.name for tier in asked("a", channels="[]").tiers] == ["defaults"]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("numpy", "numpy"),
        ("numpy=1.2", "numpy=1.2"),
        ("numpy==1.2", "numpy==1.2"),
        ("numpy==1.2.*", "numpy=1.2.*"),
        ("numpy 1.2 py_0", "numpy 1.2 py_0"),
        ("numpy >=1,<2", "numpy >=1,<2"),
        ("'numpy=1.2=py_0  # why'", "numpy=1.2=py_0"),
        ("'numpy[version=\">=1\",build=py*]'", 'numpy[version=">=1",build=py*]'),
        ("c::numpy=1", f"{ALIAS}/c::numpy=1"),
        ("c/linux-64::numpy", f"{ALIAS}/c::numpy"),
        ("defaults::numpy", "defaults::numpy"),
        ("pkgs/main::numpy", "https://repo.anaconda.com/pkgs/main::numpy"),
        ("https://u:p@h.example.org/t/tok/c::numpy", "https://u:p@h.example.org/t/tok/c::numpy"),
        ("'numpy[channel=c]'", f"{ALIAS}/c::numpy"),
        ("'numpy[build=b, channel=\"c\"]'", f"{ALIAS}/c::numpy[build=b]"),
        ("'numpy[channel=c,build=b]'", f"{ALIAS}/c::numpy[build=b]"),
        (
            "https://h.example.org/c/linux-64/numpy-1-0.conda#abc",
            "https://h.example.org/c/linux-64/numpy-1-0.conda",
        ),
        ("/abs/numpy-1-0.tar.bz2", "file:///abs/numpy-1-0.tar.bz2"),
        ("./numpy-1-0.conda", "file:///work/numpy-1-0.conda"),
    ],
)
def test_a_spec_as_the_solver_reads_it(written, read):
    assert asked(written).specs == (read,)


def test_every_spec_is_one_that_the_library_reads():
    from rattler import MatchSpec

    for text in ("numpy==1.2.*", "'numpy[channel=c]'", "c::numpy 1.2 py_0", "numpy ~=1.2"):
        (spec,) = asked(text).specs
        assert MatchSpec(spec, strict=False).name.normalized == "numpy"


def test_a_selector_leaves_lines_of_other_platforms_out():
    found = ("a", "b  # [win]", "c  # [linux]", "d  # [not osx]", "sel(osx): e")
    assert asked(*found).specs == ("a", "c", "d")
    assert asked(*found, platform="osx-arm64").specs == ("a", "e")
    assert asked(*found, platform="win-64").specs == ("a", "b", "d")


def test_a_line_that_conda_cannot_read_is_told_where_it_counts():
    found = lines("a", "b==  # [win]")
    assert unreadable(found, "linux-64") is None
    spec, why = unreadable(found, "win-64")
    assert (spec.location.line, bool(why)) == (5, True)


PIXI = """
[workspace]
name = "x"
channels = ["conda-forge", "https://h.example.org/c"]
platforms = ["linux-64", "osx-arm64"]
[dependencies]
plain = "1.2"
any = "*"
spaced = ">= 1, <2"
built = {version = "1.*", build = "*cuda*"}
named = {version = "1.*", channel = "conda-forge"}
elsewhere = {version = "1.*", channel = "https://h.example.org/c"}
file = {url = "https://h.example.org/c/linux-64/file-1-0.conda"}
[target.linux.dependencies]
only-linux = "*"
[target.osx-arm64.dependencies]
only-mac = "*"
[system-requirements]
cuda = "12"
libc = {family = "glibc", version = "2.34"}
macos = "13.0"
"""


def test_a_pixi_workspace_is_asked_for_each_platform():
    found = manifest(PIXI, "pixi.toml")
    linux = question(found, "linux-64", Site())
    common = (
        "plain 1.2",
        "any",
        "spaced >=1,<2",
        "built 1.* *cuda*",
        f"{ALIAS}/conda-forge::named 1.*",
        "https://h.example.org/c::elsewhere 1.*",
        "https://h.example.org/c/linux-64/file-1-0.conda",
    )
    assert linux.specs == (*common, "only-linux")
    assert question(found, "osx-arm64", Site()).specs == (*common, "only-mac")
    assert [tier.urls[0] for tier in linux.tiers] == [
        f"{ALIAS}/conda-forge",
        "https://h.example.org/c",
    ]


def test_what_a_pixi_workspace_requires_of_the_machine():
    found = manifest(PIXI, "pixi.toml")
    linux = {v.name: v.version for v in machine(found, "linux-64", Site())}
    assert (linux["__cuda"], linux["__glibc"], "__osx" in linux) == ("12", "2.34", False)
    mac = {v.name: v.version for v in machine(found, "osx-arm64", Site())}
    assert (mac["__osx"], "__cuda" in mac, "__glibc" in mac) == ("13.0", False, False)


def test_the_highest_of_several_requirements_counts():
    text = PIXI + '[feature.new.system-requirements]\ncuda = "12.10"\n'
    text += '[feature.old.system-requirements]\ncuda = "12.9"\n'
    text += '[environments]\nall = ["new", "old"]\n'
    found = next(
        m for m in pixi_toml.read(source_of(text.encode(), "pixi.toml")) if m.environment == "all"
    )
    assert {v.name: v.version for v in machine(found, "linux-64", Site())}["__cuda"] == "12.10"


def test_a_source_of_pixi_cannot_be_asked_for():
    text = PIXI.replace("plain = ", 'made = {git = "https://h.example.org/x"}\nplain = ')
    spec, why = unreadable(manifest(text, "pixi.toml"), "linux-64")
    assert (spec.name, "only pixi" in why) == ("made", True)


SHEET = Host(
    "a100.json",
    Location("a100.json"),
    os="linux",
    arch="x86_64",
    glibc="2.31",
    kernel="5.15.0",
    cuda="12.4",
    gpus=(GPU("A100", "8.0"), GPU("H100", "9.0")),
    archspec="x86_64_v3",
)


def by_name(packages):
    return {v.name: (v.version, v.build) for v in packages}


def test_a_target_says_what_it_has():
    found = by_name(machine(lines("a"), "linux-64", Site(host=SHEET)))
    assert found == {
        "__archspec": ("1", "x86_64_v3"),
        "__cuda": ("12.4", "0"),
        "__cuda_arch": ("8.0", "0"),
        "__glibc": ("2.31", "0"),
        "__linux": ("5.15.0", "0"),
        "__unix": ("0", "0"),
    }


def test_a_target_counts_on_its_own_platform():
    site = Site(host=SHEET)
    for platform in ("osx-arm64", "win-64", "linux-aarch64"):
        assert machine(lines("a"), platform, site) == machine(lines("a"), platform, Site())


def test_a_target_without_gpus_has_no_cuda():
    found = by_name(machine(lines("a"), "linux-64", Site(host=replace(SHEET, gpus=()))))
    assert "__cuda" not in found
    assert "__cuda_arch" not in found


def test_what_a_sheet_leaves_out_is_the_default():
    bare = Host("h.json", Location("h.json"), os="linux")
    assert of_host(bare) == ()
    found = machine(lines("a"), "linux-64", Site(host=bare))
    assert found == machine(lines("a"), "linux-64", Site())


def test_a_stated_virtual_package_is_over_all():
    site = Site(host=SHEET, virtual_packages=(("__cuda", "11.8", "0"), ("__glibc", "2.17", "0")))
    found = by_name(machine(lines("a"), "linux-64", site))
    assert (found["__cuda"][0], found["__glibc"][0]) == ("11.8", "2.17")
    assert "__glibc" not in by_name(machine(lines("a"), "osx-64", site))


@pytest.mark.parametrize("platform", sorted(DEFAULTS))
def test_nothing_of_this_machine_is_taken(platform, monkeypatch):
    before = machine(lines("a"), platform, Site())
    for name, value in (("CUDA", "13.0"), ("GLIBC", "9.9"), ("OSX", "99"), ("ARCHSPEC", "zen5")):
        monkeypatch.setenv(f"CONDA_OVERRIDE_{name}", value)
    assert machine(lines("a"), platform, Site()) == before
    assert "__cuda" not in by_name(before)


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("https://u:p@h.example.org/c", "https://h.example.org/c"),
        ("https://h.example.org/t/TOKEN/c/linux-64/a-1-0.conda",) * 1
        + ("https://h.example.org/c/linux-64/a-1-0.conda",),
        ("https://u@h.example.org/t/T/c", "https://h.example.org/c"),
        ("https://h.example.org/c@2/x", "https://h.example.org/c@2/x"),
        ("file:///a/t/b/c", "file:///a/t/b/c"),
        ("conda-forge", "conda-forge"),
    ],
)
def test_credentials_belong_in_no_lock(url, plain):
    assert without_credentials(url) == plain
