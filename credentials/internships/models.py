"""Internships 实习 that a competent department places, and proofs of the employment that follows."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.access.scope import Asker, scope_of
from core.access.states import READERS
from core.attachments.models import Attachment
from core.organisations.models import Organisation, Region
from core.people.models import Person
from credentials.internships.states import ARRANGED, InternshipState, ProofState

CHECKED = (*ARRANGED, InternshipState.CONFIRMED)


class InternshipQuerySet(models.QuerySet["Internship"]):
    def visible_to(self, user: Asker) -> InternshipQuerySet:
        """One's own, those that one supervises, and for administrators and auditors those that their tree has placed."""
        if not user.is_authenticated:
            return self.none()
        mine = Q(holder=user.pk) | Q(supervisor=user.pk)
        return self.filter(scope_of(user).q("authority", *READERS) | mine)

    def read_by(self, user: Asker) -> InternshipQuerySet:
        """Those that one reads with all papers at the desk: what one's tree has placed."""
        return self.filter(scope_of(user).q("authority", *READERS))

    def arranged(self) -> InternshipQuerySet:
        """Those whose facts an officer has checked against the school's paper."""
        return self.filter(state__in=ARRANGED)


class Internship(models.Model):
    """One internship of a student at a station. No row is deleted, and two live ones of a person never overlap: triggers
    refuse it (migrations).

    `holder` is the account of the person, so that the database itself can refuse that anybody places, signs or ends their
    own. What the student studies is as the school says it: an officer compares it with the school's paper before placing.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="internships", verbose_name=_("person"))
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    school = models.CharField(_("school"), max_length=120)
    major = models.CharField(_("major"), max_length=120)
    is_social_work = models.BooleanField(_("major is social work"))
    is_full_time = models.BooleanField(_("full-time student"))
    year_of_study = models.PositiveSmallIntegerField(_("year of study"))
    authority = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("internship", "placed by")
    )
    station = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("internship", "place")
    )
    supervisor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=pgettext_lazy("internship", "supervisor"),
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    state = models.CharField(
        _("state"), max_length=10, choices=InternshipState.choices, default=InternshipState.PROPOSED
    )
    paper = models.ForeignKey(
        Attachment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("paper of the school"),
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    words = models.TextField(_("words of the supervisor"), max_length=2000, blank=True)
    minutes = models.PositiveIntegerField(_("time in practice"), default=0)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    placed_at = models.DateTimeField(pgettext_lazy("internship", "placed"), null=True, blank=True)
    signed_at = models.DateTimeField(_("signed"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(pgettext_lazy("internship", "ended"), null=True, blank=True)
    created_at = models.DateTimeField(pgettext_lazy("internship", "proposed"), auto_now_add=True)

    objects = InternshipQuerySet.as_manager()

    class Meta:
        verbose_name = _("internship")
        verbose_name_plural = _("internships")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=InternshipState.values), name="internship_state_known"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="internship_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(year_of_study__gte=1, year_of_study__lte=8), name="internship_year_possible"
            ),
            models.CheckConstraint(condition=~Q(supervisor=F("holder")), name="internship_signed_by_another"),
            models.CheckConstraint(
                condition=~Q(proposed_by=F("holder")), name="internship_proposed_by_another"
            ),
            models.CheckConstraint(
                condition=Q(placed_by=None) | ~Q(placed_by=F("holder")), name="internship_placed_by_another"
            ),
            models.CheckConstraint(
                condition=Q(ended_by=None) | (~Q(ended_by=F("holder")) & ~Q(ended_by=F("supervisor"))),
                name="internship_ended_by_third",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=CHECKED) | Q(paper__isnull=False), name="internship_has_paper"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=ARRANGED) | Q(placed_by__isnull=False, placed_at__isnull=False),
                name="internship_placed_by_one",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=(InternshipState.SIGNED, InternshipState.ENDED))
                | (Q(signed_at__isnull=False, minutes__gt=0) & ~Q(words="")),
                name="internship_signed_in_words",
            ),
            models.CheckConstraint(
                condition=~Q(state=InternshipState.ENDED) | Q(ended_by__isnull=False, ended_at__isnull=False),
                name="internship_ended_by_one",
            ),
            models.CheckConstraint(
                condition=~Q(state=InternshipState.CANCELLED) | ~Q(reason=""),
                name="internship_cancelled_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.station}"

    @property
    def is_placed(self) -> bool:
        """Whether an officer has placed it: from then on its facts are known."""
        return self.state in ARRANGED

    @property
    def is_signed(self) -> bool:
        return self.state in (InternshipState.SIGNED, InternshipState.ENDED)

    @property
    def hours(self) -> int:
        return self.minutes // 60


class ProofQuerySet(models.QuerySet["EmploymentProof"]):
    def visible_to(self, user: Asker) -> ProofQuerySet:
        """One's own, and for administrators and auditors those of internships that their tree has placed."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(scope_of(user).q("internship__authority", *READERS) | Q(holder=user.pk))

    def verified(self) -> ProofQuerySet:
        return self.filter(state=ProofState.VERIFIED)


class EmploymentProof(models.Model):
    """Employment after an internship, proved from a day to a day: it has ended on `ends_on`, or went on at least until
    `still_on`. Whoever is still employed later declares another one. No row is deleted (migrations).

    `holder` is the account of the person, so that the database itself can refuse that anybody verifies their own.
    """

    internship = models.ForeignKey(Internship, models.PROTECT, related_name="proofs")
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    employer = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("employer")
    )
    employer_name = models.CharField(_("name of the employer"), max_length=120)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("place of work"))
    is_in_field = models.BooleanField(_("social work"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    still_on = models.DateField(_("still employed on"), null=True, blank=True)
    contract = models.ForeignKey(
        Attachment, models.PROTECT, related_name="+", verbose_name=_("employment contract")
    )
    insurance = models.ForeignKey(
        Attachment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("social insurance record"),
    )
    state = models.CharField(
        _("state"), max_length=10, choices=ProofState.choices, default=ProofState.DECLARED
    )
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("declared"), auto_now_add=True)

    objects = ProofQuerySet.as_manager()

    class Meta:
        verbose_name = _("proof of employment")
        verbose_name_plural = _("proofs of employment")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                "internship", condition=Q(state=ProofState.DECLARED), name="employment_one_waits"
            ),
            models.CheckConstraint(condition=Q(state__in=ProofState.values), name="employment_state_known"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True, still_on__isnull=False, still_on__gte=F("starts_on"))
                | Q(still_on__isnull=True, ends_on__isnull=False, ends_on__gte=F("starts_on")),
                name="employment_until_a_day",
            ),
            models.CheckConstraint(condition=~Q(employer_name=""), name="employment_has_employer"),
            models.CheckConstraint(
                condition=~Q(state=ProofState.VERIFIED) | Q(verified_by__isnull=False),
                name="employment_verified_by_one",
            ),
            models.CheckConstraint(
                condition=Q(verified_by=None) | ~Q(verified_by=F("holder")),
                name="employment_verified_by_other",
            ),
            models.CheckConstraint(
                condition=~Q(state=ProofState.RETURNED) | ~Q(reason=""), name="employment_returned_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.internship} · {self.employer_name}"

    @property
    def person(self) -> Person:
        return self.internship.person

    @property
    def until(self) -> datetime.date:
        """The last day that is proved."""
        day = self.ends_on or self.still_on
        assert day is not None  # a constraint
        return day
