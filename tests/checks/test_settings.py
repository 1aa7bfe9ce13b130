"""Findings about conda's settings: how values are read, what is mended, what is never shown."""

from __future__ import annotations

import pytest

from conda_preflight.actions.mend import mend
from conda_preflight.documents import Condarc, Location, Setting
from conda_preflight.facts.condarc_keys import KEYS
from conda_preflight.facts.condarc_safety import GUARDS
from conda_preflight.facts.condarc_solves import SOLVES
from conda_preflight.grammar.condarc_value import switch
from conda_preflight.report import Report, Severity, Status
from conda_preflight.testing import audit_files
from conda_preflight.writers import json as json_writer


def judge(text: str, rule: str, folder, name: str = ".condarc") -> Report:
    return audit_files({name: text}, folder, rule)


def found(text: str, rule: str, folder) -> list[tuple[str, Severity]]:
    return [(f.problem.about, f.severity) for f in judge(text, rule, folder).findings]


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        *((word, True) for word in ("true", "True", "TRUE", "yes", "Yes", "on", "y", "1", "2.0")),
        *((word, False) for word in ("false", "No", "OFF", "n", "non", "none", "0", "0.0", "00")),
        *((word, None) for word in ("", "truststore", "/etc/ca.pem", "$X", "1.2.3", "t", "-")),
        ("9" * 1_000_000, None),
    ],
)
def test_switch(text, meaning):
    assert switch(Setting("ssl_verify", text, Location("x"))) is meaning


def test_a_list_is_no_switch():
    assert switch(Setting("ssl_verify", ("true",), Location("x"))) is None
    assert switch(None) is None


@pytest.mark.parametrize(
    ("before", "after", "rule"),
    [
        (
            "a: 1\nauto_update_conda: True # why\n",
            "a: 1\nauto_update_conda: false # why\n",
            "settings/auto-update-on",
        ),
        ("ssl_verify:   no\n", "ssl_verify:   true\n", "settings/tls-verification-off"),
        ('ssl_verify: "no"\n', 'ssl_verify: "no"\n', "settings/tls-verification-off"),
        (
            "x: &off false\nssl_verify: *off\n",
            "x: &off false\nssl_verify: *off\n",
            "settings/tls-verification-off",
        ),
        ("chanels: [a]\n", "channels: [a]\n", "input/unknown-key"),
        ("chanels: [a]\nchannels: [b]\n", "chanels: [a]\nchannels: [b]\n", "input/unknown-key"),
        ("show-channel-urls: true\n", "show_channel_urls: true\n", "input/unknown-key"),
        ("anaconda_token: x\n", "anaconda_token: x\n", "input/unknown-key"),
        (
            "remote_connect_timeout_ms: 9000\n",
            "remote_connect_timeout_ms: 9000\n",
            "input/unknown-key",
        ),
    ],
)
def test_mended(before, after, rule, tmp_path):
    report = judge(before, rule, tmp_path)
    assert report.findings
    list(mend(report, tmp_path))
    assert (tmp_path / ".condarc").read_text() == after


@pytest.mark.parametrize(
    "text",
    [
        "proxy_servers: {https: 'http://robot:hunter2@proxy.example.org'}",
        "channels: ['https://conda.example.org/t/hunter2/ours']",
        "mirrored_channels: {ours: ['https://robot:hunter2@conda.example.org']}",
        "anaconda_password: hunter2",
        "plugins: {ours: {token: hunter2}}",
        "channels: ['http://robot:hunter2@conda.example.org']\nchannel_priority: flexible",
        "default_channels: ['https://robot:hunter2@repo.anaconda.com/pkgs/main']",
    ],
)
def test_secrets_are_found_and_never_shown(text, tmp_path):
    assert found(text, "settings/credentials", tmp_path)
    for rule in ("settings", "input"):
        assert "hunter2" not in json_writer.write(judge(text, rule, tmp_path))


def test_one_finding_for_each_setting(tmp_path):
    text = "default_channels: [http://a.example.org, http://b.example.org]\n"
    assert found(text, "settings/plain-http", tmp_path) == [("default_channels", Severity.ERROR)]


def test_an_alias_is_called_as_it_is_written(tmp_path):
    text = "channel_priority: strict\npip_interop_enabled: true\n"
    [finding] = judge(text, "settings/drifting-solves", tmp_path).findings
    assert "`pip_interop_enabled`" in finding.problem.message


@pytest.mark.parametrize(
    ("line", "severity"),
    [
        ("safety_checks: disabled", Severity.ERROR),
        ("rollback_enabled: off", Severity.WARNING),
        ("always_yes: 1", Severity.NOTE),
    ],
)
def test_weights(line, severity, tmp_path):
    assert [s for _, s in found(line, "settings/safety-off", tmp_path)] == [severity]


def test_another_file_may_name_the_channels(tmp_path):
    files = {".condarc": "channel_priority: strict", "ci/.condarc": "channels: [conda-forge]"}
    report = audit_files(files, tmp_path, "settings/implicit-defaults")
    mine = {o.subject: o.status for o in report.outcomes}
    assert mine[".condarc"] is Status.SKIPPED
    assert mine["ci/.condarc"] is Status.PASSED


def test_tables_speak_of_real_settings():
    assert {row.key for row in SOLVES} <= KEYS
    assert {row.key for row in GUARDS} <= KEYS
    assert {row.severity for row in GUARDS} <= {severity.value for severity in Severity}


def test_a_setting_is_found_by_its_last_line():
    place = Location(".condarc", 1, 1)
    twice = tuple(Setting("solver", word, place) for word in ("classic", "libmamba"))
    last = Condarc(".condarc", place, twice).get("solver")
    assert last is twice[1]
