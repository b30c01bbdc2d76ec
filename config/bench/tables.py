"""Tables of people and the list of a cohort: measured once, each job in a process of its own, as a worker has it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from config.bench.content import CODE, Stage
from config.bench.worker import Took
from config.demo.names import invented_name
from config.demo.teaching import Plan, open_cohorts
from core.imports.actions import apply_import, start_import
from core.imports.models import SheetImport
from core.imports.queries import counts_of
from core.imports.states import Outcome
from core.models import Organisation, Person
from core.people.policy import check_character
from core.sheets.writing import Heading, Table, workbook
from lms.courses.models import CoursePage
from lms.rosters.actions import enrol

FEW, MANY = 2_000, 20_000
HEADINGS = ("姓名", "手机号", "邮箱", "证件号码", "单位", "服务领域", "从业起始日期")
BUDGETS = {"people": 3.0, "roster": 1.5}  # seconds, for FEW; the memory of a worker with MANY
MOST_MB, MOST_SECONDS = 300, 120  # of a worker with MANY: minutes, not an hour
Worker = Callable[[int], Took]


@dataclass(frozen=True)
class Taken:
    """One table: rows that were taken over, and what checking and taking over took, each in its own process. At most so
    many seconds for both, or so many MB."""

    title: str
    rows: int
    checked: Took
    applied: Took
    most_seconds: float | None = None
    most_mb: float | None = None

    @property
    def peak_mb(self) -> float:
        return max(self.checked.peak_mb, self.applied.peak_mb)

    @property
    def seconds(self) -> float:
        return self.checked.seconds + self.applied.seconds

    @property
    def faults(self) -> list[str]:
        found = []
        if self.most_seconds is not None and self.seconds > self.most_seconds:
            found.append(f"{self.title}: {self.seconds:.1f} s, over {self.most_seconds:g} s")
        if self.most_mb is not None and self.peak_mb > self.most_mb:
            found.append(f"{self.title}: {self.peak_mb:.0f} MB, over {self.most_mb:g} MB")
        return found

    def __str__(self) -> str:
        parts = {"s": self.most_seconds, "MB": self.most_mb}
        budget = ", ".join(f"{most:g} {unit}" for unit, most in parts.items() if most is not None)
        return (
            f"{self.title}, {self.rows} rows: checked in {self.checked.seconds:.1f} s, taken over in "
            f"{self.applied.seconds:.1f} s of CPU time, at most {self.peak_mb:.0f} MB (budget {budget})"
        )


def tables(stage: Stage, worker: Worker) -> list[Taken]:
    """People from a table (no password is hashed), the same people as the list of a cohort, and many people."""
    few, many = _table(FEW), _table(MANY, first=FEW)
    return [
        _taken(_people(stage, few), worker, stage, "people", most_seconds=BUDGETS["people"]),
        _taken(_roster(stage, few), worker, stage, "list of a cohort", most_seconds=BUDGETS["roster"]),
        _taken(
            _people(stage, many), worker, stage, "many people", most_mb=MOST_MB, most_seconds=MOST_SECONDS
        ),
    ]


def _people(stage: Stage, data: bytes) -> SheetImport:
    return start_import(
        kind="people",
        organisation=_by(stage),
        title="测速",
        upload=SimpleUploadedFile("people.xlsx", data),
        all_or_none=False,
        actor=stage.officer,
    )


def _roster(stage: Stage, data: bytes) -> SheetImport:
    plan = Plan("list", f"名单测速班 {timezone.now():%Y%m%d%H%M%S%f}", "", FEW, -1, 9, 20, 60)
    cohort = open_cohorts(CoursePage.objects.get(code=CODE), [plan], _by(stage), stage.officer)["list"]
    upload = SimpleUploadedFile("list.xlsx", data)
    return enrol(cohort=cohort, upload=upload, all_or_none=False, actor=stage.officer)


def _taken(sheet: SheetImport, worker: Worker, stage: Stage, title: str, **most: float) -> Taken:
    checked = worker(sheet.job_id or 0)
    sheet.refresh_from_db()
    apply_import(sheet=sheet, actor=stage.officer)
    applied = worker(sheet.job_id or 0)
    return Taken(title, counts_of(sheet)[Outcome.APPLIED], checked, applied, **most)


def _by(stage: Stage) -> Organisation:
    return Organisation.objects.get(pk=stage.officer.roles.get().organisation_id)


def _table(number: int, first: int = 0) -> bytes:
    """An XLSX of invented people that no run before has made."""
    start = first + Person.objects.count()
    return workbook(Table("人员", [Heading(text) for text in HEADINGS], _rows(start, number)))


def _rows(start: int, number: int) -> Iterator[tuple[str, ...]]:
    for place in range(start, start + number):
        stem = f"120199{1950 + place // 1000 % 50}{place // 50_000 % 12 + 1:02d}07{place % 1000:03d}"
        yield invented_name(place), f"139{place:08d}", "", stem + check_character(stem), "", "", "2020-01-01"
