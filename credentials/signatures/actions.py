"""Signing what is issued."""

from __future__ import annotations

import datetime

from cryptography.hazmat.primitives.asymmetric import ec

from credentials.keys.actions import signer_for
from credentials.keys.files import private_of
from credentials.keys.models import SigningKey
from credentials.keys.states import Purpose
from credentials.signatures.files import sign_pdf


def sign(content: bytes, *, at: datetime.datetime) -> tuple[bytes, SigningKey]:
    """The PDF signed with the key in use, and that key, to be kept beside the file. Raises KeyMissing."""
    row = signer_for(Purpose.PDF).row
    return sign_with(content, key=row, at=at), row


def sign_with(content: bytes, *, key: SigningKey, at: datetime.datetime) -> bytes:
    """The PDF signed with this key: the same bytes whenever it is asked, so that a lost file can be made again.

    No signature claims to be older than its key. Raises KeyMissing.
    """
    private = private_of(key)
    assert isinstance(private, ec.EllipticCurvePrivateKey)
    return sign_pdf(content, key=private, certificate=key.certificate, at=max(at, key.starts_at))
