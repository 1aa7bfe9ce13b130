"""Settings: where they come from, what wins, and what is refused."""

from __future__ import annotations

import pytest

from conda_preflight.config import settings
from conda_preflight.errors import UsageError
from conda_preflight.report import Severity


def write(folder, text, name="preflight.toml"):
    (folder / name).write_text(text)
    return folder


def test_without_a_file_the_defaults_hold(tmp_path):
    assert settings(tmp_path).fail_on is Severity.ERROR


def test_the_nearest_file_upward_wins(tmp_path):
    write(tmp_path, 'fail-on = "note"')
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    assert settings(inner).fail_on is Severity.NOTE
    write(tmp_path / "a", 'fail-on = "warning"')
    assert settings(inner).fail_on is Severity.WARNING


def test_a_pyproject_counts_when_it_has_our_table(tmp_path):
    write(tmp_path, 'fail-on = "note"')
    inner = tmp_path / "a"
    inner.mkdir()
    write(inner, '[project]\nname = "x"\n', "pyproject.toml")
    assert settings(inner).fail_on is Severity.NOTE
    write(inner, '[tool.conda-preflight]\nfail-on = "warning"\n', "pyproject.toml")
    assert settings(inner).fail_on is Severity.WARNING


def test_command_line_over_environment_over_file(tmp_path, monkeypatch):
    write(tmp_path, 'fail-on = "note"\nselect = ["input"]')
    monkeypatch.setenv("CONDA_PREFLIGHT_FAIL_ON", "warning")
    monkeypatch.setenv("CONDA_PREFLIGHT_SELECT", "manifest, lock")
    assert settings(tmp_path).fail_on is Severity.WARNING
    assert settings(tmp_path).select == ("manifest", "lock")
    assert settings(tmp_path, {"fail_on": Severity.ERROR}).fail_on is Severity.ERROR


def test_files_lie_beside_the_settings(tmp_path):
    write(tmp_path, 'baseline = "known.json"\ntargets = ["a100.json", "A100"]')
    read = settings(tmp_path)
    assert read.baseline == str(tmp_path / "known.json")
    assert read.targets == (str(tmp_path / "a100.json"), "A100")


def test_rules_have_options_and_weights(tmp_path):
    write(tmp_path, '[rules."manifest/missing-name"]\nseverity = "error"\n')
    assert settings(tmp_path).severities == {"manifest/missing-name": Severity.ERROR}


def test_waivers_know_their_lines(tmp_path):
    write(
        tmp_path,
        '# first\n[[waivers]]\nrule = "manifest/missing-name"\n'
        'reason = "x"\nexpires = 2027-01-31\n',
    )
    (waiver,) = settings(tmp_path).waivers
    assert (waiver.line, waiver.expires, waiver.path) == (3, "2027-01-31", "*")


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ('fail_on = "note"', "fail_on", "fail-on"),
        ("fail-on = 3", "fail-on is error, warning or note", ""),
        ("select = 3", "list of texts", ""),
        ('[rules."manifest/missing-nam"]\n', "manifest/missing-nam", "manifest/missing-name"),
        ('[rules."manifest/missing-name"]\nsevrity = "note"', "sevrity", "severity"),
        ("rules = 3", "table of tables", ""),
        ("waivers = 3", "list of tables", ""),
        ("[[waivers]]\nreason = 'x'", "no rule", ""),
        ("[[waivers]]\nrule = 'a/b'\nexpiry = 'x'", "expiry", "expires"),
        ("baseline = 1", "baseline is a text", ""),
        ("a = [", "not TOML", ""),
    ],
)
def test_what_is_wrong_is_refused_with_a_sentence(tmp_path, text, message, hint):
    with pytest.raises(UsageError) as caught:
        settings(write(tmp_path, text))
    assert message in caught.value.message
    assert "preflight.toml" in caught.value.message
    assert hint in caught.value.hint


def test_a_wrong_word_in_the_environment_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("CONDA_PREFLIGHT_FAIL_ON", "loud")
    with pytest.raises(UsageError, match="CONDA_PREFLIGHT_FAIL_ON"):
        settings(tmp_path)


def test_settings_that_are_not_text_are_refused(tmp_path):
    (tmp_path / "preflight.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError, match="cannot be read"):
        settings(tmp_path)


def test_a_link_that_leads_to_itself_has_no_settings(tmp_path):
    (tmp_path / "loop").symlink_to("loop")
    assert settings(tmp_path / "loop") == settings(tmp_path)
