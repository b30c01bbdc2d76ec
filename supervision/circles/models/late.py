"""Gatherings that were recorded late, and what an administrator said to it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker, scope_of
from core.access.states import READERS, Role
from supervision.circles.models.gatherings import Gathering, Participation
from supervision.sessions.models import Lateness, decided_with_reason
from supervision.sessions.states import LateState


class LateGatheringQuerySet(models.QuerySet["LateGathering"]):
    def visible_to(self, user: Asker) -> LateGatheringQuerySet:
        """Who led the gathering, who took part, and the desk of the circle."""
        if not user.is_authenticated:
            return self.none()
        parts = Participation.objects.live().filter(person__user=user).values("gathering")
        own = models.Q(gathering__leader__user=user) | models.Q(gathering__in=parts)
        return self.filter(scope_of(user).q("gathering__circle__organisation", *READERS) | own)

    def to_decide(self, user: Asker) -> LateGatheringQuerySet:
        """Those that wait and that this user may decide: as administrator of the circle, who was not there."""
        if not user.is_authenticated:
            return self.none()
        mine = scope_of(user).q("gathering__circle__organisation", Role.ADMINISTRATOR)
        parts = Participation.objects.live().filter(person__user=user).values("gathering")
        waiting = self.filter(mine, state=LateState.WAITING).exclude(gathering__leader__user=user)
        return waiting.exclude(gathering__in=parts)

    def with_circle(self) -> LateGatheringQuerySet:
        return self.select_related(
            "gathering__circle__organisation", "gathering__circle__leader", "gathering__leader", "decided_by"
        )


class LateGathering(Lateness):
    """That a gathering was recorded late. What an administrator approved is its time and everybody's minutes: when one of
    them changes, they are asked again."""

    gathering = models.OneToOneField(Gathering, models.PROTECT, primary_key=True, related_name="late")

    objects = LateGatheringQuerySet.as_manager()

    class Meta:
        verbose_name = _("late record of a gathering")
        verbose_name_plural = _("late records of gatherings")
        ordering = ["-asked_at", "-pk"]
        constraints = decided_with_reason("late_gathering")

    def __str__(self) -> str:
        return f"{self.gathering} · {self.get_state_display()}"
