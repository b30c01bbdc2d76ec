"""Learning goals of a pair by competency. What a goal is and how it goes is sealed, for the pair."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker
from core.people.models import Person, ServiceField
from core.people.sealed import SealedTextField
from supervision.goals.states import TONES, GoalState
from supervision.pairings.models import Pairing, of_pair


class CompetencyQuerySet(models.QuerySet["Competency"]):
    def visible_to(self, user: Asker) -> CompetencyQuerySet:
        """The list is one for all trees, and no secret to anybody who is signed in."""
        return self.all() if user.is_authenticated else self.none()

    def offered(self) -> CompetencyQuerySet:
        return self.filter(is_active=True)


class Competency(models.Model):
    """Something that a social worker can be good at, in one service field or in all. Closed, never deleted."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    service_field = models.ForeignKey(
        ServiceField, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("service field")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("active"), default=True)

    objects = CompetencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("competency")
        verbose_name_plural = _("competencies")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


class LearningGoalQuerySet(models.QuerySet["LearningGoal"]):
    def visible_to(self, user: Asker) -> LearningGoalQuerySet:
        """The supervisor and the mentee, and nobody else: no role and no superuser."""
        return self.filter(of_pair(user, "pairing__")) if user.is_authenticated else self.none()

    def with_people(self) -> LearningGoalQuerySet:
        return self.select_related(
            "pairing__supervisor__person", "pairing__mentee", "pairing__organisation", "competency"
        )


class LearningGoal(models.Model):
    """One goal of a pair, and how far it is."""

    pairing = models.ForeignKey(Pairing, models.PROTECT, related_name="goals", verbose_name=_("pairing"))
    competency = models.ForeignKey(
        Competency, models.PROTECT, related_name="goals", verbose_name=_("competency")
    )
    text = SealedTextField(_("Goal"))
    state = models.CharField(
        _("state"), max_length=10, choices=GoalState.choices, default=GoalState.NOT_BEGUN
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = LearningGoalQuerySet.as_manager()

    class Meta:
        verbose_name = _("learning goal")
        verbose_name_plural = _("learning goals")
        ordering = ["pairing", "competency__position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=GoalState.values), name="learning_goal_state_is_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.pairing_id} #{self.pk}"

    @property
    def tone(self) -> str:
        return TONES[GoalState(self.state)]


class GoalNoteQuerySet(models.QuerySet["GoalNote"]):
    def visible_to(self, user: Asker) -> GoalNoteQuerySet:
        """The supervisor and the mentee of the goal, and nobody else."""
        return self.filter(of_pair(user, "goal__pairing__")) if user.is_authenticated else self.none()


class GoalNote(models.Model):
    """What one of the two says about a goal on a day, and how far it was from then on. Sealed."""

    goal = models.ForeignKey(LearningGoal, models.PROTECT, related_name="notes")
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=GoalState.choices)
    text = SealedTextField(blank=True)
    written_at = models.DateTimeField(default=timezone.now)

    objects = GoalNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note on a learning goal")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.goal_id} {self.state}"
