"""Conduct records 诚信记录: what an authority has established about somebody, with its source."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker, scope_of
from core.access.states import READERS
from core.people.models import Person
from credentials.conduct.states import ConductState, Head


class ConductQuerySet(models.QuerySet["ConductRecord"]):
    def visible_to(self, user: Asker) -> ConductQuerySet:
        """One's own, and for administrators and auditors those of the people employed in their tree.

        The employer of today decides, as with everything that is said of a person: a record goes with them to whoever
        answers for them now. Whoever entered it reads it no more once the person has left their tree; that they did
        so stands in the audit of the place where they did (docs/adr/0028).
        """
        if not user.is_authenticated:
            return self.none()
        return self.filter(scope_of(user).q("person__employer", *READERS) | models.Q(person__user=user))

    def standing(self) -> ConductQuerySet:
        return self.filter(state=ConductState.STANDING)

    def since(self, day: datetime.date) -> ConductQuerySet:
        """What stands and happened on this day or later."""
        return self.standing().filter(occurred_on__gte=day)


class ConductRecord(models.Model):
    """One thing that an authority has established. Nothing of it is changed: a wrong one is lifted, by a second officer.
    No row is deleted: a trigger refuses it (migrations).

    `holder` is the account of the person, so that the database itself can refuse that anybody lifts their own.
    """

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="conduct_records", verbose_name=_("person")
    )
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    head = models.CharField(_("what it is"), max_length=10, choices=Head.choices)
    occurred_on = models.DateField(_("day on which it happened"))
    established_on = models.DateField(_("day on which it was established"))
    source = models.CharField(_("source"), max_length=200)
    details = models.TextField(_("what was established"), max_length=1000, blank=True)
    state = models.CharField(
        _("state"), max_length=8, choices=ConductState.choices, default=ConductState.STANDING
    )
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("recorded"), auto_now_add=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    objects = ConductQuerySet.as_manager()

    class Meta:
        verbose_name = _("conduct record")
        verbose_name_plural = _("conduct records")
        ordering = ["-occurred_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=ConductState.values), name="conduct_state_is_known"
            ),
            models.CheckConstraint(condition=models.Q(head__in=Head.values), name="conduct_head_is_known"),
            models.CheckConstraint(
                condition=models.Q(established_on__gte=models.F("occurred_on")), name="conduct_in_order"
            ),
            models.CheckConstraint(condition=~models.Q(source=""), name="conduct_has_its_source"),
            models.CheckConstraint(
                condition=~models.Q(recorded_by=models.F("holder")), name="conduct_recorded_by_another"
            ),
            models.CheckConstraint(
                condition=models.Q(state=ConductState.STANDING, lifted_by=None)
                | (
                    models.Q(state=ConductState.LIFTED, lifted_by__isnull=False)
                    & ~models.Q(reason="")
                    & ~models.Q(lifted_by=models.F("holder"))
                    & ~models.Q(lifted_by=models.F("recorded_by"))
                ),
                name="conduct_lifted_by_a_second",
            ),
            models.UniqueConstraint(
                "person",
                "head",
                "occurred_on",
                "source",
                condition=models.Q(state=ConductState.STANDING),
                name="conduct_recorded_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_head_display()}"
