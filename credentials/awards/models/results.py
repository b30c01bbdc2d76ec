"""What came of a round: the places as they were frozen, and the entries of the honour register."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from credentials.awards.models.nominations import Nomination
from credentials.awards.models.rounds import AwardRound
from credentials.commendations.models import Commendation


class AwardResult(models.Model):
    """Where a shortlisted nominee stood when judging ended. Append-only."""

    round = models.ForeignKey(AwardRound, models.PROTECT, related_name="results")
    nomination = models.OneToOneField(Nomination, models.PROTECT, related_name="result")
    rank = models.PositiveSmallIntegerField()
    panel = models.DecimalField(max_digits=6, decimal_places=2)
    votes = models.PositiveIntegerField()
    total = models.DecimalField(max_digits=6, decimal_places=2)
    judged_by = models.PositiveSmallIntegerField()
    is_winner = models.BooleanField()

    class Meta:
        verbose_name = _("result of an award round")
        verbose_name_plural = _("results of award rounds")
        ordering = ["round", "rank"]
        constraints = [
            models.UniqueConstraint("round", "rank", name="award_result_rank_once"),
            models.CheckConstraint(
                condition=Q(is_winner=False) | Q(judged_by__gte=1), name="award_winner_was_judged"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rank} · {self.nomination_id}"


class AwardSuccession(models.Model):
    """Who moves up, in the recorded order, into the place of a winner whom an objection has struck. Append-only; a place is
    filled once, so never more people win than the round has places."""

    result = models.OneToOneField(AwardResult, models.PROTECT, primary_key=True, related_name="succession")
    instead_of = models.OneToOneField(AwardResult, models.PROTECT, related_name="succeeded_by")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("succession to a place of an award")
        verbose_name_plural = _("successions to places of awards")
        constraints = [
            models.CheckConstraint(condition=~Q(result=F("instead_of")), name="award_succession_of_another")
        ]

    def __str__(self) -> str:
        return f"{self.result} ← {self.instead_of}"


class AwardGrant(models.Model):
    """What the public notice has left of a winner: cleared and, once, entered into the honour register; or not."""

    result = models.OneToOneField(AwardResult, models.PROTECT, primary_key=True, related_name="grant")
    is_cleared = models.BooleanField()
    commendation = models.OneToOneField(
        Commendation, models.PROTECT, null=True, blank=True, related_name="award_grant"
    )
    waits_for = models.CharField(max_length=300, blank=True)  # why it could not be registered yet
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("grant of an award")
        verbose_name_plural = _("grants of awards")
        constraints = [
            models.CheckConstraint(
                condition=Q(is_cleared=True) | Q(commendation=None), name="award_registered_when_cleared"
            )
        ]

    def __str__(self) -> str:
        return str(self.result)
