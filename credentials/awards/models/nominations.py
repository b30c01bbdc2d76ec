"""Who is nominated, and what they show."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.access.scope import Asker, scope_of
from core.access.states import READERS
from core.attachments.models import Attachment
from core.organisations.models import Organisation
from core.people.models import Person
from credentials.awards.models.rounds import AwardRound
from credentials.awards.states import NominationState, Way


class NominationQuerySet(models.QuerySet["Nomination"]):
    def visible_to(self, user: Asker) -> NominationQuerySet:
        """One's own, those that one has made, and for administrators and auditors those of the rounds in their tree. What
        the panel reads is another question (`queries.judged_by`)."""
        if not user.is_authenticated:
            return self.none()
        mine = Q(holder=user.pk) | Q(nominated_by=user.pk)
        return self.filter(scope_of(user).q("round__organisation", *READERS) | mine)


class Nomination(models.Model):
    """One person in one round, once. Nothing counts before the person has accepted.

    `holder` is the account of the person, so that the database can say who must not nominate or decide. `place` is which
    of its organisation's nominations it takes: the database refuses one too many. `id_hash` is the keyed hash of the nominee's
    ID number as it stood when they accepted: whoever has that number does not vote for them (a trigger), from whatever
    account, and takes part once.
    """

    round = models.ForeignKey(AwardRound, models.PROTECT, related_name="nominations")
    person = models.ForeignKey(Person, models.PROTECT, related_name="nominations", verbose_name=_("person"))
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("employer")
    )
    way = models.CharField(pgettext_lazy("nomination", "way"), max_length=12, choices=Way.choices)
    place = models.PositiveSmallIntegerField(null=True, blank=True)
    nominated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    deeds = models.TextField(pgettext_lazy("nomination", "deeds"), max_length=4000)
    state = models.CharField(
        _("state"), max_length=12, choices=NominationState.choices, default=NominationState.OFFERED
    )
    made_at = models.DateTimeField(auto_now_add=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    id_hash = models.CharField(max_length=64, blank=True)  # empty where no number was kept
    shortlisted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = NominationQuerySet.as_manager()

    class Meta:
        verbose_name = _("nomination")
        verbose_name_plural = _("nominations")
        ordering = ["round", "made_at", "pk"]
        constraints = [
            models.UniqueConstraint("round", "person", name="nomination_once_a_round"),
            models.UniqueConstraint(
                "round",
                "organisation",
                "place",
                condition=Q(place__isnull=False),
                name="nomination_within_quota",
            ),
            models.UniqueConstraint(
                "round",
                "id_hash",
                condition=Q(state__in=(NominationState.ACCEPTED, NominationState.SHORTLISTED))
                & ~Q(id_hash=""),
                name="nomination_once_an_identity",
            ),
            models.CheckConstraint(
                condition=Q(state__in=NominationState.values), name="nomination_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(way=Way.SELF, nominated_by=F("holder"))
                | (Q(way__in=(Way.PEER, Way.ORGANISATION)) & ~Q(nominated_by=F("holder"))),
                name="nomination_by_whom_it_says",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=(NominationState.ACCEPTED, NominationState.SHORTLISTED))
                | Q(accepted_at__isnull=False),
                name="nomination_accepted_has_time",
            ),
            models.CheckConstraint(
                condition=Q(shortlisted_by=None) | ~Q(shortlisted_by=F("holder")),
                name="nomination_shortlisted_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.round}"

    def get_absolute_url(self) -> str:
        return reverse("credentials:nomination", args=[self.pk])


class NominationPaper(models.Model):
    """A paper that shows what the nomination says."""

    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="papers")
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("paper of a nomination")
        verbose_name_plural = _("papers of nominations")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint("nomination", "sha256", name="nomination_paper_once"),
        ]

    def __str__(self) -> str:
        return str(self.attachment)
