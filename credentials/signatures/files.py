"""Signing a finished PDF: PAdES baseline B by pyHanko, as a certification that allows no change.

The same file, key and moment give the same bytes: the signature is deterministic (RFC 6979) and nothing is drawn from
chance, so that a lost file comes out again with the hash that was recorded.
"""

from __future__ import annotations

import datetime
import hashlib
import io
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer
from pyhanko_certvalidator.registry import SimpleCertificateStore

from credentials.signatures.policy import parts_of, sign_digest

FIELD = "XinhuoSignature"
RESERVED = 4096  # hexadecimal digits for the signature with its certificate; about 2,400 are used
CHINA = datetime.timezone(datetime.timedelta(hours=8))


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
