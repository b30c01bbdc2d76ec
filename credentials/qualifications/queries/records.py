"""Reading qualifications: what a level is called at a place on a day, who claims the same number, how far somebody is."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language

from core.access.scope import Asker, scope_of
from core.access.states import Role
from core.audit.models import AuditEntry
from core.organisations.models import Organisation
from core.people.models import Person
from core.people.queries import ties_of
from credentials.qualifications.models import (
    ExamPass,
    LevelTerms,
    QualificationLevel,
    QualificationRecord,
    RecordQuerySet,
)
from credentials.qualifications.policy import (
    DEFAULT_TERMS,
    SubjectStand,
    Terms,
    complete_in,
    slip_until,
    standing,
)
from credentials.qualifications.states import RecordState


def terms_of(level: QualificationLevel, rows: Iterable[LevelTerms], day: datetime.date) -> Terms:
    """What holds for a level on a day among the terms of a place: the nearest place decides, then the latest day; where
    nobody has said anything, the level's own name and the national rule."""
    known = [row for row in rows if row.level_id == level.pk and row.starts_on <= day]
    if known:
        best = max(
            known, key=lambda row: (len(row.organisation.path) if row.organisation else 0, row.starts_on)
        )
        found = best.terms
        national = DEFAULT_TERMS.get(level.code, {})
        return found if found.subjects else replace(found, subjects=national.get("subjects", ()))  # type: ignore[arg-type]
    return Terms(name=level.name, name_en=level.name_en, **DEFAULT_TERMS.get(level.code, {}))  # type: ignore[arg-type]


def terms_at(organisation: Organisation | None) -> list[LevelTerms]:
    """All terms that may hold at a place. One query."""
    rows = LevelTerms.objects.select_related("organisation")
    if organisation is None:
        return list(rows.filter(organisation=None))
    return list(rows.for_organisation(organisation.path))


def terms_on(level: QualificationLevel, day: datetime.date, organisation: Organisation | None) -> Terms:
    """What a level is called on a day at a place, and how it is passed. One query."""
    return terms_of(level, terms_at(organisation), day)


def name_here(terms: Terms) -> str:
    """What a level is called, in the reader's language."""
    return (terms.name_en if (get_language() or "").startswith("en") else "") or terms.name


def records_of(person: Person) -> RecordQuerySet:
    """What somebody has declared or an officer has taken over for them, the latest certificate first."""
    return QualificationRecord.objects.filter(person=person).select_related(
        "level", "scan", "verified_by__person", "person__employer"
    )


def desk_records(user: Asker) -> QuerySet[QualificationRecord]:
    """The qualifications that this user may read, with what a row and a page of the desk show."""
    rows = QualificationRecord.objects.visible_to(user)
    return rows.select_related(
        "person__user", "person__employer", "level", "scan", "verified_by__person", "declared_by__person"
    )


def records_to_verify(user: Asker) -> QuerySet[QualificationRecord]:
    """The declared ones that this administrator is to verify, the oldest first: never their own, nor those of whoever has
    let them in."""
    mine = scope_of(user).q("person__employer", Role.ADMINISTRATOR)
    rows = QualificationRecord.objects.filter(mine, state=RecordState.DECLARED)
    bound = ties_of(user).q("person__employer", lambda accounts: Q(holder__in=accounts))
    return rows.exclude(bound | Q(holder=user.pk)).order_by("pk")


def has_opened(record: QualificationRecord, user: Asker) -> bool:
    """Whether this officer has opened the scan of this very declaration: each time is audited (`open_scan`). One query.

    What came from a table has none, so that nothing is left to open.
    """
    return record.scan_id is None or AuditEntry.objects.has_done(user, "credentials.open_scan", record)


def claims_besides(record: QualificationRecord) -> QuerySet[QualificationRecord]:
    """What stands against a qualification: the same number of the level with somebody else."""
    same = QualificationRecord.objects.standing().filter(level=record.level_id, number=record.number)
    return same.exclude(person=record.person_id).select_related(
        "person__user", "person__employer", "level", "scan", "verified_by__person"
    )


@dataclass(frozen=True)
class Rival:
    """Another claim of the same number; what it says is shown only to whoever may see it."""

    record: QualificationRecord
    visible: bool


def rivals_of(record: QualificationRecord, user: Asker) -> list[Rival]:
    """Who else claims this number, for the officer to compare. Two queries."""
    rows = list(claims_besides(record)[:10])
    seen = set(QualificationRecord.objects.visible_to(user).filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True)) if rows else set()  # fmt: skip
    return [Rival(row, row.pk in seen) for row in rows]


def qualified_as_verified(person_ids: Iterable[int], day: datetime.date) -> QuerySet[QualificationRecord]:
    """The verified qualifications of these people whose certificate was issued by this day, the highest level first."""
    rows = QualificationRecord.objects.held_on(day).filter(person__in=list(person_ids))
    return rows.select_related("level").order_by("person", "-level__position", "pk")


@dataclass(frozen=True)
class ExamProgress:
    """How far somebody is with the examination of one level; `complete` is the year in which it was passed."""

    level: QualificationLevel
    name: str
    subjects: list[tuple[str, SubjectStand, tuple[int, ...]]]
    window: int
    complete: int | None
    slip_years: int
    slip_until: datetime.date | None

    @property
    def years(self) -> list[int]:
        """The years that the picture shows: from the first pass to the last one that still stands."""
        passed = [year for _name, _stand, years in self.subjects for year in years]
        today = timezone.localdate().year
        last = max([today, *(stand.until for _n, stand, _y in self.subjects if stand.until and stand.stands)])
        return list(range(max(min([*passed, today]), last - 9), last + 1))

    @property
    def rows(self) -> list[tuple[str, SubjectStand, list[tuple[int, str]]]]:
        """For each subject what each year is: "passed", "stands", "over" or ""."""

        def mark(stand: SubjectStand, years: tuple[int, ...], year: int) -> str:
            if year in years:
                return "passed"
            if any(each < year < each + self.window for each in years):
                return "stands" if stand.stands else "over"
            return ""

        return [
            (name, stand, [(year, mark(stand, years, year)) for year in self.years])
            for name, stand, years in self.subjects
        ]


def exams_of(person: Person) -> list[ExamProgress]:
    """How far somebody is at each level for which they have noted a pass. Two queries."""
    rows = list(ExamPass.objects.filter(person=person).select_related("level"))
    if not rows:
        return []
    today, terms = timezone.localdate(), terms_at(person.employer)
    found = []
    for level in sorted({row.level for row in rows}, key=lambda each: each.position):
        known = terms_of(level, terms, today)
        mine = [row for row in rows if row.level_id == level.pk]
        passes = [(row.subject, row.year) for row in mine]
        stands = standing(passes, len(known.subjects), known.window_years, today.year)
        slips = [row.slip_on for row in mine if row.slip_on]
        found.append(
            ExamProgress(
                level=level,
                name=name_here(known),
                subjects=[
                    (
                        known.subjects[stand.number - 1],
                        stand,
                        tuple(year for number, year in passes if number == stand.number),
                    )
                    for stand in stands
                ],
                window=known.window_years,
                complete=complete_in(passes, len(known.subjects), known.window_years),
                slip_years=known.slip_years,
                slip_until=slip_until(max(slips), known.slip_years) if slips else None,
            )
        )
    return found


def clashes_with(pairs: Iterable[tuple[int, str]], person_ids: Iterable[int]) -> list[QualificationRecord]:
    """What stands already of these (level, number) pairs or of these people. One query."""
    numbers = {number for _level, number in pairs}
    people = list(person_ids)
    rows = QualificationRecord.objects.standing().filter(Q(number__in=numbers) | Q(person__in=people))
    return list(rows.select_related("person__employer", "level", "scan"))
