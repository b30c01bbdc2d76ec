"""Telling people in time that their registration is due: each stage of it once."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from core.notices.actions import Note, both, notify_each
from credentials.qualifications.models import QualificationRecord, RegistrationPeriod
from credentials.qualifications.policy import (
    FIRST_YEARS,
    LATE_DAYS,
    RENEWAL_MONTHS,
    first_registration_until,
    renewal_opens,
    stage_of,
)

LONGEST = 31 * RENEWAL_MONTHS  # days of which the last months have at most
RENEW = {
    "open": gettext_noop("From now on you can renew your registration as %(level)s"),
    "month": gettext_noop("Your registration as %(level)s ends in less than a month"),
    "week": gettext_noop("Your registration as %(level)s ends in less than a week"),
    "over": gettext_noop("Your registration as %(level)s is over"),
}
FIRST = {
    "open": gettext_noop("Register as %(level)s: three months are left"),
    "month": gettext_noop("Register as %(level)s: less than a month is left"),
    "week": gettext_noop("Register as %(level)s: less than a week is left"),
    "over": gettext_noop("The year for your first registration as %(level)s is over"),
}
RENEW_BODY = gettext_noop(
    "Its last day is %(until)s. Look up how many hours are missing, and make the renewal pack."
)
FIRST_BODY = gettext_noop("The first registration is due by %(until)s. Declare it here when you have it.")


def remind_registrations() -> int:
    """Tell whoever is to renew or to register for the first time; returns how many were told. Safe at any time: a stage
    has one source, so that nobody is told of it twice, whoever else runs this meanwhile.

    Side effects: notices.
    """
    today = timezone.localdate()
    notes = [*_renewals(today), *_first_ones(today)]
    return notify_each(kind="qualification", notes=notes) if notes else 0


def _renewals(today: datetime.date) -> Iterable[Note]:
    """Of periods in force that end soon or have just ended, without another one after them."""
    later = RegistrationPeriod.objects.filter(
        person=OuterRef("person"), starts_on__gt=OuterRef("starts_on")
    ).in_force()
    span = (today - datetime.timedelta(days=LATE_DAYS), today + datetime.timedelta(days=LONGEST))
    rows = RegistrationPeriod.objects.in_force().filter(
        ~Exists(later), ends_on__range=span, person__user__is_active=True
    )
    for row in rows.select_related("person__user", "level"):
        stage = stage_of(today, renewal_opens(row.ends_on), row.ends_on)
        if stage:
            yield _note(row, f"renewal:{row.pk}:{stage}", RENEW[stage], RENEW_BODY, row.ends_on)


def _first_ones(today: datetime.date) -> Iterable[Note]:
    """Of verified certificates whose year ends soon or has just ended, of people who are registered at no level."""
    since = RegistrationPeriod.objects.filter(
        person=OuterRef("person"), ends_on__gte=OuterRef("issued_on")
    ).in_force()
    first = today - datetime.timedelta(days=366 * FIRST_YEARS + LATE_DAYS)
    rows = QualificationRecord.objects.verified().filter(
        ~Exists(since), issued_on__range=(first, today), person__user__is_active=True
    )
    for row in rows.select_related("person__user", "level"):
        until = first_registration_until(row.issued_on)
        stage = stage_of(today, renewal_opens(until), until)
        if stage:
            yield _note(row, f"first:{row.pk}:{stage}", FIRST[stage], FIRST_BODY, until)


def _note(
    row: RegistrationPeriod | QualificationRecord, source: str, title: str, body: str, until: datetime.date
) -> Note:
    return Note(
        user=row.person.user,
        title=title,
        body=body,
        url=reverse("credentials:qualification-list"),
        source=f"credentials.registration:{source}",
        values={"level": both(row.level.name, row.level.name_en), "until": until},
    )
