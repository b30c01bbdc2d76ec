"""Which of the signatures in a file is ours."""

from __future__ import annotations

from dataclasses import dataclass

from credentials.keys.models import SigningKey
from credentials.keys.queries import key_by_fingerprint
from credentials.signatures.policy import Inspected, inspect_signatures


@dataclass(frozen=True)
class OurSignature:
    """The first signature in a file that was made with a key of ours; the key may have been withdrawn since."""

    key: SigningKey
    found: Inspected

    @property
    def holds(self) -> bool:
        """Whether it proves the whole file: nothing changed, nothing added, and the key is trusted."""
        return self.found.is_intact and not self.found.appended and self.key.is_trusted


def our_signature(content: bytes) -> OurSignature | None:
    """None when nothing in it was signed by us."""
    for found in inspect_signatures(content):
        if key := key_by_fingerprint(found.fingerprint):
            return OurSignature(key, found)
    return None
