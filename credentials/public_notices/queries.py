"""Reading public notices."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from core.access.scope import Asker, covers
from core.access.states import READERS
from core.people.models import User
from credentials.public_notices.models import Objection, PublicNotice, PublicNoticeLine, SettledLine
from credentials.public_notices.states import NoticeState, ObjectionState

# Whoever opens notices about something says who must not judge about it: of lines by their keys, and an officer.
WhyNot = Callable[[Collection[str], User], Any]
_OWNERS: dict[str, WhyNot] = {}
# They also say which lines are about people of whom somebody reads: a query for the keys of these lines.
KeysFor = Callable[[Asker], QuerySet[Any, Any]]
_CONCERNING: dict[str, KeysFor] = {}
OPEN = Q(objections__state=ObjectionState.OPEN)


def notices_due(today: datetime.date) -> list[int]:
    """The running notices whose last day has passed, by their numbers."""
    due = PublicNotice.objects.running().filter(ends_on__lt=today)
    return list(due.order_by("ends_on", "pk").values_list("pk", flat=True))


def notices_unsettled() -> list[int]:
    """The closed notices with a line that is not settled though no objection at all is open."""
    waits = Objection.objects.filter(notice=OuterRef("pk"), state=ObjectionState.OPEN)
    lines = PublicNoticeLine.objects.filter(notice=OuterRef("pk"), settled=None)
    rows = PublicNotice.objects.filter(Exists(lines), ~Exists(waits), state=NoticeState.CLOSED)
    return list(rows.values_list("pk", flat=True))


def unsettled_lines(notice: PublicNotice) -> QuerySet[PublicNoticeLine]:
    """The lines of which nobody has been told yet what became of them, in their order."""
    return notice.lines.filter(~Exists(SettledLine.objects.filter(line=OuterRef("pk")))).order_by("position")


def desk_notices(user: Asker) -> QuerySet[PublicNotice]:
    """The notices that this user may read, and those of other authorities that show people of theirs, with how many lines they
    have and how many open objections this user reads."""
    rows = PublicNotice.objects.read_by(user, lines_concerning(user))
    read = OPEN & Q(objections__in=Objection.objects.visible_to(user).order_by().values("pk"))
    return rows.select_related("organisation", "opened_by__person").annotate(
        line_count=Count("lines", distinct=True), open_count=Count("objections", filter=read, distinct=True)
    )


def lines_concerning(user: Asker) -> QuerySet[PublicNoticeLine]:
    """The lines, whoever posted them, about people of whom this user reads as an administrator or auditor."""
    found = Q(pk__in=())
    for about, keys in _CONCERNING.items():
        found |= Q(notice__about=about, key__in=keys(user))
    return PublicNoticeLine.objects.filter(found)


def reads_whole(notice: PublicNotice, user: Asker) -> bool:
    """Whether this user reads all of a notice at the desk, with its objections: it is of an authority in their tree."""
    return covers(user, notice.organisation, *READERS)


def desk_objections(user: Asker) -> QuerySet[Objection]:
    """The objections that this user may read, with what their page shows."""
    rows = Objection.objects.visible_to(user)
    return rows.select_related("notice__organisation", "line", "answered_by__person", "filed_by__person")


def objections_open(user: Asker) -> QuerySet[Objection]:
    """The objections in this user's tree that wait for an answer."""
    return Objection.objects.visible_to(user).filter(state=ObjectionState.OPEN)


def objectors_due(today: datetime.date) -> QuerySet[Objection]:
    """The answered objections whose objector nobody has to reach any more: so many days after the notice ended and the
    answer was given, whichever was later."""
    before = today - datetime.timedelta(days=settings.OBJECTOR_DAYS_KEPT)
    rows = Objection.objects.filter(erased_at=None, answered_at__date__lt=before)
    return rows.exclude(notice__state=NoticeState.RUNNING).filter(notice__ended_at__date__lt=before)


def objections_by(user: User) -> QuerySet[Objection]:
    """What somebody has objected to with their account, the latest first."""
    return Objection.objects.filter(filed_by=user).select_related("notice", "line")


def public_notices(today: datetime.date | None = None) -> QuerySet[PublicNotice]:
    """What everybody finds in the list: what runs, and what has ended as long as its names are shown; the newest first."""
    today = today or timezone.localdate()
    shown_since = today - datetime.timedelta(days=settings.PUBLIC_NOTICE_DAYS_SHOWN)
    rows = PublicNotice.objects.exclude(state=NoticeState.WITHDRAWN).filter(ends_on__gte=shown_since)
    return rows.select_related("organisation").order_by("-starts_on", "-pk")


def ask_owner(about: str, why_not: WhyNot, concerning: KeysFor) -> None:
    """Let the feature whose lines are noticed say why an officer is too close to answer an objection to them, "" if not; and
    which of its lines, by their keys, concern people of whom somebody reads."""
    _OWNERS[about], _CONCERNING[about] = why_not, concerning


def why_not_by_owner(notice: PublicNotice, keys: Collection[str], officer: User) -> str:
    """What the owner of these lines has against this officer's answering, "" for nothing. The queries of the owner."""
    owner = _OWNERS.get(notice.about)
    return str(owner(keys, officer)) if owner else ""
