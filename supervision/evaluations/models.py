"""Evaluations of a pair in both directions: templates, who is asked when, sealed answers, and what is published of many."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.access.scope import Asker, scope_of
from core.access.states import READERS
from core.organisations.models import Organisation
from core.people.sealed import SealedTextField
from supervision.evaluations.policy import LEAST
from supervision.evaluations.states import (
    BY_MENTEE,
    GIVEN,
    SHARED,
    TAKES_ANSWERS,
    TONES,
    About,
    Direction,
    EvaluationState,
    Occasion,
)
from supervision.goals.models import Competency
from supervision.pairings.models import Pairing
from supervision.supervisors.models import Supervisor

DAYS_OPEN = 14
MOST_QUESTIONS = 20


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


class EvaluationTemplateQuerySet(models.QuerySet["EvaluationTemplate"]):
    def visible_to(self, user: Asker) -> EvaluationTemplateQuerySet:
        """Administrators and auditors of the organisation that keeps it."""
        return self.filter(scope_of(user).q("organisation", *READERS))

    def current(self) -> EvaluationTemplateQuerySet:
        """Without the versions that a later one has replaced."""
        return self.filter(replaced_by=None)

    def in_force(self, on: datetime.date) -> EvaluationTemplateQuerySet:
        open_ended = models.Q(ends_on=None) | models.Q(ends_on__gte=on)
        return self.current().filter(open_ended, starts_on__lte=on)


class EvaluationTemplate(models.Model):
    """What is asked, kept by an organisation for itself and all below it, from a day to a day.

    A version never changes once somebody was asked by it: an edit then makes the next version.
    """

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    about = models.CharField(pgettext_lazy("evaluation", "about"), max_length=10, choices=About.choices)
    title = models.CharField(_("title"), max_length=120)
    version = models.PositiveSmallIntegerField(pgettext_lazy("evaluation", "version"), default=1)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", editable=False
    )
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    days_open = models.PositiveSmallIntegerField(
        _("days for answering"), default=DAYS_OPEN, help_text=_("Until then an answer can be changed.")
    )
    questions: Any = models.JSONField(default=list)  # sentences, each answered on a scale from 1 to 5
    asks_fields = models.BooleanField(
        _("asks about the service fields"),
        default=False,
        help_text=_("How far the mentee is in each field. Only in templates about the mentee."),
    )
    competencies = models.ManyToManyField(
        Competency, blank=True, related_name="+", verbose_name=_("competencies")
    )
    saved_at = models.DateTimeField(auto_now=True)

    objects = EvaluationTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("evaluation template")
        verbose_name_plural = _("evaluation templates")
        ordering = ["organisation__path", "about", "-starts_on", "-version"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="evaluation_template_ends_after_start",
            ),
            models.CheckConstraint(
                condition=models.Q(about__in=About.values), name="evaluation_template_about_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(days_open__gte=3, days_open__lte=60),
                name="evaluation_template_days_are_possible",
            ),
            models.CheckConstraint(
                condition=~models.Q(questions=[]), name="evaluation_template_asks_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} v{self.version}"


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


class PublicationRuleQuerySet(models.QuerySet["PublicationRule"]):
    def visible_to(self, user: Asker) -> PublicationRuleQuerySet:
        """Those set within the tree that the user reads."""
        return self.filter(scope_of(user).q("organisation", *READERS))

    def in_force(self, on: datetime.date) -> PublicationRuleQuerySet:
        return self.filter(starts_on__lte=on)


class PublicationRule(models.Model):
    """From how many people on evaluations are published, at a place and below it, from a day on, by which source."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    minimum = models.PositiveSmallIntegerField(_("least number of people"))
    starts_on = models.DateField(_("from"))
    source = models.CharField(pgettext_lazy("norm", "source"), max_length=200)

    objects = PublicationRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule of publication")
        verbose_name_plural = _("rules of publication")
        ordering = ["-starts_on", "pk"]
        constraints = [
            models.UniqueConstraint("organisation", "starts_on", name="publication_rule_once_a_day"),
            models.CheckConstraint(
                condition=models.Q(minimum__gte=LEAST, minimum__lte=99), name="publication_rule_possible"
            ),
        ]

    def __str__(self) -> str:
        return f"≥ {self.minimum}"


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
        return f"{self.supervisor} · {self.last_on:%Y-%m}"

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
