"""Slots that a supervisor offers."""

from __future__ import annotations

import datetime

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker
from supervision.pairings.models import Pairing
from supervision.pairings.states import PairingState
from supervision.slots.models.meetings import Meeting
from supervision.slots.models.timed import LINK_IS_SAFE, Timed
from supervision.slots.states import (
    HOLDING,
    MeetingState,
)
from supervision.supervisors.models import Supervisor
from supervision.supervisors.states import AT_MEETINGS


class SlotQuerySet(models.QuerySet["Slot"]):
    def visible_to(self, user: Asker) -> SlotQuerySet:
        """The supervisor's own, and for mentees what is offered to them."""
        if not user.is_authenticated:
            return self.none()
        own = models.Q(supervisor__person__user=user)
        return self.filter(own | self._offered(Pairing.objects.filter(mentee__user=user)))

    def offered_to(self, pairing: Pairing) -> SlotQuerySet:
        """What this mentee may book."""
        return self.filter(self._offered(Pairing.objects.filter(pk=pairing.pk)))

    def _offered(self, pairings: models.QuerySet[Pairing]) -> models.Q:
        active = pairings.filter(state=PairingState.ACTIVE)
        chosen = Slot.chosen.through.objects.values("slot")
        picked = Slot.chosen.through.objects.filter(pairing__in=active).values("slot")
        to_all = models.Q(supervisor__in=active.values("supervisor")) & ~models.Q(pk__in=chosen)
        return to_all | models.Q(pk__in=picked)

    def free(self, now: datetime.datetime) -> SlotQuerySet:
        """Offered, still to come, booked by nobody, and at a time at which the supervisor has no other meeting."""
        supervisor = models.OuterRef("supervisor")
        busy = Meeting.objects.filter(
            models.Q(pairing__supervisor=supervisor) | models.Q(pairing__mentee=supervisor),
            state=MeetingState.PLANNED,
            starts_at__lt=models.OuterRef("ends_at"),
            ends_at__gt=models.OuterRef("starts_at"),
        )
        held = Meeting.objects.filter(slot=models.OuterRef("pk"), state__in=HOLDING)
        rows = self.filter(withdrawn_at=None, starts_at__gt=now)
        return rows.filter(~models.Exists(held), ~models.Exists(busy))

    def with_people(self) -> SlotQuerySet:
        return self.select_related("supervisor__person__user", "supervisor__organisation")


class Slot(Timed):
    """A time that a supervisor offers; nobody chosen means all mentees. It is withdrawn, never deleted."""

    supervisor = models.ForeignKey(
        Supervisor, models.PROTECT, related_name="slots", verbose_name=_("supervisor")
    )
    chosen = models.ManyToManyField(Pairing, blank=True, related_name="+", verbose_name=_("offered to"))
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SlotQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("slot")
        verbose_name_plural = _("slots")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["supervisor", "starts_at"],
                condition=models.Q(withdrawn_at=None),
                name="slot_offered_once",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="slot_ends_after_start"
            ),
            models.CheckConstraint(condition=models.Q(setting__in=AT_MEETINGS), name="slot_words_are_known"),
            models.CheckConstraint(condition=LINK_IS_SAFE, name="slot_link_is_https"),
        ]
        indexes = [models.Index(fields=["supervisor", "starts_at"], name="slot_by_supervisor")]

    def __str__(self) -> str:
        return f"{self.supervisor.code} · {self.day:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("supervision:slot-book", args=[self.pk])
