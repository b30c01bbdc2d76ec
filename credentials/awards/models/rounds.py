"""A round, and what the panel judges by."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.access.scope import Asker, scope_of
from core.access.states import READERS
from core.organisations.models import Organisation
from credentials.awards.policy import MOST_VOTE_SHARE, Rule
from credentials.awards.states import RoundState, Vacancy
from credentials.commendations.states import Rank
from credentials.public_notices.models import PublicNotice
from credentials.public_notices.policy import MOST_DAYS
from credentials.public_notices.states import Counts

MOST_PEOPLE = 200


class RoundQuerySet(models.QuerySet["AwardRound"]):
    def visible_to(self, user: Asker) -> RoundQuerySet:
        """For administrators and auditors, those of their tree; begun ones also for everybody who works below the
        authority, and for who judges."""
        if not user.is_authenticated:
            return self.none()
        begun = ~Q(state=RoundState.DRAFT)
        mine = scope_of(user).q("organisation", *READERS) | (begun & Q(pk__in=_judged_by(user)))
        employer = getattr(getattr(user, "person", None), "employer", None)
        if employer is not None:
            mine |= begun & Q(organisation__path__in=Organisation.paths_above(employer.path))
        return self.filter(mine)


def _judged_by(user: Asker) -> Any:
    from credentials.awards.models.judging import PanelMember

    return PanelMember.objects.filter(user=user.pk, left_at=None).values("round")


class AwardRound(models.Model):
    """One award, given once: 最美社工 of one year. Nothing of it is deleted (migrations)."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("authority")
    )
    title = models.CharField(
        pgettext_lazy("award", "title to be given"),
        max_length=100,
        help_text=_("As it will stand on the certificate."),
    )
    rank = models.CharField(_("rank"), max_length=10, choices=Rank.choices)
    year = models.PositiveSmallIntegerField(
        _("year"), validators=[MinValueValidator(1949), MaxValueValidator(2200)]
    )
    eligibility = models.TextField(pgettext_lazy("award", "who may be nominated"), max_length=2000)
    qualified_months = models.PositiveSmallIntegerField(
        _("months since the certificate"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(600)],
        help_text=_(
            "Of a qualification that an officer has verified. 0: any verified one. Empty: none is asked."
        ),
    )
    clean_months = models.PositiveSmallIntegerField(
        _("months without conduct records"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(600)],
        help_text=_("Empty: it is not looked at."),
    )
    nominate_from = models.DateField(_("nominations from"))
    nominate_until = models.DateField(_("nominations until"))
    by_self = models.BooleanField(_("by oneself"), default=True)
    by_peer = models.BooleanField(_("by a colleague"), default=True)
    quota = models.PositiveSmallIntegerField(
        _("nominations of each organisation"), default=1, validators=[MaxValueValidator(50)],
        help_text=_("0: organisations do not nominate."),
    )  # fmt: skip
    shortlist_size = models.PositiveSmallIntegerField(
        _("length of the shortlist"), validators=[MinValueValidator(1), MaxValueValidator(MOST_PEOPLE)]
    )
    winners = models.PositiveSmallIntegerField(
        _("number of winners"), validators=[MinValueValidator(1), MaxValueValidator(MOST_PEOPLE)]
    )
    vote_from = models.DateField(_("vote from"), null=True, blank=True)
    vote_until = models.DateField(_("vote until"), null=True, blank=True)
    vote_share = models.PositiveSmallIntegerField(
        _("share of the vote in per cent"), default=0, validators=[MaxValueValidator(MOST_VOTE_SHARE)],
        help_text=_("0: there is no public vote."),
    )  # fmt: skip
    notice_days = models.PositiveSmallIntegerField(
        _("days of the public notice"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS)],
    )
    notice_counts = models.CharField(
        _("counted in"), max_length=10, choices=Counts.choices, default=Counts.WORKING
    )
    vacant = models.CharField(
        pgettext_lazy("award", "a place that an objection empties"),
        max_length=10,
        choices=Vacancy.choices,
        default=Vacancy.NEXT,
    )
    contact = models.CharField(
        pgettext_lazy("public notice", "contact"), max_length=200,
        help_text=_("Landline or e-mail of the office, for objections."),
    )  # fmt: skip
    state = models.CharField(_("state"), max_length=12, choices=RoundState.choices, default=RoundState.DRAFT)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    notice = models.OneToOneField(
        PublicNotice, models.PROTECT, null=True, blank=True, related_name="award_round"
    )

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("award round")
        verbose_name_plural = _("award rounds")
        ordering = ["-year", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=RoundState.values), name="award_round_state_is_known"),
            models.CheckConstraint(condition=Q(rank__in=Rank.values), name="award_round_rank_is_known"),
            models.CheckConstraint(
                condition=Q(nominate_until__gte=F("nominate_from")), name="award_round_nominations_in_order"
            ),
            models.CheckConstraint(
                condition=Q(winners__gte=1, shortlist_size__gte=F("winners")), name="award_round_winners_possible"
            ),
            models.CheckConstraint(
                condition=Q(vote_share=0, vote_from=None, vote_until=None)
                | Q(vote_share__gte=1, vote_share__lte=MOST_VOTE_SHARE, vote_until__gte=F("vote_from"), vote_from__gt=F("nominate_until")),
                name="award_round_vote_possible",
            ),
            models.CheckConstraint(
                condition=~Q(state=RoundState.CANCELLED) | ~Q(reason=""), name="award_round_cancelled_with_reason"
            ),
            models.CheckConstraint(condition=Q(vacant__in=Vacancy.values), name="award_round_vacancy_is_known"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.title} · {self.year}"

    def get_absolute_url(self) -> str:
        return reverse("credentials:award-round", args=[self.pk])

    @property
    def rule(self) -> Rule:
        return Rule(self.organisation.path, self.qualified_months, self.clean_months)

    def takes_nominations(self, day: datetime.date | None = None) -> bool:
        day = day or timezone.localdate()
        return self.state == RoundState.NOMINATING and self.nominate_from <= day <= self.nominate_until

    def takes_votes(self, day: datetime.date | None = None) -> bool:
        day = day or timezone.localdate()
        return bool(
            self.state == RoundState.VOTING
            and self.vote_from
            and self.vote_until
            and self.vote_from <= day <= self.vote_until
        )


class AwardIndicator(models.Model):
    """What the panel judges by, with its weight."""

    round = models.ForeignKey(AwardRound, models.CASCADE, related_name="indicators")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(pgettext_lazy("award indicator", "name"), max_length=60)
    weight = models.PositiveSmallIntegerField(
        _("weight in per cent"), validators=[MinValueValidator(1), MaxValueValidator(100)]
    )

    class Meta:
        verbose_name = _("award indicator")
        verbose_name_plural = _("award indicators")
        ordering = ["round", "position"]
        constraints = [
            models.UniqueConstraint("round", "position", name="award_indicator_in_place"),
            models.UniqueConstraint("round", "name", name="award_indicator_once"),
            models.CheckConstraint(
                condition=Q(weight__gte=1, weight__lte=100), name="award_indicator_weight_possible"
            ),
        ]

    def __str__(self) -> str:
        return self.name
