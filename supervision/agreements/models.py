"""Agreements: the template an organisation keeps, the agreement of a pair, its sealed texts, and who accepted what."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.access.scope import Asker, scope_of
from core.access.states import READERS
from core.organisations.models import Organisation
from core.people.models import Person
from core.people.sealed import SealedTextField
from supervision.agreements.states import (
    AGREED,
    EDITABLE,
    OPEN,
    TONES,
    AgreementState,
    Section,
)
from supervision.pairings.models import Pairing, of_pair, read_from_desk
from supervision.pairings.states import Frequency
from supervision.supervisors.states import BY_AGREEMENT, settings_of


class AgreementTemplateQuerySet(models.QuerySet["AgreementTemplate"]):
    def visible_to(self, user: Asker) -> AgreementTemplateQuerySet:
        """Administrators and auditors of the organisation that keeps it. A pair reads what was frozen for it."""
        return self.filter(scope_of(user).q("organisation", *READERS))

    def current(self) -> AgreementTemplateQuerySet:
        """Without the versions that a later one has replaced."""
        return self.filter(replaced_by=None)

    def in_force(self, on: datetime.date) -> AgreementTemplateQuerySet:
        open_ended = models.Q(ends_on=None) | models.Q(ends_on__gte=on)
        return self.current().filter(open_ended, starts_on__lte=on)


class AgreementTemplate(models.Model):
    """What agreements say, kept by an organisation for itself and all below it, from a day to a day.

    A version never changes once an agreement rests on it: an edit then makes the next version.
    """

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    title = models.CharField(_("title"), max_length=120)
    version = models.PositiveSmallIntegerField(pgettext_lazy("agreement", "version"), default=1)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", editable=False
    )
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    sections = models.JSONField(default=dict)  # Section → text
    saved_at = models.DateTimeField(auto_now=True)

    objects = AgreementTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement template")
        verbose_name_plural = _("agreement templates")
        ordering = ["organisation__path", "-starts_on", "-version"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="agreement_template_ends_after_start",
            ),
            models.CheckConstraint(
                condition=~models.Q(sections={}), name="agreement_template_says_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} v{self.version}"

    @property
    def texts(self) -> list[tuple[str, str]]:
        """The sections that say something, in the order of print: (label, text)."""
        return [(str(each.label), self.sections[each]) for each in Section if self.sections.get(each)]


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def visible_to(self, user: Asker) -> AgreementQuerySet:
        """The pair, and administrators and auditors of either side once both have accepted. The rows have no texts."""
        if not user.is_authenticated:
            return self.none()
        desk = read_from_desk(user, "pairing__") & models.Q(state__in=sorted(AGREED))
        return self.filter(desk | of_pair(user, "pairing__"))

    def in_force(self) -> AgreementQuerySet:
        return self.filter(state=AgreementState.ACCEPTED)

    def open(self) -> AgreementQuerySet:
        return self.filter(state__in=sorted(OPEN))

    def with_people(self) -> AgreementQuerySet:
        return self.select_related("pairing__supervisor__person", "pairing__mentee", "pairing__organisation")


class Agreement(models.Model):
    """The frame of one agreement of a pair: how often, how long, where, until when. A change is a new agreement."""

    pairing = models.ForeignKey(Pairing, models.PROTECT, related_name="agreements", verbose_name=_("pairing"))
    number = models.PositiveSmallIntegerField()
    template = models.ForeignKey(AgreementTemplate, models.PROTECT, related_name="agreements")
    state = models.CharField(
        _("state"), max_length=10, choices=AgreementState.choices, default=AgreementState.DRAFT
    )
    revision = models.PositiveSmallIntegerField(default=1)  # what the mentee read is what the mentee accepts
    every_days = models.PositiveSmallIntegerField(_("How often"), choices=Frequency.choices)
    minutes = models.PositiveSmallIntegerField(_("Minutes per session"))
    way = models.CharField(_("Setting"), max_length=8, choices=settings_of(BY_AGREEMENT))
    starts_on = models.DateField(_("From"))
    ends_on = models.DateField(_("Until"))
    review_on = models.DateField(_("Review on"))
    proposed_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ["pairing", "-number"]
        constraints = [
            models.UniqueConstraint("pairing", "number", name="agreement_number_once"),
            models.UniqueConstraint(
                fields=["pairing"],
                condition=models.Q(state=AgreementState.ACCEPTED),
                name="agreement_one_in_force",
            ),
            models.UniqueConstraint(
                fields=["pairing"],
                condition=models.Q(state__in=sorted(OPEN)),
                name="agreement_one_in_the_making",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=sorted(AGREED), accepted_at__isnull=False)
                | (models.Q(accepted_at=None) & ~models.Q(state__in=sorted(AGREED))),
                name="agreement_accepted_at_a_moment",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on"))
                & models.Q(review_on__gte=models.F("starts_on"), review_on__lte=models.F("ends_on")),
                name="agreement_days_in_order",
            ),
            models.CheckConstraint(
                condition=models.Q(minutes__gte=15, minutes__lte=480)
                & models.Q(every_days__in=Frequency.values),
                name="agreement_frame_is_possible",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pairing} · {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("supervision:agreement-detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_editable(self) -> bool:
        return self.state in EDITABLE

    @property
    def tone(self) -> str:
        return TONES[AgreementState(self.state)]

    @property
    def is_agreed(self) -> bool:
        return self.state in AGREED


class PairOnlyQuerySet(models.QuerySet[models.Model]):
    def visible_to(self, user: Asker) -> models.QuerySet[models.Model]:
        """The supervisor and the mentee of the agreement, and nobody else: no role and no superuser."""
        return self.filter(of_pair(user, "agreement__pairing__")) if user.is_authenticated else self.none()


class AgreementText(models.Model):
    """What the two agree on, sealed. `frozen` is all that a proposal said, as JSON; `text_hash` is its SHA-256."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="texts")
    number = models.PositiveSmallIntegerField()  # the revision of the agreement that it belongs to
    goals = SealedTextField(_("Goals"))
    place = SealedTextField(_("Place or platform"), blank=True)
    frozen = SealedTextField(blank=True)
    text_hash = models.CharField(max_length=64, blank=True)

    objects = PairOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("text of an agreement")
        ordering = ["agreement", "-number"]
        constraints = [models.UniqueConstraint("agreement", "number", name="agreement_text_once")]

    def __str__(self) -> str:
        return f"{self.agreement_id} #{self.number}"


class AgreementAcceptance(models.Model):
    """That one of the two accepted a text: who, when, which."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="acceptances")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text_hash = models.CharField(max_length=64)
    accepted_at = models.DateTimeField()

    objects = PairOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("acceptance of an agreement")
        ordering = ["accepted_at", "pk"]
        constraints = [
            models.UniqueConstraint("agreement", "person", "text_hash", name="agreement_accepted_once")
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.person_id}"


class AgreementRemark(models.Model):
    """Why the mentee sent a proposal back. Sealed, for the pair."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="remarks")
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    text = SealedTextField()
    written_at = models.DateTimeField(auto_now_add=True)

    objects = PairOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("remark on an agreement")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.agreement_id} #{self.pk}"
