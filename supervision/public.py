"""What other apps may ask of supervision. Nothing here ever carries what was said in a session."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.db.models import Count, Q, Sum, Value
from django.urls import reverse
from django.utils import timezone

from core.access.scope import Asker
from core.people.models import Person
from supervision.appointments import actions as appointments
from supervision.appointments.models import SupervisorApplication
from supervision.appointments.queries import own_applications
from supervision.circles import actions as circles
from supervision.circles.actions import confirmation_of as participation_of
from supervision.circles.models import CircleMember, CircleReview, Gathering, LateGathering, Participation
from supervision.circles.states import PartState
from supervision.conflicts.queries import conflict_data_of
from supervision.evaluations.queries import Elsewhere, evaluation_data_of, waits_elsewhere_by
from supervision.matching.models import Appeal
from supervision.matching.queries import matching_data_of
from supervision.pairings import actions as pairings
from supervision.pairings.models import Pairing
from supervision.pairings.states import PairingState
from supervision.requests.models import PairingRequest
from supervision.sessions.actions import confirmation_of
from supervision.sessions.models import LateRecord, Session, SessionReview
from supervision.sessions.queries import with_sessions
from supervision.sessions.states import AmendmentState
from supervision.signals import ParticipationConfirmed, SessionConfirmed
from supervision.slots.models import Meeting
from supervision.slots.queries import with_next
from supervision.supervisors.models import Supervisor
from supervision.trainings.models import OwnTraining
from supervision.trainings.queries import own_trainings
from supervision.wishes.models import PairWish
from supervision.wishes.queries import wish_data_of


@dataclass(frozen=True)
class PairingFact:
    """One pairing from the side of the person it was asked for."""

    pairing_id: int
    is_supervisor: bool
    other_name: str
    supervisor_code: str
    state: str
    state_label: str
    starts_on: datetime.date
    minutes: int
    last_on: datetime.date | None
    waiting: int
    url: str
    disputed: int = 0  # sessions to which the mentee objected
    next_at: datetime.datetime | None = None  # when the two meet next, as they have planned it
    is_overdue: bool = False  # a planned session has passed that the supervisor has not recorded
    log_url: str = (
        ""  # where the supervisor records a session; "" for the mentee and while nothing may be recorded
    )


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


@dataclass(frozen=True)
class SessionEvidence:
    """What a credited session rests on: who, when, how long, of which kind, confirmed when."""

    session_id: int
    supervisor_name: str
    supervisor_code: str
    mentee_name: str
    organisation_name: str
    starts_at: datetime.datetime
    ends_at: datetime.datetime
    minutes: int
    state: str
    state_label: str
    form_label: str
    mode_label: str
    setting_label: str
    function_labels: tuple[str, ...]
    confirmed_at: datetime.datetime | None
    url: str


def pairings_of(person: Person) -> list[PairingFact]:
    """The open pairings of a person, first those as mentee, then those as supervisor. One query, of few columns."""
    mine = Pairing.objects.open().filter(Q(mentee=person) | Q(supervisor_id=person.pk))
    people = (
        with_next(with_sessions(mine)).select_related(None).select_related("supervisor__person", "mentee")
    )
    rows = people.only("state", "starts_on", "mentee__name", "supervisor__code", "supervisor__person__name")
    facts = [_pairing_fact(row, person) for row in rows]
    return sorted(facts, key=lambda fact: fact.is_supervisor)


def _pairing_fact(row: Pairing, person: Person) -> PairingFact:
    is_supervisor = row.supervisor_id == person.pk
    last_at: datetime.datetime | None = row.last_at  # type: ignore[attr-defined]
    return PairingFact(
        pairing_id=row.pk,
        is_supervisor=is_supervisor,
        other_name=row.mentee.name if is_supervisor else row.supervisor.person.name,
        supervisor_code=row.supervisor.code,
        state=row.state,
        state_label=row.get_state_display(),
        starts_on=row.starts_on,
        minutes=row.minutes,  # type: ignore[attr-defined]
        last_on=timezone.localtime(last_at).date() if last_at else None,
        waiting=row.waiting,  # type: ignore[attr-defined]
        url=row.get_absolute_url(),
        disputed=row.disputed,  # type: ignore[attr-defined]
        next_at=row.next_at,  # type: ignore[attr-defined]
        is_overdue=row.is_overdue,  # type: ignore[attr-defined]
        log_url=reverse("supervision:session-log", args=[row.pk]) if is_supervisor and row.is_active else "",
    )


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


def supervisor_accounts_of(person_ids: Collection[int]) -> dict[int, list[int]]:
    """The accounts of those who supervise these people at present: {person id: [user id]}. One query."""
    rows = Pairing.objects.filter(
        mentee__in=list(person_ids), state=PairingState.ACTIVE, supervisor__person__user__is_active=True
    )
    found: dict[int, list[int]] = {}
    for mentee, user in rows.order_by("starts_on", "pk").values_list("mentee", "supervisor__person__user"):
        found.setdefault(mentee, []).append(user)
    return found


@dataclass(frozen=True)
class Part:
    """Whether somebody supervises or is supervised at present."""

    supervises: bool = False
    supervised: bool = False


def parts_of(person_ids: Collection[int]) -> dict[int, Part]:
    """Who of these people is active as a supervisor, and who has an open pairing as mentee; whoever is
    neither has no entry. Two queries."""
    ids = list(person_ids)
    supervisors = set(Supervisor.objects.active().filter(pk__in=ids).values_list("pk", flat=True))
    mentees = set(Pairing.objects.open().filter(mentee__in=ids).order_by().values_list("mentee", flat=True))
    return {pk: Part(pk in supervisors, pk in mentees) for pk in supervisors | mentees}


def people_paired_with(supervisor_id: int) -> list[int]:
    """The supervisor and everybody who is or was their mentee. One query."""
    rows = Pairing.objects.filter(supervisor=supervisor_id).order_by()
    return [supervisor_id, *rows.values_list("mentee", flat=True).distinct()]


def evidence_of(session_id: int) -> SessionEvidence | None:
    """What the ledger may show of a session; None when there is none of this number. One query.

    Whoever asks decides first whether the reader may see the entry that rests on it.
    """
    row = Session.objects.with_people().filter(pk=session_id).first()
    if row is None:
        return None
    return SessionEvidence(
        session_id=row.pk,
        supervisor_name=row.pairing.supervisor.person.name,
        supervisor_code=row.pairing.supervisor.code,
        mentee_name=row.pairing.mentee.name,
        organisation_name=row.pairing.organisation.name,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        minutes=row.minutes,
        state=row.state,
        state_label=row.get_state_display(),
        form_label=row.get_form_display(),
        mode_label=row.get_mode_display(),
        setting_label=row.get_setting_display(),
        function_labels=tuple(row.function_labels),
        confirmed_at=row.confirmed_at,
        url=row.get_absolute_url(),
    )


@dataclass(frozen=True)
class GatheringEvidence:
    """What a credited gathering rests on, for the leader or one participant: times and numbers, nobody else's name."""

    circle_name: str
    kind_label: str
    leader_name: str
    organisation_name: str
    starts_at: datetime.datetime
    ends_at: datetime.datetime
    minutes: int
    form_label: str
    mode_label: str
    setting_label: str
    function_labels: tuple[str, ...]
    came: int
    confirmed: int
    confirmed_at: (
        datetime.datetime | None
    )  # by the participant; of the leader: the moment from which it counts
    url: str


def gathering_evidence_of(gathering_id: int) -> GatheringEvidence | None:
    """What the ledger may show the leader of a gathering; None when there is none of this number. Two queries."""
    held = Gathering.objects.with_circle().filter(pk=gathering_id).first()
    return None if held is None else _gathering_evidence(held, held.minutes, held.counted_at)


def participation_evidence_of(participation_id: int) -> GatheringEvidence | None:
    """What the ledger may show of one participation; None when there is none of this number. Three queries."""
    part = Participation.objects.filter(pk=participation_id).first()
    if part is None:
        return None
    held = Gathering.objects.with_circle().get(pk=part.gathering_id)
    return _gathering_evidence(held, part.minutes, part.confirmed_at)


def _gathering_evidence(
    held: Gathering, minutes: int, confirmed_at: datetime.datetime | None
) -> GatheringEvidence:
    states = list(held.parts.live().values_list("state", flat=True))
    return GatheringEvidence(
        circle_name=held.circle.name,
        kind_label=held.circle.get_kind_display(),
        leader_name=held.leader.name,
        organisation_name=held.circle.organisation.name,
        starts_at=held.starts_at,
        ends_at=held.ends_at,
        minutes=minutes,
        form_label=held.get_form_display(),
        mode_label=held.get_mode_display(),
        setting_label=held.get_setting_display(),
        function_labels=tuple(held.function_labels),
        came=len(states),
        confirmed=states.count(PartState.CONFIRMED),
        confirmed_at=confirmed_at,
        url=held.get_absolute_url(),
    )


def participations() -> Iterator[ParticipationConfirmed]:
    """Every confirmed participation as the event tells it, so that a gap in the ledger can be found. One query."""
    accepted = Count("gathering__amendments", filter=Q(gathering__amendments__state="accepted"))
    rows = Participation.objects.confirmed().select_related("gathering__circle").annotate(amended=accepted)
    rows = rows.order_by("pk")
    return (participation_of(row) for row in rows.iterator(chunk_size=2000))


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


def work_for(user: Asker) -> dict[str, int]:
    """How much waits for this administrator's decision, never of one's own: "applications" as supervisor, own
    "trainings", "late" records and "late_gatherings", "reviews" of what was said and "circle_reviews", "appeals" against
    rounds and "wishes" of pairs. Only what there is any of. One query."""
    waiting = {
        "applications": SupervisorApplication.objects.to_decide(user),
        "trainings": OwnTraining.objects.to_decide(user),
        "late": LateRecord.objects.to_decide(user),
        "late_gatherings": LateGathering.objects.to_decide(user),
        "reviews": SessionReview.objects.to_decide(user),
        "circle_reviews": CircleReview.objects.to_decide(user),
        "appeals": Appeal.objects.to_decide(user),
        "wishes": PairWish.objects.to_decide(user),
    }
    counted = [
        rows.order_by().annotate(of=Value(kind)).values_list("of").annotate(number=Count("pk"))
        for kind, rows in waiting.items()
    ]
    return dict(counted[0].union(*counted[1:], all=True))


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


def reconcile() -> list[str]:
    """Find and mend what was left undone: places counted wrongly, ends of designations that nobody was told of."""
    return [*pairings.reconcile(), *appointments.reconcile(), *circles.reconcile()]


def confirmations() -> Iterator[SessionConfirmed]:
    """Every confirmed session as the event once told it, so that a gap in the ledger can be found. One query."""
    rows = (
        Session.objects.confirmed()
        .select_related("pairing")
        .annotate(amended=Count("amendments", filter=Q(amendments__state=AmendmentState.ACCEPTED)))
        .order_by("pk")
    )
    return (confirmation_of(row) for row in rows.iterator(chunk_size=2000))


__all__ = [
    "ApplicationFact",
    "CircleFact",
    "Elsewhere",
    "GatheringEvidence",
    "MeetingFact",
    "PairingFact",
    "Part",
    "ParticipationConfirmed",
    "RequestFact",
    "SessionConfirmed",
    "SessionEvidence",
    "TrainingFact",
    "circles_of",
    "confirmations",
    "conflict_data_of",
    "evaluation_data_of",
    "evidence_of",
    "gathering_evidence_of",
    "matching_data_of",
    "meetings_of",
    "own_trainings_of",
    "pairings_of",
    "participation_evidence_of",
    "participations",
    "parts_of",
    "people_paired_with",
    "reconcile",
    "requests_of",
    "supervisor_accounts_of",
    "supervisor_applications_of",
    "waits_elsewhere_by",
    "wish_data_of",
    "work_for",
]
