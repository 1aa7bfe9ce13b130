"""An answer is read whatever its bytes are, and told as the reader of sheets allows."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from conda_preflight.documents import Host, Location, Source, Trial
from conda_preflight.engines.clean_process import Ended
from conda_preflight.probing import sheet_json
from conda_preflight.readers import host as reader
from conda_preflight.trying import answer
from conda_preflight.trying.trials import judged

LINES = st.dictionaries(
    st.sampled_from(["fact", "value", "doing", "status", "detail", "x"]),
    st.recursive(st.text() | st.integers() | st.none(), st.lists, max_leaves=3),
)
DATA = st.binary() | st.lists(LINES).map(lambda rows: "\n".join(map(json.dumps, rows)).encode())


@given(DATA, st.sampled_from([0, 1, -9, 127]), st.booleans())
def test_any_bytes_give_a_trial_that_a_sheet_can_hold(tmp_path_factory, data, code, late):
    path = tmp_path_factory.mktemp("answer") / "answer"
    path.write_bytes(data)
    trial = judged("jax.import", answer.read(path), Ended(code, data.decode("latin1"), 1.0, late))
    host = Host("sheet.json", Location("sheet.json"), trials=(trial,))
    text = sheet_json.write(host)
    source = Source("sheet.json", text, "", len(text), "utf-8", "\n", tuple(text.split("\n")))
    (read,) = (doc for doc in reader.read(source) if isinstance(doc, Host))
    assert read.trials[0].status == trial.status
    if code or late:
        assert trial.status != "passed"


def test_no_answer_at_all(tmp_path):
    told = answer.read(tmp_path / "none")
    assert judged("x", told, Ended(0, "", 0.0)) == Trial(
        "x", "crashed", "it ended with exit code 0, without an answer", (("seconds", "0.00"),)
    )


def test_only_the_first_word_counts(tmp_path):
    path = tmp_path / "answer"
    path.write_text('{"status": "failed", "detail": "a"}\n{"status": "passed"}\n')
    assert answer.read(path).status == "failed"
