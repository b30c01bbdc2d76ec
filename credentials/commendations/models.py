"""Commendations 表彰: titles that an authority has given to a person."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker, scope_of
from core.access.states import READERS
from core.imports.models import SheetImport
from core.people.models import Person
from credentials.commendations.states import CommendationState, Rank


class CommendationQuerySet(models.QuerySet["Commendation"]):
    def visible_to(self, user: Asker) -> CommendationQuerySet:
        """One's own, and for administrators and auditors those of the people employed in their tree."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(scope_of(user).q("person__employer", *READERS) | models.Q(person__user=user))

    def registered(self) -> CommendationQuerySet:
        return self.filter(state=CommendationState.REGISTERED)


class Commendation(models.Model):
    """One title of one person. It is not changed: a wrong one is struck off, with the reason, and registered anew.
    No row is deleted: a trigger refuses it (migrations).

    `holder` is the account of the person, so that the database itself can refuse that anybody registers their own.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="commendations", verbose_name=_("person"))
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    rank = models.CharField(_("rank"), max_length=10, choices=Rank.choices)
    title = models.CharField(_("name of the commendation"), max_length=120)
    issuer = models.CharField(_("given by"), max_length=120)
    year = models.PositiveSmallIntegerField(_("year"))
    document = models.CharField(_("decision document"), max_length=120, blank=True)
    sheet = models.ForeignKey(SheetImport, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(
        _("state"), max_length=10, choices=CommendationState.choices, default=CommendationState.REGISTERED
    )
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("registered"), auto_now_add=True)
    decided_at = models.DateTimeField(_("struck off"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    objects = CommendationQuerySet.as_manager()

    class Meta:
        verbose_name = _("commendation")
        verbose_name_plural = _("commendations")
        ordering = ["-year", "-pk"]
        constraints = [
            models.UniqueConstraint(
                "person",
                "title",
                "issuer",
                "year",
                condition=models.Q(state=CommendationState.REGISTERED),
                name="commendation_once",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=CommendationState.values), name="commendation_state_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(rank__in=Rank.values), name="commendation_rank_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(year__gte=1949, year__lte=2200), name="commendation_year_possible"
            ),
            models.CheckConstraint(
                condition=~models.Q(registered_by=models.F("holder")), name="commendation_by_another"
            ),
            models.CheckConstraint(
                condition=~models.Q(state=CommendationState.STRUCK) | ~models.Q(reason=""),
                name="commendation_struck_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.title} · {self.year}"
