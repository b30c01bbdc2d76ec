"""What reviewers decided, whom they are too close to, and what was appealed. Decisions are only added."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.access.scope import Asker
from credentials.claims.models.claims import Claim
from credentials.claims.states import AppealState, Verdict


class OfClaimQuerySet(models.QuerySet[models.Model]):
    def visible_to(self, user: Asker) -> OfClaimQuerySet:
        """Those of the claims that this user may read."""
        return self.filter(claim__in=Claim.objects.visible_to(user))


class ClaimReview(models.Model):
    """One decision of one reviewer at one stage, with the decision of the policy as it stood; append-only (migrations).

    `round` counts how often the claim was reviewed from its first stage: again after an appeal, or an objection that
    holds. Nobody passes a claim twice in a round, nor at two stages in whatever rounds: who approves is never who passed
    it below.
    """

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="reviews")
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField(default=1)
    stage = models.CharField(_("stage"), max_length=10)
    verdict = models.CharField(pgettext_lazy("claim", "decision"), max_length=6, choices=Verdict.choices)
    reason = models.CharField(_("reason"), max_length=1000, blank=True)
    decision = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("decided"), auto_now_add=True)

    objects = OfClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("review of a claim")
        verbose_name_plural = _("reviews of a claim")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(verdict__in=Verdict.values), name="claim_verdict_is_known"
            ),
            models.CheckConstraint(condition=~models.Q(by=models.F("holder")), name="claim_never_ones_own"),
            models.CheckConstraint(
                condition=models.Q(verdict=Verdict.PASS) | ~models.Q(reason=""),
                name="claim_verdict_with_reason",
            ),
            models.UniqueConstraint(
                "claim",
                "round",
                "by",
                condition=models.Q(verdict=Verdict.PASS),
                name="claim_passed_by_different",
            ),
            models.UniqueConstraint(
                "claim",
                "round",
                "stage",
                condition=models.Q(verdict=Verdict.PASS),
                name="claim_stage_passed_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim} · {self.get_verdict_display()}"


class ClaimConflict(models.Model):
    """An officer who has declared to be too close to a claimant: they decide nothing about this claim."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="conflicts")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    words = models.CharField(_("what it is"), max_length=300)
    declared_at = models.DateTimeField(_("declared"), auto_now_add=True)

    objects = OfClaimQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("claim", "conflict of interest")
        verbose_name_plural = pgettext_lazy("claim", "conflicts of interest")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint("claim", "officer", name="claim_conflict_once")]

    def __str__(self) -> str:
        return f"{self.claim} · {self.officer}"


class ClaimAppeal(models.Model):
    """An appeal against a refusal. The refusal stays as it is; somebody else decides whether it is reviewed again."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="appeals")
    against = models.OneToOneField(ClaimReview, models.PROTECT, related_name="appeal")
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    refused_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    words = models.CharField(_("why it should be looked at again"), max_length=1000)
    state = models.CharField(_("state"), max_length=9, choices=AppealState.choices, default=AppealState.OPEN)
    made_at = models.DateTimeField(pgettext_lazy("appeal", "made"), auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=1000, blank=True)

    objects = OfClaimQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("claim", "appeal")
        verbose_name_plural = pgettext_lazy("claim", "appeals")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state=AppealState.OPEN, decided_by=None)
                | (
                    models.Q(state__in=(AppealState.UPHELD, AppealState.DISMISSED))
                    & models.Q(decided_by__isnull=False)
                    & ~models.Q(answer="")
                ),
                name="claim_appeal_answered",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by=None)
                | (~models.Q(decided_by=models.F("holder")) & ~models.Q(decided_by=models.F("refused_by"))),
                name="claim_appeal_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim} · {self.get_state_display()}"
