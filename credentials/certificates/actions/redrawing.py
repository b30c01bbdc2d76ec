"""Drawing the file of a certificate anew; the one before stays and is still recognised."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.audit.actions import record
from core.states import Refused, StaleState
from credentials.certificates.actions.refusals import require_independent
from credentials.certificates.files import render_file, store_edition
from credentials.certificates.models import Certificate, CertificateEdition
from credentials.certificates.states import CertificateState


@transaction.atomic
def redraw(*, certificate: Certificate, reason: str, actor: Asker) -> CertificateEdition:
    """Draw and sign the file of a certificate anew from the same facts; serial and code stay as they are.

    The file before stays in the store and is still recognised, as genuine but superseded. Raises Refused without a
    reason or when the officer is not independent of the holder, StaleState when the certificate was revoked or replaced, KeyMissing when there is nothing to sign with.
    Side effects in order: the certificate's row is locked, the file, a row for it, an audit entry.
    """
    if not reason.strip():
        raise Refused(_("Write the reason."))
    require_independent(actor, certificate)
    locked = Certificate.objects.select_for_update().get(pk=certificate.pk)
    if locked.state != CertificateState.VALID:
        raise StaleState(locked, CertificateState.VALID, locked.state)
    if not locked.sha256:
        render_file(certificate_id=locked.pk)
    number = (locked.editions.aggregate(last=Max("number"))["last"] or 1) + 1
    edition = CertificateEdition.objects.create(
        certificate=locked,
        number=number,
        reason=reason.strip()[:300],
        made_by_id=getattr(actor, "pk", None),
        **store_edition(locked, timezone.now()),
    )
    record(
        action="credentials.redraw",
        target=certificate,
        actor=actor,
        organisation=certificate.organisation,
        after={"edition": number, "sha256": edition.sha256},
        reason=edition.reason,
    )
    return edition
