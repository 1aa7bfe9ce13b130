"""What the packaging files of a project call it and ask for; none of them is run.

Sources: PEP 621, PEP 735, poetry's documentation, and setuptools' of ``setup.cfg`` and
``setup.py``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from conda_preflight.documents import Location, Requirement
from conda_preflight.errors import ReadError
from conda_preflight.grammar import requirement, toml_tree
from conda_preflight.grammar.pyproject_requirements import Pyproject
from conda_preflight.grammar.python_text import parse
from conda_preflight.plain import document_type

NAMES = ("pyproject.toml", "setup.cfg", "setup.py")
MAX_LISTED = 2_000


@document_type
class Packaging:
    """The names of a project, its requirements, and those of its extras and groups.

    ``whole`` is false where some of what it asks for is worked out by a program.
    """

    names: tuple[str, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    optional: tuple[Requirement, ...] = ()
    whole: bool = True


def read(text: str, path: str) -> Packaging:
    """The packaging file of that name; raises ReadError."""
    base = path.rpartition("/")[2]
    if base == "setup.cfg":
        return _setup_cfg(text, path)
    return _setup_py(text, path) if base == "setup.py" else _pyproject(text, path)


def _pyproject(text: str, path: str) -> Packaging:
    tree = toml_tree.load(text)
    project = Pyproject(tree, path)
    name = project.name()
    groups = tuple(r for group in project.groups().values() for r in group)
    dynamic = tree.get("project", "dynamic")
    lacks = isinstance(dynamic, list) and "dependencies" in dynamic
    return Packaging((name.text,) if name else (), project.dependencies(), groups, not lacks)


def _setup_cfg(text: str, path: str) -> Packaging:
    from configparser import Error, RawConfigParser

    parser = RawConfigParser(strict=False)
    try:
        parser.read_string(text)
    except (Error, RecursionError) as error:
        raise ReadError(f"It is no setup.cfg: {str(error).splitlines()[0][:100]}") from None
    name = parser.get("metadata", "name", fallback="")
    main = _rows([parser.get("options", "install_requires", fallback="")])
    has_extras = parser.has_section("options.extras_require")
    more = _rows([v for _, v in parser.items("options.extras_require")] if has_extras else [])
    whole = not any(row.startswith(("file:", "attr:")) for row in (*main, *more))
    return Packaging((name,) if name else (), _lines(main, path), _lines(more, path), whole)


def _rows(texts: list[str]) -> list[str]:
    return [row.strip() for text in texts for row in text.split("\n") if row.strip()]


def _setup_py(text: str, path: str) -> Packaging:
    """The literal arguments of ``setup``; lists that are bound to a name are found too."""
    tree = parse(text)
    bound = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    given = {k.arg: k.value for call in _setup_calls(tree) for k in call.keywords if k.arg}
    names = [v.value for v in [given.get("name")] if isinstance(v, ast.Constant)]
    main = _texts(given.get("install_requires"), bound)
    extras = [_texts(given.get(key), bound) for key in ("extras_require", "tests_require")]
    more = [row for rows in extras for row in rows or ()]
    whole = main is not None and None not in extras
    called = tuple(map(str, names))
    return Packaging(called, _lines(main or [], path), _lines(more, path), whole)


def _setup_calls(tree: ast.Module) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            if (name or getattr(node.func, "id", "")) == "setup":
                yield node


def _texts(node: ast.expr | None, bound: dict[str, ast.expr]) -> list[str] | None:
    """The texts of a literal list, or of the lists of a literal dict; None for anything else."""
    if node is None:
        return []
    if isinstance(node, ast.Name):
        node = bound.get(node.id, node)
    lists = node.values if isinstance(node, ast.Dict) else [node]
    items = [e for each in lists if isinstance(each, ast.List | ast.Tuple) for e in each.elts]
    plain = all(isinstance(each, ast.List | ast.Tuple) for each in lists)
    texts = [e.value for e in items if isinstance(e, ast.Constant) and isinstance(e.value, str)]
    return texts if plain and len(texts) == len(items) else None


def _lines(rows: list[str], path: str) -> tuple[Requirement, ...]:
    place = Location(path, 1, 1)
    return tuple(requirement.parse(row[:1000], place) for row in rows[:MAX_LISTED])
