"""What a person may take with them of their own."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Sum

from core.people.models import Person
from supervision.appointments.queries import own_applications
from supervision.circles.models import CircleMember, Participation
from supervision.requests.models import PairingRequest
from supervision.slots.models import Meeting
from supervision.trainings.queries import own_trainings


@dataclass(frozen=True)
class RequestFact:
    """A request that a person made for themselves, as they may take it with them."""

    supervisor_name: str
    goal: str
    asked_at: datetime.datetime
    starts_on: datetime.date
    state: str
    answered_at: datetime.datetime | None
    reason: str


def requests_of(person: Person) -> list[RequestFact]:
    """What the person asked of supervisors, the latest first. One query."""
    rows = PairingRequest.objects.filter(mentee=person).select_related("supervisor__person")
    return [
        RequestFact(
            supervisor_name=row.supervisor.person.name,
            goal=row.goal,
            asked_at=row.asked_at,
            starts_on=row.starts_on,
            state=row.state,
            answered_at=row.answered_at,
            reason=row.reason,
        )
        for row in rows
    ]


@dataclass(frozen=True)
class MeetingFact:
    """A planned or proposed meeting of a person, as they may take it with them: `written` is what they wrote."""

    other_name: str
    starts_at: datetime.datetime
    ends_at: datetime.datetime
    state: str
    setting: str
    place: str
    written: tuple[str, ...]


def meetings_of(person: Person) -> list[MeetingFact]:
    """The meetings that the person has planned or proposed, as mentee or as supervisor, with what they wrote about
    them themselves, the latest first. Two queries."""
    rows = Meeting.objects.of(person).with_people().prefetch_related("remarks").order_by("-starts_at", "-pk")
    return [
        MeetingFact(
            other_name=row.pairing.mentee.name
            if row.pairing.supervisor_id == person.pk
            else row.pairing.supervisor.person.name,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            state=row.state,
            setting=row.setting,
            place=row.place,
            written=tuple(remark.text for remark in row.remarks.all() if remark.author_id == person.pk),
        )
        for row in rows
    ]


@dataclass(frozen=True)
class CircleFact:
    """That a person belongs or belonged to a circle, as they may take it with them."""

    circle_name: str
    kind: str
    leader_name: str
    state: str
    since: datetime.datetime
    ended_at: datetime.datetime | None
    minutes: int  # confirmed


def circles_of(person: Person) -> list[CircleFact]:
    """The circles of a person, with their confirmed minutes in each. Two queries."""
    parts = Participation.objects.confirmed().filter(person=person).order_by().values("gathering__circle")
    minutes = dict(parts.annotate(sum=Sum("minutes")).values_list("gathering__circle", "sum"))
    rows = CircleMember.objects.filter(person=person).select_related("circle__leader")
    return [
        CircleFact(
            circle_name=row.circle.name,
            kind=row.circle.kind,
            leader_name=row.circle.leader.name,
            state=row.state,
            since=row.since,
            ended_at=row.ended_at,
            minutes=minutes.get(row.circle_id, 0),
        )
        for row in rows
    ]


@dataclass(frozen=True)
class ApplicationFact:
    """One application to be appointed as supervisor, as the person takes it away."""

    kind: str
    tier: str
    statement: str
    basis: str
    training_minutes: int
    state: str
    reason: str
    handed_in_at: datetime.datetime


def supervisor_applications_of(person: Person) -> list[ApplicationFact]:
    """What the person has handed in to be appointed as supervisor, the newest first. Two queries."""
    names = list(ApplicationFact.__dataclass_fields__)
    return [
        ApplicationFact(**{name: getattr(row, name) for name in names}) for row in own_applications(person)
    ]


@dataclass(frozen=True)
class TrainingFact:
    """One training that somebody declared for themself, as they take it away."""

    held_on: datetime.date
    title: str
    provider: str
    minutes: int
    state: str
    reason: str


def own_trainings_of(person: Person) -> list[TrainingFact]:
    """What the person has declared of their own training, the latest first. One query."""
    names = list(TrainingFact.__dataclass_fields__)
    return [TrainingFact(**{name: getattr(row, name) for name in names}) for row in own_trainings(person)]
