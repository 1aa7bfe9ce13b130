"""One page per rule, the index of rules and their part of the navigation."""

from __future__ import annotations

import json
from collections.abc import Iterator

from conda_preflight.catalog import checks
from conda_preflight.families import in_order
from conda_preflight.report import Rule
from docs.markup import cell, code, inline, plain, prose, table

NOTE = "<!-- Made by docs/generate.py from the code; a change here is lost. -->"


def rules() -> tuple[Rule, ...]:
    """The project's own rules, by id; those of installed plugins are not ours to describe."""
    own = (c for c in checks() if c.function.__module__.startswith("conda_preflight."))
    return tuple(check.rule for check in own)


def rule_pages() -> dict[str, str]:
    """The index and each rule's page, by path below the repository."""
    pages = {f"docs/rules/{rule.id}.md": _page(rule) for rule in rules()}
    return {"docs/rules/index.md": _index(), **pages}


def navigation() -> str:
    """The entries of ``mkdocs.yml`` for these pages."""
    lines = ["  - Rules:", "      - rules/index.md"]
    for family in in_order(rule.family for rule in rules()):
        lines.append(f"      - {json.dumps(family.title)}:")
        lines += [_entry(rule) for rule in rules() if rule.family == family.name]
    return "\n".join(lines)


def _entry(rule: Rule) -> str:
    return f"          - {json.dumps(rule.id.partition('/')[2])}: rules/{rule.id}.md"


_KINDS: dict[type, str] = {
    bool: "true or false",
    int: "number",
    float: "decimal number",
    str: "text",
}


def kind(value: object) -> str:
    """What a person writes for a setting whose default this is."""
    if isinstance(value, tuple):
        return "list of texts"
    return _KINDS.get(type(value), "value")


def toml(value: object) -> str:
    """A default as it stands in a settings file."""
    if isinstance(value, tuple):
        return f"[{', '.join(toml(item) for item in value)}]"
    return json.dumps(value, ensure_ascii=False)


def _index() -> str:
    count = len(rules())
    lead = (
        f"{count} rules, in the order of the checklist. Each page says what the rule finds, why "
        "it matters, what fails, what passes and how to mend it; the examples are run by the "
        "tests. `conda-preflight explain RULE` shows the same page in a terminal."
    )
    return "\n".join([NOTE, "", "# Rules", "", lead, *_families()]) + "\n"


def _families() -> Iterator[str]:
    for family in in_order(rule.family for rule in rules()):
        yield f"\n## {family.title}\n"
        yield f"Family `{family.name}`. {inline(family.sentence)}\n"
        yield table(("Rule", "Severity", "Finds"), _rows(family.name))


def _rows(family: str) -> Iterator[tuple[str, str, str]]:
    for rule in rules():
        if rule.family == family:
            yield f"[{rule.id}]({rule.id}.md)", rule.severity.value, cell(rule.summary)


def _page(rule: Rule) -> str:
    parts = [NOTE, "", f"# {rule.id}", "", _facts(rule), "", prose(rule.page), *_options(rule)]
    return "\n".join([*parts, "", _end(rule)]) + "\n"


def _facts(rule: Rule) -> str:
    facts = [f"Severity **{rule.severity.value}**", f"examines {_kinds(rule.examines)}"]
    if rule.needs:
        facts.append(f"needs {_kinds(rule.needs)}")
    if rule.formerly:
        facts.append(f"formerly {', '.join(map(code, rule.formerly))}")
    return " · ".join(facts)


def _kinds(names: tuple[str, ...]) -> str:
    link = "../../documents.md#what-a-check-gets"
    return ", ".join(f"[{plain(name)}]({link})" for name in names)


def _options(rule: Rule) -> Iterator[str]:
    if not rule.settings:
        return
    yield "\n## Options\n"
    yield "In the [settings](../../settings.md#options-of-rules); what is shown is the default.\n"
    yield f'```toml title="preflight.toml"\n[rules."{rule.id}"]'
    for name, value in rule.settings.items():
        yield from _default(name, value)
    yield "```"


def _default(name: str, value: object) -> Iterator[str]:
    """One line, or a line per item where that would be long."""
    line = f"{name} = {toml(value)}"
    if isinstance(value, tuple) and len(line) > 90:  # noqa: PLR2004  (columns)
        yield f"{name} = ["
        yield from (f"  {toml(item)}," for item in value)
        yield "]"
    else:
        yield line


def _end(rule: Rule) -> str:
    return (
        "---\n\n"
        f"Accept one finding: `# preflight: ignore[{rule.id}] reason` in its line, or a "
        "[waiver](../../waivers.md). Leave the rule out: "
        f"`--ignore {rule.id}`. Give it another weight: "
        "[`severity`](../../settings.md#options-of-rules)."
    )
