"""Declared conflicts of interest: who must not be paired with whom, and, sealed, why."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.access.scope import Asker, scope_of
from core.access.states import READERS
from core.organisations.models import Organisation
from core.people.models import Person
from core.people.sealed import SealedTextField
from supervision.conflicts.states import ConflictKind, Side
from supervision.supervisors.models import Supervisor


class ConflictQuerySet(models.QuerySet["Conflict"]):
    def visible_to(self, user: Asker) -> ConflictQuerySet:
        """Whoever declared it, and administrators and auditors of the mentee's side. Never the other of the two,
        whatever roles they hold: nobody is to learn that somebody has declared something about them."""
        if not user.is_authenticated:
            return self.none()
        own = models.Q(declared_by=user)
        party = models.Q(mentee__user=user) | models.Q(supervisor__person__user=user)
        return self.filter(own | (scope_of(user).q("organisation", *READERS) & ~party))

    def in_force(self) -> ConflictQuerySet:
        return self.filter(ended_at=None)


class Conflict(models.Model):
    """A supervisor and somebody who must never be paired while this holds. What stands behind it is sealed."""

    supervisor = models.ForeignKey(
        Supervisor, models.PROTECT, related_name="conflicts", verbose_name=_("supervisor")
    )
    mentee = models.ForeignKey(Person, models.PROTECT, related_name="conflicts", verbose_name=_("mentee"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=ConflictKind.choices)
    side = models.CharField(pgettext_lazy("conflict", "declared by"), max_length=10, choices=Side.choices)
    reason = SealedTextField(_("reason"), blank=True)
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    declared_at = models.DateTimeField(pgettext_lazy("conflict", "declared"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = ConflictQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("conflict of interest")
        verbose_name_plural = _("conflicts of interest")
        ordering = ["-declared_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["supervisor", "mentee", "declared_by"],
                condition=models.Q(ended_at=None),
                name="conflict_declared_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(supervisor=models.F("mentee")), name="conflict_never_with_oneself"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=ConflictKind.values), name="conflict_kind_is_known"
            ),
            models.CheckConstraint(condition=models.Q(side__in=Side.values), name="conflict_side_is_known"),
        ]
        indexes = [models.Index(fields=["mentee", "ended_at"], name="conflict_by_mentee")]

    def __str__(self) -> str:
        return f"{self.supervisor.person} × {self.mentee}"

    @property
    def is_in_force(self) -> bool:
        return self.ended_at is None
