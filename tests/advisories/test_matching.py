"""Which flaws a package has: sources by rank, one flaw once, and what only seems to apply."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from conda_preflight.advisories.matching import match
from conda_preflight.documents import Location, Package
from conda_preflight.documents.advisory import (
    Advisory,
    Affected,
    Identified,
    Identity,
    Vulnerability,
)


def package(name: str, version: str, *products: str, manager: str = "conda") -> Identified:
    """A package that is ``PyPI:torch`` or ``openssl``, of its own version."""
    found = []
    for product in products:
        ecosystem, mark, rest = product.partition(":")
        found.append(
            Identity(*((ecosystem, rest) if mark else ("Upstream", product)), version, "-")
        )
    own = Package(manager, name, version, Location(Path("lock"), 1, 1), build="h1_0")
    return Identified(own, tuple(found), wheel=manager == "pypi")


def record(identifier: str, product: str, *events: tuple[str, str], **more: object) -> Advisory:
    ecosystem, mark, name = product.partition(":")
    pair = (ecosystem, name) if mark else ("Upstream", product)
    scheme = "" if mark else "openssl" if product == "openssl" else "generic"
    affected = Affected(*pair, (events,), scheme=scheme)
    return Advisory(identifier, (affected,), **more)  # type: ignore[arg-type]


def below(version: str) -> tuple[tuple[str, str], tuple[str, str]]:
    return (("introduced", "0"), ("fixed", version))


def flaws(identified: Identified, *records: Advisory) -> tuple[Vulnerability, ...]:
    def lookup(ecosystem: str, name: str) -> list[Advisory]:
        pair = (ecosystem, name)
        return [r for r in records if any((a.ecosystem, a.name) == pair for a in r.affected)]

    return match([identified], lookup)


def only(identified: Identified, *records: Advisory) -> Vulnerability:
    (found,) = flaws(identified, *records)
    return found


TORCH = package("pytorch", "2.0.1", "PyPI:torch")
GHSA = record("GHSA-53q9-r3pm-6pq6", "PyPI:torch", *below("2.6.0"), aliases=("CVE-2025-32434",))


def test_a_flaw_has_its_names_evidence_and_mend() -> None:
    found = only(TORCH, replace(GHSA, source="github/advisory-database", score=9.3))
    assert found.ids == ("CVE-2025-32434", "GHSA-53q9-r3pm-6pq6")
    assert (found.state, found.evidence, found.fixed) == ("affected", "advisory", ("2.6.0",))
    assert (found.score, found.rating) == (9.3, "CRITICAL")
    assert found.matched == "torch < 2.6.0 (GHSA-53q9-r3pm-6pq6)"


def test_records_of_one_flaw_are_one_even_over_a_third() -> None:
    bit = record("BIT-a", "PyPI:torch", *below("2.6.0"))
    pysec = record("PYSEC-2025-1", "PyPI:torch", *below("2.6.0"), aliases=("BIT-a", "GHSA-x"))
    ghsa = record("GHSA-x", "PyPI:torch", *below("2.6.0"), aliases=("CVE-2025-1",))
    found = only(TORCH, bit, ghsa, pysec)
    assert found.ids == ("CVE-2025-1", "GHSA-x", "PYSEC-2025-1", "BIT-a")
    assert set(found.records) == {"BIT-a", "PYSEC-2025-1", "GHSA-x"}


def test_what_was_withdrawn_counts_for_nothing() -> None:
    assert not flaws(TORCH, replace(GHSA, withdrawn="2025-05-01T00:00:00Z"))


def test_one_flaw_of_two_products_of_a_package_is_told_once() -> None:
    both = package("py-opencv", "4.5.0", "PyPI:opencv-python", "opencv")
    python = record("GHSA-o", "PyPI:opencv-python", *below("4.8.0"), aliases=("CVE-2023-1",))
    native = record("CVE-2023-1", "opencv", *below("4.8.0"), precision="cpe")
    assert only(both, python, native).identity.ecosystem == "PyPI"


@pytest.mark.parametrize("state", ["affected", "contradicted"])
def test_who_knows_better_decides(state: str) -> None:
    fixed = "3.1.2" if state == "affected" else "3.1.1"
    own = record("CVE-2023-5", "openssl", *below(fixed), precision="upstream", source="openssl/x")
    cpe = record("ANCHORE-5", "openssl", *below("3.2"), precision="cpe", aliases=("CVE-2023-5",))
    found = only(package("openssl", "3.1.1", "openssl"), cpe, own)
    assert found.state == state
    assert state == "affected" or "CVE-2023-5" in found.reason


def test_a_repackager_alone_confirms_nothing() -> None:
    zlib = package("libzlib", "1.2.13", "zlib")
    jll = record("JLSEC-1", "zlib", *below("1.3"), precision="repackager-boundary")
    assert only(zlib, jll).state == "unconfirmed"


@pytest.mark.parametrize(
    ("source", "state"),
    [
        ("github/advisory-database", "affected"),
        ("pypa/advisory-database", "affected"),
        ("bitnami/vulndb", "unconfirmed"),
        ("anchore/nvd-data-overrides", "unconfirmed"),
    ],
)
def test_a_range_without_end(source: str, state: str) -> None:
    found = only(TORCH, record("X-1", "PyPI:torch", ("introduced", "0"), source=source))
    assert found.state == state


def test_the_range_that_is_told_is_a_firm_one() -> None:
    endless = record(
        "BIT-1", "sqlite", ("introduced", "0"), precision="nvd-cpe", aliases=("CVE-1",)
    )
    firm = record("ANCHORE-1", "sqlite", *below("3.50.2"), precision="cpe", aliases=("CVE-1",))
    found = only(package("libsqlite", "3.46.0", "sqlite"), endless, firm)
    assert (found.state, found.matched) == ("affected", "sqlite < 3.50.2 (ANCHORE-1)")


def test_commits_and_tags_tell_nothing_of_a_release() -> None:
    assert not flaws(
        package("libcurl", "7.1", "curl"),
        record("OSV-2020-1", "curl", *below("8"), precision="git-tags"),
    )


WHEELS = (
    "pyca/cryptography's wheels include a statically linked copy of OpenSSL (0.8-41.0.2).",
    "Only users installing from wheels built by the project need to update.",
    "imagecodecs versions before v2023.9.18 bundled libwebp binaries in wheels that are vulnerable",
    "Vulnerable OpenSSL included in cryptography wheels",
    "The thing's wheels bundle libpng, which is vulnerable.",
)


@pytest.mark.parametrize("words", WHEELS)
@pytest.mark.parametrize(("manager", "state"), [("conda", "not applicable"), ("pypi", "affected")])
def test_what_a_wheel_bundles_is_not_in_a_conda_package(
    words: str, manager: str, state: str
) -> None:
    found = package("thing", "1.0", "PyPI:thing", manager=manager)
    assert only(found, record("GHSA-w", "PyPI:thing", *below("2"), words=words)).state == state


@pytest.mark.parametrize(
    "words",
    [
        "aiohttp v3.8.4 and earlier are bundled with llhttp v6.0.6, as installed by a wheel.",
        "Attackers can craft a malicious wheel file that changes permissions.",
        "This parser is only used when not using a prebuilt wheel.",
        "pip may extract files outside the installation directory when installing wheels.",
        "CPython PyPI wheels do not use pure-Python by default.",
    ],
)
def test_other_words_about_wheels_change_nothing(words: str) -> None:
    found = package("thing", "1.0", "PyPI:thing")
    assert only(found, record("GHSA-w", "PyPI:thing", *below("2"), words=words)).state == "affected"


def test_a_known_copy_needs_no_words() -> None:
    pillow = record("GHSA-j7", "PyPI:pillow", *below("10.0.1"), aliases=("CVE-2023-4863",))
    assert only(package("pillow", "9.4.0", "PyPI:pillow"), pillow).state == "not applicable"
    over = package("pillow", "9.5.0", "PyPI:pillow", manager="pypi")
    assert only(over, pillow).state == "affected"


def test_a_flaw_of_the_tool_is_not_in_the_library() -> None:
    tool = record("CURL-1", "curl", *below("9"), precision="upstream", notes=("tool_or_lib: tool",))
    assert only(package("libcurl", "8.1.2", "curl"), tool).state == "not applicable"
    assert only(package("curl", "8.1.2", "curl"), tool).state == "affected"


def test_a_component_that_is_not_shipped() -> None:
    words = "MiniZip in zlib through 1.3 has an integer overflow in zipOpenNewFileInZip4_64."
    zip4 = record("CVE-2023-45853", "zlib", *below("1.3.1"), precision="cpe", words=words)
    assert only(package("libzlib", "1.2.13", "zlib"), zip4).state == "not applicable"


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ("with DiscardUnknownFieldsParser or Java Protobuf Lite parser", "not applicable"),
        ("only the pure-Python implementation", "not applicable"),
        ("A parsing vulnerability in protobuf-cpp and protobuf-python", "affected"),
        ("A parsing vulnerability for the MessageSet type", "affected"),
    ],
)
def test_one_name_for_several_languages(words: str, state: str) -> None:
    flaw = record("CVE-1", "protobuf", *below("99"), precision="cpe", words=words)
    assert only(package("libprotobuf", "3.21.12", "protobuf"), flaw).state == state


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("cuda-cuobjdump", "affected"),
        ("cuda-nvcc", "product only"),
        ("cuda-toolkit", "product only"),
        ("cudatoolkit", "product only"),
        ("cuda", "product only"),
        ("libcublas-dev", "product only"),
    ],
)
def test_a_range_of_a_whole_product_is_about_the_part_that_is_named(name: str, state: str) -> None:
    words = "NVIDIA CUDA Toolkit contains a vulnerability in cuobjdump, by a malformed ELF file."
    flaw = record("NV-1", "cuda-toolkit", *below("12.4"), precision="vendor", words=words)
    assert only(package(name, "11.8.89", "cuda-toolkit"), flaw).state == state


@pytest.mark.parametrize(
    ("patch", "state"),
    [
        ("CVE-2025-22921.patch", "fixed by a patch"),
        ("patches/0003-fix-cve_2025_22921-in-jpeg2000.diff", "fixed by a patch"),
        ("CVE-2025-229210.patch", "affected"),
        ("fix-rpath.patch", "affected"),
    ],
)
def test_a_patch_in_the_recipe_that_names_the_flaw(patch: str, state: str) -> None:
    flaw = record("ANCHORE-1", "ffmpeg", *below("8"), precision="cpe", aliases=("CVE-2025-22921",))
    found = only(replace(package("ffmpeg", "7.1", "ffmpeg"), patches=(patch,)), flaw)
    assert found.state == state
    assert state == "affected" or "build h1_0" in found.reason


def test_a_hint_is_a_note_and_changes_nothing() -> None:
    words = "Only on Windows a path is not escaped. The vendor disputes this."
    found = only(TORCH, replace(GHSA, words=words))
    assert found.state == "affected"
    assert found.notes == ("its text speaks of Windows", "somebody disputes it")


def test_a_score_is_the_best_source_s_else_of_the_vector() -> None:
    vector = ("CVSS_V3", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H")
    assert only(TORCH, replace(GHSA, vectors=(vector,))).score == 9.8
    words_only = only(
        TORCH, replace(GHSA, vectors=(("CVSS_V3", "CVSS:3.1/nonsense"),), rating="LOW")
    )
    assert (words_only.score, words_only.rating) == (None, "LOW")
    four = ("CVSS_V4", "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N")
    assert only(TORCH, replace(GHSA, vectors=(vector, four))).score == 9.3
    two = ("CVSS_V2", "AV:N/AC:L/Au:N/C:P/I:P/A:P")
    assert only(TORCH, replace(GHSA, vectors=(two,))).score == 7.5
    assert only(TORCH, GHSA).rating == ""


def test_a_package_that_nobody_knows_has_no_flaws() -> None:
    assert not flaws(package("thing", "1.0"), GHSA)
