"""What each setting means, in one or two sentences: for the page and for the schema."""

from __future__ import annotations

SETTINGS = {
    "fail-on": "The least severity that makes a NO-GO.",
    "select": "Only these rules and families run.",
    "ignore": "These rules and families do not run.",
    "require": "Families that must have run: the verdict is UNKNOWN when one was skipped.",
    "platforms": "The platforms that the project must run on, as conda names them.",
    "targets": (
        "The machines that it must run on: GPUs by name, names of tables in `target`, fact sheets "
        "that end in `.json` or `.jsonl`, folders of them."
    ),
    "target": "Facts of a machine by its name; `like` names another one that it is like.",
    "exclude": "Globs of files and folders that an audit of a directory leaves out.",
    "baseline": "A JSON report of an earlier audit: what it found is muted.",
    "manifest": "The manifest to judge by, where the project has several.",
    "lock": "The lock to judge by, where the project has several.",
    "solve": (
        "Whether an audit solves each manifest, over the network where its channels are there; "
        "unless it is said, it solves when that needs no network."
    ),
    "channel-alias": "The URL where bare channel names live, as conda's setting of that name.",
    "channel-priority": "`strict` or `disabled`; strict unless it is said.",
    "verify": "`quick`, `digests` or `full`: how far the files of a prefix are verified.",
    "exclude-newer": "Builds from this time on do not count: `2026-01-31`, or with a time.",
    "db": "The advisory database, or `online` to ask OSV's service; else the one of this machine.",
    "max-age": "Days after which an advisory database is not believed: the audit is UNKNOWN then.",
    "vex": "VEX documents (OpenVEX, CycloneDX): what they free of vulnerabilities is muted.",
    "virtual-packages": "What the machine has, such as `__cuda=12.8`, over what its target says.",
    "model": "The model that will run, so that its memory can be judged.",
    "smoke": "The smoke test of `rebuild`: a command, a script, imports.",
    "docs": "The section about the environment in a README: where, which parts, a template.",
    "ledger": "Where `history` keeps what was found: a file or a server, and how much.",
    "housekeeping": "What is stale for `clean`, what it keeps, and how long it can be taken back.",
    "policy": "Policies of the house in Rego, which judge the project too.",
    "waivers": "Exceptions with reason and expiry.",
    "rules": "Options of single rules, and another severity for them.",
}

WAIVER = {
    "rule": "The id of the rule whose findings are accepted.",
    "reason": "Why; a waiver without a reason mutes nothing.",
    "expires": "The last day on which it holds, such as 2027-01-31.",
    "path": "A glob of the files that it is for; all unless it is given.",
    "about": "A glob of the things that it is for (packages, channels, keys); all unless given.",
    "id": "A vulnerability by any of its names (CVE, GHSA, PYSEC ...); `rule` may be left out.",
    "package": "A glob of `name`, `name=version` or `name=version=build`, or a package URL.",
    "status": "What OpenVEX calls it: `not_affected`, or `affected` where the risk is accepted.",
    "justification": "OpenVEX's word for the reason of `not_affected`.",
}

MODEL = {
    "file": "A `.safetensors` file, the index of several, or a folder of them; headers are read.",
    "parameters": 'How many it has, such as `"7B"`, where there is no file.',
    "dtype": "What the weights are loaded as, such as `bf16` or `int4`; else as they are stored.",
    "tokens": "So many tokens are held at once, over all requests.",
}

SMOKE = {
    "command": "What to run in the prefix: one text, or a list of words; no shell reads it.",
    "script": "A file to run: `.py` by the python of the prefix, any other by `sh`.",
    "imports": "Modules to import; without any key, those of every package that was asked for.",
    "seconds": "After how long each test is stopped.",
}

DOCS = {
    "file": "The page in the project that holds the section; else its `README.md`.",
    "template": "A file in the project with `${table}` and the like, in the place of ours.",
    "parts": "Which parts are written, in this order.",
}

LEDGER = {
    "url": (
        "A file below the settings, `sqlite:///FILE`, `postgresql://HOST/DATABASE`, or `off`;"
        " empty is the user's own ledger."
    ),
    "reports": "Whether the whole report is kept with each record.",
}

SEVERITY = "The weight of this rule's findings, instead of its own."

HOUSEKEEPING = {
    "stale-after": "How long an environment has not been used when it is stale: `90 days`.",
    "undo-for": "How long an environment stays in the trash: `2 weeks`.",
    "keep": "Globs of names and paths of what `clean` leaves alone.",
}

POLICY = {
    "rego": "Globs of policies from the folder of the settings; a folder stands for all in it.",
}
