"""The PDF of a certificate: made once from the frozen facts, kept with its hash, and checked whenever it is handed out."""

from __future__ import annotations

import hashlib
import io
import logging

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import storages
from django.urls import reverse

from credentials.certificates.document import CertificateFacts, CertificateWording, render
from credentials.certificates.models import Certificate

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
        wording=CertificateWording(**facts.get("wording", {})),
    )


def render_file(*, certificate_id: int) -> Certificate:
    """Make the certificate's file once. The bytes follow from the frozen facts, so a repeat after a crash is harmless.

    The file is written in whole under a name of its own before the row names it, and the row names it by
    compare-and-set: of two workers at once, and of one killed at any moment, one whole file remains.
    """
    certificate = Certificate.objects.get(pk=certificate_id)
    if certificate.sha256:
        return certificate
    content = render(printed_facts(certificate))
    digest = hashlib.sha256(content).hexdigest()
    store = storages["private"]
    name = store.save(_file_name(certificate, digest), ContentFile(content))
    if Certificate.objects.filter(pk=certificate.pk, sha256="").update(sha256=digest, file=name):
        certificate.sha256, certificate.file = digest, name
        return certificate
    certificate.refresh_from_db()
    if name != certificate.file:
        store.delete(name)
    return certificate


def _file_name(certificate: Certificate, digest: str) -> str:
    return f"certificates/{certificate.issued_on.year}/{digest[:2]}/{digest}.pdf"


def open_file(*, certificate: Certificate) -> File[bytes]:
    """The certificate's file, made now when no worker has made it yet.

    What the store has lost or spoilt is made again, if it comes out with the hash that was recorded; else
    FileNotFoundError: bytes that were not issued are never handed out.
    """
    if not certificate.sha256:
        certificate = render_file(certificate_id=certificate.pk)
    content = _stored(certificate)
    if content is None:
        content = render(printed_facts(certificate))
        if hashlib.sha256(content).hexdigest() != certificate.sha256:
            raise FileNotFoundError(certificate.file)
        store = storages["private"]
        store.delete(certificate.file)
        store.save(certificate.file, ContentFile(content))
        log.warning("certificate %s: the file was lost or spoilt and has been made again", certificate.serial)
    return File(io.BytesIO(content), name=certificate.file)


def _stored(certificate: Certificate) -> bytes | None:
    """The stored bytes; None when they are gone or are not the ones that were issued."""
    try:
        with storages["private"].open(certificate.file) as file:
            content: bytes = file.read()
    except FileNotFoundError:
        return None
    return content if hashlib.sha256(content).hexdigest() == certificate.sha256 else None
