"""Corrections of a gathering that somebody has confirmed: proposed by its leader, answered by each whom it concerns, with
both versions of the facts and of everybody's own minutes kept."""

from __future__ import annotations

import json

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker, scope_of
from core.access.states import READERS
from core.people.sealed import SealedTextField
from supervision.circles.models.gatherings import Gathering, Participation
from supervision.circles.policy import MAX_MINUTES, GatheringFacts, Shared, shared_from
from supervision.circles.states import ANSWER_TONES, AnswerState
from supervision.sessions.models import Amendment, answered_once
from supervision.sessions.states import AmendmentState


class GatheringAmendmentQuerySet(models.QuerySet["GatheringAmendment"]):
    def visible_to(self, user: Asker) -> GatheringAmendmentQuerySet:
        """Who led the gathering, who took part, and the desk of the circle. The rows say nothing of what was said."""
        if not user.is_authenticated:
            return self.none()
        parts = Participation.objects.live().filter(person__user=user).values("gathering")
        own = models.Q(gathering__leader__user=user) | models.Q(gathering__in=parts)
        return self.filter(scope_of(user).q("gathering__circle__organisation", *READERS) | own)

    def accepted(self) -> GatheringAmendmentQuerySet:
        return self.filter(state=AmendmentState.ACCEPTED)


class GatheringAmendment(Amendment):
    """Other facts for a gathering that somebody has confirmed. It takes effect once all whom it concerns have accepted;
    triggers let the gathering change to those and to nothing else."""

    in_percent = True

    gathering = models.ForeignKey(Gathering, models.PROTECT, related_name="amendments")

    objects = GatheringAmendmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("amendment of a gathering")
        verbose_name_plural = _("amendments of gatherings")
        ordering = ["-pk"]
        constraints = answered_once("gathering_amendment", "gathering")

    def __str__(self) -> str:
        return f"{self.gathering_id} #{self.number}"

    @property
    def facts(self) -> GatheringFacts:
        shares = tuple(self.shares.items()) if self.shares else None
        return GatheringFacts(
            self.starts_at, self.ends_at, self.mode, self.setting, tuple(self.functions), shares
        )

    @property
    def label(self) -> str:
        return str(_("Waits for those who took part") if self.is_open else self.get_state_display())


class GatheringAmendmentTextQuerySet(models.QuerySet["GatheringAmendmentText"]):
    def visible_to(self, user: Asker) -> GatheringAmendmentTextQuerySet:
        """Who led the gathering and who took part, and nobody else."""
        if not user.is_authenticated:
            return self.none()
        parts = Participation.objects.live().filter(person__user=user).values("gathering")
        own = models.Q(amendment__gathering__leader__user=user) | models.Q(amendment__gathering__in=parts)
        return self.filter(own)


class GatheringAmendmentText(models.Model):
    """Why a gathering is amended, and what its content is to say. Sealed, for those who took part."""

    amendment = models.OneToOneField(
        GatheringAmendment, models.PROTECT, primary_key=True, related_name="text"
    )
    reason = SealedTextField()
    written = SealedTextField()  # as JSON

    objects = GatheringAmendmentTextQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("text of an amendment of a gathering")
        verbose_name_plural = _("texts of amendments of gatherings")

    def __str__(self) -> str:
        return str(self.amendment_id)

    @property
    def said(self) -> Shared:
        return shared_from(json.loads(self.written))


class PartAmendmentQuerySet(models.QuerySet["PartAmendment"]):
    def visible_to(self, user: Asker) -> PartAmendmentQuerySet:
        """The participant and who led the gathering: nobody reads another's minutes or answer."""
        if not user.is_authenticated:
            return self.none()
        own = models.Q(part__person__user=user) | models.Q(part__gathering__leader__user=user)
        return self.filter(own)


class PartAmendment(models.Model):
    """What a correction makes of one participant's own minutes, before and after, and what they answer to it."""

    amendment = models.ForeignKey(GatheringAmendment, models.PROTECT, related_name="answers")
    part = models.ForeignKey(Participation, models.PROTECT, related_name="amendments")
    former = models.PositiveSmallIntegerField()
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    state = models.CharField(
        _("state"), max_length=8, choices=AnswerState.choices, default=AnswerState.WAITING
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answer = SealedTextField(blank=True, default="")  # why not, for the leader

    objects = PartAmendmentQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("answer to an amendment")
        verbose_name_plural = _("answers to amendments")
        ordering = ["part__person__pinyin", "pk"]
        constraints = [
            models.UniqueConstraint("amendment", "part", name="part_amendment_once"),
            models.CheckConstraint(
                condition=models.Q(minutes__gte=1, minutes__lte=MAX_MINUTES)
                & models.Q(state__in=AnswerState.values),
                name="part_amendment_is_possible",
            ),
            models.CheckConstraint(
                condition=models.Q(state=AnswerState.WAITING, answered_at=None)
                | (~models.Q(state=AnswerState.WAITING) & models.Q(answered_at__isnull=False)),
                name="part_amendment_answered_or_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amendment_id} {self.part_id}"

    @property
    def tone(self) -> str:
        return ANSWER_TONES[AnswerState(self.state)]

    @property
    def is_waiting(self) -> bool:
        return self.state == AnswerState.WAITING
