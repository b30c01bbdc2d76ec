"""What people have agreed to."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from core.audit.actions import record
from core.people.models import Consent, Person, User


def give_consent(*, person: Person, purpose: str, version: str) -> Consent:
    """Log that the person agreed to this version of the words for this purpose; a consent that stands is not doubled."""
    return Consent.objects.get_or_create(person=person, purpose=purpose, version=version, withdrawn_at=None)[
        0
    ]


@transaction.atomic
def withdraw_consent(*, person: Person, purpose: str, actor: User) -> bool:
    """Take a consent back, of every version; False when none stood. The log keeps both days. Side effect: an audit entry."""
    standing = person.consents.filter(purpose=purpose, withdrawn_at=None)
    if not standing.update(withdrawn_at=timezone.now()):
        return False
    record(
        action="core.withdraw_consent",
        target=person,
        actor=actor,
        organisation=person.employer,
        before={"purpose": purpose},
    )
    return True


def has_consented(person: Person, purpose: str) -> bool:
    """Whether the person agrees to this purpose today, to whichever version of its words. One query."""
    return person.consents.filter(purpose=purpose, withdrawn_at=None).exists()
