"""What the ledger of hours rests on: sessions and gatherings, as they were held and confirmed."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, Q

from supervision.circles.actions import confirmation_of as participation_of
from supervision.circles.models import Gathering, Participation
from supervision.circles.states import PartState
from supervision.sessions.actions import confirmation_of
from supervision.sessions.models import Session
from supervision.sessions.states import AmendmentState
from supervision.signals import ParticipationConfirmed, SessionConfirmed


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
    confirmed_at: datetime.datetime | None  # by the participant; of the leader: from when on it counts
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


def confirmations() -> Iterator[SessionConfirmed]:
    """Every confirmed session as the event once told it, so that a gap in the ledger can be found. One query."""
    rows = (
        Session.objects.confirmed()
        .select_related("pairing")
        .annotate(amended=Count("amendments", filter=Q(amendments__state=AmendmentState.ACCEPTED)))
        .order_by("pk")
    )
    return (confirmation_of(row) for row in rows.iterator(chunk_size=2000))


def participations() -> Iterator[ParticipationConfirmed]:
    """Every confirmed participation as the event tells it, so that a gap in the ledger can be found. One query."""
    accepted = Count("gathering__amendments", filter=Q(gathering__amendments__state=AmendmentState.ACCEPTED))
    rows = Participation.objects.confirmed().select_related("gathering__circle").annotate(amended=accepted)
    rows = rows.order_by("pk")
    return (participation_of(row) for row in rows.iterator(chunk_size=2000))
