import json

from conda_preflight.documents import Location, Package, Prefix
from conda_preflight.readers.recipe import MAX_PATCHES, patches

HERE = Location("p")
PACKAGE = Package("conda", "ffmpeg", "7.1", HERE, build="h_3")


def prefix(folder, **record):
    root = folder / "envs" / "a"
    (root / "conda-meta").mkdir(parents=True)
    (root / "conda-meta" / "ffmpeg-7.1-h_3.json").write_text(json.dumps(record))
    return Prefix("a", HERE, (PACKAGE,), root=str(root))


def recipe(package):
    found = package / "info" / "recipe" / "patches"
    found.mkdir(parents=True)
    return found


def test_names_of_patches_with_what_their_heads_name(tmp_path):
    cache = tmp_path / "elsewhere" / "ffmpeg"
    folder = recipe(cache)
    (folder / "fix-CVE-2025-22921.patch").write_text("x")
    (folder / "other.patch").write_text("Subject: cve-2024-1234\n\n--- a/x\n+++ CVE-2024-9999\n")
    (folder / "readme.txt").write_text("CVE-2024-1111")
    found = patches(prefix(tmp_path, extracted_package_dir=str(cache)), PACKAGE)
    assert found == ("fix-CVE-2025-22921.patch", "other.patch CVE-2024-1234")


def test_a_cache_beside_the_environment_is_found(tmp_path):
    (recipe(tmp_path / "pkgs" / "ffmpeg-7.1-h_3") / "a.diff").write_text("")
    assert patches(prefix(tmp_path), PACKAGE) == ("a.diff",)


def test_no_recipe_is_no_fault(tmp_path):
    assert patches(prefix(tmp_path, extracted_package_dir=3), PACKAGE) == ()
    hostile = Package("conda", "../../x", "1", HERE, build="0")
    assert patches(Prefix("a", HERE, (), root=str(tmp_path)), hostile) == ()


def test_links_that_lead_out_are_not_followed(tmp_path):
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "CVE-2024-1.patch").write_text("CVE-2024-1234")
    cache = tmp_path / "pkgs" / "ffmpeg-7.1-h_3"
    folder = recipe(cache)
    (folder / "away").symlink_to(secret)
    (folder / "z.patch").symlink_to(secret / "CVE-2024-1.patch")
    assert patches(prefix(tmp_path), PACKAGE) == ("z.patch",)


def test_a_recipe_without_end_has_one(tmp_path):
    folder = recipe(tmp_path / "pkgs" / "ffmpeg-7.1-h_3")
    for number in range(MAX_PATCHES + 20):
        (folder / f"{number}.patch").touch()
    assert len(patches(prefix(tmp_path), PACKAGE)) == MAX_PATCHES
