"""The gradebook: people by what they have done; and the grid of people by classes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.sheets.writing import Heading, Table
from core.ui.charts import whole_percent
from lms.cohorts.models import Cohort
from lms.cohorts.queries import titled
from lms.courses.versions import versions_of
from lms.enrolments.models import Enrolment
from lms.enrolments.policy import Attended, items_of
from lms.enrolments.queries import source_of
from lms.teaching.queries.paces import Course, lessons_read, quizzes_sat
from lms.teaching.queries.sources import COLUMNS, GRID, Cell, GradeColumn
from lms.timetable.models import ClassSession

BY_NAME = ("person__pinyin", "person__name", "pk")


def learners_in(cohort: Cohort, user: Asker, search: str = "") -> QuerySet[Enrolment]:
    """Who learns or has completed in a cohort, by pinyin; those whose name or pinyin has `search` in it."""
    rows = Enrolment.objects.visible_to(user).learning().filter(cohort=cohort)
    plain = search.strip().lower()
    if plain:
        rows = rows.filter(Q(person__name__icontains=plain) | Q(person__name_search__contains=plain))
    return rows.select_related("person__employer").order_by(*BY_NAME)


def columns_for(cohort: Cohort, enrolments: Sequence[Enrolment]) -> list[GradeColumn]:
    """The columns of the gradebook for these people. Two queries, and those of each registered source."""
    ids = [row.pk for row in enrolments]
    versions = versions_of({row.version_id for row in enrolments} | {cohort.version_id})
    courses = {pk: Course(version) for pk, version in versions.items()}
    read, sat = lessons_read(ids, courses), quizzes_sat(ids)
    done, language = {}, get_language()
    for row in enrolments:
        course, quizzes = courses[row.version_id], sat.get(row.pk, {})
        reached = course.done(read.get(row.pk, (0, None))[0], quizzes)
        percent = whole_percent(reached, course.total)
        done[row.pk] = Cell(percent, f"{percent}%", f"{reached}/{course.total}")
    columns = [GradeColumn("done", pgettext("gradebook", "Done"), done)]
    for item in items_of(versions[cohort.version_id].outline):
        if item.kind == "quiz":
            cells = {
                pk: _quiz_cell(quiz.used, quiz.best, quiz.passed > 0, language)
                for pk, quizzes in sat.items()
                if (quiz := quizzes.get(item.key)) is not None
            }
            columns.append(GradeColumn(f"quiz-{item.key}", titled(item.title, item.title_en), cells))
    if (attended := source_of("attendance")) is not None:
        cells = {pk: _attendance_cell(known) for pk, known in attended.function(ids).items()}
        columns.append(GradeColumn("attendance", pgettext("gradebook", "Attendance"), cells))
    for function in COLUMNS.values():
        columns += function(cohort, ids)
    return columns


@lru_cache(maxsize=2000)
def _quiz_cell(used: int, best: int | None, is_passed: bool, _language: str | None) -> Cell:
    """The cell of a quiz; there are few different ones, however many people."""
    note = ngettext("%(used)s attempt", "%(used)s attempts", used) % {"used": used}
    if best is None:
        return Cell(None, pgettext("gradebook", "under way"), note, "wait", times=used)
    return Cell(best, f"{best}%", note, "good" if is_passed else "bad", times=used)


def _attendance_cell(known: Attended) -> Cell:
    """The share of the classes that count and are settled; empty before the first."""
    if not known.held:
        return Cell()
    return Cell(known.percent, f"{known.percent}%", f"{known.attended}/{known.held}")


@dataclass(frozen=True)
class GradeRow:
    """One person of the gradebook, with the cells in the order of the columns."""

    enrolment: Enrolment
    cells: tuple[tuple[GradeColumn, Cell], ...]
    is_own: bool


NOTHING = Cell()


def rows_of(enrolments: Sequence[Enrolment], columns: Sequence[GradeColumn], user: Asker) -> list[GradeRow]:
    return [
        GradeRow(
            row,
            tuple((column, column.cells.get(row.pk, NOTHING)) for column in columns),
            user.is_authenticated and row.person.user_id == user.pk,
        )
        for row in enrolments
    ]


def sorted_by(enrolments: Sequence[Enrolment], column: GradeColumn, *, descending: bool) -> list[Enrolment]:
    """By the values of a column; whoever has none comes last, either way. Equal ones keep their order."""
    cells = column.cells

    def value(row: Enrolment) -> tuple[int, float, str]:
        found = cells.get(row.pk, NOTHING).value
        return (0, float(found), "") if isinstance(found, int) else (1, 0.0, str(found))

    having = [row for row in enrolments if cells.get(row.pk, NOTHING).value is not None]
    without = [row for row in enrolments if cells.get(row.pk, NOTHING).value is None]
    return sorted(having, key=value, reverse=descending) + without


def gradebook_table(cohort: Cohort, enrolments: Sequence[Enrolment]) -> Table:
    """The whole gradebook as a sheet: scores as numbers in per cent, and how often each quiz was tried; the word of the page
    where there is no score yet."""
    columns = columns_for(cohort, enrolments)
    quizzes = {column.key for column in columns if column.key.startswith("quiz-")}
    headings = [Heading(_("Name"), 14), Heading(_("Employer"), 24), Heading(_("State"), 10)]
    for column in columns:
        headings.append(
            Heading(f"{column.label} (%)" if column.key in quizzes | {"done", "attendance"} else column.label)
        )
        if column.key in quizzes:
            headings.append(Heading(_("%(title)s: attempts") % {"title": column.label}, 10))
    headings.append(Heading(_("Day of completion"), 18))

    def line(row: Enrolment) -> list[object]:
        cells: list[object] = [row.person.name, str(row.person.employer or ""), row.get_state_display()]
        for column in columns:
            cell = column.cells.get(row.pk, NOTHING)
            cells.append(cell.text if cell.value is None else cell.value)
            if column.key in quizzes:
                cells.append(cell.times)
        return [*cells, row.completed_at]

    notes = [" · ".join(titled(each.title, each.title_en) for each in (cohort, cohort.version))]
    return Table(_("Gradebook"), headings, (line(row) for row in enrolments), notes)


def classes_in(cohort: Cohort) -> QuerySet[ClassSession]:
    """The classes of a cohort that take place, in their order."""
    return ClassSession.objects.standing().filter(cohort=cohort).order_by("starts_at", "pk")


def grid_of(cohort: Cohort, enrolments: Sequence[Enrolment]) -> Mapping[tuple[int, int], Cell] | None:
    """The cells by (enrolment, class); None while no feature takes attendance."""
    function = GRID.get("grid")
    return None if function is None else function(cohort, [row.pk for row in enrolments])


def grid_table(cohort: Cohort, enrolments: Sequence[Enrolment]) -> Table:
    """The whole grid as a sheet: a line for each person, a column for each class, in the words of the page."""
    classes, cells = list(classes_in(cohort)), grid_of(cohort, enrolments) or {}
    headings = [Heading(_("Name"), 14), Heading(_("Employer"), 24)]
    for klass in classes:
        parts = [klass.title_here, f"{timezone.localtime(klass.starts_at):%Y-%m-%d %H:%M}"]
        headings.append(Heading(" · ".join(parts if klass.is_required else [*parts, _("does not count")])))

    def line(row: Enrolment) -> list[object]:
        found = (cells.get((row.pk, klass.pk), NOTHING) for klass in classes)
        shown = [" · ".join(text for text in (cell.shown, cell.note) if text) for cell in found]
        return [row.person.name, str(row.person.employer or ""), *shown]

    notes = [" · ".join(titled(each.title, each.title_en) for each in (cohort, cohort.version))]
    return Table(_("Attendance grid"), headings, (line(row) for row in enrolments), notes)
