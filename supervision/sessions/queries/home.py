"""The supervision home page, and pairings with what there is of sessions in them."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Sum

from core.people.models import Person
from supervision.pairings.models import Pairing
from supervision.sessions.models import LateRecord, Session, SessionAmendment
from supervision.sessions.states import LIVE, AmendmentState, LateState, SessionState
from supervision.supervisors.models import Supervisor


def with_sessions(rows: QuerySet[Pairing]) -> QuerySet[Pairing]:
    """Pairings with `minutes` confirmed, `last_at`, and how many sessions are `waiting` for the mentee or `disputed`. One
    query."""

    def count(state: str, unless: Exists | None = None) -> Count:
        wanted = Q(sessions__state=state)
        return Count("sessions", filter=wanted & ~Q(unless) if unless is not None else wanted)

    return rows.select_related("supervisor__person", "mentee", "organisation").annotate(
        minutes=Sum("sessions__minutes", filter=Q(sessions__state=SessionState.CONFIRMED), default=0),
        last_at=Max("sessions__starts_at", filter=Q(sessions__state__in=sorted(LIVE))),
        waiting=count(SessionState.LOGGED, held_up("sessions__pk")),
        disputed=count(SessionState.DISPUTED),
    )


def held_up(session: str) -> Exists:
    """Whether this session was recorded late and no administrator has agreed: nobody can confirm it yet. `session` names its
    key in the outer query."""
    records = LateRecord.objects.of_record()
    later = records.filter(session=OuterRef("session"), pk__gt=OuterRef("pk"))
    held = records.filter(session=OuterRef(session), state__in=(LateState.WAITING, LateState.DECLINED))
    return Exists(held.exclude(Exists(later)))


@dataclass(frozen=True)
class Home:
    """A person's supervision on one page, from both sides."""

    supervisor: Supervisor | None
    mentees: list[Pairing]
    former_mentees: int
    objections: list[Session]
    supervisors: list[Pairing]
    to_confirm: list[Session]
    minutes_received: int
    minutes_given: int
    amendments: list[SessionAmendment] = field(default_factory=list)


def home_of(person: Person | None) -> Home:
    """What the supervision home page shows this person. At most four queries, however many pairings there are."""
    if person is None:
        return Home(None, [], 0, [], [], [], 0, 0)
    supervisor = Supervisor.objects.select_related("organisation").filter(pk=person.pk).first()
    pairings = list(with_sessions(Pairing.objects.filter(Q(supervisor=person.pk) | Q(mentee=person))))
    given = [row for row in pairings if row.supervisor_id == person.pk]
    received = [row for row in pairings if row.mentee_id == person.pk]
    disputed = Q(pairing__supervisor=person.pk, state=SessionState.DISPUTED)
    logged = Q(pairing__mentee=person, state=SessionState.LOGGED) & ~Q(held_up("pk"))
    asking = list(Session.objects.filter(disputed | logged).with_people().order_by("starts_at"))
    proposed = SessionAmendment.objects.filter(
        session__pairing__mentee=person, state=AmendmentState.PROPOSED
    ).select_related("session__pairing__supervisor__person")
    mentees = sorted((row for row in given if row.is_open), key=lambda row: row.mentee.pinyin)
    return Home(
        supervisor=supervisor,
        mentees=mentees,
        former_mentees=len(given) - len(mentees),
        objections=[row for row in asking if row.state == SessionState.DISPUTED],
        supervisors=[row for row in received if row.is_open],
        to_confirm=[row for row in asking if row.state == SessionState.LOGGED],
        minutes_received=sum(row.minutes for row in received),  # type: ignore[attr-defined]
        minutes_given=sum(row.minutes for row in given),  # type: ignore[attr-defined]
        amendments=list(proposed) if received else [],
    )
