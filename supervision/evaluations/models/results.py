"""What is published of many answers: rounded means, words in no order, and which answers were counted."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.access.scope import Asker, scope_of
from core.access.states import READERS
from core.people.sealed import SealedTextField
from supervision.evaluations.models.asked import EvaluationAnswer
from supervision.evaluations.policy import LEAST
from supervision.supervisors.models import Supervisor


class EvaluationResultQuerySet(models.QuerySet["EvaluationResult"]):
    def visible_to(self, user: Asker) -> EvaluationResultQuerySet:
        """The supervisor, and administrators and auditors of the supervisor's organisation."""
        if not user.is_authenticated:
            return self.none()
        own = models.Q(supervisor__person__user=user)
        return self.filter(scope_of(user).q("supervisor__organisation", *READERS) | own)


class EvaluationResult(models.Model):
    """What is published of one supervisor when a half-year is over, of enough people together. It never changes."""

    supervisor = models.ForeignKey(
        Supervisor, models.PROTECT, related_name="evaluation_results", verbose_name=_("supervisor")
    )
    first_on = models.DateField(_("from"))
    last_on = models.DateField(_("until"))
    people = models.PositiveSmallIntegerField(pgettext_lazy("evaluation", "people"))
    minimum = models.PositiveSmallIntegerField(_("least number of people"))
    averages: Any = models.JSONField(default=list)  # [sentence, people, value, mark]
    published_at = models.DateTimeField(pgettext_lazy("evaluation", "published"))

    objects = EvaluationResultQuerySet.as_manager()

    class Meta:
        verbose_name = _("result of evaluations")
        verbose_name_plural = _("results of evaluations")
        ordering = ["-last_on", "pk"]
        constraints = [
            models.UniqueConstraint("supervisor", "last_on", name="evaluation_result_once_a_period"),
            models.CheckConstraint(
                condition=models.Q(people__gte=models.F("minimum"), minimum__gte=LEAST)
                & models.Q(last_on__gte=models.F("first_on")),
                name="evaluation_result_of_enough_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.supervisor} · {date_format(self.last_on, 'YEAR_MONTH_FORMAT')}"

    @property
    def rows(self) -> list[tuple[str, int, str]]:
        """Of each question: its words, how many people, and the average in words."""
        return [(words, people, f"{mark}{value}") for words, people, value, mark in self.averages]

    @property
    def mean(self) -> Decimal:
        """The average of what is published of the questions, of all alike."""
        values = [Decimal(value) for _words, _people, value, _mark in self.averages]
        return (sum(values, Decimal(0)) / len(values)).quantize(Decimal("0.1"))


class EvaluationWordsQuerySet(models.QuerySet["EvaluationWords"]):
    def visible_to(self, user: Asker) -> EvaluationWordsQuerySet:
        """The supervisor they were written to, and nobody else: no role and no superuser."""
        return self.filter(result__supervisor__person__user=user) if user.is_authenticated else self.none()


class EvaluationWords(models.Model):
    """What enough people let be passed on in their own words: together, mixed, without names. Sealed."""

    result = models.OneToOneField(EvaluationResult, models.PROTECT, primary_key=True, related_name="words")
    texts = SealedTextField()  # a JSON list

    objects = EvaluationWordsQuerySet.as_manager()

    class Meta:
        verbose_name = _("words of evaluations")
        verbose_name_plural = _("words of evaluations")

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def each(self) -> list[str]:
        return list(json.loads(self.texts))


class CountedAnswer(models.Model):
    """That an answer went into a result: into one, and never again into another. For the machine, shown to nobody."""

    answer = models.OneToOneField(EvaluationAnswer, models.PROTECT, primary_key=True, related_name="counted")
    result = models.ForeignKey(EvaluationResult, models.PROTECT, related_name="counted")

    class Meta:
        verbose_name = _("counted answer")

    def __str__(self) -> str:
        return str(self.pk)
