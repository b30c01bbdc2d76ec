"""Evaluations, and what was published of them."""

from datetime import date

from supervision.models import (
    Evaluation,
    EvaluationAnswer,
    EvaluationResult,
    EvaluationTemplate,
    EvaluationWords,
    PublicationRule,
)
from tests.factories import make_evaluation, make_evaluation_template, make_result


def evaluated_of(places, pairings, supervisors):
    """Evaluations in both directions and what was published of them, templates and rules of two places."""
    evaluations = [
        make_evaluation(pairing, direction, state)
        for pairing in pairings
        for direction, state in (("supervisor", "locked"), ("mentee", "answered"), ("self", "open"))
    ]
    results = [make_result(supervisor) for supervisor in supervisors]
    return {
        EvaluationTemplate: [make_evaluation_template(place) for place in places],
        Evaluation: evaluations,
        EvaluationAnswer: [row.answer for row in evaluations if row.is_given],
        EvaluationResult: results,
        EvaluationWords: [EvaluationWords.objects.create(result=row, texts="[]") for row in results],
        PublicationRule: [
            PublicationRule.objects.create(
                organisation=place, minimum=6, starts_on=date(2024, 1, 1), source="通知"
            )
            for place in places
        ],
    }
