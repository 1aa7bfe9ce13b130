"""Signing without a key: a certificate of Sigstore for who one is, and its public log.

The package sigstore (the extra ``sigstore``) does all of it; both ways need its services or what
was fetched of them before.
"""

from __future__ import annotations

from conda_preflight.errors import PreflightError, ReadError, UsageError

_MISSING = ("Signing without a key needs sigstore", "pip install 'conda-preflight[sigstore]'")


def sign(payload: bytes) -> str:
    """A Sigstore bundle around an in-toto statement, as one line of JSON.

    Who one is says the CI, else a browser that is opened. Raises PreflightError.
    """
    try:
        from sigstore.dsse import Statement
        from sigstore.errors import Error
        from sigstore.models import ClientTrustConfig
        from sigstore.oidc import IdentityToken, Issuer, detect_credential
        from sigstore.sign import SigningContext
    except ImportError:
        raise UsageError(*_MISSING) from None
    try:
        trust = ClientTrustConfig.production()
        found = detect_credential()
        issuer = Issuer(trust.signing_config.get_oidc_url())
        token = IdentityToken(found) if found else issuer.identity_token()
        with SigningContext.from_trust_config(trust).signer(token) as signer:
            bundle: str = signer.sign_dsse(Statement(payload)).to_json()
            return bundle + "\n"
    except (Error, OSError, ValueError) as error:
        raise _failed(error) from None


def verified(bundle: bytes, identity: str, issuer: str) -> bytes:
    """The signed bytes of a bundle that this identity made; raises ReadError where it did not.

    Raises PreflightError where that cannot be told.
    """
    try:
        from sigstore.errors import Error, VerificationError
        from sigstore.models import Bundle, InvalidBundle
        from sigstore.verify import Verifier
        from sigstore.verify.policy import Identity
    except ImportError:
        raise UsageError(*_MISSING) from None
    try:
        found = Bundle.from_json(bundle)
    except (InvalidBundle, ValueError):
        raise ReadError("This is not a Sigstore bundle") from None
    try:
        verifier = Verifier.production()
    except (Error, OSError, ValueError) as error:
        raise _failed(error) from None
    try:
        signed = verifier.verify_dsse(found, Identity(identity=identity, issuer=issuer))
    except VerificationError as error:
        raise ReadError(f"Sigstore refuses it: {error}"[:400]) from None
    payload: bytes = signed[1]
    return payload


def _failed(error: Exception) -> PreflightError:
    return PreflightError(
        f"Sigstore cannot be asked: {type(error).__name__} {error}"[:400],
        "Sign with a key: --key FILE.",
    )
