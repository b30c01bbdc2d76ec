"""Papers that were sat, their questions, and what another key would make of the results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet

from core.access.scope import Asker, scope_of
from core.access.states import Role
from core.jobs.models import Job
from core.jobs.states import JobState
from lms.assessments.models import Answer, Attempt
from lms.assessments.queries import asked_in, paper_for, rows_of
from lms.assessments.states import AttemptState
from lms.corrections.models import Regrade
from lms.corrections.policy import changed
from lms.corrections.queries import regrades_for
from lms.corrections.states import Remedy
from lms.courses.versions import PaperVersion
from lms.marking.models import RegradeLine
from lms.marking.policy.regrading import regraded, worth_of
from lms.marking.queries.waiting import FROM_BANK
from lms.questions.policy import Question, Rules
from lms.questions.queries import contents_of

JOB_KEY = "lms.regrade:"
MOST_PREVIEWED, LINES_SHOWN, AT_ONCE = 5000, 50, 200


def ended(paper_id: int) -> QuerySet[Attempt]:
    """The attempts at this paper that were handed in, or whose time ran out."""
    return Attempt.objects.filter(paper=paper_id).exclude(state=AttemptState.OPEN)


def papers_sat(user: Asker) -> QuerySet[Any, Any]:
    """The papers that people have handed in whom the user looks after, with how many attempts; the newest first."""
    rows = Attempt.objects.visible_to(user).exclude(state=AttemptState.OPEN).order_by("-paper")
    return rows.values("paper").annotate(number=Count("pk"))


def asked_rows(paper: PaperVersion) -> list[dict[str, Any]]:
    """The questions of a paper as they stand; of a drawn one those that somebody was asked and answered, by revision. Two
    queries at most."""
    if not paper.bank_id:
        return list(paper.questions)
    keys = (
        Answer.objects.filter(attempt__paper=paper.pk).order_by("question").values_list("question", flat=True)
    )
    drawn = [
        key for key in keys.distinct() if key.startswith(FROM_BANK) and key[len(FROM_BANK) :].isdecimal()
    ]
    contents = contents_of([int(key[len(FROM_BANK) :]) for key in drawn]) if drawn else {}
    found = ((key, contents.get(int(key[len(FROM_BANK) :]))) for key in drawn)
    return [{**content, "key": key} for key, content in found if content]


def regrades_of(paper: PaperVersion) -> dict[str, list[Regrade]]:
    """The corrections of this paper by question, in their order. One query."""
    found: dict[str, list[Regrade]] = {}
    for row in Regrade.objects.filter(paper=paper).select_related("made_by__person"):
        found.setdefault(row.question, []).append(row)
    return found


def is_pending(paper: PaperVersion) -> bool:
    """Whether attempts are still to be marked by a correction of this paper: until then nobody can say what another would
    change. Two queries."""
    keys = [f"{JOB_KEY}{pk}" for pk in Regrade.objects.filter(paper=paper).values_list("pk", flat=True)]
    return bool(keys) and Job.objects.filter(dedupe_key__in=keys).exclude(state=JobState.DONE).exists()


def is_covered(user: Asker, paper: PaperVersion) -> bool:
    """Whether the user runs everything where this paper was sat: a correction reaches all its attempts."""
    runs = scope_of(user).q("enrolment__cohort__organisation", Role.ADMINISTRATOR)
    rows = Attempt.objects.filter(paper=paper)
    return rows.filter(runs).exists() and not rows.exclude(runs).exists()


@dataclass(frozen=True)
class Line:
    """One result that changes. `stays`: it was passed, would fail now, and stays passed."""

    attempt: Attempt
    before: int
    after: int
    passes_now: bool
    stays: bool


@dataclass
class Preview:
    """What a correction would do. `seen`: attempts looked at, of `total`; `waiting`: without a result yet."""

    total: int
    seen: int = 0
    waiting: int = 0
    up: int = 0
    down: int = 0
    passes_now: int = 0
    stays: int = 0
    lines: list[Line] = field(default_factory=list)

    @property
    def changed(self) -> int:
        return self.up + self.down


def preview_of(
    paper: PaperVersion, key: str, remedy: str, change: Mapping[str, Any], standing: Regrade | None
) -> Preview:
    """What this correction would make of the results. Four queries, however many there are; of more than 5,000 attempts those
    that ended last are looked at."""
    rows = ended(paper.pk).select_related("enrolment__person").order_by("-pk")
    preview = Preview(total=rows.count())
    if not paper.bank_id:
        rows = rows.defer("questions")
    rows = rows[:MOST_PREVIEWED]
    answers = {
        row.attempt_id: row for row in Answer.objects.filter(attempt__in=_ids(paper, preview), question=key)
    }
    for attempt in rows.iterator(AT_ONCE):
        preview.seen += 1
        asked = _asked(paper, attempt, key)
        if asked is None:
            continue
        if attempt.percent is None or attempt.points is None or attempt.most is None:
            preview.waiting += 1
            continue
        _look(preview, paper, attempt, asked, answers.get(attempt.pk), (remedy, change), standing)
    return preview


def _ids(paper: PaperVersion, preview: Preview) -> Any:
    """The attempts looked at, as a condition; a slice in a subquery only where there are more."""
    rows = ended(paper.pk).order_by("-pk").values("pk")
    if preview.total <= MOST_PREVIEWED:
        return rows.order_by()
    first = rows[MOST_PREVIEWED - 1]["pk"]
    return ended(paper.pk).filter(pk__gte=first).order_by().values("pk")


def _asked(paper: PaperVersion, attempt: Attempt, key: str) -> dict[str, Any] | None:
    rows: list[dict[str, Any]] = paper.questions
    if paper.bank_id:
        rows = attempt.questions or []
    return next((row for row in rows if row["key"] == key), None)


def _look(
    preview: Preview,
    paper: PaperVersion,
    attempt: Attempt,
    asked: Mapping[str, Any],
    answer: Answer | None,
    wanted: tuple[str, Mapping[str, Any]],
    standing: Regrade | None,
) -> None:
    rules = Rules.from_data(paper.rules)
    said = answer.chosen if answer else None
    read = answer.points if answer and answer.is_read else None
    stood = (standing.remedy, standing.change) if standing else (Remedy.KEY, {})
    old, new = (
        worth_of(_question(asked, change), said, remedy, rules, read) for remedy, change in (stood, wanted)
    )
    if old == new:
        return
    points, most = attempt.points or Decimal(0), attempt.most or Decimal(0)
    result = regraded(points, most, old, new, pass_percent=paper.pass_percent)
    before = attempt.percent or 0
    preview.up += result.percent > before
    preview.down += result.percent < before
    passes_now = result.passed and not attempt.passed
    stays = bool(attempt.passed) and not result.passed
    preview.passes_now += passes_now
    preview.stays += stays
    is_told = result.percent != before or passes_now
    if is_told and len(preview.lines) < LINES_SHOWN:
        preview.lines.append(Line(attempt, before, result.percent, passes_now, stays))


def _question(asked: Mapping[str, Any], change: Mapping[str, Any]) -> Question:
    return asked_in(changed(asked, change) if change else asked)


def lines_told(attempt: Attempt) -> Iterator[dict[str, Any]]:
    """For the trainee: how corrected keys changed this result, in their order. One query where a key of the paper was
    corrected; whether one was is known where the attempt was shown with its answers (see `regrades_for`)."""
    if not regrades_for(attempt):
        return
    numbers = {row["key"]: number for number, row in enumerate(rows_of(attempt), start=1)}
    lines = RegradeLine.objects.filter(attempt=attempt.pk).select_related("regrade")
    for line in lines.order_by("regrade__number"):
        remedy = line.regrade.remedy
        yield {
            "line": line,
            "number": numbers.get(line.regrade.question),
            "is_void": remedy != Remedy.KEY,
            "counts": remedy != Remedy.OUT,
            "is_changed": line.before != line.after,
            "stays": bool(line.passed_after) and (line.after or 0) < paper_for(attempt).pass_percent,
        }
