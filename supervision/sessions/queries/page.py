"""One session as its reader may see it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.text import capfirst

from core.access.scope import Asker
from core.ui.lists import listed
from supervision.sessions.models import (
    AmendmentText,
    FollowUp,
    LateRecord,
    Session,
    SessionAmendment,
    SessionContent,
    SessionFile,
    SessionReflection,
    SessionRemark,
    WorkingNote,
)
from supervision.sessions.policy import TEXTS, Written
from supervision.sessions.states import SEEN_BY_MENTEE, TONES, LateState, Risk, SessionState, Who


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
    late_before: list[LateRecord] = field(default_factory=list)  # what was decided before, the newest first

    @property
    def of_pair(self) -> bool:
        return self.is_supervisor or self.is_mentee

    @property
    def state_label(self) -> str:
        """What it waits for, and on whom: a late record first of all on an administrator."""
        if self.late is not None and self.is_held_up and self.session.state == SessionState.LOGGED:
            return str(self.late.get_state_display())
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
        return self.late is not None and not self.late.is_approved

    @property
    def declined(self) -> LateRecord | None:
        """What was declined and can be asked for again: the record as it is, or the correction that waits."""
        if self.late is not None and self.late.is_declined and self.session.is_open:
            return self.late
        found = self.open_amendment
        return found.late if found is not None and found.late is not None and found.late.is_declined else None


@dataclass(frozen=True)
class Amended:
    """An amendment with its text, where the reader may read it."""

    row: SessionAmendment
    text: AmendmentText | None
    late: LateRecord | None = None

    @property
    def is_held_up(self) -> bool:
        """It came late, and nobody has approved that."""
        return self.late is not None and self.late.state in (LateState.WAITING, LateState.DECLINED)

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
    rows.append(("cases", listed(f"{case.code} · {Risk(case.risk).label}" for case in written.cases)))
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
    asked = list(LateRecord.objects.visible_to(user).filter(session=session).order_by("-pk"))
    mine = [row for row in asked if row.amendment_id is None]
    late = mine[0] if mine and not mine[0].is_void else None
    before = [row for row in mine if row.decided_at and row != late]
    of_amendment = {row.amendment_id: row for row in reversed(asked)}
    rows = _amendments_of(session, user)
    if not (is_supervisor or is_mentee):
        shown = [Amended(row, None, of_amendment.get(row.pk)) for row in rows]
        return SessionPage(session, False, False, late=late, late_before=before, amendments=shown)
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
        amendments=[Amended(row, said.get(row.pk), of_amendment.get(row.pk)) for row in rows],
        late=late,
        late_before=before,
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
