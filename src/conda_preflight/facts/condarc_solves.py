"""Settings of conda that make a solve give another result on another machine.

Source of what each does: conda's documentation "Settings" and ``conda config --describe``
(conda 26.x); what a row adds to that has its own source beside it.
"""

from __future__ import annotations

from conda_preflight.plain import value_type


@value_type
class Drift:
    """A setting, the values that are meant, why they are trouble, and what to write instead.

    ``values`` are words in lower case, where "true" and "false" mean every way to write them
    and nothing means any value. A list counts only if it has an item outside ``harmless``, or
    lacks the item ``needs``. ``grave`` is false for what is only worth knowing.
    """

    key: str
    values: tuple[str, ...]
    why: str
    instead: str
    harmless: frozenset[str] = frozenset()
    needs: str = ""
    grave: bool = True


_DELETE = "Delete the line."
_IN_MANIFEST = "Write it into the manifest instead, where everybody gets it."

SOLVES = (
    Drift(
        "channel_priority",
        ("flexible", "disabled", "true", "false"),
        "packages may come from any of the channels, whichever has what fits that day",
        "Write `channel_priority: strict`.",
    ),
    Drift(
        "pinned_packages",
        (),
        "each solve keeps these pins, which stand in no manifest",
        _IN_MANIFEST,
    ),
    Drift(
        "create_default_packages",
        (),
        "each new environment gets these packages, which stand in no manifest",
        _IN_MANIFEST,
    ),
    Drift(
        "track_features",
        (),
        "features prefer other builds of the same versions, and no manifest says so",
        "Ask for the build in the manifest, as in `blas=*=mkl`.",
    ),
    Drift(
        "prefix_data_interoperability",
        ("true",),
        "what pip installed there before takes part in the solve",
        _DELETE,
    ),
    Drift(
        "add_pip_as_python_dependency",
        ("false",),
        "environments get no pip unless the manifest asks for it",
        "Delete the line, and ask for `pip` in the manifest.",
    ),
    # ``harmless`` is what conda does without this setting; source: conda.base.constants.
    Drift(
        "aggressive_update_packages",
        (),
        "each install updates these packages to the newest, whatever was asked for",
        "Write `aggressive_update_packages: []`.",
        frozenset(("ca-certificates", "certifi", "openssl")),
    ),
    Drift(
        "repodata_fns",
        (),
        "the solve does not see the whole index of a channel, so pinned versions can be missing",
        "Write `repodata_fns: [repodata.json]`.",
        frozenset(("repodata.json", "current_repodata.json")),
        "repodata.json",
    ),
    Drift(
        "use_only_tar_bz2",
        ("true",),
        "packages that exist in the newer format `.conda` only are invisible",
        _DELETE,
    ),
    Drift(
        "use_index_cache",
        ("true",),
        "the solve takes the index that this machine fetched last, however old it is",
        _DELETE,
    ),
    Drift(
        "offline",
        ("true",),
        "the solve sees only what this machine has downloaded before",
        "Delete the line, and use `--offline` where it is meant.",
    ),
    Drift(
        "use_local",
        ("true",),
        "packages that were built on this machine come before those of the channels",
        _DELETE,
    ),
    Drift(
        "ignore_pinned",
        ("true",),
        "the pins of an environment are not kept",
        _DELETE,
    ),
    Drift(
        "update_modifier",
        ("freeze_installed", "update_deps", "update_all", "specs_satisfied_skip_solve"),
        "each install keeps or updates other packages than conda does elsewhere",
        "Delete the line, and use the option of the command where it is meant.",
    ),
    Drift(
        "deps_modifier",
        ("no_deps", "only_deps"),
        "packages are installed without what they need, or only what they need",
        "Delete the line, and use the option of the command where it is meant.",
    ),
    Drift(
        "solver_ignore_timestamps",
        ("true",),
        "of builds that are equal otherwise, it is not the newest that is taken",
        _DELETE,
    ),
    Drift(
        "force_32bit",
        ("true",),
        "packages for 32 bits are taken",
        _DELETE,
    ),
    Drift(
        "solver",
        ("classic",),
        "the old solver may choose other packages than the one that conda uses elsewhere",
        "Write `solver: libmamba`.",
        grave=False,
    ),
    Drift(
        "subdir",
        (),
        "each solve is for that platform, whatever the machine is",
        "Delete the line, and use `--platform` where it is meant.",
        grave=False,
    ),
)
