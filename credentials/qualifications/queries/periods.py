"""Reading levels and periods."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.db.models import Min, Q, QuerySet
from django.utils import timezone

from core.access.scope import Asker, scope_of
from core.access.states import Role
from core.people.models import Person
from core.people.qualifications import Qualification
from core.people.queries import ties_of
from credentials.qualifications.models import QualificationLevel, QualificationRecord, RegistrationPeriod
from credentials.qualifications.states import PeriodState


def level_codes() -> tuple[str, ...]:
    """The codes of all levels that are kept here. One query."""
    return tuple(QualificationLevel.objects.order_by("pk").values_list("code", flat=True))


def levels_of(person_ids: Iterable[int]) -> dict[int, set[str]]:
    """The codes of the levels that these people verifiably hold or were ever registered at; every id has its set. Two
    queries."""
    found: dict[int, set[str]] = {person_id: set() for person_id in person_ids}
    for model in (RegistrationPeriod, QualificationRecord):
        rows = model.objects.filter(person_id__in=list(found), state=PeriodState.VERIFIED).order_by()
        for person_id, code in rows.values_list("person_id", "level__code"):
            found[person_id].add(code)
    return found


def registered_as(person_ids: Iterable[int]) -> list[Qualification]:
    """At which levels these people are registered today, as declared or verified, and which they hold verifiably without
    being registered. Two queries."""
    asked, today = list(person_ids), timezone.localdate()
    rows = RegistrationPeriod.objects.filter(person__in=asked).on(today)
    periods = list(rows.select_related("level").order_by("-level__position", "pk"))
    found = [
        Qualification(row.person_id, row.level.name_here, row.ends_on, row.is_verified) for row in periods
    ]
    told = {(row.person_id, row.level_id) for row in periods if row.is_verified}
    held = QualificationRecord.objects.held_on(today).filter(person__in=asked).select_related("level")
    return found + [
        Qualification(row.person_id, row.level.name_here, None, True)
        for row in held.order_by("-level__position", "pk")
        if (row.person_id, row.level_id) not in told
    ]


def current_period(person: Person, day: datetime.date | None = None) -> RegistrationPeriod | None:
    """The person's period that contains this day (today), verified or declared. One query."""
    rows = RegistrationPeriod.objects.filter(person=person).on(day or timezone.localdate())
    return rows.select_related("level").first()


def verified_period(person_id: int, day: datetime.date) -> RegistrationPeriod | None:
    """The person's period that contains this day and that an officer has verified. One query."""
    rows = RegistrationPeriod.objects.filter(person_id=person_id, state=PeriodState.VERIFIED)
    return rows.filter(starts_on__lte=day, ends_on__gte=day).first()


def periods_of(person: Person) -> QuerySet[RegistrationPeriod]:
    """All periods that somebody has declared, the latest first."""
    return RegistrationPeriod.objects.filter(person=person).select_related("level", "verified_by__person")


def registered_from(held: QualificationRecord) -> datetime.date | None:
    """The day from which this qualification was registered first; None as long as no verified period of its level is there."""
    periods = RegistrationPeriod.objects.filter(
        person=held.person_id, level=held.level_id, state=PeriodState.VERIFIED
    )
    return periods.filter(starts_on__gte=held.issued_on).aggregate(day=Min("starts_on"))["day"]


def desk_periods(user: Asker) -> QuerySet[RegistrationPeriod]:
    """The periods that this user may read, with what a row of the desk shows."""
    rows = RegistrationPeriod.objects.visible_to(user)
    return rows.select_related("person__user", "person__employer", "level", "verified_by__person")


def to_verify(user: Asker) -> QuerySet[RegistrationPeriod]:
    """The declared periods that this administrator is to verify: never their own, nor one that they declared themselves,
    nor those of whoever has let them in."""
    mine = scope_of(user).q("person__employer", Role.ADMINISTRATOR)
    rows = RegistrationPeriod.objects.filter(mine, state=PeriodState.DECLARED)
    bound = ties_of(user).q("person__employer", lambda accounts: Q(person__user__in=accounts))
    return rows.exclude(bound | Q(person__user=user.pk) | Q(declared_by=user.pk))
