"""Badges as they were signed, their achievements, and the lists in which a badge that was revoked is marked."""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker
from core.organisations.models import Organisation
from credentials.badges.document import AchievementFacts
from credentials.badges.policy import LIST_LENGTH
from credentials.certificates.models import Certificate
from credentials.certificates.states import CertificateState
from credentials.keys.models import SigningKey


class StatusList(models.Model):
    """One list of an issuer's badges. What it says follows from the certificates; here is only that there is one."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("status list")
        verbose_name_plural = _("status lists")
        constraints = [
            models.UniqueConstraint(fields=["organisation", "number"], name="status_list_numbered"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id}/{self.number}"

    def get_absolute_url(self) -> str:
        return reverse("badge-status", args=[self.pk])


class Achievement(models.Model):
    """What a badge is for, the same for everybody; named by the digest of what it says, and never changed."""

    digest = models.CharField(max_length=32, unique=True)
    facts = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("achievement")
        verbose_name_plural = _("achievements")

    def __str__(self) -> str:
        return str(self.facts.get("title", self.digest))

    def get_absolute_url(self) -> str:
        return reverse("badge-achievement", args=[self.digest])

    def read(self) -> AchievementFacts:
        """Its facts in the shape that documents take."""
        return AchievementFacts(**self.facts)


class BadgeQuerySet(models.QuerySet["Badge"]):
    def visible_to(self, user: Asker) -> BadgeQuerySet:
        """Those of the certificates that the user may see."""
        return self.filter(certificate__in=Certificate.objects.visible_to(user))

    def ended(self) -> BadgeQuerySet:
        """Those that must not be accepted any more: the certificate was revoked or replaced, or they were signed anew."""
        later = Badge.objects.filter(
            certificate=models.OuterRef("certificate"), number__gt=models.OuterRef("number")
        )
        return self.filter(~models.Q(certificate__state=CertificateState.VALID) | models.Exists(later))


class Badge(models.Model):
    """A badge of a certificate as it was signed; rows are only added (a trigger guards them).

    The one in force has the highest number, of which there is one (a constraint). A later one is signed when a key of
    the one before was withdrawn; the one before stays and is still recognised.
    """

    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="badges")
    number = models.PositiveSmallIntegerField(default=1)
    achievement = models.ForeignKey(Achievement, models.PROTECT, related_name="+")
    status_list = models.ForeignKey(StatusList, models.PROTECT, related_name="badges")
    status_index = models.PositiveIntegerField()
    credential = models.TextField()  # the JSON with its proof, to the byte
    token = models.TextField()  # the same as vc+jwt
    proof_key = models.ForeignKey(SigningKey, models.PROTECT, related_name="+")
    token_key = models.ForeignKey(SigningKey, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = BadgeQuerySet.as_manager()

    class Meta:
        verbose_name = _("badge")
        verbose_name_plural = _("badges")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["certificate", "number"], name="badge_numbered"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="badge_numbered_from_one"),
            models.UniqueConstraint(
                fields=["status_list", "status_index"], name="badge_has_a_place_of_its_own"
            ),
            models.CheckConstraint(
                condition=models.Q(status_index__lt=LIST_LENGTH), name="badge_place_is_in_the_list"
            ),
            models.CheckConstraint(
                condition=~models.Q(credential="") & ~models.Q(token=""), name="badge_is_signed"
            ),
        ]

    def __str__(self) -> str:
        return self.certificate.serial

    @property
    def is_proved(self) -> bool:
        """Whether both keys that signed it are trusted. Selects the keys with it, or it asks for them."""
        return self.proof_key.is_trusted and self.token_key.is_trusted

    def read(self) -> dict[str, Any]:
        """The credential with its proof."""
        document: dict[str, Any] = json.loads(self.credential)
        return document
