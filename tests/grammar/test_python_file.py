"""Python files and notebooks: what they import, how it is reached, and hostile ones."""

from __future__ import annotations

import json
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conda_preflight.grammar.python_file import read


def imports(text, path="train.py"):
    data = text if isinstance(text, bytes) else text.encode()
    return {(f"{i.module}.{i.name}".rstrip("."), i.how) for i in read(data, path).imports}


def uses(text):
    return [(use.need, use.how) for use in read(text.encode(), "train.py").uses]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import a.b as c, d", {("a.b", "always"), ("d", "always")}),
        ("from a.b import c, d as e", {("a.b.c", "always"), ("a.b.d", "always")}),
        ("from a import *", {("a", "always")}),
        ("from . import a\nfrom .b import c\nfrom .. import d", set()),
        ("def f():\n    import a", {("a", "lazy")}),
        (
            "class C:\n    import a\n    def f(self):\n        import b",
            {("a", "always"), ("b", "lazy")},
        ),
        (
            "try:\n    import a\nexcept ImportError:\n    import b",
            {("a", "optional"), ("b", "optional")},
        ),
        (
            "try:\n    import a\nexcept (ValueError, ModuleNotFoundError):\n    a = 1",
            {("a", "optional")},
        ),
        ("try:\n    import a\nexcept:\n    pass", {("a", "optional")}),
        ("try:\n    import a\nfinally:\n    pass", {("a", "always")}),
        ("try:\n    import a\nexcept KeyError:\n    pass", {("a", "always")}),
        ("with contextlib.suppress(ImportError):\n    import a", {("a", "optional")}),
        ("with open('x') as f:\n    import a", {("a", "always")}),
        (
            "if TYPE_CHECKING:\n    import a\nelse:\n    import b",
            {("a", "typing"), ("b", "always")},
        ),
        ("if not typing.TYPE_CHECKING:\n    import a", {("a", "always")}),
        ("if False:\n    import a\nelse:\n    import b", {("a", "never"), ("b", "always")}),
        ("if sys.version_info < (3, 11):\n    import tomli", {("tomli", "optional")}),
        ("if is_wandb_available():\n    import wandb", {("wandb", "optional")}),
        ("if args.use_wandb:\n    import wandb", {("wandb", "optional")}),
        ("if __name__ == '__main__':\n    import a", {("a", "always")}),
        (
            "import importlib\nimportlib.import_module('a.b')",
            {("importlib", "always"), ("a.b", "always")},
        ),
        (
            "from importlib import import_module as im\nim('a')",
            {("importlib.import_module", "always"), ("a", "always")},
        ),
        ("__import__('a')\n__import__(name)\n__import__('.a')", {("a", "always")}),
        ("import pytest\npytest.importorskip('a')", {("pytest", "always"), ("a", "optional")}),
        ("match x:\n    case 1:\n        import a", {("a", "always")}),
        ("async def f():\n    async with x:\n        import a", {("a", "lazy")}),
        ("x = 'import a'\n# import b\n'''\n>>> import c\n'''", set()),
    ],
)
def test_how_an_import_is_reached(text, expected):
    assert imports(text) == expected


def test_what_main_calls_is_run():
    text = """
def main():
    import a
    helper()
def helper():
    import b
def other():
    import c
class Other:
    def main(self):
        import d
if __name__ == "__main__":
    main()
"""
    hows = dict(imports(text))
    assert hows == {"a": "always", "b": "always", "c": "lazy", "d": "lazy"}


def test_places_count_from_one():
    (found,) = read(b"x = 1\nif x:\n    import a\n", "train.py").imports
    assert (found.location.path, found.location.line, found.location.column) == ("train.py", 3, 5)


@pytest.mark.parametrize(
    ("data", "names"),
    [
        (b"# -*- coding: latin-1 -*-\nimport a  # \xe9", {"a"}),
        (b"#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\nimport a  # \x80", {"a"}),
        (b"\xef\xbb\xbfimport a", {"a"}),
        (b"import a\r\nimport b\r\n", {"a", "b"}),
        (b"import a\rimport b", {"a", "b"}),
        ("# coding: gbk\nimport a  # 中".encode("gbk"), {"a"}),
    ],
)
def test_encodings(data, names):
    assert {name for name, _ in imports(data)} == names


@pytest.mark.parametrize(
    "data",
    [
        b"print 'loss'",
        b"import a \0",
        b"# coding: rot13\nvzcbeg n",
        b"# coding: punycode\nimport a",
        b"# coding: nonsense\nimport a",
        b"import a  # \xe9",
        "import a".encode("utf-16"),
        b"(" * 100_000,
        b"-" * 200_000 + b"1",
        b"a" + b".b" * 200_000,
        b"1" + b"+1" * 200_000,
        b"if a:\n pass\n" + b"elif a:\n pass\n" * 20_000,
        b"lambda:" * 100_000 + b"1",
        b"x = " + b"9" * 500_000,
    ],
    ids=lambda data: data[:16].decode("latin-1"),
)
def test_what_cannot_be_read_is_said_at_once(data):
    begun = time.monotonic()
    found = read(data, "train.py")
    assert [(each.path, each.location.line >= 1) for each in found.unread] == [("train.py", True)]
    assert time.monotonic() - begun < 5


def test_code_deeper_than_the_stack_is_said_to_be_unread():
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(1_000)  # some test before may have left it higher
    try:
        assert read(b"not " * 3_000 + b"x", "train.py").unread
    finally:
        sys.setrecursionlimit(limit)


def test_a_long_guard_is_no_recursion():
    assert imports("if " + "not " * 900 + "x:\n    import a") == {("a", "always")}


@given(st.binary(max_size=300), st.sampled_from(["a.py", "a.ipynb"]))
def test_whatever_the_bytes_nothing_is_raised(data, path):
    read(data, path)


PIECES = (
    *(
        "import a",
        "from a import b",
        "try:",
        "except ImportError:",
        "if x:",
        "def f():",
        "\n",
        "    ",
    ),
    *(
        "class C:",
        "pass",
        "else:",
        "lambda: (",
        ")",
        "f'{",
        "}'",
        "match x:",
        "case 1:",
        "'''",
        "\\",
        "\f",
    ),
    *(
        "with suppress(ImportError):",
        "async def g():",
        "import_module('a')",
        "\0",
        "\ud800",
        "é",
        "#",
    ),
)


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_pieces_of_python_raise_nothing(text):
    read(text.encode("utf-8", "surrogatepass"), "a.py")


def notebook(*cells, spread=True, **more):
    made = [
        {"cell_type": "code", "source": cell.splitlines(keepends=True) if spread else cell}
        for cell in cells
    ]
    return json.dumps({"cells": made, "nbformat": 4, **more}, indent=1).encode()


def test_cells_of_a_notebook():
    data = notebook(
        "%matplotlib inline\nimport a\n!pip install -q b==1\n",
        "%%bash\nconda install c\nls\n",
        "%%time\nx = !ls\nimport d\nd?\n",
        "def (:\n",
        "x = (1\n  % 2)\nimport e",
    )
    found = read(data, "study.ipynb")
    assert [(i.module, i.cell) for i in found.imports] == [("a", 1), ("d", 3), ("e", 5)]
    lines = data.decode().split("\n")
    assert ["import" in lines[i.location.line - 1] for i in found.imports] == [True] * 3
    assert [command.words[0] for command in found.installs] == ["pip", "conda"]
    assert [u.message.partition(":")[0] for u in found.unread] == ["Cell 4"]


@pytest.mark.parametrize(
    "data",
    [
        notebook("import a", spread=False),
        json.dumps({"cells": [{"cell_type": "code", "source": "import a"}]}).encode(),
        json.dumps(
            {"worksheets": [{"cells": [{"cell_type": "code", "input": "import a"}]}]}
        ).encode(),
    ],
)
def test_forms_of_notebooks(data):
    assert imports(data, "study.ipynb") == {("a", "always")}


def test_a_notebook_of_another_language_has_no_python():
    data = notebook("library(a)", metadata={"kernelspec": {"language": "R"}})
    found = read(data, "study.ipynb")
    assert not found.imports
    assert not found.unread


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{}", b"[" * 100_000, b'{"cells": 3}', b'{"cells": [3, {}]}']
)
def test_what_is_no_notebook(data):
    assert not read(data, "study.ipynb").imports


def test_a_huge_notebook_is_linear():
    data = notebook(*(f"x = {n}\nimport a{n}" for n in range(4_000)))
    begun = time.monotonic()
    assert len(read(data, "study.ipynb").imports) == 4_000
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import pandas as pd\npd.read_parquet(x)", [("pandas-read-parquet", "always")]),
        ("from pandas import read_excel as r\nr(x)", [("pandas-read-excel", "always")]),
        ("import pandas\ndf.to_markdown()", [("pandas-markdown", "always")]),
        ("import polars\ndf.to_markdown()", []),
        (
            "import transformers\nm.from_pretrained(x, load_in_8bit=True)",
            [("load-in-8bit", "always")],
        ),
        ("import transformers\nm.from_pretrained(x, load_in_8bit=False)", []),
        ("import transformers\nm.from_pretrained(x, device_map=None)", []),
        ("import transformers\nm.from_pretrained(x, device_map=where)", [("device-map", "always")]),
        ("import transformers\nm.from_pretrained(x, attn_implementation='sdpa')", []),
        (
            "from transformers import T5Tokenizer\ndef f():\n    T5Tokenizer.from_pretrained(x)",
            [("slow-tokenizer", "lazy")],
        ),
        ("import torch\nf = torch.compile(g)", [("torch-compile", "always")]),
        ("import pandas as pd\npd.read_csv('s3://bucket/x')", [("fsspec-s3", "always")]),
        ("import pandas as pd\npd.read_csv('x.csv')", []),
        ("from torch.utils.tensorboard import SummaryWriter", [("summary-writer", "always")] * 2),
        ("from pydantic import EmailStr", [("email", "always")]),
    ],
)
def test_uses_that_need_another_package(text, expected):
    assert uses(text) == expected
