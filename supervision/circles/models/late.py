"""Gatherings that were recorded late, and what an administrator said to it."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker, scope_of
from core.access.states import READERS, Role
from core.people.queries import ties_of
from supervision.circles.models.amendments import GatheringAmendment
from supervision.circles.models.gatherings import Gathering, Participation
from supervision.circles.policy import Said
from supervision.sessions.models import Lateness, LoggingRule, decided_with_reason
from supervision.sessions.states import AmendmentState, LateState


def _was_there(accounts: Collection[int]) -> models.Q:
    """The condition "one of these accounts led the gathering or took part"."""
    parts = Participation.objects.live().filter(person__user__in=accounts).values("gathering")
    return models.Q(gathering__leader__user__in=accounts) | models.Q(gathering__in=parts)


class LateGatheringQuerySet(models.QuerySet["LateGathering"]):
    def visible_to(self, user: Asker) -> LateGatheringQuerySet:
        """Who led the gathering, who took part, and the desk of the circle."""
        if not user.is_authenticated:
            return self.none()
        desk = scope_of(user).q("gathering__circle__organisation", *READERS)
        return self.filter(desk | _was_there([user.pk]))

    def to_decide(self, user: Asker) -> LateGatheringQuerySet:
        """Those that wait and that this user can decide: as administrator of the circle, who was not there and whom nobody
        of those who were has let in."""
        if not user.is_authenticated:
            return self.none()
        mine = scope_of(user).q("gathering__circle__organisation", Role.ADMINISTRATOR)
        tied = ties_of(user).q("gathering__circle__organisation", _was_there)
        return self.filter(mine, state=LateState.WAITING).exclude(tied)

    def of_record(self) -> LateGatheringQuerySet:
        """Those about the record as it stands: itself, or a correction that has become it."""
        return self.filter(models.Q(amendment=None) | models.Q(amendment__state=AmendmentState.ACCEPTED))

    def with_circle(self) -> LateGatheringQuerySet:
        return self.select_related(
            "gathering__circle__organisation",
            "gathering__circle__leader",
            "gathering__leader",
            "decided_by",
            "amendment",
            "rule",
        )


class LateGathering(Lateness):
    """That a gathering, or a correction of it, was said late, why, and what an administrator said to it. Without a yes to
    the newest asking it is not confirmed, nor the correction accepted.

    A yes is one to this very time and to everybody's minutes: others ask anew, by a row of their own. Triggers keep what
    was decided.
    """

    gathering = models.ForeignKey(
        Gathering, models.PROTECT, related_name="late_records", verbose_name=_("gathering")
    )
    amendment = models.ForeignKey(
        GatheringAmendment, models.PROTECT, null=True, blank=True, related_name="late_records"
    )
    starts_at = models.DateTimeField(_("start"))
    ends_at = models.DateTimeField(_("end"))
    came = models.JSONField(default=dict)  # the minutes of each person, by their number
    said_at = models.DateTimeField()  # when this was said: the day that lateness is counted to
    allowed = models.PositiveSmallIntegerField(_("days to record a session"))
    rule = models.ForeignKey(LoggingRule, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(_("reason for recording it late"), max_length=300, blank=True)

    objects = LateGatheringQuerySet.as_manager()

    class Meta:
        verbose_name = _("late record of a gathering")
        verbose_name_plural = _("late records of gatherings")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["gathering"],
                condition=models.Q(state=LateState.WAITING, amendment=None),
                name="late_gathering_one_waits",
            ),
            models.UniqueConstraint(
                fields=["amendment"],
                condition=models.Q(state=LateState.WAITING),
                name="late_gathering_one_waits_of_amendment",
            ),
            *decided_with_reason("late_gathering"),
            models.CheckConstraint(
                condition=models.Q(state=LateState.VOID) | ~models.Q(reason=""),
                name="late_gathering_asked_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gathering} · {self.get_state_display()}"

    @property
    def said(self) -> Said:
        """What it is about."""
        return Said(self.starts_at, self.ends_at, {int(key): value for key, value in self.came.items()})

    @property
    def held_on(self) -> datetime.date:
        return timezone.localtime(self.starts_at).date()

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    @property
    def minutes_of_all(self) -> int:
        return sum(self.came.values())
