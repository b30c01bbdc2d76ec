"""Finding certificates: by code for everybody, by rows for those who may see them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import BinaryIO

from core.people.policy import mask_name
from credentials.certificates.models import Certificate
from credentials.certificates.policy import CODE_LENGTH, clean_code, same_name
from credentials.certificates.states import Verdict


@dataclass(frozen=True)
class Answer:
    """What the verify page says about a code. For an unknown code everything else is empty."""

    verdict: Verdict
    certificate: Certificate | None = None
    name_matches: bool | None = None
    file_matches: bool | None = None

    @property
    def masked_name(self) -> str:
        return mask_name(self.certificate.name) if self.certificate else ""

    @property
    def is_good(self) -> bool:
        return self.verdict == Verdict.VALID and self.name_matches is not False and self.file_matches is not False


def look_up(code: str, *, name: str = "", digest: str = "") -> Answer:
    """The answer for one code, and whether a typed name and a file's SHA-256 agree with what was issued.

    Only the unguessable code opens anything: a serial number by itself answers "not found".
    """
    wanted = clean_code(code)
    certificate = None
    if len(wanted) == CODE_LENGTH:
        certificate = Certificate.objects.select_related("organisation", "replaced_by").filter(code=wanted).first()
    if certificate is None:
        return Answer(Verdict.UNKNOWN)
    return Answer(
        verdict=certificate.verdict(),
        certificate=certificate,
        name_matches=same_name(name, certificate.name) if name.strip() else None,
        file_matches=(digest == certificate.sha256) if digest else None,
    )


def look_up_file(digest: str) -> Certificate | None:
    """The certificate whose file has exactly this SHA-256."""
    return Certificate.objects.filter(sha256=digest).first() if digest else None


def sha256_of(file: BinaryIO) -> str:
    """The SHA-256 of an open file, read in pieces."""
    found = hashlib.sha256()
    while piece := file.read(2**16):
        found.update(piece)
    return found.hexdigest()
