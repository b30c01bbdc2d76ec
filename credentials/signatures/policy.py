"""A CMS signature (RFC 5652) over a digest: writing one, and reading one without trusting a byte of it. No database.

pyHanko builds the same from objects in some 25 ms; nearly all of it is the same for every file of one key, so that it is
put together here from parts that are encoded once. Its three attributes are those of PAdES baseline B (ETSI EN 319 142-1).
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from asn1crypto import cms, pem, x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key
from pyhanko.sign.general import as_signing_certificate_v2, simple_cms_attribute

SEQUENCE, SET, OCTETS, TAGGED = 0x30, 0x31, 0x04, 0xA0
VERSION_1 = b"\x02\x01\x01"
_ATTRIBUTES_MOST = 20


def der(tag: int, *parts: bytes) -> bytes:
    """Parts in one value of DER."""
    body = b"".join(parts)
    size = len(body)
    if size < 0x80:
        return bytes((tag, size)) + body
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + body


def _oid(dotted: str) -> bytes:
    return bytes(cms.ContentType(dotted).dump())


DATA, SIGNED_DATA = _oid("1.2.840.113549.1.7.1"), _oid("1.2.840.113549.1.7.2")
MESSAGE_DIGEST = _oid("1.2.840.113549.1.9.4")
SHA256 = der(SEQUENCE, _oid("2.16.840.1.101.3.4.2.1"))
ECDSA_SHA256 = der(SEQUENCE, _oid("1.2.840.10045.4.3.2"))


@dataclass(frozen=True)
class Parts:
    """What every signature of one certificate has in common, encoded."""

    certificate: x509.Certificate
    issuer_and_serial: bytes
    content_type: bytes
    signing_certificate: bytes


@lru_cache(maxsize=16)
def parts_of(certificate: str) -> Parts:
    """The parts for a certificate (PEM); kept, as a batch repeats them."""
    _kind, _headers, content = pem.unarmor(certificate.encode("ascii"))
    found = x509.Certificate.load(content)
    naming = {"issuer": found.issuer, "serial_number": found.serial_number}
    reference = simple_cms_attribute("signing_certificate_v2", as_signing_certificate_v2(found))
    return Parts(
        certificate=found,
        issuer_and_serial=cms.IssuerAndSerialNumber(naming).dump(),
        content_type=simple_cms_attribute("content_type", "data").dump(),
        signing_certificate=reference.dump(),
    )


def sign_digest(digest: bytes, key: ec.EllipticCurvePrivateKey, certificate: str) -> bytes:
    """A detached CMS signature over the SHA-256 of a document. The same for the same key and digest (RFC 6979)."""
    parts = parts_of(certificate)
    attributes = sorted(
        (
            parts.content_type,
            der(SEQUENCE, MESSAGE_DIGEST, der(SET, der(OCTETS, digest))),
            parts.signing_certificate,
        )
    )
    signature = key.sign(der(SET, *attributes), ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
    signer = der(
        SEQUENCE,
        VERSION_1,
        parts.issuer_and_serial,
        SHA256,
        der(TAGGED, *attributes),
        ECDSA_SHA256,
        der(OCTETS, signature),
    )
    signed = der(
        SEQUENCE,
        VERSION_1,
        der(SET, SHA256),
        der(SEQUENCE, DATA),
        der(TAGGED, parts.certificate.dump()),
        der(SET, signer),
    )
    return der(SEQUENCE, SIGNED_DATA, der(TAGGED, signed))


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
