"""The own training of supervisors, row by row, and how much of it a renewal asks for."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.access.scope import Asker, scope_of
from core.access.states import READERS, Role
from core.attachments.models import Attachment
from core.organisations.models import Organisation
from core.people.models import Person
from core.people.queries import ties_of
from supervision.trainings.policy import LONGEST, Attended
from supervision.trainings.states import LIVE, TONES, TrainingState


def within(user: Asker, *roles: str) -> models.Q:
    """The condition "the person is employed, or in the registry, where this user holds one of these roles"."""
    scope = scope_of(user)
    return scope.q("person__employer", *roles) | scope.q("person__supervisor__organisation", *roles)


class OwnTrainingQuerySet(models.QuerySet["OwnTraining"]):
    def visible_to(self, user: Asker) -> OwnTrainingQuerySet:
        """One's own, and for administrators and auditors those of the people employed in their tree, or in the registry
        of it."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(within(user, *READERS) | models.Q(holder=user))

    def to_decide(self, user: Asker) -> OwnTrainingQuerySet:
        """Those that wait and that this user may check: as administrator of the tree that employs or lists the person,
        neither one's own nor that of whoever let one in at either place."""
        if not user.is_authenticated:
            return self.none()
        mine, ties = within(user, Role.ADMINISTRATOR), ties_of(user)

        def concerns(accounts: Collection[int]) -> models.Q:
            return models.Q(holder__in=accounts)

        tied = ties.q("person__employer", concerns) | ties.q("person__supervisor__organisation", concerns)
        return self.filter(mine, state=TrainingState.DECLARED).exclude(tied)

    def live(self) -> OwnTrainingQuerySet:
        return self.filter(state__in=sorted(LIVE))


class OwnTraining(models.Model):
    """Something that a supervisor, or who wants to become one, attended: declared with a proof, checked by an officer."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="own_trainings", verbose_name=_("person"))
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    held_on = models.DateField(pgettext_lazy("own training", "last day"))
    title = models.CharField(pgettext_lazy("own training", "what"), max_length=120)
    provider = models.CharField(pgettext_lazy("own training", "given by"), max_length=120)
    minutes = models.PositiveIntegerField(_("minutes"))
    evidence = models.ForeignKey(Attachment, models.PROTECT, related_name="+", verbose_name=_("proof"))
    state = models.CharField(
        _("state"), max_length=9, choices=TrainingState.choices, default=TrainingState.DECLARED
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    declared_at = models.DateTimeField(_("declared"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    objects = OwnTrainingQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("own training")
        verbose_name_plural = _("own trainings")
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "held_on", "title"],
                condition=models.Q(state__in=sorted(LIVE)),
                name="own_training_once",
                violation_error_message=_("This training is declared already."),
            ),
            models.CheckConstraint(
                condition=models.Q(minutes__gte=1, minutes__lte=LONGEST), name="own_training_length_possible"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=TrainingState.values), name="own_training_state_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by=None) | ~models.Q(decided_by=models.F("holder")),
                name="own_training_never_checked_by_oneself",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=TrainingState.CHECKED)
                | models.Q(decided_by__isnull=False, decided_at__isnull=False),
                name="own_training_checked_by_somebody",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=TrainingState.RETURNED) | ~models.Q(reason=""),
                name="own_training_returned_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.title}"

    @property
    def organisation(self) -> Organisation | None:
        """Whose administrators check it: of the registry, or before that of the employer."""
        supervisor = getattr(self.person, "supervisor", None)
        return supervisor.organisation if supervisor else self.person.employer

    @property
    def version(self) -> str:
        """What tells one declaration of it from the next corrected one."""
        return f"{self.declared_at.timestamp():.6f}"

    @property
    def is_waiting(self) -> bool:
        return self.state == TrainingState.DECLARED

    @property
    def is_returned(self) -> bool:
        return self.state == TrainingState.RETURNED

    @property
    def tone(self) -> str:
        return TONES[TrainingState(self.state)]

    @property
    def attended(self) -> Attended:
        return Attended(self.held_on, self.minutes, self.state == TrainingState.CHECKED)


class RequirementQuerySet(models.QuerySet["TrainingRequirement"]):
    def visible_to(self, user: Asker) -> RequirementQuerySet:
        """Those set within the tree that the user reads."""
        return self.filter(scope_of(user).q("organisation", *READERS))

    def in_force(self, on: datetime.date) -> RequirementQuerySet:
        return self.filter(starts_on__lte=on)


class TrainingRequirement(models.Model):
    """How much own training a renewal asks for, at a place and below it, from a day on, by which source.

    The nearest one above a place holds, and of its own the one that began last: a change is a new row.
    """

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    minutes = models.PositiveIntegerField(_("minutes of own training for a renewal"))
    starts_on = models.DateField(_("from"))
    source = models.CharField(pgettext_lazy("norm", "source"), max_length=200)

    objects = RequirementQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("requirement of own training")
        verbose_name_plural = _("requirements of own training")
        ordering = ["-starts_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                "organisation",
                "starts_on",
                name="training_requirement_once_a_day",
                violation_error_message=_("A requirement of this place begins on that day already."),
            ),
            models.CheckConstraint(
                condition=models.Q(minutes__lte=100 * LONGEST), name="training_requirement_possible"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.starts_on}"
