"""Signing keys: the public half, from when until when, and what became of it. The private half is never in the database."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.access.scope import Asker, scope_of
from credentials.keys.policy import PublicKey, grouped_fingerprint, jwk_of, multikey_of, read_public
from credentials.keys.states import TRUSTED, KeyState, Purpose


class SigningKeyQuerySet(models.QuerySet["SigningKey"]):
    def visible_to(self, user: Asker) -> SigningKeyQuerySet:
        """The desk of keys is the system administrators'. What is public of a key is served to everybody."""
        return self if user.is_authenticated and scope_of(user).everything else self.none()

    def active(self) -> SigningKeyQuerySet:
        return self.filter(state=KeyState.ACTIVE)

    def published(self) -> SigningKeyQuerySet:
        """Those whose signatures others may trust: the one in use and the retired ones."""
        return self.filter(state__in=sorted(TRUSTED))


class SigningKey(models.Model):
    """One key. What it is never changes (a trigger guards it), only its state; none is ever deleted."""

    purpose = models.CharField(pgettext_lazy("key", "purpose"), max_length=8, choices=Purpose.choices)
    state = models.CharField(
        pgettext_lazy("key", "state"), max_length=10, choices=KeyState.choices, default=KeyState.ACTIVE
    )
    fingerprint = models.CharField(_("fingerprint"), max_length=64, unique=True)
    public_key = models.TextField(_("public key"))  # PEM
    certificate = models.TextField(_("certificate of the key"), blank=True)  # PEM; of PDF keys only
    starts_at = models.DateTimeField(_("in use since"))
    expires_at = models.DateTimeField(_("certificate valid until"), null=True, blank=True)
    ended_at = models.DateTimeField(_("in use until"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = SigningKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("signing key")
        verbose_name_plural = _("signing keys")
        ordering = ["purpose", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["purpose"],
                condition=models.Q(state=KeyState.ACTIVE),
                name="signing_key_one_active",
            ),
            models.CheckConstraint(
                condition=models.Q(state=KeyState.ACTIVE, ended_at=None)
                | models.Q(state=KeyState.RETIRED, ended_at__isnull=False)
                | (models.Q(state=KeyState.WITHDRAWN, ended_at__isnull=False) & ~models.Q(reason="")),
                name="signing_key_ends_known",
            ),
            models.CheckConstraint(
                condition=models.Q(purpose__in=Purpose.values)
                & (~models.Q(purpose=Purpose.PDF) | ~models.Q(certificate="")),
                name="signing_key_of_pdf_has_certificate",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {self.fingerprint[:16]}"

    @property
    def public(self) -> PublicKey:
        return read_public(self.public_key)

    @property
    def jwk(self) -> dict[str, Any]:
        """As a JWK with its `kid`."""
        return jwk_of(self.public)

    @property
    def multikey(self) -> str:
        """In multibase, for Data Integrity."""
        return multikey_of(self.public)

    @property
    def fingerprint_grouped(self) -> str:
        return grouped_fingerprint(self.fingerprint)

    @property
    def is_trusted(self) -> bool:
        return self.state in TRUSTED
