"""What people have agreed to."""

from __future__ import annotations

from core.people.models import Consent, Person


def give_consent(*, person: Person, purpose: str, version: str) -> Consent:
    """Log that the person agreed to this version of the words for this purpose; a consent that stands is not doubled."""
    return Consent.objects.get_or_create(person=person, purpose=purpose, version=version, withdrawn_at=None)[
        0
    ]
