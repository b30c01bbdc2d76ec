"""After each half-year what can be published of a supervisor is published, in aggregate and once."""

from __future__ import annotations

import datetime
import json
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from core.audit.actions import record
from core.notices.actions import notify
from supervision.evaluations.models import (
    CountedAnswer,
    EvaluationAnswer,
    EvaluationResult,
    EvaluationWords,
    PublicationRule,
)
from supervision.evaluations.policy import Block, Given, block_of, last_closed
from supervision.evaluations.queries import (
    minimum_for,
    rules_in_force,
)
from supervision.evaluations.states import Direction, EvaluationState
from supervision.supervisors.models import Supervisor


def publish_evaluations() -> int:
    """Publish of each supervisor what the last half-year that is over brought, where enough people answered; returns of
    how many. What is too little stays and counts with the next. Each answer is in one publication, ever."""
    today = timezone.localdate()
    first, last = last_closed(today)
    rows = EvaluationAnswer.objects.filter(
        evaluation__direction=Direction.OF_SUPERVISOR,
        evaluation__state=EvaluationState.LOCKED,
        evaluation__closes_on__lte=last,
        counted=None,
    )
    supervisors = set(rows.values_list("evaluation__pairing__supervisor", flat=True))
    done = EvaluationResult.objects.filter(supervisor__in=supervisors, last_on__gte=last)
    supervisors -= set(done.values_list("supervisor", flat=True))
    rules = rules_in_force(today)
    return sum(
        _publish(pk, rows.filter(evaluation__pairing__supervisor=pk), rules, first, last)
        for pk in sorted(supervisors)
    )


@transaction.atomic
def _publish(
    supervisor_id: int, rows: Any, rules: Sequence[PublicationRule], first: datetime.date, last: datetime.date
) -> bool:
    # Held while the answers are counted, so that no two count the same ones.
    supervisor = (
        Supervisor.objects.select_for_update(of=("self",))
        .select_related("person__user", "organisation")
        .get(pk=supervisor_id)
    )
    answers = {row.pk: row for row in rows.select_related("evaluation__pairing", "evaluation__template")}
    minimum = minimum_for(rules, supervisor.organisation.path)
    block = block_of((_given(row) for row in answers.values()), minimum)
    if block is None or supervisor.evaluation_results.filter(last_on__gte=last).exists():
        return False
    before = supervisor.evaluation_results.order_by("-last_on").first()
    earliest = min(row.evaluation.opens_on for row in answers.values())
    begins = min(first, earliest if before is None else before.last_on + datetime.timedelta(days=1))
    result = EvaluationResult.objects.create(
        supervisor=supervisor,
        first_on=begins,
        last_on=last,
        people=block.people,
        minimum=minimum,
        averages=[[words, said.answers, str(said.value), said.mark] for words, said in block.averages],
        published_at=timezone.now(),
    )
    CountedAnswer.objects.bulk_create(CountedAnswer(answer_id=key, result=result) for key in block.keys)
    _pass_on(result, block, answers, minimum)
    record(
        action="supervision.publish_evaluations",
        target=result,
        actor=None,
        organisation=supervisor.organisation,
        after={"people": result.people, "minimum": minimum},
    )
    notify(
        user=supervisor.person.user,
        kind="supervision.evaluation",
        title=gettext_noop("The evaluations by your mentees up to %(day)s are there"),
        body=gettext_noop("Averages of %(n)s people together. Nobody’s own answer is shown."),
        url=reverse("supervision:evaluation-list"),
        source=f"supervision.evaluation_result:{result.pk}",
        day=last,
        n=result.people,
    )
    return True


def _given(row: EvaluationAnswer) -> Given:
    evaluation = row.evaluation
    scores = {words: row.scores[words] for words in evaluation.template.questions if words in row.scores}
    return Given(row.pk, evaluation.pairing.mentee_id, evaluation.closes_on, scores)


def _pass_on(
    result: EvaluationResult, block: Block, answers: Mapping[int, EvaluationAnswer], minimum: int
) -> None:
    """The words of those who agreed, one text a person, when enough people did; in an order that tells nothing."""
    texts: dict[int, str] = {}
    for key in block.keys:
        row = answers[key]
        if row.may_share and row.text:
            texts[row.evaluation.pairing.mentee_id] = row.text
    if len(texts) >= minimum:
        mixed = list(texts.values())
        secrets.SystemRandom().shuffle(mixed)
        EvaluationWords.objects.create(result=result, texts=json.dumps(mixed, ensure_ascii=False))
