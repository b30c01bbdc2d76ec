"""Certificates: facts frozen at issue, a state that may change, and nothing that is ever deleted."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker, scope_of
from core.access.states import READERS
from core.organisations.models import Organisation
from core.people.models import Person
from credentials.certificates.policy import grouped_code, verdict_on
from credentials.certificates.states import CertificateState, ReasonClass, Verdict
from credentials.keys.models import SigningKey


class SerialCounter(models.Model):
    """The last serial number given in a year; its row is locked while the next one is taken."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def visible_to(self, user: Asker) -> CertificateQuerySet:
        """One's own, and for administrators and auditors those issued within their tree."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(scope_of(user).q("organisation", *READERS) | models.Q(person__user=user))

    def without_file(self) -> CertificateQuerySet:
        return self.filter(sha256="")


class Certificate(models.Model):
    """One certificate. What it says is frozen (a trigger guards it); the file is made once from exactly these facts."""

    serial = models.CharField(_("serial number"), max_length=24, unique=True)
    code = models.CharField(_("verification code"), max_length=24, unique=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="certificates", verbose_name=_("holder"))
    enrolment = models.ForeignKey(
        "lms.Enrolment",
        models.PROTECT,
        related_name="certificates",
        verbose_name=_("enrolment"),
        null=True,
        blank=True,
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("issued by")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=CertificateState.choices, default=CertificateState.VALID
    )
    name = models.CharField(_("printed name"), max_length=60)
    title = models.CharField(_("course"), max_length=255)
    facts = models.JSONField(default=dict)
    issued_on = models.DateField(_("issued"))
    expires_on = models.DateField(_("valid until"), null=True, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("replaces")
    )
    ended_at = models.DateTimeField(_("revoked or replaced"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reason_class = models.CharField(
        _("kind of reason"), max_length=10, choices=ReasonClass.choices, blank=True
    )
    reason = models.TextField(_("reason"), blank=True, max_length=500)
    # Of the first file; later ones are editions. A file of the time before signatures has no key.
    signed_with = models.ForeignKey(SigningKey, models.PROTECT, null=True, blank=True, related_name="+")
    sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    file = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment"], condition=models.Q(replaces=None), name="certificate_once_per_enrolment"
            ),
            models.CheckConstraint(
                condition=models.Q(state=CertificateState.VALID, ended_at=None)
                | (
                    models.Q(ended_at__isnull=False)
                    & ~models.Q(reason="")
                    & ~models.Q(state=CertificateState.VALID)
                ),
                name="certificate_ends_with_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(sha256="", file="") | (~models.Q(sha256="") & ~models.Q(file="")),
                name="certificate_file_has_hash",
            ),
            models.CheckConstraint(
                condition=models.Q(reason_class="")
                | (models.Q(reason_class__in=ReasonClass.values) & ~models.Q(state=CertificateState.VALID)),
                name="certificate_reason_class_known",
            ),
        ]

    def __str__(self) -> str:
        return self.serial

    def get_absolute_url(self) -> str:
        return reverse("credentials:certificate-detail", args=[self.serial])

    @property
    def verify_url(self) -> str:
        return f"{settings.SITE_URL}{reverse('verify-code', args=[self.code])}"

    @property
    def code_grouped(self) -> str:
        return grouped_code(self.code)

    @property
    def title_here(self) -> str:
        """The course's title in the reader's language, as frozen."""
        english = (get_language() or "").startswith("en")
        return (english and self.facts.get("course_title_en")) or self.title

    def verdict(self, today: datetime.date | None = None) -> Verdict:
        """What this certificate is worth today."""
        return Verdict(verdict_on(self.state, self.expires_on, today or timezone.localdate()))


class CertificateEditionQuerySet(models.QuerySet["CertificateEdition"]):
    def visible_to(self, user: Asker) -> CertificateEditionQuerySet:
        """Those of the certificates that the user may see."""
        return self.filter(certificate__in=Certificate.objects.visible_to(user))


class CertificateEdition(models.Model):
    """A later file of the same certificate: the same facts drawn and signed again. Rows are only added; the file that
    it supersedes stays in the store and is still recognised."""

    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="editions")
    number = models.PositiveSmallIntegerField(_("edition"))  # the first file is number 1
    sha256 = models.CharField(max_length=64, unique=True)
    file = models.CharField(max_length=200)
    signed_with = models.ForeignKey(SigningKey, models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()
    reason = models.CharField(_("reason"), max_length=300)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CertificateEditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("edition of a certificate")
        verbose_name_plural = _("editions of certificates")
        ordering = ["certificate", "number"]
        constraints = [
            models.UniqueConstraint(fields=["certificate", "number"], name="certificate_edition_numbered"),
            models.CheckConstraint(
                condition=models.Q(number__gte=2) & ~models.Q(sha256="") & ~models.Q(file=""),
                name="certificate_edition_has_file",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.certificate.serial} / {self.number}"


class PendingIssueQuerySet(models.QuerySet["PendingIssue"]):
    def visible_to(self, user: Asker) -> PendingIssueQuerySet:
        """For administrators and auditors, those of their tree."""
        return self.filter(scope_of(user).q("organisation", *READERS))

    def waiting(self) -> PendingIssueQuerySet:
        return self.filter(solved_at=None)


class PendingIssue(models.Model):
    """A certificate that could not be issued (a name that no font prints), kept until somebody cures the cause."""

    enrolment = models.OneToOneField("lms.Enrolment", models.PROTECT, related_name="pending_issue")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    reason = models.TextField(_("reason"))  # a sentence to translate, with its place for the characters
    characters = models.CharField(_("characters"), max_length=400, blank=True)
    event = models.JSONField(default=dict)
    created_at = models.DateTimeField(_("since"), auto_now_add=True)
    solved_at = models.DateTimeField(null=True, blank=True)

    objects = PendingIssueQuerySet.as_manager()

    class Meta:
        verbose_name = _("certificate on hold")
        verbose_name_plural = _("certificates on hold")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.reason_here

    @property
    def reason_here(self) -> str:
        """Why, in the reader's language."""
        return gettext(self.reason) % {"characters": self.characters}
