"""Which functions a session may have at a place on a day."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.organisations.models import Organisation
from supervision.functions.models import LocalFunction
from supervision.functions.states import Function

LOOK_BACK = datetime.timedelta(days=31)  # a session of last week may have one that has ended since


def local_at(
    organisation: Organisation, first: datetime.date, last: datetime.date, kept: Iterable[str] = ()
) -> list[LocalFunction]:
    """The local functions that a form offers for a day between `first` and `last`, each name once; and those of `kept`,
    which stand in it already, while the place has ever had them. One query."""
    rows: dict[str, LocalFunction] = {}
    named = set(kept)
    for row in LocalFunction.objects.at(organisation.path).order_by("name", "starts_on"):
        in_force = row.starts_on <= last and (row.ends_on is None or row.ends_on >= first)
        if in_force or row.name in named:
            rows[row.name] = row
    return list(rows.values())


def choices_with(
    organisation: Organisation, day: datetime.date, today: datetime.date, kept: Iterable[str] = ()
) -> list[tuple[str, str]]:
    """What a form offers for a record of about this day: the three, and those of the place. One query."""
    first, last = min(day, today) - LOOK_BACK, max(day, today)
    return [
        *((code, str(label)) for code, label in Function.choices),
        *((row.name, _offered(row, today)) for row in local_at(organisation, first, last, kept)),
    ]


def _offered(row: LocalFunction, today: datetime.date) -> str:
    if row.ends_on is not None and row.ends_on < today:
        return _("%(name)s (until %(day)s)") % {"name": row.name, "day": date_format(row.ends_on)}
    if row.starts_on > today - LOOK_BACK:
        return _("%(name)s (from %(day)s)") % {"name": row.name, "day": date_format(row.starts_on)}
    return row.name


def not_in_force(codes: Collection[str], organisation: Organisation, on: datetime.date) -> list[str]:
    """Which of these functions a session at this place cannot have on this day. No query where there are only the
    three."""
    local = [code for code in codes if code not in Function.values]
    if not local:
        return []
    rows = LocalFunction.objects.at(organisation.path).in_force(on).filter(name__in=local)
    known = set(rows.values_list("name", flat=True))
    return [code for code in local if code not in known]


def wrong_words(codes: Collection[str], on: datetime.date) -> str:
    """That these functions cannot be, in words."""
    values = {"names": "、".join(codes), "day": date_format(on)}
    return _("%(names)s: not in force at the supervisor's place on %(day)s.") % values
