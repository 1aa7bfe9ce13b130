"""settings/tls-verification-off."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.check import check
from conda_preflight.documents import Condarc, Setting
from conda_preflight.grammar.condarc_value import plain_place, switch
from conda_preflight.report import Edit, Problem, Severity


@check("settings/tls-verification-off", Severity.ERROR)
def tls_verification_off(condarc: Condarc) -> Iterator[Problem]:
    """Conda does not check whom it downloads from.

    Without the check of certificates anybody on the way can hand out other packages, and the
    digests with them. A company's own authority is no reason for it: `ssl_verify` takes the path
    of its certificates, or `truststore` for those of the system.

    `ssl_no_revoke: true` is only noted: certificates are checked, but not whether they were
    revoked.

    ## Fails

    ```yaml .condarc
    ssl_verify: false
    ```

    ```yaml .condarc
    verify_ssl: "No"
    ```

    ```yaml .condarc
    ssl_verify: 0
    ```

    ```yaml .condarc
    ssl_verify: <false>
    ```

    ## Passes

    ```yaml .condarc
    ssl_verify: true
    ```

    ```yaml .condarc
    ssl_verify: truststore
    ```

    ```yaml .condarc
    ssl_verify: /etc/ssl/certs/company.pem
    ```

    ```yaml .condarc
    ssl_verify: $COMPANY_CERTIFICATES
    ```

    ## Fix

    Write `ssl_verify: true`, `ssl_verify: truststore` or the path of the certificates.
    """
    setting = condarc.get("ssl_verify")
    if setting and _is_off(setting):
        yield Problem(
            "ssl_verify",
            "Certificates are not checked, so anybody on the way can hand out other packages",
            setting.location,
            "Write `ssl_verify: true`, or the path of your company's certificates.",
            edits=_edits(setting),
        )
    revoked = condarc.get("ssl_no_revoke")
    if revoked and switch(revoked):
        yield Problem(
            "ssl_no_revoke",
            "Nobody checks whether a certificate was revoked",
            revoked.location,
            "Delete `ssl_no_revoke`.",
            Severity.NOTE,
        )


def _is_off(setting: Setting) -> bool:
    """As conda reads it; ``<false>`` is how mamba writes it."""
    return setting.value == "<false>" or switch(setting) is False


def _edits(setting: Setting) -> tuple[Edit, ...]:
    place = plain_place(setting)
    return (Edit(place, str(setting.value), "true"),) if place else ()
