"""What one of a pair is asked, and the sealed answer."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.access.scope import Asker
from core.people.sealed import SealedTextField
from supervision.evaluations.models.templates import EvaluationTemplate
from supervision.evaluations.states import (
    BY_MENTEE,
    GIVEN,
    SHARED,
    TAKES_ANSWERS,
    TONES,
    Direction,
    EvaluationState,
    Occasion,
)
from supervision.pairings.models import Pairing


def answered_by(user: Asker, prefix: str = "") -> models.Q:
    """The condition "it is this user who is asked"; `prefix` leads to the evaluation, such as `evaluation__`."""
    mentee = models.Q(**{f"{prefix}direction__in": sorted(BY_MENTEE), f"{prefix}pairing__mentee__user": user})
    return mentee | models.Q(
        **{f"{prefix}direction": Direction.OF_MENTEE, f"{prefix}pairing__supervisor__person__user": user}
    )


def shared_with(user: Asker, prefix: str = "") -> models.Q:
    """The condition "it is about the mentee, answered, and the user is one of the two": what the pair reads together."""
    shared = models.Q(**{f"{prefix}direction__in": sorted(SHARED), f"{prefix}state__in": sorted(GIVEN)})
    supervisor = models.Q(**{f"{prefix}pairing__supervisor__person__user": user})
    return shared & (supervisor | models.Q(**{f"{prefix}pairing__mentee__user": user}))


class EvaluationQuerySet(models.QuerySet["Evaluation"]):
    def visible_to(self, user: Asker) -> EvaluationQuerySet:
        """Whoever is asked; both of the pair, what is said about the mentee. No role and no superuser."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(answered_by(user) | shared_with(user))

    def mine(self, user: Asker) -> EvaluationQuerySet:
        """Those that this user is asked to answer."""
        return self.filter(answered_by(user)) if user.is_authenticated else self.none()

    def taking_answers(self) -> EvaluationQuerySet:
        return self.filter(state__in=sorted(TAKES_ANSWERS))

    def with_people(self) -> EvaluationQuerySet:
        return self.select_related(
            "pairing__supervisor__person__user", "pairing__mentee__user", "pairing__organisation", "template"
        )


class Evaluation(models.Model):
    """One of a pair is asked once at mid-term and once at the end; the window closes at the end of its last day."""

    pairing = models.ForeignKey(
        Pairing, models.PROTECT, related_name="evaluations", verbose_name=_("pairing")
    )
    occasion = models.CharField(
        pgettext_lazy("evaluation", "occasion"), max_length=4, choices=Occasion.choices
    )
    direction = models.CharField(
        pgettext_lazy("evaluation", "who evaluates whom"), max_length=10, choices=Direction.choices
    )
    template = models.ForeignKey(EvaluationTemplate, models.PROTECT, related_name="evaluations")
    state = models.CharField(
        _("state"), max_length=8, choices=EvaluationState.choices, default=EvaluationState.OPEN
    )
    opens_on = models.DateField(pgettext_lazy("evaluation", "opens"))
    closes_on = models.DateField(_("last day"))

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        verbose_name = _("evaluation")
        verbose_name_plural = _("evaluations")
        ordering = ["closes_on", "pk"]
        constraints = [
            models.UniqueConstraint("pairing", "occasion", "direction", name="evaluation_once"),
            models.CheckConstraint(
                condition=models.Q(closes_on__gte=models.F("opens_on")),
                name="evaluation_closes_after_opening",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=EvaluationState.values)
                & models.Q(occasion__in=Occasion.values)
                & models.Q(direction__in=Direction.values),
                name="evaluation_words_are_known",
            ),
        ]
        indexes = [models.Index(fields=["state", "closes_on"], name="evaluation_by_state")]

    def __str__(self) -> str:
        return f"{self.get_direction_display()} · {self.get_occasion_display()}"

    def get_absolute_url(self) -> str:
        return reverse("supervision:evaluation-detail", args=[self.pk])

    @property
    def tone(self) -> str:
        return TONES[EvaluationState(self.state)]

    @property
    def is_given(self) -> bool:
        return self.state in GIVEN

    @property
    def asks_skills(self) -> bool:
        return self.direction in SHARED

    def is_taking(self, today: datetime.date) -> bool:
        """Whether it can be answered, or an answer changed, on this day."""
        return self.state in TAKES_ANSWERS and self.opens_on <= today <= self.closes_on


class EvaluationAnswerQuerySet(models.QuerySet["EvaluationAnswer"]):
    def visible_to(self, user: Asker) -> EvaluationAnswerQuerySet:
        """Its author, and both of the pair, what is said about the mentee. Of the answers about a supervisor nobody reads a
        single one but whoever gave it: no supervisor, no role, no superuser."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(answered_by(user, "evaluation__") | shared_with(user, "evaluation__"))


class EvaluationAnswer(models.Model):
    """The one answer to an evaluation. It can be changed until the window closes; then the database locks it."""

    evaluation = models.OneToOneField(Evaluation, models.PROTECT, related_name="answer")
    scores: Any = models.JSONField(default=dict)  # sentence → 1 to 5
    fields: Any = models.JSONField(default=dict)  # code of a service field → 1 to 5
    competencies: Any = models.JSONField(default=dict)  # number of a competency, as text → 1 to 5
    text = SealedTextField(blank=True)
    may_share = models.BooleanField(
        default=False
    )  # the text, together with those of others and without a name
    answered_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    closes_at = models.DateTimeField()

    objects = EvaluationAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer to an evaluation")
        verbose_name_plural = _("answers to evaluations")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    changed_at__gte=models.F("answered_at"), changed_at__lt=models.F("closes_at")
                ),
                name="evaluation_answer_within_window",
            ),
            models.CheckConstraint(condition=~models.Q(scores={}), name="evaluation_answer_says_something"),
        ]

    def __str__(self) -> str:
        return str(self.evaluation_id)
