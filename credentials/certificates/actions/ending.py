"""Ending a certificate: revoked, replaced or renewed. Nothing is deleted; a successor names what it replaces. Never one's
own, nor by an officer whom the holder has let in: each of the three raises NotIndependent."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.audit.actions import record
from core.notices.actions import notify
from core.people.models import Person
from core.states import Refused, move
from core.templatetags.times import day as date_words
from credentials.certificates.actions.issuing import tell, write
from credentials.certificates.actions.refusals import require_independent
from credentials.certificates.models import Certificate
from credentials.certificates.policy import renewal_of
from credentials.certificates.queries import trouble_with
from credentials.certificates.states import MOVES, CertificateState, ReasonClass


@transaction.atomic
def revoke(
    *, certificate: Certificate, reason: str, actor: Asker, reason_class: str = ReasonClass.OTHER
) -> None:
    """Revoke a valid certificate. The reason is told to the holder; the verify page says only that it was revoked.

    Raises StaleState or IllegalMove when it has ended already. Side effects: the state, an audit entry, a notice.
    """
    require_independent(actor, certificate)
    _end(certificate, CertificateState.REVOKED, reason, actor, reason_class)
    record(
        action="credentials.revoke",
        target=certificate,
        actor=actor,
        organisation=certificate.organisation,
        before={"state": "valid"},
        after={"state": "revoked", "kind": str(reason_class)},
        reason=reason,
    )
    notify(
        user=certificate.person.user,
        kind="certificate",
        title=gettext_noop("Your certificate %(serial)s has been revoked"),
        body=gettext_noop(
            "Reason: %(reason)s. If you think this is wrong, ask the organisation that issued it."
        ),
        url=certificate.get_absolute_url(),
        source=f"credentials.revoke:{certificate.pk}",
        serial=certificate.serial,
        reason=reason,
    )


@transaction.atomic
def replace(
    *, certificate: Certificate, reason: str, actor: Asker, reason_class: str = ReasonClass.NAME
) -> Certificate:
    """Issue a new certificate with the holder's name as it is now; the old one answers "replaced" from then on.

    Raises Refused when the new name cannot be printed, StaleState or IllegalMove when the old one has ended.
    """
    return _succeed(certificate, "credentials.replace", reason, actor, reason_class, until=None)


@transaction.atomic
def renew(*, certificate: Certificate, reason: str, actor: Asker) -> Certificate:
    """Issue the certificate for another term, as long as the last one; the old one answers "replaced" from then on.

    Raises Refused when it has no end, when its renewal has not opened, or when the name cannot be printed;
    StaleState or IllegalMove when it was revoked or replaced.
    """
    require_independent(actor, certificate)
    today = timezone.localdate()
    years = certificate.facts.get("years")
    term = renewal_of(certificate.issued_on, certificate.expires_on, years, today)
    if term is None:
        raise Refused(_("This certificate has no end and needs no renewal."))
    if today < term.from_day:
        words = _("It can be renewed from %(day)s, three months before its last day.")
        raise Refused(words % {"day": date_words(term.from_day)})
    kind = ReasonClass.RENEWED
    return _succeed(certificate, "credentials.renew", reason, actor, kind, until=term.until)


def _succeed(
    certificate: Certificate,
    act: str,
    reason: str,
    actor: Asker,
    reason_class: str,
    *,
    until: datetime.date | None,
) -> Certificate:
    """End the old one, write its successor with the name as it is now, audit it, and tell the holder."""
    require_independent(actor, certificate)
    person = Person.objects.select_related("user").get(pk=certificate.person_id)
    if trouble := trouble_with(name=person.name):
        raise Refused(_(trouble.reason) % {"characters": trouble.characters})
    _end(certificate, CertificateState.REPLACED, reason, actor, reason_class)
    facts = {**certificate.facts, "name": person.name}
    fresh = write(
        person,
        certificate.organisation,
        facts,
        certificate.enrolment_id,
        actor,
        replaces=certificate,
        until=until,
    )
    record(
        action=act,
        target=certificate,
        actor=actor,
        organisation=certificate.organisation,
        before={"state": "valid"},
        after={"state": "replaced", "by": fresh.serial, "kind": str(reason_class)},
        reason=reason.strip(),
    )
    tell(fresh, person)
    return fresh


def _end(certificate: Certificate, state: str, reason: str, actor: Asker, reason_class: str) -> None:
    if not reason.strip():
        raise ValueError("a reason is required")
    move(
        certificate,
        state,
        MOVES,
        ended_at=timezone.now(),
        ended_by_id=getattr(actor, "pk", None),
        reason=reason.strip(),
        reason_class=reason_class,
    )
