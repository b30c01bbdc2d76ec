"""Signing a finished PDF: PAdES baseline B by pyHanko, as a certification that allows no change.

The same file, key and moment give the same bytes: the signature is deterministic (RFC 6979) and nothing is drawn from
chance, so that a lost file comes out again with the hash that was recorded.

pyHanko builds the CMS part from objects in some 25 ms; nearly all of it is the same for every file of one key, so that
it is put together here from parts that are encoded once. Its three attributes are those of PAdES baseline B
(ETSI EN 319 142-1).
"""

from __future__ import annotations

import datetime
import hashlib
import io
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from asn1crypto import cms, pem, x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.general import as_signing_certificate_v2, simple_cms_attribute
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer
from pyhanko_certvalidator.registry import SimpleCertificateStore

SEQUENCE, SET, OCTETS, TAGGED = 0x30, 0x31, 0x04, 0xA0
VERSION_1 = b"\x02\x01\x01"
FIELD = "XinhuoSignature"
RESERVED = 4096  # hexadecimal digits for the signature with its certificate; about 2,400 are used
CHINA = datetime.timezone(datetime.timedelta(hours=8))


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


class _Writer(IncrementalPdfFileWriter):
    """Adds the signature and nothing else: its file identifier follows from the file instead of from chance, and the
    properties stay as they were drawn (pyHanko would write the hour and its own version into them)."""

    def _update_meta(self) -> None:
        """Left alone."""

    @classmethod
    def _handle_id(cls, prev: PdfFileReader) -> Any:
        first, _second = prev.trailer["/ID"]
        prev.stream.seek(0)
        digest = hashlib.md5(prev.stream.read(), usedforsecurity=False).digest()
        return generic.ArrayObject([first, generic.ByteStringObject(digest)])


def sign_pdf(
    content: bytes, *, key: ec.EllipticCurvePrivateKey, certificate: str, at: datetime.datetime
) -> bytes:
    """The PDF with a signature by `key`, whose certificate (PEM) goes along; `at` is the moment that it claims.

    It is invisible: nothing on the page changes. About 5 ms.
    """
    metadata = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    signer = Signer(signing_cert=parts_of(certificate).certificate, cert_registry=SimpleCertificateStore())
    session = PdfSigner(metadata, signer).init_signing_session(_Writer(io.BytesIO(content)))
    session.system_time = at.astimezone(CHINA).replace(microsecond=0)
    prepared = session.prepare_tbs_document(validation_info=None, bytes_reserved=RESERVED)
    digest, output = prepared.digest_tbs_document(in_place=True)
    prepared.resume_signing(output, digest, sign_digest(digest.document_digest, key, certificate))
    output.seek(0)
    return bytes(output.read())
