"""Random requests by the OpenAPI document: no answer is a fault of the server."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


def test_no_request_is_a_fault_of_the_server(guarded):
    from tests.web.conftest import fill

    fill(guarded.url)
    headers = {"Authorization": f"Bearer {guarded.read}"}
    root = f"http://127.0.0.1:{guarded.client.port}"
    schema = schemathesis.openapi.from_url(f"{root}/api/openapi.json", headers=headers)
    checks = [
        schemathesis.checks.not_a_server_error,
        schemathesis.checks.response_schema_conformance,
        schemathesis.checks.status_code_conformance,
        schemathesis.checks.content_type_conformance,
    ]
    names = []
    for found in schema.get_all_operations():
        operation = found.ok()
        _ask(operation, guarded, checks)
        names.append(operation.label)
    assert len(names) > 12


def _ask(operation, guarded, checks):
    token = guarded.post if operation.method.upper() == "POST" else guarded.read
    quiet = settings(
        max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )

    @quiet
    @given(case=operation.as_strategy())
    def ask(case):
        case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=checks)

    ask()
