"""Finding certificates: by code for everybody, by rows for those who may see them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from core.access.limits import give_back_try, take_try
from core.access.scope import Asker
from core.audit.models import AuditEntry
from core.pdf.faces import describe_character, missing_glyphs
from core.people.policy import mask_name
from core.ui.lists import listed
from credentials.certificates.models import Certificate, CertificateEdition
from credentials.certificates.policy import CODE_LENGTH, clean_code, same_name
from credentials.certificates.states import Verdict

WRONG_NAMES_A_DAY = 10  # to one code, by everybody together: a masked name leaves too few to try them all
PRINTED = ("name", "course_title", "course_title_en", "cohort", "issuer")


@dataclass(frozen=True)
class Trouble:
    """Why facts cannot be printed: sentences to translate (msgids), with a place for the characters."""

    reason: str
    for_holder: str
    for_officer: str
    characters: str = ""


def trouble_with(**facts: Any) -> Trouble | None:
    """What keeps these facts from being printed, or None: a name that is empty, or a character that no font has."""
    if not (facts.get("name") or "").strip():
        return Trouble(
            reason=gettext_noop("The holder’s profile has no name."),
            for_holder=gettext_noop(
                "You have completed the course. Enter your real name in your profile: it is printed."
            ),
            for_officer=gettext_noop(
                "The holder has completed the course, but the profile has no name to print."
            ),
        )
    if missing := missing_glyphs(facts["name"]):
        return _unprintable_name(_described(missing))
    missing = missing_glyphs("".join(facts.get(key) or "" for key in PRINTED))
    return _unprintable_title(_described(missing)) if missing else None


def _described(missing: Iterable[str]) -> str:
    return listed(describe_character(char) for char in missing)[:400]


def _unprintable_name(characters: str) -> Trouble:
    return Trouble(
        reason=gettext_noop("No font has the characters %(characters)s."),
        for_holder=gettext_noop(
            "You have completed the course, and your hours count. The certificate cannot be printed yet, because no "
            "font has the characters %(characters)s. Check how your name is written in your profile; if it is right, "
            "your administrator takes care of it."
        ),
        for_officer=gettext_noop(
            "%(name)s has completed the course, but no font has the characters %(characters)s. Check how the name is "
            "written, correct it together with the holder, and try again."
        ),
        characters=characters,
    )


def _unprintable_title(characters: str) -> Trouble:
    return Trouble(
        reason=gettext_noop(
            "The title of the course or cohort, or the name of the organisation, has characters that no font has: "
            "%(characters)s."
        ),
        for_holder=gettext_noop(
            "You have completed the course, and your hours count. The certificate cannot be printed yet, because a "
            "title has characters that no font has: %(characters)s. Your administrator takes care of it."
        ),
        for_officer=gettext_noop(
            "%(name)s has completed the course, but the title of the course or cohort, or the name of the "
            "organisation, has characters that no font has: %(characters)s. Correct it and try again."
        ),
        characters=characters,
    )


@dataclass(frozen=True)
class Answer:
    """What the verify page says about a code. For an unknown code everything else is empty."""

    verdict: Verdict
    certificate: Certificate | None = None
    name_matches: bool | None = None
    names_spent: bool = False  # so many wrong names were typed today that none is compared any more
    file_matches: bool | None = None
    file_is_old: bool = False  # a file of ours that a later edition has superseded

    @property
    def masked_name(self) -> str:
        return mask_name(self.certificate.name) if self.certificate else ""

    @property
    def is_good(self) -> bool:
        return (
            self.verdict == Verdict.VALID
            and self.name_matches is not False
            and self.file_matches is not False
        )


def look_up(code: str, *, serial: str = "", name: str = "", digest: str = "") -> Answer:
    """The answer for one code, and whether a typed name and a file's SHA-256 agree with what was issued.

    Only the unguessable code opens anything: a serial number by itself answers "not found", and so does a code
    beside the serial number of another certificate. A wrong name is counted (`compare_name`).
    """
    wanted = clean_code(code)
    certificate = None
    if len(wanted) == CODE_LENGTH:
        certificate = (
            Certificate.objects.select_related("organisation", "replaced_by").filter(code=wanted).first()
        )
    if certificate is None or (serial and serial.strip().upper() != certificate.serial):
        return Answer(Verdict.UNKNOWN)
    files = files_of(certificate) if digest else []
    matches, spent = compare_name(name, certificate.name, certificate.code)
    return Answer(
        verdict=certificate.verdict(),
        certificate=certificate,
        name_matches=matches,
        names_spent=spent,
        file_matches=(digest in files) if digest else None,
        file_is_old=digest in files[:-1],
    )


def compare_name(typed: str, printed: str, code: str) -> tuple[bool | None, bool]:
    """Whether a typed name is the printed one (None: not compared), and whether today's wrong names are used up.

    Used by everything that compares a name with a paper, so that a page, a table and many visitors share the ten wrong
    names a day that one code has. A right name costs none. Side effect: a wrong one is counted.
    """
    if not typed.strip():
        return None, False
    if not take_try("verify-name", code, WRONG_NAMES_A_DAY):
        return None, True
    matches = same_name(typed, printed)
    if matches:
        give_back_try("verify-name", code)
    return matches, False


def files_of(certificate: Certificate) -> list[str]:
    """The SHA-256 of every file that was made of a certificate, the one in force last. One query."""
    later = certificate.editions.order_by("number").values_list("sha256", flat=True)
    return [each for each in (certificate.sha256, *later) if each]


def look_up_file(digest: str) -> Certificate | None:
    """The certificate one of whose files has exactly this SHA-256."""
    if not digest:
        return None
    edition = CertificateEdition.objects.filter(sha256=digest).select_related("certificate").first()
    return edition.certificate if edition else Certificate.objects.filter(sha256=digest).first()


def sha256_of(file: BinaryIO) -> str:
    """The SHA-256 of an open file, read in pieces."""
    found = hashlib.sha256()
    while piece := file.read(2**16):
        found.update(piece)
    return found.hexdigest()


def desk_certificates(user: Asker) -> QuerySet[Certificate]:
    """The certificates that this user may read, with everything that a row and a page of the desk show."""
    return Certificate.objects.visible_to(user).select_related(
        "organisation", "person__user", "replaces", "replaced_by"
    )


def chain_of(certificate: Certificate) -> list[Certificate]:
    """The certificate with those that it replaced and that replaced it, the first one first. One query."""
    if certificate.enrolment_id is None:
        near = [certificate.replaces, certificate, getattr(certificate, "replaced_by", None)]
        return [each for each in near if each is not None]
    return list(Certificate.objects.filter(enrolment_id=certificate.enrolment_id).order_by("pk"))


def trail_of(certificate: Certificate) -> QuerySet[AuditEntry]:
    """Everything that was done to a certificate, the latest first."""
    return AuditEntry.objects.trail_of(certificate)
