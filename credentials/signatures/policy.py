"""Reading the signatures of a file (CMS, RFC 5652) without trusting a byte of it. No database."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from itertools import islice

from asn1crypto import cms
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key

SET = 0x31  # the tag of what is signed
_ATTRIBUTES_MOST = 20


@dataclass(frozen=True)
class Signed:
    """What a signature says once its mathematics hold: by which key (SHA-256 of it), over which digest."""

    fingerprint: str
    digest: bytes


def read_signature(content: bytes) -> Signed | None:
    """Whose signature this is and over what; None when it is none, or does not hold by its own certificate.

    Whether the key is one of ours, and the digest the document's, is for the caller to ask. Any bytes may be given.
    """
    try:
        return _read(content)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError):
        return None
    except (InvalidSignature, UnsupportedAlgorithm, OverflowError, RecursionError):
        return None


def _read(content: bytes) -> Signed | None:
    signed = cms.ContentInfo.load(content)["content"]
    signer = signed["signer_infos"][0]
    key_info = signed["certificates"][0].chosen.public_key.dump()
    key = load_der_public_key(key_info)
    attributes = signer["signed_attrs"]
    if not isinstance(key, ec.EllipticCurvePublicKey) or len(attributes) > _ATTRIBUTES_MOST:
        return None
    signed_bytes = bytes((SET,)) + attributes.dump()[1:]  # signed as a SET, written with another tag
    key.verify(signer["signature"].native, signed_bytes, ec.ECDSA(hashes.SHA256()))
    found = {each["type"].native: each["values"][0].native for each in attributes}
    digest = found["message_digest"]
    return Signed(hashlib.sha256(key_info).hexdigest(), digest) if isinstance(digest, bytes) else None


@dataclass(frozen=True)
class Inspected:
    """One signature found in a file: by which key, whether it fits what it claims to cover, and what follows it."""

    fingerprint: str
    is_intact: bool  # the signed part is unchanged to the last byte
    appended: int = 0  # bytes after the signed part
    is_cut: bool = False  # the file ends before the signed part does


_CONTENTS = re.compile(rb"/Contents\s*<([0-9A-Fa-f]{400,65536})>")
_RANGES = re.compile(rb"/ByteRange\s*\[\s*(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s*\]")
_SIGNATURES_MOST = 10


def inspect_signatures(content: bytes) -> list[Inspected]:
    """The signatures of a PDF, in the order of the file.

    The file is searched, never interpreted: whatever anybody uploads, there is no parser to lead astray, and the time is
    that of one hash. A signature counts for what it covers: everything from the first byte, but for itself.
    """
    ranges = [
        tuple(map(int, found.groups())) for found in islice(_RANGES.finditer(content), _SIGNATURES_MOST)
    ]
    inspected = []
    for found in islice(_CONTENTS.finditer(content), _SIGNATURES_MOST):
        digits = found.group(1)
        signed = read_signature(bytes.fromhex(digits[: len(digits) // 2 * 2].decode("ascii")))
        if signed is not None:
            inspected.append(_covered(content, signed, found.start(1) - 1, found.end(1) + 1, ranges))
    return inspected


def _covered(
    content: bytes, signed: Signed, start: int, end: int, ranges: list[tuple[int, ...]]
) -> Inspected:
    tail = next((each[3] for each in ranges if each[:3] == (0, start, end)), None)
    if tail is None:
        return Inspected(signed.fingerprint, is_intact=False)
    last = end + tail
    digest = hashlib.sha256(content[:start])
    digest.update(content[end:last])
    return Inspected(
        fingerprint=signed.fingerprint,
        is_intact=digest.digest() == signed.digest,
        appended=max(0, len(content) - last),
        is_cut=last > len(content),
    )
