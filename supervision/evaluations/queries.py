"""Reading evaluations: what waits for somebody, one evaluation as its reader may see it, growth, and what is published."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.organisations.models import Organisation
from core.people.models import Person, ServiceField
from supervision.agreements.states import AgreementState
from supervision.evaluations.models import (
    Evaluation,
    EvaluationAnswer,
    EvaluationResult,
    EvaluationTemplate,
    EvaluationWords,
    PublicationRule,
)
from supervision.evaluations.policy import LATE_BY, LEAST, Course, Growth, Reading, growth
from supervision.evaluations.states import GIVEN, SHARED, Agreement, Direction, EvaluationState, Skill
from supervision.goals.models import Competency
from supervision.pairings.models import Pairing
from supervision.pairings.states import PairingState
from supervision.supervisors.queries import nearest_among
from supervision.supervisors.states import TOOK_PLACE


@dataclass(frozen=True)
class Elsewhere:
    """Something that another part of the platform asks this user about one of their mentees, such as a survey after a
    course; it is answered there."""

    title: str
    note: str
    closes_on: datetime.date
    url: str


WaitsElsewhere = Callable[[Asker], Sequence[Elsewhere]]
_elsewhere: list[WaitsElsewhere] = []


def waits_elsewhere_by(function: WaitsElsewhere) -> None:
    """Name the function that knows what others ask a user about their mentees. supervision knows nothing of lms; config
    joins the two."""
    _elsewhere[:] = [function]


def waits_elsewhere(user: Asker) -> list[Elsewhere]:
    """What others ask this user about their mentees."""
    return list(_elsewhere[0](user)) if _elsewhere else []


def templates_in_force(on: datetime.date) -> list[EvaluationTemplate]:
    """All templates in force on a day, with their organisations. One query."""
    return list(EvaluationTemplate.objects.in_force(on).select_related("organisation"))


def minimum_for(rules: Iterable[PublicationRule], path: str) -> int:
    """From how many people on evaluations of a supervisor of this place are published."""
    rule = nearest_among(rules, path)
    return rule.minimum if rule is not None else LEAST


def rules_in_force(on: datetime.date) -> list[PublicationRule]:
    """All rules of publication in force on a day, with their organisations. One query."""
    return list(PublicationRule.objects.in_force(on).select_related("organisation"))


def pairings_to_ask(today: datetime.date) -> QuerySet[Pairing]:
    """The pairings that have met and are active, or have ended of late; one that rests is asked when it goes on.

    `review_on` and `agreed_until` are of the agreement in force. One query.
    """
    late = today - datetime.timedelta(days=LATE_BY)
    recent = Q(state=PairingState.ACTIVE) | Q(state=PairingState.ENDED, ends_on__gte=late)
    in_force = Q(agreements__state=AgreementState.ACCEPTED)
    met = Pairing.objects.filter(pk=OuterRef("pk"), sessions__state__in=TOOK_PLACE)
    rows = Pairing.objects.filter(Exists(met), recent).annotate(
        review_on=Max("agreements__review_on", filter=in_force),
        agreed_until=Max("agreements__ends_on", filter=in_force),
    )
    return rows.with_people().select_related("supervisor__person__user", "mentee__user")


def course_of(pairing: Any) -> Course:
    """The days of a pairing of `pairings_to_ask`."""
    ended = pairing.state == PairingState.ENDED
    return Course(
        starts_on=pairing.starts_on,
        ends_on=pairing.ends_on or pairing.agreed_until,
        review_on=pairing.review_on,
        ended_on=pairing.ends_on if ended else None,
    )


def waiting_for(user: Asker) -> list[Evaluation]:
    """What this user is asked and has not answered, the nearest end first. One query."""
    today = timezone.localdate()
    rows = Evaluation.objects.mine(user).filter(
        state=EvaluationState.OPEN, opens_on__lte=today, closes_on__gte=today
    )
    return list(rows.select_related("pairing__supervisor__person", "pairing__mentee"))


def evaluations_of(pairing: Pairing, user: Asker) -> list[Evaluation]:
    """The evaluations of a pairing that this user may see, the newest first. One query."""
    rows = Evaluation.objects.visible_to(user).filter(pairing=pairing)
    return list(rows.order_by("-opens_on", "direction"))


@dataclass(frozen=True)
class Line:
    """One question with its answer in words."""

    words: str
    answer: str
    level: int


@dataclass(frozen=True)
class EvaluationPage:
    """One evaluation as one reader may see it."""

    evaluation: Evaluation
    is_mine: bool
    answer: EvaluationAnswer | None
    questions: list[Line]
    skills: list[Line]
    minimum: int


def page_of(evaluation: Evaluation, user: Asker) -> EvaluationPage:
    """An evaluation with what this reader may read of it. Up to five queries."""
    rows = EvaluationAnswer.objects.visible_to(user).filter(evaluation=evaluation)
    answer = rows.first()
    is_mine = Evaluation.objects.mine(user).filter(pk=evaluation.pk).exists()
    minimum = minimum_for(
        rules_in_force(timezone.localdate()), evaluation.pairing.supervisor.organisation.path
    )
    if answer is None:
        return EvaluationPage(evaluation, is_mine, None, [], [], minimum)
    words = dict(Agreement.choices)
    scores = {each: answer.scores[each] for each in evaluation.template.questions if each in answer.scores}
    asked = [Line(each, str(words.get(score, score)), score) for each, score in scores.items()]
    return EvaluationPage(evaluation, is_mine, answer, asked, _skills(answer), minimum)


def _skills(answer: EvaluationAnswer) -> list[Line]:
    names, words = skill_names(), dict(Skill.choices)
    said = {f"f{code}": level for code, level in answer.fields.items()}
    said |= {f"c{number}": level for number, level in answer.competencies.items()}
    return [
        Line(name, str(words.get(said[key], said[key])), said[key])
        for key, name in names.items()
        if key in said
    ]


def skill_names() -> dict[str, str]:
    """The name of every service field (f + its code) and of every competency (c + its number). Two queries."""
    fields = {f"f{row.code}": row.name_here for row in ServiceField.objects.order_by("position", "pk")}
    return fields | {f"c{row.pk}": row.name for row in Competency.objects.order_by("position", "pk")}


def growth_of(answers: QuerySet[EvaluationAnswer]) -> list[Growth]:
    """How the skills grew by these answers, in the order of the fields and then of the competencies. Three queries."""
    names = skill_names()
    shared = answers.filter(evaluation__direction__in=sorted(SHARED), evaluation__state__in=sorted(GIVEN))
    readings = []
    for row in shared.select_related("evaluation").order_by("changed_at", "pk"):
        day, own = timezone.localtime(row.answered_at).date(), row.evaluation.direction == Direction.SELF
        said = [(f"f{code}", level) for code, level in row.fields.items()]
        said += [(f"c{number}", level) for number, level in row.competencies.items()]
        readings += [Reading(key, day, level, own) for key, level in said if key in names]
    order = list(names)
    found = sorted(growth(readings), key=lambda each: order.index(each.skill))
    return [Growth(names[each.skill], each.by_supervisor, each.by_self) for each in found]


def own_growth(person: Person) -> list[Growth]:
    """The skills of a person as mentee, over all their pairings."""
    return growth_of(EvaluationAnswer.objects.filter(evaluation__pairing__mentee=person))


def pairing_growth(pairing: Pairing, user: Asker) -> list[Growth]:
    """The skills of the mentee as they were said in this pairing, for one of the two."""
    return growth_of(EvaluationAnswer.objects.visible_to(user).filter(evaluation__pairing=pairing))


@dataclass(frozen=True)
class Published:
    """What a supervisor reads of the evaluations by mentees: periods that are over, and whether the rest is too little."""

    results: list[EvaluationResult]
    words: dict[int, list[str]]
    minimum: int


def published_of(user: Asker, organisation: Organisation) -> Published:
    """What is published about this user as a supervisor. Three queries."""
    results = EvaluationResult.objects.visible_to(user).filter(supervisor__person__user=user.pk)
    words = EvaluationWords.objects.visible_to(user)
    return Published(
        list(results),
        {row.pk: row.each for row in words},
        minimum_for(rules_in_force(timezone.localdate()), organisation.path),
    )


def who_reads(direction: str, minimum: int) -> list[str]:
    """Who will read the answers: said on the form, before anything is written."""
    if direction == Direction.OF_SUPERVISOR:
        return [
            _(
                "Your supervisor never sees your answers by themselves, and administrators never do. "
                "When a half-year is over, averages of at least %(n)s people together are published, rounded."
            )
            % {"n": minimum},
            _(
                "What you write in your own words stays with you. Only if you tick the box is it passed on to the "
                "supervisor, mixed with the words of at least %(n)s people in all and without a name; administrators "
                "never read it."
            )
            % {"n": minimum},
        ]
    if direction == Direction.OF_MENTEE:
        return [
            _(
                "Your mentee reads all of it as soon as you send it. Nobody else does, no administrator either."
            )
        ]
    return [_("You and your supervisor read it, beside the supervisor’s assessment. No administrator does.")]


def evaluation_data_of(person: Person) -> list[dict[str, Any]]:
    """What a person answered, and what their supervisors said about them: to be taken away with one's own data. Three
    queries. What mentees said about the person as a supervisor is not among it."""
    as_mentee = Q(evaluation__pairing__mentee=person)
    wrote = Q(evaluation__pairing__supervisor=person.pk, evaluation__direction=Direction.OF_MENTEE)
    rows = EvaluationAnswer.objects.filter(as_mentee | wrote, evaluation__state__in=sorted(GIVEN))
    names = skill_names()
    return [
        {
            "kind": row.evaluation.direction,
            "occasion": row.evaluation.occasion,
            "supervisor": row.evaluation.pairing.supervisor.person.name,
            "mentee": row.evaluation.pairing.mentee.name,
            "answered_at": row.answered_at,
            "scores": row.scores,
            "skills": {
                names.get(key, key): level
                for key, level in [
                    *((f"f{code}", level) for code, level in row.fields.items()),
                    *((f"c{number}", level) for number, level in row.competencies.items()),
                ]
            },
            "text": row.text,
        }
        for row in rows.select_related(
            "evaluation__pairing__supervisor__person", "evaluation__pairing__mentee"
        ).order_by("pk")
    ]
