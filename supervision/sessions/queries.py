"""Reading sessions: the home page, a pairing's sessions, one session as its reader may see it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.utils import timezone

from core.access.scope import Asker
from core.people.models import Person
from supervision.pairings.models import Pairing
from supervision.sessions.models import Session, SessionContent, SessionDraft, SessionRemark, WorkingNote
from supervision.sessions.policy import overlaps
from supervision.sessions.states import LIVE, SEEN_BY_MENTEE, TONES, SessionState
from supervision.supervisors.models import Supervisor

USUAL = timedelta(minutes=60)


def with_sessions(rows: QuerySet[Pairing]) -> QuerySet[Pairing]:
    """Pairings with `minutes` confirmed, `last_at`, and how many sessions are `waiting` or `disputed`. One query."""

    def count(state: str) -> Count:
        return Count("sessions", filter=Q(sessions__state=state))

    return rows.select_related("supervisor__person", "mentee", "organisation").annotate(
        minutes=Sum("sessions__minutes", filter=Q(sessions__state=SessionState.CONFIRMED), default=0),
        last_at=Max("sessions__starts_at", filter=Q(sessions__state__in=sorted(LIVE))),
        waiting=count(SessionState.LOGGED),
        disputed=count(SessionState.DISPUTED),
    )


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


def home_of(person: Person | None) -> Home:
    """What the supervision home page shows this person. At most five queries, however many pairings there are."""
    if person is None:
        return Home(None, [], 0, [], [], [], 0, 0)
    supervisor = Supervisor.objects.select_related("organisation").filter(pk=person.pk).first()
    given = list(with_sessions(Pairing.objects.filter(supervisor_id=person.pk))) if supervisor else []
    received = list(with_sessions(Pairing.objects.filter(mentee=person)))
    objections = Session.objects.filter(pairing__supervisor_id=person.pk, state=SessionState.DISPUTED)
    waiting = Session.objects.filter(pairing__mentee=person).to_confirm().with_people().order_by("starts_at")
    mentees = sorted((row for row in given if row.is_open), key=lambda row: row.mentee.pinyin)
    return Home(
        supervisor=supervisor,
        mentees=mentees,
        former_mentees=len(given) - len(mentees),
        objections=list(objections.with_people().order_by("starts_at")) if supervisor else [],
        supervisors=[row for row in received if row.is_open],
        to_confirm=list(waiting),
        minutes_received=sum(row.minutes for row in received),  # type: ignore[attr-defined]
        minutes_given=sum(row.minutes for row in given),  # type: ignore[attr-defined]
    )


@dataclass(frozen=True)
class SessionPage:
    """One session as one reader may see it: for the desk, everything but the facts is empty."""

    session: Session
    is_supervisor: bool
    is_mentee: bool
    content: SessionContent | None
    earlier: list[SessionContent]
    remarks: list[SessionRemark]
    note: WorkingNote | None

    @property
    def of_pair(self) -> bool:
        return self.is_supervisor or self.is_mentee

    @property
    def state_label(self) -> str:
        return state_label(self.session, for_mentee=self.is_mentee)

    @property
    def tone(self) -> str:
        return TONES[SessionState(self.session.state)]


def state_label(session: Session, *, for_mentee: bool) -> str:
    """The word for the session's state, to the mentee or to everybody else."""
    return str(SEEN_BY_MENTEE[SessionState(session.state)] if for_mentee else session.get_state_display())


def page_of(session: Session, user: Asker) -> SessionPage:
    """A session with what this reader may read of it; each store is asked by its own `visible_to`."""
    is_supervisor = session.pairing.supervisor.person.user_id == user.pk
    is_mentee = session.pairing.mentee.user_id == user.pk
    if not (is_supervisor or is_mentee):
        return SessionPage(session, False, False, None, [], [], None)
    contents: list[Any] = list(SessionContent.objects.visible_to(user).filter(session=session))
    remarks: list[Any] = list(
        SessionRemark.objects.visible_to(user).filter(session=session).select_related("author")
    )
    note = WorkingNote.objects.visible_to(user).filter(session=session).first()
    content = contents[0] if contents else None
    return SessionPage(session, is_supervisor, is_mentee, content, contents[1:], remarks, note)


@dataclass(frozen=True)
class Busy:
    """Somebody's time that is taken by something else than a session: by what, for that person to read."""

    person_id: int
    starts_at: datetime
    ends_at: datetime
    by: str


BusyAsker = Callable[[Collection[int], datetime, datetime], Busy | None]
_ALSO_ASKED: list[BusyAsker] = []


def ask_also(asker: BusyAsker) -> None:
    """Let another feature say when people are busy; it stands above this one, so it comes here (supervision.apps)."""
    if asker not in _ALSO_ASKED:
        _ALSO_ASKED.append(asker)


def busy_elsewhere(people: Collection[int], starts_at: datetime, ends_at: datetime) -> Busy | None:
    """What takes the time of one of these people, besides sessions; None when nothing does."""
    return next((found for ask in _ALSO_ASKED if (found := ask(people, starts_at, ends_at))), None)


def clashes_with(
    pairing: Pairing, starts_at: datetime, ends_at: datetime, *, besides: int | None = None
) -> Session | None:
    """A live session at that time in which either of the pair takes part, on whichever side; None when there is none."""
    return session_at((pairing.supervisor_id, pairing.mentee_id), starts_at, ends_at, besides=besides)


def session_at(
    people: Collection[int], starts_at: datetime, ends_at: datetime, *, besides: int | None = None
) -> Session | None:
    """A live session at that time in which one of these people takes part, on whichever side."""
    rows = (
        Session.objects.live()  # type: ignore[misc]
        .filter(Q(pairing__supervisor__in=people) | Q(pairing__mentee__in=people))
        .filter(starts_at__lt=ends_at, ends_at__gt=starts_at)
        .exclude(pk=besides)
        .with_people()
        .order_by("starts_at")
    )
    found = rows.first()
    assert found is None or overlaps((found.starts_at, found.ends_at), (starts_at, ends_at))
    return found


def last_of(pairing: Pairing) -> Session | None:
    """The latest session of a pairing that took place."""
    return pairing.sessions.live().order_by("-starts_at").first()


def usual_span(now: datetime) -> tuple[datetime, datetime]:
    """The hour that a session most likely took: the last one, to five minutes, never across midnight."""
    local = timezone.localtime(now)
    ends_at = local.replace(minute=local.minute - local.minute % 5, second=0, microsecond=0)
    if (ends_at - USUAL).date() != ends_at.date():
        ends_at = (ends_at - timedelta(days=1)).replace(hour=21, minute=0)
    return ends_at - USUAL, ends_at


def starting_values(pairing: Pairing, user: Asker, now: datetime) -> dict[str, Any]:
    """What the log form holds when it opens: the draft, or else today, the last hour, and the place of last time."""
    draft = SessionDraft.objects.visible_to(user).filter(pairing=pairing).first()
    if draft is not None and not Session.objects.filter(key=draft.key).exists():
        return {**json.loads(draft.typed), "key": draft.key, "saved_at": draft.saved_at}
    starts_at, ends_at = usual_span(now)
    values: dict[str, Any] = {
        "key": uuid.uuid4(),
        "day": starts_at.date(),
        "start": starts_at.time(),
        "end": ends_at.time(),
    }
    last = last_of(pairing)
    if last is not None:
        content: Any = SessionContent.objects.visible_to(user).filter(session=last).first()
        values |= {"form": last.form, "mode": last.mode, "setting": last.setting}
        values["place"] = content.place if content else ""
    return values


def held_values(page: SessionPage) -> dict[str, Any]:
    """What the form holds when a session is corrected: what it says now."""
    session, content = page.session, page.content
    starts_at, ends_at = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    values: dict[str, Any] = {
        "key": session.key,
        "day": starts_at.date(),
        "start": starts_at.time(),
        "end": ends_at.time(),
        "form": session.form,
        "mode": session.mode,
        "setting": session.setting,
        "functions": session.functions,
    }
    if content is not None:
        values |= {name: getattr(content, name) for name in ("place", "topics", "advice", "follow_up")}
    return values
