"""Objecting to a notice, and answering an objection."""

from __future__ import annotations

from itertools import islice

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.predicates import by_rule
from core.access.scope import Asker
from core.access.states import Role
from core.audit.actions import record
from core.notices.actions import notify
from core.organisations.models import RoleAssignment
from core.organisations.queries import administrators_of, administrators_over, roles_by_tier
from core.people.models import User
from core.states import move
from credentials.public_notices.actions.closing import locked, settle
from credentials.public_notices.actions.opening import NoticeRefused
from credentials.public_notices.models import Objection, PublicNotice, PublicNoticeLine
from credentials.public_notices.queries import why_not_by_owner
from credentials.public_notices.states import OBJECTION_MOVES, ObjectionState

MOST_OPEN = 200  # objections to one notice that wait at the same time: more is a flood


@transaction.atomic
def file_objection(
    *,
    notice: PublicNotice,
    line: PublicNoticeLine | None,
    said: str,
    name: str,
    contact: str,
    actor: Asker | None,
) -> Objection:
    """Keep what a visitor has against a line, or with no line against the whole notice. Words and name are sealed.

    Raises NoticeRefused when the last day has passed or something is missing. Side effects: the row; an audit entry without
    what was said; a notice to the administrators of the authority, or above it where none of them may answer.
    """
    if not (said.strip() and name.strip() and contact.strip()):
        raise NoticeRefused(_("Write what you object to, your name, and how you are reached."))
    row = locked(notice.pk)
    if not row.takes_objections():
        raise NoticeRefused(
            _("The last day of this public notice has passed. Objections are not taken any more.")
        )
    if line is not None and line.notice_id != row.pk:
        raise NoticeRefused(_("Choose a line of this public notice."))
    if row.objections.filter(state=ObjectionState.OPEN).count() >= MOST_OPEN:
        raise NoticeRefused(_("Very many objections wait to be answered. Call the office instead."))
    objection = Objection.objects.create(
        notice=row,
        line=line,
        said=said.strip(),
        name=name.strip(),
        contact=contact.strip(),
        filed_by=actor if isinstance(actor, User) else None,
    )
    note("credentials.file_objection", objection, actor)
    for officer in _who_answers(objection):
        notify(
            user=officer,
            kind="credentials.public_notice",
            title=gettext_noop("%(notice)s: an objection waits for an answer"),
            body=gettext_noop("Read it at the desk of the public notice, and answer it in words."),
            url=reverse("public-notices:objection", args=[row.pk, objection.pk]),
            source=f"credentials.objection:{objection.pk}:filed",
            notice=row.title,
        )
    return objection


@transaction.atomic
def answer_objection(*, objection: Objection, upheld: bool, answer: str, actor: Asker) -> Objection:
    """Uphold or dismiss an objection, in words. After the last day, what it kept is settled at once.

    Not by who filed it, by somebody of the name that it is about, or by who had a part in what it is about. Raises NoticeRefused, IllegalMove or StaleState. Side
    effects: the state; an audit entry; perhaps settled lines and the telling of their owner.
    """
    assert isinstance(actor, User)
    if not answer.strip():
        raise NoticeRefused(
            _("Write the answer: it is what the office has found out, and why it decides so.")
        )
    row = locked(objection.notice_id)
    if reason := why_not_answer(objection, actor):
        raise NoticeRefused(reason)
    if not by_rule(actor, "credentials.answer_objection", objection):
        raise NoticeRefused(
            _("Only administrators of the authority whose notice it is answer objections to it.")
        )
    move(
        objection,
        ObjectionState.UPHELD if upheld else ObjectionState.DISMISSED,
        OBJECTION_MOVES,
        answer=answer.strip(),
        answered_by=actor,
        answered_at=timezone.now(),
    )
    note("credentials.answer_objection", objection, actor, {"state": objection.state})
    settle(row)
    return objection


def why_not_answer(objection: Objection, officer: User) -> str:
    """Why this officer must not answer it, "" when they may: it is their own, about their name, or the owner of the lines
    says that they are too close. One query, and the owner's."""
    if objection.filed_by_id == officer.pk:
        return _("Nobody answers their own objection. Ask another administrator.")
    named = objection.notice.lines.all()
    if objection.line_id:
        named = named.filter(pk=objection.line_id)
    lines = dict(named.values_list("key", "name"))
    if officer.get_full_name() in lines.values():
        return _("It is about your own name. Ask another administrator.")
    return why_not_by_owner(objection.notice, lines.keys(), officer)


def _who_answers(objection: Objection) -> list[User]:
    """Whom the objection is told: the nearest administrators, if one of them may answer it, or else those above who may."""
    place = objection.notice.organisation
    near: list[User] = administrators_of(place)
    if any(not why_not_answer(objection, one) for one in near):
        return near
    return [one for one in administrators_over(place) if not why_not_answer(objection, one)] or near


def who_answers(objection: Objection, most: int = 3) -> list[RoleAssignment]:
    """By which roles somebody else can answer it: of the nearest administrators at or above the authority where anybody may,
    the first few. One query, and those of `why_not_answer` for each who is asked: for a page on which somebody may not."""
    for tier in roles_by_tier(objection.notice.organisation, Role.ADMINISTRATOR):
        free = (held for held in tier if not why_not_answer(objection, held.user))
        if found := list(islice(free, most)):
            return found
    return []


def open_objection(*, objection: Objection, actor: Asker) -> None:
    """Somebody at the desk reads what was said, and by whom. Side effect: an audit entry."""
    note("credentials.open_objection", objection, actor)


def note(
    action: str,
    objection: Objection,
    actor: Asker | None,
    after: dict[str, str] | None = None,
    reason: str = "",
) -> None:
    """One entry of the audit, without what was said and by whom."""
    notice = objection.notice
    record(
        action=action,
        target=objection,
        actor=actor,
        organisation=notice.organisation,
        label=notice.title,
        after=after,
        reason=reason,
    )
