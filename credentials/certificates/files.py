"""The PDF of a certificate: made once from the frozen facts, kept with its hash, and checked whenever it is handed out."""

from __future__ import annotations

import datetime
import hashlib
import io
import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import storages
from django.urls import reverse
from django.utils.translation import gettext as _

from core.states import Refused
from credentials.certificates.document import CertificateFacts, CertificateWording, render
from credentials.certificates.models import Certificate, CertificateEdition
from credentials.certificates.queries import files_of
from credentials.designs.queries import drawable
from credentials.signatures.actions import sign, sign_with

log = logging.getLogger("xinhuo.certificates")


def printed_facts(certificate: Certificate) -> CertificateFacts:
    """The frozen facts in the shape that the document takes: also its words and the address it names are frozen."""
    facts = certificate.facts
    site = facts.get("site", settings.SITE_URL)
    return CertificateFacts(
        serial=certificate.serial,
        code=certificate.code_grouped,
        name=facts["name"],
        course_title=facts["course_title"],
        course_title_en=facts.get("course_title_en", ""),
        hours=facts["hours"],
        issuer=facts["issuer"],
        cohort=facts.get("cohort", ""),
        issued_on=certificate.issued_on,
        expires_on=certificate.expires_on,
        verify_url=f"{site}{reverse('verify-code', args=[certificate.code])}",
        watermark=facts.get("watermark"),
        design=drawable(facts.get("design")),
        wording=CertificateWording(**facts.get("wording", {})),
    )


def render_file(*, certificate_id: int) -> Certificate:
    """Make the certificate's file once, signed. The bytes follow from the frozen facts, the key and the moment of issue, so
    a repeat after a crash is harmless. Raises KeyMissing when there is nothing to sign with.

    The file is written in whole under a name of its own before the row names it, and the row names it by
    compare-and-set: of two workers at once, and of one killed at any moment, one whole file remains.
    """
    certificate = Certificate.objects.get(pk=certificate_id)
    if certificate.sha256:
        return certificate
    content, key = sign(render(printed_facts(certificate)), at=certificate.created_at)
    digest, name = store_whole(content, "certificates", certificate.issued_on)
    made = {"sha256": digest, "file": name, "signed_with": key}
    if Certificate.objects.filter(pk=certificate.pk, sha256="").update(**made):
        certificate.sha256, certificate.file, certificate.signed_with = digest, name, key
        return certificate
    certificate.refresh_from_db()
    if name != certificate.file:
        storages["private"].delete(name)
    return certificate


def store_whole(content: bytes, folder: str, day: datetime.date) -> tuple[str, str]:
    """Write a paper into the private store; returns its SHA-256 and the name under which it lies there.

    It lies there whole, under a name that nothing else has, before any row can name it.
    """
    digest = hashlib.sha256(content).hexdigest()
    wanted = f"{folder}/{day.year}/{digest[:2]}/{digest}.pdf"
    return digest, storages["private"].save(wanted, ContentFile(content))


def open_file(*, certificate: Certificate) -> File[bytes]:
    """The certificate's file, made now when no worker has made it yet.

    Of several editions it is the latest. What the store has lost or spoilt is made again, if it comes out with the hash that was recorded; else
    FileNotFoundError: bytes that were not issued are never handed out.
    """
    if not certificate.sha256:
        certificate = render_file(certificate_id=certificate.pk)
    edition = certificate.editions.order_by("number").select_related("signed_with").last()
    file = edition or certificate
    return open_checked(file.file, file.sha256, lambda: _made_again(certificate, edition), certificate.serial)


def _made_again(certificate: Certificate, edition: CertificateEdition | None) -> bytes:
    """The file as it was made: signed with the same key at the same moment; of the time before signatures, unsigned."""
    drawn = render(printed_facts(certificate))
    if edition is not None:
        return sign_with(drawn, key=edition.signed_with, at=edition.signed_at)
    if certificate.signed_with is None:
        return drawn
    return sign_with(drawn, key=certificate.signed_with, at=certificate.created_at)


def store_edition(certificate: Certificate, at: datetime.datetime) -> dict[str, Any]:
    """Draw and sign the certificate's file anew and store it; returns what a row of an edition says about the file.

    Raises Refused when it is, to the last byte, a file that there is already: of a double click the second gets this.
    """
    content, key = sign(render(printed_facts(certificate)), at=at)
    if hashlib.sha256(content).hexdigest() in files_of(certificate):
        raise Refused(_("This file has just been made: another would be the same."))
    digest, name = store_whole(content, "certificates", certificate.issued_on)
    return {"sha256": digest, "file": name, "signed_with": key, "signed_at": at}


def open_checked(name: str, sha256: str, make: Callable[[], bytes], serial: str) -> File[bytes]:
    """A stored paper, if its bytes are the ones that were issued; `make` draws it again from its frozen facts.

    Raises FileNotFoundError when it is lost or spoilt and does not come out again with the recorded hash.
    """
    content = _stored(name, sha256)
    if content is None:
        content = make()
        if hashlib.sha256(content).hexdigest() != sha256:
            raise FileNotFoundError(name)
        store = storages["private"]
        store.delete(name)
        store.save(name, ContentFile(content))
        log.warning("%s: the file was lost or spoilt and has been made again", serial)
    return File(io.BytesIO(content), name=name)


def _stored(name: str, sha256: str) -> bytes | None:
    """The stored bytes; None when they are gone or are not the ones that were issued."""
    try:
        with storages["private"].open(name) as file:
            content: bytes = file.read()
    except FileNotFoundError:
        return None
    return content if hashlib.sha256(content).hexdigest() == sha256 else None
