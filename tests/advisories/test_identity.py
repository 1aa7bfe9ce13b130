import pytest

from conda_preflight.advisories.identity import identify, in_prefix, product_version
from conda_preflight.documents import Location, Package, Prefix, Replaced
from conda_preflight.facts.native_products import product_of, products

HERE = Location("x.lock", 1)


def conda(name: str, version: str = "1.0", **more) -> Package:
    return Package("conda", name, version, HERE, **more)


def told(package: Package, **given) -> list[tuple[str, str, str, str]]:
    (found,) = identify((package,), **given)
    return [(i.ecosystem, i.name, i.version, i.how) for i in found.identities]


@pytest.mark.parametrize(
    ("name", "project"),
    [
        ("pytorch", "torch"),
        ("python-graphviz", "graphviz"),
        ("redis-py", "redis"),
        ("py-opencv", "opencv-python"),
        ("dask-core", "dask"),
        ("jupyter_server", "jupyter-server"),
        ("ruamel.yaml", "ruamel-yaml"),
        ("fonttools", "fonttools"),
    ],
)
def test_a_map_of_names_tells_the_project(name, project):
    assert told(conda(name)) == [("PyPI", project, "1.0", "name map")]


@pytest.mark.parametrize("name", ["redis", "docker", "never-heard-of-it"])
def test_a_name_is_no_evidence(name):
    assert told(conda(name)) == []


def test_a_native_product_is_no_project_of_its_name():
    assert told(conda("graphviz", "9.0")) == [("Upstream", "graphviz", "9.0", "native table")]


def test_the_record_knows_better_than_a_map():
    package = conda("torch-thing", "2.0", purls=("pkg:pypi/Torch_Thing@2.0.1?x=y", "pkg:pypi/b"))
    assert told(package) == [
        ("PyPI", "torch-thing", "2.0.1", "purl"),
        ("PyPI", "b", "2.0", "purl"),
    ]


def test_a_map_of_a_database_is_asked_first():
    mapped = {"in-house": ("in-house-project",)}
    assert told(conda("in-house"), mapped=lambda name: mapped.get(name, ())) == [
        ("PyPI", "in-house-project", "1.0", "name map")
    ]


@pytest.mark.parametrize(
    ("package", "product"),
    [
        ("libcurl", "curl"),
        ("libxml2-16", "libxml2"),
        ("libllvm20", "llvm"),
        ("sysroot_linux-64", "glibc"),
        ("ld_impl_linux-aarch64", "binutils"),
        ("libre2-11", "re2"),
        ("python", "cpython"),
    ],
)
def test_split_outputs_are_one_product(package, product):
    assert product_of(package).name == product


def test_every_product_has_a_page_and_no_package_is_two():
    found = [package for product in products() for package in product.packages]
    assert len(found) == len(set(found))
    assert len(products()) >= 174
    assert all(product.source.startswith("http") for product in products())


@pytest.mark.parametrize(
    ("product", "version", "own"),
    [
        ("x264", "1!164.3095", "164.3095"),
        ("imagemagick", "7.1.1_36", "7.1.1-36"),
        ("llama.cpp", "0.0.4300", "b4300"),
        ("openssl", "1.1.1w", "1.1.1w"),
    ],
)
def test_versions_as_the_project_writes_them(product, version, own):
    assert product_version(product, version) == own


def test_of_two_installs_the_one_on_disk_counts():
    old, new = conda("pillow", "10.0.0"), Package("pypi", "pillow", "9.5.0", HERE)
    prefix = Prefix(
        "p",
        HERE,
        (old, new),
        replaced=(Replaced(old, new, "pip"),),
        projects={"pillow": ("10.0.0", "pillow")},
    )
    first, second = in_prefix(prefix)
    assert first.identities == ()
    assert [(i.name, i.version) for i in second.identities] == [("pillow", "9.5.0")]
    assert (first.wheel, second.wheel) == (False, True)


def test_metadata_on_disk_is_the_identity():
    prefix = Prefix(
        "p", HERE, (conda("pytorch", "2.0.1"),), projects={"torch": ("2.0.1.post2", "pytorch")}
    )
    (found,) = in_prefix(prefix)
    assert [(i.name, i.version, i.how) for i in found.identities] == [
        ("torch", "2.0.1.post2", "dist-info")
    ]
