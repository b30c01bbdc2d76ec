"""What a supervisor leaves to the next one. Sealed; the mentee alone decides whether anybody else reads it."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker
from core.people.sealed import SealedTextField
from supervision.handovers.states import TONES, HandoverState
from supervision.pairings.models import Pairing, of_pair


class HandoverQuerySet(models.QuerySet["Handover"]):
    def visible_to(self, user: Asker) -> HandoverQuerySet:
        """The pair that it comes from and, once the mentee has passed it on, the supervisor it went to. No role."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(of_pair(user, "pairing__") | models.Q(released_to__supervisor__person__user=user))

    def with_people(self) -> HandoverQuerySet:
        return self.select_related(
            "pairing__supervisor__person__user",
            "pairing__mentee__user",
            "pairing__organisation",
            "released_to__supervisor__person__user",
        )


class Handover(models.Model):
    """The last word of one supervision for the next. What was said in sessions never goes with it."""

    pairing = models.OneToOneField(
        Pairing, models.PROTECT, related_name="handover", verbose_name=_("pairing")
    )
    state = models.CharField(
        _("state"), max_length=8, choices=HandoverState.choices, default=HandoverState.WRITTEN
    )
    text = SealedTextField(_("handover"))
    with_goals = models.BooleanField(_("with the learning goals"), default=False)
    written_at = models.DateTimeField(_("written"), default=timezone.now)
    released_to = models.ForeignKey(
        Pairing,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="handovers_received",
        verbose_name=_("passed on to"),
    )
    released_at = models.DateTimeField(_("passed on"), null=True, blank=True)

    objects = HandoverQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("handover")
        verbose_name_plural = _("handovers")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    state=HandoverState.RELEASED, released_to__isnull=False, released_at__isnull=False
                )
                | (models.Q(released_to=None, released_at=None) & ~models.Q(state=HandoverState.RELEASED)),
                name="handover_released_to_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=HandoverState.values), name="handover_state_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(released_to=None) | ~models.Q(released_to=models.F("pairing")),
                name="handover_never_to_itself",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pairing_id} {self.state}"

    def get_absolute_url(self) -> str:
        return reverse("supervision:handover-detail", args=[self.pk])

    @property
    def version(self) -> str:
        """What tells the text as it was written at one time from one that is written anew."""
        return f"{self.written_at.timestamp():.6f}"

    @property
    def is_released(self) -> bool:
        return self.state == HandoverState.RELEASED

    @property
    def tone(self) -> str:
        return TONES[HandoverState(self.state)]
