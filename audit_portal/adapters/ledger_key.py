"""The key that signs the ledger's head: Ed25519, in a file outside the database, readable by the service only."""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit_portal.domain.errors import Misconfigured
from audit_portal.domain.ledger import Checkpoint, sign_checkpoint, verifier_key
from audit_portal.ports import KeyProvider

_CONTEXT = b"ledger signing key"


class LedgerKey:
    """Implements ports.LedgerSigner. The file holds the wrapped 32-byte seed and, on line one, the origin."""

    def __init__(self, path: Path, provider: KeyProvider) -> None:
        try:
            origin, sealed = path.read_text(encoding="ascii").splitlines()[:2]
            seed = provider.unwrap(bytes.fromhex(sealed), _CONTEXT)
        except FileNotFoundError as error:
            raise Misconfigured("key_missing", path=str(path), key_id=path.name) from error
        except (ValueError, OSError) as error:
            raise Misconfigured("key_wrong", path=str(path), key_id=path.name) from error
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.origin = origin
        self.verifier_key = verifier_key(origin, self._key.public_key())

    @classmethod
    def create(cls, path: Path, provider: KeyProvider, origin: str) -> LedgerKey:
        """A new key; an existing file is never overwritten (FileExistsError)."""
        seed = Ed25519PrivateKey.generate().private_bytes_raw()
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(f"{origin}\n{provider.wrap(seed, _CONTEXT).hex()}\n")
        return cls(path, provider)

    def sign(self, checkpoint: Checkpoint) -> str:
        return sign_checkpoint(checkpoint, self._key)
