"""Asking for evaluations, answering them once, closing them, and publishing averages of enough people.

What somebody answered goes into no audit, no notice and no mail: only that they did.
"""

from __future__ import annotations

import datetime
import json
import secrets
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.audit.actions import record
from core.notices.actions import notify, settle
from core.organisations.models import Organisation
from core.people.models import Person
from core.states import Refused, StaleState, move
from supervision.evaluations.models import (
    CountedAnswer,
    Evaluation,
    EvaluationAnswer,
    EvaluationResult,
    EvaluationTemplate,
    EvaluationWords,
    PublicationRule,
)
from supervision.evaluations.policy import Block, Given, block_of, due, last_closed
from supervision.evaluations.queries import (
    course_of,
    minimum_for,
    nearest,
    pairings_to_ask,
    rules_in_force,
    templates_in_force,
)
from supervision.evaluations.states import BY_MENTEE, MOVES, About, Direction, EvaluationState
from supervision.goals.models import Competency
from supervision.pairings.actions import NotPossible
from supervision.pairings.models import Pairing
from supervision.supervisors.models import Supervisor

REMIND_AHEAD = datetime.timedelta(days=3)
ASKED_OF = {About.SUPERVISOR: (Direction.OF_SUPERVISOR,), About.MENTEE: (Direction.OF_MENTEE, Direction.SELF)}


@dataclass(frozen=True)
class Said:
    """What somebody answers: sentence → 1 to 5, code of a field → 1 to 5, number of a competency → 1 to 5, own words."""

    scores: Mapping[str, int]
    fields: Mapping[str, int] = field(default_factory=dict)
    competencies: Mapping[str, int] = field(default_factory=dict)
    text: str = ""
    may_share: bool = False


@transaction.atomic
def save_evaluation_template(
    *,
    actor: Asker | None,
    organisation: Organisation,
    about: str,
    title: str,
    questions: Sequence[str],
    starts_on: datetime.date,
    ends_on: datetime.date | None = None,
    days_open: int = 14,
    asks_fields: bool = False,
    competencies: Sequence[Competency] = (),
    template: EvaluationTemplate | None = None,
) -> EvaluationTemplate:
    """Keep a template. One by which somebody was asked already stays as it is, and what was edited is its next version.

    Raises Refused when a later version has replaced it. Side effect: an audit entry.
    """
    kept: dict[str, Any] = {
        "title": title.strip(),
        "questions": list(dict.fromkeys(each.strip() for each in questions if each.strip())),
        "starts_on": starts_on,
        "ends_on": ends_on,
        "days_open": days_open,
        "asks_fields": asks_fields and about == About.MENTEE,
    }
    if template is None:
        row = EvaluationTemplate.objects.create(organisation=organisation, about=about, **kept)
    else:
        old = EvaluationTemplate.objects.select_for_update().get(pk=template.pk)
        if EvaluationTemplate.objects.filter(replaces=old).exists():
            raise Refused(_("A later version has replaced this one. Edit that one."))
        if old.evaluations.exists():
            row = EvaluationTemplate.objects.create(
                organisation=old.organisation, about=old.about, version=old.version + 1, replaces=old, **kept
            )
        else:
            row = old
            for name, value in kept.items():
                setattr(row, name, value)
            row.save()
    row.competencies.set(competencies if row.about == About.MENTEE else ())
    record(
        action="supervision.save_evaluation_template",
        target=row,
        actor=actor,
        organisation=row.organisation,
        after={"version": row.version, "starts_on": row.starts_on},
    )
    return row


def set_publication_rule(
    *, organisation: Organisation, minimum: int, starts_on: datetime.date, source: str, actor: Asker | None
) -> PublicationRule:
    """Set from how many people on evaluations are published, from a day on. Raises Refused when a rule of the place begins
    on that day. Side effect: audit."""
    with transaction.atomic():
        try:
            with transaction.atomic():
                rule = PublicationRule.objects.create(
                    organisation=organisation, minimum=minimum, starts_on=starts_on, source=source.strip()
                )
        except IntegrityError:
            raise Refused(_("A rule of this place begins on that day already."))
        record(
            action="supervision.set_publication_rule",
            target=rule,
            actor=actor,
            organisation=organisation,
            after={"minimum": minimum, "starts_on": starts_on, "source": rule.source},
        )
    return rule


def open_evaluations(*, supervisor_id: int | None = None) -> int:
    """Ask whoever is to be asked by today, each once: at mid-term, and when a pairing ends. Returns how many were asked.

    With `supervisor_id` only the pairs of this supervisor. Safe to call at any time. Side effects: the rows, an audit
    entry for each pair, a notice to both.
    """
    today = timezone.localdate()
    rows = pairings_to_ask(today)
    if supervisor_id is not None:
        rows = rows.filter(supervisor=supervisor_id)
    wanted = [(row, which) for row in rows if (which := due(course_of(row), today))]
    if not wanted:
        return 0
    pks = [row.pk for row, _which in wanted]
    known = set(Evaluation.objects.filter(pairing__in=pks).values_list("pairing", "occasion"))
    templates = templates_in_force(today)
    return sum(_ask(row, which, templates, today) for row, which in wanted if (row.pk, which) not in known)


@transaction.atomic
def _ask(
    pairing: Pairing, occasion: str, templates: Sequence[EvaluationTemplate], today: datetime.date
) -> int:
    made = []
    for about, directions in ASKED_OF.items():
        template = nearest([row for row in templates if row.about == about], pairing.organisation.path)
        if template is None:
            continue
        last = today + datetime.timedelta(days=template.days_open - 1)
        for direction in directions:
            try:
                with transaction.atomic():
                    made.append(
                        Evaluation.objects.create(
                            pairing=pairing,
                            occasion=occasion,
                            direction=direction,
                            template=template,
                            opens_on=today,
                            closes_on=last,
                        )
                    )
            except IntegrityError:  # somebody else was first
                return 0
    if not made:
        return 0
    record(
        action="supervision.open_evaluations",
        target=pairing,
        actor=None,
        organisation=pairing.organisation,
        after={"occasion": occasion, "number": len(made)},
    )
    for person, rows in _by_person(pairing, made):
        _tell(
            person,
            rows,
            "asked",
            gettext_noop("Please evaluate your supervision: %(supervisor)s and %(mentee)s"),
            gettext_noop(
                "It takes five minutes. You can answer until %(day)s. The form says who will read it."
            ),
        )
    return len(made)


@transaction.atomic
def answer_evaluation(*, evaluation: Evaluation, actor: Asker, said: Said) -> EvaluationAnswer:
    """Answer once; until the window closes the same answer can be changed. Raises NotPossible.

    Side effects for the first answer: the state, the sealed row, an audit entry without a word of it; the notice that asked
    is settled; of an assessment the mentee is told.
    """
    row = Evaluation.objects.select_for_update(of=("self",)).with_people().get(pk=evaluation.pk)
    person = _asked(row)
    if person.user_id != actor.pk:
        raise NotPossible(_("Somebody else is asked here."))
    now = timezone.now()
    if not row.is_taking(timezone.localdate(now)):
        raise NotPossible(_("The last day is over, so the answers stay as they are."))
    _check(row, said)
    kept = {
        "scores": dict(said.scores),
        "fields": dict(said.fields),
        "competencies": dict(said.competencies),
        "text": said.text.strip(),
        "may_share": said.may_share and row.direction == Direction.OF_SUPERVISOR,
        "changed_at": now,
    }
    answer = EvaluationAnswer.objects.filter(evaluation=row).first()
    if answer is not None:
        for name, value in kept.items():
            setattr(answer, name, value)
        answer.save()
        return answer
    old = move(row, EvaluationState.ANSWERED, MOVES)
    closes_at = timezone.make_aware(
        datetime.datetime.combine(row.closes_on + datetime.timedelta(days=1), datetime.time())
    )
    answer = EvaluationAnswer.objects.create(evaluation=row, answered_at=now, closes_at=closes_at, **kept)
    record(
        action="supervision.answer_evaluation",
        target=row,
        actor=actor,
        organisation=row.pairing.organisation,
        before={"state": old},
        after={"state": row.state},
    )
    _answered(row, person)
    return answer


def _check(row: Evaluation, said: Said) -> None:
    """Every question of the template has an answer from 1 to 5, and nothing else was asked."""
    levels = [*said.scores.values(), *said.fields.values(), *said.competencies.values()]
    if set(said.scores) != set(row.template.questions) or any(level not in range(1, 6) for level in levels):
        raise NotPossible(_("Answer every question."))


def _answered(row: Evaluation, person: Person) -> None:
    left = Evaluation.objects.mine(person.user).filter(
        pairing=row.pairing, occasion=row.occasion, state=EvaluationState.OPEN
    )
    if not left.exists():
        settle(user=person.user, source=_source(row, ""))
    if row.direction == Direction.OF_MENTEE:
        _tell(
            row.pairing.mentee,
            [row],
            "assessed",
            gettext_noop("%(supervisor)s has assessed how far you are"),
            gettext_noop("Read it, and see in the chart how your skills grow."),
        )


def remind_evaluations() -> int:
    """Remind whoever has not answered, once, three days before the last day; returns how many people were told now."""
    today = timezone.localdate()
    rows = Evaluation.objects.filter(
        state=EvaluationState.OPEN, closes_on__gte=today, closes_on__lte=today + REMIND_AHEAD
    ).with_people()
    groups: dict[tuple[int, str, int], list[Evaluation]] = defaultdict(list)
    for row in rows:
        groups[(row.pairing_id, row.occasion, _asked(row).pk)].append(row)
    return sum(
        _tell(
            _asked(rows[0]),
            rows,
            "reminded",
            gettext_noop("Your evaluation is still missing: %(supervisor)s and %(mentee)s"),
            gettext_noop("You can answer until %(day)s. After that it stays empty."),
        )
        for rows in groups.values()
    )


def close_evaluations() -> int:
    """Close what has had its last day: answered ones are locked for good, others stay empty. Returns how many."""
    closed = 0
    for row in Evaluation.objects.taking_answers().filter(closes_on__lt=timezone.localdate()):
        try:
            move(
                row,
                EvaluationState.LOCKED if row.state == EvaluationState.ANSWERED else EvaluationState.MISSED,
                MOVES,
            )
        except StaleState:  # answered, or closed by another clock, in this very moment
            continue
        closed += 1
    return closed


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


def run_evaluations() -> None:
    """What the clock does: open, remind, close, publish."""
    open_evaluations()
    remind_evaluations()
    close_evaluations()
    publish_evaluations()


def _asked(row: Evaluation) -> Person:
    """Who is asked."""
    return row.pairing.mentee if row.direction in BY_MENTEE else row.pairing.supervisor.person


def _by_person(pairing: Pairing, rows: Sequence[Evaluation]) -> list[tuple[Person, list[Evaluation]]]:
    mentee = [row for row in rows if row.direction in BY_MENTEE]
    supervisor = [row for row in rows if row.direction not in BY_MENTEE]
    people = ((pairing.mentee, mentee), (pairing.supervisor.person, supervisor))
    return [(person, asked) for person, asked in people if asked]


def _source(row: Evaluation, what: str) -> str:
    return f"supervision.evaluation:{row.pairing_id}:{row.occasion}:{what}"


def _tell(person: Person, rows: Sequence[Evaluation], what: str, title: str, body: str) -> bool:
    row = rows[0]
    told = notify(
        user=person.user,
        kind="supervision.evaluation",
        title=title,
        body=body,
        url=row.get_absolute_url() if len(rows) == 1 else reverse("supervision:evaluation-list"),
        source=_source(row, what),
        supervisor=row.pairing.supervisor.person.name,
        mentee=row.pairing.mentee.name,
        day=max(each.closes_on for each in rows),
    )
    return told is not None
