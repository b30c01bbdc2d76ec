"""Evaluations and what is published of them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from core.models import Organisation

if TYPE_CHECKING:
    from supervision.models import (
        Evaluation,
        EvaluationResult,
        EvaluationTemplate,
        Pairing,
        Supervisor,
    )


def make_evaluation_template(
    organisation: Organisation, about: str = "supervisor", **fields: object
) -> EvaluationTemplate:
    """A template in force since two months ago, with two questions."""
    from supervision.models import EvaluationTemplate

    defaults = {
        "title": "互评表",
        "starts_on": timezone.localdate() - timedelta(days=60),
        "questions": ["督导准时", "督导有帮助"] if about == "supervisor" else ["主动反思", "按约行动"],
        "asks_fields": about == "mentee",
    }
    return EvaluationTemplate.objects.create(organisation=organisation, about=about, **defaults | fields)


def make_evaluation(
    pairing: Pairing,
    direction: str = "supervisor",
    state: str = "open",
    template: EvaluationTemplate | None = None,
    **fields: object,
) -> Evaluation:
    """An evaluation that opened a week ago and is open for another week; an answered one has its answer."""
    from supervision.models import Evaluation, EvaluationAnswer

    about = "supervisor" if direction == "supervisor" else "mentee"
    template = template or make_evaluation_template(pairing.organisation, about)
    first = timezone.localdate() - timedelta(days=7)
    answer = {"scores": fields.pop("scores", dict.fromkeys(template.questions, 4))}
    for name in ("fields", "competencies", "text", "may_share"):
        if name in fields:
            answer[name] = fields.pop(name)
    defaults = {"occasion": "mid", "opens_on": first, "closes_on": first + timedelta(days=13)}
    given = state in ("answered", "locked")
    row = Evaluation.objects.create(
        pairing=pairing,
        direction=direction,
        template=template,
        state="answered" if given else state,
        **defaults | fields,
    )
    if given:
        now = timezone.now()
        EvaluationAnswer.objects.create(
            evaluation=row, answered_at=now, changed_at=now, closes_at=now + timedelta(days=7), **answer
        )
        Evaluation.objects.filter(pk=row.pk).update(state=state)
        row.state = state
    return row


def make_result(
    supervisor: Supervisor, people: int = 5, mean: str = "4.0", **fields: object
) -> EvaluationResult:
    """What is published of a supervisor for the half-year that is over."""
    from supervision.evaluations.policy import last_closed
    from supervision.models import EvaluationResult

    first, last = last_closed(timezone.localdate())
    defaults = {
        "first_on": first,
        "last_on": last,
        "people": people,
        "minimum": 5,
        "averages": [["督导准时", people, mean, "≥"]],
        "published_at": timezone.now(),
    }
    return EvaluationResult.objects.create(supervisor=supervisor, **defaults | fields)
