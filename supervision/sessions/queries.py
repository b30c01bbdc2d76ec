"""Reading sessions: the home page, a pairing's sessions, one session as its reader may see it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.organisations.models import Organisation
from core.people.engagements import Engagement
from core.people.models import Person
from supervision.pairings.models import Pairing
from supervision.sessions.models import (
    AmendmentText,
    FollowUp,
    LateRecord,
    LoggingRule,
    Session,
    SessionAmendment,
    SessionContent,
    SessionDraft,
    SessionFile,
    SessionReflection,
    SessionRemark,
    WorkingNote,
)
from supervision.sessions.policy import TEXTS, Written
from supervision.sessions.states import (
    LIVE,
    SEEN_BY_MENTEE,
    TONES,
    AmendmentState,
    LateState,
    Risk,
    SessionState,
    Who,
)
from supervision.slots.policy import overlaps
from supervision.supervisors.models import Supervisor
from supervision.supervisors.queries import nearest

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
    amendments: list[SessionAmendment] = field(default_factory=list)


def home_of(person: Person | None) -> Home:
    """What the supervision home page shows this person. At most six queries, however many pairings there are."""
    if person is None:
        return Home(None, [], 0, [], [], [], 0, 0)
    supervisor = Supervisor.objects.select_related("organisation").filter(pk=person.pk).first()
    given = list(with_sessions(Pairing.objects.filter(supervisor_id=person.pk))) if supervisor else []
    received = list(with_sessions(Pairing.objects.filter(mentee=person)))
    objections = Session.objects.filter(pairing__supervisor_id=person.pk, state=SessionState.DISPUTED)
    waiting = Session.objects.filter(pairing__mentee=person).to_confirm().with_people().order_by("starts_at")
    proposed = SessionAmendment.objects.filter(
        session__pairing__mentee=person, state=AmendmentState.PROPOSED
    ).select_related("session__pairing__supervisor__person")
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
        amendments=list(proposed) if received else [],
    )


@dataclass(frozen=True)
class SessionPage:
    """One session as one reader may see it: for the desk, everything but the facts is empty."""

    session: Session
    is_supervisor: bool
    is_mentee: bool
    content: SessionContent | None = None
    earlier: list[SessionContent] = field(default_factory=list)
    remarks: list[SessionRemark] = field(default_factory=list)
    note: WorkingNote | None = None
    reflection: SessionReflection | None = None
    follow_ups: list[FollowUp] = field(default_factory=list)
    files: list[SessionFile] = field(default_factory=list)
    amendments: list[Amended] = field(default_factory=list)
    late: LateRecord | None = None

    @property
    def of_pair(self) -> bool:
        return self.is_supervisor or self.is_mentee

    @property
    def state_label(self) -> str:
        return state_label(self.session, for_mentee=self.is_mentee)

    @property
    def tone(self) -> str:
        return TONES[SessionState(self.session.state)]

    @property
    def open_amendment(self) -> Amended | None:
        return next((each for each in self.amendments if each.row.is_open), None)

    @property
    def is_held_up(self) -> bool:
        """It was recorded late, and nobody has approved that."""
        return self.late is not None and self.late.state != LateState.APPROVED


@dataclass(frozen=True)
class Amended:
    """An amendment with its text, where the reader may read it."""

    row: SessionAmendment
    text: AmendmentText | None

    @property
    def changes(self) -> list[tuple[str, str, str]]:
        return self.row.rows

    @property
    def said(self) -> list[tuple[str, str]]:
        """What the record would say, by the name of each field."""
        return said_rows(self.text.said) if self.text else []


def said_rows(written: Written) -> list[tuple[str, str]]:
    """The content of a session, by the name of each field that says something."""
    rows = [(name, getattr(written, name)) for name in TEXTS]
    rows.append(("cases", "、".join(f"{case.code} · {Risk(case.risk).label}" for case in written.cases)))
    known = dict(Who.choices)
    agreed = [f"{known.get(row.who, row.who)} · {row.what}" for row in written.agreed]
    rows.append(("agreed", "\n".join(agreed)))
    return [(capfirst(_label(name)), text) for name, text in rows if text]


def _label(name: str) -> str:
    field: Any = SessionContent._meta.get_field(name)
    return str(field.verbose_name)


def state_label(session: Session, *, for_mentee: bool) -> str:
    """The word for the session's state, to the mentee or to everybody else."""
    return str(SEEN_BY_MENTEE[SessionState(session.state)] if for_mentee else session.get_state_display())


def page_of(session: Session, user: Asker) -> SessionPage:
    """A session with what this reader may read of it; each store is asked by its own `visible_to`."""
    is_supervisor = session.pairing.supervisor.person.user_id == user.pk
    is_mentee = session.pairing.mentee.user_id == user.pk
    late = LateRecord.objects.visible_to(user).filter(session=session).select_related("decided_by").first()
    rows = _amendments_of(session, user)
    if not (is_supervisor or is_mentee):
        return SessionPage(session, False, False, late=late, amendments=[Amended(row, None) for row in rows])
    contents: list[Any] = list(
        SessionContent.objects.visible_to(user).filter(session=session).prefetch_related("goals__competency")
    )
    remarks: list[Any] = list(
        SessionRemark.objects.visible_to(user).filter(session=session).select_related("author")
    )
    said = _said_in(rows, user)
    return SessionPage(
        session,
        is_supervisor,
        is_mentee,
        content=contents[0] if contents else None,
        earlier=contents[1:],
        remarks=remarks,
        note=WorkingNote.objects.visible_to(user).filter(session=session).first(),
        reflection=SessionReflection.objects.visible_to(user).filter(session=session).first(),
        follow_ups=list(FollowUp.objects.visible_to(user).filter(session=session)),
        files=list(
            SessionFile.objects.visible_to(user).filter(session=session).select_related("file", "author")
        ),
        amendments=[Amended(row, said.get(row.pk)) for row in rows],
        late=late,
    )


def _said_in(rows: list[SessionAmendment], user: Asker) -> dict[int, AmendmentText]:
    if not rows:
        return {}
    texts = AmendmentText.objects.visible_to(user).filter(amendment__in=[row.pk for row in rows])
    return {text.pk: text for text in texts}


def _amendments_of(session: Session, user: Asker) -> list[SessionAmendment]:
    """The newest first. Only a confirmed session has any."""
    if session.state != SessionState.CONFIRMED:
        return []
    rows = list(SessionAmendment.objects.visible_to(user).filter(session=session))
    for row in rows:
        row.session = session
    return rows


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


DAYS_TO_RECORD = 14  # usual practice; the local rule is data


def days_to_record(pairing: Pairing, on: dt.date) -> tuple[int, str]:
    """Within how many days a session of this pairing is to be recorded, and by which source. One query."""
    return days_to_record_at(pairing.organisation, on)


def days_to_record_at(organisation: Organisation, on: dt.date) -> tuple[int, str]:
    """Within how many days something is to be recorded at a place, and by which source: the rule of the nearest place
    above it, the one that began last, or the usual two weeks. One query."""
    rule = nearest(LoggingRule.objects.in_force(on), organisation.path)
    if rule is None:
        return DAYS_TO_RECORD, _("usual practice, no local rule is entered")
    return rule.days, f"{rule.source} · {date_format(rule.starts_on)}"


def open_follow_ups(pairing: Pairing, user: Asker) -> list[FollowUp]:
    """What the pair agreed on and has not ticked off, the oldest first. One query."""
    rows = FollowUp.objects.visible_to(user).open().filter(session__pairing=pairing)
    rows = rows.exclude(session__state=SessionState.CANCELLED)
    return list(rows.select_related("session")[:30])


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


def draft_of(pairing: Pairing, user: Asker) -> SessionDraft | None:
    """What this supervisor has typed and not handed in; None when it was handed in meanwhile."""
    draft = SessionDraft.objects.visible_to(user).filter(pairing=pairing).first()
    return None if draft is None or Session.objects.filter(key=draft.key).exists() else draft


def starting_values(pairing: Pairing, user: Asker, now: datetime) -> dict[str, Any]:
    """What the log form holds when it opens: the draft, or else today, the last hour, and the place of last time."""
    draft = draft_of(pairing, user)
    if draft is not None:
        return {**draft.values, "key": draft.key, "saved_at": draft.saved_at}
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
    values |= {f"share_{code}": minutes for code, minutes in (session.shares or {}).items()}
    if content is not None:
        values |= said_values(content.written)
    return values


def said_values(written: Written) -> dict[str, Any]:
    """The content of a session as its form holds it."""
    values: dict[str, Any] = {name: getattr(written, name) for name in TEXTS}
    values["goals"] = [str(pk) for pk in written.goals]
    for number, case in enumerate(written.cases, 1):
        values |= {f"case_{number}": case.code, f"risk_{number}": case.risk}
    for number, row in enumerate(written.agreed, 1):
        values |= {f"what_{number}": row.what, f"who_{number}": row.who, f"due_{number}": row.due}
    return values


def in_session(person_ids: Collection[int], starts_at: datetime, ends_at: datetime) -> Iterable[Engagement]:
    """The sessions that these people were in, on whichever side, without with whom. One query."""
    people = set(person_ids)
    rows = (
        Session.objects.live()
        .filter(Q(pairing__supervisor__in=people) | Q(pairing__mentee__in=people))
        .filter(starts_at__lt=ends_at, ends_at__gt=starts_at)
        .select_related("pairing")
    )
    for row in rows:
        agreed = row.state == SessionState.CONFIRMED
        for person_id in people & {row.pairing.supervisor_id, row.pairing.mentee_id}:
            yield Engagement(person_id, row.starts_at, row.ends_at, _("a supervision session"), agreed)
