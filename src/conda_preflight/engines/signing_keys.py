"""Keys that sign and verify, Ed25519 and ECDSA on P-256, through securesystemslib.

Of its DSSE part only the keys are used: it matches signatures by key id, which cosign leaves
empty, and takes base64 in more than one spelling.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from conda_preflight.errors import UsageError
from conda_preflight.plain import document_type

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
    from securesystemslib.signer import CryptoSigner, SSlibKey

SCHEMES = ("ed25519", "ecdsa-sha2-nistp256")
MAX_BYTES = 64 * 1024
_MAKE = "openssl genpkey -algorithm ed25519 -out key.pem"
_SHOW = "openssl pkey -in key.pem -pubout -out key.pub"
_COSIGN = (b"SIGSTORE PRIVATE KEY", b"COSIGN PRIVATE KEY")


@document_type
class PrivateKey:
    """A key that signs."""

    signer: CryptoSigner

    @property
    def keyid(self) -> str:
        """The id of its public half."""
        return self.signer.public_key.keyid

    def sign(self, message: bytes) -> bytes:
        """The signature of these bytes."""
        return bytes.fromhex(self.signer.sign(message).signature)


@document_type
class PublicKey:
    """A key that verifies."""

    key: SSlibKey

    @property
    def keyid(self) -> str:
        """What securesystemslib and TUF call it: a digest of the key, its type and scheme."""
        return self.key.keyid

    def verifies(self, signature: bytes, message: bytes) -> bool:
        """Whether the signature of these bytes was made with the key's other half."""
        from securesystemslib.exceptions import UnverifiedSignatureError
        from securesystemslib.signer import Signature

        try:
            self.key.verify_signature(Signature(self.keyid, signature.hex()), message)
        except UnverifiedSignatureError:
            return False
        return True


def private_key(data: bytes, name: str, passphrase: Callable[[], bytes]) -> PrivateKey:
    """The key in a PEM file; ``passphrase`` is asked when it is encrypted. Raises UsageError."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    if any(mark in data for mark in _COSIGN):
        raise UsageError(
            f"{name} is encrypted in cosign's own way",
            f"Sign with a PKCS#8 key; cosign takes it too: {_MAKE}; cosign import-key-pair.",
        )
    try:
        try:
            found = load_pem_private_key(data, None)
        except TypeError:  # it is encrypted
            found = load_pem_private_key(data, passphrase())
        return PrivateKey(_supported(found, name))
    except (ValueError, TypeError, UnsupportedAlgorithm):
        wrong = "The passphrase is wrong, or " if b"ENCRYPTED" in data else ""
        text = f"{wrong}{name} is no private key in PEM form"
        raise UsageError(text, f"Make one: {_MAKE}") from None


def _supported(found: PrivateKeyTypes, name: str) -> CryptoSigner:
    from securesystemslib.signer import CryptoSigner, SSlibKey

    try:
        key = SSlibKey.from_crypto(found.public_key())
    except ValueError:
        raise _of_another_kind(name) from None
    if key.scheme not in SCHEMES:
        raise _of_another_kind(name)
    return CryptoSigner(found, key)


def public_key(data: bytes, name: str) -> PublicKey:
    """The key in a PEM file; raises UsageError."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_public_key
    from securesystemslib.signer import SSlibKey

    if b"PRIVATE KEY" in data:
        raise UsageError(f"{name} is a private key, which nobody should see here", f"Make: {_SHOW}")
    try:
        key = SSlibKey.from_crypto(load_pem_public_key(data))
    except (ValueError, UnsupportedAlgorithm):
        raise UsageError(f"{name} is no public key in PEM form", f"Make one: {_SHOW}") from None
    if key.scheme not in SCHEMES:
        raise _of_another_kind(name)
    return PublicKey(key)


def _of_another_kind(name: str) -> UsageError:
    return UsageError(f"{name} is neither an Ed25519 key nor ECDSA on P-256", f"Make one: {_MAKE}")
