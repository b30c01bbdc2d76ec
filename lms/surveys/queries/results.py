"""What a survey came to, for whoever may see it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from random import SystemRandom
from typing import Any

from django.conf import settings
from django.db.models import Count, Min, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.ui.charts import whole_percent
from lms.cohorts.queries import titled
from lms.surveys.models import CohortSurvey, SurveyResponse
from lms.surveys.policy import (
    TOP,
    Change,
    Kind,
    Question,
    Tally,
    Value,
    change,
    may_show,
    score,
    tally,
    window,
)
from lms.surveys.queries.questions import label_of
from lms.surveys.states import InvitationState, Opens

FORMER = 5  # earlier cohorts beside this one


@dataclass(frozen=True)
class Group:
    """The answers of one kind of people to one question: trainees, supervisors; after learning, before it."""

    label: str
    tally: Tally


@dataclass(frozen=True)
class Former:
    """What an earlier cohort of the course answered on average."""

    label: str
    n: int
    average: float


@dataclass(frozen=True)
class QuestionResult:
    """Everything that was answered to one question. The first group is the one whose bars are drawn."""

    number: int
    part: Question
    prompt: str
    groups: list[Group]
    change: Change | None
    former: list[Former]
    texts: list[str]

    @property
    def main(self) -> Tally:
        return self.groups[0].tally

    @property
    def whose(self) -> str:
        """Whose answers the facts and the bars are; of several kinds of people those of the first."""
        return self.groups[0].label

    @property
    def top(self) -> float | None:
        """The end of the scale of averages; None where numbers have none."""
        return TOP if self.part.kind == Kind.SCALE else 100 if self.part.tests else None

    @property
    def unit(self) -> str:
        """What averages are counted in; "" for ratings."""
        return "%" if self.part.tests else self.part.unit

    @property
    def bars(self) -> list[tuple[str, int, str]]:
        """What was chosen how often, with the share of those who answered, and the right answers marked."""
        n, right = self.main.n, _("right")
        return [
            (
                label_of(self.part, key),
                count,
                " · ".join(
                    filter(None, (f"{whole_percent(count, n)}%", right if key in self.part.correct else ""))
                ),
            )
            for key, count in self.main.counts
            if n
        ]

    @property
    def table(self) -> list[tuple[str, list[int]]]:
        """What was chosen how often in each group."""
        keys = [key for key, _count in self.main.counts]
        counts = [dict(group.tally.counts) for group in self.groups]
        return [(label_of(self.part, key), [each.get(key, 0) for each in counts]) for key in keys]

    @property
    def averages(self) -> list[tuple[str, float, str]]:
        """The averages side by side: groups, or before and after of those who answered both, and earlier cohorts."""
        rows: list[tuple[str, float | None, int]] = []
        if self.change is not None:
            rows += [
                (_("Before"), self.change.before, self.change.n),
                (_("After"), self.change.after, self.change.n),
            ]
        else:
            rows += [(group.label, group.tally.average, group.tally.n) for group in self.groups]
        rows += [(each.label, each.average, each.n) for each in self.former]
        return [
            (label, round(float(value), 1), _("n = %(n)s") % {"n": n})
            for label, value, n in rows
            if value is not None
        ]


@dataclass(frozen=True)
class PersonChange:
    """One trainee's own averages before and after: ratings from 1 to 5, and the share of right answers in per cent."""

    name: str
    ratings: tuple[float | None, float | None]
    right: tuple[float | None, float | None]


@dataclass(frozen=True)
class Results:
    """All that a survey of one cohort came to. Nothing but the counts while too few have answered."""

    asked: int
    answered: int
    is_shown: bool
    least: int
    later: int  # anonymous answers that have come and are not counted yet
    questions: list[QuestionResult]
    people: list[PersonChange]
    due: date | None = (
        None  # while nobody has been asked: the day from which the first answers fall due, if known
    )


def results_of(survey: CohortSurvey, user: Asker) -> Results:
    """What the survey came to, for whoever may see it. At most five queries, however many have answered."""
    counts = survey.invitations.aggregate(
        asked=Count("pk"), answered=Count("pk", filter=Q(state=InvitationState.ANSWERED))
    )
    due = None if counts["asked"] else first_due(survey, timezone.localdate())
    rows = responses_of(survey)
    own = [row for row in rows if row.survey_id == survey.pk]
    least, hidden = settings.SURVEY_LEAST, survey.is_anonymous
    later = counts["answered"] - len(own) if hidden else 0
    if not may_show(len(own), is_anonymous=hidden, least=least):
        return Results(counts["asked"], counts["answered"], False, least, later, [], [], due)
    groups = _groups(survey, own, [row for row in rows if row.survey_id != survey.pk])
    pairs = _pairs(survey, rows)
    if not may_show(len(pairs), is_anonymous=hidden, least=least):
        pairs = []
    former = _former(survey, user)
    questions = []
    for number, part in enumerate(survey.version.asked, start=1):
        values = [row.answers.get(part.key) for row in own]
        both = [(before.answers.get(part.key), after.answers.get(part.key)) for before, after in pairs]
        questions.append(
            QuestionResult(
                number=number,
                part=part,
                prompt=titled(part.prompt, part.prompt_en),
                groups=[
                    Group(label, tally(part, (row.answers.get(part.key) for row in each)))
                    for label, each in groups
                ],
                change=_shown_change(part, both, hidden, least),
                former=_former_of(part, former),
                texts=_mixed(str(value) for value in values if value) if part.kind == Kind.TEXT else [],
            )
        )
    people = [] if hidden else _people(survey, pairs)
    return Results(counts["asked"], counts["answered"], True, least, later, questions, people)


def first_due(survey: CohortSurvey, today: date) -> date | None:
    """The day, today or later, on which the survey opens for the first who are asked. One query where it hangs on each
    trainee's completion."""
    if survey.opens_from != Opens.COMPLETION:
        fixed = survey.fixed_window
        return fixed.opens_on if fixed is not None and fixed.opens_on >= today else None
    since = today - timedelta(days=survey.after_days)
    rows = survey.cohort.enrolments.filter(completed_at__date__gte=since)
    first = rows.aggregate(first=Min("completed_at"))["first"]
    opening = window(timezone.localtime(first).date() if first else None, after=survey.after_days, lasts=1)
    return opening.opens_on if opening else None


def responses_of(survey: CohortSurvey) -> list[SurveyResponse]:
    """The answers of this survey, and of the one before it, that results may count. One query."""
    wanted = [pk for pk in (survey.pk, survey.before_id) if pk]
    rows = SurveyResponse.objects.counted().filter(survey__in=wanted)
    return list(rows.select_related("invitation__subject__employer", "invitation__respondent__person"))


def _groups(
    survey: CohortSurvey, own: list[SurveyResponse], before: list[SurveyResponse]
) -> list[tuple[str, list[SurveyResponse]]]:
    if before and may_show(len(before), is_anonymous=survey.is_anonymous, least=settings.SURVEY_LEAST):
        return [(_("After"), own), (_("Before"), before)]
    by_rater = [(str(rater.label), [row for row in own if row.rater == rater]) for rater in survey.raters]
    return [group for group in by_rater if group[1]] or [("", own)]


def _pairs(survey: CohortSurvey, rows: list[SurveyResponse]) -> list[tuple[SurveyResponse, SurveyResponse]]:
    """The two answers of the same people; only for a survey that has one before it."""
    if survey.before_id is None:
        return []
    first = {row.pair: row for row in rows if row.survey_id == survey.before_id}
    second = [row for row in rows if row.survey_id == survey.pk and row.pair is not None]
    return [(first[row.pair], row) for row in second if row.pair in first]


def _shown_change(
    part: Question, both: list[tuple[Value | None, Value | None]], hidden: bool, least: int
) -> Change | None:
    found = change(part, both)
    return found if found and may_show(found.n, is_anonymous=hidden, least=least) else None


def _former(survey: CohortSurvey, user: Asker) -> list[tuple[str, list[dict[str, Any]]]]:
    """The answers of the last earlier cohorts of the course to the same survey. Two queries."""
    rows = CohortSurvey.objects.visible_to(user).filter(
        cohort__course=survey.cohort.course_id,
        version__design=survey.version.design_id,
        opens_from=survey.opens_from,
        before__isnull=survey.before_id is None,
        cohort__starts_on__lt=survey.cohort.starts_on or timezone.localdate(),
    )
    former = list(rows.select_related("cohort").order_by("-cohort__starts_on", "-pk")[:FORMER])
    if not former:
        return []
    kept: dict[int, list[dict[str, Any]]] = {}
    for pk, answers in (
        SurveyResponse.objects.counted().filter(survey__in=former).values_list("survey", "answers")
    ):
        kept.setdefault(pk, []).append(answers)
    return [
        (titled(each.cohort.title, each.cohort.title_en), kept[each.pk])
        for each in former
        if may_show(len(kept.get(each.pk, ())), is_anonymous=each.is_anonymous, least=settings.SURVEY_LEAST)
    ]


def _former_of(part: Question, former: list[tuple[str, list[dict[str, Any]]]]) -> list[Former]:
    found = []
    for label, rows in former:
        counted = tally(part, (answers.get(part.key) for answers in rows))
        if counted.average is not None:
            found.append(Former(label, counted.n, counted.average))
    return found


def _people(survey: CohortSurvey, pairs: list[tuple[SurveyResponse, SurveyResponse]]) -> list[PersonChange]:
    ratings = [part for part in survey.version.asked if part.kind == Kind.SCALE]
    tests = [part for part in survey.version.asked if part.tests]

    def average(parts: list[Question], row: SurveyResponse) -> float | None:
        scores = [
            each for each in (score(part, row.answers.get(part.key)) for part in parts) if each is not None
        ]
        return round(sum(scores) / len(scores), 1) if scores else None

    return sorted(
        (
            PersonChange(
                name=after.invitation.subject.name if after.invitation else "",
                ratings=(average(ratings, before), average(ratings, after)),
                right=(average(tests, before), average(tests, after)),
            )
            for before, after in pairs
        ),
        key=lambda person: person.name,
    )


def _mixed(texts: Iterable[str]) -> list[str]:
    """Texts in an order that says nothing about who wrote them."""
    found = list(texts)
    SystemRandom().shuffle(found)
    return found
