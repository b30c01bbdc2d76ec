"""Who judges whom, who must not, and who votes."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from credentials.awards.models.nominations import Nomination
from credentials.awards.models.rounds import AwardIndicator, AwardRound
from credentials.awards.policy import MOST_SCORE


class PanelMember(models.Model):
    """Somebody who judges in a round. Before they have said with whom they have a conflict, they read nothing."""

    round = models.ForeignKey(AwardRound, models.PROTECT, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)
    declared_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)  # their scores count no more

    class Meta:
        verbose_name = _("panel member")
        verbose_name_plural = _("panel members")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint("round", "user", name="panel_member_once")]

    def __str__(self) -> str:
        return str(self.user)


class PanelConflict(models.Model):
    """Between a member and a nominee lies a conflict of interest: the database refuses scores between the two (a trigger),
    and scores given before do not count."""

    class Kind(models.TextChoices):
        AUTOMATIC = (
            "automatic",
            _("established by the system: same employer, nominated by them, or one let the other in"),
        )
        DECLARED = "declared", _("declared by the member")

    member = models.ForeignKey(PanelMember, models.PROTECT, related_name="conflicts")
    nomination = models.ForeignKey(Nomination, models.PROTECT, related_name="conflicts")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("conflict of a panel member")
        verbose_name_plural = _("conflicts of panel members")
        constraints = [
            models.UniqueConstraint("member", "nomination", name="panel_conflict_once"),
            models.CheckConstraint(
                condition=Q(kind__in=("automatic", "declared")), name="panel_conflict_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} – {self.nomination_id}"


class PanelScore(models.Model):
    """What a member gives a nominee under one indicator."""

    member = models.ForeignKey(PanelMember, models.PROTECT, related_name="scores")
    nomination = models.ForeignKey(Nomination, models.PROTECT, related_name="scores")
    indicator = models.ForeignKey(AwardIndicator, models.PROTECT, related_name="+")
    value = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("score of a panel member")
        verbose_name_plural = _("scores of panel members")
        constraints = [
            models.UniqueConstraint("member", "nomination", "indicator", name="panel_score_once"),
            models.CheckConstraint(
                condition=Q(value__gte=0, value__lte=MOST_SCORE), name="panel_score_possible"
            ),
        ]

    def __str__(self) -> str:
        return str(self.value)


class AwardVote(models.Model):
    """One vote of one person in one round. It is not changed or taken back (a trigger), and nobody is shown whose it was.

    `id_hash` is the keyed hash of the voter's ID number as it stood: of two accounts of one person only one votes.
    """

    round = models.ForeignKey(AwardRound, models.PROTECT, related_name="votes")
    nomination = models.ForeignKey(Nomination, models.PROTECT, related_name="votes")
    voter = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    id_hash = models.CharField(max_length=64, blank=True)  # empty in votes of before
    cast_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        constraints = [
            models.UniqueConstraint("round", "voter", name="award_vote_once"),
            models.UniqueConstraint(
                "round", "id_hash", condition=~models.Q(id_hash=""), name="award_vote_once_an_identity"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
