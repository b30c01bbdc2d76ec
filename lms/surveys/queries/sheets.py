"""The results of a survey as tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.sheets.writing import Heading, Table
from lms.cohorts.queries import titled
from lms.surveys.models import CohortSurvey
from lms.surveys.queries.questions import label_of, value_words
from lms.surveys.queries.results import Results, responses_of
from lms.surveys.states import Rater


def sheets_of(survey: CohortSurvey, results: Results) -> list[Table]:
    """The results as tables. A row for each answer only where answers have names; the texts of others stand by question,
    mixed, so that no two texts of one person stand together."""
    note = _("%(answered)s of %(asked)s answered") % {"answered": results.answered, "asked": results.asked}
    notes = [f"{survey.version.title} · {survey.cohort.title}", note]
    tables = [Table(_("Summary"), _summary_heads(), _summary_rows(results), notes)]
    if results.people:
        heads = [Heading(_("Name")), *(Heading(label) for label in (_("Ratings before"), _("Ratings after")))]
        heads += [Heading(label) for label in (_("Right before (per cent)"), _("Right after (per cent)"))]
        rows = [[person.name, *person.ratings, *person.right] for person in results.people]
        tables.append(Table(_("Change"), heads, rows))
    if not survey.is_anonymous:
        return [*tables, _answers(survey)]
    texts = [[each.prompt, text] for each in results.questions for text in each.texts]
    return [*tables, Table(_("Texts"), [Heading(_("Question"), 40), Heading(_("Text"), 80)], texts)]


def _summary_heads() -> list[Heading]:
    labels = (_("Answered by"), _("Answers"), _("Average"), _("Choice"), _("Chosen"))
    return [Heading(_("Question"), 40), *(Heading(label) for label in labels)]


def _summary_rows(results: Results) -> Iterator[list[Any]]:
    for each in results.questions:
        for group in each.groups:
            counted = group.tally
            average = None if counted.average is None else round(counted.average, 1)
            start = [each.prompt, group.label, counted.n, average]
            if not counted.counts:
                yield [*start, "", ""]
            for key, count in counted.counts:
                yield [*start, label_of(each.part, key), count]


def _answers(survey: CohortSurvey) -> Table:
    asked = survey.version.asked
    heads = [
        Heading(_("Trainee")),
        Heading(_("Organisation"), 24),
        Heading(_("Answered by")),
        Heading(pgettext("survey", "Day")),
    ]
    rows = [row for row in responses_of(survey) if row.survey_id == survey.pk and row.invitation]
    return Table(
        _("Answers"),
        [*heads, *(Heading(titled(part.prompt, part.prompt_en), 24) for part in asked)],
        [
            [
                row.invitation.subject.name if row.invitation else "",
                str(row.invitation.subject.employer or "") if row.invitation else "",
                str(Rater(row.rater).label),
                row.answered_on,
                *(value_words(part, row.answers.get(part.key)) for part in asked),
            ]
            for row in rows
        ],
    )
