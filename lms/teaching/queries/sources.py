"""What other features bring to the instructor's desk. They register in lms/apps.py, so that the desk stands on top of all
and needs none: without them it shows what there is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import QuerySet

from lms.cohorts.models import Cohort

CountSource = Callable[[Any], QuerySet[Any, tuple[int, int]]]  # of ids of cohorts, or a query for them


@dataclass(frozen=True)
class Counter:
    """Something that may need the teacher: rows of a cohort and how many, and the list behind the number."""

    name: str
    label: Any  # a lazy text such as "to mark"
    count: CountSource
    page: str  # the name of the list behind the number; it takes the cohort's id


class Cell(NamedTuple):
    """One cell of the gradebook or of the grid. `value` is what is sorted and taken out; `note` stands small below it."""

    value: int | str | None = None
    text: str = ""
    note: str = ""
    tone: str = ""  # as the status component: good, warn, bad, info, wait, plain
    times: int = 0  # how often a quiz was tried

    @property
    def shown(self) -> str:
        return self.text or ("" if self.value is None else str(self.value))


@dataclass(frozen=True)
class GradeColumn:
    """A column of the gradebook: its cells by enrolment. `key` is unique among the columns and stands in addresses."""

    key: str
    label: str
    cells: Mapping[int, Cell] = field(default_factory=dict)


@dataclass(frozen=True)
class ToMark:
    """Something handed in that waits for a mark. `who` is a name, or a number where marking is anonymous."""

    title: str
    who: str
    cohort_id: int
    waiting_since: datetime
    url: str


class Followed(NamedTuple):
    """How somebody follows the classes of a cohort: required ones missed in a row up to the last, and when the last one
    began that they were in."""

    missed_in_row: int = 0
    last_there: datetime | None = None


ColumnSource = Callable[[Cohort, Collection[int]], Sequence[GradeColumn]]
GridSource = Callable[[Cohort, Collection[int]], Mapping[tuple[int, int], Cell]]
MarkSource = Callable[[Collection[int]], Sequence[ToMark]]
ClassesSource = Callable[[Collection[int]], Mapping[int, Followed]]


@dataclass(frozen=True)
class Marking:
    """Work that is marked by hand: what waits, and how much."""

    items: MarkSource
    count: CountSource


COUNTERS: dict[str, Counter] = {}
COLUMNS: dict[str, ColumnSource] = {}
GRID: dict[str, GridSource] = {}
MARKING: dict[str, Marking] = {}
FOLLOWED: dict[str, ClassesSource] = {}


def count_at_desk(name: str, label: Any, count: CountSource, page: str) -> None:
    """Show a number for each cohort on the overview. `count(cohort_ids)` gives unordered rows of a cohort and how many,
    which are read together with those of all other counters; `page` names the list behind it, for one cohort."""
    COUNTERS[name] = Counter(name, label, count, page)


def grade_by(name: str, function: ColumnSource) -> None:
    """Add columns to the gradebook: `function(cohort, enrolment_ids)`, for a page of people or for all of them."""
    COLUMNS[name] = function


def fill_grid_by(function: GridSource) -> None:
    """Fill the attendance grid: `function(cohort, enrolment_ids)` gives cells by (enrolment id, class id)."""
    GRID["grid"] = function


def mark_by(name: str, function: MarkSource, count: CountSource) -> None:
    """Feed the marking queue: `function(cohort_ids)` gives what waits there, at most some hundreds; `count(cohort_ids)`
    how many, as for `count_at_desk`."""
    MARKING[name] = Marking(function, count)


def follow_classes_by(function: ClassesSource) -> None:
    """How each of these enrolments follows its classes: for "at risk"."""
    FOLLOWED["attendance"] = function
