"""Declaring a qualification and verifying it, as the person and the officer do."""

from datetime import timedelta

from django.utils import timezone

from credentials.qualifications.actions import (
    declare_qualification,
    open_scan,
    verify_qualification,
)
from credentials.qualifications.policy import Said
from tests.factories import make_proof


def declare(user, level, number="20250001", days_ago=30, **said):
    facts = Said(number, timezone.localdate() - timedelta(days=days_ago), **said)
    return declare_qualification(person=user.person, level=level, said=facts, upload=make_proof(), actor=user)


def verify(held, officer):
    """As an officer does it: open the scan, then verify."""
    open_scan(qualification=held, actor=officer)
    return verify_qualification(qualification=held, actor=officer)
