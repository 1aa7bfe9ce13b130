"""Where packages come from and what the machine has: what a person can set about a solve."""

from __future__ import annotations

from pathlib import PurePosixPath

from conda_preflight.documents import Host, Location, Manifest, Spec, VirtualPackage
from conda_preflight.facts.virtual_packages import DEFAULTS
from conda_preflight.grammar.conda_order import Version, parse
from conda_preflight.grammar.selector import holds
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import value_type
from conda_preflight.solving.question import Question
from conda_preflight.solving.tiers import ALIAS, tier_of, tiers

_SETTINGS = Location("the settings")
_SINGLE = lazy_pattern(r"==(\s*[\w.!+]+\.\*)")
_CHANNEL_KEY = lazy_pattern(r",?\s*\bchannel\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^,\]]*)")
_LOWEST = Version(())
_ARCHIVES = (".conda", ".tar.bz2")
_SYSTEMS = {
    "__linux": ("linux-",),
    "__glibc": ("linux-",),
    "__osx": ("osx-",),
    "__win": ("win-",),
    "__unix": ("linux-", "osx-"),
    "__cuda": ("linux-", "win-"),
    "__cuda_arch": ("linux-", "win-"),
}
"""Virtual packages that only some systems can have."""


@value_type
class Site:
    """The settings of a solve; ``alias`` is where bare channel names live.

    ``virtual_packages`` are (name, version, build) that a person stated, over what the
    ``host`` says, over the defaults of a platform; ``folder`` is the absolute folder from
    which relative channel paths count. Source of the aliases: conda's ``channel_alias``
    and ``default_channels``.
    """

    alias: str = ALIAS
    strict: bool = True
    exclude_newer: str = ""
    virtual_packages: tuple[tuple[str, str, str], ...] = ()
    host: Host | None = None
    folder: str = ""


def question(manifest: Manifest, platform: str, site: Site) -> Question:
    """What a manifest asks for on one platform; its lines that are for another are left out."""
    specs = lines(manifest, platform)
    return Question(
        platform=platform,
        specs=tuple(match_spec(spec, platform, site) for spec in specs),
        tiers=tiers(manifest, specs, platform, site.alias, site.folder),
        virtual_packages=machine(manifest, platform, site),
        strict=site.strict,
        exclude_newer=site.exclude_newer,
    )


def lines(manifest: Manifest, platform: str) -> tuple[Spec, ...]:
    """The manifest's lines that count on this platform and that conda can read."""
    return tuple(
        spec
        for spec in manifest.specs
        if not spec.error
        and (spec.name or spec.url)
        and (not spec.selector or holds(spec.selector, platform) is not False)
        and (not spec.platforms or platform in spec.platforms)
        and not spec.name.startswith("__")
    )


def unreadable(manifest: Manifest, platform: str) -> tuple[Spec, str] | None:
    """The first line that no solver can be asked, and why; None where there is none."""
    for spec in manifest.specs:
        if spec.selector and holds(spec.selector, platform) is False:
            continue
        if spec.platforms and platform not in spec.platforms:
            continue
        if spec.error:
            return spec, spec.error
        if spec.url and not spec.url.endswith(_ARCHIVES):
            return spec, "It is built from source, and only pixi does that"
    return None


def match_spec(spec: Spec, platform: str, site: Site) -> str:
    """A line as the solver reads it: its channel by URL, a doubled ``==1.*`` made single."""
    if spec.url:
        return spec.url if "://" in spec.url else PurePosixPath(site.folder, spec.url).as_uri()
    plain = _SINGLE.sub(r"=\1", _without_channel(spec))
    if not spec.channel:
        return plain
    tier = tier_of(spec.channel, platform, site.alias, site.folder)
    return f"{tier.name if len(tier.urls) > 1 else tier.urls[0]}::{plain}"


def _without_channel(spec: Spec) -> str:
    """Channels stand before ``::``, in brackets, or at the end as pixi's specs are shown."""
    text = spec.text.partition("#")[0].strip()
    if not spec.channel:
        return text
    text = text.removesuffix(f" from {spec.channel}").rpartition("::")[2].strip()
    return _CHANNEL_KEY.sub("", text).replace("[,", "[").replace("[]", "")


def machine(manifest: Manifest, platform: str, site: Site) -> tuple[VirtualPackage, ...]:
    """The virtual packages to solve for, by name; never what this machine has."""
    host = site.host if site.host and _is_on(site.host, platform) else None
    stated = [
        *DEFAULTS.get(platform, ()),
        *_required(manifest, platform),
        *(of_host(host) if host else ()),
        *site.virtual_packages,
    ]
    known = {name: (version, build) for name, version, build in stated}
    return tuple(
        VirtualPackage(name, version, build, platform, _SETTINGS)
        for name, (version, build) in sorted(known.items())
        if version and platform.startswith(_SYSTEMS.get(name, ""))
    )


def _required(manifest: Manifest, platform: str) -> list[tuple[str, str, str]]:
    """What the manifest says that the machine has, the highest version last."""
    rows = [v for v in manifest.virtual_packages if v.platform in ("", platform)]
    known = [(parse(v.version) or _LOWEST, n, v) for n, v in enumerate(rows)]
    return [(v.name, v.version, v.build) for _, _, v in sorted(known, key=lambda row: row[:2])]


def _is_on(host: Host, platform: str) -> bool:
    """Whether a fact sheet can be about this platform; one that names no system can."""
    return host.subdir in ("", platform)


def of_host(host: Host) -> tuple[tuple[str, str, str], ...]:
    """What a fact sheet states, as virtual packages; what it leaves out is left out here.

    ``__cuda`` is the newest CUDA that the driver runs, ``__cuda_arch`` the lowest compute
    capability of its GPUs (CEP 30).
    """
    cpu_only = host.gpus == ()
    capabilities = [gpu.capability for gpu in host.gpus or () if gpu.capability]
    lowest = min(capabilities, key=_as_numbers, default="")
    system = {"linux": "__linux", "darwin": "__osx"}.get(host.os, "")
    rows = [
        ("__glibc", host.glibc, "0"),
        ("__cuda", "" if cpu_only else host.cuda, "0"),
        ("__cuda_arch", "" if cpu_only else lowest, "0"),
        ("__archspec", "1" if host.archspec else "", host.archspec),
        ("__linux", host.kernel if system == "__linux" else "", "0"),
    ]
    return tuple(row for row in rows if row[1])


def _as_numbers(capability: str) -> tuple[int, ...]:
    return tuple(int(part) for part in capability.split(".") if part.isdigit())
