"""Evaluations are opened in their time, the two are reminded, and what is over is closed."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from core.audit.actions import record
from core.people.models import Person
from core.states import StaleState, move
from supervision.evaluations.actions.telling import asked, tell
from supervision.evaluations.models import (
    Evaluation,
    EvaluationTemplate,
)
from supervision.evaluations.policy import due
from supervision.evaluations.queries import (
    course_of,
    pairings_to_ask,
    templates_in_force,
)
from supervision.evaluations.states import BY_MENTEE, MOVES, About, Direction, EvaluationState, Occasion
from supervision.pairings.models import Pairing
from supervision.supervisors.queries import nearest_among

REMIND_AHEAD = datetime.timedelta(days=3)
ASKED_OF = {About.SUPERVISOR: (Direction.OF_SUPERVISOR,), About.MENTEE: (Direction.OF_MENTEE, Direction.SELF)}


def open_evaluations(*, supervisor_id: int | None = None) -> int:
    """Ask whoever is to be asked by today, each once: at mid-term, and when a pairing ends. Returns how many were asked.

    With `supervisor_id` only the pairs of this supervisor. Safe to call at any time. Side effects: the rows; the mid-term
    evaluation closed where the end is asked; an audit entry for each pair, a notice to both.
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
        template = nearest_among([row for row in templates if row.about == about], pairing.organisation.path)
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
    if occasion == Occasion.END:
        _close_mid_term(pairing)
    record(
        action="supervision.open_evaluations",
        target=pairing,
        actor=None,
        organisation=pairing.organisation,
        after={"occasion": occasion, "number": len(made)},
    )
    for person, rows in _by_person(pairing, made):
        tell(
            person,
            rows,
            "asked",
            gettext_noop("Please evaluate your supervision: %(supervisor)s and %(mentee)s"),
            gettext_noop(
                "It takes five minutes. You can answer until %(day)s. The form says who will read it."
            ),
        )
    return len(made)


def _close_mid_term(pairing: Pairing) -> None:
    """Nobody is asked for the middle and the end of the same pairing at once: what is not answered by now stays empty."""
    for row in pairing.evaluations.filter(occasion=Occasion.MID, state=EvaluationState.OPEN):
        with suppress(StaleState):  # answered in this very moment
            move(row, EvaluationState.MISSED, MOVES)


def remind_evaluations() -> int:
    """Remind whoever has not answered, once, three days before the last day; returns how many people were told now."""
    today = timezone.localdate()
    rows = Evaluation.objects.filter(
        state=EvaluationState.OPEN, closes_on__gte=today, closes_on__lte=today + REMIND_AHEAD
    ).with_people()
    groups: dict[tuple[int, str, int], list[Evaluation]] = defaultdict(list)
    for row in rows:
        groups[(row.pairing_id, row.occasion, asked(row).pk)].append(row)
    return sum(
        tell(
            asked(rows[0]),
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


def _by_person(pairing: Pairing, rows: Sequence[Evaluation]) -> list[tuple[Person, list[Evaluation]]]:
    mentee = [row for row in rows if row.direction in BY_MENTEE]
    supervisor = [row for row in rows if row.direction not in BY_MENTEE]
    people = ((pairing.mentee, mentee), (pairing.supervisor.person, supervisor))
    return [(person, asked) for person, asked in people if asked]
