"""What was held in a tree in some days, counted: sessions of pairs, and gatherings of circles.

A session counts at the pair's place; a gathering at its circle's, and the minutes of each who took part at that person's
own. What was said is never read.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from supervision.circles.models import Gathering, Participation, ParticipationRemark
from supervision.circles.policy import in_minutes
from supervision.circles.states import LIVE as PART_LIVE
from supervision.circles.states import PartRemarkKind
from supervision.pairings.models import Pairing
from supervision.reports.policy import Fact
from supervision.sessions.models import Session, SessionRemark
from supervision.sessions.policy import equal_shares
from supervision.sessions.states import LIVE, RemarkKind, SessionState


def moments(first: datetime.date, last: datetime.date) -> tuple[datetime.datetime, datetime.datetime]:
    """The first moment of the first day, and the first after the last day."""

    def begin(day: datetime.date) -> datetime.datetime:
        return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))

    return begin(first), begin(last + datetime.timedelta(days=1))


def sessions_in(path: str, first: datetime.date, last: datetime.date) -> QuerySet[Session]:
    begin, end = moments(first, last)
    rows = Session.objects.filter(starts_at__gte=begin, starts_at__lt=end)
    return rows.filter(pairing__organisation__path__startswith=path).order_by()


def gatherings_in(path: str, first: datetime.date, last: datetime.date) -> QuerySet[Gathering]:
    begin, end = moments(first, last)
    rows = Gathering.objects.logged().filter(starts_at__gte=begin, starts_at__lt=end)
    return rows.filter(circle__organisation__path__startswith=path).order_by()


def parts_in(path: str, first: datetime.date, last: datetime.date) -> QuerySet[Participation]:
    """What people confirmed of gatherings, by the place where each belonged on that day."""
    begin, end = moments(first, last)
    rows = Participation.objects.confirmed().filter(
        gathering__starts_at__gte=begin, gathering__starts_at__lt=end
    )
    return rows.filter(organisation__path__startswith=path).order_by()


def held_facts(path: str, first: datetime.date, last: datetime.date) -> Iterable[Fact]:
    """Sessions and gatherings, what is confirmed of them, and the hours of every kind. Three statements."""
    yield from _of_pairs(sessions_in(path, first, last))
    yield from _of_circles(gatherings_in(path, first, last))
    yield from _of_people(parts_in(path, first, last))


def beyond_facts(path: str, first: datetime.date, last: datetime.date, stands: Q) -> Iterable[Fact]:
    """What the supervisors of a tree do for pairs outside of it, which counts there: the pairings that stand, the confirmed
    sessions and their minutes, at the supervisor's own place. Two statements."""
    begin, end = moments(first, last)
    own = {"supervisor__organisation__path__startswith": path}
    pairs = Pairing.objects.filter(stands, **own).exclude(organisation__path__startswith=path).order_by()
    fields = ("supervisor__organisation__path", "supervisor")
    for at, by, number in pairs.values_list(*fields).annotate(n=Count("pk")):
        yield Fact(at, "beyond:pairings", number, by)
    rows = Session.objects.filter(state=SessionState.CONFIRMED, starts_at__gte=begin, starts_at__lt=end)
    rows = rows.filter(pairing__supervisor__organisation__path__startswith=path)
    rows = rows.exclude(pairing__organisation__path__startswith=path).order_by()
    grouped = rows.values_list("pairing__supervisor__organisation__path", "pairing__supervisor")
    for at, by, number, minutes in grouped.annotate(n=Count("pk"), m=Sum("minutes")):
        yield Fact(at, "beyond:sessions", number, by)
        yield Fact(at, "beyond:minutes", minutes, by)


def _of_pairs(rows: QuerySet[Session]) -> Iterable[Fact]:
    grouped = rows.filter(state__in=sorted(LIVE)).values_list(
        *("pairing__organisation__path", "pairing__supervisor", "state"),
        *("form", "mode", "functions", "shares", "minutes"),
    )
    for at, by, state, form, mode, functions, shares, minutes, held in grouped.annotate(n=Count("pk")):
        yield Fact(at, "sessions", held, by)
        yield Fact(at, f"held:{form}", held, by)
        if state != SessionState.CONFIRMED:
            continue
        yield Fact(at, "confirmed", held, by)
        yield Fact(at, "given", minutes * held, by)
        parts = shares or equal_shares(tuple(functions), minutes)
        yield from _minutes(at, by, form, mode, parts, minutes, held)


def _of_circles(rows: QuerySet[Gathering]) -> Iterable[Fact]:
    """That gatherings were held; the minutes of whoever led one count once, as soon as a participant has confirmed."""
    took_part = Participation.objects.filter(gathering=OuterRef("pk"), state__in=sorted(PART_LIVE))
    is_counted = ExpressionWrapper(Q(counted_at__isnull=False), BooleanField())
    grouped = rows.filter(Exists(took_part)).annotate(counts=is_counted)
    fields = ("circle__organisation__path", "circle__supervisor", "counts", "form", "minutes")
    for at, by, counts, form, minutes, held in grouped.values_list(*fields).annotate(n=Count("pk")):
        yield Fact(at, "sessions", held, by)
        yield Fact(at, f"held:{form}", held, by)
        if counts:
            yield Fact(at, "confirmed", held, by)
            yield Fact(at, "given", minutes * held, by)


def _of_people(rows: QuerySet[Participation]) -> Iterable[Fact]:
    grouped = rows.values_list(
        *("organisation__path", "gathering__circle__supervisor", "gathering__form", "gathering__mode"),
        *("gathering__functions", "gathering__shares", "minutes"),
    )
    for at, by, form, mode, functions, shares, minutes, people in grouped.annotate(n=Count("pk")):
        parts = in_minutes(shares, minutes) if shares else equal_shares(tuple(functions), minutes)
        yield from _minutes(at, by, form, mode, parts, minutes, people)


def _minutes(
    at: str, by: int | None, form: str, mode: str, parts: dict[str, int], minutes: int, times: int
) -> Iterable[Fact]:
    """Minutes that somebody received, by everything that reports count them by."""
    yield Fact(at, "minutes", minutes * times, by)
    yield Fact(at, f"form:{form}", minutes * times, by)
    yield Fact(at, f"mode:{mode}", minutes * times, by)
    for function, part in parts.items():
        yield Fact(at, f"share:{function}", part * times, by)


def objections(path: str, first: datetime.date, last: datetime.date) -> Iterable[Fact]:
    """How many sessions and gatherings were objected to: that there is an objection, not what it says. One statement."""
    pairs: Any = SessionRemark.objects.filter(
        kind=RemarkKind.DISPUTE,
        session__in=sessions_in(path, first, last).filter(state__in=sorted(LIVE)).values("pk"),
    )
    circles: Any = ParticipationRemark.objects.filter(
        kind=PartRemarkKind.DISPUTE, part__gathering__in=gatherings_in(path, first, last).values("pk")
    )
    fields = {"at": F("session__pairing__organisation__path"), "by": F("session__pairing__supervisor")}
    of_pairs = (
        pairs.order_by()
        .annotate(**fields)
        .values_list("at", "by")
        .annotate(n=Count("session", distinct=True))
    )
    fields = {
        "at": F("part__gathering__circle__organisation__path"),
        "by": F("part__gathering__circle__supervisor"),
    }
    of_circles = (
        circles.order_by()
        .annotate(**fields)
        .values_list("at", "by")
        .annotate(n=Count("part__gathering", distinct=True))
    )
    for at, by, number in of_pairs.union(of_circles, all=True):
        yield Fact(at, "objected", number, by)


def minutes_by_month(path: str, first: datetime.date, last: datetime.date) -> dict[datetime.date, int]:
    """Confirmed minutes that people received, by the first day of each month. One statement."""
    pairs: Any = sessions_in(path, first, last).filter(state=SessionState.CONFIRMED)
    parts: Any = parts_in(path, first, last)
    of_pairs = pairs.annotate(month=TruncMonth("starts_at")).values_list("month").annotate(m=Sum("minutes"))
    of_parts = (
        parts.annotate(month=TruncMonth("gathering__starts_at"))
        .values_list("month")
        .annotate(m=Sum("minutes"))
    )
    found: dict[datetime.date, int] = {}
    for month, minutes in of_pairs.union(of_parts, all=True):
        day = timezone.localtime(month).date()
        found[day] = found.get(day, 0) + minutes
    return found
