"""Supervisors, pairings and sessions."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from core.models import Organisation, Person, User
from tests.factories.core import make_user
from tests.factories.numbers import numbers

if TYPE_CHECKING:
    from supervision.models import Pairing, Session, Supervisor, SupervisorApplication


def make_supervisor(
    user: User | None = None, organisation: Organisation | None = None, **fields: object
) -> Supervisor:
    """A person in the registry, without any designation and without the audit of the real action."""
    from supervision.models import Supervisor

    person = (user or make_user("欧阳若水", organisation)).person
    number = next(numbers)
    defaults = {"code": f"SV{number:03d}", "organisation": organisation or person.employer, "capacity": 5}
    return Supervisor.objects.create(person=person, **defaults | fields)


def make_application(
    person: Person, organisation: Organisation | None = None, **fields: object
) -> SupervisorApplication:
    """A first application that waits for an officer, without its documents and without notices."""
    from supervision.models import SupervisorApplication

    defaults = {
        "holder_id": person.user_id,
        "organisation": organisation or person.employer,
        "kind": "first",
        "tier": "junior",
        "statement": "愿意带新人。",
        "basis": "中级社会工作师",
        "handed_in_at": timezone.now(),
    }
    return SupervisorApplication.objects.create(person=person, **defaults | fields)


def make_pairing(supervisor: Supervisor, mentee: Person, state: str = "active", **fields: object) -> Pairing:
    """A pairing since two months ago, with its place counted."""
    from django.db.models import F

    from supervision.models import Pairing, Supervisor

    if state == "ended":
        fields = {"ended_at": timezone.now(), "reason": "目标达成"} | fields
    else:
        Supervisor.objects.filter(pk=supervisor.pk).update(load=F("load") + 1)
    defaults = {
        "organisation": mentee.employer,
        "starts_on": timezone.localdate() - timedelta(days=60),
        "state": state,
    }
    return Pairing.objects.create(supervisor=supervisor, mentee=mentee, **defaults | fields)


def make_session(
    pairing: Pairing, state: str = "logged", days_ago: int = 1, minutes: int = 60, **written: str
) -> Session:
    """A session at ten in the morning, `days_ago` days ago, with what was said in it."""
    from supervision.models import Session, SessionContent

    morning = timezone.localtime().replace(hour=10, minute=0, second=0, microsecond=0)
    starts_at = morning - timedelta(days=days_ago)
    session = Session.objects.create(
        pairing=pairing,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        minutes=minutes,
        form="individual",
        mode="private",
        setting="on_site",
        functions=["educational", "supportive"],
    )
    SessionContent.objects.create(session=session, number=1, **{"topics": "接案预估"} | written)
    fields: dict[str, object] = {}
    if state == "confirmed":
        fields = {"confirmed_at": timezone.now(), "confirmed_by_id": pairing.mentee.user_id}
    if state != "logged":
        Session.objects.filter(pk=session.pk).update(**{"state": state} | fields)
        session.refresh_from_db()
    return session
