"""Status lists (W3C Bitstring Status List 1.0): one bit for each badge, set once it must not be accepted any more."""

from __future__ import annotations

import base64
import datetime
import gzip
from collections.abc import Iterable
from typing import Any

from credentials.badges.document.contexts import CREDENTIALS

LENGTH = 131_072  # the least that the standard allows: a reader of the list does not learn which badge is asked for


def encode_bits(indexes: Iterable[int]) -> str:
    """The list with these bits set, as multibase base64url of its GZIP; the same text for the same bits.

    Index 0 is the left-most bit. Raises IndexError for an index outside the list.
    """
    bits = bytearray(LENGTH // 8)
    for index in indexes:
        if not 0 <= index < LENGTH:
            raise IndexError(index)
        bits[index // 8] |= 0x80 >> index % 8
    return "u" + base64.urlsafe_b64encode(gzip.compress(bytes(bits), mtime=0)).rstrip(b"=").decode("ascii")


def is_set(encoded: str, index: int) -> bool:
    """Whether this bit of an encoded list is set."""
    raw = encoded.removeprefix("u")
    bits = gzip.decompress(base64.urlsafe_b64decode(raw + "=" * (-len(raw) % 4)))
    return bool(bits[index // 8] & (0x80 >> index % 8))


def status_credential(
    *, address: str, issuer: str, indexes: Iterable[int], now: datetime.datetime, good_for: datetime.timedelta
) -> dict[str, Any]:
    """The credential in which an issuer says which of its badges are revoked, before it is signed."""
    return {
        "@context": [CREDENTIALS],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": _utc(now),
        "validUntil": _utc(now + good_for),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encode_bits(indexes),
        },
    }


def _utc(moment: datetime.datetime) -> str:
    return moment.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
