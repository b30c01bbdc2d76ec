"""Transfers: from one cohort of a course to another. The enrolment itself is moved; these rows say who asked and who decided."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker, scope_of
from core.access.states import COURSE_READERS
from lms.cohorts.models import Cohort
from lms.enrolments.models import Enrolment
from lms.transfers.policy import MOVABLE
from lms.transfers.states import TransferState


class TransferQuerySet(models.QuerySet["Transfer"]):
    def visible_to(self, user: Asker) -> TransferQuerySet:
        """One's own, and for the desk those from and to the cohorts in the user's tree."""
        if not user.is_authenticated:
            return self.none()
        desk = models.Q()
        for end in ("from_cohort", "to_cohort"):
            desk |= scope_of(user).q(f"{end}__organisation", *COURSE_READERS)
        return self.filter(desk | models.Q(enrolment__person__user=user))

    def pending(self) -> TransferQuerySet:
        """Those that wait for a decision, of people who can still be moved from where they were."""
        stands = models.Q(enrolment__state__in=sorted(MOVABLE), enrolment__cohort=models.F("from_cohort"))
        return self.filter(stands, state=TransferState.ASKED)

    def granted(self) -> TransferQuerySet:
        """Those by which somebody was moved."""
        return self.filter(state=TransferState.GRANTED)


class Transfer(models.Model):
    """One wish to move, and what became of it."""

    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, related_name="transfers", verbose_name=_("enrolment")
    )
    from_cohort = models.ForeignKey(
        Cohort, models.PROTECT, related_name="transfers_out", verbose_name=_("old cohort")
    )
    to_cohort = models.ForeignKey(
        Cohort, models.PROTECT, related_name="transfers_in", verbose_name=_("new cohort")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=TransferState.choices, default=TransferState.ASKED
    )
    reason = models.TextField(_("reason"), max_length=1000, blank=True)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("asked by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    answer = models.TextField(_("answer"), max_length=1000, blank=True)

    objects = TransferQuerySet.as_manager()

    class Meta:
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment"],
                condition=models.Q(state=TransferState.ASKED),
                name="transfer_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=TransferState.values), name="transfer_state_is_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(from_cohort=models.F("to_cohort")), name="transfer_leads_elsewhere"
            ),
            models.CheckConstraint(
                condition=models.Q(state=TransferState.ASKED, decided_at=None)
                | (~models.Q(state=TransferState.ASKED) & models.Q(decided_at__isnull=False)),
                name="transfer_decided_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment.person}: {self.from_cohort} → {self.to_cohort}"
