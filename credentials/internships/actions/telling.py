"""Who is told of an internship: the student, the supervisor, and the officers who decide."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from core.access.scope import Asker
from core.access.states import Role
from core.audit.actions import record
from core.notices.actions import notify, settle
from core.people.models import User
from core.people.queries import deciders_at
from credentials.internships.models import EmploymentProof, Internship


def note(action: str, row: Internship | EmploymentProof, actor: Asker, **facts: Any) -> None:
    """One entry of the audit, at the organisation that places the intern."""
    authority = (row if isinstance(row, Internship) else row.internship).authority
    record(action=action, target=row, actor=actor, organisation=authority, **facts)


def _source(row: Internship | EmploymentProof) -> str:
    return f"credentials.{type(row).__name__.lower()}:{row.pk}:"


def ask_officers(row: Internship | EmploymentProof, title: str, body: str, event: str) -> None:
    """Ask those who can decide, at the nearest tier of the authority where anybody can."""
    internship = row if isinstance(row, Internship) else row.internship
    concerned = [internship.person.user]
    if event.startswith("signed"):
        concerned.append(internship.supervisor)
    for officer in deciders_at(internship.authority, concerned):
        notify(
            user=officer,
            kind="internship",
            title=title,
            body=body,
            url=reverse("internships:inspect", args=[internship.pk]),
            source=f"{_source(row)}asked:{event}",
            name=internship.person.name,
        )


def settle_officers(row: Internship | EmploymentProof) -> None:
    """What the officers were asked is done, whoever did it."""
    source = f"{_source(row)}asked:"
    officers = User.objects.filter(roles__role=Role.ADMINISTRATOR, notices__source__startswith=source)
    settle(users=officers.distinct(), source=source)


def tell_student(row: Internship | EmploymentProof, title: str, body: str, event: str) -> None:
    """Tell the student what became of it."""
    internship = row if isinstance(row, Internship) else row.internship
    notify(
        user=internship.person.user,
        kind="internship",
        title=title,
        body=body,
        url=reverse("credentials:internship-list"),
        source=f"{_source(row)}{event}",
        station=internship.station.name,
        until=internship.ends_on,
        reason=row.reason,
    )


def tell_supervisor(internship: Internship, title: str, body: str, event: str) -> None:
    """Tell the supervisor what they are to sign, or that it is off."""
    notify(
        user=internship.supervisor,
        kind="internship",
        title=title,
        body=body,
        url=reverse("credentials:internship-supervised"),
        source=f"{_source(internship)}supervisor:{event}",
        name=internship.person.name,
        station=internship.station.name,
        until=internship.ends_on,
        reason=internship.reason,
    )


def settle_supervisor(internship: Internship) -> None:
    settle(user=internship.supervisor, source=f"{_source(internship)}supervisor:")
